import { toHex } from '@comity/digest';
import { Fault } from '@comity/fault';
import {
  decodeLedgerEntry,
  ledgerLogName,
  type ReleaseEntry,
  type SignatureLine,
  splitNote,
  witnessName,
} from '@comity/log';
import { CLOCK_SKEW_SECONDS, disclosureDigestHex, type RecordId } from '@comity/record';
import { type Histories, isValidAt, type Opened, openedBy } from './checkpoints.ts';
import type { DossierRecord, Notification } from './dossier.ts';
import type { FiledConsents } from './judge-consent.ts';
import type { Bench, RecordJudgement } from './judge-record.ts';
import { included, NoteKeys, type ReadProof } from './proof.ts';
import type { NotificationReport, Verdict } from './report.ts';
import { attempt, done, failed, type NotificationStep, notDone, type Outcome, StepList } from './steps.ts';

/** A record of the file, with what was found of it. */
export interface JudgedRecord {
  readonly given: DossierRecord;
  readonly judgement: RecordJudgement;
}

/** The steps of a notification (dossier.md §6), up to what its checkpoint shows beside the others of the file. */
export class NotificationJudgement {
  /** The checkpoint of its proof, where the steps before that one are done. */
  readonly opening: Outcome<Opened> | undefined;
  readonly #given: Notification;
  readonly #bench: Bench;
  readonly #list = new StepList<NotificationStep>();
  readonly #entry: ReleaseEntry | undefined;
  readonly #named: JudgedRecord | undefined;

  constructor(given: Notification, records: ReadonlyMap<RecordId, JudgedRecord>, bench: Bench) {
    const { sender, recipient } = given;
    const { known, federation } = bench;
    const origin = ledgerLogName(federation, sender, recipient);
    const list = this.#list;
    this.#given = given;
    this.#bench = bench;
    const entry = list.take('entry', [], () => entryOf(given, records));
    this.#entry = entry;
    this.#named = entry && records.get(toHex(entry.recordId) as RecordId);
    list.take('record', ['entry'], () => (this.#named === undefined ? notDone('no-record') : done(null)));
    const proof = list.take('inclusion', ['entry'], () =>
      included(given.proof, (name) => name === origin, given.entry, 'dossier.not-in-ledger'),
    );
    list.take('sender', [], () => known.charterOf(sender));
    this.opening = list.isDone('inclusion', 'sender')
      ? openedBy(proof as ReadProof, new NoteKeys(known.certificates('log', sender), 'log', () => origin))
      : undefined;
  }

  /** Takes the last steps, now that every checkpoint of the file was opened. */
  report(histories: Histories, consents: FiledConsents): NotificationReport {
    const { sender, recipient } = this.#given;
    const list = this.#list;
    const entry = this.#entry;
    const opened = list.take('checkpoint', ['inclusion', 'sender'], () =>
      histories.alone(this.opening as Outcome<Opened>),
    );
    list.take('recipient', [], () => this.#bench.known.charterOf(recipient));
    const receivedAtSeconds = list.take('receipt', ['checkpoint', 'recipient'], () =>
      receiptOf(this.#given, { entry: entry as ReleaseEntry, opened: opened as Opened, bench: this.#bench }),
    );
    list.take('consent', ['entry', 'record', 'receipt'], () => {
      const given = { entry: entry as ReleaseEntry, holder: sender, thirdParty: recipient };
      if (given.entry.mode !== 'relay') return done(null);
      return consents.judge({ ...given, receivedAtSeconds: receivedAtSeconds as number });
    });
    return {
      sender,
      recipient,
      verdict: verdictOf(list),
      steps: list.steps,
      ...(entry !== undefined && { released: releasedOf(entry, this.#named?.given.disclosures ?? []) }),
      ...(receivedAtSeconds !== undefined && { receivedAtSeconds }),
    };
  }
}

const ALL: readonly NotificationStep[] = [
  'entry',
  'record',
  'inclusion',
  'sender',
  'checkpoint',
  'recipient',
  'receipt',
  'consent',
];

function verdictOf(list: StepList<NotificationStep>): Verdict {
  if (list.hasFailed) return 'INVALID';
  return list.isDone(...ALL) ? 'VALID' : 'INDETERMINATE';
}

/** dossier.md 6.1: what the sender says, where that fits the record. */
function entryOf(
  { entry, sender }: Notification,
  records: ReadonlyMap<RecordId, JudgedRecord>,
): Outcome<ReleaseEntry> {
  const read = attempt('dossier.entry-malformed', () => releaseIn(entry));
  if (read.status !== 'done') return read;
  const header = records.get(toHex(read.value.recordId) as RecordId)?.judgement.record?.header;
  if (header === undefined) return read;
  const isRelayed = read.value.mode === 'relay';
  return isRelayed === (header.issuer !== sender) ? read : failed('dossier.wrong-mode');
}

/** No other kind of entry says what was released of a record. */
function releaseIn(bytes: Uint8Array): ReleaseEntry {
  const entry = decodeLedgerEntry(bytes);
  if (entry.kind === 'release') return entry;
  throw new Fault('dossier.entry-malformed', 'expected an entry that releases a record');
}

function releasedOf(
  { recordId, disclosures, atSeconds, mode, purpose }: ReleaseEntry,
  inFile: readonly Uint8Array[],
): NonNullable<NotificationReport['released']> {
  const shown = new Set(inFile.map(disclosureDigestHex));
  const digests = disclosures.map(toHex);
  const told = digests.map((digest) => ({ digest, shown: shown.has(digest) }));
  return { recordId: toHex(recordId) as RecordId, digests, told, atSeconds, mode, purpose };
}

/** dossier.md 6.7: the time that the recipient gives itself. */
function receiptOf(
  { recipient, receipt }: Notification,
  {
    entry,
    opened: { logKeys, proof },
    bench: { known, federation, atSeconds, witnesses },
  }: { readonly entry: ReleaseEntry; readonly opened: Opened; readonly bench: Bench },
): Outcome<number> {
  const line = attempt('dossier.receipt-refused', () =>
    lineOf(receipt, proof.text, witnessName(federation, recipient)),
  );
  if (line.status !== 'done') return line;
  if (witnesses.claimedBy(line.value).length === 0) return notDone('no-certificate');
  const signed = attempt('dossier.receipt-refused', () => witnesses.signedBy(line.value, proof.text));
  if (signed.status !== 'done') return signed;
  const { key } = signed.value;
  const time = signed.value.atSeconds as number;
  if (time > atSeconds + CLOCK_SKEW_SECONDS) return notDone('later-than-asked');
  if (time < entry.atSeconds - CLOCK_SKEW_SECONDS) return notDone('before-entry');
  // A receipt is nobody's word but the recipient's: nothing shows that a key that is revoked has not been stolen by then.
  if (known.standingOf(key.certificate.kid)?.standing === 'revoked') return notDone('revoked-time-unknown');
  const isOfTime = isValidAt(known, key, time) && logKeys.some((each) => isValidAt(known, each, time));
  return isOfTime ? done(time) : notDone('no-certificate-then');
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
