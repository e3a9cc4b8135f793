import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ControlLine } from '@comity/node';

const MAIN = fileURLToPath(new URL('../../node/src/cli/main.ts', import.meta.url));
const WAIT_MS = 300_000;

/** A line of a node's log: one event. */
export interface LogLine {
  readonly event: string;
  /** UTC milliseconds at which the node wrote it. */
  readonly atMs: number;
  readonly [field: string]: unknown;
}

/** Runs one command of the `comity` command line and gives what it printed with `--json`. */
export async function comity(home: string, ...args: readonly string[]): Promise<Record<string, unknown>> {
  const child = spawn(process.execPath, [...process.execArgv, MAIN, '--home', home, '--json', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8');
  child.stdout.on('data', (chunk: string) => {
    text += chunk;
  });
  let notes = '';
  child.stderr.on('data', (chunk: string) => {
    notes += chunk;
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`comity ${args.join(' ')} ended with ${code}: ${notes}${text}`);
  return JSON.parse(text) as Record<string, unknown>;
}

/** A node in a process of its own, as an operator runs it: reached over its control socket, watched by its log. */
export class NodeProcess {
  readonly #home: string;
  readonly #lines: LogLine[] = [];
  readonly #onLine = new Set<(line: LogLine) => void>();
  #child: ChildProcess | undefined;

  constructor(home: string) {
    this.#home = home;
  }

  get home(): string {
    return this.#home;
  }

  /** Starts the process. `nodeOptions` go to Node.js itself, for a profile. */
  async start(nodeOptions: readonly string[] = []): Promise<void> {
    this.#lines.length = 0;
    // At level debug each receipt is a line of the log: the moment at which everything before it is known to be durable.
    const env = { ...process.env, COMITY_LOG_LEVEL: 'debug' };
    const child = spawn(
      process.execPath,
      [...process.execArgv, ...nodeOptions, MAIN, '--home', this.#home, 'node', 'run'],
      {
        stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
        env,
      },
    );
    this.#child = child;
    const output = child.stdout;
    if (output === null) throw new Error('the process has no output');
    createInterface({ input: output }).on('line', (text) => {
      const { time, ...fields } = JSON.parse(text) as { event: string; time: string };
      const line: LogLine = { ...fields, atMs: Date.parse(time) };
      this.#lines.push(line);
      for (const listener of this.#onLine) listener(line);
    });
    await this.logged(({ event }) => event === 'node-started');
  }

  /** The first line that fits, of those there are or those to come. */
  async logged(fits: (line: LogLine) => boolean): Promise<LogLine> {
    const there = this.#lines.find(fits);
    if (there !== undefined) return there;
    const child = this.#child;
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        this.#onLine.delete(listen);
        child?.off('exit', ended);
        act();
      };
      const listen = (line: LogLine): void => {
        if (fits(line)) settle(() => resolve(line));
      };
      const ended = (): void => settle(() => reject(new Error(`the node at ${this.#home} ended`)));
      const timer = setTimeout(
        () => settle(() => reject(new Error(`nothing of the kind in the log of ${this.#home}`))),
        WAIT_MS,
      );
      this.#onLine.add(listen);
      child?.once('exit', ended);
    });
  }

  /** Processor seconds that the process has used so far; undefined on systems that do not say it under /proc. */
  get processorSeconds(): number | undefined {
    const pid = this.#child?.pid;
    if (pid === undefined || !existsSync(`/proc/${pid}/stat`)) return undefined;
    // proc_pid_stat(5): after the name, which may hold anything, utime and stime are the 12th and 13th field, in 1/100 s.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  }

  /** Tells each line from now on. */
  follow(listener: (line: LogLine) => void): () => void {
    this.#onLine.add(listener);
    return () => this.#onLine.delete(listener);
  }

  /** Calls an operation of the node over its control socket. */
  async call(operation: string, args: object): Promise<Record<string, unknown>> {
    const response = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
      const call = request(
        { socketPath: join(this.#home, 'control.sock'), path: `/v1/${operation}`, method: 'POST' },
        resolve,
      );
      call.setHeader('content-type', 'application/json');
      call.on('error', reject).end(JSON.stringify(args));
    });
    for await (const text of createInterface({ input: response, crlfDelay: Number.POSITIVE_INFINITY })) {
      const line = JSON.parse(text) as ControlLine;
      if ('fault' in line) throw new Error(`${operation}: ${line.fault.code} ${line.fault.message}`);
      if ('result' in line) return line.result as Record<string, unknown>;
    }
    throw new Error(`${operation}: the node stopped while it answered`);
  }

  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    await gone;
  }
}
