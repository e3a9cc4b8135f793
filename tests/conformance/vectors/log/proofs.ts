// Log proofs (log.md §8).

import { filled, hex } from '../cbor-text.ts';
import type { ValidCase } from '../vector.ts';
import { drawing, drawnInclusion } from './drawn-tree.ts';
import {
  base64,
  HEADER,
  hashLines,
  LEAVES,
  LOG_KEY,
  LOG_LINE,
  LOG_VKEY,
  MAX_SIZE,
  noteOf,
  ORIGIN,
  proofOf,
  ROOT,
  TEXT,
  WITNESS,
  WITNESS_LINE,
  WITNESS_TIME_SECONDS,
  WITNESS_VKEY,
} from './example.ts';
import { unknownLines } from './notes.ts';
import { leafHash, signedCheckpoint, treeRoot } from './text.ts';

export const NOTE = noteOf(TEXT, LOG_LINE, WITNESS_LINE);
export const HASHES = hashLines(2);

export interface Input {
  readonly proof: string;
  readonly leaf?: Buffer;
  readonly origin?: string;
  readonly log?: string;
  readonly cosigners?: readonly string[];
}

export function inputOf({
  proof,
  leaf = filled(3),
  origin = ORIGIN,
  log = LOG_VKEY,
  cosigners = [],
}: Input): ValidCase['in'] {
  return { proof, leaf: hex(leaf), origin, log, cosigners };
}

/** The proof of leaf 2 of 5 with lines between header and index. */
export const withExtra = (...extra: readonly string[]): string =>
  proofOf([HEADER, ...extra, 'index 2', ...HASHES], NOTE);

export function acceptedProofs(): readonly ValidCase[] {
  const accepted = (
    comment: string,
    input: Input,
    index = 2,
    size = 5,
    root = ROOT,
    cosignatures: readonly { readonly name: string; readonly timeSeconds: number }[] = [],
  ): ValidCase => ({
    comment,
    in: inputOf(input),
    out: { index, origin: ORIGIN, size, root: hex(root), cosignatures },
  });
  const ofSize = (index: number, size: number): ValidCase => {
    const leaves = LEAVES.slice(0, size);
    const lines = [HEADER, `index ${index}`, ...hashLines(index, leaves)];
    const proof = proofOf(lines, signedCheckpoint(ORIGIN, size, treeRoot(leaves), LOG_KEY));
    return accepted(
      `leaf ${index} of ${size}`,
      { proof, leaf: LEAVES[index] ?? filled(0) },
      index,
      size,
      treeRoot(leaves),
    );
  };
  const data = Buffer.from('a leaf of other length');
  const large = drawnInclusion(leafHash(data), MAX_SIZE - 2, MAX_SIZE, drawing('proof'));
  const full = noteOf(TEXT, ...unknownLines(255), LOG_LINE);
  return [
    accepted('the worked example', { proof: withExtra(), cosigners: [WITNESS_VKEY] }, 2, 5, ROOT, [
      { name: WITNESS, timeSeconds: WITNESS_TIME_SECONDS },
    ]),
    accepted('without cosigners', { proof: withExtra() }),
    accepted('extra data of one byte', { proof: withExtra('extra AA==') }),
    accepted('extra data of 4096 bytes', { proof: withExtra(`extra ${base64(filled(0x5a, 4_096))}`) }),
    accepted('a checkpoint of 256 signature lines', { proof: proofOf([HEADER, 'index 2', ...HASHES], full) }),
    ofSize(0, 1),
    ofSize(0, 2),
    ofSize(1, 2),
    ofSize(0, 5),
    ofSize(4, 5),
    ofSize(7, 8),
    ofSize(10, 20),
    accepted(
      'the last leaf but one of 2^53 - 1, whose data are no hash',
      {
        proof: proofOf(
          [HEADER, `index ${MAX_SIZE - 2}`, ...large.proof.map(base64)],
          signedCheckpoint(ORIGIN, MAX_SIZE, large.root, LOG_KEY),
        ),
        leaf: data,
      },
      MAX_SIZE - 2,
      MAX_SIZE,
      large.root,
    ),
  ];
}
