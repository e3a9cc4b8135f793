// The members of a line (conformance.md 1.2): exactly three, each of its form.

import { bad, good, IN, type LineVector, line, refused } from './line.ts';

/** Ids: integers from 0 to 2^53 - 1, and texts of at most 64 code points. */
export function linesWithIds(): LineVector[] {
  return [
    good('Id 0.', line('0'), 0),
    good('Id 2^53 - 1.', line('9007199254740991'), 9007199254740991),
    bad('Id 2^53.', line('9007199254740992')),
    bad('Id -1.', line('-1')),
    bad('Id 1.5.', line('1.5')),
    good('Id 1.0, which is 1.', line('1.0')),
    good('Id 1e2, which is 100.', line('1e2'), 100),
    bad('Id 1e400, beyond the range of doubles.', line('1e400')),
    bad('Id of 5000 digits.', line('1'.repeat(5000))),
    good('Empty text as id.', line('""'), ''),
    good('Id that is a number as text.', line('"1"'), '1'),
    good('Id of 64 characters.', line(`"${'a'.repeat(64)}"`), 'a'.repeat(64)),
    bad('Id of 65 characters.', line(`"${'a'.repeat(65)}"`)),
    good('Id of 64 code points, each two UTF-16 code units.', line(`"${'𝄞'.repeat(64)}"`), '𝄞'.repeat(64)),
    bad('Id of 65 code points, each two UTF-16 code units.', line(`"${'𝄞'.repeat(65)}"`)),
    good('Id of 64 code points in escapes.', line(`"${'\\ud834\\udd1e'.repeat(64)}"`), '𝄞'.repeat(64)),
    good('Id with a quote, a line feed and U+2028.', line('"\\"\\n\u2028"'), '"\n\u2028'),
    bad('Id null.', line('null')),
    bad('Id true.', line('true')),
    bad('Id false.', line('false')),
    bad('Id a list.', line('[1]')),
    bad('Id an object.', line('{"a":1}')),
    bad('No id.', `{"op":"cbor.decode","in":${IN}}`),
  ];
}

/** Exactly three members; `op` is a text, `in` an object. The id is null in the answer, whatever stood there. */
export function linesWithMembers(): LineVector[] {
  const withOp = (op: string) => `{"id":1,"op":${op},"in":${IN}}`;
  return [
    bad('No op.', `{"id":1,"in":${IN}}`),
    bad('No in.', '{"id":1,"op":"cbor.decode"}'),
    bad('A member more.', `{"id":1,"op":"cbor.decode","in":${IN},"version":1}`),
    bad('A member named __proto__ more.', `{"id":1,"op":"cbor.decode","in":${IN},"__proto__":{}}`),
    bad('A member named __proto__ instead of in.', `{"id":1,"op":"cbor.decode","__proto__":{"in":${IN}}}`),
    bad('Id in capitals.', `{"ID":1,"op":"cbor.decode","in":${IN}}`),
    good('Id twice: the last one counts.', `{"id":2,"id":1,"op":"cbor.decode","in":${IN}}`),
    good('Id twice, the first of no form of ids.', `{"id":null,"id":1,"op":"cbor.decode","in":${IN}}`),
    bad('Id twice, the last of no form of ids.', `{"id":1,"id":null,"op":"cbor.decode","in":${IN}}`),
    good('In twice: the last one counts.', `{"id":1,"in":null,"op":"cbor.decode","in":${IN}}`),
    good('Op twice: the last one counts.', `{"id":1,"op":2,"op":"cbor.decode","in":${IN}}`),
    bad('Op a number.', withOp('1')),
    bad('Op null.', withOp('null')),
    bad('Op a list of one text.', withOp('["cbor.decode"]')),
    bad('In null.', line('1', 'cbor.decode', 'null')),
    bad('In a list.', line('1', 'cbor.decode', '[]')),
    bad('In a text.', line('1', 'cbor.decode', '"00"')),
    bad('In a list, of an operation that there is not.', line('1', 'cbor.encode', '[]')),
  ];
}

/** Operations that no driver has. Their `in` is not read. */
export function linesOfUnknownOperations(): LineVector[] {
  const unknown = (comment: string, op: string, input?: string) =>
    refused(comment, line('"x"', op, input), 'conformance.unknown-operation', 'x');
  return [
    unknown('Operation without a name.', ''),
    unknown('Operation that has the name of a chapter.', 'cbor'),
    unknown('Operation that is not one of the chapter.', 'cbor.encode'),
    unknown('Operation in capitals.', 'CBOR.decode'),
    unknown('Operation after a space.', ' cbor.decode'),
    unknown('Operation with U+0000 after it.', 'cbor.decode\\u0000'),
    unknown('Operation named toString.', 'toString'),
    unknown('Operation named __proto__.', '__proto__'),
    unknown('Operation named constructor.', 'constructor'),
    unknown('Operation named hasOwnProperty.', 'hasOwnProperty'),
    unknown('Operation that there is not, with an in that no operation takes.', 'valueOf', '{"hex":null}'),
  ];
}
