import type { LevelMap, StateId } from '@comity/label';

import type { Judgement } from './decision.ts';
import { type Discretion, discretionOverEnvelope, discretionOverPart } from './discretionary.ts';
import { firstFailure, type LabelInForce, type Setting } from './mandatory.ts';
import type { EnvelopeClass, PartClass } from './outline.ts';
import type { MatchingRules } from './rule-index.ts';
import type { Recipient } from './situation.ts';

/** Everything besides the record that a judgement depends on: whose record, to whom, in which setting. */
export interface Ground {
  readonly originator: StateId;
  readonly recipient: Recipient;
  readonly setting: Setting;
  /** Originator's levels to the holder's; undefined also where the holder is the originator. */
  readonly inbound: LevelMap | undefined;
}

/** The judgement about a part for itself: mandatory layer first, then the state's own rules. */
export function judgePart(part: PartClass, rules: MatchingRules, ground: Ground): Judgement {
  return judgeLabel(part.label, ground) ?? judgementOf(discretionOverPart(part, rules));
}

/** The same about an envelope, and the fields in the clear that come with it. */
export function judgeEnvelope(
  { label, clear }: EnvelopeClass,
  rules: MatchingRules,
  ground: Ground,
): Judgement {
  return judgeLabel(label, ground) ?? judgementOf(discretionOverEnvelope(clear, rules));
}

function judgeLabel(label: LabelInForce, ground: Ground): Judgement | undefined {
  const failed = firstFailure({ ...ground, label });
  return failed && { outcome: 'withhold', reason: failed.reason, check: failed.id };
}

function judgementOf(discretion: Discretion): Judgement {
  switch (discretion.outcome) {
    case 'permit':
      return { outcome: 'release', reason: 'permit', rule: discretion.rule };
    case 'way':
      return { outcome: 'way', reason: 'permit', rule: discretion.rule };
    case 'forbid':
      return { outcome: 'withhold', reason: 'forbid', rule: discretion.rule };
    case 'no-permit':
      return { outcome: 'withhold', reason: 'no-permit' };
  }
}
