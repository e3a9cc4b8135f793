import { compareBytes } from '@comity/digest';
import { type Checkpoint, openCheckpoint } from './checkpoint.ts';
import type { NoteVerifier } from './verifier.ts';

/**
 * Two checkpoints, both signed by one log, that cannot both be true: same size, different roots. Anybody who has the
 * key of the log can verify it again by giving both notes to {@link equivocation}.
 */
export interface EquivocationEvidence {
  readonly origin: string;
  readonly size: number;
  /** The two signed checkpoints, verbatim, in the order of their roots: every finder has the same document. */
  readonly notes: readonly [string, string];
  readonly roots: readonly [Uint8Array, Uint8Array];
}

/**
 * Whether two signed checkpoints of one log show that it keeps two histories. Sizes that differ show nothing by
 * themselves, and a consistency proof that fails shows only that the proof is bad: neither is evidence against the log.
 *
 * @throws Fault those of `openCheckpoint`: what the log has not signed is no evidence at all
 */
export function equivocation(
  noteA: string,
  noteB: string,
  logVerifier: NoteVerifier,
): EquivocationEvidence | undefined {
  const trust = { origin: logVerifier.name, logVerifier };
  const a = openCheckpoint(noteA, trust).checkpoint;
  const b = openCheckpoint(noteB, trust).checkpoint;
  const order = compareBytes(a.root, b.root);
  if (a.size !== b.size || order === 0) return undefined;
  return order < 0 ? evidence(a, noteA, b, noteB) : evidence(b, noteB, a, noteA);
}

function evidence(
  first: Checkpoint,
  firstNote: string,
  second: Checkpoint,
  secondNote: string,
): EquivocationEvidence {
  const { origin, size } = first;
  return { origin, size, notes: [firstNote, secondNote], roots: [first.root, second.root] };
}
