import type { z } from 'zod';
import { parseHumanDocument } from '../config/yaml-document.ts';
import type { Emit } from '../control/operation.ts';
import { keysOf } from '../jobs/judge-keys.ts';
import { RecordSorter } from '../jobs/record-sorter.ts';
import type { diffResult } from '../operations/policy-diff.ts';
import { WorkSlices } from '../process/work-slices.ts';
import { openReadable } from '../records/stored-view.ts';
import { byPath } from '../release/by-path.ts';
import type { PolicyInForce, Sovereign } from '../sovereign.ts';
import { ChangeTally } from './change-tally.ts';
import { type ComparedRecord, ComparedRecords } from './compared-records.ts';
import { statesByCode, supposedPolicy } from './policy.ts';
import { PolicyWorld } from './policy-world.ts';
import { RecordChanges } from './record-changes.ts';

/** What is compared. */
export interface DiffQuestion {
  /** Text of the policy that might be applied. */
  readonly text: string;
  /** Text of what it is compared with; default: the policy in force. */
  readonly oldText?: string | undefined;
  /** Codes of peers; default: all. */
  readonly peers?: readonly string[] | undefined;
}

type Diff = z.input<typeof diffResult>;

/**
 * Every record, part and peer of which the outcome changes from one policy to another, counted in groups that a person can
 * read. Nothing is applied; of records that had to be opened it is noted what can be told of them the next time. It is decided
 * by the code that plans releases, about the records as they are stored, as of the moment of the call.
 *
 * @throws DocumentFaults document.syntax, policy.* with paths; Fault peer.unknown, peer.faulty; the reason of the signal
 */
export async function diffPolicies(
  sovereign: Sovereign,
  { text, oldText, peers: codes }: DiffQuestion,
  emit: Emit,
  signal: AbortSignal,
): Promise<Diff> {
  const { peers, policy } = sovereign;
  const atSeconds = sovereign.now();
  const given = oldText ?? policy?.text;
  const [before, after] = [
    given === undefined ? undefined : supposedPolicy(sovereign, given),
    supposedPolicy(sovereign, text),
  ];
  const compared = codes === undefined ? peers.all() : [...new Set(codes)].map((code) => peers.byCode(code));
  const worlds = {
    before: new PolicyWorld(sovereign, before, atSeconds),
    after: new PolicyWorld(sovereign, after, atSeconds),
  };
  const tally = new ChangeTally();
  await using sorter = new RecordSorter({
    keys: keysOf(sovereign, { isReading: true }),
    policies: [given, text].flatMap((each) =>
      each === undefined ? [] : [parseHumanDocument(each, 'policy').value],
    ),
    states: statesByCode(sovereign),
    atSeconds,
  });
  const changes = await RecordChanges.between(sovereign, worlds, compared, tally, () => records.beginAnew());
  const embargoes = [before, after].flatMap((each) => each?.compiled.rules.embargoes ?? []);
  const records = new ComparedRecords(sovereign, sorter, embargoes, atSeconds, (id) =>
    changes.isParticular(id),
  );
  const comparison = new Comparison(sovereign, changes, tally);
  await comparison.readAll(records, emit, signal);
  return {
    old:
      before === undefined
        ? null
        : { ...describe(before), version: oldText === undefined ? (policy?.version ?? null) : null },
    new: describe(after),
    peers: compared.map(({ code }) => code),
    ...comparison.result(),
  };
}

function describe({ digest, compiled }: PolicyInForce): { digest: string; rules: number } {
  return { digest, rules: compiled.policy.rules.length };
}

/** Goes through all records and counts what changes. */
class Comparison {
  readonly #sovereign: Sovereign;
  readonly #tally: ChangeTally;
  readonly #changes: RecordChanges;
  readonly #slices = new WorkSlices(() => performance.now());
  #records = 0;
  #changedRecords = 0;
  #unreadable = 0;

  constructor(sovereign: Sovereign, changes: RecordChanges, tally: ChangeTally) {
    this.#sovereign = sovereign;
    this.#changes = changes;
    this.#tally = tally;
  }

  /** Exercise records are released in exercise mode only, whatever the policy: the real realm is all there is to compare. */
  async readAll(records: ComparedRecords, emit: Emit, signal: AbortSignal): Promise<void> {
    for await (const portion of records.portions()) {
      signal.throwIfAborted();
      for await (const record of portion) {
        signal.throwIfAborted();
        await this.#add(record);
        await this.#slices.rest();
      }
      emit({ progress: 'comparing', done: this.#records });
    }
    signal.throwIfAborted();
    emit({ progress: 'comparing', done: this.#records, total: this.#records });
  }

  result(): Pick<Diff, 'records' | 'changedRecords' | 'unreadable' | 'totals' | 'groups'> {
    return {
      records: this.#records,
      changedRecords: this.#changedRecords,
      unreadable: this.#unreadable,
      totals: this.#tally.totals,
      groups: this.#tally.groups.map(({ number: _, parts, ...group }) => ({
        ...group,
        parts: [...parts].map(([part, count]) => ({ part, count })).sort((a, b) => byPath(a.part, b.part)),
      })),
    };
  }

  async #add(compared: ComparedRecord): Promise<void> {
    this.#records += 1;
    const sets = await this.#changes.of(compared);
    if (sets === undefined) {
      // Told of in the log, as wherever a record does not open.
      const record = await compared.read();
      if (record !== undefined) openReadable(this.#sovereign, record);
      this.#unreadable += 1;
      return;
    }
    for (const set of sets) set.count(compared.id);
    if (sets.length > 0) this.#changedRecords += 1;
  }
}
