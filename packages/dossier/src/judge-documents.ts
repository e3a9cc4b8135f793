import { toHex } from '@comity/digest';
import type { FaultCode } from '@comity/fault';
import {
  chartersOf,
  namedCharter,
  namedIssuer,
  namedKey,
  namedPlace,
  type VerifiedCharter,
  type VerifiedKeyCertificate,
  type VerifiedKeyState,
  verifyCharter,
  verifyKeyCertificate,
  verifyKeyState,
  verifyLaterCharter,
} from '@comity/identity';
import type { StateId } from '@comity/label';
import { CLOCK_SKEW_SECONDS } from '@comity/record';
import type { Dossier } from './dossier.ts';
import type { Anchors } from './known.ts';
import type { DocumentReport } from './report.ts';
import { attempt, done, failed, notDone, type Outcome } from './steps.ts';

/** A document that was verified, and whose it is. */
interface Signed<T> {
  readonly state: StateId;
  readonly document: T;
  /** Issued after the verifier asks: it is verified, and does not count. */
  readonly isLater: boolean;
}

type Judged<T> = Outcome<Signed<T>>;

/** The documents of a dossier, each judged by itself, and those that count (dossier.md 4.1 to 4.3). */
export class JudgedDocuments {
  readonly reports: readonly DocumentReport[];
  /** In ascending order of versions; those that contradict each other stand here together. */
  readonly charters: readonly VerifiedCharter[];
  readonly certificates: readonly VerifiedKeyCertificate[];
  readonly keyStates: readonly VerifiedKeyState[];
  /** By state and key, of certificates that go beyond their delegates the code of the first. */
  readonly beyondDelegates = new Map<string, FaultCode>();
  readonly #anchors: ReadonlySet<StateId>;
  readonly #lastSeconds: number;
  /** Charters by their digests, with what they stand on. */
  readonly #byDigest = new Map<string, VerifiedCharter>();
  /** Of each state the charter with the highest version: of several the first. */
  readonly #last = new Map<StateId, VerifiedCharter>();
  /** The same, of those that are there at the time of asking. */
  readonly #current = new Map<StateId, VerifiedCharter>();

  constructor(
    { charters, certificates, keyStates }: Pick<Dossier, 'charters' | 'certificates' | 'keyStates'>,
    anchors: Anchors,
    atSeconds: number,
  ) {
    this.#anchors = anchors.states;
    this.#lastSeconds = atSeconds + CLOCK_SKEW_SECONDS;
    for (const charter of anchors.charters.flatMap(chartersOf)) this.#enter(charter);
    const ofCharters = this.#judgeCharters(charters);
    const ofCertificates = certificates.map((each) => this.#certificate(each));
    const ofKeyStates = keyStates.map((each) => this.#keyState(each));
    this.reports = [
      ...ofCharters.map((each) => this.#report('charter', each)),
      ...ofCertificates.map((each) =>
        this.#report('certificate', each, (certificate) => ({ usage: certificate.usage })),
      ),
      ...ofKeyStates.map((each) => this.#report('key-state', each)),
    ];
    this.charters = [...this.#byDigest.values()]
      .filter((charter) => this.#anchors.has(charter.state) && !this.#isLater(charter))
      .toSorted((a, b) => a.version - b.version);
    this.certificates = ofCertificates.flatMap((each) => this.#counting(each));
    this.keyStates = [
      ...anchors.keyStates.filter((each) => each.issuedAtSeconds <= this.#lastSeconds),
      ...ofKeyStates.flatMap((each) => this.#counting(each)),
    ];
  }

  #enter(charter: VerifiedCharter): void {
    const digest = toHex(charter.digest);
    if (this.#byDigest.has(digest)) return;
    this.#byDigest.set(digest, charter);
    enterHigher(this.#last, charter);
    if (!this.#isLater(charter)) enterHigher(this.#current, charter);
  }

  /** A first charter is compared over another channel: its time is not asked. */
  #isLater({ version, issuedAtSeconds }: VerifiedCharter): boolean {
    return version > 1 && issuedAtSeconds > this.#lastSeconds;
  }

  /** Each after the one that it stands on, whatever their order in the file. */
  #judgeCharters(charters: readonly Uint8Array[]): readonly Judged<VerifiedCharter>[] {
    const named = charters.map((bytes) => attempt('dossier.charter-refused', () => namedPlace(bytes)));
    const versionOf = (at: number): number => {
      const place = named[at] as (typeof named)[number];
      return place.status === 'done' ? place.value.version : 0;
    };
    const outcomes: Judged<VerifiedCharter>[] = [];
    for (const at of charters.map((_, place) => place).toSorted((a, b) => versionOf(a) - versionOf(b))) {
      const place = named[at] as (typeof named)[number];
      outcomes[at] = place.status === 'done' ? this.#charter(charters[at] as Uint8Array, place.value) : place;
    }
    return outcomes;
  }

  #charter(bytes: Uint8Array, { version, previous }: ReturnType<typeof namedPlace>): Judged<VerifiedCharter> {
    const isFirst = version <= 1 || previous === null;
    const before = isFirst ? undefined : this.#byDigest.get(toHex(previous));
    if (!isFirst && before === undefined) return notDone('no-charter');
    const outcome = attempt('dossier.charter-refused', () =>
      before === undefined ? verifyCharter(bytes) : verifyLaterCharter(bytes, before),
    );
    if (outcome.status !== 'done') return outcome;
    const charter = outcome.value;
    this.#enter(charter);
    return done({ state: charter.state, document: charter, isLater: this.#isLater(charter) });
  }

  #certificate(bytes: Uint8Array): Judged<VerifiedKeyCertificate> {
    const issuer = attempt('dossier.certificate-refused', () => namedIssuer(bytes));
    if (issuer.status !== 'done') return issuer;
    const charter = this.#last.get(issuer.value);
    if (charter === undefined) return notDone('no-charter');
    const outcome = attempt('dossier.certificate-refused', () => verifyKeyCertificate(bytes, charter));
    const beyond = outcome.status === 'failed' ? beyondDelegate(outcome.cause) : undefined;
    if (outcome.status === 'failed' && beyond !== undefined) {
      const kid = toHex(namedKey(bytes));
      const place = `${issuer.value}/${kid}`;
      if (!this.beyondDelegates.has(place)) this.beyondDelegates.set(place, beyond);
      return failed(beyond, outcome.cause);
    }
    if (outcome.status !== 'done') return outcome;
    const certificate = outcome.value;
    const isLater = certificate.charterVersion > (this.#current.get(charter.state)?.version ?? 0);
    return done({ state: charter.state, document: certificate, isLater });
  }

  #keyState(bytes: Uint8Array): Judged<VerifiedKeyState> {
    const named = attempt('dossier.key-state-refused', () => namedCharter(bytes));
    if (named.status !== 'done') return named;
    const charter = this.#byDigest.get(toHex(named.value.charterDigest));
    if (charter === undefined) return notDone('no-charter');
    const outcome = attempt('dossier.key-state-refused', () => verifyKeyState(bytes, charter));
    if (outcome.status !== 'done') return outcome;
    const keyState = outcome.value;
    const isLater = keyState.issuedAtSeconds > this.#lastSeconds || this.#isLater(charter);
    return done({ state: charter.state, document: keyState, isLater });
  }

  #counting<T>(outcome: Judged<T>): readonly T[] {
    if (outcome.status !== 'done') return [];
    const { state, document, isLater } = outcome.value;
    return isLater || !this.#anchors.has(state) ? [] : [document];
  }

  #report<T>(
    document: DocumentReport['document'],
    outcome: Judged<T>,
    facts: (value: T) => Pick<DocumentReport, 'usage'> = () => ({}),
  ): DocumentReport {
    if (outcome.status !== 'done') return { document, ...outcome };
    const { state, isLater } = outcome.value;
    const told = { state, ...facts(outcome.value.document) };
    if (!this.#anchors.has(state)) return { document, status: 'not-done', why: 'no-anchor', ...told };
    if (isLater) return { document, status: 'not-done', why: 'later-than-asked', ...told };
    return { document, status: 'done', ...told };
  }
}

/** The code of a certificate that is refused for nothing but that it goes beyond what its delegate was given. */
function beyondDelegate(cause: FaultCode | undefined): FaultCode | undefined {
  switch (cause) {
    case 'identity.delegated-usage':
      return 'dossier.delegation-refused';
    case 'identity.delegation-too-deep':
      return 'dossier.delegation-too-deep';
    case 'identity.delegation-wider':
      return 'dossier.delegation-wider';
    case 'identity.delegation-outlives':
      return 'dossier.delegation-outlives';
    default:
      return undefined;
  }
}

function enterHigher(charters: Map<StateId, VerifiedCharter>, charter: VerifiedCharter): void {
  const known = charters.get(charter.state);
  if (known === undefined || known.version < charter.version) charters.set(charter.state, charter);
}
