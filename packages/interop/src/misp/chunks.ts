import { DIGEST_PADDING, MAX_DIGESTS, MAX_DISCLOSED_BYTES } from '@comity/record';
import type { ImportableAttribute } from './attribute.ts';
import { GivenLabels } from './given-labels.ts';
import type { Labelling } from './labelling.ts';
import { byteLength } from './text.ts';

/** Most indicators in one record, where nothing else needs the room. */
const MAX_INDICATORS = 480;

/** What a part costs beside its texts: salt, heads, the length of both. Generous: an estimate must not be too low. */
const PART_OVERHEAD_BYTES = 64;

/** A state is written as a code of three letters and signed as an id. */
const STATE_ID_BYTES = 64;

/** Names and times that labels get when they are read: scheme, review date. */
const LABEL_OVERHEAD_BYTES = 128;

/** Digests that a list or map of so many parts takes, decoys included. */
export function digestsFor(parts: number): number {
  return Math.max(1, Math.ceil(parts / DIGEST_PADDING)) * DIGEST_PADDING;
}

/** Bytes that the decoys and heads of so many digests take. */
export function overheadOf(digests: number): number {
  return digests * PART_OVERHEAD_BYTES;
}

/** What one record holds beside the indicators. */
export interface Occupied {
  readonly digests: number;
  readonly bytes: number;
}

/** Splits attributes, in their order, into lists that each fit into one record. At least one list, which may be empty. */
export function chunksOf(
  attributes: readonly ImportableAttribute[],
  { digests, bytes: occupiedBytes }: Occupied,
  labelling: Labelling,
): ImportableAttribute[][] {
  const labels = new GivenLabels(labelling.labels);
  const labelBytes = mostLabelBytes(labelling);
  const room = MAX_DIGESTS - digests;
  const most = Math.min(MAX_INDICATORS, room - (room % DIGEST_PADDING));
  const chunks: ImportableAttribute[][] = [[]];
  let bytes = occupiedBytes;
  for (const attribute of attributes) {
    const labelled = isMarked(attribute) || labels.mayLabel(attribute.indicator);
    const own = sizeOfTexts(attribute.indicator) + PART_OVERHEAD_BYTES + (labelled ? labelBytes : 0);
    let chunk = chunks.at(-1) as ImportableAttribute[];
    if (chunk.length === most || (chunk.length > 0 && bytes + own > MAX_DISCLOSED_BYTES)) {
      chunk = [];
      chunks.push(chunk);
      bytes = occupiedBytes;
    }
    chunk.push(attribute);
    bytes += own;
  }
  return chunks;
}

function isMarked({ tags, narrow }: ImportableAttribute): boolean {
  return narrow || tags.tlp !== undefined || tags.pap !== undefined;
}

/** Bytes that the texts in a plain value take, heads and keys included. */
export function sizeOfTexts(value: unknown): number {
  if (typeof value === 'string') return byteLength(value) + 9;
  if (typeof value !== 'object' || value === null) return 9;
  return Object.entries(value).reduce((sum, [key, inner]) => sum + key.length + 9 + sizeOfTexts(inner), 9);
}

/** No label of a draft, signed, has more bytes than this: the given one, with the largest override on it. */
export function mostLabelBytes({ label, envelope, labels }: Labelling): number {
  const overrides = [envelope, ...Object.values(labels ?? {})].map(sizeWithStates);
  return LABEL_OVERHEAD_BYTES + sizeWithStates(label) + Math.max(...overrides);
}

function sizeWithStates(value: unknown): number {
  return sizeOfTexts(value) + STATE_ID_BYTES * countTexts(value);
}

function countTexts(value: unknown): number {
  if (typeof value === 'string') return 1;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, inner) => sum + countTexts(inner), 0);
}
