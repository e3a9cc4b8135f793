import { equalBytes, fromHex } from '@comity/digest';
import { signReceipt, verifyReceipt } from '@comity/dossier';
import { Fault, isFault } from '@comity/fault';
import type { StateId } from '@comity/label';
import {
  formatProof,
  noteVerifier,
  originGeneration,
  parseCheckpoint,
  parseProof,
  splitNote,
  type VerifiedProof,
  verifyProof,
} from '@comity/log';
import { inclusionProof } from '@comity/merkle';
import type { LogReader, StoredCheckpoint } from '@comity/store';
import type { KeysProved, LogProved, ProofFormat } from '../operations/log.ts';
import { findRecord } from '../records/find-record.ts';
import { titleText } from '../records/summary.ts';
import type { Sovereign } from '../sovereign.ts';
import { endedLogsOf, storedLogName } from './log-generation.ts';
import { type KeyDocumentKind, keyDocuments } from './logged-keys.ts';
import { placeInOriginLog } from './origin-log.ts';

/** Checkpoints that are looked at for one that others have cosigned, from the first that covers an entry. */
const MAX_CHECKPOINTS = 64;

/**
 * The text of a log proof (log.md §8) of one entry under a checkpoint.
 *
 * @param lines signature lines of cosigners, each with its line feed
 */
export async function proofText(
  log: LogReader,
  index: number,
  { size, note }: StoredCheckpoint,
  lines: readonly string[] = [],
): Promise<string> {
  const hashes = await inclusionProof(index, size, log.subtrees());
  return formatProof({ index, hashes, checkpoint: withLines(note, lines) });
}

/** The note with these signature lines too, all in the order in which a dossier has them (dossier.md 3.5), each once. */
function withLines(note: string, lines: readonly string[]): string {
  const begin = note.lastIndexOf('\n\n') + 2;
  const all = [...(note.slice(begin).match(/[^\n]+\n/g) ?? []), ...lines];
  // All that is not ASCII in a line stands at its beginning, the same in each: this is the order of the bytes.
  return note.slice(0, begin) + [...new Set(all)].toSorted().join('');
}

export interface OriginProof {
  readonly text: string;
  /** Who has cosigned its checkpoint. */
  readonly cosigners: readonly StateId[];
}

/**
 * The proof that something this state has issued is in its origin log: under the first checkpoint that others have cosigned, which
 * dates it best. Where there is none, under the first of all, which tells nothing of what came later and stays the same; but
 * where that is of a log key that is not in use any more, and so counts for nothing without cosignatures (dossier.md 5.8),
 * under the newest. Undefined while it waits for a checkpoint.
 *
 * @param leaf id of the record, or digest of a charter or key state, in hexadecimal
 */
export async function originProof(sovereign: Sovereign, leaf: string): Promise<OriginProof | undefined> {
  const place = await placeInOriginLog(sovereign, leaf);
  if (place === undefined) return undefined;
  const { generation, index } = place;
  const log = await sovereign.store.log(storedLogName(generation));
  // Of a log that has ended only what is within its end proves anything.
  const last = endedLogsOf(sovereign, sovereign.self.state)[generation - 1]?.end?.size;
  const first = await log.checkpointFrom(index + 1);
  let next = first;
  for (let seen = 0; next !== undefined && seen < MAX_CHECKPOINTS; seen += 1) {
    if (last !== undefined && next.size > last) break;
    const cosignatures = await log.cosignatures(next.size);
    if (cosignatures.length > 0) {
      const lines = cosignatures.map(({ line }) => line);
      const cosigners = cosignatures.map(({ cosigner }) => cosigner);
      return { text: await proofText(log, index, next, lines), cosigners };
    }
    next = await log.checkpointFrom(next.size + 1);
  }
  if (first === undefined) return undefined;
  const isByKeyInUse = isSignedWith(first, sovereign.signers.log.publicKey);
  const newest = last === undefined ? await log.latestCheckpoint() : await log.checkpoint(last);
  const chosen = isByKeyInUse ? first : (newest ?? first);
  return { text: await proofText(log, index, chosen), cosigners: [] };
}

/** Whether a note has a line of the log key with this public key. */
function isSignedWith({ note }: StoredCheckpoint, publicKey: Uint8Array): boolean {
  const { text, lines } = splitNote(note);
  const { keyId } = noteVerifier(parseCheckpoint(text).origin, 'log', publicKey);
  return lines.some((line) => equalBytes(line.keyId, keyId));
}

/**
 * The proof of a record as a text that other tools read, verified again with the certified log keys of this state.
 *
 * @throws Fault record.not-found, record.ambiguous-id, record.not-own, log.not-logged-yet; log.* and merkle.* where what is
 *   stored does not prove it; log.receipt-form for a receipt of a log of one leaf
 */
export async function proveRecord(
  sovereign: Sovereign,
  id: string,
  format: ProofFormat = 'tlog-proof',
): Promise<LogProved> {
  const { view } = await findRecord(sovereign, id);
  const { id: record, issuer } = view.header;
  if (issuer !== sovereign.self.state)
    throw new Fault('record.not-own', 'only the issuer has the log that its records are in', {
      fields: { record },
    });
  const found = await originProof(sovereign, record);
  if (found === undefined)
    throw new Fault('log.not-logged-yet', 'the record waits for the next checkpoint of the log', {
      fields: { record },
    });
  const proof = found.text;
  const { index, checkpoint } = verified(sovereign, proof, fromHex(record));
  const { size, origin } = checkpoint;
  const shown = format === 'cose' ? await receiptText(sovereign, fromHex(record), proof) : proof;
  return { record, title: titleText(view), origin, index, size, format, proof: shown };
}

/** The receipt that says what a proof says that was verified: its checkpoint is signed and stored (log.md 14.6). */
async function receiptText({ signers }: Sovereign, leaf: Uint8Array, proof: string): Promise<string> {
  const { index, hashes, checkpoint: note } = parseProof(proof);
  const { origin, size } = parseCheckpoint(splitNote(note).text);
  const receipt = await signReceipt(leaf, origin, { index, size, proof: hashes }, signers.log);
  verifyReceipt(receipt, leaf, { origin, publicKey: signers.log.publicKey });
  return Buffer.from(receipt).toString('base64');
}

/**
 * The proof that the charter or key state in force is in the origin log, verified again with the certified log keys of this
 * state. Whoever was shown another one of the same version has evidence that can be compared (key-state.md §5).
 *
 * @throws Fault node.no-key-state, log.not-logged-yet; log.* and merkle.* where what is stored does not prove it
 */
export async function proveKeys(sovereign: Sovereign, kind: KeyDocumentKind): Promise<KeysProved> {
  const document = keyDocuments(sovereign.self).findLast((each) => each.kind === kind);
  if (document === undefined) throw new Fault('node.no-key-state', 'this state has no key state');
  const { version, leaf } = document;
  const found = await originProof(sovereign, leaf);
  if (found === undefined)
    throw new Fault('log.not-logged-yet', 'the document waits for the next checkpoint of the log', {
      fields: { digest: leaf },
    });
  const { index, checkpoint } = verified(sovereign, found.text, fromHex(leaf));
  const { size, origin } = checkpoint;
  return { document: kind, version, digest: leaf, origin, index, size, proof: found.text };
}

/**
 * Verifies a proof of the origin log with whichever log key of this state has signed its checkpoint.
 *
 * @throws Fault log.*, merkle.*
 */
function verified({ self, federation }: Sovereign, proof: string, leaf: Uint8Array): VerifiedProof {
  const { origin } = parseCheckpoint(splitNote(parseProof(proof).checkpoint).text);
  if (originGeneration(origin, federation.name, self.state) === undefined)
    throw new Fault('log.wrong-origin', 'the checkpoint is of no log of this state');
  let refusal: unknown = new Fault('log.no-known-signature', 'this state has no log key');
  for (const { usage, publicKey } of self.certificates) {
    if (usage !== 'log') continue;
    try {
      return verifyProof(proof, leaf, { origin, logVerifier: noteVerifier(origin, 'log', publicKey) });
    } catch (error) {
      if (!isFault(error)) throw error;
      refusal = error;
    }
  }
  throw refusal;
}
