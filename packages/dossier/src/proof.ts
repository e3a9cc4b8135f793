import { compareBytes, toHex } from '@comity/digest';
import { Fault, isFault } from '@comity/fault';
import type { KeyDirectory, KeyUsage, VerifiedKeyCertificate } from '@comity/identity';
import {
  type Checkpoint,
  type NoteKeyType,
  type NoteVerifier,
  noteVerifier,
  type OpenedNote,
  openNote,
  parseCheckpoint,
  parseProof,
  type SignatureLine,
  splitNote,
} from '@comity/log';
import { leafHash, verifyInclusion } from '@comity/merkle';
import { attempt, notDone, type Outcome } from './steps.ts';

/** A log proof whose form is right. Who signed its checkpoint is not known yet. */
export interface ReadProof {
  readonly index: number;
  readonly hashes: readonly Uint8Array[];
  /** The checkpoint as a note, and in its parts. */
  readonly note: string;
  readonly text: string;
  readonly lines: readonly SignatureLine[];
  readonly checkpoint: Checkpoint;
}

/**
 * Reads a proof of the log that is meant and shows that the leaf is in its tree (dossier.md 3.5, 3.6).
 *
 * @param notIncluded the code where the proof does not lead from the leaf to the root
 */
export function included(
  proofText: string,
  origin: string,
  leaf: Uint8Array,
  notIncluded: 'dossier.not-in-log' | 'dossier.not-in-ledger',
): Outcome<ReadProof> {
  const read = attempt('dossier.proof-malformed', () => readProof(proofText, origin));
  if (read.status !== 'done') return read;
  const { index, hashes, checkpoint } = read.value;
  return attempt(notIncluded, () => {
    const { size, root } = checkpoint;
    verifyInclusion({ leafHash: leafHash(leaf), index, size, proof: hashes, root });
    return read.value;
  });
}

function readProof(proofText: string, origin: string): ReadProof {
  const { index, hashes, checkpoint: note, extra } = parseProof(proofText);
  if (extra !== undefined)
    throw new Fault('log.proof-extra', 'expected no extra data: nobody has signed them');
  const { text, lines } = splitNote(note);
  assertAscending(note.slice(text.length + 1, -1).split('\n'));
  const checkpoint = parseCheckpoint(text);
  if (checkpoint.origin !== origin) throw new Fault('log.wrong-origin', 'the checkpoint is of another log');
  return { index, hashes, note, text, lines, checkpoint };
}

/** Anybody can change the order of signature lines; here they have one, so that a proof has one spelling. */
function assertAscending(lines: readonly string[]): void {
  const encoder = new TextEncoder();
  const keys = lines.map((line) => encoder.encode(line));
  if (keys.some((key, index) => index > 0 && compareBytes(keys[index - 1] as Uint8Array, key) >= 0))
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

  /** The keys that one of these lines claims to be of, each once. */
  claimedBy(lines: readonly SignatureLine[]): readonly NoteKey[] {
    return [...new Set(lines.flatMap((line) => this.#keys.get(placeOf(line)) ?? []))];
  }
}

function placeOf({ name, keyId }: { readonly name: string; readonly keyId: Uint8Array }): string {
  return `${toHex(keyId)} ${name}`;
}

/** A checkpoint that a key of its log has signed. */
export interface Opened {
  readonly logKeys: readonly NoteKey[];
  /** Keys of cosigners that have signed, with the times they give. */
  readonly cosigned: readonly { readonly key: NoteKey; readonly atSeconds: number }[];
}

/** dossier.md 3.7: every line of a known key is good, and one is of the log. */
export function openedBy(
  { note, lines }: ReadProof,
  logKeys: NoteKeys,
  cosigners: NoteKeys | undefined,
): Outcome<Opened> {
  const logs = logKeys.claimedBy(lines);
  if (logs.length === 0) return notDone('no-certificate');
  const others = cosigners?.claimedBy(lines) ?? [];
  const opened = attempt(
    'dossier.checkpoint-refused',
    (): OpenedNote =>
      openNote(
        note,
        [...logs, ...others].map(({ verifier }) => verifier),
      ),
  );
  if (opened.status !== 'done') return opened;
  const cosigned = others.flatMap((key) => {
    const atSeconds = opened.value.signatures.find(({ verifier }) => verifier === key.verifier)?.atSeconds;
    return atSeconds === undefined ? [] : [{ key, atSeconds }];
  });
  return { status: 'done', value: { logKeys: logs, cosigned } };
}

/** Whether a key counts for a usage at a time (charter.md 6.6). */
export function countsAt(
  directory: KeyDirectory,
  { certificate }: NoteKey,
  usage: KeyUsage,
  atSeconds: number,
): boolean {
  try {
    directory.resolve(certificate.kid, usage, atSeconds);
    return true;
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown;
    return false;
  }
}
