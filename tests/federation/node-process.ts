import { type ChildProcess, spawn } from 'node:child_process';
import { request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ControlLine, FaultLine } from '@comity/node';
import { COMITY, environment } from './command-line.ts';
import { PATIENCE_MS, until } from './deadline.ts';

/** A line of a node's log: one event with its fields. */
export interface LogLine {
  readonly level: string;
  readonly time: string;
  readonly event: string;
  readonly [field: string]: unknown;
}

/** A node refused an operation: the fault that the command line would report. */
export class OperationRefused extends Error {
  readonly code: string;
  readonly fault: FaultLine;

  constructor(operation: string, fault: FaultLine) {
    super(`${operation}: ${fault.code}: ${fault.message}`);
    this.code = fault.code;
    this.fault = fault;
  }
}

export interface CallOptions {
  /** Whoever calls leaves when it aborts. */
  readonly signal?: AbortSignal;
  /** Told what the node says while it works. */
  readonly heard?: (line: ControlLine) => void;
}

/** How a process ended. */
interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** `comity node run` in a process of its own: reached over its control socket, watched by its log, ended or killed. */
export class NodeProcess implements AsyncDisposable {
  readonly home: string;
  readonly log: LogLine[] = [];
  /** Everything the process wrote, on either channel, as text. */
  output = '';
  readonly #child: ChildProcess;
  readonly #ended: Promise<Ending>;
  #ending: Ending | undefined;

  private constructor(home: string, changes: Readonly<Record<string, string>>) {
    this.home = home;
    const [program = '', ...args] = COMITY;
    // At level debug each receipt is a line: the moment from which everything before it is known to be durable.
    const child = spawn(program, [...args, '--home', home, 'node', 'run'], {
      env: environment({ COMITY_LOG_LEVEL: 'debug', COMITY_VERIFICATION_THREADS: '1', ...changes }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.#ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => {
        this.#ending = { code, signal };
        resolve(this.#ending);
      });
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.output += text;
    });
    createInterface({ input: child.stdout }).on('line', (text) => {
      this.output += `${text}\n`;
      // A process that is killed may leave half a line.
      if (text.endsWith('}')) this.log.push(JSON.parse(text) as LogLine);
    });
  }

  /** Starts the process and waits for nothing: it may be killed before it is a node. */
  static launch(home: string): NodeProcess {
    return new NodeProcess(home, {});
  }

  /** Starts the node of a home and waits until it serves. */
  static async start(home: string, changes: Readonly<Record<string, string>> = {}): Promise<NodeProcess> {
    const node = new NodeProcess(home, changes);
    await node.logged('node-started');
    return node;
  }

  /** Waits until the process serves, or has ended instead. */
  async started(): Promise<boolean> {
    await until(`the node at ${this.home} serves or ends`, () => this.#serves || !this.running);
    return this.#serves;
  }

  get #serves(): boolean {
    return this.log.some(({ event }) => event === 'node-started');
  }

  get running(): boolean {
    return this.#ending === undefined;
  }

  /** The first line of an event that fits, of those there are or those to come. */
  async logged(
    event: string,
    fits: (line: LogLine) => boolean = () => true,
    withinMs: number = PATIENCE_MS,
  ): Promise<LogLine> {
    const find = (): LogLine | undefined => this.log.find((line) => line.event === event && fits(line));
    try {
      return await until(`${event} in the log of ${this.home}`, () => find() ?? !this.running, withinMs).then(
        (found) => {
          const line = found === true ? find() : found;
          if (line === undefined) throw new Error(`the node at ${this.home} ended without ${event}`);
          return line;
        },
      );
    } catch (cause) {
      throw new Error(`${(cause as Error).message}\n${this.output.slice(-4_000)}`, { cause });
    }
  }

  /** Calls an operation, as the command line does. @throws OperationRefused */
  async call<T = Record<string, unknown>>(
    operation: string,
    args: object = {},
    { signal, heard = () => {} }: CallOptions = {},
  ): Promise<T> {
    const response = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
      const options = {
        socketPath: join(this.home, 'control.sock'),
        path: `/v1/${operation}`,
        method: 'POST',
        ...(signal !== undefined && { signal }),
      };
      request(options, resolve).on('error', reject).end(JSON.stringify(args));
    });
    for await (const text of createInterface({ input: response, crlfDelay: Number.POSITIVE_INFINITY })) {
      const line = JSON.parse(text) as ControlLine;
      if ('fault' in line) throw new OperationRefused(operation, line.fault);
      if ('result' in line) return line.result as T;
      heard(line);
    }
    throw new Error(`${operation}: the node stopped while it answered`);
  }

  /** Ends the node as an operator does. @returns its exit code */
  async stop(): Promise<number | null> {
    if (this.running) this.#child.kill('SIGTERM');
    return (await this.#ended).code;
  }

  /** Ends the process with kill -9, wherever it is. */
  async kill(): Promise<void> {
    if (this.running) this.#child.kill('SIGKILL');
    await this.#ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}
