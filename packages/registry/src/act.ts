import type { StateId, TextMap } from '@comity/label';
import { type Fact, factOf, normKindOfAct, type RecordId, type View } from '@comity/record';
import type { CessationCause } from './cessation.ts';
import { known, type NormTerms } from './norm.ts';

const DAY_SECONDS = 86_400;

/** What a state does about a norm, as one commitment says it. */
export interface Act {
  readonly id: RecordId;
  readonly issuer: StateId;
  /** A word of record-types.md 6.1 or 6.2. */
  readonly act: string;
  readonly issuedAtSeconds: number;
  /** From when it has effect. */
  readonly fromSeconds: number;
  /** Ascending; undefined where it is about the norm as a whole. */
  readonly provisions?: readonly string[];
  readonly legalBasis?: TextMap;
  /** Of an act that goes on counting although its record has ceased (8.9). */
  readonly ceased?: CessationCause;
  /** Fields of the commitment that the view does not show and that may be there. */
  readonly unknown: readonly string[];
}

/** Why a commitment says nothing about a norm. */
export type ActRefusal =
  | 'withheld'
  | 'other-norm'
  | 'kind-unknown'
  | 'other-kind'
  | 'no-such-provision'
  | 'no-legal-basis';

export type ReadAct =
  | { readonly act: Act; readonly missingProvisions: readonly string[] }
  | { readonly refusal: ActRefusal; readonly missingProvisions: readonly string[] };

/** Reads a commitment as one about this norm (record-types.md 8.2 to 8.7). */
export function readAct(view: View, norm: NormTerms): ReadAct {
  const act = known(textOf(view, 'act'));
  const about = known(textOf(view, 'norm'));
  if (act === undefined || about === undefined) return refused('withheld');
  if (about !== norm.header.id && about !== norm.header.subject) return refused('other-norm');
  if (norm.kind === undefined) return refused('kind-unknown');
  if (normKindOfAct(act) !== norm.kind) return refused('other-kind');

  const named = factOf(view, 'provisions', (value) => [...new Set(value as readonly string[])].sort());
  const { ids, complete } = norm.provisions;
  const missing = complete ? (known(named) ?? []).filter((id) => !ids.has(id)) : [];
  const provisions = known(named)?.filter((id) => !missing.includes(id));
  if (provisions?.length === 0) return refused('no-such-provision', missing);

  const legalBasis = factOf(view, 'legalBasis', (value) => value as TextMap);
  if (act === 'declared-variance' && legalBasis.status === 'absent') return refused('no-legal-basis');

  const effectiveAt = factOf(view, 'effectiveAt', (value) => value as number);
  const facts: Readonly<Record<string, Fact<unknown>>> = { provisions: named, legalBasis, effectiveAt };
  const { id, issuer, issuedAtSeconds } = view.header;
  return {
    act: {
      ...{ id, issuer, act, issuedAtSeconds },
      fromSeconds: effectOf(act, issuedAtSeconds, known(effectiveAt), norm),
      ...(provisions !== undefined && { provisions }),
      ...(legalBasis.status === 'known' && { legalBasis: legalBasis.value }),
      unknown: Object.keys(facts).filter((name) => facts[name]?.status === 'unknown'),
    },
    missingProvisions: missing,
  };
}

/** Whether a state consents to be bound by it. */
export function isConsent({ act }: Act): boolean {
  return act === 'ratify' || act === 'accept' || act === 'approve' || act === 'accede';
}

/** Whether an act binds or frees, so that its record cannot take it back once it has taken effect (8.9). */
export function isLasting(act: Act): boolean {
  return isConsent(act) || act.act === 'withdraw';
}

/** Record-types.md 8.10. */
export function byEffect(a: Act, b: Act): number {
  return a.fromSeconds - b.fromSeconds || a.issuedAtSeconds - b.issuedAtSeconds || (a.id < b.id ? -1 : 1);
}

function effectOf(
  act: string,
  issuedAtSeconds: number,
  effectiveAtSeconds: number | undefined,
  { noticePeriodDays }: NormTerms,
): number {
  const stated = effectiveAtSeconds ?? issuedAtSeconds;
  return act === 'withdraw' ? Math.max(stated, issuedAtSeconds + noticePeriodDays * DAY_SECONDS) : stated;
}

function textOf(view: View, field: string): Fact<string> {
  return factOf(view, field, (value) => value as string);
}

function refused(refusal: ActRefusal, missingProvisions: readonly string[] = []): ReadAct {
  return { refusal, missingProvisions };
}
