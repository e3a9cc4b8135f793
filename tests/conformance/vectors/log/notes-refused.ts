// What is no signed note, or is signed wrongly (log.md §4).

import { filled } from '../cbor-text.ts';
import { add, encode, L, littleEndian, SMALL_ORDER } from '../keys/edwards.ts';
import { KEY, R, SMALL_ORDER_ENCODINGS, solve } from '../keys/forgery.ts';
import type { KeyPair } from '../signing.ts';
import type { InvalidCase } from '../vector.ts';
import { LOG_KEY, noteOf, OTHER_KEY } from './example.ts';
import {
  A,
  A_VKEY,
  B,
  B_VKEY,
  C,
  C_VKEY,
  filling,
  lineA,
  lineB,
  lineC,
  TEXT,
  unknownLines,
} from './notes.ts';
import { COSIGNATURE_TYPE, NOTE_TYPE, noteKeyId, noteLine, signatureLine, vkeyOf } from './text.ts';

const keyIdOfA = noteKeyId(A, NOTE_TYPE, LOG_KEY.publicKey);
const keyIdOfC = noteKeyId(C, COSIGNATURE_TYPE, OTHER_KEY.publicKey);
const signature = LOG_KEY.sign(Buffer.from(TEXT));
const good = noteOf(TEXT, lineA());
const encoded = Buffer.concat([keyIdOfA, signature]).toString('base64');

/** A key of which only the public half is known. */
function publicOnly(publicKey: Buffer): KeyPair {
  return { publicKey, keyId: Buffer.alloc(32), sign: () => Buffer.alloc(64) };
}

export function refusedNotes(): readonly InvalidCase[] {
  const replaced = (part: string, by: string): string => good.replace(part, by);
  return [
    ...refused('log.too-large', '4.1', [
      ['65537 bytes', noteOf(filling(65_537, 'x'), lineA(filling(65_537, 'x')))],
      [
        '65537 bytes in characters of two bytes',
        noteOf(filling(65_537, '\u00fc'), lineA(filling(65_537, '\u00fc'))),
      ],
    ]),
    ...refused('log.control-character', '4.1', [
      ...['\t', '\r', '\u0000', '\u0001', '\u000b', '\u001b', '\u001f'].map((character): Row => {
        const text = `first${character}line\n`;
        return [
          `U+${character.charCodeAt(0).toString(16).padStart(4, '0')} in the text, signed like that`,
          noteOf(text, lineA(text)),
        ];
      }),
      ['a carriage return at the end of the signature line', `${good.slice(0, -1)}\r\n`],
    ]),
    ...refused('log.no-final-newline', '4.2', [
      ['an empty note', ''],
      ['the last line feed taken off', good.slice(0, -1)],
      ['a space behind the last line feed', `${good} `],
    ]),
    ...refused('log.no-signatures', '4.2', [
      ['the text alone', TEXT],
      ['the empty line taken out', TEXT + lineA()],
    ]),
    ...refused('log.no-signatures', '4.3', [
      ['the signature line taken off', noteOf(TEXT)],
      ['several empty lines and nothing behind them', `${TEXT}\n\n\n`],
      ['an empty line behind the signature line', `${good}\n`],
    ]),
    ...refused('log.too-many-signatures', '4.3', [
      ['257 signature lines', noteOf(TEXT, ...unknownLines(256), lineA())],
    ]),
    ...refused('log.signature-line', '4.4', [
      ['a hyphen in place of the em dash', replaced('\u2014', '-')],
      ['an en dash in place of the em dash', replaced('\u2014', '\u2013')],
      ['the em dash taken away', replaced('\u2014 ', '')],
      ['no space behind the em dash', replaced('\u2014 ', '\u2014')],
      ['two spaces behind the em dash', replaced('\u2014 ', '\u2014  ')],
      ['a no-break space behind the em dash', replaced('\u2014 ', '\u2014\u00a0')],
      ['no name', replaced(` ${A} `, ' ')],
      ['a plus in the name', replaced(A, 'a+example/log')],
      ['a thin space in the name', replaced(A, 'a\u2009example/log')],
      ['a line separator in the name', replaced(A, 'a\u2028example/log')],
      ['U+007F in the name', replaced(A, 'a\u007fexample/log')],
      ['U+0085 in the name', replaced(A, 'a\u0085example/log')],
      ['a name of 256 bytes', noteOf(TEXT, lineA(), noteLine(TEXT, 'n'.repeat(256), OTHER_KEY))],
      [
        'a name of 256 bytes in 128 characters',
        noteOf(TEXT, lineA(), noteLine(TEXT, '\u00fc'.repeat(128), OTHER_KEY)),
      ],
      ['no signature', replaced(` ${encoded}`, '')],
      ['key id of three bytes and nothing more', replaced(encoded, keyIdOfA.subarray(1).toString('base64'))],
      ['key id and nothing more', replaced(encoded, keyIdOfA.toString('base64'))],
      [
        'an unknown key id and nothing more, beside a good line',
        noteOf(TEXT, lineA(), signatureLine('x', filled(1, 4), Buffer.alloc(0))),
      ],
      ['a line of text behind the signature line', `${good}more\n`],
    ]),
    ...refused('log.bad-base64', '4.4', [
      ['the padding taken off', replaced(encoded, encoded.slice(0, -1))],
      ['padding too much', replaced(encoded, `${encoded}=`)],
      ['a space behind it', replaced(encoded, `${encoded} `)],
      [
        'unused bits that are not zero',
        replaced(encoded, `${encoded.slice(0, -2)}${nextLetter(encoded.at(-2))}=`),
      ],
      ['the alphabet for file names', replaced(encoded, `-${encoded.slice(1)}`)],
      ['one character taken off', replaced(encoded, encoded.slice(1))],
      ['padding in the middle', replaced(encoded, `${encoded}${encoded}`)],
      ['an unknown line, beside a good one', noteOf(TEXT, lineA(), '\u2014 x AQEBAQI\n')],
    ]),
    ...refused('log.no-known-signature', '4.5', [
      ['no verifiers', good, []],
      ['a verifier that has not signed', good, [B_VKEY]],
      ['another key under the name', good, [vkeyOf(A, NOTE_TYPE, OTHER_KEY)]],
      ['the same key under another name', good, [vkeyOf(B, NOTE_TYPE, LOG_KEY)]],
      ['the same key as cosigner', good, [vkeyOf(A, COSIGNATURE_TYPE, LOG_KEY)]],
      [
        'the key id of the verifier under another name',
        noteOf(TEXT, signatureLine(B, keyIdOfA, signature)),
        [A_VKEY],
      ],
    ]),
    ...refused('log.bad-signature', '4.5', [
      ['a letter of the text changed', replaced('first', 'First')],
      ['an empty line added to the text', replaced('\n\n', '\n\n\n')],
      [
        'signed without the last line feed of the text',
        noteOf(TEXT, lineOf(LOG_KEY.sign(Buffer.from(TEXT.slice(0, -1))))),
      ],
      ['signed with the empty line', noteOf(TEXT, lineOf(LOG_KEY.sign(Buffer.from(`${TEXT}\n`))))],
      ['signed up to the first empty line of the text', noteOf('title\n\nbody\n', lineA('title\n'))],
      ['signed by another key', noteOf(TEXT, lineOf(OTHER_KEY.sign(Buffer.from(TEXT))))],
      ['a second line of the key that is bad', noteOf(TEXT, lineA(), lineOf(filled(1, 64)))],
      [
        'one known key has signed well, another badly',
        noteOf(TEXT, lineA(), lineB('other\n')),
        [A_VKEY, B_VKEY],
      ],
      ['a cosignature over another text', noteOf(TEXT, lineA(), lineC('other\n')), [A_VKEY, C_VKEY]],
      ['a second cosignature of the key that is bad', noteOf(TEXT, lineC(), lineC('other\n')), [C_VKEY]],
    ]),
    ...refused('log.bad-signature', '4.8', oneRule()),
    ...refused('log.bad-signature-form', '4.7', [
      ...[1, 63, 65, 72].map(
        (byteLength): Row => [
          `${byteLength} bytes of signature by a key of type 01`,
          noteOf(TEXT, lineOf(filled(1, byteLength))),
        ],
      ),
      ...[8, 64, 71, 73].map(
        (byteLength): Row => [
          `${byteLength} bytes of signature by a key of type 04`,
          noteOf(TEXT, signatureLine(C, keyIdOfC, filled(0, byteLength))),
          [C_VKEY],
        ],
      ),
      ['a bad form beside a good line of the same key', noteOf(TEXT, lineA(), lineOf(filled(1, 63)))],
    ]),
    ...refused('log.bad-time', '7.2', [
      ['a cosignature at 2^53', noteOf(TEXT, lineC(TEXT, 2n ** 53n)), [C_VKEY]],
      ['a cosignature at 2^63 - 1, the latest of C2SP', noteOf(TEXT, lineC(TEXT, 2n ** 63n - 1n)), [C_VKEY]],
    ]),
  ];
}

/** Signatures that some verifiers accept and keys.md §2 does not. */
function oneRule(): readonly Row[] {
  const message = Buffer.from(TEXT);
  const key = publicOnly(encode(KEY));
  const r = encode(R);
  const plain = solve(r, key.publicKey, message);
  const s = BigInt(`0x${Buffer.from(plain.subarray(32)).reverse().toString('hex')}`);
  const [small = Buffer.alloc(0)] = SMALL_ORDER_ENCODINGS;
  const mixed = encode(add(R, SMALL_ORDER[1] ?? R));
  const row = (comment: string, of: KeyPair, bytes: Buffer): Row => [
    comment,
    noteOf(TEXT, signatureLine(A, noteKeyId(A, NOTE_TYPE, of.publicKey), bytes)),
    [vkeyOf(A, NOTE_TYPE, of)],
  ];
  return [
    row('S that is not reduced', key, Buffer.concat([r, littleEndian(s + L)])),
    row('R with a component of small order', key, solve(mixed, key.publicKey, message)),
    row('a key of small order', publicOnly(small), Buffer.concat([r, littleEndian(1n)])),
  ];
}

function lineOf(bytes: Buffer): string {
  return signatureLine(A, keyIdOfA, bytes);
}

function nextLetter(letter: string | undefined): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  return alphabet[alphabet.indexOf(letter ?? '') + 1] ?? '';
}

type Row = readonly [comment: string, note: string, verifiers?: readonly string[]];

/** One row for each mutation; opened with the key of A, where no other is named. */
function refused(code: string, clause: string, rows: readonly Row[]): readonly InvalidCase[] {
  return rows.map(([comment, note, verifiers = [A_VKEY]]) => ({
    comment,
    in: { note, verifiers },
    code,
    clause,
  }));
}
