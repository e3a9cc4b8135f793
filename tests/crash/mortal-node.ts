import { setTimeout as pause } from 'node:timers/promises';
import type { Chance } from '@comity/testkit';
import { comity } from '../federation/command-line.ts';
import { until } from '../federation/deadline.ts';
import type { FoundedState } from '../federation/founding.ts';
import { type LogLine, NodeProcess } from '../federation/node-process.ts';

/** When a process is killed: at any moment of its start, of its work, or just after something of a peer has become durable. */
const DEATHS = ['starting', 'starting', 'starting', 'working', 'working', 'synchronised'] as const;

/** A start takes about this long. */
const START_MS = 500;

/** Longest time at work before a kill: enough to reconnect, short enough to die in the middle of catching up. */
const WORK_MS = 500;

/** Longest time after a batch or a receipt: the commit of the next one is under way. */
const NEXT_COMMIT_MS = 40;

interface Issued {
  readonly records: readonly { readonly id: string }[];
}

/** Receipts that a peer's cosignature has been acknowledged for: everything below is durable at the peer. */
export type Receipted = ReadonlyMap<string, number>;

/** A node whose process is killed again and again, and what it acknowledged in all its lives. */
export class MortalNode {
  readonly state: FoundedState;
  /** Records of which it was said that they are issued. */
  readonly acknowledged = new Set<string>();
  /** Kills, and those of them that hit a node at work rather than one that was starting. */
  kills = 0;
  killsAtWork = 0;
  /** Everything logged in the lives that are over. */
  readonly logged: LogLine[] = [];
  readonly #chance: Chance;
  #process: NodeProcess | undefined;
  #drafts = 0;

  constructor(state: FoundedState, chance: Chance) {
    this.state = state;
    this.#chance = chance;
  }

  get process(): NodeProcess {
    if (this.#process === undefined) throw new Error(`the node of ${this.state.code} does not run`);
    return this.#process;
  }

  async start(): Promise<void> {
    this.#process = await NodeProcess.start(this.state.home);
  }

  /** Waits for a moment to die, kills the process, and starts another one at once. */
  async dieAndLive(): Promise<void> {
    const lived = this.process;
    const death = DEATHS[this.#chance.between(0, DEATHS.length - 1)];
    if (death === 'starting') await pause(this.#chance.between(0, START_MS));
    // The command line may have had the home open: a node that finds it locked ends by itself.
    else if (await lived.started()) {
      if (death === 'synchronised')
        await until('something of a peer is durable', () => hasSynchronised(lived) || !lived.running);
      await pause(this.#chance.between(0, death === 'synchronised' ? NEXT_COMMIT_MS : WORK_MS));
    }
    if (lived.running) {
      this.kills += 1;
      if (lived.log.some(({ event }) => event === 'node-started')) this.killsAtWork += 1;
    }
    await lived.kill();
    this.logged.push(...lived.log);
    this.#process = NodeProcess.launch(this.state.home);
  }

  /** Waits until the process serves, starting it again where it found the home in use. */
  async live(): Promise<void> {
    while (!(await this.process.started())) {
      this.logged.push(...this.process.log);
      this.#process = NodeProcess.launch(this.state.home);
    }
  }

  /** Ends whatever still runs. */
  async end(): Promise<void> {
    await this.#process?.kill();
  }

  /** Issues records over the control socket for as long as `goOn` says so, and remembers which were acknowledged. */
  async issue(goOn: () => boolean): Promise<void> {
    const chance = this.#chance.fork();
    while (goOn()) {
      await pause(chance.between(20, 400));
      const drafts = Array.from({ length: chance.between(1, 3) }, () => this.#draft());
      try {
        this.#acknowledge(await this.process.call<Issued>('record.issue', { drafts }));
      } catch {
        // Killed before it answered, or not up yet: then nothing was acknowledged.
      }
    }
  }

  /** Issues a record with the command line, which works on the home itself while no node runs. */
  async issueByCommand(): Promise<void> {
    const args = ['--json', '--home', this.state.home, 'record', 'issue', '-', '--yes'];
    const { code, stdout } = await comity(args, { input: JSON.stringify(this.#draft()) });
    if (code === 0) this.#acknowledge(JSON.parse(stdout) as Issued);
    // The home is in use by a node that is starting, or the node was killed before it answered.
    else if (code !== 3 && code !== 30) throw new Error(`record issue ended with ${code}: ${stdout}`);
  }

  /** Highest receipt that was logged for each peer. */
  receipts(): Receipted {
    const highest = new Map<string, number>();
    for (const { event, peer, size } of this.#everything()) {
      if (event === 'receipt')
        highest.set(String(peer), Math.max(highest.get(String(peer)) ?? 0, Number(size)));
    }
    return highest;
  }

  /** Highest size of each peer's ledger of which it was said that it is held here. */
  accepted(): Receipted {
    const highest = new Map<string, number>();
    for (const { event, peer, to } of this.#everything()) {
      if (event === 'batch-accepted')
        highest.set(String(peer), Math.max(highest.get(String(peer)) ?? 0, Number(to)));
    }
    return highest;
  }

  #everything(): LogLine[] {
    return [...this.logged, ...this.process.log];
  }

  #acknowledge({ records }: Issued): void {
    for (const { id } of records) this.acknowledged.add(id);
  }

  #draft(): object {
    this.#drafts += 1;
    return {
      type: 'incident',
      label: { classification: 'restricted', tlp: 'GREEN', releasableTo: ['XAA', 'XBB', 'XCC'] },
      content: {
        title: { en: `Incident ${this.#drafts} of ${this.state.code}` },
        summary: { en: 'Issued while nodes were being killed.' },
        stage: 'early-warning',
      },
    };
  }
}

function hasSynchronised({ log }: NodeProcess): boolean {
  return log.some(({ event }) => event === 'receipt' || event === 'batch-accepted');
}
