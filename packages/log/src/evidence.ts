import { Fault } from '@comity/fault';
import { type EquivocationEvidence, equivocation, type SignedCheckpoint } from './equivocation.ts';
import { splitNote } from './note.ts';
import { formatSignatureLine, isOfVerifier } from './signature-line.ts';
import { formatVkey, type NoteVerifier, parseVkey } from './verifier.ts';

const HEADER = 'comity-equivocation@v1';
/** Two verifier keys, two checkpoints of three lines and two signature lines fit, whatever their names. */
export const MAX_EVIDENCE_CHARACTERS = 4_096;
/** Header; twice an empty line, a verifier key, a checkpoint, an empty line and a signature line; what ends the last. */
const LINES = 1 + 2 * 7 + 1;
const LOG = 'log ';

/**
 * The file of a piece of evidence: of each checkpoint only its text and the line of the key that is given with it, so that
 * whoever finds the same two checkpoints writes the same bytes.
 *
 * @throws Fault `log.no-log-signature` where a note lacks the line of its key; those of `splitNote`
 */
export function formatEvidence({ histories }: EquivocationEvidence): string {
  return `${HEADER}\n${histories.map((history) => `\n${LOG}${formatVkey(history.logVerifier)}\n${bareNote(history)}`).join('')}`;
}

/**
 * The checkpoint with the line of its one key alone: whoever else has signed it, it is the same.
 *
 * @throws Fault `log.no-log-signature` where it lacks the line; those of `splitNote`
 */
export function bareNote({ note, logVerifier }: SignedCheckpoint): string {
  const { text, lines } = splitNote(note);
  const line = lines.find((each) => isOfVerifier(each, logVerifier));
  if (line === undefined) throw new Fault('log.no-log-signature', 'expected a signature of the log itself');
  return `${text}\n${formatSignatureLine(logVerifier, line.signature)}`;
}

/**
 * Reads and verifies a file of evidence. It needs nothing else: that the log keeps two histories follows from the file. Whose
 * log it is does not; that is for the certificates of the state in the name to say (log.md 5.6).
 *
 * @throws Fault `log.too-large`, `log.evidence-form`, `log.evidence-order`, `log.evidence-nothing`, those of `parseVkey` and
 *   of `openCheckpoint`
 */
export function verifyEvidence(text: string): EquivocationEvidence {
  if (text.length > MAX_EVIDENCE_CHARACTERS)
    throw new Fault('log.too-large', `expected at most ${MAX_EVIDENCE_CHARACTERS} characters`);
  const lines = text.split('\n', LINES + 1);
  if (lines.length !== LINES || lines[0] !== HEADER || lines[LINES - 1] !== '') throw formFault();
  const [a, b] = [partAt(lines, 1), partAt(lines, 8)];
  const evidence = equivocation(a, b);
  if (evidence === undefined)
    throw new Fault('log.evidence-nothing', 'the two checkpoints do not contradict each other');
  if (evidence.histories[0].note !== a.note)
    throw new Fault('log.evidence-order', 'expected the checkpoints in the order of their roots');
  return evidence;
}

function partAt(lines: readonly string[], at: number): SignedCheckpoint {
  const [empty, key, ...note] = lines.slice(at, at + 7);
  if (empty !== '' || key === undefined || !key.startsWith(LOG)) throw formFault();
  return { logVerifier: logKey(key.slice(LOG.length)), note: `${note.join('\n')}\n` };
}

function logKey(vkey: string): NoteVerifier {
  const verifier = parseVkey(vkey);
  if (verifier.type !== 'log') throw new Fault('log.origin-key-mismatch', 'expected a key of a log');
  return verifier;
}

function formFault(): Fault {
  return new Fault('log.evidence-form', `expected ${HEADER} and two checkpoints, each under its key`);
}
