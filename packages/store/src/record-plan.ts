import type { StateId } from '@comity/label';
import { headerOf, type RecordId } from '@comity/record';
import type { EngineOp } from './engine/engine.ts';
import type { KeySource } from './keys/key-tree.ts';
import { type PendingErasure, pendingRow } from './keys/pending-erasure.ts';
import { RECORD, type Realm } from './layout/keyspace.ts';
import { sealRow } from './layout/row-seal.ts';
import type { RowValue } from './layout/row-value.ts';
import { mergeArrival, narrow, withoutTaken } from './records/merge-arrival.ts';
import {
  contentRow,
  derivedRows,
  erasedRow,
  type IndexedHeader,
  isUnchanged,
  type NewRecord,
  NOTE_KINDS,
  NOTES,
  type NoteKind,
  noteRow,
  realmOf,
  requireOwnId,
  type SealedRecord,
} from './records/record-row.ts';
import { TABLES } from './tables.ts';
import type { WriteSet } from './write-set.ts';

/** What became of a record that was put. */
export interface PutOutcome {
  readonly id: RecordId;
  readonly realm: Realm;
  readonly arrival: number;
  /** Whether it was not here before. */
  readonly isNew: boolean;
  /** Whether anything was written for it. */
  readonly isChanged: boolean;
}

/** What the records of a set are planned upon. */
export interface RecordGround {
  /** Every record of the set that is held. */
  readonly held: ReadonlyMap<RecordId, SealedRecord>;
  readonly keys: KeySource;
  /** The first of the numbers that were claimed, one for each put and each narrowing. */
  readonly firstKeyNumber: number;
  /** Digests of parts that were taken away from a record that may be held no more. */
  readonly withdrawnOf: (record: RecordId) => ReadonlySet<string> | undefined;
}

/** What becomes of the records of a set. */
export interface RecordPlan {
  readonly puts: readonly PutOutcome[];
  readonly erased: readonly RecordId[];
  readonly narrowed: readonly RecordId[];
  /** To be made final when the batch is on disk; the batch says so too, for whoever opens the store next. */
  readonly pending: readonly PendingErasure[];
}

interface Draft extends SealedRecord {
  readonly isNew: boolean;
  readonly isChanged: boolean;
  /** Of a new record: what its indexes are made from. */
  readonly header?: IndexedHeader;
  /** Of a new record that is as it came. */
  readonly notes?: Partial<Record<NoteKind, RowValue | undefined>> | undefined;
}

/** Plans puts, narrowings and erasures of a set, and moves the arrival numbers. @throws Fault `store.record-id-mismatch` */
export function planRecords(
  set: WriteSet,
  ground: RecordGround,
  nextArrival: Record<Realm, number>,
  ops: EngineOp[],
): RecordPlan {
  const { held, keys } = ground;
  let nextKeyNumber = ground.firstKeyNumber;
  const drafts = new Map<RecordId, Draft>();
  const pending: PendingErasure[] = [];
  const draftOf = (id: RecordId): Draft | undefined => {
    const stored = held.get(id);
    return (
      drafts.get(id) ?? (stored === undefined ? undefined : { ...stored, isNew: false, isChanged: false })
    );
  };
  for (const record of set.records) {
    requireOwnId(record);
    const { id } = record.header;
    const before = draftOf(id);
    const draft =
      before === undefined
        ? newDraft(record, nextKeyNumber++, nextArrival, ground)
        : mergedDraft(before, record);
    drafts.set(id, draft);
  }
  const narrowedIds: RecordId[] = [];
  for (const [id, narrowings] of set.narrowings) {
    const before = draftOf(id);
    if (before === undefined) continue;
    // By what is held, at this moment: what an order was compared with before may have been nothing yet.
    const issuer = issuerOf(before);
    const digests = set.erasures.get(id)?.has(issuer) ? undefined : narrowings.get(issuer);
    const narrowing = digests && narrow(before.record, digests);
    if (narrowing === undefined) continue;
    const { record, added, takesAway } = narrowing;
    narrowedIds.push(id);
    const isDestroyed = takesAway && !before.isNew;
    const entry = { realm: record.realm, record: id, tombstone: null, withdrawn: added };
    pending.push({ keyNumber: before.keyNumber, isDestroyed, entry });
    const keyNumber = isDestroyed ? nextKeyNumber++ : before.keyNumber;
    drafts.set(id, { ...before, record, keyNumber, isChanged: true, notes: undefined });
  }
  for (const draft of drafts.values()) {
    if (!draft.isChanged) continue;
    ops.push(contentRow(draft, keys), ...NOTE_KINDS.map((kind) => noteOp(kind, draft, keys)));
    if (draft.header !== undefined) ops.push(...derivedRows(draft.header, draft.record.arrival));
  }
  for (const { record, kind, note } of set.notes) {
    const now = held.get(record.id);
    // What was noted of another state of the record says nothing of this one.
    if (now === undefined || drafts.get(record.id)?.isChanged || set.erasures.has(record.id)) continue;
    if (isUnchanged(now.record, record)) ops.push(noteRow(kind, now, keys, note));
  }
  const erased: RecordId[] = [];
  for (const [id, erasures] of set.erasures) {
    const stored = held.get(id);
    if (stored === undefined) continue;
    const issuer = issuerOf(stored);
    const erasure = erasures.get(issuer);
    if (erasure === undefined) continue;
    erased.push(id);
    const { realm } = stored.record;
    const { atSeconds, order, reason } = erasure;
    const sources = stored.record.sources.map(
      ({ peer, receivedAtSeconds, ledgerIndex }) => [peer, receivedAtSeconds, ledgerIndex] as const,
    );
    const tombstone = { atSeconds, order, reason, issuer, sources };
    const entry = { realm, record: id, tombstone, withdrawn: [] };
    pending.push({ keyNumber: stored.keyNumber, isDestroyed: true, entry });
    ops.push(...erasingOps(stored));
    ops.push(sealRow(TABLES.tombstones.keyspace.key(realm, id), TABLES.tombstones.encode(tombstone)));
  }
  ops.push(...pending.map(pendingRow));
  const puts = set.records.map(({ header }) => outcomeOf(drafts.get(header.id) as Draft));
  return { puts, erased, narrowed: narrowedIds, pending };
}

/** Who has signed a record, whoever asks for something to be done with it. */
function issuerOf({ record }: SealedRecord): StateId {
  return headerOf(record.bytes).issuer;
}

function outcomeOf({ record: { id, realm, arrival }, isNew, isChanged }: Draft): PutOutcome {
  return { id, realm, arrival, isNew, isChanged };
}

function newDraft(
  record: NewRecord,
  keyNumber: number,
  nextArrival: Record<Realm, number>,
  { withdrawnOf }: RecordGround,
): Draft {
  const { header, bytes, disclosures, source } = record;
  const realm = realmOf(header);
  const arrival = nextArrival[realm];
  nextArrival[realm] = arrival + 1;
  const stored = { id: header.id, realm, arrival, bytes, disclosures, sources: [source] };
  const withdrawn = withdrawnOf(header.id);
  const rest = withdrawn && withoutTaken({ ...stored, withdrawn: [...withdrawn].sort() });
  const notes = rest === undefined ? { sketch: record.sketch, registered: record.registered } : undefined;
  return { record: rest ?? stored, keyNumber, isNew: true, isChanged: true, header, notes };
}

function noteOp(kind: NoteKind, draft: Draft, keys: KeySource): EngineOp {
  const note = draft.notes?.[kind];
  if (note !== undefined) return noteRow(kind, draft, keys, note);
  const { realm, arrival } = draft.record;
  return { type: 'del', key: NOTES[kind].key(realm, arrival) };
}

function mergedDraft(before: Draft, record: NewRecord): Draft {
  const merged = mergeArrival(before.record, record);
  if (merged === undefined) return before;
  return { ...before, record: { ...before.record, ...merged }, isChanged: true, notes: undefined };
}

/** Everything about a record goes; in the place of its arrival number stands that it was erased. */
function erasingOps({ record }: SealedRecord): EngineOp[] {
  const { id, realm, arrival, bytes } = record;
  const keys = derivedRows(headerOf(bytes), arrival).map(({ key }) => key);
  return [
    ...[RECORD, ...NOTE_KINDS.map((kind) => NOTES[kind])]
      .map((keyspace) => keyspace.key(realm, arrival))
      .concat(keys)
      .map((key): EngineOp => ({ type: 'del', key })),
    erasedRow(realm, id),
  ];
}
