import type { Signer } from '@comity/ed25519';
import { Fault } from '@comity/fault';
import { parseCheckpoint } from './checkpoint.ts';
import { splitNote, verifiedSignature } from './note.ts';
import {
  cosignatureMessage,
  formatSignatureLine,
  LINE_START,
  parseSignatureLine,
  type SignatureLine,
  timestamped,
} from './signature-line.ts';
import { type NoteVerifier, noteVerifier } from './verifier.ts';

/**
 * Cosigns a checkpoint (C2SP tlog-cosignature v1): as of this time it is the latest consistent one the cosigner has
 * seen of this log. The cosigner must have saved that before it hands the line out. Returns a signature line with its
 * line feed.
 *
 * @throws Fault those of `parseCheckpoint`, `log.bad-key-name`, `log.bad-time`; whatever the signer throws
 */
export async function cosign(
  checkpointText: string,
  atSeconds: number,
  name: string,
  signer: Signer,
): Promise<string> {
  parseCheckpoint(checkpointText);
  if (!Number.isSafeInteger(atSeconds) || atSeconds < 0) {
    throw new Fault('log.bad-time', 'expected a time from 0 to 2^53-1 seconds');
  }
  const signature = await signer.sign(cosignatureMessage(checkpointText, atSeconds));
  return formatSignatureLine(
    noteVerifier(name, 'cosignature', signer.publicKey),
    timestamped(atSeconds, signature),
  );
}

/**
 * Verifies a cosigner's signature on a checkpoint, from a single line or among the lines of a whole note, and returns
 * its time. Where the cosigner signed several times, all must verify and the earliest counts.
 *
 * @throws Fault `log.origin-key-mismatch`, those of the form of a note, `log.other-checkpoint`,
 * `log.no-known-signature`, `log.bad-signature-form`, `log.bad-time`, `log.bad-signature`
 */
export function verifyCosignature(
  noteOrLine: string,
  checkpointText: string,
  verifier: NoteVerifier,
): { readonly atSeconds: number } {
  if (verifier.type !== 'cosignature') {
    throw new Fault('log.origin-key-mismatch', 'expected a cosignature key');
  }
  const signature = verifiedSignature(linesOf(noteOrLine, checkpointText), checkpointText, verifier);
  if (signature?.atSeconds === undefined) {
    throw new Fault('log.no-known-signature', 'expected a signature of the cosigner', {
      fields: { name: verifier.name },
    });
  }
  return { atSeconds: signature.atSeconds };
}

function linesOf(noteOrLine: string, checkpointText: string): readonly SignatureLine[] {
  // No checkpoint begins like a signature line: an origin has no space.
  if (noteOrLine.startsWith(LINE_START)) {
    if (!noteOrLine.endsWith('\n')) {
      throw new Fault('log.no-final-newline', 'expected a line feed at the end');
    }
    return [parseSignatureLine(noteOrLine.slice(0, -1))];
  }
  const { text, lines } = splitNote(noteOrLine);
  if (text !== checkpointText) throw new Fault('log.other-checkpoint', 'the note holds another checkpoint');
  return lines;
}
