import type { Judgement, Verdict } from './decision.ts';

const ANCESTOR_WITHHELD: Judgement = { outcome: 'withhold', reason: 'ancestor-withheld' };
const ANCESTOR_HELD: Judgement = { outcome: 'hold', reason: 'ancestor-held' };

/** Parts that share everything around them, or one part. */
export interface Place {
  /** Position of the place that they stand in; -1 at the root. */
  readonly parent: number;
}

/**
 * From the envelope inward: nothing inside a withheld part is released, whatever its own label, and nothing inside a held
 * part before that is.
 *
 * @param places each after its parent
 * @param own the judgement about a place for itself; not asked where it stands in what is withheld
 */
export function judgeInward(
  places: readonly Place[],
  envelope: Judgement,
  own: (index: number) => Judgement,
): Verdict {
  const groups: Judgement[] = [];
  let [hasReleases, hasHolds, hasWays] = [false, false, false];
  let byStatement = envelope.byStatement === true;
  let [mayHold, isEmbargoed] = [false, keepsForATime(envelope)];
  for (let index = 0; index < places.length; index += 1) {
    const { parent } = places[index] as Place;
    const around = parent < 0 ? envelope : (groups[parent] as Judgement);
    const judgement = around.outcome === 'withhold' ? ANCESTOR_WITHHELD : within(around, own(index));
    const { outcome, otherwise, isWay } = judgement;
    hasReleases ||= outcome === 'release';
    hasWays ||= outcome === 'way' || isWay === true;
    hasHolds ||= (outcome === 'hold' && isWay !== true) || otherwise?.outcome === 'hold';
    mayHold ||= outcome === 'hold' || otherwise?.outcome === 'hold';
    isEmbargoed ||= keepsForATime(judgement);
    byStatement ||= judgement.byStatement === true;
    groups.push(judgement);
  }
  const outcome = hasReleases ? 'release' : hasHolds ? 'hold' : 'withhold';
  return { outcome, envelope, groups, hasWays, mayHold, isEmbargoed, byStatement };
}

function keepsForATime({ embargoed, otherwise }: Judgement): boolean {
  return embargoed !== undefined || otherwise?.embargoed !== undefined;
}

/** What a judgement comes to inside what is held: what would go waits with it. */
function within(around: Judgement, own: Judgement): Judgement {
  if (around.outcome !== 'hold' && around.reason !== 'ancestor-held') return own;
  if (own.outcome === 'release')
    return own.byStatement === true ? { ...ANCESTOR_HELD, byStatement: true } : ANCESTOR_HELD;
  return own.outcome === 'way' ? { ...own, reason: 'ancestor-held' } : own;
}

/** The same judgement on every part, without a look at any. */
export function judgeAlike(envelope: Judgement, parts: Judgement): Verdict {
  const nothing = { hasWays: false, mayHold: false, isEmbargoed: false, byStatement: false };
  return { outcome: 'withhold', envelope, groups: [parts], ...nothing };
}

const NOT_THIS_EXERCISE: Judgement = { outcome: 'withhold', reason: 'exercise', check: 'M1' };
const FAILED: Judgement = { outcome: 'withhold', reason: 'decision-error' };

/** M1 stands before everything else and concerns the whole record. */
export const EXERCISE_VERDICT: Verdict = judgeAlike(NOT_THIS_EXERCISE, ANCESTOR_WITHHELD);
/** A decision that failed releases nothing. */
export const FAILED_VERDICT: Verdict = judgeAlike(FAILED, FAILED);
