import { Fault, isFault } from '@comity/fault';
import { Input, isObject } from './input.ts';
import type { Json } from './operation.ts';
import { operations } from './operations.ts';

/** conformance.md §1.2: longest line, in UTF-16 units; longer ones are refused unread. */
export const MAX_LINE_LENGTH = 16 * 1024 * 1024;

/** What the driver says about one line. */
export type Response =
  | { readonly id: Json; readonly ok: true; readonly out: Json }
  | { readonly id: Json; readonly ok: false; readonly code: string };

/**
 * Answers one line of the line protocol (conformance.md §1). A refusal is an answer; nothing that a line holds makes it
 * throw, but for faults of the program itself, which it does not hide.
 */
export async function respond(line: string): Promise<Response> {
  let id: Json = null;
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
  readonly id: Json;
  readonly op: string;
  readonly in: { readonly [name: string]: Json };
}

function readLine(line: string): Request {
  if (line.length > MAX_LINE_LENGTH) throw new Fault('conformance.bad-line', 'line longer than the limit');
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new Fault('conformance.bad-line', 'line that is no JSON', { cause });
  }
  if (!isObject(value) || value.id === undefined || typeof value.op !== 'string' || !isObject(value.in)) {
    throw new Fault('conformance.bad-line', 'line without id, op and in');
  }
  if (Object.keys(value).length > 3) {
    throw new Fault('conformance.bad-line', 'line with more than id, op and in');
  }
  return { id: value.id, op: value.op, in: value.in };
}
