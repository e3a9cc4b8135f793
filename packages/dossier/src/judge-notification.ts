import { toHex } from '@comity/digest';
import { Fault } from '@comity/fault';
import {
  decodeLedgerEntry,
  type LedgerEntry,
  ledgerLogName,
  type SignatureLine,
  splitNote,
  verifyCosignature,
  witnessName,
} from '@comity/log';
import { CLOCK_SKEW_SECONDS, type RecordId } from '@comity/record';
import type { Notification } from './dossier.ts';
import type { Bench } from './judge-record.ts';
import { countsAt, included, NoteKeys, type Opened, openedBy, type ReadProof } from './proof.ts';
import type { NotificationReport, Verdict } from './report.ts';
import { attempt, done, failed, type NotificationStep, notDone, type Outcome, StepList } from './steps.ts';

/**
 * Takes the steps of a notification (dossier.md §6).
 *
 * @param records ids of the records in the file
 */
export function judgeNotification(
  given: Notification,
  records: ReadonlySet<RecordId>,
  bench: Bench,
): NotificationReport {
  const { sender, recipient } = given;
  const { known, federation } = bench;
  const origin = ledgerLogName(federation, sender, recipient);
  const list = new StepList<NotificationStep>();
  const entry = list.take('entry', [], () =>
    attempt('dossier.entry-malformed', () => decodeLedgerEntry(given.entry)),
  );
  list.take('record', ['entry'], () =>
    records.has(toHex((entry as LedgerEntry).recordId) as RecordId) ? done(null) : notDone('no-record'),
  );
  const proof = list.take('inclusion', ['entry'], () =>
    included(given.proof, origin, given.entry, 'dossier.not-in-ledger'),
  );
  list.take('sender', [], () => known.charterOf(sender));
  const opened = list.take('checkpoint', ['inclusion', 'sender'], () =>
    openedBy(
      proof as ReadProof,
      new NoteKeys(known.certificates('log', sender), 'log', () => origin),
      undefined,
    ),
  );
  list.take('recipient', [], () => known.charterOf(recipient));
  const receivedAtSeconds = list.take('receipt', ['checkpoint', 'recipient'], () =>
    receiptOf(given, (proof as ReadProof).text, opened as Opened, bench),
  );
  return {
    sender,
    recipient,
    verdict: verdictOf(list),
    steps: list.steps,
    ...(entry !== undefined && { released: releasedOf(entry) }),
    ...(receivedAtSeconds !== undefined && { receivedAtSeconds }),
  };
}

const ALL: readonly NotificationStep[] = [
  'entry',
  'record',
  'inclusion',
  'sender',
  'checkpoint',
  'recipient',
  'receipt',
];

function verdictOf(list: StepList<NotificationStep>): Verdict {
  if (list.hasFailed) return 'INVALID';
  return list.isDone(...ALL) ? 'VALID' : 'INDETERMINATE';
}

function releasedOf({
  recordId,
  disclosures,
  atSeconds,
  mode,
  purpose,
}: LedgerEntry): NonNullable<NotificationReport['released']> {
  return { recordId: toHex(recordId) as RecordId, digests: disclosures.map(toHex), atSeconds, mode, purpose };
}

/** dossier.md 6.7: the time that the recipient gives itself. */
function receiptOf(
  { recipient, receipt }: Notification,
  text: string,
  { logKeys }: Opened,
  { known, federation, atSeconds, witnesses }: Bench,
): Outcome<number> {
  const line = attempt('dossier.receipt-refused', () =>
    lineOf(receipt, text, witnessName(federation, recipient)),
  );
  if (line.status !== 'done') return line;
  const keys = witnesses.claimedBy([line.value]);
  const [key] = keys;
  if (key === undefined) return notDone('no-certificate');
  const time = attempt(
    'dossier.receipt-refused',
    () => verifyCosignature(receipt, text, key.verifier).atSeconds,
  );
  if (time.status !== 'done') return time;
  const isTimely =
    time.value <= atSeconds + CLOCK_SKEW_SECONDS &&
    countsAt(known.directory, key, 'witness', time.value) &&
    logKeys.some((each) => countsAt(known.directory, each, 'log', time.value));
  return isTimely ? time : failed('dossier.receipt-refused');
}

/** The one line that a receipt is, under the name of the recipient. */
function lineOf(receipt: string, text: string, name: string): SignatureLine {
  const split = splitNote(`${text}\n${receipt}`);
  const [line] = split.lines;
  if (line === undefined || split.lines.length > 1 || split.text !== text)
    throw new Fault('log.signature-line', 'expected one signature line with its line feed');
  if (line.name !== name) throw new Fault('log.no-known-signature', 'the receipt is under another name');
  return line;
}
