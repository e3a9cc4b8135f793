// Checkpoints (log.md §6) and their cosignatures (§7).

import { filled, hex } from '../cbor-text.ts';
import type { ValidCase } from '../vector.ts';
import {
  LEAVES,
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
  WITNESS_LINE,
  WITNESS_TIME_SECONDS,
  WITNESS_VKEY,
} from './example.ts';
import {
  COSIGNATURE_TYPE,
  checkpointText,
  cosignatureLine,
  NOTE_TYPE,
  noteLine,
  treeRoot,
  vkeyOf,
} from './text.ts';

export const GOOD = noteOf(TEXT, LOG_LINE, WITNESS_LINE);
export const SECOND = 'second.example/witness';
export const SECOND_VKEY = vkeyOf(SECOND, COSIGNATURE_TYPE, OTHER_KEY);
export const secondLine = (timeSeconds: number | bigint): string =>
  cosignatureLine(TEXT, timeSeconds, SECOND, OTHER_KEY);

/** A checkpoint with any text, signed by the log. */
export const signed = (text: string): string => noteOf(text, noteLine(text, ORIGIN, LOG_KEY));

export interface Opened {
  readonly note: string;
  readonly origin?: string;
  readonly log?: string;
  readonly cosigners?: readonly string[];
}

export function inputOf({ note, origin = ORIGIN, log = LOG_VKEY, cosigners = [] }: Opened): ValidCase['in'] {
  return { note, origin, log, cosigners };
}

export function openedCheckpoints(): readonly ValidCase[] {
  const opened = (
    comment: string,
    input: Opened,
    cosignatures: readonly (readonly [name: string, timeSeconds: number])[] = [],
    size = 5,
    root = ROOT,
  ): ValidCase => ({
    comment,
    in: inputOf(input),
    out: {
      origin: input.origin ?? ORIGIN,
      size,
      root: hex(root),
      cosignatures: cosignatures.map(([name, timeSeconds]) => ({ name, timeSeconds })),
    },
  });
  const sized = (size: number, root: Buffer): ValidCase =>
    opened(`size ${size}`, { note: signed(checkpointText(ORIGIN, size, root)) }, [], size, root);
  const named = (comment: string, origin: string): ValidCase => {
    const text = checkpointText(origin, 5, ROOT);
    return opened(comment, {
      note: noteOf(text, noteLine(text, origin, LOG_KEY)),
      origin,
      log: vkeyOf(origin, NOTE_TYPE, LOG_KEY),
    });
  };
  const witnessed: readonly [string, number] = [WITNESS, WITNESS_TIME_SECONDS];
  return [
    opened('the checkpoint of the worked example', { note: GOOD, cosigners: [WITNESS_VKEY] }, [witnessed]),
    opened('without a cosigner the line of the witness is ignored', { note: GOOD }),
    opened(
      'a cosigner that has not signed is left out',
      { note: GOOD, cosigners: [SECOND_VKEY, WITNESS_VKEY] },
      [witnessed],
    ),
    opened(
      'two cosigners in the order in which they are given, the lines in another',
      { note: noteOf(TEXT, WITNESS_LINE, LOG_LINE, secondLine(9)), cosigners: [SECOND_VKEY, WITNESS_VKEY] },
      [[SECOND, 9], witnessed],
    ),
    opened(
      'the earliest of three cosignatures of one key counts, which stands between the others',
      {
        note: noteOf(TEXT, LOG_LINE, secondLine(30), secondLine(7), secondLine(8)),
        cosigners: [SECOND_VKEY],
      },
      [[SECOND, 7]],
    ),
    opened(
      'a cosignature at time 0',
      { note: noteOf(TEXT, LOG_LINE, secondLine(0)), cosigners: [SECOND_VKEY] },
      [[SECOND, 0]],
    ),
    opened(
      'a cosignature at 2^53 - 1, the latest time',
      { note: noteOf(TEXT, LOG_LINE, secondLine(MAX_SIZE)), cosigners: [SECOND_VKEY] },
      [[SECOND, MAX_SIZE]],
    ),
    opened(
      'a cosigner under the name of the log, with a key of its own',
      {
        note: noteOf(TEXT, LOG_LINE, cosignatureLine(TEXT, 11, ORIGIN, OTHER_KEY)),
        cosigners: [vkeyOf(ORIGIN, COSIGNATURE_TYPE, OTHER_KEY)],
      },
      [[ORIGIN, 11]],
    ),
    opened('a second key of the log, which is not known, is ignored', {
      note: noteOf(TEXT, noteLine(TEXT, ORIGIN, OTHER_KEY), LOG_LINE),
    }),
    sized(0, treeRoot([])),
    sized(1, treeRoot(LEAVES.slice(0, 1))),
    sized(10, treeRoot(LEAVES.slice(0, 10))),
    sized(MAX_SIZE, filled(0xee)),
    named('an origin of 255 bytes', `o${'\u00fc'.repeat(127)}`),
    named('an origin of one byte', 'o'),
  ];
}
