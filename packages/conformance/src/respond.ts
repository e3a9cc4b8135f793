import { Fault, isFault } from '@comity/fault';
import { Input, isObject } from './input.ts';
import type { Json } from './operation.ts';
import { operations } from './operations.ts';

/** conformance.md §1.2: longest line without its line feed; longer ones are refused unread. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;
/** conformance.md §1.2: how deep objects and lists are nested, the object of the line included. */
const MAX_DEPTH = 64;
const MAX_ID_CHARACTERS = 64;

/** What the driver says about one line. */
export type Response =
  | { readonly id: string | number; readonly ok: true; readonly out: Json }
  | { readonly id: string | number | null; readonly ok: false; readonly code: string };

/**
 * Answers one line of the line protocol, given without its line feed (conformance.md §1). A refusal is an answer; nothing that
 * a line holds makes it throw, but for faults of the program itself, which it does not hide.
 */
export async function respond(line: Uint8Array): Promise<Response> {
  let id: string | number | null = null;
  try {
    const request = readLine(line);
    id = request.id;
    return { id, ok: true, out: await perform(request.op, request.in) };
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown;
    return { id, ok: false, code: thrown.code };
  }
}

/**
 * Runs one operation.
 *
 * @throws Fault with the code of the refusal
 */
export async function perform(op: string, members: { readonly [name: string]: Json }): Promise<Json> {
  const operation = Object.hasOwn(operations, op) ? operations[op] : undefined;
  if (operation === undefined) {
    throw new Fault(
      'conformance.unknown-operation',
      `there is no operation ${JSON.stringify(op.slice(0, 64))}`,
    );
  }
  const input = new Input(members);
  const out = await operation(input);
  input.assertRead();
  return out;
}

interface Request {
  readonly id: string | number;
  readonly op: string;
  readonly in: { readonly [name: string]: Json };
}

/** @throws Fault `conformance.bad-line` */
function readLine(line: Uint8Array): Request {
  if (line.length > MAX_LINE_BYTES) throw badLine('longer than the limit');
  if (isDeeperThan(MAX_DEPTH, line)) throw badLine(`nested deeper than ${MAX_DEPTH}`);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(line));
  } catch (cause) {
    throw badLine('no JSON in UTF-8', cause);
  }
  if (!isObject(value) || Object.keys(value).length !== 3) throw badLine('no object with id, op and in');
  if (!isId(value.id) || typeof value.op !== 'string' || !isObject(value.in)) {
    throw badLine('no id, op and in of the forms they have');
  }
  return { id: value.id, op: value.op, in: value.in };
}

function isId(value: Json | undefined): value is string | number {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0);
  return (
    typeof value === 'string' && [...value.slice(0, 2 * MAX_ID_CHARACTERS + 1)].length <= MAX_ID_CHARACTERS
  );
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Whether brackets outside of strings open deeper: before a parser, and what writes the answer, recurse into them. */
function isDeeperThan(limit: number, line: Uint8Array): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < line.length; at++) {
    const byte = line[at];
    if (inString) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === 0x5b || byte === 0x7b) {
      depth += 1;
      if (depth > limit) return true;
    } else if (byte === 0x5d || byte === 0x7d) depth -= 1;
  }
  return false;
}

function badLine(what: string, cause?: unknown): Fault {
  return new Fault(
    'conformance.bad-line',
    `line that is ${what}`,
    cause === undefined ? undefined : { cause },
  );
}
