import { Fault } from '@comity/fault';
import { HASH_BYTES, leafHash, MAX_PROOF_HASHES, verifyInclusion } from '@comity/merkle';
import { type CheckpointTrust, type OpenedCheckpoint, openCheckpoint } from './checkpoint.ts';
import { decodeBase64, decodeDecimal, decodeHash, encodeBase64 } from './encoding.ts';
import { MAX_NOTE_BYTES, splitNote } from './note.ts';

/** Longest extra data, in bytes. They are not authenticated. */
export const MAX_EXTRA_BYTES = 4_096;

const HEADER = 'c2sp.org/tlog-proof@v1';
/** Header, extra and index lines, 63 hashes, the checkpoint. */
const MAX_PROOF_UNITS = 64 + Math.ceil(MAX_EXTRA_BYTES / 3) * 4 + 45 * MAX_PROOF_HASHES + MAX_NOTE_BYTES;

/** That a leaf is in a log, for verification without the log (C2SP tlog-proof v1). Parsed, it is not verified. */
export interface LogProof {
  /** Number of the leaf, from 0. */
  readonly index: number;
  /** Inclusion proof, from the sibling of the leaf upwards, 32 bytes each. */
  readonly hashes: readonly Uint8Array[];
  /** The signed checkpoint, verbatim. */
  readonly checkpoint: string;
  /** Data that nobody has signed. */
  readonly extra?: Uint8Array;
}

/**
 * The text of a proof.
 *
 * @throws Fault `log.proof-index`, `log.too-many-hashes`, `log.proof-hash`, `log.proof-extra`, those of the form of a note
 */
export function formatProof(proof: LogProof): string {
  const { index, hashes, checkpoint, extra } = proof;
  if (!Number.isSafeInteger(index) || index < 0) {
    throw new Fault('log.proof-index', 'expected an index from 0 to 2^53-1');
  }
  assertHashCount(hashes.length);
  if (hashes.some((hash) => hash.length !== HASH_BYTES)) {
    throw new Fault('log.proof-hash', 'expected hashes of 32 bytes');
  }
  if (extra !== undefined) assertExtra(extra);
  splitNote(checkpoint);
  const extraLine = extra === undefined ? [] : [`extra ${encodeBase64(extra)}`];
  return `${[HEADER, ...extraLine, `index ${index}`, ...hashes.map(encodeBase64)].join('\n')}\n\n${checkpoint}`;
}

/**
 * Reads the text of a proof in its one spelling. The checkpoint is only split, not opened.
 *
 * @throws Fault `log.too-large`, `log.proof-form`, `log.proof-extra`, `log.proof-index`, `log.too-many-hashes`,
 * `log.proof-hash`, `log.bad-base64`, those of the form of a note
 */
export function parseProof(text: string): LogProof {
  if (text.length > MAX_PROOF_UNITS) {
    throw new Fault('log.too-large', `expected at most ${MAX_PROOF_UNITS} characters`);
  }
  // The first empty line: nothing before the checkpoint can be empty.
  const headEnd = text.indexOf('\n\n');
  const checkpoint = text.slice(headEnd + 2);
  const lines = headEnd < 0 ? [] : text.slice(0, headEnd).split('\n', MAX_PROOF_HASHES + 4);
  if (lines.shift() !== HEADER) throw new Fault('log.proof-form', `expected ${HEADER} and an empty line`);
  const extra = lines[0]?.startsWith('extra ') ? decodeExtra((lines.shift() as string).slice(6)) : undefined;
  const indexLine = lines.shift();
  if (indexLine === undefined || !indexLine.startsWith('index ')) {
    throw new Fault('log.proof-form', 'expected an index line');
  }
  const index = decodeDecimal(indexLine.slice(6), 'log.proof-index');
  assertHashCount(lines.length);
  const hashes = lines.map((line) => decodeHash(line, 'log.proof-hash'));
  splitNote(checkpoint);
  return extra === undefined ? { index, hashes, checkpoint } : { index, hashes, checkpoint, extra };
}

function decodeExtra(text: string): Uint8Array {
  const extra = decodeBase64(text);
  assertExtra(extra);
  return extra;
}

function assertExtra(extra: Uint8Array): void {
  // C2SP tlog-proof: without extra data there is no such line.
  if (extra.length === 0 || extra.length > MAX_EXTRA_BYTES) {
    throw new Fault('log.proof-extra', `expected 1 to ${MAX_EXTRA_BYTES} bytes of extra data`);
  }
}

function assertHashCount(count: number): void {
  if (count > MAX_PROOF_HASHES) {
    throw new Fault('log.too-many-hashes', `expected at most ${MAX_PROOF_HASHES} hashes`);
  }
}

export interface VerifiedProof extends OpenedCheckpoint {
  /** Where in the log the leaf stands. */
  readonly index: number;
}

/**
 * Verifies that a leaf is in the log at the place the proof says, under a checkpoint of that log. The size comes from
 * the signed checkpoint, the root is computed from the leaf.
 *
 * @param leaf the data of the leaf, not its hash
 * @throws Fault those of {@link parseProof} and of `openCheckpoint`, `merkle.index-beyond-size`, `merkle.proof-length`,
 * `merkle.leaf-not-in-root`
 */
export function verifyProof(text: string, leaf: Uint8Array, trust: CheckpointTrust): VerifiedProof {
  const { index, hashes, checkpoint: note } = parseProof(text);
  const opened = openCheckpoint(note, trust);
  const { size, root } = opened.checkpoint;
  verifyInclusion({ leafHash: leafHash(leaf), index, size, proof: hashes, root });
  return { ...opened, index };
}
