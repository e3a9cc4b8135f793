import type { CborValue } from '@comity/cbor';
import type { Label } from '@comity/label';
import type { RecordId } from './record-id.ts';

/**
 * A record before it is signed: every part with its resolved label. `parseDraft` makes it from what a person wrote;
 * `issueRecord` seals it.
 */
export interface RecordDraft {
  readonly type: string;
  /** Default: a fresh random id. */
  readonly subjectId?: string;
  readonly exercise?: string;
  readonly supersedes: readonly RecordId[];
  readonly retracts?: RecordId;
  readonly expiresAtSeconds?: number;
  /** Governs that the record exists and what is in the clear. */
  readonly envelope: Label;
  /** The label of the record as a whole: dominates the envelope and every part. */
  readonly overall: Label;
  readonly fields: readonly DraftField[];
}

/** A part of a draft. */
export interface DraftPart {
  readonly label: Label;
  readonly content: DraftContent;
}

export interface DraftField extends DraftPart {
  readonly name: string;
}

/** Content of a part: a value, a map whose fields are parts, or a list whose elements are parts; at any depth. */
export type DraftContent =
  | { readonly kind: 'value'; readonly value: CborValue }
  | { readonly kind: 'fields'; readonly fields: readonly DraftField[] }
  | { readonly kind: 'elements'; readonly elements: readonly DraftPart[] };
