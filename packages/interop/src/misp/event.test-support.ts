import { type Entropy, sha256 } from '@comity/digest';
import {
  type ClassificationScheme,
  type Label,
  type PlainScheme,
  type StateCode,
  type StateId,
  schemeFrom,
} from '@comity/label';
import arcadia from '@comity/protocol/registries/samples/xar.json' with { type: 'json' };
import {
  type DraftContext,
  examineView,
  type IssueOptions,
  issueRecord,
  parseDraft,
  type RecordDraft,
  type View,
} from '@comity/record';
import { importMispEvent, type Labelling, type Loss, type MispImport, type PlainDraft } from '../index.ts';

const scheme: ClassificationScheme = schemeFrom(arcadia.scheme as PlainScheme);
const issuer = 'a1'.repeat(32) as StateId;
/** 2026-11-24T10:00:00Z. */
const AT_SECONDS = 1_795_514_400;

const STATES: ReadonlyMap<string, StateId> = new Map([
  ['XBO', 'b0'.repeat(32) as StateId],
  ['XCA', 'ca'.repeat(32) as StateId],
]);

const context: DraftContext = {
  scheme,
  stateOf: (code: StateCode) => STATES.get(code),
  atSeconds: AT_SECONDS,
};

/** Bytes that no two calls repeat, the same in every run. */
function seededEntropy(): Entropy {
  let block = 0;
  return (byteLength) => {
    block += 1;
    return sha256(Uint8Array.of(block >> 16, block >> 8, block)).slice(0, byteLength);
  };
}

export const parse = (draft: PlainDraft): RecordDraft => parseDraft(draft, context);

/** Issues a draft as a person's would be, and fails where a reader would be warned of its content. */
export function issuing(signer: IssueOptions['signer']): (draft: PlainDraft) => Promise<View> {
  return async (draft) => {
    const options = { issuer, scheme, atSeconds: AT_SECONDS, entropy: seededEntropy(), signer };
    const { view } = await issueRecord(parse(draft), options);
    const { faults: found, unknownFields } = examineView(view);
    // Readers are warned of a value that is kept as it is; of nothing else.
    const faults = found.filter(({ path }) => !(path[0] === 'indicators' && path[2] === 'value'));
    if (faults.length + unknownFields.length > 0) throw new Error(JSON.stringify({ faults, unknownFields }));
    return view;
  };
}

/** What a signed record holds: uuid of an indicator to its label. */
export function indicatorsIn({ parts }: View): ReadonlyMap<unknown, Label> {
  const indicators = parts.filter(({ path }) => path.length === 2 && path[0] === 'indicators');
  const found = new Map(
    indicators.map(({ value, label }) => [value instanceof Map ? value.get('id') : undefined, label]),
  );
  if (found.size !== indicators.length) throw new Error('an indicator stands in the record twice');
  return found;
}

export function labelAt(view: View, path: string): Label | undefined {
  return view.parts.find(({ pathText }) => pathText === path)?.label;
}

/** A uuid for each number. */
export const uuid = (number: number): string => `00000000-0000-4000-8000-${`${number}`.padStart(12, '0')}`;

export const EVENT = uuid(999_999);

export type Json = Readonly<Record<string, unknown>>;

export const attribute = (number: number, changes: Json = {}): Json => ({
  uuid: uuid(number),
  type: 'domain',
  category: 'Network activity',
  value: `${number}.example`,
  to_ids: true,
  timestamp: '1500000000',
  ...changes,
});

export const event = (changes: Json = {}): Json => ({
  Event: { uuid: EVENT, info: 'Phishing wave', analysis: '1', Attribute: [], ...changes },
});

export const unclassified: Labelling = { label: { classification: 'unclassified' } };

export const importEvent = (changes: Json = {}, labelling: Labelling = unclassified): MispImport =>
  importMispEvent(event(changes), { labelling });

/** Losses as `reason path`, without those of every event. */
export const brief = (losses: readonly Loss[]): string[] =>
  losses.filter(({ path }) => path !== 'Event.analysis').map(({ reason, path }) => `${reason} ${path}`);

/** The only draft. */
export function only({ drafts }: MispImport): PlainDraft {
  const [draft] = drafts;
  if (draft === undefined || drafts.length !== 1) throw new Error(`${drafts.length} drafts`);
  return draft;
}
