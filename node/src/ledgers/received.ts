import { setImmediate as breath } from 'node:timers/promises';
import { type FaultCode, isFault } from '@comity/fault';
import type { CommitOutcome, NewRecord, StoredRecord, WriteSet } from '@comity/store';
import { followConsents } from '../consents/consents.ts';
import { faultOf, openStored } from '../records/stored-view.ts';
import { entryRow, type OpenedEntry } from '../registry/noted-entry.ts';
import { queueRelay, relaySoon } from '../release/relay.ts';
import type { Sovereign } from '../sovereign.ts';

/** A record of another state that has passed by itself. */
export interface ReceivedRecord extends Omit<NewRecord, 'registered' | 'sketch'> {
  /** What goes into the registry of it as it came; default: found when the registry is asked. */
  readonly entry?: OpenedEntry | undefined;
}

/** What became of records of others that were to be stored. */
export interface Received {
  readonly outcome: CommitOutcome;
  /** Records that were left out, by their place among those given, with the fault they would have had. */
  readonly refused: ReadonlyMap<number, FaultCode>;
}

/**
 * The one way in for records of others, whichever way they came. Each has passed by itself; here those are left out that
 * would not open together with what is held of the same record, or came before them in the same set: their issuer signed
 * parts that exclude each other. What is stored waits, in the same commit, to be handed on where policy says so.
 *
 * @param committed told as soon as all of it is durable, before anything else is done
 * @param setOf what else is to be committed, given the records that are left out; asked again when more of them are
 */
export async function commitReceived(
  sovereign: Sovereign,
  records: readonly ReceivedRecord[],
  setOf: (refused: ReadonlyMap<number, FaultCode>) => WriteSet,
  committed: () => void = () => {},
): Promise<Received> {
  const refused = new Map<number, FaultCode>();
  for (;;) {
    const extents = new Map(records.map(({ header }) => [header.id, sovereign.orders.extentOf(header)]));
    const { admitted } = withoutRecalled(sovereign, records, refused);
    const places = [...records.keys()].filter((place) => !refused.has(place));
    const kept = places.map((place) => admitted[place] as ReceivedRecord);
    const set = setOf(refused);
    sovereign.remarks.note(kept.map(({ header }) => header));
    for (const record of kept) {
      const { entry, ...put } = record;
      const { source } = record;
      set.putRecord({ ...put, ...(entry && { registered: entryRow(entry, source.receivedAtSeconds) }) });
    }
    // An order may come while the set waits for another that stores the same record: then it is looked at again.
    set.guardPuts(({ issuer, id }) => sovereign.orders.extentOf({ issuer, id }) === extents.get(id));
    set.guardMerges((merged) => mergedFault(sovereign, merged));
    const isQueued = queueRelay(sovereign, set, kept);
    try {
      const outcome = await sovereign.store.commit(set);
      committed();
      relaySoon(sovereign, isQueued ? [] : kept);
      await followConsents(
        sovereign,
        kept.map(({ header }) => header),
      );
      return { outcome, refused };
    } catch (error) {
      if (isFault(error, 'store.put-refused')) continue;
      const isErased = isFault(error, 'store.record-erased');
      if (!isErased && !isFault(error, 'store.merge-refused')) throw error;
      const { puts, codes } = error.fields as { puts: readonly number[]; codes?: readonly FaultCode[] };
      // The store keeps the tombstones of records whose orders are lost with a copy that was put back.
      for (const [index, put] of puts.entries())
        refused.set(places[put] as number, codes?.[index] ?? 'node.recalled');
    }
  }
}

/**
 * What its originator has taken back does not come in again, whoever brings it: not the record, not the parts. What this
 * state was told before it had the record counts as well.
 */
function withoutRecalled(
  sovereign: Sovereign,
  records: readonly ReceivedRecord[],
  refused: Map<number, FaultCode>,
): { readonly admitted: readonly ReceivedRecord[] } {
  const admitted = records.map((record, place) => {
    if (refused.has(place)) return record;
    const recalled = sovereign.orders.recalled(record.header);
    if (recalled === undefined) return record;
    const view = recalled === 'all' ? undefined : openStored(sovereign, record);
    const left = view && sovereign.orders.remainderOf(view);
    if (left === undefined) refused.set(place, 'node.recalled');
    return left === undefined
      ? record
      : { ...record, disclosures: [...left.disclosures.values()], entry: undefined };
  });
  return { admitted };
}

async function mergedFault(sovereign: Sovereign, merged: StoredRecord): Promise<FaultCode | undefined> {
  // A peer can send as many parts of one record as it likes: each question lets everything else have its turn.
  await breath();
  return faultOf(sovereign, merged);
}
