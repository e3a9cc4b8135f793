export type { Act } from './act.ts';
export { type Between, type ProvisionStance, type VoluntaryProvision, whatBinds } from './between.ts';
export { type Calendar, endOfPeriod, movedToWorkingDay, type ZoneOffset } from './calendar.ts';
export type { CessationCause } from './cessation.ts';
export {
  type ClarificationRecords,
  type ClarificationReply,
  type ClarificationStatus,
  clarificationStatus,
} from './clarification-status.ts';
export {
  type Consent,
  type ConsentRecords,
  type Consents,
  consentsOf,
  type IgnoredGrant,
} from './consent.ts';
export {
  type Anchor,
  type DeadlineProfile,
  type DeadlineStage,
  type DeadlineUnit,
  deadlineProfileOf,
  deadlineProfiles,
  type Modifier,
  type Period,
} from './deadline-profile.ts';
export { type IncidentDuties, incidentDuties } from './duties.ts';
export type { Duty, DutyAnchor, DutyStatus } from './duty.ts';
export type { Law, ProfileOfIncident, ProfileStanding } from './duty-law.ts';
export type { IgnoredReport, IncidentRecords } from './incident-account.ts';
export { type MeasureRecords, type MeasureStatus, measureStatus } from './measure-status.ts';
export type { IgnoredRecord, NormRecords } from './norm-acts.ts';
export { type NormStatus, normStatus, type StateStanding } from './norm-status.ts';
export { Registry } from './registry.ts';
export {
  type RegistryEntry,
  registryEntry,
  type SubjectText,
  subjectKey,
} from './registry-entry.ts';
export { type GrantRefusal, type GrantTerms, type ReadGrant, readGrant } from './release-grant.ts';
export type { Standing } from './standing.ts';
export type { ReservationOutcome, TreatyBetween, TreatyProvision } from './treaty-between.ts';
export type { UnknownFields } from './unknown-between.ts';
export { isTimeZone, zoneOffsets } from './zone-offsets.ts';
