import { firstNotAscending, toHex } from '@comity/digest';
import { Fault, isFault } from '@comity/fault';
import type { VerifiedKeyCertificate } from '@comity/identity';
import {
  type Checkpoint,
  type NoteKeyType,
  type NoteVerifier,
  noteVerifier,
  parseCheckpoint,
  parseProof,
  type SignatureLine,
  splitNote,
  verifyLine,
} from '@comity/log';
import { leafHash, verifyInclusion } from '@comity/merkle';
import { attempt, type Outcome } from './steps.ts';

/** A log proof whose form is right. Who signed its checkpoint is not known yet. */
export interface ReadProof {
  readonly index: number;
  readonly hashes: readonly Uint8Array[];
  readonly text: string;
  readonly lines: readonly SignatureLine[];
  readonly checkpoint: Checkpoint;
}

/**
 * Reads a proof of the log that is meant and shows that the leaf is in its tree (dossier.md 3.5, 3.6).
 *
 * @param isMeant whether a name is that of the log that is meant
 * @param notIncluded the code where the proof does not lead from the leaf to the root
 */
export function included(
  proofText: string,
  isMeant: (origin: string) => boolean,
  leaf: Uint8Array,
  notIncluded: 'dossier.not-in-log' | 'dossier.not-in-ledger',
): Outcome<ReadProof> {
  const read = attempt('dossier.proof-malformed', () => readProof(proofText, isMeant));
  if (read.status !== 'done') return read;
  const { index, hashes, checkpoint } = read.value;
  return attempt(notIncluded, () => {
    const { size, root } = checkpoint;
    verifyInclusion({ leafHash: leafHash(leaf), index, size, proof: hashes, root });
    return read.value;
  });
}

function readProof(proofText: string, isMeant: (origin: string) => boolean): ReadProof {
  const { index, hashes, checkpoint: note, extra } = parseProof(proofText);
  if (extra !== undefined)
    throw new Fault('log.proof-extra', 'expected no extra data: nobody has signed them');
  const { text, lines } = splitNote(note);
  assertAscending(note.slice(text.length + 1, -1).split('\n'));
  const checkpoint = parseCheckpoint(text);
  if (!isMeant(checkpoint.origin)) throw new Fault('log.wrong-origin', 'the checkpoint is of another log');
  return { index, hashes, text, lines, checkpoint };
}

/** Anybody can change the order of signature lines; here they have one, so that a proof has one spelling. */
function assertAscending(lines: readonly string[]): void {
  const encoder = new TextEncoder();
  if (firstNotAscending(lines.map((line) => encoder.encode(line))) >= 0)
    throw new Fault('dossier.unsorted', 'expected signature lines in strictly ascending order');
}

/** A key that signs notes under a name, and whose it is. */
export interface NoteKey {
  readonly verifier: NoteVerifier;
  readonly certificate: VerifiedKeyCertificate;
}

/** Keys of notes, found by the name and key id of a signature line (log.md 4.5). */
export class NoteKeys {
  readonly #keys = new Map<string, NoteKey[]>();
  /** What lines over texts came to: the records of a file are mostly in one tree, under one checkpoint. */
  readonly #read = new Map<string, SignedLine | Fault>();

  constructor(
    certificates: readonly VerifiedKeyCertificate[],
    type: NoteKeyType,
    nameOf: (certificate: VerifiedKeyCertificate) => string,
  ) {
    const seen = new Set<string>();
    for (const certificate of certificates) {
      const kid = toHex(certificate.kid);
      if (seen.has(kid)) continue;
      seen.add(kid);
      const verifier = noteVerifier(nameOf(certificate), type, certificate.publicKey);
      const place = placeOf(verifier);
      this.#keys.set(place, [...(this.#keys.get(place) ?? []), { verifier, certificate }]);
    }
  }

  /** The keys that a line claims to be of: a key id has four bytes, so they may be several. */
  claimedBy(line: SignatureLine): readonly NoteKey[] {
    return this.#keys.get(placeOf(line)) ?? [];
  }

  /**
   * Verifies a line under one of the keys that it claims to be of, of which there is one (dossier.md 3.7).
   *
   * @throws Fault `log.bad-signature-form`, `log.bad-time`, `log.bad-signature` where none of them has made it
   */
  signedBy(line: SignatureLine, text: string): SignedLine {
    // Neither name nor digits hold a line feed, so no other line over another text has this name.
    const place = `${placeOf(line)} ${toHex(line.signature)}\n${text}`;
    const outcome = this.#read.get(place) ?? signedLine(line, text, this.claimedBy(line));
    this.#read.set(place, outcome);
    if (outcome instanceof Fault) throw outcome;
    return outcome;
  }
}

function placeOf({ name, keyId }: { readonly name: string; readonly keyId: Uint8Array }): string {
  return `${toHex(keyId)} ${name}`;
}

/** Which of the keys that it claims to be of has made a line. */
export interface SignedLine {
  readonly key: NoteKey;
  /** Time of a cosignature. */
  readonly atSeconds: number | undefined;
}

/** The first of the keys that has made a line, or why the first one has not. */
function signedLine(line: SignatureLine, text: string, keys: readonly NoteKey[]): SignedLine | Fault {
  let first: Fault | undefined;
  for (const key of keys) {
    try {
      return { key, atSeconds: verifyLine(line, text, key.verifier) };
    } catch (thrown) {
      if (!isFault(thrown)) throw thrown;
      first ??= thrown;
    }
  }
  return first ?? new Fault('log.no-known-signature', 'the line is of no known key');
}
