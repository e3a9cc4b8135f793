import { decodeSign } from '@comity/cose';
import { toHex } from '@comity/digest';
import {
  KeyDirectory,
  type KeyUsage,
  namedIssuer,
  type VerifiedCharter,
  type VerifiedKeyCertificate,
  verifyCharter,
  verifyKeyCertificate,
} from '@comity/identity';
import type { StateId } from '@comity/label';
import type { Dossier } from './dossier.ts';
import type { DocumentReport } from './report.ts';
import { attempt, done, notDone, type Outcome } from './steps.ts';

/** Whom the verifier trusts: nothing of it comes from a dossier. */
export interface Anchors {
  readonly states: ReadonlySet<StateId>;
  /** Charters that were given, verified; those of other anchors have to stand in the file. */
  readonly charters: readonly VerifiedCharter[];
}

/** The keys of the anchors, from the documents of a dossier that count. */
export class Known {
  readonly reports: readonly DocumentReport[];
  /** Whether these documents go together. */
  readonly together: Outcome<null>;
  readonly directory: KeyDirectory = new KeyDirectory();
  readonly #anchors: ReadonlySet<StateId>;
  readonly #certificates: readonly VerifiedKeyCertificate[];
  readonly #byKid = new Map<string, VerifiedKeyCertificate[]>();

  /** dossier.md 4.1 to 4.3. */
  constructor({ charters, certificates }: Pick<Dossier, 'charters' | 'certificates'>, anchors: Anchors) {
    this.#anchors = anchors.states;
    const verified = new Map<StateId, VerifiedCharter>();
    for (const charter of anchors.charters) verified.set(charter.state, charter);
    const ofCharters = charters.map((bytes) => {
      const outcome = attempt('dossier.charter-refused', () => verifyCharter(bytes));
      if (outcome.status === 'done' && !verified.has(outcome.value.state))
        verified.set(outcome.value.state, outcome.value);
      return outcome;
    });
    const ofCertificates = certificates.map((bytes) => verifiedUnder(bytes, verified));
    const counting = distinct(
      ofCertificates.flatMap((outcome) =>
        outcome.status === 'done' && this.#anchors.has(outcome.value.issuer) ? [outcome.value] : [],
      ),
    );
    this.reports = [
      ...ofCharters.map((outcome) => this.#report('charter', outcome, ({ state }) => ({ state }))),
      ...ofCertificates.map((outcome) =>
        this.#report('certificate', outcome, ({ issuer, usage }) => ({ state: issuer, usage })),
      ),
    ];
    this.together = attempt('dossier.documents-contradict', () => {
      const trusted = [...verified.values()].filter(({ state }) => this.#anchors.has(state));
      for (const charter of trusted) this.directory.add(charter, []);
      for (const charter of trusted) {
        this.directory.add(
          charter,
          counting.filter(({ issuer }) => issuer === charter.state),
        );
      }
      return null;
    });
    this.#certificates = this.together.status === 'done' ? counting : [];
    for (const certificate of this.#certificates) {
      const kid = toHex(certificate.kid);
      this.#byKid.set(kid, [...(this.#byKid.get(kid) ?? []), certificate]);
    }
  }

  /** The charter of a state, where the verifier trusts it and has it (dossier.md 4.4). */
  charterOf(state: StateId): Outcome<VerifiedCharter> {
    if (!this.#anchors.has(state)) return notDone('no-anchor');
    if (this.together.status !== 'done') return notDone('contradiction');
    const charter = this.directory.charterOf(state);
    return charter === undefined ? notDone('no-charter') : done(charter);
  }

  /** The charters that count. */
  get charters(): ReadonlyMap<StateId, VerifiedCharter> {
    const charters = new Map<StateId, VerifiedCharter>();
    for (const state of this.#anchors) {
      const charter = this.charterOf(state);
      if (charter.status === 'done') charters.set(state, charter.value);
    }
    return charters;
  }

  /** Certificates that count, of a usage and of one state or of all. */
  certificates(usage: KeyUsage, state?: StateId): readonly VerifiedKeyCertificate[] {
    return this.#certificates.filter(
      (each) => each.usage === usage && (state === undefined || each.issuer === state),
    );
  }

  /** Certificates for a key, of whatever usage and state. */
  certificatesFor(kid: Uint8Array): readonly VerifiedKeyCertificate[] {
    return this.#byKid.get(toHex(kid)) ?? [];
  }

  /**
   * Every certificate for a key that counts and is valid at a time. A dossier takes no first one of them: its maker has chosen
   * which are there (dossier.md 3.8).
   */
  validAt(kid: Uint8Array, timeSeconds: number): readonly VerifiedKeyCertificate[] {
    return this.certificatesFor(kid).filter(({ issuer, notBeforeSeconds, notAfterSeconds }) => {
      const endSeconds = this.directory.charterOf(issuer)?.expiresAtSeconds ?? Number.POSITIVE_INFINITY;
      return timeSeconds >= notBeforeSeconds && timeSeconds < notAfterSeconds && timeSeconds < endSeconds;
    });
  }

  #report<T>(
    document: DocumentReport['document'],
    outcome: Outcome<T>,
    facts: (value: T) => Pick<DocumentReport, 'usage'> & { readonly state: StateId },
  ): DocumentReport {
    if (outcome.status !== 'done') return { document, ...outcome };
    const found = facts(outcome.value);
    return this.#anchors.has(found.state)
      ? { document, status: 'done', ...found }
      : { document, status: 'not-done', why: 'no-anchor', ...found };
  }
}

/** One of several certificates with the same payload, the first in the order of the file (dossier.md 4.3). */
function distinct(certificates: readonly VerifiedKeyCertificate[]): readonly VerifiedKeyCertificate[] {
  const byPayload = new Map<string, VerifiedKeyCertificate>();
  for (const certificate of certificates) {
    const payload = toHex(decodeSign(certificate.bytes).payload);
    if (!byPayload.has(payload)) byPayload.set(payload, certificate);
  }
  return [...byPayload.values()];
}

function verifiedUnder(
  bytes: Uint8Array,
  charters: ReadonlyMap<StateId, VerifiedCharter>,
): Outcome<VerifiedKeyCertificate> {
  const issuer = attempt('dossier.certificate-refused', () => namedIssuer(bytes));
  if (issuer.status !== 'done') return issuer;
  const charter = charters.get(issuer.value);
  if (charter === undefined) return notDone('no-charter');
  return attempt('dossier.certificate-refused', () => verifyKeyCertificate(bytes, charter));
}
