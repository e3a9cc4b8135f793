// How the vectors of lines are written: a line from the texts of its members, and its answer.

/** A line to a driver, and the answer to it. */
export interface LineVector {
  readonly comment: string;
  readonly line: string;
  readonly answer: object;
}

/** The `in` of most lines: 0 in CBOR. */
export const IN = '{"hex":"00"}';

/** A line, from the texts of its members. */
export function line(id: string, op = 'cbor.decode', input = IN): string {
  return `{"id":${id},"op":"${op}","in":${input}}`;
}

/** A line that is answered with what `cbor.decode` gives for 0. */
export function good(comment: string, sent: string, id: number | string = 1): LineVector {
  return { comment, line: sent, answer: { id, ok: true, out: { reencoded: '00' } } };
}

/** A line that is none. */
export function bad(comment: string, sent: string): LineVector {
  return refused(comment, sent, 'conformance.bad-line', null);
}

/** A line whose `in` the operation does not take. */
export function badInput(comment: string, input: string, op = 'cbor.decode'): LineVector {
  return refused(comment, line('1', op, input), 'conformance.bad-input');
}

/** A line that is answered with a code. */
export function refused(
  comment: string,
  sent: string,
  code: string,
  id: null | number | string = 1,
): LineVector {
  return { comment, line: sent, answer: { id, ok: false, code } };
}
