import {
  effectiveLabel,
  type Label,
  type LevelMap,
  mapLevel,
  PURPOSES,
  rankOf,
  type StateId,
} from '@comity/label';

import type { Consent, Exercise, Recipient, Situation } from './situation.ts';

/** Row of the mandatory layer in DISCLOSURE §1. */
export type CheckId = 'M1' | 'M2' | 'M3' | 'M4' | 'M5' | 'M6' | 'M7';

/** Name of a row of the mandatory layer; the reason given when it withholds. */
export type MandatoryReason =
  | 'exercise'
  | 'originator-control'
  | 'classification'
  | 'tlp'
  | 'categories'
  | 'effective-label'
  | 'purpose';

/** What a check found, whichever way it went. */
export interface Finding {
  readonly passed: boolean;
  readonly why: string;
}

/** The fields of a label on which a decision may depend; succession is resolved before, by M6. */
type DecisiveField =
  | 'scheme'
  | 'classification'
  | 'tlp'
  | 'releasableTo'
  | 'displayOnlyTo'
  | 'categories'
  | 'purposes';

declare const inForce: unique symbol;

/** A label that went through M6. No other check accepts a label. */
export type LabelInForce = Pick<Label, DecisiveField> & { readonly [inForce]: true };

/** What the label checks need to know of the situation: no time (that is M6) and no exercise (that is M1). */
export type Setting = Pick<Situation, 'holder' | 'holderScheme' | 'mode' | 'purpose'>;

/** One label, seen from one recipient in one setting. */
export interface Examined {
  readonly originator: StateId;
  readonly label: LabelInForce;
  readonly recipient: Recipient;
  readonly setting: Setting;
  /** Originator's levels to the holder's; needed only where the holder is not the originator. */
  readonly inbound: LevelMap | undefined;
  /** Whether the originator has ordered that the recipient gets none of its records from others. */
  readonly isBarred: boolean;
  /** The originator's consent to this part's going to the recipient; undefined also where the holder is the originator. */
  readonly consent: Consent | undefined;
}

/** One row of the mandatory layer that examines a label. */
export interface LabelCheck {
  readonly id: Exclude<CheckId, 'M1'>;
  readonly reason: MandatoryReason;
  readonly examine: (examined: Examined) => Finding;
}

const pass = (why: string): Finding => ({ passed: true, why });
const fail = (why: string): Finding => ({ passed: false, why });

/**
 * M1: exercise records only in exercise mode, to its players. This row examines the record, not a label, so it comes
 * once for the whole record.
 */
export function examineExercise(
  recordExercise: string | undefined,
  running: Exercise | undefined,
  recipient: Recipient,
): Finding {
  if (recordExercise === undefined) return pass('not-an-exercise');
  if (running === undefined) return fail('outside-exercise-mode');
  if (running.id !== recordExercise) return fail('other-exercise');
  return running.players.includes(recipient.state) ? pass('player') : fail('not-a-player');
}

/**
 * M2: `releasableTo` names who may be handed the part, by whichever node; absent, the originating state alone. Besides, a
 * holder may hand it to whom the originator has consented to, and not to whom the originator has barred. Letters are written
 * by originators alone.
 */
function examineOriginatorControl({
  label,
  originator,
  recipient,
  setting,
  isBarred,
  consent,
}: Examined): Finding {
  if (isBarred && setting.holder !== originator) return fail('barred');
  // Who reads what an originator has marked for named persons, it names itself.
  if (setting.mode === 'letter' && setting.holder !== originator) return fail('letter-of-another');
  if (recipient.state === originator) return pass('originating-state');
  if (label.releasableTo?.includes(recipient.state)) return pass('releasable');
  if (consent !== undefined) return pass('consent');
  return fail(label.displayOnlyTo?.includes(recipient.state) ? 'display-only' : 'not-releasable');
}

/**
 * M3: the recipient's ceiling dominates the classification, and the signed equivalences carry the level all the way
 * from the originator through the holder to the recipient. Level names of different schemes are never compared.
 */
function examineClassification({ label, originator, recipient, setting, inbound }: Examined): Finding {
  const { holder, holderScheme } = setting;
  let level: string | undefined = label.classification;
  if (holder === originator) {
    if (label.scheme !== holderScheme.id) return fail('foreign-scheme');
  } else {
    if (inbound === undefined || inbound.from !== label.scheme || inbound.to !== holderScheme.id) {
      return fail('no-equivalence-with-originator');
    }
    level = mapLevel(label.classification, inbound);
    if (level === undefined) return fail('unmapped-from-originator');
  }
  const rank = rankOf(holderScheme, level);
  if (rank === undefined) return fail('unknown-level');
  const ceiling = rankOf(holderScheme, recipient.ceiling);
  if (ceiling === undefined) return fail('unknown-ceiling');
  if (rank > ceiling) return fail('above-ceiling');
  if (recipient.outbound.from !== holderScheme.id) return fail('no-equivalence-with-recipient');
  return mapLevel(level, recipient.outbound) === undefined
    ? fail('unmapped-to-recipient')
    : pass('within-ceiling');
}

/**
 * M4: TLP 2.0. A node is an organisation, never a named individual: RED goes as a letter to one officer, and no other way.
 * What a recipient of AMBER may pass on stays inside its state, so another state gets it from the originator only, or from a
 * holder to whom the originator has allowed it (TLP 2.0: wider with the permission of the source). CLEAR widens nothing: M2
 * still binds. Whoever is outside the community for GREEN is so for AMBER and RED too: a stricter label never reaches more
 * (DISCLOSURE §3).
 */
function examineTlp({ label, originator, recipient, setting, consent }: Examined): Finding {
  switch (label.tlp) {
    case undefined:
      return pass('no-tlp');
    case 'CLEAR':
      return pass('everyone');
    case 'GREEN':
      return recipient.community ? pass('community') : fail('outside-community');
    case 'AMBER':
    case 'AMBER+STRICT':
      if (consent === undefined && (setting.mode === 'relay' || setting.holder !== originator))
        return fail('never-handed-on');
      if (!recipient.community) return fail('outside-community');
      return pass(consent === undefined ? 'receiving-organisation' : 'consent');
    case 'RED':
      if (setting.mode !== 'letter' || recipient.officer === undefined) return fail('named-individuals-only');
      return recipient.community ? pass('named-individual') : fail('outside-community');
    default:
      return fail('unknown-tlp');
  }
}

/**
 * M5: every RESTRICTIVE category held, at least one of each PERMISSIVE set, INFORMATIVE ignored. What another state's
 * categories mean here is nowhere signed, so a foreign label that has any is withheld.
 */
function examineCategories({ label, originator, recipient, setting }: Examined): Finding {
  if (label.categories === undefined || label.categories.length === 0) return pass('no-categories');
  if (setting.holder !== originator) return fail('foreign-categories');
  for (const { set, values } of label.categories) {
    const held = recipient.categories.filter((entry) => entry.set === set).flatMap((entry) => entry.values);
    switch (setting.holderScheme.categorySets.find(({ id }) => id === set)?.type) {
      case 'informative':
        break;
      case 'restrictive':
        if (!values.every((value) => held.includes(value))) return fail('restrictive-not-held');
        break;
      case 'permissive':
        if (!values.some((value) => held.includes(value))) return fail('permissive-not-held');
        break;
      default:
        return fail('unknown-category-set');
    }
  }
  return pass('categories-held');
}

/**
 * M6: a succession applies from its date on; a past review date changes nothing. This row does not refuse: it says
 * which label the other rows examine.
 *
 * @throws Fault `label.succession-not-later`, `label.succession-too-long`
 */
export function labelInForce(label: Label, atSeconds: number): LabelInForce {
  const { scheme, classification, tlp, releasableTo, displayOnlyTo, categories, purposes } = effectiveLabel(
    label,
    atSeconds,
  );
  return { scheme, classification, tlp, releasableTo, displayOnlyTo, categories, purposes } as LabelInForce;
}

/** M7: inside the label's purposes, when it has any. A purpose nobody registered is no purpose. */
function examinePurpose({ label, setting }: Examined): Finding {
  if (!PURPOSES.has(setting.purpose)) return fail('unknown-purpose');
  if (label.purposes === undefined) return pass('no-purpose-limit');
  return label.purposes.includes(setting.purpose) ? pass('within-purposes') : fail('outside-purposes');
}

/** The rows after M1, in the order of DISCLOSURE §1. No local policy can loosen them. */
export const LABEL_CHECKS: readonly LabelCheck[] = [
  { id: 'M2', reason: 'originator-control', examine: examineOriginatorControl },
  { id: 'M3', reason: 'classification', examine: examineClassification },
  { id: 'M4', reason: 'tlp', examine: examineTlp },
  { id: 'M5', reason: 'categories', examine: examineCategories },
  { id: 'M6', reason: 'effective-label', examine: () => pass('in-force') },
  { id: 'M7', reason: 'purpose', examine: examinePurpose },
];

/** The first row that fails, in order; undefined where all pass. */
export function firstFailure(examined: Examined): LabelCheck | undefined {
  return LABEL_CHECKS.find(({ examine }) => !examine(examined).passed);
}
