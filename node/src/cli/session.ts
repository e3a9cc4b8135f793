import { existsSync } from 'node:fs';
import { styleText } from 'node:util';
import { DocumentFaults, describeDocumentFault, explainCode, Fault, isFault } from '@comity/fault';
import type { z } from 'zod';
import { endReturned } from '../clock/clock-hold.ts';
import { describeIssue, faultOfArguments } from '../config/zod-faults.ts';
import { callControl } from '../control/client.ts';
import type { Emit, Operation } from '../control/operation.ts';
import { type Home, homeAt } from '../home.ts';
import { openSovereign } from '../open.ts';
import { callWhenServed, openWhenFree } from '../process/open-when-free.ts';
import type { Sovereign } from '../sovereign.ts';
import { safeText } from './safe-text.ts';

/** What every command of one invocation shares: the home, the output form, and the way to the node. */
export interface Session {
  readonly home: Home;
  readonly json: boolean;
  /** Writes data to standard output: the JSON object, or what `human` makes of it. */
  print<T>(result: T, human: (result: T) => string): void;
  /** Writes a message for people to standard error. */
  note(text: string): void;
  /** Shows how far something is, where somebody watches. */
  readonly progress: Emit;
  /**
   * Runs an operation in the running node or, where none runs and the home is enough, here. Its progress is always shown.
   *
   * @param signal ends it early, as far as the operation looks at it
   */
  call<A extends z.ZodType, R extends z.ZodType>(
    operation: Operation<Sovereign, A, R>,
    args: z.input<A>,
    emit?: Emit,
    signal?: AbortSignal,
  ): Promise<z.output<R>>;
}

export const OUTPUT_VERSION = 1;

export function createSession(options: { readonly home: string; readonly json: boolean }): Session {
  const home = homeAt(options.home);
  const progress = progressWriter();
  return {
    home,
    json: options.json,
    progress,
    print(result, human) {
      if (options.json)
        process.stdout.write(
          `${JSON.stringify({ version: OUTPUT_VERSION, ...(result as object) }, null, 2)}\n`,
        );
      else process.stdout.write(`${human(result)}\n`);
    },
    note(text) {
      process.stderr.write(`${text}\n`);
    },
    async call(operation, args, emit = () => {}, signal) {
      const parsed = usable(operation, args);
      const heard: Emit = (event) => {
        progress(event);
        emit(event);
      };
      const call = () => callOnce(home, operation, parsed, heard, signal);
      // A node that is just starting has the store and does not listen yet: a moment later it answers.
      return operation.needs === 'running' ? callWhenServed(home, call) : openWhenFree(call);
    },
  };
}

/** @throws Fault node.not-running, store.locked, and what the operation throws */
async function callOnce<A extends z.ZodType, R extends z.ZodType>(
  home: Home,
  operation: Operation<Sovereign, A, R>,
  args: z.output<A>,
  emit: Emit,
  signal = new AbortController().signal,
): Promise<z.output<R>> {
  if (existsSync(home.socket)) {
    try {
      return operation.result.parse(await callControl(home.socket, operation.name, args, emit, signal));
    } catch (error) {
      // A socket file left by a killed node: nobody listens, so the home is free to be opened here.
      if (!isFault(error, 'node.not-running') || operation.needs === 'running') throw error;
    }
  }
  if (operation.needs === 'running')
    throw new Fault('node.not-running', `no node runs at ${home.root}`, { fields: { home: home.root } });
  const sovereign = await openSovereign(home);
  try {
    // What was not released meanwhile is owed to the next start of the node.
    await endReturned(sovereign);
    return operation.result.parse(await operation.run(sovereign, args, emit, signal));
  } finally {
    await sovereign.close();
  }
}

/** @throws Fault cli.usage, naming the argument */
function usable<A extends z.ZodType>({ args: schema }: { readonly args: A }, args: unknown): z.output<A> {
  const parsed = schema.safeParse(args, { error: describeIssue });
  if (parsed.success) return parsed.data;
  const { argument, message } = faultOfArguments(parsed.error);
  throw new Fault('cli.usage', message, { fields: { argument } });
}

/** Progress goes to standard error, and only where somebody watches. */
function progressWriter(): Emit {
  if (!process.stderr.isTTY) return () => {};
  return (event) => {
    if (!('progress' in event)) return;
    const total = event.total === undefined ? '' : `/${event.total}`;
    const count = event.done === undefined ? '' : ` ${event.done}${total}`;
    process.stderr.write(`\r\u001b[K${event.progress}${count}`);
    if (event.done !== undefined && event.done === event.total) process.stderr.write('\r\u001b[K');
  };
}

/** A fault as the one object that `--json` prints. */
export function printFault(fault: Fault): void {
  const faults = fault instanceof DocumentFaults ? { faults: fault.faults } : {};
  process.stdout.write(
    `${JSON.stringify({ version: OUTPUT_VERSION, error: { ...fault.toJSON(), ...faults } }, null, 2)}\n`,
  );
}

/** Prints a fault for people (what, where, what to do) and returns the exit code of its registry entry. */
export function reportFault(error: unknown, json: boolean): number {
  const fault = isFault(error) ? error : new Fault('node.internal', 'unexpected error');
  const { exit } = explainCode(fault.code);
  if (!isFault(error)) {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  }
  if (json) {
    printFault(fault);
    return exit;
  }
  const lines =
    fault instanceof DocumentFaults
      ? fault.faults.map((each) => `${describeDocumentFault(each)} [${each.code}]`)
      : [`${fault.message} [${fault.code}]`];
  const red = (text: string): string => styleText('red', text, { stream: process.stderr });
  for (const line of lines) process.stderr.write(`${red('error:')} ${safeText(line)}\n`);
  process.stderr.write(
    `${styleText('dim', '  what to do:', { stream: process.stderr })} ${remedyOf(fault)}\n`,
  );
  return exit;
}

/** What to do: of one kind of fault its remedy; of several each has its own, and there may be many. */
function remedyOf(fault: Fault): string {
  const codes = new Set(fault instanceof DocumentFaults ? fault.faults.map(({ code }) => code) : []);
  return codes.size > 1
    ? "correct each of them; 'comity explain CODE' tells what to do about a code"
    : explainCode(fault.code).remedy;
}
