// The inputs of the worked example of log.md, and what the vectors of texts have in common.

import { filled, hex } from '../cbor-text.ts';
import { keyPair } from '../signing.ts';
import {
  COSIGNATURE_TYPE,
  checkpointText,
  cosignatureLine,
  FEDERATION,
  inclusionProof,
  NOTE_TYPE,
  noteLine,
  treeRoot,
  vkeyOf,
} from './text.ts';

export const MAX_SIZE = Number.MAX_SAFE_INTEGER;

/** The leaves of the worked example, 32 times 01 and so on, continued. */
export const LEAVES: readonly Buffer[] = Array.from({ length: 21 }, (_, index) => filled(index + 1));

export const LOG_KEY = keyPair(0x01);
export const WITNESS_KEY = keyPair(0x02);
/** Of nobody in the example. */
export const OTHER_KEY = keyPair(0x03);

export const ORIGIN = `comity/${FEDERATION}/${hex(filled(0xa1))}/origin`;
export const WITNESS = `comity/${FEDERATION}/${hex(filled(0xb0))}/witness`;
export const LOG_VKEY = vkeyOf(ORIGIN, NOTE_TYPE, LOG_KEY);
export const WITNESS_VKEY = vkeyOf(WITNESS, COSIGNATURE_TYPE, WITNESS_KEY);

export const WITNESS_TIME_SECONDS = 1_795_514_400;

/** The five leaves, their root, and the checkpoint at size 5. */
export const FIVE = LEAVES.slice(0, 5);
export const ROOT = treeRoot(FIVE);
export const TEXT = checkpointText(ORIGIN, 5, ROOT);
export const LOG_LINE = noteLine(TEXT, ORIGIN, LOG_KEY);
export const WITNESS_LINE = cosignatureLine(TEXT, WITNESS_TIME_SECONDS, WITNESS, WITNESS_KEY);

/** A note: text, empty line, signature lines. */
export function noteOf(text: string, ...lines: readonly string[]): string {
  return `${text}\n${lines.join('')}`;
}

/** A log proof (log.md §8) from its lines and its checkpoint. */
export function proofOf(lines: readonly string[], note: string): string {
  return `${lines.join('\n')}\n\n${note}`;
}

export const HEADER = 'c2sp.org/tlog-proof@v1';

export const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** Hashes of the inclusion proof of one of the five leaves, as lines. */
export function hashLines(index: number, leaves: readonly Uint8Array[] = FIVE): string[] {
  return inclusionProof(index, leaves).map(base64);
}
