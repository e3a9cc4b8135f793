import type { ReceivedItem } from '../judge.ts';

/**
 * Items of a batch as two buffers that are handed over to a thread. Cloned as they are, each of their dozen byte strings
 * would cost more than reading it.
 */
export interface PackedItems {
  /** Holds all byte strings. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** For each item: start and length of the entry, those of the record, number of disclosures, start and length of each. */
  readonly spans: Int32Array<ArrayBuffer>;
}

/** Stands where the length of a record would, for an item without one. */
const NO_RECORD = -1;

export function packItems(items: readonly ReceivedItem[]): PackedItems {
  const { bytes, startOf } = copyParts(items);
  let spanCount = 0;
  for (const { disclosures } of items) spanCount += 5 + 2 * disclosures.length;
  const spans = new Int32Array(spanCount);
  let next = 0;
  for (const { entry, record, disclosures } of items) {
    spans[next++] = startOf(entry);
    spans[next++] = entry.length;
    spans[next++] = record === undefined ? 0 : startOf(record);
    spans[next++] = record?.length ?? NO_RECORD;
    spans[next++] = disclosures.length;
    for (const disclosure of disclosures) {
      spans[next++] = startOf(disclosure);
      spans[next++] = disclosure.length;
    }
  }
  return { bytes, spans };
}

/** The items again, as views of the packed bytes. */
export function unpackItems({ bytes, spans }: PackedItems): ReceivedItem[] {
  const items: ReceivedItem[] = [];
  let next = 0;
  const take = (): Uint8Array | undefined => {
    const start = spans[next++] as number;
    const byteLength = spans[next++] as number;
    return byteLength === NO_RECORD ? undefined : bytes.subarray(start, start + byteLength);
  };
  while (next < spans.length) {
    const entry = take() as Uint8Array;
    const record = take();
    const disclosures = new Array<Uint8Array>(spans[next++] as number);
    for (let index = 0; index < disclosures.length; index += 1) disclosures[index] = take() as Uint8Array;
    items.push({ entry, record, disclosures });
  }
  return items;
}

interface CopiedParts {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where a part is in `bytes`. Asked of each part once, in the order of the items. */
  startOf(part: Uint8Array): number;
}

function copyParts(items: readonly ReceivedItem[]): CopiedParts {
  const extent = extentOf(items);
  // Parts of one message, which they mostly are, are copied with it at once: what else it holds is little.
  if (extent.isOneBuffer && extent.to - extent.from <= 2 * extent.byteLength) {
    const { buffer, from, to } = extent;
    const bytes = new Uint8Array(to - from);
    bytes.set(new Uint8Array(buffer, from, to - from));
    return { bytes, startOf: (part) => part.byteOffset - from };
  }
  const bytes = new Uint8Array(extent.byteLength);
  let at = 0;
  return {
    bytes,
    startOf: (part) => {
      const start = at;
      bytes.set(part, start);
      at += part.length;
      return start;
    },
  };
}

/** The least stretch of the first part's buffer that holds all parts, where it holds all of them. */
function extentOf(items: readonly ReceivedItem[]) {
  const buffer = items[0]?.entry.buffer ?? new ArrayBuffer(0);
  let isOneBuffer = true;
  let from = Number.POSITIVE_INFINITY;
  let to = 0;
  let byteLength = 0;
  const include = (part: Uint8Array): void => {
    isOneBuffer &&= part.buffer === buffer;
    from = Math.min(from, part.byteOffset);
    to = Math.max(to, part.byteOffset + part.length);
    byteLength += part.length;
  };
  for (const { entry, record, disclosures } of items) {
    include(entry);
    if (record !== undefined) include(record);
    for (const disclosure of disclosures) include(disclosure);
  }
  return { buffer, isOneBuffer, from, to, byteLength };
}
