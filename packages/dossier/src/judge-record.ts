import { toHex } from '@comity/digest';
import type { StateId } from '@comity/label';
import { grantOf } from '@comity/ledger';
import { originLogName } from '@comity/log';
import {
  authoriseRecord,
  CLOCK_SKEW_SECONDS,
  checkWellFormed,
  decodeRecord,
  openView,
  type RecordId,
  verifyRecord,
  type WellFormedRecord,
} from '@comity/record';
import { type DossierRecord, idOf } from './dossier.ts';
import type { Known } from './known.ts';
import { countsAt, included, NoteKeys, type Opened, openedBy, type ReadProof } from './proof.ts';
import type { CosignedBy, RecordReport, Verdict } from './report.ts';
import { attempt, done, failed, notDone, type Outcome, type RecordStep, StepList } from './steps.ts';

/** What the records and notifications of a dossier are judged with. */
export interface Bench {
  readonly known: Known;
  readonly federation: string;
  /** When the verifier asks, UTC seconds. */
  readonly atSeconds: number;
  /** Witness keys of every anchor. */
  readonly witnesses: NoteKeys;
}

/** A report without what depends on the other records of the file. */
export type RecordFindings = Omit<RecordReport, 'retractedBy' | 'supersededBy'>;

/** What a record rests on: without one of these it is not shown to be its issuer's. */
const ESSENTIAL: readonly RecordStep[] = ['form', 'issuer', 'key', 'signature', 'authority', 'parts'];

/** Takes the steps of a record (dossier.md §5). */
export function judgeRecord(given: DossierRecord, bench: Bench): RecordFindings {
  const { known, federation, atSeconds } = bench;
  const list = new StepList<RecordStep>();
  const record = list.take('form', [], () => wellFormed(given.record));
  list.take('issuer', ['form'], () => known.charterOf(issuerOf(record)));
  const certificate = list.take('key', ['issuer'], () => certificateOf(record as WellFormedRecord, known));
  const verified = list.take('signature', ['key'], () =>
    attempt('dossier.forged', () =>
      verifyRecord(record as WellFormedRecord, (certificate as Certificate).publicKey),
    ),
  );
  const authorised = list.take('authority', ['signature'], () =>
    attempt('dossier.not-authorised', () =>
      authoriseRecord(
        verified as NonNullable<typeof verified>,
        grantOf(certificate as Certificate, known.directory),
        atSeconds,
      ),
    ),
  );
  const view = list.take('parts', ['authority'], () =>
    attempt('dossier.parts-refused', () =>
      openView(authorised as NonNullable<typeof authorised>, given.disclosures),
    ),
  );

  const origin = (): string => originLogName(federation, issuerOf(record));
  const id = idOf(given);
  const proof = list.take('inclusion', ['form'], () =>
    given.proof === undefined
      ? notDone('no-proof')
      : included(given.proof, origin(), id, 'dossier.not-in-log'),
  );
  let counted: readonly CosignedBy[] = [];
  const opened = list.take('checkpoint', ['issuer', 'inclusion'], () => {
    const outcome = checkpointOf(proof as ReadProof, issuerOf(record), bench);
    if (outcome.status === 'done') counted = outcome.value;
    return outcome;
  });
  list.take('cosignatures', ['checkpoint'], () =>
    counted.length === 0 ? notDone('no-cosignature') : done(null),
  );
  return {
    id: toHex(id) as RecordId,
    verdict: verdictOf(list),
    steps: list.steps,
    ...(record !== undefined && { header: record.header }),
    ...(view !== undefined && { view }),
    ...(opened !== undefined &&
      proof !== undefined && { logged: { index: proof.index, size: proof.checkpoint.size } }),
    cosignatures: opened ?? [],
  };
}

type Certificate = ReturnType<Known['certificates']>[number];

function verdictOf(list: StepList<RecordStep>): Verdict {
  if (list.hasFailed) return 'INVALID';
  return list.isDone(...ESSENTIAL) ? 'VALID' : 'INDETERMINATE';
}

function issuerOf(record: WellFormedRecord | undefined): StateId {
  return (record as WellFormedRecord).header.issuer;
}

function wellFormed(bytes: Uint8Array): Outcome<WellFormedRecord> {
  const decoded = attempt('dossier.record-malformed', () => decodeRecord(bytes));
  if (decoded.status !== 'done') return decoded;
  // The id of a record is that of its bytes only where no disclosures stand in them (dossier.md 2.4).
  if (decoded.value.disclosures.length > 0) return failed('dossier.record-malformed');
  return attempt('dossier.record-malformed', () => checkWellFormed(decoded.value));
}

/** dossier.md 5.3. */
function certificateOf({ header }: WellFormedRecord, known: Known): Outcome<Certificate> {
  const { kid, issuer, issuedAtSeconds } = header;
  const [first] = known.certificatesFor(kid);
  if (first === undefined) return notDone('no-certificate');
  if (first.issuer !== issuer || first.usage !== 'record') return failed('dossier.wrong-key');
  return attempt('dossier.key-not-valid', () => known.directory.resolve(kid, 'record', issuedAtSeconds));
}

/** dossier.md 5.8: the cosignatures that count on a checkpoint of the issuer's log. */
function checkpointOf(
  proof: ReadProof,
  issuer: StateId,
  { known, federation, atSeconds, witnesses }: Bench,
): Outcome<readonly CosignedBy[]> {
  const logKeys = new NoteKeys(known.certificates('log', issuer), 'log', () =>
    originLogName(federation, issuer),
  );
  const opened = openedBy(proof, logKeys, witnesses);
  if (opened.status !== 'done') return opened;
  const cosignatures = countedOf(opened.value, issuer, { known, atSeconds });
  const earliest = Math.min(...cosignatures.map((each) => each.atSeconds));
  // Nothing in a checkpoint tells when it was signed.
  const keySeconds = cosignatures.length === 0 ? atSeconds : earliest;
  return opened.value.logKeys.some((key) => countsAt(known.directory, key, 'log', keySeconds))
    ? done(cosignatures)
    : notDone('key-time');
}

/** Of each state but the issuer, its earliest cosignature by a key that was valid at its time. */
function countedOf(
  { cosigned }: Opened,
  issuer: StateId,
  { known, atSeconds }: Pick<Bench, 'known' | 'atSeconds'>,
): readonly CosignedBy[] {
  const earliest = new Map<StateId, number>();
  for (const { key, atSeconds: time } of cosigned) {
    const state = key.certificate.issuer;
    if (state === issuer || time > atSeconds + CLOCK_SKEW_SECONDS) continue;
    if (!countsAt(known.directory, key, 'witness', time)) continue;
    earliest.set(state, Math.min(time, earliest.get(state) ?? time));
  }
  return [...earliest]
    .map(([state, time]) => ({ state, atSeconds: time }))
    .toSorted((a, b) => (a.state < b.state ? -1 : 1));
}
