import { cbor, Entries, filled, head, hex, type Item, map } from '../cbor-text.ts';
import { field, recordText } from '../record/text.ts';
import { arcadia, BEGIN_SECONDS, borealis, NOW_SECONDS } from '../states.ts';
import type { InvalidCase, Json, VectorFile } from '../vector.ts';
import {
  type Changes,
  contentOf,
  type LetterOptions,
  letterText,
  type Members,
  norm,
  openForm,
  openInput,
  redNorm,
  refused,
} from './text.ts';

/** Letters with one fault each (letter.md §2, §3). */
export function refusedLetters(): readonly VectorFile[] {
  const file = (name: string, ...lists: readonly (readonly InvalidCase[])[]): VectorFile => ({
    ...openForm,
    name,
    invalid: lists.flat(),
  });
  return [
    file('letter-form', forms(), lengths()),
    file('letter-seal', keys(), addresses(), suites(), changes()),
    file('letter-content', paddings(), shapes(), encodings()),
    file('letter-record', records()),
  ];
}

const { enc, ciphertext, letter } = letterText();

function given(code: string, clause: string, comment: string, bytes: Json): InvalidCase {
  return { comment, in: openInput(bytes), code, clause };
}

function forms(): readonly InvalidCase[] {
  const of = (comment: string, item: Item): InvalidCase =>
    given('cbor.shape', '2.5', comment, hex(cbor(item)));
  return [
    of('an encapsulated key of 31 bytes', [enc.subarray(1), ciphertext]),
    of('an encapsulated key of 33 bytes', [Buffer.concat([enc, filled(0, 1)]), ciphertext]),
    of('an encapsulated key as text', [hex(enc).slice(0, 32), ciphertext]),
    of('a list of one', [enc]),
    of('a list of three', [enc, ciphertext, 0]),
    of('no list: a map', map([1, enc], [2, ciphertext])),
    of('no list: the two in one byte string', Buffer.concat([enc, ciphertext])),
    of('a ciphertext of no byte', [enc, filled(0, 0)]),
    given('cbor.truncated', 'cbor 1.1', 'without its last byte', hex(letter.subarray(0, -1))),
    given(
      'cbor.trailing-bytes',
      'cbor 1.1',
      'with a byte behind it',
      hex(Buffer.concat([letter, filled(0, 1)])),
    ),
    given('cbor.too-many-items', '2.5', 'a list of eight', hex(cbor([enc, ciphertext, 0, 0, 0, 0, 0, 0]))),
    of('a list of seven', [enc, ciphertext, 0, 0, 0, 0, 0]),
    given('cbor.too-deep', '2.5', 'a list in the list', hex(cbor([[enc], ciphertext]))),
    given('cbor.too-many-bytes', '2.5', 'a letter of 4128825 bytes', [
      hex(Buffer.concat([Buffer.from([0x82]), cbor(enc), head(2, 4_128_785n)])),
      { hex: '00', times: 4_128_785 },
    ]),
  ];
}

function lengths(): readonly InvalidCase[] {
  return [
    ['a byte shorter than the smallest', 4_111],
    ['a byte longer', 4_113],
    ['without room for a tag', 4_096],
    ['of a tag alone', 16],
    ['of one byte', 1],
    ['of another length', 8_208],
    ['a byte shorter than the largest', 4_128_783],
  ].map(([comment, length]) =>
    given('letter.wrong-size', '2.5', `a ciphertext ${comment}`, [
      hex(Buffer.concat([Buffer.from([0x82]), cbor(enc), head(2, BigInt(length as number))])),
      { hex: '00', times: length as number },
    ]),
  );
}

const unopened = (
  clause: string,
  comment: string,
  options: LetterOptions,
  members: Members = {},
): InvalidCase => refused('letter.not-opened', clause, comment, options, members);

function keys(): readonly InvalidCase[] {
  return [
    unopened('3.1', 'with the key of another', {}, { privateKey: '5b'.repeat(32) }),
    unopened('3.1', 'with a key of zeros', {}, { privateKey: '00'.repeat(32) }),
    unopened('3.1', 'with the encapsulated key', {}, { privateKey: hex(enc) }),
  ];
}

function addresses(): readonly InvalidCase[] {
  const passedOff = (comment: string, members: Members): InvalidCase => unopened('3.1', comment, {}, members);
  const bound = (comment: string, address: LetterOptions['address'] & {}): InvalidCase =>
    unopened('2.4', comment, { address });
  return [
    passedOff('passed off as from another state', { sender: borealis.idText }),
    passedOff('passed off as to another state', { recipient: arcadia.idText }),
    passedOff('passed off as to another officer', { officer: 'bruno' }),
    passedOff('passed off as under another certificate', { keyId: '00'.repeat(32) }),
    bound('bound to another version', [[0, 'comity-letter/2']]),
    bound('bound to the state in text', [[1, arcadia.idText]]),
    bound('bound to no officer', [[3, null]]),
  ];
}

function suites(): readonly InvalidCase[] {
  const of = (comment: string, hpke: LetterOptions['hpke']): InvalidCase =>
    unopened('2.4', comment, hpke === undefined ? {} : { hpke });
  return [
    of('sealed by AES-256-GCM', { aead: 2 }),
    of('sealed with associated data', { aad: Buffer.from('letter') }),
    of('sealed as the second message', { sequence: 1 }),
    of('sealed in another mode', { mode: 2 }),
  ];
}

function changes(): readonly InvalidCase[] {
  const flipped = (bytes: Buffer, at: number, bit: number): Buffer => {
    const copy = Buffer.from(bytes);
    copy[at] = (copy[at] as number) ^ bit;
    return copy;
  };
  const of = (comment: string, item: Item): InvalidCase =>
    given('letter.not-opened', '3.1', comment, hex(cbor(item)));
  return [
    of('a bit of the encapsulated key', [flipped(enc, 0, 1), ciphertext]),
    of('the bit of it that makes no difference to X25519', [flipped(enc, 31, 0x80), ciphertext]),
    of('an encapsulated key of zeros', [filled(0), ciphertext]),
    of('an encapsulated key of small order', [Buffer.concat([filled(1, 1), filled(0, 31)]), ciphertext]),
    of('the first bit of the ciphertext', [enc, flipped(ciphertext, 0, 0x80)]),
    of('the last bit of the tag', [enc, flipped(ciphertext, ciphertext.length - 1, 1)]),
    of('the ciphertext of another letter', [enc, letterText({ random: filled(9) }).ciphertext]),
  ];
}

function paddings(): readonly InvalidCase[] {
  const content = contentOf();
  const filledUp = (mark: number, size = 4_096, end = 0): Buffer => {
    const bytes = Buffer.concat([content, Buffer.from([mark]), Buffer.alloc(size - content.length - 1)]);
    bytes[size - 1] = end;
    return bytes;
  };
  const of = (comment: string, bytes: Buffer): InvalidCase =>
    refused('letter.bad-padding', '3.2', comment, { padded: bytes });
  return [
    of('zeros alone', Buffer.alloc(4_096)),
    of('without the mark', filledUp(0)),
    of('with another mark', filledUp(0x81)),
    of('with a bit at its end', filledUp(0x80, 4_096, 1)),
    of('to a size that is larger than need be', filledUp(0x80, 16_384)),
    of('nothing but ones', filled(1, 4_096)),
  ];
}

function shapes(): readonly InvalidCase[] {
  const of = (comment: string, ...content: Changes): InvalidCase =>
    refused('cbor.shape', '2.1', comment, { content });
  const plain = (comment: string, item: Item): InvalidCase =>
    refused('cbor.shape', '2.1', comment, { plain: cbor(item) });
  return [
    ...[1, 2, 3, 4].map((key) => of(`without its key ${key}`, [key, undefined])),
    of('with a key 6', [6, 0]),
    of('with a text as key', ['note', 'x']),
    plain('no map: a list', [norm.signed.message, [], NOW_SECONDS, 'x']),
    plain('no map: the record alone', norm.signed.message),
    of('a record of no byte', [1, Buffer.alloc(0)]),
    of('a record as text', [1, 'record']),
    of('no list of disclosures: null', [2, null]),
    of('a disclosure of no byte', [2, [Buffer.alloc(0)]]),
    of('513 disclosures', [2, Array.from({ length: 513 }, () => filled(0, 1))]),
    of('sealed before 1970', [3, -1]),
    of('sealed after the year 9999', [3, 253_402_300_800]),
    of('a time as text', [3, 'now']),
    of('no purpose: an empty text', [4, '']),
    of('a purpose in capitals', [4, 'Response']),
    of('a purpose of 65 characters', [4, 'p'.repeat(65)]),
    of('an empty note', [5, '']),
    of('a note of 1001 bytes', [5, 'n'.repeat(1_001)]),
    of('a note with a control character', [5, 'bell\u0007']),
    of('a note that turns the direction of what follows', [5, 'a\u202eb']),
    of('a note as bytes', [5, Buffer.from('note')]),
    refused('cbor.too-many-items', '2.1', '520 disclosures, which make 529 data items', {
      content: [[2, Array.from({ length: 520 }, () => filled(0, 1))]],
    }),
    refused('cbor.too-deep', '2.1', 'a list among the disclosures', { content: [[2, [[]]]] }),
  ];
}

function encodings(): readonly InvalidCase[] {
  const of = (code: string, clause: string, comment: string, plain: Uint8Array): InvalidCase =>
    refused(code, `cbor ${clause}`, comment, { plain });
  const content = contentOf();
  const members: readonly (readonly [Item, Item])[] = [
    [4, 'incident-response'],
    [3, NOW_SECONDS],
    [2, []],
    [1, norm.signed.message],
  ];
  return [
    of('cbor.truncated', '1.1', 'a content without its last byte', content.subarray(0, -1)),
    of(
      'cbor.trailing-bytes',
      '1.1',
      'a content with a byte behind it',
      Buffer.concat([content, filled(0, 1)]),
    ),
    of('cbor.truncated', '1.1', 'no content', Buffer.alloc(0)),
    of('cbor.unsorted-keys', '3.3', 'keys in descending order', cbor(new Entries(members))),
  ];
}

function records(): readonly InvalidCase[] {
  const theirs = redNorm(borealis);
  const { signed, title } = norm;
  const early = redNorm(arcadia, BEGIN_SECONDS - 1);
  const inAnothersName = recordText({ issuer: arcadia, key: borealis.keys.record, subject: 'norm/eyes' });
  const broken = Buffer.from(signed.message);
  broken[broken.length - 1] = (broken[broken.length - 1] as number) ^ 1;
  const orphan = field('title', 'elsewhere');
  const of = (
    code: string,
    clause: string,
    comment: string,
    content: Changes,
    members: Members = {},
    options: LetterOptions = {},
  ): InvalidCase => refused(code, clause, comment, { ...options, content }, members);
  return [
    of('letter.wrong-issuer', '3.4', 'a record of the recipient', [
      [1, theirs.signed.message],
      [2, [theirs.title.bytes]],
    ]),
    of(
      'letter.wrong-issuer',
      '3.4',
      'a record of Arcadia that Borealis passes on',
      [],
      { sender: borealis.idText },
      { address: [[1, borealis.id]] },
    ),
    of('ed25519.bad-signature', 'keys 2.5', 'a record with a bit of its signature turned over', [
      [1, broken],
    ]),
    of('identity.unknown-key', 'charter 6.6', 'a record of a state that is not known', [], {
      charters: [hex(borealis.charter)],
      certificates: [hex(borealis.certificates.record)],
    }),
    of('identity.not-yet-valid', 'charter 6.6', 'a record issued a second before its key begins', [
      [1, early.signed.message],
      [2, []],
    ]),
    of('record.key-not-granted', 'record 6.4', 'a record signed with the key of another state', [
      [1, inAnothersName.message],
      [2, []],
    ]),
    of('record.issued-in-future', 'record 6.4', 'a record 301 seconds ahead of the reader', [], {
      atSeconds: NOW_SECONDS - 301,
    }),
    of('record.orphan-disclosure', 'record 5.6', 'a disclosure of another record', [[2, [orphan.bytes]]]),
    of('record.duplicate-disclosure', 'record 5.6', 'a disclosure twice', [[2, [title.bytes, title.bytes]]]),
    of('cbor.truncated', 'cbor 1.1', 'a record that is no document', [[1, Buffer.from([0xd2])]]),
  ];
}
