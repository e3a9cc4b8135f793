// What is no log proof, or proves nothing (log.md §8).

import { filled, hex } from '../cbor-text.ts';
import type { InvalidCase } from '../vector.ts';
import { drawing } from './drawn-tree.ts';
import {
  base64,
  FIVE,
  HEADER,
  LOG_KEY,
  noteOf,
  ORIGIN,
  OTHER_KEY,
  proofOf,
  ROOT,
  TEXT,
  WITNESS,
  WITNESS_LINE,
  WITNESS_VKEY,
} from './example.ts';
import { HASHES, type Input, inputOf, NOTE, withExtra } from './proofs.ts';
import {
  COSIGNATURE_TYPE,
  checkpointText,
  leafHash,
  noteLine,
  signedCheckpoint,
  treeRoot,
  vkeyOf,
} from './text.ts';

export function refusedProofs(): readonly InvalidCase[] {
  const good = withExtra();
  const indexed = (index: string): string => proofOf([HEADER, `index ${index}`, ...HASHES], NOTE);
  const hashed = (...hashes: readonly string[]): string => proofOf([HEADER, 'index 2', ...hashes], NOTE);
  const [first = '', second = '', third = ''] = HASHES;
  const many = (count: number): string[] =>
    Array.from({ length: count }, drawing(`${count} hashes`)).map(base64);
  const shrunk = signedCheckpoint(ORIGIN, 2, treeRoot(FIVE.slice(0, 2)), LOG_KEY);
  const under = checkpointText('other', 5, ROOT);
  return [
    ...refused('log.too-large', '8.2', [
      [
        '73900 characters, most of them in the text of the checkpoint',
        {
          proof: proofOf([HEADER, 'index 2', ...HASHES], `${'x'.repeat(73_900 - good.length - 1)}\n${NOTE}`),
        },
      ],
    ]),
    ...refused('log.too-large', '4.1', [
      [
        'a checkpoint of 65537 bytes',
        {
          proof: proofOf(
            [HEADER, 'index 2', ...HASHES],
            `${'x'.repeat(65_536 - NOTE.length - 1 + countBytes())}\n${NOTE}`,
          ),
        },
      ],
    ]),
    ...refused('log.proof-form', '8.1', [
      ['an empty text', { proof: '' }],
      ['no header', { proof: good.slice(HEADER.length + 1) }],
      ['another version in the header', { proof: good.replace('@v1', '@v2') }],
      ['the header in capitals', { proof: good.replace('c2sp', 'C2SP') }],
      ['a space behind the header', { proof: good.replace(HEADER, `${HEADER} `) }],
      ['the index line taken away', { proof: good.replace('index 2\n', '') }],
      ['the index line without its word', { proof: good.replace('index 2', '2') }],
      ['an empty line behind the header', { proof: good.replace('\n', '\n\n') }],
      ['the head alone', { proof: [HEADER, 'index 2', ...HASHES, ''].join('\n') }],
      ['the extra line twice', { proof: withExtra('extra AA==', 'extra AA==') }],
      ['another word in place of the extra line', { proof: withExtra('Extra AA==') }],
    ]),
    ...refused('log.proof-extra', '8.3', [
      ['extra data of no bytes', { proof: withExtra('extra ') }],
      ['extra data of 4097 bytes', { proof: withExtra(`extra ${base64(filled(0x5a, 4_097))}`) }],
    ]),
    ...refused('log.bad-base64', '8.3', [
      ['extra data without padding', { proof: withExtra('extra AA') }],
      ['extra data with unused bits that are not zero', { proof: withExtra('extra AB==') }],
      ['two spaces before the extra data', { proof: withExtra('extra  AA==') }],
    ]),
    ...refused('log.proof-index', '8.4', [
      ...['', '02', '+2', '-2', ' 2', '2 ', '2.0', '0x2'].map(
        (index): Row => [`index ${JSON.stringify(index)}`, { proof: indexed(index) }],
      ),
      ['index 2^53', { proof: indexed('9007199254740992') }],
      ['index 2^64 + 2, which is 2 in 64 bits', { proof: indexed('18446744073709551618') }],
    ]),
    ...refused('log.too-many-hashes', '8.5', [['64 hashes', { proof: hashed(...many(64)) }]]),
    ...refused('log.proof-hash', '8.5', [
      ['a hash of 31 bytes', { proof: hashed(base64(filled(1, 31)), second, third) }],
      ['a hash of 33 bytes', { proof: hashed(base64(filled(1, 33)), second, third) }],
      ['a hash in hexadecimal', { proof: hashed(hex(filled(1)), second, third) }],
      ['a hash without its padding', { proof: hashed(first.slice(0, -1), second, third) }],
      ['a space behind the last hash', { proof: hashed(first, second, `${third} `) }],
      ['the extra line behind the index', { proof: hashed('extra AA==', ...HASHES) }],
    ]),
    ...refused('log.bad-base64', '8.5', [
      ['unused bits of a hash that are not zero', { proof: hashed(`${'A'.repeat(42)}B=`, second, third) }],
      ['a hash in the alphabet for file names', { proof: hashed(`_${'A'.repeat(42)}=`, second, third) }],
    ]),
    ...refused('merkle.index-beyond-size', '8.6', [
      ['index 5 of 5', { proof: indexed('5') }],
      ['index 2 under a checkpoint of size 2', { proof: proofOf([HEADER, 'index 2', ...HASHES], shrunk) }],
      [
        'index 0 of the empty log',
        { proof: proofOf([HEADER, 'index 0'], signedCheckpoint(ORIGIN, 0, treeRoot([]), LOG_KEY)) },
      ],
    ]),
    ...refused('merkle.proof-length', '8.6', [
      ['no hashes', { proof: proofOf([HEADER, 'index 2'], NOTE) }],
      ['last hash taken off', { proof: hashed(first, second) }],
      ['one hash behind the last', { proof: hashed(first, second, third, first) }],
      ['63 hashes, the most that are read', { proof: hashed(...many(63)) }],
    ]),
    ...refused('merkle.leaf-not-in-root', '8.6', [
      ['another leaf', { proof: good, leaf: filled(4) }],
      ['an empty leaf', { proof: good, leaf: Buffer.alloc(0) }],
      ['the hash of the leaf in place of its data', { proof: good, leaf: leafHash(filled(3)) }],
      ['index 3', { proof: indexed('3') }],
      ['first and second hash exchanged', { proof: hashed(second, first, third) }],
    ]),
    ...refused('log.no-signatures', '4.2', [
      ['the checkpoint without its signatures', { proof: proofOf([HEADER, 'index 2', ...HASHES], TEXT) }],
    ]),
    ...refused('log.no-final-newline', '4.2', [
      ['the last line feed taken off', { proof: good.slice(0, -1) }],
    ]),
    ...refused('log.control-character', '4.1', [
      ['a tab behind the origin', { proof: good.replace(`${ORIGIN}\n`, `${ORIGIN}\t\n`) }],
    ]),
    ...refused('log.bad-signature', '4.5', [
      ['size of the checkpoint changed', { proof: good.replace('\n5\n', '\n4\n') }],
    ]),
    ...refused('log.no-known-signature', '4.5', [
      [
        'a checkpoint by another key',
        { proof: proofOf([HEADER, 'index 2', ...HASHES], signedCheckpoint(ORIGIN, 5, ROOT, OTHER_KEY)) },
      ],
    ]),
    ...refused('log.no-log-signature', '6.5', [
      [
        'a checkpoint without the line of the log',
        {
          proof: proofOf([HEADER, 'index 2', ...HASHES], noteOf(TEXT, WITNESS_LINE)),
          cosigners: [WITNESS_VKEY],
        },
      ],
    ]),
    ...refused('log.wrong-origin', '6.6', [
      [
        'a checkpoint that names another log',
        {
          proof: proofOf([HEADER, 'index 2', ...HASHES], noteOf(under, noteLine(under, ORIGIN, LOG_KEY))),
        },
      ],
    ]),
    ...refused('log.origin-key-mismatch', '6.6', [
      ['another origin is expected', { proof: good, origin: 'other' }],
    ]),
    ...refused('log.ambiguous-verifiers', '5.4', [
      [
        'the key of the log as cosigner',
        { proof: good, cosigners: [vkeyOf(WITNESS, COSIGNATURE_TYPE, LOG_KEY)] },
      ],
    ]),
  ];
}

/** The em dashes of the note have two bytes more than characters. */
function countBytes(): number {
  return NOTE.length - Buffer.byteLength(NOTE) + 1;
}

type Row = readonly [comment: string, input: Input];

function refused(code: string, clause: string, rows: readonly Row[]): readonly InvalidCase[] {
  return rows.map(([comment, input]) => ({ comment, in: inputOf(input), code, clause }));
}
