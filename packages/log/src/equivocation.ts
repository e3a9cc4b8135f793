import { compareBytes } from '@comity/digest';
import { Fault } from '@comity/fault';
import { type Checkpoint, openCheckpoint } from './checkpoint.ts';
import type { NoteVerifier } from './verifier.ts';

/** A checkpoint as a note, and the key of its log that has signed it. */
export interface SignedCheckpoint {
  readonly note: string;
  readonly logVerifier: NoteVerifier;
}

/** One of the two histories of a log, at the size that both have. */
export interface History extends SignedCheckpoint {
  /** 32 bytes. */
  readonly root: Uint8Array;
}

/**
 * Two checkpoints, both signed by one log, that cannot both be true: same size, different roots. Anybody who has the
 * keys of the log can verify it again.
 */
export interface EquivocationEvidence {
  readonly origin: string;
  readonly size: number;
  /** The two signed checkpoints, in the order of their roots: every finder has the same pair. */
  readonly histories: readonly [History, History];
}

/**
 * Whether two signed checkpoints of one log show that it keeps two histories. Sizes that differ show nothing by
 * themselves, and a consistency proof that fails shows only that the proof is bad: neither is evidence against the log.
 *
 * @throws Fault those of `openCheckpoint`: what the log has not signed is no evidence at all; `log.wrong-origin` where the
 *   two are of two logs
 */
export function equivocation(a: SignedCheckpoint, b: SignedCheckpoint): EquivocationEvidence | undefined {
  const [openedA, openedB] = [opened(a), opened(b)];
  if (openedA.origin !== openedB.origin)
    throw new Fault('log.wrong-origin', 'the two checkpoints are of two logs');
  const order = compareBytes(openedA.root, openedB.root);
  if (openedA.size !== openedB.size || order === 0) return undefined;
  const [first, second]: [History, History] = [
    { ...a, root: openedA.root },
    { ...b, root: openedB.root },
  ];
  const { origin, size } = openedA;
  return { origin, size, histories: order < 0 ? [first, second] : [second, first] };
}

function opened({ note, logVerifier }: SignedCheckpoint): Checkpoint {
  return openCheckpoint(note, { origin: logVerifier.name, logVerifier }).checkpoint;
}
