export { earliestChange, type Passing } from './change.ts';
export { type CompiledPolicy, compilePolicy, type DecisionAlarm } from './compile.ts';
export { CONSENT_GOES_ALONG } from './consent.ts';
export { decideRecord } from './decide.ts';
export {
  type Asked,
  type AskedOfficers,
  explainReason,
  type MissingApproval,
  type Outcome,
  type PartDecision,
  type ReasonCode,
  type RecordDecision,
} from './decision.ts';
export { describeEntry, describeRule } from './describe-rule.ts';
export { durationText } from './duration.ts';
export { type Anchors, anchorsOf } from './embargo.ts';
export { explainPart, explainRecord, type PartTrace, type RecordTrace } from './explain.ts';
export { type Facts, factsOf } from './facts.ts';
export { type Likened, type Likeness, LikenessBook, runningEmbargoes } from './likeness.ts';
export type { CheckId, MandatoryReason } from './mandatory.ts';
export { type Matrix, type MatrixColumn, type MatrixRow, matrix } from './matrix.ts';
export { BUILT_IN_PROFILES } from './minimisation.ts';
export type { PolicyContext } from './parse-addressees.ts';
export { DEFAULT_NEED } from './parse-need.ts';
export { POLICY_VERSION, parsePolicy } from './parse-policy.ts';
export { partPaths } from './part-path.ts';
export { permittedTypes, type RecordTypes } from './permitted-types.ts';
export {
  type Anchor,
  type ApprovalNeed,
  type Condition,
  type Embargo,
  type GroupMember,
  type Limit,
  type PartPath,
  type Period,
  type Policy,
  type PolicyRule,
  type Profile,
  type Reciprocity,
  ruleDigestOf,
  type SeverityFloor,
} from './policy.ts';
export { policyDigest } from './policy-digest.ts';
export {
  type PolicyWarning,
  policyWarnings,
  type WarningContext,
  type WarningKind,
} from './policy-warnings.ts';
export { pushPurposes } from './purposes.ts';
export { Relation } from './relation.ts';
export {
  type GuardedPart,
  guardedPartsOf,
  guardedPartsOfDraft,
  type Origin,
  type RelayGap,
  type RelayGapReason,
  relayGaps,
} from './relay-gaps.ts';
export {
  type Account,
  type ApprovalFact,
  type Consent,
  type Exercise,
  type HeldBefore,
  type HeldCategories,
  MODES,
  type Mode,
  type Recipient,
  type Situation,
} from './situation.ts';
export { embargoesText, type Sketch, sketchOf } from './sketch.ts';
export { moreForAuthor, Statements, standingRejections } from './statements.ts';
export type { CheckTrace, EntryTrace, RuleTrace, RuleWhy } from './trace.ts';
