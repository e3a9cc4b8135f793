import { equalBytes } from '@comity/digest';
import { isFault } from '@comity/fault';
import { verifyConsistency } from '@comity/merkle';
import type { AddCheckpoint } from './add-checkpoint.ts';
import { type Checkpoint, type OpenedCheckpoint, openCheckpoint, parseCheckpoint } from './checkpoint.ts';
import { type EquivocationEvidence, equivocation, type SignedCheckpoint } from './equivocation.ts';
import { splitNote } from './note.ts';
import { isOfVerifier } from './signature-line.ts';
import type { NoteVerifier } from './verifier.ts';

/** What a witness knows of the log that a checkpoint is of. */
export interface WitnessMemory {
  /** Keys of the log whose certificates count now; none where the log is not one that is witnessed. */
  readonly logVerifiers: readonly NoteVerifier[];
  /** The checkpoint that was cosigned last. */
  readonly last: Checkpoint | undefined;
  /** One that was seen before at the size of the request, as whoever signed it. */
  readonly sameSize: SignedCheckpoint | undefined;
}

/** Answers that refuse, by the numbers of C2SP tlog-witness. */
export type WitnessRefusal =
  /** The old size is above that of the checkpoint. */
  | 400
  /** No key of the log has signed. */
  | 403
  /** No log that is witnessed. */
  | 404
  /** The old size is not the one that was cosigned last. */
  | 409
  /** The proof is bad, or the size is the one of before and the root is not. */
  | 422;

/** What a witness makes of a request. To cosign is for whoever has made the new state durable. */
export type WitnessDecision =
  | { readonly status: 200; readonly opened: OpenedCheckpoint; readonly logVerifier: NoteVerifier }
  | {
      readonly status: WitnessRefusal;
      /** With 409: the size that was cosigned last. */
      readonly size?: number;
      /** That the log keeps two histories, whatever else is wrong with the request. */
      readonly evidence?: EquivocationEvidence;
    };

/**
 * Decides whether a checkpoint is cosigned (witness.md §3, C2SP tlog-witness). Changes nothing: the caller holds what it knows of the
 * log still while it decides, makes the checkpoint durable as the last one, and only then cosigns it.
 */
export function judgeAddCheckpoint(request: AddCheckpoint, memory: WitnessMemory): WitnessDecision {
  if (memory.logVerifiers.length === 0) return { status: 404 };
  const signed = openedBy(request.note, memory.logVerifiers);
  if (signed === undefined) return { status: 403 };
  const { checkpoint } = signed.opened;
  const evidence =
    memory.sameSize && equivocation(memory.sameSize, { note: request.note, logVerifier: signed.logVerifier });
  if (evidence !== undefined) return { status: 422, evidence };
  if (request.oldSize > checkpoint.size) return { status: 400 };
  const lastSize = memory.last?.size ?? 0;
  if (request.oldSize !== lastSize) return { status: 409, size: lastSize };
  return continues(request, checkpoint, memory.last) ? { status: 200, ...signed } : { status: 422 };
}

/** The checkpoint as the first of the keys has signed it whose line it has. */
export function openedBy(
  note: string,
  logVerifiers: readonly NoteVerifier[],
): { readonly opened: OpenedCheckpoint; readonly logVerifier: NoteVerifier } | undefined {
  try {
    const { lines } = splitNote(note);
    const logVerifier = logVerifiers.find((each) => lines.some((line) => isOfVerifier(line, each)));
    if (logVerifier === undefined) return undefined;
    return { opened: openCheckpoint(note, { origin: logVerifier.name, logVerifier }), logVerifier };
  } catch (error) {
    if (!isFault(error)) throw error;
    return undefined;
  }
}

function continues(
  { oldSize, proof }: AddCheckpoint,
  checkpoint: Checkpoint,
  last: Checkpoint | undefined,
): boolean {
  if (oldSize === 0) return proof.length === 0;
  if (last === undefined) return false;
  if (last.size === checkpoint.size) return proof.length === 0 && equalBytes(last.root, checkpoint.root);
  try {
    verifyConsistency({
      size1: last.size,
      size2: checkpoint.size,
      root1: last.root,
      root2: checkpoint.root,
      proof,
    });
    return true;
  } catch (error) {
    if (!isFault(error)) throw error;
    return false;
  }
}

/** The log that a note claims to be a checkpoint of: which keys to open it with. @throws Fault as `splitNote`, `parseCheckpoint` */
export function claimedOrigin(note: string): string {
  return parseCheckpoint(splitNote(note).text).origin;
}
