import { SAMPLE_DATA, type SampleCode } from './sample-data.ts';

/** A label, or an override of one, as a person writes it in a draft. */
export type PlainLabel = Readonly<Record<string, unknown>>;

/** A record as a person writes it, before it is parsed: plain values only, as YAML or JSON would give them. */
export interface PlainDraft {
  readonly type: string;
  readonly subject?: string;
  readonly exercise?: string;
  readonly supersedes?: readonly string[];
  readonly retracts?: string;
  readonly expiresAt?: string;
  readonly label: PlainLabel;
  readonly envelope?: PlainLabel;
  readonly labels?: Readonly<Record<string, PlainLabel>>;
  readonly content: Readonly<Record<string, unknown>>;
}

/** What a test may change about a sample draft. `content` is merged field by field; everything else replaces. */
export type DraftChange = Partial<PlainDraft>;

/** A new draft that shares nothing with any other, so that a test may change it. */
export function freshDraft(draft: PlainDraft, change: DraftChange): PlainDraft {
  return structuredClone({ ...draft, ...change, content: { ...draft.content, ...change.content } });
}

/** The labels that sample drafts of an issuer use: three steps up in the issuer's own scheme. */
export interface SampleLabels {
  /** Not classified, for the community of both other states. */
  readonly open: PlainLabel;
  /** The lowest classified level, for both other states and their constituencies. */
  readonly limited: PlainLabel;
  /** The next level, for the closer of the two only, and inside its organisation. */
  readonly close: PlainLabel;
  /** The same level, for the originating state alone. */
  readonly own: PlainLabel;
}

/** Each sample state with the other two, the one it shares more with first. */
export const OTHERS: Readonly<Record<SampleCode, readonly [SampleCode, SampleCode]>> = {
  XAR: ['XBO', 'XCA'],
  XBO: ['XAR', 'XCA'],
  XCA: ['XAR', 'XBO'],
};

export function sampleLabels(issuer: SampleCode): SampleLabels {
  const [lowest, low, middle] = SAMPLE_DATA[issuer].scheme.levels.map(({ id }) => id);
  const [closer, other] = OTHERS[issuer];
  return {
    open: { classification: lowest, tlp: 'GREEN', releasableTo: [closer, other] },
    limited: { classification: low, tlp: 'AMBER', releasableTo: [closer, other] },
    close: { classification: middle, tlp: 'AMBER+STRICT', releasableTo: [closer] },
    own: { classification: middle, tlp: 'AMBER+STRICT' },
  };
}
