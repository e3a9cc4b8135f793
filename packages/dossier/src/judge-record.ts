import { equalBytes, toHex } from '@comity/digest';
import { keyStateAge, type VerifiedKeyCertificate } from '@comity/identity';
import type { StateId } from '@comity/label';
import { grantOf } from '@comity/ledger';
import { originGeneration } from '@comity/log';
import {
  type AuthorisedRecord,
  authoriseRecord,
  CLOCK_SKEW_SECONDS,
  checkWellFormed,
  decodeRecord,
  openView,
  type RecordId,
  type VerifiedRecord,
  type View,
  verifyRecord,
  type WellFormedRecord,
} from '@comity/record';
import { countedOf, type Histories, isValidAt, type Opened, openedBy } from './checkpoints.ts';
import { type DossierRecord, idOf } from './dossier.ts';
import type { Quorum, QuorumBench } from './judge-quorum.ts';
import { delegationOf, isCurrent, isDelegated, standingOf } from './judge-standing.ts';
import type { Known } from './known.ts';
import { included, type NoteKeys, type ReadProof } from './proof.ts';
import type { CosignedBy, RecordReport, Remark, Verdict } from './report.ts';
import { attempt, done, failed, notDone, type Outcome, type RecordStep, StepList } from './steps.ts';

/** What the records and notifications of a dossier are judged with. */
export interface Bench {
  readonly known: Known;
  readonly federation: string;
  /** When the verifier asks, UTC seconds. */
  readonly atSeconds: number;
  /** Witness keys of every anchor. */
  readonly witnesses: NoteKeys;
  /** Keys of a log of what a state has issued, by its name. */
  readonly logKeysOf: (issuer: StateId, origin: string) => NoteKeys;
  /** Where the verifier has given a policy. */
  readonly quorum: QuorumBench | undefined;
}

/** A report without what depends on the other records of the file. */
export type RecordFindings = Omit<RecordReport, 'retractedBy' | 'supersededBy'>;

/** What a record rests on: without one of these it is not shown to be its issuer's. */
const ESSENTIAL: readonly RecordStep[] = ['form', 'issuer', 'key', 'signature', 'authority', 'parts'];

/** The steps of a record (dossier.md §5), up to what its checkpoint shows beside the others of the file. */
export class RecordJudgement {
  readonly id: RecordId;
  readonly record: WellFormedRecord | undefined;
  /** The checkpoint of its proof, where the steps before that one are done. */
  readonly opening: Outcome<Opened> | undefined;
  readonly #list = new StepList<RecordStep>();
  readonly #bench: Bench;
  readonly #view: View | undefined;

  constructor(given: DossierRecord, bench: Bench) {
    const { known, federation } = bench;
    const list = this.#list;
    const id = idOf(given);
    this.id = toHex(id) as RecordId;
    this.#bench = bench;
    const record = list.take('form', [], () => wellFormed(given.record));
    this.record = record;
    list.take('issuer', ['form'], () => known.charterOf(issuerOf(record)));
    this.#view = this.#opened(given.disclosures);
    const proof = list.take('inclusion', ['form'], () =>
      given.proof === undefined
        ? notDone('no-proof')
        : included(
            given.proof,
            (origin) => originGeneration(origin, federation, issuerOf(record)) !== undefined,
            id,
            'dossier.not-in-log',
          ),
    );
    this.opening = list.isDone('issuer', 'inclusion')
      ? openedOf(proof as ReadProof, issuerOf(record), bench)
      : undefined;
  }

  /** Who has signed the record, for what, and what it shows. */
  #opened(disclosures: readonly Uint8Array[]): View | undefined {
    const list = this.#list;
    const { known, atSeconds } = this.#bench;
    const { record } = this;
    const certificates = list.take('key', ['issuer'], () =>
      certificatesOf(record as WellFormedRecord, known),
    );
    const verified = list.take('signature', ['key'], () =>
      attempt('dossier.forged', () => {
        const [{ publicKey }] = certificates as Certificates;
        return verifyRecord(record as WellFormedRecord, publicKey);
      }),
    );
    const authorised = list.take('authority', ['signature'], () =>
      authorisedBy(verified as VerifiedRecord, certificates as Certificates, { known, atSeconds }),
    );
    return list.take('parts', ['authority'], () =>
      attempt('dossier.parts-refused', () => {
        const [first, ...others] = viewsOf(authorised as readonly AuthorisedRecord[], disclosures);
        return anyOf(first as () => View, others);
      }),
    );
  }

  /** Takes the last steps, now that every checkpoint of the file was opened. */
  findings(histories: Histories): RecordFindings {
    const list = this.#list;
    const { opening, record } = this;
    const bench = this.#bench;
    let counted: readonly CosignedBy[] = [];
    let quorum: Quorum | undefined;
    const opened = list.take('checkpoint', ['issuer', 'inclusion'], () => {
      const alone = histories.alone(opening as Outcome<Opened>);
      const outcome = alone.status === 'done' ? withinItsLog(alone.value, issuerOf(record), bench) : alone;
      if (outcome.status !== 'done') return outcome;
      const { header } = record as WellFormedRecord;
      counted = countedOf(outcome.value.proof, { ...bench, ...header });
      quorum = bench.quorum?.judge(outcome.value.proof);
      return isKeyOfTime(outcome.value, { counted, trusted: quorum?.trustedSeconds }, bench)
        ? outcome
        : notDone('key-time');
    });
    list.take('cosignatures', ['checkpoint'], () =>
      counted.length === 0 ? notDone('no-cosignature') : done(null),
    );
    list.take('quorum', bench.quorum === undefined ? [] : ['checkpoint'], () => {
      if (bench.quorum === undefined) return notDone('no-policy');
      return quorum?.isReached === true ? done(null) : notDone('no-quorum');
    });
    const trustedSeconds = list.isDone('quorum') ? quorum?.trustedSeconds : undefined;
    const standing = list.take('standing', ['key'], () =>
      standingOf((record as WellFormedRecord).header, bench.known, trustedSeconds),
    );
    const delegated: readonly Remark[] =
      list.isDone('key') && isDelegated((record as WellFormedRecord).header, bench.known)
        ? ['delegated']
        : [];
    list.take('currency', ['issuer'], () => isCurrent(issuerOf(record), bench));
    list.take('delegation', ['issuer'], () =>
      delegationOf((record as WellFormedRecord).header, bench.known, list.isFailed('authority')),
    );
    return {
      id: this.id,
      verdict: verdictOf(list, bench),
      steps: list.steps,
      ...(record !== undefined && { header: record.header }),
      ...(this.#view !== undefined && { view: this.#view }),
      ...(opened !== undefined && {
        logged: { index: opened.proof.index, size: opened.proof.checkpoint.size },
      }),
      ...(trustedSeconds !== undefined && { trustedSeconds }),
      ...this.#keyState(),
      cosignatures: opened === undefined ? [] : counted,
      remarks: [...delegated, ...(standing ?? [])],
    };
  }

  /** By which word of the issuer its keys are judged. */
  #keyState(): Pick<RecordReport, 'keyState'> {
    if (!this.#list.isDone('issuer')) return {};
    const { known, atSeconds } = this.#bench;
    const keyState = known.directory.keyStateOf(issuerOf(this.record));
    return keyState === undefined
      ? {}
      : { keyState: { version: keyState.version, ...keyStateAge(keyState, atSeconds) } };
  }
}

function openedOf(proof: ReadProof, issuer: StateId, { logKeysOf }: Bench): Outcome<Opened> {
  return openedBy(proof, logKeysOf(issuer, proof.checkpoint.origin));
}

/** dossier.md 5.15: the log is the one in use or one that has ended, and that not before the checkpoint. */
function withinItsLog(opened: Opened, issuer: StateId, { known, federation }: Bench): Outcome<Opened> {
  const { origin, size, root } = opened.proof.checkpoint;
  const { endedLogs = [] } = known.directory.keyStateOf(issuer) ?? {};
  const generation = originGeneration(origin, federation, issuer) as number;
  const ended = endedLogs[generation - 1];
  if (ended === undefined)
    return generation === endedLogs.length + 1 ? done(opened) : notDone('log-generation');
  if (ended.end === null || size > ended.end.size) return notDone('log-generation');
  const isOther = size === ended.end.size && !equalBytes(root, ended.end.root);
  return isOther ? failed('dossier.two-histories') : done(opened);
}

/** Certificates of one key, at least one. */
type Certificates = readonly [VerifiedKeyCertificate, ...VerifiedKeyCertificate[]];

/** dossier.md 4.5: a quorum is asked for by whoever gives a policy; nothing rests on a key state that nobody has. */
function verdictOf(list: StepList<RecordStep>, { quorum }: Bench): Verdict {
  if (list.hasFailed) return 'INVALID';
  const stands = list.isDone('standing') || list.whyOf('standing') === 'no-key-state';
  const isTimed = quorum === undefined || list.isDone('quorum');
  return list.isDone(...ESSENTIAL) && stands && isTimed ? 'VALID' : 'INDETERMINATE';
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

/** dossier.md 5.3: the certificates of the key that are valid at the time of issue. */
function certificatesOf({ header }: WellFormedRecord, known: Known): Outcome<Certificates> {
  const { kid, issuer, issuedAtSeconds } = header;
  const [first] = known.certificatesFor(kid);
  if (first === undefined) return notDone('no-certificate');
  if (first.issuer !== issuer || first.usage !== 'record') return failed('dossier.wrong-key');
  const [earliest, ...others] = known.validAt(kid, issuedAtSeconds);
  return earliest === undefined ? notDone('no-certificate-then') : done([earliest, ...others]);
}

/** dossier.md 5.5: the record under each certificate that grants its type and label. */
function authorisedBy(
  record: VerifiedRecord,
  certificates: Certificates,
  { known, atSeconds }: Pick<Bench, 'known' | 'atSeconds'>,
): Outcome<readonly AuthorisedRecord[]> {
  if (record.header.issuedAtSeconds > atSeconds + CLOCK_SKEW_SECONDS) return notDone('later-than-asked');
  const outcomes = certificates.map((certificate) =>
    attempt('dossier.not-authorised', () => authoriseRecord(record, grantOf(certificate, known.directory))),
  );
  const granted = outcomes.flatMap((outcome) => (outcome.status === 'done' ? [outcome.value] : []));
  const [first] = outcomes;
  return granted.length === 0 && first?.status === 'failed' ? first : done(granted);
}

function viewsOf(
  authorised: readonly AuthorisedRecord[],
  disclosures: readonly Uint8Array[],
): readonly (() => View)[] {
  return authorised.map((each) => () => openView(each, disclosures));
}

/** What the first of several attempts comes to that is not refused; where all are, the refusal of the first. */
function anyOf<T>(first: () => T, others: readonly (() => T)[]): T {
  try {
    return first();
  } catch (refusal) {
    for (const other of others) {
      const outcome = attempt('dossier.parts-refused', other);
      if (outcome.status === 'done') return outcome.value;
    }
    throw refusal;
  }
}

/** dossier.md 5.8: whether a key that has signed the checkpoint is valid at a time at which it was there. */
function isKeyOfTime(
  { logKeys }: Opened,
  { counted, trusted }: { readonly counted: readonly CosignedBy[]; readonly trusted: number | undefined },
  { known, atSeconds }: Bench,
): boolean {
  // Nothing in a checkpoint tells when it was signed.
  const keySeconds = counted.length === 0 ? atSeconds : Math.min(...counted.map((each) => each.atSeconds));
  return logKeys.some((key) => isValidAt(known, key, trusted ?? keySeconds, trusted));
}
