// What is no checkpoint of the log that is meant (log.md §6, §7).

import { filled, hex } from '../cbor-text.ts';
import type { InvalidCase } from '../vector.ts';
import { GOOD, inputOf, type Opened, SECOND, SECOND_VKEY, secondLine, signed } from './checkpoints.ts';
import {
  base64,
  LOG_KEY,
  LOG_LINE,
  noteOf,
  ORIGIN,
  OTHER_KEY,
  ROOT,
  TEXT,
  WITNESS,
  WITNESS_KEY,
  WITNESS_LINE,
  WITNESS_TIME_SECONDS,
  WITNESS_VKEY,
} from './example.ts';
import {
  COSIGNATURE_TYPE,
  checkpointText,
  NOTE_TYPE,
  noteKeyId,
  noteLine,
  signatureLine,
  vkeyOf,
} from './text.ts';

export function refusedCheckpoints(): readonly InvalidCase[] {
  const root = base64(ROOT);
  const of = (...lines: readonly string[]): string => signed(`${lines.join('\n')}\n`);
  const sized = (size: string): string => of(ORIGIN, size, root);
  const rooted = (text: string): string => of(ORIGIN, '5', text);
  const otherOrigin = ORIGIN.replace('origin', 'other');
  const underOther = checkpointText(otherOrigin, 5, ROOT);
  return [
    ...refused('log.checkpoint-form', '6.1', [
      ['the root taken away', { note: of(ORIGIN, '5') }],
      ['the origin alone', { note: of(ORIGIN) }],
    ]),
    ...refused('log.checkpoint-extension', '6.1', [
      ['a fourth line', { note: of(ORIGIN, '5', root, 'extension') }],
      ['several lines more', { note: of(ORIGIN, '5', root, 'a', 'b', 'c') }],
      ['an empty fourth line', { note: of(ORIGIN, '5', root, '') }],
    ]),
    ...refused('log.bad-key-name', '6.2', [
      ['no origin', { note: of('', '5', root) }],
      ['an origin with a space', { note: of(`${ORIGIN} x`, '5', root) }],
      ['an origin with a plus', { note: of(`${ORIGIN}+x`, '5', root) }],
      ['an origin of 256 bytes', { note: of('o'.repeat(256), '5', root) }],
    ]),
    ...refused('log.bad-size', '6.3', [
      ...['', '05', '+5', '-5', ' 5', '5 ', '5.0', '0x5', '5e0', '00', '\u0665'].map(
        (size): Row => [`size ${JSON.stringify(size)}`, { note: sized(size) }],
      ),
      ['size 2^53', { note: sized('9007199254740992') }],
      ['size of 17 digits', { note: sized('10000000000000000') }],
      ['size 2^64, which is 0 in 64 bits', { note: sized('18446744073709551616') }],
    ]),
    ...refused('log.bad-root', '6.4', [
      ['no root', { note: rooted('') }],
      ['root in hexadecimal', { note: rooted(hex(ROOT)) }],
      ['root of 31 bytes in 44 characters', { note: rooted(base64(ROOT.subarray(1))) }],
      ['root of 33 bytes in 44 characters', { note: rooted(base64(Buffer.concat([ROOT, Buffer.alloc(1)]))) }],
      ['root without its padding', { note: rooted(root.slice(0, -1)) }],
      ['a space behind the root', { note: rooted(`${root} `) }],
    ]),
    ...refused('log.bad-base64', '6.4', [
      ['unused bits of the root that are not zero', { note: rooted(`${root.slice(0, -2)}B=`) }],
      ['the root in the alphabet for file names', { note: rooted(`_${root.slice(1)}`) }],
    ]),
    ...refused('log.bad-empty-root', '6.4', [
      ['size 0 with the root of five leaves', { note: of(ORIGIN, '0', root) }],
      ['size 0 with a root of zeros', { note: of(ORIGIN, '0', base64(filled(0))) }],
    ]),
    ...refused('log.no-log-signature', '6.5', [
      ['the line of the log taken away', { note: noteOf(TEXT, WITNESS_LINE), cosigners: [WITNESS_VKEY] }],
      [
        'the line of the log is of a key that is not known',
        {
          note: noteOf(TEXT, noteLine(TEXT, ORIGIN, OTHER_KEY), WITNESS_LINE),
          cosigners: [WITNESS_VKEY],
        },
      ],
      [
        'two cosignatures do not replace the log',
        {
          note: noteOf(TEXT, WITNESS_LINE, secondLine(1)),
          cosigners: [WITNESS_VKEY, SECOND_VKEY],
        },
      ],
    ]),
    ...refused('log.origin-key-mismatch', '6.5', [
      ['a cosigner as key of the log', { note: GOOD, origin: WITNESS, log: WITNESS_VKEY }],
      ['the key of the log with type 04', { note: GOOD, log: vkeyOf(ORIGIN, COSIGNATURE_TYPE, LOG_KEY) }],
    ]),
    ...refused('log.origin-key-mismatch', '6.6', [
      ['another origin is expected than the key names', { note: GOOD, origin: otherOrigin }],
      ['the key of the log under another name', { note: GOOD, log: vkeyOf(otherOrigin, NOTE_TYPE, LOG_KEY) }],
    ]),
    ...refused('log.origin-key-mismatch', '7.1', [
      ['a key of type 01 as cosigner', { note: GOOD, cosigners: [vkeyOf(WITNESS, NOTE_TYPE, WITNESS_KEY)] }],
    ]),
    ...refused('log.wrong-origin', '6.6', [
      [
        'another origin in the text, under the name of the expected one',
        {
          note: noteOf(underOther, noteLine(underOther, ORIGIN, LOG_KEY)),
        },
      ],
    ]),
    ...refused('log.no-known-signature', '4.5', [
      ['a key that has not signed', { note: GOOD, log: vkeyOf(ORIGIN, NOTE_TYPE, OTHER_KEY) }],
      [
        'the checkpoint of another log by the same key',
        {
          note: noteOf(underOther, noteLine(underOther, otherOrigin, LOG_KEY)),
        },
      ],
    ]),
    ...refused('log.bad-signature', '4.5', [
      ['size changed', { note: GOOD.replace('\n5\n', '\n6\n') }],
      [
        'a cosignature of another time than it says',
        {
          note: noteOf(TEXT, LOG_LINE, retimed()),
          cosigners: [WITNESS_VKEY],
        },
      ],
      [
        'a signature of the note in place of the cosignature',
        {
          note: noteOf(TEXT, LOG_LINE, plainCosignature()),
          cosigners: [WITNESS_VKEY],
        },
      ],
    ]),
    ...refused('log.bad-signature-form', '4.7', [
      [
        'the line of the log with a time before the signature',
        {
          note: noteOf(
            TEXT,
            signatureLine(ORIGIN, noteKeyId(ORIGIN, NOTE_TYPE, LOG_KEY.publicKey), filled(0, 72)),
          ),
        },
      ],
    ]),
    ...refused('log.bad-time', '7.2', [
      [
        'a cosignature at 2^53',
        {
          note: noteOf(TEXT, LOG_LINE, secondLine(2n ** 53n)),
          cosigners: [SECOND_VKEY],
        },
      ],
    ]),
    ...refused('log.ambiguous-verifiers', '5.4', [
      [
        'the key of the log as cosigner too',
        { note: GOOD, cosigners: [vkeyOf(WITNESS, COSIGNATURE_TYPE, LOG_KEY)] },
      ],
      ['a cosigner twice', { note: GOOD, cosigners: [WITNESS_VKEY, WITNESS_VKEY] }],
      [
        'a cosigner under two names',
        {
          note: GOOD,
          cosigners: [WITNESS_VKEY, vkeyOf(SECOND, COSIGNATURE_TYPE, WITNESS_KEY)],
        },
      ],
    ]),
  ];
}

const witnessKeyId = noteKeyId(WITNESS, COSIGNATURE_TYPE, WITNESS_KEY.publicKey);

/** The signature of the witness, under a time a second later. */
function retimed(): string {
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(WITNESS_TIME_SECONDS + 1));
  const bytes = Buffer.from(WITNESS_LINE.trim().split(' ')[2] ?? '', 'base64').subarray(12);
  return signatureLine(WITNESS, witnessKeyId, Buffer.concat([time, bytes]));
}

/** A time, and the signature of the witness over the text alone. */
function plainCosignature(): string {
  return signatureLine(
    WITNESS,
    witnessKeyId,
    Buffer.concat([Buffer.alloc(8), WITNESS_KEY.sign(Buffer.from(TEXT))]),
  );
}

type Row = readonly [comment: string, input: Opened];

function refused(code: string, clause: string, rows: readonly Row[]): readonly InvalidCase[] {
  return rows.map(([comment, input]) => ({ comment, in: inputOf(input), code, clause }));
}
