import { equalBytes } from '@comity/digest';
import { Fault, isFault } from '@comity/fault';
import type { KeyDirectory, KeyUsage, VerifiedKeyCertificate } from '@comity/identity';
import {
  type NoteKeyType,
  type NoteVerifier,
  noteVerifier,
  type OpenedCheckpoint,
  openCheckpoint,
  splitNote,
} from '@comity/log';

/** The keys of the other state, as far as they are known. */
export interface LedgerKeys {
  readonly certificates: readonly VerifiedKeyCertificate[];
  /** Holds these certificates, and says which of them count. */
  readonly directory: KeyDirectory;
  /** When what was signed with them is opened, UTC seconds. */
  readonly atSeconds: number;
}

/**
 * Opens a checkpoint of a ledger with the log key of the sender that its signature line names (ledger.md §2.2).
 *
 * @throws Fault `log.no-log-signature` where no line is of a known log key; `identity.*` where the key does not count at
 *   the time; `log.*`
 */
export function openLedgerCheckpoint(note: string, origin: string, keys: LedgerKeys): OpenedCheckpoint {
  const logVerifier = signerOf(note, { name: origin, type: 'log', usage: 'log' }, keys);
  if (logVerifier === undefined)
    throw new Fault('log.no-log-signature', 'the checkpoint is not signed by a known log key of the sender');
  return openCheckpoint(note, { origin, logVerifier });
}

interface Role {
  readonly name: string;
  readonly type: NoteKeyType;
  readonly usage: KeyUsage;
}

/**
 * The key, among those that are known, whose line a note has. A state may have several keys of a use; of several that have
 * signed, one that is valid is enough.
 *
 * @throws Fault `identity.*` where those that have signed do not count at the time, `log.*` where the note has another form
 */
export function signerOf(
  note: string,
  { name, type, usage }: Role,
  keys: LedgerKeys,
): NoteVerifier | undefined {
  const { lines } = splitNote(note);
  let invalid: Fault | undefined;
  for (const certificate of keys.certificates) {
    if (certificate.usage !== usage) continue;
    const verifier = noteVerifier(name, type, certificate.publicKey);
    // A line belongs to a key by name and key id both (log.md §4.5): one of another name is nobody's.
    const hasSigned = lines.some((line) => line.name === name && equalBytes(line.keyId, verifier.keyId));
    if (!hasSigned) continue;
    try {
      keys.directory.resolve(certificate.kid, usage, keys.atSeconds);
      return verifier;
    } catch (thrown) {
      if (!isFault(thrown)) throw thrown;
      invalid ??= thrown;
    }
  }
  if (invalid !== undefined) throw invalid;
  return undefined;
}
