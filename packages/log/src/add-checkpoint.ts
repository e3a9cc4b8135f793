import { Fault } from '@comity/fault';
import { MAX_PROOF_HASHES } from '@comity/merkle';
import { decodeDecimal, decodeHash, encodeBase64 } from './encoding.ts';
import { splitNote } from './note.ts';

/** Longest request, in UTF-16 units: the size, 63 hashes, and a checkpoint with room for the lines of some keys of the log. */
export const MAX_ADD_CHECKPOINT_UNITS = 8_192;

/** What a log asks of a witness: to cosign its checkpoint, which continues the one that the witness cosigned last. */
export interface AddCheckpoint {
  /** Size that the log believes the witness has cosigned last; 0 for none. */
  readonly oldSize: number;
  /** Consistency proof from there, 32 bytes each. */
  readonly proof: readonly Uint8Array[];
  /** The signed checkpoint, verbatim. */
  readonly note: string;
}

const OLD = 'old ';

/** The body of a request (C2SP tlog-witness, add-checkpoint). */
export function formatAddCheckpoint({ oldSize, proof, note }: AddCheckpoint): string {
  return `${[`${OLD}${oldSize}`, ...proof.map(encodeBase64)].join('\n')}\n\n${note}`;
}

/**
 * Reads the body of a request. The checkpoint is only split, not opened.
 *
 * @throws Fault `log.too-large`, `log.add-form`, `log.too-many-hashes`, `log.proof-hash`, `log.bad-base64`, those of the form
 *   of a note
 */
export function parseAddCheckpoint(body: string): AddCheckpoint {
  if (body.length > MAX_ADD_CHECKPOINT_UNITS)
    throw new Fault('log.too-large', `expected at most ${MAX_ADD_CHECKPOINT_UNITS} characters`);
  const headEnd = body.indexOf('\n\n');
  const [old, ...hashes] = headEnd < 0 ? [] : body.slice(0, headEnd).split('\n', MAX_PROOF_HASHES + 2);
  if (old === undefined || !old.startsWith(OLD))
    throw new Fault('log.add-form', 'expected the old size and an empty line');
  if (hashes.length > MAX_PROOF_HASHES)
    throw new Fault('log.too-many-hashes', `expected at most ${MAX_PROOF_HASHES} hashes`);
  const note = body.slice(headEnd + 2);
  splitNote(note);
  return {
    oldSize: decodeDecimal(old.slice(OLD.length), 'log.add-form'),
    proof: hashes.map((hash) => decodeHash(hash, 'log.proof-hash')),
    note,
  };
}
