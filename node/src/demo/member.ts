import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Fault, isFault } from '@comity/fault';
import type { z } from 'zod';
import { callControl } from '../control/client.ts';
import type { Operation } from '../control/operation.ts';
import { MAIN } from '../entries.ts';
import { type Home, homeAt } from '../home.ts';
import { nodeStatus } from '../operations/node.ts';
import type { Sovereign } from '../sovereign.ts';

const START_DEADLINE_MS = 60_000;
const STOP_DEADLINE_MS = 15_000;
const POLL_MS = 100;

/** One state's node of the demonstration: a process of its own, reached as any operator reaches it. */
export class Member {
  readonly code: string;
  readonly name: string;
  readonly home: Home;
  #process: ChildProcess | undefined;

  constructor(code: string, name: string, directory: string) {
    this.code = code;
    this.name = name;
    this.home = homeAt(join(directory, code.toLowerCase()));
  }

  get log(): string {
    return join(this.home.root, 'node.log');
  }

  get running(): boolean {
    return (
      this.#process !== undefined && this.#process.exitCode === null && this.#process.signalCode === null
    );
  }

  /**
   * Starts the process; its log goes into the home. It ends with this process, however this process ends, and not before: it
   * is in a group of its own, which Ctrl-C in the terminal does not reach. Tells `onExit` how it ended.
   */
  async start(onExit: (how: string) => void): Promise<void> {
    const log = openSync(this.log, 'a', 0o600);
    const child = spawn(
      process.execPath,
      [...process.execArgv, fileURLToPath(MAIN), '--home', this.home.root, 'node', 'run'],
      { stdio: ['ignore', log, log, 'ipc'], detached: true },
    );
    closeSync(log);
    // The IPC channel only ties the lives together; it must not keep this process alive.
    child.channel?.unref();
    this.#process = child;
    child.once('exit', (code, signal) => onExit(code === null ? `${signal}` : `exit code ${code}`));
    const deadline = Date.now() + START_DEADLINE_MS;
    for (;;) {
      try {
        await this.call(nodeStatus, {});
        return;
      } catch (error) {
        if (!isFault(error, 'node.not-running')) throw error;
        if (!this.running || Date.now() > deadline) {
          throw new Fault('demo.timeout', `the node of ${this.code} did not start; see ${this.log}`, {
            fields: { code: this.code },
          });
        }
        await pause(POLL_MS);
      }
    }
  }

  async call<A extends z.ZodType, R extends z.ZodType>(
    operation: Operation<Sovereign, A, R>,
    args: z.input<A>,
  ): Promise<z.output<R>> {
    return operation.result.parse(
      await callControl(this.home.socket, operation.name, operation.args.parse(args)),
    ) as z.output<R>;
  }

  /** Stops the process and waits for it; after a deadline it is ended, which loses nothing. Tells `onExit` of `start`. */
  async stop(): Promise<void> {
    const child = this.#process;
    if (child === undefined || !this.running) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    const deadline = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
    await gone;
    clearTimeout(deadline);
  }
}

/** Ports that nobody listens on just now. All are taken before any is given back, so they differ. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve, reject) => {
          const server = createServer().once('error', reject);
          server.listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
