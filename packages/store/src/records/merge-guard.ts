import type { FaultCode } from '@comity/fault';
import type { RecordId } from '@comity/record';
import { mergeArrival } from './merge-arrival.ts';
import { type NewRecord, realmOf, type SealedRecord, type StoredRecord } from './record-row.ts';

/** Why a record must not be stored with the disclosures that were added to it; undefined where it may. */
export type MergeGuard = (merged: StoredRecord) => FaultCode | undefined | Promise<FaultCode | undefined>;

/** A put that would make a record of which the guard says no. */
export interface RefusedMerge {
  /** Index among the records of the set. */
  readonly put: number;
  readonly code: FaultCode;
}

/**
 * Asks a guard about each record that is stored with more disclosures than one arrival had: those of several puts, or of
 * puts upon what is stored. What came alone was judged by itself, so the guard is not asked about it.
 */
export async function refusedMerges(
  records: readonly NewRecord[],
  stored: ReadonlyMap<RecordId, SealedRecord>,
  guard: MergeGuard,
): Promise<RefusedMerge[]> {
  const refused: RefusedMerge[] = [];
  for (const [id, puts] of putsById(records)) {
    const known = stored.get(id)?.record;
    // Nothing to merge, as with almost all: it is not looked at any further.
    if (known === undefined && puts.length === 1) continue;
    const before = known ?? alone(puts[0]?.record as NewRecord);
    const all = puts.reduce((held, { record }) => merged(held, record), before);
    if (all.disclosures.length === before.disclosures.length) continue;
    // Mostly they fit: then one question is enough, however many puts there are.
    if ((await guard(all)) === undefined) continue;
    let held = before;
    for (const { put, record } of puts) {
      const next = merged(held, record);
      const isGrown = next.disclosures.length > held.disclosures.length;
      const code = isGrown ? await guard(next) : undefined;
      if (code === undefined) held = next;
      else refused.push({ put, code });
    }
  }
  return refused.sort((a, b) => a.put - b.put);
}

interface Put {
  readonly put: number;
  readonly record: NewRecord;
}

function putsById(records: readonly NewRecord[]): Map<RecordId, Put[]> {
  const byId = new Map<RecordId, Put[]>();
  for (const [put, record] of records.entries()) {
    const puts = byId.get(record.header.id);
    if (puts === undefined) byId.set(record.header.id, [{ put, record }]);
    else puts.push({ put, record });
  }
  return byId;
}

function alone({ header, bytes, disclosures, source }: NewRecord): StoredRecord {
  return { id: header.id, realm: realmOf(header), arrival: 0, bytes, disclosures, sources: [source] };
}

function merged(held: StoredRecord, record: NewRecord): StoredRecord {
  return { ...held, ...mergeArrival(held, record) };
}
