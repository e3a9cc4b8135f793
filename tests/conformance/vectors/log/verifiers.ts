// Verifier keys (log.md §5), with which a good note is opened.

import { type KeyPair, keyPair } from '../signing.ts';
import type { InvalidCase } from '../vector.ts';
import { LOG_KEY, noteOf, OTHER_KEY } from './example.ts';
import { A, A_VKEY, B, lineA, TEXT } from './notes.ts';
import { COSIGNATURE_TYPE, NOTE_TYPE, noteKeyId, noteLine, vkeyOf } from './text.ts';

/** Two seeds whose keys have the same key id under this name: found by trying. */
const COLLISION = { name: 'collision.example/log', seeds: [142_333, 189_867] } as const;

function numbered(seed: number): KeyPair {
  const bytes = Buffer.alloc(32);
  bytes.writeUInt32BE(seed, 28);
  return keyPair(bytes);
}

/** A verifier key from its parts, with the key id that belongs to them. */
function vkey(name: string, type: number, publicKey: Uint8Array): string {
  const encoded = Buffer.concat([Buffer.of(type), publicKey]).toString('base64');
  return `${name}+${noteKeyId(name, type, publicKey).toString('hex')}+${encoded}`;
}

export function refusedVerifiers(): readonly InvalidCase[] {
  const { publicKey } = LOG_KEY;
  const [, id = '', key = ''] = /^[^+]*\+([^+]*)\+(.*)$/.exec(A_VKEY) ?? [];
  const [first, second] = COLLISION.seeds.map(numbered) as [KeyPair, KeyPair];
  const colliding = noteOf(TEXT, noteLine(TEXT, COLLISION.name, first));
  return [
    ...refused('log.bad-vkey', '5.3', [
      ['no text', ['']],
      ['a name alone', [A]],
      ['no key', [`${A}+${id}`]],
      ['no key id', [`${A}+${key}`]],
      ['a key id of 7 digits', [`${A}+${id.slice(1)}+${key}`]],
      ['a key id of 9 digits', [`${A}+0${id}+${key}`]],
      ['a key id in capitals', [`${A}+${id.toUpperCase()}+${key}`]],
      ['a key id that is not hexadecimal', [`${A}+${id.slice(0, 7)}g+${key}`]],
      ['a public key of 31 bytes', [vkey(A, NOTE_TYPE, publicKey.subarray(1))]],
      ['a public key of 33 bytes', [vkey(A, NOTE_TYPE, Buffer.concat([publicKey, Buffer.alloc(1)]))]],
      ['the type alone', [vkey(A, NOTE_TYPE, Buffer.alloc(0))]],
    ]),
    ...refused('log.bad-base64', '5.3', [
      ['a line feed behind it', [`${A_VKEY}\n`]],
      ['a space before the key', [`${A}+${id}+ ${key}`]],
      ['one character taken off', [A_VKEY.slice(0, -1)]],
      ['the alphabet for file names', [`${A}+${id}+${key.slice(0, 8)}_${key.slice(9)}`]],
    ]),
    ...refused('log.unsupported-vkey-type', '5.3', [
      ...[0x00, 0x02, 0x05, 0x06, 0xff].map(
        (type): Row => [`type ${Buffer.of(type).toString('hex')}`, [vkey(A, type, publicKey)]],
      ),
      ['type 06 beside a verifier that has signed', [A_VKEY, vkey(A, 0x06, OTHER_KEY.publicKey)]],
    ]),
    ...refused('log.vkey-id', '5.3', [
      ['a key id of zeros', [`${A}+00000000+${key}`]],
      ['the key id under another name', [A_VKEY.replace(A, B)]],
      ['the key id of another key', [vkeyOf(A, NOTE_TYPE, OTHER_KEY).replace(/[^+]*$/, key)]],
      ['the key id of type 04', [`${A}+${noteKeyId(A, COSIGNATURE_TYPE, publicKey).toString('hex')}+${key}`]],
    ]),
    ...refused('log.bad-key-name', '5.2', [
      ['no name', [vkey('', NOTE_TYPE, publicKey)]],
      ['a space in the name', [vkey('a example', NOTE_TYPE, publicKey)]],
      ['a no-break space in the name', [vkey('a\u00a0example', NOTE_TYPE, publicKey)]],
      ['U+3000 in the name', [vkey('a\u3000example', NOTE_TYPE, publicKey)]],
      ['a line feed in the name', [vkey('a\nexample', NOTE_TYPE, publicKey)]],
      ['U+0001 in the name', [vkey('a\u0001example', NOTE_TYPE, publicKey)]],
      ['U+009F in the name', [vkey('a\u009fexample', NOTE_TYPE, publicKey)]],
      ['a name of 256 bytes in 128 characters', [vkey('\u00fc'.repeat(128), NOTE_TYPE, publicKey)]],
    ]),
    ...refused('log.ambiguous-verifiers', '5.4', [
      ['the same verifier key twice', [A_VKEY, A_VKEY]],
      ['one public key under two names', [A_VKEY, vkeyOf(B, NOTE_TYPE, LOG_KEY)]],
      ['one public key with two types', [A_VKEY, vkeyOf(A, COSIGNATURE_TYPE, LOG_KEY)]],
      [
        'one public key under two names, with other keys between',
        [A_VKEY, vkeyOf(A, NOTE_TYPE, OTHER_KEY), vkeyOf(B, COSIGNATURE_TYPE, LOG_KEY)],
      ],
      [
        'two keys of one name with the same key id',
        [first, second].map((each) => vkeyOf(COLLISION.name, NOTE_TYPE, each)),
        colliding,
      ],
    ]),
  ];
}

type Row = readonly [comment: string, verifiers: readonly string[], note?: string];

function refused(code: string, clause: string, rows: readonly Row[]): readonly InvalidCase[] {
  return rows.map(([comment, verifiers, note = noteOf(TEXT, lineA())]) => ({
    comment,
    in: { note, verifiers },
    code,
    clause,
  }));
}
