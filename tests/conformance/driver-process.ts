import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { Json } from './vectors/vector.ts';

/** A request of protocol/conformance.md §1. */
export interface Request {
  readonly op: string;
  readonly in: { readonly [name: string]: Json };
}

export type Verdict =
  | { readonly ok: true; readonly out: Json }
  | { readonly ok: false; readonly code: string };

/** The driver died, was silent for too long, or answered something else than conformance.md §1 says. */
export class DriverFailure extends Error {}

interface Waiting {
  readonly id: number;
  readonly settle: (verdict: Verdict) => void;
  readonly fail: (failure: DriverFailure) => void;
}

/** conformance.md §1.3, with room for a start and for a busy machine. */
const SILENCE_MS = 60_000;

/** A driver as a child process. Requests may overlap: it answers in order. */
export class DriverProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #waiting: Waiting[] = [];
  readonly #ended: Promise<void>;
  #errors = '';
  #failure: DriverFailure | undefined;
  #watch: NodeJS.Timeout | undefined;
  #next = 1;

  /** @param command run by the shell */
  constructor(command: string) {
    this.#child = spawn(command, { shell: true, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = (this.#errors + text).slice(-4000);
    });
    // It has closed its input: how it ended, or that it stays silent, says more.
    this.#child.stdin.on('error', () => {});
    // Not by `readline`, for which U+2028 ends a line too: JSON may have one inside a text.
    let held = '';
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (held + text).split('\n');
      held = lines.pop() ?? '';
      for (const line of lines) this.#take(line);
    });
    this.#ended = new Promise((resolve) => {
      this.#child.on('error', (error) => this.#fail(error.message));
      this.#child.on('close', (code, signal) => {
        this.#fail(`the driver ended (${signal ?? `exit code ${code}`})`);
        resolve();
      });
    });
  }

  ask(request: Request): Promise<Verdict> {
    return new Promise((settle, fail) => {
      if (this.#failure !== undefined) {
        fail(this.#failure);
        return;
      }
      const id = this.#next++;
      this.#waiting.push({ id, settle, fail });
      this.#child.stdin.write(`${JSON.stringify({ id, op: request.op, in: request.in })}\n`);
      this.#watch ??= this.#startWatch();
    });
  }

  /** Stops the driver where it is, with whatever its command has started. */
  async kill(): Promise<void> {
    if (this.#child.pid !== undefined && this.#child.exitCode === null) {
      try {
        process.kill(-this.#child.pid, 'SIGKILL');
      } catch (error) {
        // It has ended in this moment.
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    }
    await this.#ended;
  }

  /** Ends the input and waits until the driver has ended by itself. */
  async close(): Promise<void> {
    this.#child.stdin.end();
    await this.#ended;
  }

  #take(line: string): void {
    const waiting = this.#waiting.shift();
    clearTimeout(this.#watch);
    this.#watch = this.#waiting.length > 0 ? this.#startWatch() : undefined;
    if (waiting === undefined) {
      this.#fail('the driver answers without a question');
      return;
    }
    const verdict = readVerdict(line, waiting.id);
    if (verdict instanceof DriverFailure) waiting.fail(verdict);
    else waiting.settle(verdict);
  }

  #startWatch(): NodeJS.Timeout {
    return setTimeout(() => {
      this.#fail(`no answer in ${SILENCE_MS / 1000} s`);
      void this.kill();
    }, SILENCE_MS);
  }

  #fail(reason: string): void {
    clearTimeout(this.#watch);
    this.#failure ??= new DriverFailure(`${reason}${this.#errors === '' ? '' : `\n${this.#errors}`}`);
    for (const waiting of this.#waiting.splice(0)) waiting.fail(this.#failure);
  }
}

function readVerdict(line: string, id: number): Verdict | DriverFailure {
  let answer: unknown;
  try {
    answer = JSON.parse(line);
  } catch {
    return new DriverFailure(`an answer that is no JSON: ${line.slice(0, 200)}`);
  }
  const fields = answer as { id?: unknown; ok?: unknown; out?: Json; code?: unknown };
  if (typeof answer !== 'object' || answer === null || fields.id !== id) {
    return new DriverFailure(`an answer to another question: ${line.slice(0, 200)}`);
  }
  if (fields.ok === true && fields.out !== undefined) return { ok: true, out: fields.out };
  if (fields.ok === false && typeof fields.code === 'string') return { ok: false, code: fields.code };
  return new DriverFailure(`an answer without verdict: ${line.slice(0, 200)}`);
}
