import type { Signer } from '@comity/ed25519';
import { Fault } from '@comity/fault';
import { utf8 } from './encoding.ts';
import {
  formatSignatureLine,
  isOfVerifier,
  parseSignatureLine,
  type SignatureLine,
  verifyLine,
} from './signature-line.ts';
import { assertDistinctVerifiers, type NoteVerifier, noteVerifier } from './verifier.ts';

/** Longest note, in bytes of UTF-8: a checkpoint with {@link MAX_NOTE_SIGNATURES} cosignatures fits. */
export const MAX_NOTE_BYTES = 65_536;
/** C2SP signed-note asks for at least 16; a federation may have more witnesses than that. */
export const MAX_NOTE_SIGNATURES = 256;

/** A verified signature of a known key. */
export interface NoteSignature {
  readonly verifier: NoteVerifier;
  /** The Ed25519 signature, of a cosignature preceded by its time. */
  readonly signature: Uint8Array;
  /** Of a cosignature only: when the signer says it was made, UTC seconds. */
  readonly atSeconds?: number;
}

export interface OpenedNote {
  /** The signed text, with its final line feed. */
  readonly text: string;
  /** One for each known key that signed, in the order of the verifiers. */
  readonly signatures: readonly NoteSignature[];
}

/** A note in its parts, not verified: attacker-controlled. */
export interface SplitNote {
  readonly text: string;
  readonly lines: readonly SignatureLine[];
}

// C2SP signed-note: of the characters below U+0020 only the line feed.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
const CONTROL = /[\u0000-\u0009\u000b-\u001f]/;

/**
 * Splits a note at its last empty line and reads each signature line, without verifying anything: for finding out which
 * keys to open it with (name and key id of each line, origin of a checkpoint).
 *
 * @throws Fault `log.too-large`, `log.not-text`, `log.control-character`, `log.no-final-newline`, `log.no-signatures`,
 * `log.too-many-signatures`, `log.signature-line`, `log.bad-base64`
 */
export function splitNote(note: string): SplitNote {
  assertNoteText(note);
  if (!note.endsWith('\n')) throw new Fault('log.no-final-newline', 'expected a line feed at the end');
  // The last empty line: the text may contain others, and a split at the first would sign less than it shows.
  const textEnd = note.lastIndexOf('\n\n') + 1;
  const block = note.slice(textEnd + 1, -1);
  if (textEnd === 0 || block === '') {
    throw new Fault('log.no-signatures', 'expected signatures after an empty line');
  }
  const lines = block.split('\n', MAX_NOTE_SIGNATURES + 1);
  if (lines.length > MAX_NOTE_SIGNATURES) {
    throw new Fault('log.too-many-signatures', `expected at most ${MAX_NOTE_SIGNATURES} signatures`);
  }
  return { text: note.slice(0, textEnd), lines: lines.map(parseSignatureLine) };
}

/** Size and characters, before anything is read. */
function assertNoteText(text: string): void {
  // A text has at least as many bytes as UTF-16 units, and at most three times as many: mostly no need to count.
  const units = text.length;
  if (units > MAX_NOTE_BYTES || (3 * units > MAX_NOTE_BYTES && utf8(text).length > MAX_NOTE_BYTES)) {
    throw new Fault('log.too-large', `expected at most ${MAX_NOTE_BYTES} bytes`);
  }
  if (!text.isWellFormed()) throw new Fault('log.not-text', 'expected text that can be written as UTF-8');
  if (CONTROL.test(text)) {
    throw new Fault('log.control-character', 'expected no control character but the line feed');
  }
}

/**
 * Opens a signed note (C2SP signed-note): at least one of the known keys must have signed, and each signature of a known
 * key must verify. Signatures of other keys are ignored. A key that signed several times counts once; of its
 * cosignatures the earliest counts, so that the order of lines, which anybody can change, decides nothing.
 *
 * @throws Fault `log.ambiguous-verifiers`, those of the form of a note, `log.bad-signature-form`, `log.bad-time`,
 * `log.bad-signature`, `log.no-known-signature`
 */
export function openNote(note: string, verifiers: readonly NoteVerifier[]): OpenedNote {
  assertDistinctVerifiers(verifiers);
  const { text, lines } = splitNote(note);
  const signatures = verifiers.flatMap((verifier) => verifiedSignature(lines, text, verifier) ?? []);
  if (signatures.length === 0) {
    throw new Fault('log.no-known-signature', 'expected a signature of a known key');
  }
  return { text, signatures };
}

/** The signature of one key among the lines; every one of them must verify. */
export function verifiedSignature(
  lines: readonly SignatureLine[],
  text: string,
  verifier: NoteVerifier,
): NoteSignature | undefined {
  let earliest: NoteSignature | undefined;
  for (const line of lines) {
    if (!isOfVerifier(line, verifier)) continue;
    const atSeconds = verifyLine(line, text, verifier);
    if (earliest?.atSeconds !== undefined && atSeconds !== undefined && earliest.atSeconds <= atSeconds)
      continue;
    const { signature } = line;
    earliest = atSeconds === undefined ? { verifier, signature } : { verifier, signature, atSeconds };
  }
  return earliest;
}

/**
 * Signs a text under a name. The text ends with a line feed; it may contain empty lines.
 *
 * @throws Fault `log.bad-key-name`, `log.note-text`, `log.too-large`, `log.not-text`, `log.control-character`; whatever
 * the signer throws
 */
export async function signNote(text: string, name: string, signer: Signer): Promise<string> {
  assertNoteText(text);
  if (!text.endsWith('\n')) throw new Fault('log.note-text', 'expected a text that ends with a line feed');
  const verifier = noteVerifier(name, 'log', signer.publicKey);
  return `${text}\n${formatSignatureLine(verifier, await signer.sign(utf8(text)))}`;
}

/**
 * A note with one more signature line, as a witness answers it (with its line feed). A line that is there already is
 * not added again. The signature is not verified.
 *
 * @throws Fault those of the form of a note, `log.signature-line`, `log.bad-base64`, `log.too-many-signatures`
 */
export function addSignatureLine(note: string, line: string): string {
  const { text } = splitNote(note);
  if (!line.endsWith('\n')) {
    throw new Fault('log.signature-line', 'expected a line feed at the end of the line');
  }
  parseSignatureLine(line.slice(0, -1));
  if (`\n${note.slice(text.length + 1)}`.includes(`\n${line}`)) return note;
  const extended = note + line;
  splitNote(extended);
  return extended;
}
