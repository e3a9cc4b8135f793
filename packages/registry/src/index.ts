export type { Act } from './act.ts';
export type { CessationCause } from './cessation.ts';
export {
  type Consent,
  type ConsentRecords,
  type Consents,
  consentsOf,
  type IgnoredGrant,
} from './consent.ts';
export {
  type IgnoredRecord,
  type NormRecords,
  type NormStatus,
  normStatus,
  type StateStanding,
} from './norm-status.ts';
export type { GrantRefusal } from './release-grant.ts';
export type { Standing } from './standing.ts';
