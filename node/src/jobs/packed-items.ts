import type { ReceivedItem } from '@comity/ledger';

/**
 * Items of a batch as two buffers that are handed over to a thread. Cloned as they are, each of their dozen byte strings
 * would cost more than reading it.
 */
export interface PackedItems {
  /** All byte strings, one after the other. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** For each item the lengths of entry and record, the number of disclosures, and the length of each. */
  readonly lengths: Int32Array<ArrayBuffer>;
}

/** Stands where the length of a record would, for an item without one. */
const NO_RECORD = -1;

export function packItems(items: readonly ReceivedItem[]): PackedItems {
  let byteLength = 0;
  let lengthCount = 0;
  for (const { entry, record, disclosures } of items) {
    byteLength += entry.length + (record?.length ?? 0);
    for (const disclosure of disclosures) byteLength += disclosure.length;
    lengthCount += 3 + disclosures.length;
  }
  const bytes = new Uint8Array(byteLength);
  const lengths = new Int32Array(lengthCount);
  let at = 0;
  let next = 0;
  const put = (part: Uint8Array): void => {
    bytes.set(part, at);
    at += part.length;
  };
  for (const { entry, record, disclosures } of items) {
    lengths[next++] = entry.length;
    lengths[next++] = record?.length ?? NO_RECORD;
    lengths[next++] = disclosures.length;
    put(entry);
    if (record !== undefined) put(record);
    for (const disclosure of disclosures) {
      lengths[next++] = disclosure.length;
      put(disclosure);
    }
  }
  return { bytes, lengths };
}

/** The items again, as views of the packed bytes. */
export function unpackItems({ bytes, lengths }: PackedItems): ReceivedItem[] {
  const items: ReceivedItem[] = [];
  let at = 0;
  const take = (byteLength: number): Uint8Array => {
    const part = bytes.subarray(at, at + byteLength);
    at += byteLength;
    return part;
  };
  for (let next = 0; next < lengths.length; ) {
    const entryBytes = lengths[next++] as number;
    const recordBytes = lengths[next++] as number;
    const disclosureCount = lengths[next++] as number;
    const entry = take(entryBytes);
    const record = recordBytes === NO_RECORD ? undefined : take(recordBytes);
    const disclosures: Uint8Array[] = [];
    for (let index = 0; index < disclosureCount; index += 1)
      disclosures.push(take(lengths[next++] as number));
    items.push({ entry, record, disclosures });
  }
  return items;
}
