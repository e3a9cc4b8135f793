import { equalBytes } from '@comity/digest';
import type { Signer } from '@comity/ed25519';
import { Fault } from '@comity/fault';
import { EMPTY_ROOT, HASH_BYTES } from '@comity/merkle';
import { decodeDecimal, decodeHash, encodeBase64 } from './encoding.ts';
import { assertKeyName } from './key-name.ts';
import { openNote, signNote } from './note.ts';
import type { NoteVerifier } from './verifier.ts';

/** The state of a log at a size (C2SP tlog-checkpoint). */
export interface Checkpoint {
  /** Names the log; also the name of the key that signs its checkpoints. */
  readonly origin: string;
  /** Number of leaves. */
  readonly size: number;
  /** Root of the tree of that size, 32 bytes. */
  readonly root: Uint8Array;
}

/**
 * The text of a checkpoint: origin, size and root, a line each. This is what is signed and cosigned.
 *
 * @throws Fault `log.bad-key-name`, `log.bad-size`, `log.bad-root`, `log.bad-empty-root`
 */
export function formatCheckpoint(checkpoint: Checkpoint): string {
  assertCheckpoint(checkpoint);
  const { origin, size, root } = checkpoint;
  return `${origin}\n${size}\n${encodeBase64(root)}\n`;
}

/**
 * Reads the text of a checkpoint in its one spelling, without extension lines.
 *
 * @throws Fault `log.checkpoint-form`, `log.checkpoint-extension`, `log.bad-key-name`, `log.bad-size`, `log.bad-root`,
 * `log.bad-base64`, `log.bad-empty-root`
 */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin, sizeText, rootText, end, ...extensions] = text.split('\n', 6);
  if (origin === undefined || sizeText === undefined || rootText === undefined || end === undefined) {
    throw new Fault('log.checkpoint-form', 'expected three lines, each with its line feed');
  }
  // Extension lines are allowed by C2SP and not recommended: no monitor can check them. Here nobody writes them.
  if (end !== '' || extensions.length > 0) {
    throw new Fault('log.checkpoint-extension', 'expected no further lines');
  }
  const size = decodeDecimal(sizeText, 'log.bad-size');
  const checkpoint = { origin, size, root: decodeHash(rootText, 'log.bad-root') };
  assertCheckpoint(checkpoint);
  return checkpoint;
}

function assertCheckpoint({ origin, size, root }: Checkpoint): void {
  // Here the origin is the key name as well, so it has to be able to be one.
  assertKeyName(origin);
  if (!Number.isSafeInteger(size) || size < 0) {
    throw new Fault('log.bad-size', 'expected a size from 0 to 2^53-1');
  }
  if (root.length !== HASH_BYTES) {
    throw new Fault('log.bad-root', `expected a root of 32 bytes, got ${root.length}`);
  }
  // RFC 9162 §2.1.1: an empty log has no other root.
  if (size === 0 && !equalBytes(root, EMPTY_ROOT)) {
    throw new Fault('log.bad-empty-root', 'expected the root of the empty tree at size 0');
  }
}

/**
 * Signs a checkpoint; the name of the key is the origin.
 *
 * @throws Fault those of {@link formatCheckpoint}; whatever the signer throws
 */
export async function signCheckpoint(checkpoint: Checkpoint, signer: Signer): Promise<string> {
  return signNote(formatCheckpoint(checkpoint), checkpoint.origin, signer);
}

/** What a checkpoint is opened with. */
export interface CheckpointTrust {
  /** The log that is meant. */
  readonly origin: string;
  /** Key of the log; its name is the origin. */
  readonly logVerifier: NoteVerifier;
  /** Keys of witnesses, whose cosignatures are reported. How many are needed is for the caller to say. */
  readonly cosigners?: readonly NoteVerifier[];
}

export interface Cosignature {
  readonly verifier: NoteVerifier;
  /** When the cosigner says it saw the checkpoint as the latest, UTC seconds. */
  readonly atSeconds: number;
}

export interface OpenedCheckpoint {
  readonly checkpoint: Checkpoint;
  /** The signed text: what a cosigner signs. */
  readonly text: string;
  /** One for each known cosigner that signed; distinct keys, never the key of the log. */
  readonly cosignatures: readonly Cosignature[];
}

/**
 * Opens a checkpoint of one log: signed by the key of that log, and it says so itself. Known cosignatures must verify;
 * unknown ones are ignored.
 *
 * @throws Fault `log.origin-key-mismatch`, `log.ambiguous-verifiers`, those of {@link openNote},
 * `log.no-log-signature`, those of {@link parseCheckpoint}, `log.wrong-origin`
 */
export function openCheckpoint(note: string, trust: CheckpointTrust): OpenedCheckpoint {
  const { origin, logVerifier, cosigners = [] } = trust;
  if (
    logVerifier.type !== 'log' ||
    logVerifier.name !== origin ||
    cosigners.some(({ type }) => type === 'log')
  ) {
    throw new Fault(
      'log.origin-key-mismatch',
      'expected a log key named as the origin, and cosignature keys',
    );
  }
  const { text, signatures } = openNote(note, [logVerifier, ...cosigners]);
  // Formats §7.11: bound to this log by its key and by its text.
  if (signatures[0]?.verifier !== logVerifier) {
    throw new Fault('log.no-log-signature', 'expected a signature of the log itself');
  }
  const checkpoint = parseCheckpoint(text);
  if (checkpoint.origin !== origin) throw new Fault('log.wrong-origin', 'the checkpoint is of another log');
  const cosignatures = signatures.flatMap(({ verifier, atSeconds }) =>
    atSeconds === undefined ? [] : [{ verifier, atSeconds }],
  );
  return { checkpoint, text, cosignatures };
}
