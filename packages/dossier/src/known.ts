import { decodeSign } from '@comity/cose';
import { toHex } from '@comity/digest';
import type { FaultCode } from '@comity/fault';
import {
  KeyDirectory,
  type KeyUsage,
  type Standing,
  type VerifiedCharter,
  type VerifiedKeyCertificate,
  type VerifiedKeyState,
} from '@comity/identity';
import type { StateId } from '@comity/label';
import type { Dossier } from './dossier.ts';
import { JudgedDocuments } from './judge-documents.ts';
import type { DocumentReport } from './report.ts';
import { attempt, done, notDone, type Outcome } from './steps.ts';

/** Whom the verifier trusts: nothing of it comes from a dossier. */
export interface Anchors {
  readonly states: ReadonlySet<StateId>;
  /** Charters that were given, verified, of each state the last; those of other anchors have to stand in the file. */
  readonly charters: readonly VerifiedCharter[];
  /** Key states that were given, verified with these charters. */
  readonly keyStates: readonly VerifiedKeyState[];
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
  readonly #beyondDelegates: ReadonlyMap<string, FaultCode>;

  /**
   * dossier.md 4.1 to 4.3.
   *
   * @param atSeconds when the verifier asks: what a state has issued later is not known then
   */
  constructor(
    file: Pick<Dossier, 'charters' | 'certificates' | 'keyStates'>,
    anchors: Anchors,
    atSeconds: number,
  ) {
    this.#anchors = anchors.states;
    const judged = new JudgedDocuments(file, anchors, atSeconds);
    const counting = distinct(judged.certificates);
    this.reports = judged.reports;
    this.#beyondDelegates = judged.beyondDelegates;
    this.together = attempt('dossier.documents-contradict', () => {
      for (const charter of judged.charters) this.directory.add(charter, []);
      for (const charter of judged.charters) {
        this.directory.add(
          charter,
          counting.filter(({ issuer }) => issuer === charter.state),
        );
      }
      for (const keyState of judged.keyStates) {
        const charter = this.directory.charterOf(keyState.issuer);
        if (charter !== undefined) this.directory.add(charter, [], { keyState });
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

  /** Why a certificate of the file for a key of a state is refused, where that goes beyond a delegate (dossier.md 4.2). */
  beyondDelegate(state: StateId, kid: Uint8Array): FaultCode | undefined {
    return this.#beyondDelegates.get(`${state}/${toHex(kid)}`);
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

  /** What the state of a key says of it; undefined of a key that no certificate that counts is for. */
  standingOf(kid: Uint8Array): Standing | undefined {
    return this.directory.standingOf(kid);
  }

  /**
   * Whether the state of a key stands by what the key has signed (dossier.md 3.9).
   *
   * @param timeSeconds the time that is asked
   * @param trustedSeconds a time at which it was there by the word of a quorum
   */
  standsBy(kid: Uint8Array, timeSeconds: number, trustedSeconds?: number): boolean {
    const standing = this.standingOf(kid);
    if (standing === undefined || standing.standing === 'live') return true;
    if (standing.standing === 'not-listed') return false;
    if (standing.standing === 'superseded') return timeSeconds < standing.fromSeconds;
    return trustedSeconds !== undefined && trustedSeconds < standing.fromSeconds;
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
