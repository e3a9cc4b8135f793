export { isAboutRecord, recordAbout } from './about-record.ts';
export { type AuthorisedRecord, authoriseRecord, type KeyGrant } from './authorise-record.ts';
export type { Content } from './content.ts';
export { contentToJson, type Json, redactedElements } from './content-json.ts';
export { type DecodedRecord, decodeRecord } from './decode-record.ts';
export { diagnoseRecord } from './diagnose-record.ts';
export type { DigestGroup, DigestGroups } from './digest-group.ts';
export type { Found } from './disclosed-body.ts';
export {
  type DecoyDisclosure,
  type Disclosure,
  disclosureDigest,
  disclosureDigestHex,
  isDecoy,
  type PartDisclosure,
} from './disclosure.ts';
export type { DraftContent, DraftField, DraftPart, RecordDraft } from './draft.ts';
export { encodeView } from './encode-view.ts';
export { type Examination, examineFields, examineView } from './examine-view.ts';
export { type Fact, factOf, factsOf, type RecordFacts, type Severity, titleOf } from './facts.ts';
export { type FieldPath, formatFieldPath, isFieldName, parseFieldPath } from './field-path.ts';
export type { RecordHeader } from './header.ts';
export { type IssueOptions, issueRecord } from './issue-record.ts';
export {
  CLOCK_SKEW_SECONDS,
  DIGEST_PADDING,
  MAX_DIGESTS,
  MAX_DISCLOSED_BYTES,
  MAX_DISCLOSURES,
  MAX_RECORD_BYTES,
} from './limits.ts';
export { lookup } from './lookup.ts';
export { mergeViews } from './merge-views.ts';
export { closeUpward, disclosuresFor, narrowView } from './narrow-view.ts';
export { openView } from './open-view.ts';
export { type DraftContext, parseDraft } from './parse-draft.ts';
export type { Part } from './part.ts';
export { assertRecordId, isRecordId, type RecordId } from './record-id.ts';
export { isExerciseId, isRecordType, isSubjectId, splitSubject } from './subject.ts';
export { parseTimeText } from './time-text.ts';
export { normKindOfAct } from './types/commitment.ts';
export type { CodeOf, ValueForm } from './types/form.ts';
export type { FieldRule, RecordType } from './types/record-type.ts';
export { recordTypeOf, recordTypes } from './types/record-types.ts';
export { severityOrdinal } from './types/registries.ts';
export { MAX_GRANT_SECONDS } from './types/release-grant.ts';
export { type VerifiedRecord, verifiedBefore, verifyRecord } from './verify-record.ts';
export type { View } from './view.ts';
export { checkWellFormed, headerOf, type WellFormedRecord } from './well-formed.ts';
export { writeContent } from './write-content.ts';
