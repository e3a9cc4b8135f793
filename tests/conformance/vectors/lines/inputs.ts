// What stands in `in` (conformance.md 1.4, §2): members, forms, integers and lists, on both sides of each limit.

import { createHash } from 'node:crypto';
import { badInput, good, type LineVector, line, refused } from './line.ts';

/** Label of the level secret in the scheme of label.md §0: {1: "xar-2026", 2: "secret"}. */
const LABEL = 'a201687861722d323032360266736563726574';

/** Members and forms of `in` other than the operation names. */
export function linesWithInputs(): LineVector[] {
  const at = (seconds: string) => `{"label":"${LABEL}","atSeconds":${seconds}}`;
  return [
    badInput('No member.', '{}'),
    badInput('A member that the operation does not name.', '{"hex":"00","size":1}'),
    badInput('A member named __proto__.', '{"hex":"00","__proto__":{}}'),
    badInput('The member is in an object named __proto__.', '{"__proto__":{"hex":"00"}}'),
    badInput('A member that the inner object does not have.', '{"hex":"00","limits":{"entries":1}}'),
    badInput('Hex with capitals.', '{"hex":"4AFF"}'),
    badInput('Hex of an odd length.', '{"hex":"0"}'),
    badInput('Hex with a space.', '{"hex":"00 00"}'),
    badInput('Hex with a line feed at its end.', '{"hex":"00\\n"}'),
    badInput('Hex with full-width digits.', '{"hex":"\uff10\uff10"}'),
    badInput('Hex with 0x.', '{"hex":"0x00"}'),
    badInput('Hex as a number.', '{"hex":0}'),
    badInput('Hex null.', '{"hex":null}'),
    badInput('Hex in a list.', '{"hex":["00"]}'),
    badInput('Half a surrogate pair in hex.', '{"hex":"\\ud800"}'),
    badInput('Null instead of an absent member.', '{"hex":"00","limits":null}'),
    badInput('Null instead of an absent limit.', '{"hex":"00","limits":{"bytes":null}}'),
    badInput('A list instead of an object.', '{"hex":"00","limits":[]}'),
    badInput('First half of a surrogate pair in a text.', '{"note":"\\ud800","verifiers":[]}', 'note.open'),
    badInput('Second half of a surrogate pair in a text.', '{"note":"\\udc00","verifiers":[]}', 'note.open'),
    badInput('Halves in the wrong order.', '{"note":"\\udc00\\ud800","verifiers":[]}', 'note.open'),
    badInput('Half a surrogate pair in a list of texts.', '{"note":"","verifiers":["\\ud800"]}', 'note.open'),
    answered('The last second of the year 9999.', 'label.effective', at('253402300799'), { label: LABEL }),
    badInput('A second later.', at('253402300800'), 'label.effective'),
    answered('The first second of 1970.', 'label.effective', at('0'), { label: LABEL }),
    badInput('A second before.', at('-1'), 'label.effective'),
    good('The member twice: the last one counts.', line('1', 'cbor.decode', '{"hex":"ZZ","hex":"00"}')),
    good('No limits.', line('1', 'cbor.decode', '{"hex":"00","limits":{}}')),
  ];
}

/** Integers: numbers below 2^53, and decimal texts from there on. */
export function linesWithIntegers(): LineVector[] {
  const within = (bytes: string) => `{"hex":"00","limits":{"bytes":${bytes}}}`;
  const goodLimit = (comment: string, bytes: string) =>
    good(comment, line('1', 'cbor.decode', within(bytes)));
  const badLimit = (comment: string, bytes: string) => badInput(comment, within(bytes));
  // log.md has a code for a size from 2^53 on: here the answer shows that the text was read.
  const hash = '00'.repeat(32);
  const sizes = (size: string) =>
    `{"size1":0,"size2":${size},"root1":"${hash}","root2":"${hash}","proof":[]}`;
  const beyond = (comment: string, size: string) =>
    refused(comment, line('1', 'merkle.consistency', sizes(size)), 'merkle.bad-size');
  const noSize = (comment: string, size: string) => badInput(comment, sizes(size), 'merkle.consistency');
  return [
    goodLimit('Limit 1.', '1'),
    goodLimit('Limit 1.0, which is 1.', '1.0'),
    goodLimit('Limit 10e-1, which is 1.', '10e-1'),
    goodLimit('Limit 2^53 - 1.', '9007199254740991'),
    badLimit('Limit 2^53 as a number.', '9007199254740992'),
    badLimit('Limit 2^53 as a text: an integer, and beyond what the limit may be.', '"9007199254740992"'),
    badLimit('Limit 1 as a text.', '"1"'),
    badLimit('Limit 1.5.', '1.5'),
    badLimit('Limit -1.', '-1'),
    badLimit('Limit 1e400: valid JSON, and a number from 2^53 on.', '1e400'),
    badLimit('Limit of 5000 digits: valid JSON, and a number from 2^53 on.', '1'.repeat(5000)),
    badLimit('Limit true.', 'true'),
    beyond('Size 2^53 as a text, for which the chapter has a code.', '"9007199254740992"'),
    beyond('Size of 40 digits as a text.', `"${'9'.repeat(40)}"`),
    noSize('Size of 41 digits as a text.', `"${'9'.repeat(41)}"`),
    noSize('Size 2^53 as a number.', '9007199254740992'),
    noSize('Size 2^53 - 1 as a text.', '"9007199254740991"'),
    noSize('Size -2^53 + 1 as a text.', '"-9007199254740991"'),
    noSize('Size 2^53 as a text with a leading zero.', '"09007199254740992"'),
    noSize('Size 2^53 as a text with a plus sign.', '"+9007199254740992"'),
    noSize('Size 2^53 as a text with a fraction.', '"9007199254740992.0"'),
    noSize('Size 2^53 as a text in full-width digits.', '"９００７１９９２５４７４０９９２"'),
    noSize('Empty text as a size.', '""'),
    noSize('Minus alone as a size.', '"-"'),
  ];
}

/** Lists of at most 512 entries by their name, others of at most 65536, and pieces of at most 1024. */
export function linesWithLists(): LineVector[] {
  const repeated = (entry: string, times: number) => `[${Array<string>(times).fill(entry).join(',')}]`;
  const resolve = (charters: number, certificates: number) =>
    `{"charters":${repeated('""', charters)},"certificates":${repeated('""', certificates)},` +
    `"keyId":"${'00'.repeat(32)}","usage":"record","atSeconds":0}`;
  const sent = '{"record":"","disclosures":[]}';
  const answers = (held: number, received: number) =>
    `{"filter":{},"charters":[],"certificates":[],"nowSeconds":0,"more":false,` +
    `"held":${repeated(sent, held)},"answers":${repeated(sent, received)}}`;
  const bars = (orders: number) =>
    `{"orders":${repeated('""', orders)},"charters":[],"certificates":[],"atSeconds":0}`;
  const approved = (officers: number) =>
    `{"approval":"","charters":[],"certificates":[],"state":"${'00'.repeat(32)}","officers":${repeated('{"certificate":""}', officers)},"atSeconds":0}`;
  const truncated = (comment: string, op: string, input: string) =>
    refused(comment, line('1', op, input), 'cbor.truncated');
  const leaves = (count: number) => `{"leaves":${repeated('""', count)}}`;
  // An END of no message in pieces, of which all but three are empty (exchange.md 10.1, 10.2).
  const pieces = (count: number) =>
    `{"message":"end-body","bytes":["a1","01","00",${repeated('""', count - 3).slice(1)}}`;
  return [
    truncated('512 charters, which are empty.', 'key.resolve', resolve(512, 0)),
    badInput('513 charters.', resolve(513, 0), 'key.resolve'),
    truncated('512 certificates, which are empty.', 'key.resolve', resolve(0, 512)),
    badInput('513 certificates.', resolve(0, 513), 'key.resolve'),
    truncated('512 records held, which are empty.', 'query.answers', answers(512, 0)),
    badInput('513 records held.', answers(513, 0), 'query.answers'),
    truncated('512 answers, which are empty.', 'query.answers', answers(0, 512)),
    badInput('513 answers.', answers(0, 513), 'query.answers'),
    truncated('512 orders, which are empty.', 'ledger.bars', bars(512)),
    badInput('513 orders.', bars(513), 'ledger.bars'),
    truncated('512 officers, whose certificates are empty.', 'approval.verify', approved(512)),
    badInput('513 officers.', approved(513), 'approval.verify'),
    answered('65536 leaves, which are empty.', 'merkle.root', leaves(65536), { root: rootOfEmptyLeaves(16) }),
    badInput('65537 leaves.', leaves(65537), 'merkle.root'),
    answered('1024 pieces.', 'exchange.message', pieces(1024), {
      digest: sha256(Buffer.from('a10100', 'hex')).toString('hex'),
    }),
    badInput('1025 pieces.', pieces(1025), 'exchange.message'),
  ];
}

function answered(comment: string, op: string, input: string, out: object): LineVector {
  return { comment, line: line('1', op, input), answer: { id: 1, ok: true, out } };
}

/** The root of a tree of 2^levels leaves, all empty (log.md §1): both sides of each node are the same. */
function rootOfEmptyLeaves(levels: number): string {
  let hash = sha256(Buffer.of(0));
  for (let level = 0; level < levels; level += 1) hash = sha256(Buffer.concat([Buffer.of(1), hash, hash]));
  return hash.toString('hex');
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
