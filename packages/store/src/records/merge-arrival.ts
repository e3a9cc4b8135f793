import { toHex } from '@comity/digest';
import { disclosureDigestHex } from '@comity/record';
import type { NewRecord, RecordSource, StoredRecord } from './record-row.ts';

/** What a second arrival adds to a stored record; undefined where it brings nothing new. */
export function mergeArrival(
  stored: StoredRecord,
  added: NewRecord,
): Pick<StoredRecord, 'disclosures' | 'sources'> | undefined {
  const held = new Set(stored.disclosures.map(toHex));
  const fresh = added.disclosures.filter((disclosure) => {
    const text = toHex(disclosure);
    if (held.has(text)) return false;
    held.add(text);
    return true;
  });
  const disclosures = withoutWithdrawn(stored, [...stored.disclosures, ...fresh]);
  const { peer } = added.source;
  const isKnown = stored.sources.some((source) => source.peer === peer);
  const isGrown = disclosures.length > stored.disclosures.length;
  if (stored.sources.every((source) => source.peer === peer))
    return isGrown ? { disclosures, sources: [...stored.sources, added.source] } : undefined;
  const before = withParts(stored).filter((source) => source.peer === peer);
  const given = new Set(before.flatMap(({ parts = [] }) => parts));
  // What was taken away is not held, whoever brings it again.
  const staying = new Set(disclosures.map(disclosureDigestHex));
  const brought = new Set(added.disclosures.map(disclosureDigestHex).filter((digest) => staying.has(digest)));
  const parts = [...brought].filter((digest) => !given.has(digest));
  // What an older version has noted says all already.
  const isNew = parts.length > 0 && before.every((source) => source.parts !== undefined);
  if (!isGrown && isKnown && !isNew) return undefined;
  return {
    disclosures,
    sources: [...withParts(stored), { ...added.source, parts: parts.sort() }],
  };
}

/** The sources of a record, that it is from one peer alone written out before there is another. */
function withParts({ sources, disclosures }: StoredRecord): readonly RecordSource[] {
  const [first] = sources;
  if (first === undefined || first.peer === null || first.parts !== undefined) return sources;
  if (sources.some(({ peer }) => peer !== first.peer)) return sources;
  const all = disclosures.map(disclosureDigestHex).sort();
  return sources.map((source, place) => ({ ...source, parts: place === 0 ? all : [] }));
}

/** Withdrawn digests of a record up to which one is remembered that stands nowhere in what is held: as many as an order has. */
export const MAX_UNSEEN_WITHDRAWN = 512;

/** What a narrowing makes of a record. */
export interface Narrowing {
  readonly record: StoredRecord;
  /** Withdrawn digests that it did not have. */
  readonly added: readonly string[];
  /** Whether anything that was held is gone. */
  readonly takesAway: boolean;
}

/**
 * A record without these parts and what stands inside them; undefined where that changes nothing. Of digests that stand
 * nowhere in it, an issuer could name as many as it likes: no more are remembered than one order can name.
 */
export function narrow(stored: StoredRecord, digests: Iterable<string>): Narrowing | undefined {
  const inSight = new Set(
    [stored.bytes, ...stored.disclosures].flatMap((bytes) => [...byteStringsOf32(bytes)]),
  );
  const withdrawn = new Set(stored.withdrawn);
  const added: string[] = [];
  for (const digest of digests) {
    if (withdrawn.has(digest) || (!inSight.has(digest) && withdrawn.size >= MAX_UNSEEN_WITHDRAWN)) continue;
    withdrawn.add(digest);
    added.push(digest);
  }
  if (added.length === 0) return undefined;
  const record = withoutTaken({ ...stored, withdrawn: [...withdrawn].sort() });
  return { record, added, takesAway: record.disclosures.length < stored.disclosures.length };
}

/** A record without the parts that were taken away from it. */
export function withoutTaken(record: StoredRecord): StoredRecord {
  return { ...record, disclosures: withoutWithdrawn(record, record.disclosures) };
}

/**
 * Those of the disclosures that may stay. What stood inside a part that is taken away would stand nowhere: a digest is
 * somewhere in the signed bytes or in another disclosure, or the view does not open (record.md §6).
 */
function withoutWithdrawn(
  { bytes, withdrawn }: StoredRecord,
  disclosures: readonly Uint8Array[],
): readonly Uint8Array[] {
  if (withdrawn === undefined) return disclosures;
  const byDigest = new Map(disclosures.map((disclosure) => [disclosureDigestHex(disclosure), disclosure]));
  for (const digest of withdrawn) byDigest.delete(digest);
  const kept = new Set<Uint8Array>();
  const inSight = [bytes];
  for (const container of inSight) {
    for (const digest of byteStringsOf32(container)) {
      const disclosure = byDigest.get(digest);
      if (disclosure === undefined || kept.has(disclosure)) continue;
      kept.add(disclosure);
      inSight.push(disclosure);
    }
  }
  return disclosures.filter((disclosure) => kept.has(disclosure));
}

/** Head of a CBOR byte string of 32 bytes (RFC 8949 §3). */
const HEAD_OF_32 = Buffer.of(0x58, 0x20);

/** What may be a digest, in hexadecimal: every 32 bytes behind such a head, whatever stands there. */
function* byteStringsOf32(bytes: Uint8Array): Generator<string> {
  const searched = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = searched.indexOf(HEAD_OF_32); at >= 0; at = searched.indexOf(HEAD_OF_32, at + 1)) {
    yield searched.toString('hex', at + 2, at + 34);
  }
}
