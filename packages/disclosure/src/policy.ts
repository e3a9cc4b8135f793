import type { StateId } from '@comity/label';

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

/** One rule of a policy. What is absent does not restrict. */
export interface PolicyRule {
  readonly name: string;
  readonly effect: 'permit' | 'forbid';
  /** As written: group names and state codes. */
  readonly to: readonly string[];
  /** The states that `to` stands for. */
  readonly states: ReadonlySet<StateId>;
  readonly modes?: readonly Mode[];
  readonly purposes?: readonly string[];
  readonly when?: Condition;
  readonly parts?: readonly PartPath[];
  /** Permits only. */
  readonly profile?: Profile;
}

/** A state's own disclosure policy, as parsed: the discretionary layer of DISCLOSURE §2. */
export interface Policy {
  /** {@link policyDigest} of the document. */
  readonly digest: string;
  readonly groups: ReadonlyMap<string, readonly string[]>;
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly rules: readonly PolicyRule[];
}
