// Cosignatures that are handed over as a line or in a note (log.md 7.4).

import { filled } from '../cbor-text.ts';
import type { InvalidCase, ValidCase } from '../vector.ts';
import {
  base64,
  LOG_KEY,
  LOG_LINE,
  LOG_VKEY,
  MAX_SIZE,
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
  cosignatureLine,
  NOTE_TYPE,
  noteKeyId,
  noteLine,
  signatureLine,
  treeRoot,
  vkeyOf,
} from './text.ts';

const lineAt = (timeSeconds: number | bigint, text = TEXT): string =>
  cosignatureLine(text, timeSeconds, WITNESS, WITNESS_KEY);

export function acceptedCosignatures(): readonly ValidCase[] {
  const accepted = (
    comment: string,
    line: string,
    timeSeconds: number,
    checkpoint = TEXT,
    verifier = WITNESS_VKEY,
  ): ValidCase => ({ comment, in: { line, checkpoint, verifier }, out: { timeSeconds } });
  const empty = checkpointText(ORIGIN, 0, treeRoot([]));
  const largest = checkpointText(ORIGIN, MAX_SIZE, filled(0xee));
  return [
    accepted('the line of the worked example', WITNESS_LINE, WITNESS_TIME_SECONDS),
    accepted('a line at time 0', lineAt(0), 0),
    accepted('a line at 2^53 - 1', lineAt(MAX_SIZE), MAX_SIZE),
    accepted('a line on the empty log', lineAt(1, empty), 1, empty),
    accepted('a line on a log of 2^53 - 1 leaves', lineAt(1, largest), 1, largest),
    accepted(
      'a line under a name of 255 bytes',
      cosignatureLine(TEXT, 3, 'w'.repeat(255), WITNESS_KEY),
      3,
      TEXT,
      vkeyOf('w'.repeat(255), COSIGNATURE_TYPE, WITNESS_KEY),
    ),
    accepted('the note of the worked example', noteOf(TEXT, LOG_LINE, WITNESS_LINE), WITNESS_TIME_SECONDS),
    accepted('a note that the log has not signed', noteOf(TEXT, WITNESS_LINE), WITNESS_TIME_SECONDS),
    accepted('the earliest of two in a note', noteOf(TEXT, lineAt(60), lineAt(50), LOG_LINE), 50),
    accepted(
      'a note with a bad line of a signer who is not asked for',
      noteOf(
        TEXT,
        signatureLine(ORIGIN, noteKeyId(ORIGIN, NOTE_TYPE, LOG_KEY.publicKey), filled(1, 64)),
        WITNESS_LINE,
      ),
      WITNESS_TIME_SECONDS,
    ),
  ];
}

export function refusedCosignatures(): readonly InvalidCase[] {
  const older = checkpointText(ORIGIN, 4, filled(0x44));
  const otherOrigin = checkpointText(ORIGIN.replace('origin', 'other'), 5, ROOT);
  const form = (byteLength: number): string =>
    signatureLine(
      WITNESS,
      noteKeyId(WITNESS, COSIGNATURE_TYPE, WITNESS_KEY.publicKey),
      filled(0, byteLength),
    );
  const lines = (...of: readonly string[]): string => of.map((line) => `${line}\n`).join('');
  return [
    ...refused('log.no-final-newline', '7.4', [
      ['the line feed of the line taken off', { line: WITNESS_LINE.slice(0, -1) }],
    ]),
    ...refused('log.no-final-newline', '4.2', [
      ['the line feed of the note taken off', { line: noteOf(TEXT, WITNESS_LINE).slice(0, -1) }],
    ]),
    ...refused('log.no-signatures', '4.2', [
      [
        'a hyphen in place of the em dash: no line, and no note',
        { line: WITNESS_LINE.replace('\u2014', '-') },
      ],
      ['the text of the checkpoint alone', { line: TEXT }],
    ]),
    ...refused('log.signature-line', '4.4', [
      ['no signature in the line', { line: `\u2014 ${WITNESS}\n` }],
      ['a plus in the name', { line: WITNESS_LINE.replace('sample', 'sam+le') }],
    ]),
    ...refused('log.bad-base64', '4.4', [
      ['the padding of the line taken off', { line: WITNESS_LINE.replace('=', '') }],
      ['a space behind the line', { line: WITNESS_LINE.replace('\n', ' \n') }],
    ]),
    ...refused('log.no-known-signature', '7.4', [
      ['the line of another key', { line: cosignatureLine(TEXT, 1, WITNESS, OTHER_KEY) }],
      ['the line of the key under another name', { line: cosignatureLine(TEXT, 1, 'other', WITNESS_KEY) }],
      ['the line of the log', { line: LOG_LINE }],
      ['a line of type 01 by the key of the witness', { line: noteLine(TEXT, WITNESS, WITNESS_KEY) }],
      ['a note without the line of the witness', { line: noteOf(TEXT, LOG_LINE) }],
    ]),
    ...refused('log.bad-signature', '4.5', [
      ['a line on an older checkpoint', { line: lineAt(1, older) }],
      ['a line on the checkpoint of another log', { line: lineAt(1, otherOrigin) }],
      ['a note with a second line that is bad', { line: noteOf(TEXT, WITNESS_LINE, lineAt(1, older)) }],
      ['the time of the line changed', { line: retimed() }],
    ]),
    ...refused('log.bad-signature-form', '4.7', [
      ['64 bytes, without a time', { line: form(64) }],
      ['71 bytes', { line: form(71) }],
      ['73 bytes', { line: form(73) }],
    ]),
    ...refused('log.bad-time', '7.2', [
      ['a line at 2^53', { line: lineAt(2n ** 53n) }],
      ['a line at 2^64 - 1', { line: lineAt(2n ** 64n - 1n) }],
    ]),
    ...refused('log.other-checkpoint', '7.4', [
      ['the note of an older checkpoint', { line: noteOf(older, lineAt(1, older)) }],
      [
        'the note of the checkpoint with a line more',
        {
          line: noteOf(`${TEXT}more\n`, cosignatureLine(`${TEXT}more\n`, 1, WITNESS, WITNESS_KEY)),
        },
      ],
    ]),
    ...refused('log.origin-key-mismatch', '7.1', [
      ['a key of type 01 as verifier', { line: LOG_LINE, verifier: LOG_VKEY }],
    ]),
    ...refused('log.checkpoint-form', '6.1', [
      [
        'a checkpoint without its last line feed',
        { checkpoint: TEXT.slice(0, -1), line: lineAt(1, TEXT.slice(0, -1)) },
      ],
      ['no checkpoint', { checkpoint: '', line: lineAt(1, '') }],
    ]),
    ...refused('log.checkpoint-extension', '6.1', [
      ['a checkpoint with a line more', { checkpoint: `${TEXT}more\n`, line: lineAt(1, `${TEXT}more\n`) }],
    ]),
    ...refused('log.bad-size', '6.3', [badCheckpoint('size 05', lines(ORIGIN, '05', base64(ROOT)))]),
    ...refused('log.bad-root', '6.4', [
      badCheckpoint('root of 31 bytes', lines(ORIGIN, '5', base64(ROOT.subarray(1)))),
    ]),
    ...refused('log.bad-key-name', '6.2', [
      badCheckpoint('origin with a tab', lines('o\tx', '5', base64(ROOT))),
    ]),
  ];
}

/** A line that is good over a text that is no checkpoint. */
function badCheckpoint(comment: string, checkpoint: string): Row {
  return [comment, { checkpoint, line: lineAt(1, checkpoint) }];
}

function retimed(): string {
  const bytes = Buffer.from(WITNESS_LINE.trim().split(' ')[2] ?? '', 'base64');
  bytes.writeUInt8(bytes.readUInt8(11) ^ 1, 11);
  return signatureLine(WITNESS, bytes.subarray(0, 4), bytes.subarray(4));
}

type Row = readonly [
  comment: string,
  changes: { readonly line: string; readonly checkpoint?: string; readonly verifier?: string },
];

function refused(code: string, clause: string, rows: readonly Row[]): readonly InvalidCase[] {
  return rows.map(([comment, { line, checkpoint = TEXT, verifier = WITNESS_VKEY }]) => ({
    comment,
    in: { line, checkpoint, verifier },
    code,
    clause,
  }));
}
