// What record.content is given and gives back (record-types.md 10.1).

import { filled, type Item, map, record, SIMPLE_59, Tag } from '../cbor-text.ts';
import { encoded, valid } from '../record/inputs.ts';
import type { ValidCase } from '../vector.ts';

export type Fields = { readonly [name: string]: Item | undefined };

export interface Flags {
  readonly unknownFields?: readonly string[];
  readonly unexpected?: readonly string[];
  readonly misleading?: readonly string[];
}

const TYPES: readonly string[] = [
  ...['incident', 'norm', 'commitment', 'retraction'],
  ...['release-request', 'release-grant'],
  ...['sighting', 'annotation', 'attribution'],
  ...['guideline', 'implementation', 'review', 'measure', 'assessment'],
  ...['clarification', 'contact', 'exercise', 'dispute', 'notice'],
];

/** Examines a map, whatever its keys are. */
export function examined(comment: string, type: string, fields: Item, flags: Flags = {}): ValidCase {
  const { unknownFields = [], unexpected = [], misleading = [] } = flags;
  return valid(
    comment,
    { type, fields: encoded(fields) },
    { known: TYPES.includes(type), unknownFields, unexpected, misleading },
  );
}

export const english = (text: string): Item => record({ en: text });

/** Texts of 64 hexadecimal digits: of a record and of three states. */
export const RECORD = '5acf132451f08f656e8865f3f16127d85b427e13b968abee685f3ac90f0ad662';
export const HOLDER = 'b0'.repeat(32);
export const THIRD_PARTY = 'ca'.repeat(32);

/** The required fields of each type. */
export const REQUIRED: { readonly [type: string]: Fields } = {
  incident: { title: english('Ransomware at a hospital'), stage: 'notification' },
  norm: { title: english('Hospitals are no target'), kind: 'voluntary', provisions: [] },
  commitment: { norm: 'norm/hospitals', act: 'endorse' },
  retraction: { reason: english('Replaced by a new draft.'), requestedAction: 'cease-use' },
  'release-request': {
    ...{ record: RECORD, parts: 'all', thirdParty: THIRD_PARTY, purpose: 'incident-response' },
    reason: english('Its hospitals use the same software.'),
  },
  'release-grant': {
    ...{ decision: 'revoke', record: RECORD, parts: 'all', holder: HOLDER, thirdParty: THIRD_PARTY },
  },
  sighting: { kind: 'seen' },
  annotation: { kind: 'note' },
  attribution: {
    ...{ actor: record({}), likelihood: 'likely', confidence: 'low' },
    basis: english('The same tools were seen before.'),
  },
  guideline: { title: english('Answering ransomware'), status: 'draft' },
  implementation: {
    ...{ of: HOLDER, catalogue: 'cis-ig1', item: '1.1', assessor: 'self', finding: 'claimed' },
  },
  review: { status: 'open' },
  measure: {
    title: english('Traffic to the grid is filtered'),
    legalBasis: english('Grid Security Act, section 4'),
    necessity: english('Switching stations are being attacked.'),
    proclaimedBy: 'Ministry of Energy',
    scope: english('Remote access to switching stations'),
    ...{ startsAt: 1_795_514_400, reviewBy: 1_796_119_200 },
    oversightBody: 'Committee on Energy',
    judicialRoute: english('Administrative court of the capital'),
    remedyRoute: english('Compensation on request'),
  },
  assessment: { title: english('Hospitals'), kind: 'sector-risk', status: 'draft' },
  clarification: { kind: 'question', to: HOLDER },
  contact: {
    ...{ name: english('Duty officer'), role: 'technical', ways: [] },
    ...{ confirmedAt: 1_795_514_400, confirmEveryDays: 180 },
  },
  exercise: {
    ...{ title: english('Storm'), status: 'planned', scenario: english('A port stands still.') },
    ...{ startsAt: 1_795_514_400, endsAt: 1_795_600_800, players: [HOLDER, THIRD_PARTY] },
  },
  dispute: { title: english('A notice in time'), parties: [HOLDER, THIRD_PARTY], stage: 'filed' },
  notice: { title: english('Ransomware in hospitals'), text: english('Do not open attachments.') },
};

/** The required fields of a type with these among them, in their form. */
export function inForm(comment: string, type: string, fields: Fields, flags: Flags = {}): ValidCase {
  return examined(comment, type, record({ ...REQUIRED[type], ...fields }), flags);
}

/** Fields of which those at these paths have another form. */
export function unexpected(
  comment: string,
  type: string,
  fields: Fields,
  ...paths: readonly string[]
): ValidCase {
  return inForm(comment, type, fields, { unexpected: paths });
}

/** A map in which digests of fields stand beside these entries. */
export function withDigests(...entries: readonly (readonly [Item, Item])[]): Item {
  return map(...entries, [SIMPLE_59, [1, 2, 3, 4].map((each) => filled(each))]);
}

/** Elements that are withheld. */
export const hiddenElements: readonly Item[] = [1, 2, 3, 4].map((each) => new Tag(60, filled(each)));
