import { equalBytes, toHex } from '@comity/digest';
import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import type { VerifiedOfficer } from './officer.ts';

/** An officer, and since when he is none any more. */
export interface KnownOfficer {
  readonly officer: VerifiedOfficer;
  /** UTC seconds; null while the state has not ended it. */
  readonly endedAtSeconds: number | null;
  /** False where the roster of the state does not prove who has enrolled him (approval.md §9); absent: nobody keeps one here. */
  readonly isProven?: boolean;
}

/**
 * The officers of one state, found by their keys. Those of another state are never among them: what they sign decides
 * nothing here.
 */
export class OfficerDirectory {
  readonly state: StateId;
  readonly #known = new Map<string, KnownOfficer>();
  #revision = 0;

  constructor(state: StateId) {
    this.state = state;
  }

  /**
   * Adds an officer, or, for the same certificate again, takes over that he has been ended or is proven. A refused addition
   * changes nothing.
   *
   * @param endedAtSeconds UTC seconds from which on nothing counts that he signs, nor what he has approved; null: not ended
   * @param isProven whether it is proven who has enrolled him: nothing that he approves counts before
   * @throws Fault `officer.wrong-state`, `officer.key-certified-twice`
   */
  add(officer: VerifiedOfficer, endedAtSeconds: number | null = null, isProven = true): void {
    if (officer.state !== this.state) {
      throw new Fault('officer.wrong-state', 'the officer is one of another state', {
        fields: { officer: officer.id, state: officer.state },
      });
    }
    const kid = toHex(officer.kid);
    const known = this.#known.get(kid);
    // Otherwise two persons could share a key, and one of them stand for both.
    if (known !== undefined && !equalBytes(known.officer.bytes, officer.bytes)) {
      throw new Fault('officer.key-certified-twice', 'another certificate is for the same key', {
        fields: { officer: officer.id, other: known.officer.id },
      });
    }
    this.#known.set(kid, Object.freeze({ officer, endedAtSeconds, isProven }));
    this.#revision += 1;
  }

  /** Grows with whatever is learnt about an officer: what was verified before may not verify any more. */
  get revision(): number {
    return this.#revision;
  }

  /** The officer that a key is certified for, if it is one. @param kid COSE key thumbprint, 32 bytes */
  find(kid: Uint8Array): KnownOfficer | undefined {
    return this.#known.get(toHex(kid));
  }

  /** All that were added, by id, of one id the certificate first that began first. */
  list(): readonly KnownOfficer[] {
    return [...this.#known.values()].sort(({ officer: a }, { officer: b }) => {
      if (a.id !== b.id) return a.id < b.id ? -1 : 1;
      return a.notBeforeSeconds - b.notBeforeSeconds || (toHex(a.kid) < toHex(b.kid) ? -1 : 1);
    });
  }

  /** The certificate of an officer that is in force at a time, if there is one. @param atSeconds UTC seconds */
  inForce(id: string, atSeconds: number): KnownOfficer | undefined {
    return this.list().findLast(
      (known) => known.officer.id === id && whyNotInForce(known, atSeconds) === undefined,
    );
  }
}

const WHY_NOT = {
  'officer.not-yet-valid': 'the certificate of the officer is not valid yet at the time in question',
  'officer.expired': 'the certificate of the officer has expired at the time in question',
  'officer.ended': 'the officer is none any more at the time in question',
  'officer.unproven': 'no administrator and no root keys of the state have signed that he is an officer',
} as const;

/**
 * Why an officer is none at a time; undefined where he is one: proven, certified then, and not ended by then.
 *
 * @param atSeconds UTC seconds
 */
export function whyNotInForce(
  { officer, endedAtSeconds, isProven }: KnownOfficer,
  atSeconds: number,
): keyof typeof WHY_NOT | undefined {
  // Written as negations so that at a time that is not a number nobody is an officer.
  if (endedAtSeconds !== null && !(atSeconds < endedAtSeconds)) return 'officer.ended';
  if (!(atSeconds >= officer.notBeforeSeconds)) return 'officer.not-yet-valid';
  if (!(atSeconds < officer.notAfterSeconds)) return 'officer.expired';
  return isProven === false ? 'officer.unproven' : undefined;
}

/**
 * Refuses a time at which an officer is none.
 *
 * @throws Fault `officer.not-yet-valid`, `officer.expired`, `officer.ended`, `officer.unproven`
 */
export function assertInForce(known: KnownOfficer, atSeconds: number): void {
  const code = whyNotInForce(known, atSeconds);
  if (code === undefined) return;
  const { officer, endedAtSeconds } = known;
  const { id, notBeforeSeconds, notAfterSeconds } = officer;
  throw new Fault(code, WHY_NOT[code], {
    fields: { officer: id, notBeforeSeconds, notAfterSeconds, endedAtSeconds, atSeconds },
  });
}
