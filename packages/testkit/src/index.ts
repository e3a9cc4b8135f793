export { Chance } from './chance.ts';
export { type VirtualClock, virtualClock } from './clock.ts';
export { seededEntropy } from './entropy.ts';
export { type EarlierRecord, randomDraft } from './random-draft.ts';
export { COMMON_PURPOSE, RANDOM_PURPOSES, type Surroundings, timeText } from './random-label.ts';
export { type PlainPolicy, type PolicySurroundings, randomPolicy } from './random-policy.ts';
export { type PlainTerms, randomTerms } from './random-terms.ts';
export { sampleCommitmentDraft } from './sample-commitment.ts';
export type { SampleCode } from './sample-data.ts';
export type { DraftChange, PlainDraft, PlainLabel } from './sample-draft.ts';
export { sampleIncidentDraft } from './sample-incident.ts';
export { SAMPLE_NORM_SUBJECT, sampleNormDraft } from './sample-norm.ts';
export { sampleReleaseGrantDraft, sampleReleaseRequestDraft } from './sample-release.ts';
export type { SampleState } from './sample-state.ts';
export {
  SAMPLE_START_SECONDS,
  type SampleOptions,
  type SampleStates,
  sampleStates,
} from './sample-states.ts';
export { type SoftToken, softToken } from './softhsm.ts';
