import type { StateCode, StateId } from '@comity/label';

import type { Mode } from './situation.ts';

/** Path of a part as policies write it: field names joined by dots, positions in lists left out (`victim.name`, `indicators`). */
export type PartPath = string;

/** Which parts a purpose needs: those under `keep` (absent: all), except those under `drop`. */
export interface Profile {
  readonly name: string;
  readonly keep?: readonly PartPath[];
  readonly drop?: readonly PartPath[];
}

/** A lowest severity. Values of other scales are not comparable with it. */
export interface SeverityFloor {
  readonly scale: string;
  readonly atLeast: string;
}

/** What must hold of a record for a rule to match. All given conditions must hold. */
export interface Condition {
  /** Record types, any of them. */
  readonly type?: readonly string[];
  /** Sectors, any of them; a sector covers its sub-sectors. */
  readonly sector?: readonly string[];
  readonly severity?: SeverityFloor;
}

/** A stretch of time in UTC seconds: from the first second on, until before the second one. */
export interface Period {
  readonly fromSeconds: number;
  /** Infinity where it has no end. */
  readonly untilSeconds: number;
}

/** A state in a group, and when it is in it. */
export interface GroupMember extends Period {
  readonly code: StateCode;
}

/** Whom a rule or an entry is about. */
export interface Addressees {
  /** As written: group names and state codes. */
  readonly to: readonly string[];
  /** The states that `to` stands for, and when: each of the periods counts. */
  readonly states: ReadonlyMap<StateId, readonly Period[]>;
}

/** Facts of a record from which an embargo can run, in the order in which people are shown them. */
export const ANCHORS = ['issued', 'occurred', 'detected', 'aware'] as const;
export type Anchor = (typeof ANCHORS)[number];

/** A rule permits nothing before this time after that fact. */
export interface Embargo {
  readonly anchor: Anchor;
  readonly afterSeconds: number;
}

/** Whose approval a rule or an entry needs. */
export interface ApprovalNeed {
  /** Identifier of protocol/registries/officer-roles.json. */
  readonly by: string;
  /** Different officers, never the author of the record. */
  readonly persons: number;
  /** How long after it was signed a statement counts. */
  readonly withinSeconds: number;
}

/** One rule of a policy. What is absent does not restrict. */
export interface PolicyRule extends Addressees {
  readonly name: string;
  /** Of the rule as written ({@link policyDigest}): what statements of officers are bound to. */
  readonly digest: string;
  readonly effect: 'permit' | 'forbid';
  readonly modes?: readonly Mode[];
  readonly purposes?: readonly string[];
  readonly when?: Condition;
  readonly parts?: readonly PartPath[];
  /** Permits only, as the two that follow. */
  readonly profile?: Profile;
  readonly embargo?: Embargo;
  readonly approve?: ApprovalNeed;
}

/** What an entry of `limits` or `reciprocity` has: where it is reached, a person decides. */
export interface HoldEntry extends Addressees {
  /** How it is cited: `limits[0]`, `reciprocity[2]`. */
  readonly name: string;
  readonly digest: string;
  readonly approve: ApprovalNeed;
}

/** Reached with so many releases in the time before. Many low pieces make a high one. */
export interface Limit extends HoldEntry {
  readonly releases: number;
  readonly perSeconds: number;
}

/** Reached where so many records were given, and for each of them less than this was received. */
export interface Reciprocity extends HoldEntry {
  readonly belowHundredths: number;
  readonly releases: number;
}

/** A state's own disclosure policy, as parsed: the discretionary layer of DISCLOSURE §2. */
export interface Policy {
  /** {@link policyDigest} of the document. */
  readonly digest: string;
  readonly groups: ReadonlyMap<string, readonly GroupMember[]>;
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly rules: readonly PolicyRule[];
  readonly limits: readonly Limit[];
  readonly reciprocity: readonly Reciprocity[];
}

/** Always. */
export const ALWAYS: Period = { fromSeconds: 0, untilSeconds: Number.POSITIVE_INFINITY };

/** Whether a rule or an entry is about a state at a time. */
export function addresses({ states }: Addressees, state: StateId, atSeconds: number): boolean {
  return states.get(state)?.some((period) => isWithin(period, atSeconds)) === true;
}

export function isWithin({ fromSeconds, untilSeconds }: Period, atSeconds: number): boolean {
  return fromSeconds <= atSeconds && atSeconds < untilSeconds;
}

/**
 * Digest of a rule, or of an entry of `limits` or `reciprocity`, by the name under which decisions cite it; undefined where
 * the policy has none of that name. A statement of an officer is bound to it.
 */
export function ruleDigestOf({ rules, limits, reciprocity }: Policy, name: string): string | undefined {
  return [...rules, ...limits, ...reciprocity].find((each) => each.name === name)?.digest;
}
