// Three sample states and a fourth without records, and records of theirs with random labels. Everything is drawn from a
// seed, so that a failing case comes back.

import type { CborValue } from '@comity/cbor';
import { type Entropy, sha256, toHex } from '@comity/digest';
import {
  type ClassificationScheme,
  type Label,
  type StateCode,
  type StateId,
  schemeFrom,
} from '@comity/label';
import recordTypes from '@comity/protocol/registries/record-types.json' with { type: 'json' };
import xar from '@comity/protocol/registries/samples/xar.json' with { type: 'json' };
import xbo from '@comity/protocol/registries/samples/xbo.json' with { type: 'json' };
import xca from '@comity/protocol/registries/samples/xca.json' with { type: 'json' };
import {
  type DraftContent,
  type DraftField,
  type DraftPart,
  issueRecord,
  type Part,
  type RecordDraft,
  type RecordId,
  type View,
} from '@comity/record';

export interface SampleState {
  readonly code: StateCode;
  readonly id: StateId;
  readonly scheme: ClassificationScheme;
}

const idOf = (code: string): StateId => toHex(sha256(new TextEncoder().encode(`state ${code}`))) as StateId;
const stateOf = (code: string, scheme: ClassificationScheme): SampleState => ({
  code: code as StateCode,
  id: idOf(code),
  scheme,
});

/** XAR, XBO and XCA with their sample schemes, and XDE, which has that of XCA. */
export const STATES: readonly [SampleState, SampleState, SampleState, SampleState] = [
  stateOf('XAR', schemeFrom(xar.scheme)),
  stateOf('XBO', schemeFrom(xbo.scheme)),
  stateOf('XCA', schemeFrom(xca.scheme)),
  stateOf('XDE', schemeFrom(xca.scheme)),
];

export const stateByCode = (code: StateCode): StateId | undefined =>
  STATES.find((state) => state.code === code)?.id;

/** Draws from a seed (xorshift32). */
export class Draw {
  #state: number;

  constructor(seed: number) {
    this.#state = (Math.imul(seed + 1, 0x9e3779b1) | 1) >>> 0;
    for (let round = 0; round < 8; round += 1) this.below(2);
  }

  below(bound: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    this.#state >>>= 0;
    return this.#state % bound;
  }

  /** True once in `of` draws. */
  once(of: number): boolean {
    return this.below(of) === 0;
  }

  one<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T;
  }

  /** Each entry with one chance in two. */
  some<T>(from: readonly T[]): T[] {
    return from.filter(() => this.once(2));
  }
}

/** Salts for tests: unpredictable to nobody. */
export function entropyFrom(seed: number): Entropy {
  let count = 0;
  return (byteLength) => {
    const bytes = new Uint8Array(byteLength);
    for (let at = 0; at < byteLength; at += 32, count += 1) {
      bytes.set(sha256(new TextEncoder().encode(`${seed}/${count}`)).subarray(0, byteLength - at), at);
    }
    return bytes;
  };
}

/** Every label allows this purpose or names none, and every permissive set its first value: so that one label can dominate all. */
export const COMMON_PURPOSE = 'incident-response';
export const PURPOSES_DRAWN: readonly string[] = [COMMON_PURPOSE, 'norm-verification', 'national-security'];
/** Dates on which successions of random labels fall. */
export const SUCCESSIONS: readonly [number, number] = [1_000, 2_000];

export function drawLabel(
  draw: Draw,
  scheme: ClassificationScheme,
  successions: readonly number[] = SUCCESSIONS,
): Label {
  const releasableTo = STATES.map(({ id }) => id)
    .filter(() => !draw.once(4))
    .sort();
  const displayOnlyTo = STATES.map(({ id }) => id)
    .filter((id) => !releasableTo.includes(id))
    .sort();
  const categories = scheme.categorySets.flatMap(({ id: set, type, values }) => {
    if (!draw.once(4)) return [];
    const [first = '', ...others] = values.map(({ id }) => id);
    return [
      {
        set,
        values: [
          ...new Set([type === 'permissive' ? first : draw.one(values).id, ...draw.some(others)]),
        ].sort(),
      },
    ];
  });
  const [next, ...later] = successions;
  return {
    scheme: scheme.id,
    classification: draw.one(draw.once(3) ? scheme.levels : scheme.levels.slice(0, 2)).id,
    ...(draw.once(2) && {
      tlp: draw.one(['CLEAR', 'GREEN', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED'] as const),
    }),
    ...(releasableTo.length > 0 && { releasableTo }),
    ...(displayOnlyTo.length > 0 && draw.once(3) && { displayOnlyTo }),
    ...(categories.length > 0 && { categories }),
    ...(draw.once(3) && { purposes: [COMMON_PURPOSE, ...draw.some(PURPOSES_DRAWN.slice(1))] }),
    ...(draw.once(3) && { reviewAtSeconds: 500 }),
    ...(next !== undefined &&
      draw.once(4) && { succession: { atSeconds: next, label: drawLabel(draw, scheme, later) } }),
  };
}

/** A label that keeps nothing from anybody. */
function openLabel(scheme: ClassificationScheme): Label {
  const releasableTo = STATES.map(({ id }) => id).sort();
  return { scheme: scheme.id, classification: scheme.levels[0]?.id as string, releasableTo };
}

/** A label that dominates all that `drawLabel` gives. */
export function topLabel(scheme: ClassificationScheme): Label {
  const categories = scheme.categorySets.map(({ id: set, type, values }) => ({
    set,
    values: (type === 'permissive' ? values.slice(0, 1) : values).map(({ id }) => id).sort(),
  }));
  const classification = scheme.levels.at(-1)?.id as string;
  return {
    scheme: scheme.id,
    classification,
    tlp: 'RED',
    purposes: [COMMON_PURPOSE],
    ...(categories.length > 0 && { categories }),
  };
}

export interface SampleRecord {
  readonly issuer: SampleState;
  readonly draft: RecordDraft;
  /** The issuer's own view. */
  readonly view: View;
  readonly isFrame: (part: Part) => boolean;
}

const text = (value: string): DraftContent => ({ kind: 'value', value: new Map([['en', value]]) });
const SECTORS = ['energy', 'energy/electricity', 'energy/oil', 'health', 'justice'];
const SEVERITIES = [
  ['uk-ncsc', 'moderate'],
  ['uk-ncsc', 'significant'],
  ['uk-ncsc', 'national-emergency'],
  ['us-nciss', 'severe'],
];

const GRANT_FIELDS = ['decision', 'thirdParty', 'holder', 'reason'];
interface RegisteredField {
  readonly name: string;
  readonly redaction: 'whole' | 'fields' | 'elements';
  readonly parts?: readonly string[];
}
const REGISTERED: ReadonlyMap<string, readonly RegisteredField[]> = new Map(
  recordTypes.types.map(({ id, fields }) => [id, fields as readonly RegisteredField[]]),
);
/** Every type of the registry, and one that nobody knows. */
export const ALL_TYPES: readonly string[] = [...REGISTERED.keys(), 'future-type'];
/** What a record may be about or withdraw: no policy looks at it. */
const OTHER_RECORD = '5e'.repeat(32);
const SAMPLE_TYPES: readonly string[] = [
  ...Array<string>(5).fill('incident'),
  'norm',
  'release-grant',
  'future-type',
];
/** Of types that do not have all of the others. */
const FIELDS_OF: Readonly<Record<string, readonly string[]>> = {
  norm: ['title', 'tags', 'provisions'],
  'release-grant': GRANT_FIELDS,
};

/** A draft of a random type with random labels. Elements carry a number of their own, to be found again in a view. */
export function drawDraft(
  draw: Draw,
  scheme: ClassificationScheme,
  types: readonly string[] = SAMPLE_TYPES,
): RecordDraft {
  const envelope = draw.once(2) ? drawLabel(draw, scheme) : openLabel(scheme);
  const part = (inherited: Label, content: (label: Label) => DraftContent): DraftPart => {
    const label = draw.once(2) ? drawLabel(draw, scheme) : inherited;
    return { label, content: content(label) };
  };
  const fields =
    (names: readonly string[]) =>
    (label: Label): DraftContent => ({
      kind: 'fields',
      fields: names.map((name) => ({ name, ...part(label, () => text(name)) })),
    });
  const elements =
    (count: number) =>
    (label: Label): DraftContent => ({
      kind: 'elements',
      elements: Array.from({ length: count }, (_, id) =>
        part(label, () => ({ kind: 'value', value: new Map<string, CborValue>([['id', id]]) })),
      ),
    });
  const value = (content: CborValue) => (): DraftContent => ({ kind: 'value', value: content });
  const severity = new Map(Object.entries({ scale: 'uk-ncsc', value: 'moderate' }));
  const [scale, degree] = draw.one(SEVERITIES) as [string, string];
  severity.set('scale', scale).set('value', degree);
  const contents: Record<string, (label: Label) => DraftContent> = {
    title: () => text('title'),
    summary: () => text('summary'),
    stage: value('notification'),
    ...Object.fromEntries(
      ['occurredAt', 'detectedAt', 'awareAt'].map((name) => [
        name,
        value(draw.one([1, 99, 500, 600, 1_200])),
      ]),
    ),
    sectors: value([...new Set([draw.one(SECTORS), draw.one(SECTORS)])]),
    severity: value(severity),
    classification: value(new Map([['rsitClass', 'availability']])),
    narrative: fields(draw.some(['external', 'internal'])),
    // Also as one part, which no type of ours has: then its content is not a way to anything.
    victim: draw.once(4) ? () => text('victim') : fields(draw.some(['name', 'country', 'contact', 'sector'])),
    indicators: elements(draw.below(4)),
    tags: elements(draw.below(3)),
    decision: value(draw.once(2) ? 'revoke' : 'grant'),
    thirdParty: value(draw.one(STATES).id),
    holder: value(draw.one(STATES).id),
    reason: () => text('reason'),
    ...(draw.once(3) && {
      provisions: (label: Label): DraftContent => ({
        kind: 'elements',
        elements: [part(label, fields(['text', 'id']))],
      }),
    }),
  };
  const type = draw.one(types);
  const registered = types === SAMPLE_TYPES ? undefined : REGISTERED.get(type);
  for (const { name, redaction, parts = [] } of registered ?? []) {
    const form = { whole: () => text(name), fields: fields(parts), elements: elements(draw.below(3)) };
    contents[name] ??= form[redaction];
  }
  const names =
    registered?.map(({ name }) => name) ??
    FIELDS_OF[type] ??
    Object.keys(contents).filter((name) => !GRANT_FIELDS.includes(name));
  const chosen = names.filter((name) => contents[name] !== undefined && !draw.once(5));
  return {
    type,
    subjectId: registered === undefined ? 'sample' : OTHER_RECORD,
    supersedes: [],
    ...(type === 'retraction' && { retracts: OTHER_RECORD as RecordId }),
    envelope,
    overall: topLabel(scheme),
    fields: chosen.map(
      (name): DraftField => ({ name, ...part(envelope, contents[name] as (label: Label) => DraftContent) }),
    ),
    ...(draw.once(8) && { exercise: draw.one(['winter', 'spring']) }),
  };
}

/** The same draft, but for its facts or its envelope: what a memory of decisions must not confuse with it. */
export function twinOf(draft: RecordDraft, draw: Draw, scheme: ClassificationScheme): RecordDraft {
  if (draw.once(3)) return { ...draft, envelope: drawLabel(draw, scheme) };
  const sectors: DraftContent = { kind: 'value', value: [draw.one(SECTORS)] };
  return {
    ...draft,
    fields: draft.fields.map((field) => (field.name === 'sectors' ? { ...field, content: sectors } : field)),
  };
}

export async function issue(
  draft: RecordDraft,
  issuer: SampleState,
  signer: Parameters<typeof issueRecord>[1]['signer'],
  seed: number,
): Promise<SampleRecord> {
  const options = {
    issuer: issuer.id,
    scheme: issuer.scheme,
    atSeconds: 100,
    entropy: entropyFrom(seed),
    signer,
  };
  const { view } = await issueRecord(draft, options);
  const frames = new Set<string>();
  const collect = (prefix: string, { content }: DraftPart): void => {
    if (content.kind === 'value') return;
    frames.add(prefix);
    if (content.kind === 'fields')
      for (const field of content.fields) collect(`${prefix}.${field.name}`, field);
    else for (const element of content.elements) collect(prefix, element);
  };
  for (const field of draft.fields) collect(field.name, field);
  // An element of a list has the path of its list to a policy, but is a frame only where it has parts itself.
  const isFrame = ({ pathText, value }: Part): boolean =>
    frames.has(pathText.replace(/\[\d+\]/g, '')) &&
    !(
      pathText.endsWith(']') &&
      value instanceof Map &&
      value.has('id') &&
      typeof value.get('id') === 'number'
    );
  return { issuer, draft, view, isFrame };
}
