// Signed notes (log.md §4, §5).

import { filled } from '../cbor-text.ts';
import { type KeyPair, keyPair } from '../signing.ts';
import type { ValidCase } from '../vector.ts';
import { LOG_KEY, noteOf, OTHER_KEY, WITNESS_KEY } from './example.ts';
import {
  COSIGNATURE_TYPE,
  cosignatureLine,
  NOTE_TYPE,
  noteKeyId,
  noteLine,
  signatureLine,
  vkeyOf,
} from './text.ts';

export const A = 'a.example/log';
export const B = 'b.example/log';
export const C = 'c.example/witness';
export const A_VKEY = vkeyOf(A, NOTE_TYPE, LOG_KEY);
export const B_VKEY = vkeyOf(B, NOTE_TYPE, WITNESS_KEY);
export const C_VKEY = vkeyOf(C, COSIGNATURE_TYPE, OTHER_KEY);

export const TEXT = 'first line\nsecond line\n';
export const lineA = (text = TEXT): string => noteLine(text, A, LOG_KEY);
export const lineB = (text = TEXT): string => noteLine(text, B, WITNESS_KEY);
export const lineC = (text = TEXT, timeSeconds: number | bigint = 1_795_514_400): string =>
  cosignatureLine(text, timeSeconds, C, OTHER_KEY);

/** Lines of signers that no verifier knows; their signatures are arbitrary. */
export function unknownLines(count: number): string[] {
  return Array.from({ length: count }, (_, place) =>
    signatureLine(`unknown.example/${place}`, filled(place % 256, 4), filled(0x5a, 64)),
  );
}

/** A text of so many bytes that makes a note of `byteLength` with this line; `letter` fills it. */
export function filling(byteLength: number, letter: string): string {
  const left = byteLength - Buffer.byteLength(noteOf('', lineA()));
  const width = Buffer.byteLength(letter);
  return `${'x'.repeat((left - 1) % width)}${letter.repeat(Math.floor((left - 1) / width))}\n`;
}

export function openedNotes(): readonly ValidCase[] {
  const opened = (
    comment: string,
    text: string,
    lines: readonly string[],
    verifiers: readonly string[],
    signers: readonly string[] = [A],
  ): ValidCase => ({ comment, in: { note: noteOf(text, ...lines), verifiers }, out: { text, signers } });
  const underA = (comment: string, text: string): ValidCase => opened(comment, text, [lineA(text)], [A_VKEY]);
  const named = (comment: string, name: string, key: KeyPair = LOG_KEY): ValidCase =>
    opened(comment, TEXT, [noteLine(TEXT, name, key)], [vkeyOf(name, NOTE_TYPE, key)], [name]);
  const keyIdOfA = noteKeyId(A, NOTE_TYPE, LOG_KEY.publicKey);
  return [
    opened('one signature', TEXT, [lineA()], [A_VKEY]),
    opened(
      'two signatures: signers in the order of the verifiers',
      TEXT,
      [lineA(), lineB()],
      [B_VKEY, A_VKEY],
      [B, A],
    ),
    opened(
      'three signatures, one of them a cosignature',
      TEXT,
      [lineC(), lineB(), lineA()],
      [A_VKEY, C_VKEY, B_VKEY],
      [A, C, B],
    ),
    opened('one of two known keys has signed', TEXT, [lineA()], [B_VKEY, A_VKEY]),
    opened('a line of an unknown key is ignored', TEXT, [...unknownLines(1), lineA(), lineB()], [A_VKEY]),
    opened(
      'a line of the known name with the key id of another key is ignored',
      TEXT,
      [noteLine('other\n', A, OTHER_KEY), lineA()],
      [A_VKEY],
    ),
    opened(
      'a line of another name with the key id of the known key is ignored',
      TEXT,
      [lineA(), signatureLine(B, keyIdOfA, filled(0, 64))],
      [A_VKEY],
    ),
    opened(
      'a line of a cosigner by the public key of the known key is ignored',
      TEXT,
      [cosignatureLine('other\n', 1, A, LOG_KEY), lineA()],
      [A_VKEY],
    ),
    opened('the same line twice counts once', TEXT, [lineA(), lineA()], [A_VKEY]),
    opened('two cosignatures of one key count once', TEXT, [lineC(TEXT, 5), lineC(TEXT, 4)], [C_VKEY], [C]),
    opened(
      'two keys under one name',
      TEXT,
      [lineA(), cosignatureLine(TEXT, 7, A, OTHER_KEY)],
      [vkeyOf(A, COSIGNATURE_TYPE, OTHER_KEY), A_VKEY],
      [A, A],
    ),
    opened(
      'an unknown line with one byte after the key id',
      TEXT,
      [signatureLine('x', filled(1, 4), filled(2, 1)), lineA()],
      [A_VKEY],
    ),
    opened(
      'an unknown line with a signature of 2428 bytes',
      TEXT,
      [lineA(), signatureLine('x', filled(1, 4), filled(6, 2428))],
      [A_VKEY],
    ),
    opened('256 signature lines, the last of them known', TEXT, [...unknownLines(255), lineA()], [A_VKEY]),
    underA('empty lines in the text: the last one separates', 'title\n\nbody\n\n\nend\n'),
    opened(
      'a signed note as text: its own line is text',
      noteOf(TEXT, lineB()),
      [lineA(noteOf(TEXT, lineB()))],
      [B_VKEY, A_VKEY],
    ),
    underA('a text that is one line feed', '\n'),
    underA(
      'characters from U+007F on, with line separators and U+FEFF among them',
      '\ufeff\u007f\u0085\u00fc\u2028\u2029\u6c34\u{10151}\n',
    ),
    underA('a text with a space at the end of its lines', 'first \nsecond \n'),
    underA('65536 bytes', filling(65_536, 'x')),
    underA('65536 bytes in characters of two bytes', filling(65_536, '\u00fc')),
    named('a name of one byte', 'x'),
    named('a name of 255 bytes', 'n'.repeat(255)),
    named('a name of 255 bytes in 128 characters', `n${'\u00fc'.repeat(127)}`),
    named(
      'a name with an em dash, a hyphen, a slash and letters beyond ASCII',
      'a\u2014b-c/\u043a\u043b\u044e\u0447',
    ),
    named('a verifier key with a plus and a slash in its base64', A, withPlus()),
  ];
}

/** A key whose base64 has both characters that are no letters and digits. */
function withPlus(): KeyPair {
  for (let seed = 0; ; seed += 1) {
    const key = keyPair(seed);
    const encoded = Buffer.concat([Buffer.of(NOTE_TYPE), key.publicKey]).toString('base64');
    if (encoded.includes('+') && encoded.includes('/')) return key;
  }
}
