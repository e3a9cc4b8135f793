import { concatBytes } from '@comity/digest';
import type { RecordId } from '@comity/record';
import type { EngineRange } from '../engine/engine.ts';
import {
  RECORD,
  RECORD_BY_SUBJECT,
  RECORD_ID,
  RETRACTION,
  type Realm,
  SUCCESSOR,
} from '../layout/keyspace.ts';
import type { RowReader } from '../layout/row-reader.ts';
import { decodeRowValue, type RowValue } from '../layout/row-value.ts';
import { getRow } from '../table-reader.ts';
import { TABLES, type TombstoneRow } from '../tables.ts';
import { type Reference, readPlaces, readSealed } from './read-sealed.ts';
import { planListing, type RecordPage, type RecordQuery, rowsOf } from './record-listing.ts';
import { arrivalIn, NOTES, type NoteKind, openContent, type StoredRecord } from './record-row.ts';

/** A record, or in its place what was noted of it. */
export type NotedRecord<T> =
  | { readonly note: T; readonly record?: undefined }
  | { readonly record: StoredRecord; readonly note?: undefined };

/** Hexadecimal digits of a record id. */
const ID_DIGITS = 64;

/** Reads the records of one realm. Another realm is another reader: nothing here crosses over. */
export class RecordReader {
  readonly realm: Realm;
  readonly #rows: RowReader;

  constructor(rows: RowReader, realm: Realm) {
    this.realm = realm;
    this.#rows = rows;
  }

  async get(id: RecordId): Promise<StoredRecord | undefined> {
    const [record] = await this.getMany([id]);
    return record;
  }

  /**
   * Ids that begin with these digits, in their order, without reading what the records hold. Those of erased records are left out.
   *
   * @param digits lower-case hexadecimal digits, at most 64
   * @param limit ids at most
   */
  async idsBeginning(digits: string, limit: number): Promise<RecordId[]> {
    const first = RECORD_ID.key(this.realm, digits.padEnd(ID_DIGITS, '0') as RecordId);
    const last = RECORD_ID.key(this.realm, digits.padEnd(ID_DIGITS, 'f') as RecordId);
    const found: RecordId[] = [];
    for await (const chunk of this.#rows.range({ gte: first, lt: concatBytes(last, Uint8Array.of(0)) })) {
      for (const { key, payload } of chunk) {
        if (arrivalIn(payload) === undefined) continue;
        const [, id] = RECORD_ID.parse(key);
        found.push(id);
        if (found.length === limit) return found;
      }
    }
    return found;
  }

  /** Records in the order of the ids; undefined for those that are not here. */
  async getMany(ids: readonly RecordId[]): Promise<(StoredRecord | undefined)[]> {
    const arrivals = await this.arrivalsOf(ids);
    const references = ids.flatMap((id, index) => {
      const arrival = arrivals[index];
      return arrival === undefined ? [] : [{ id, arrival }];
    });
    const found = new Map((await this.#contents(references)).map((record) => [record.id, record]));
    return ids.map((id) => found.get(id));
  }

  /** Arrival numbers in the order of the ids: cheaper than the records, to see which are here. */
  async arrivalsOf(ids: readonly RecordId[]): Promise<(number | undefined)[]> {
    const places = await readPlaces(this.#rows, this.realm, ids);
    return places.map((place) => (place === 'erased' ? undefined : place));
  }

  /** What is kept of a record that was erased; undefined for all others. */
  tombstone(id: RecordId): Promise<TombstoneRow | undefined> {
    return getRow(this.#rows, TABLES.tombstones, [this.realm, id]);
  }

  /** One page of records in the order of their time of issue, then of their id. */
  async list(query: RecordQuery = {}): Promise<RecordPage> {
    const listing = await planListing(this.#rows, this.realm, query);
    const references: Reference[] = [];
    let scanned = 0;
    let next: string | undefined;
    scan: for await (const chunk of rowsOf(this.#rows, listing)) {
      for (const { key, payload } of chunk) {
        const { id, cursor } = listing.read(key);
        scanned += 1;
        if (listing.matches(payload)) references.push({ id, arrival: arrivalIn(payload) as number });
        if (references.length < listing.limit && scanned < listing.maxScanned) continue;
        next = cursor;
        break scan;
      }
    }
    const records = await this.#contents(references);
    return next === undefined ? { records } : { records, next };
  }

  /** Subjects of a type that are as long as with a record id, as often as there are records of them. Nothing else is read. */
  async *subjectsOf(type: string): AsyncIterableIterator<string> {
    const first = RECORD_BY_SUBJECT.range(this.realm, `${type}/${'0'.repeat(ID_DIGITS)}`).gte;
    const last = RECORD_BY_SUBJECT.range(this.realm, `${type}/${'f'.repeat(ID_DIGITS)}`).lt;
    for await (const chunk of this.#rows.range({ gte: first, lt: last })) {
      for (const { key } of chunk) yield RECORD_BY_SUBJECT.parse(key)[1];
    }
  }

  /** Everything about one thing, oldest first. */
  async bySubject(subject: string): Promise<StoredRecord[]> {
    const rows = await this.#rows.all(RECORD_BY_SUBJECT.range(this.realm, subject));
    return this.#contents(
      rows.map(({ key, payload }) => ({
        id: RECORD_BY_SUBJECT.parse(key)[3],
        arrival: arrivalIn(payload) as number,
      })),
    );
  }

  /** Records that say they withdraw this one. Whether they may, the reader judges: compare the issuers. */
  async retractionsOf(id: RecordId): Promise<StoredRecord[]> {
    const rows = await this.#rows.all(RETRACTION.range(this.realm, id));
    return this.#contents(
      rows.map(({ key, payload }) => ({
        id: RETRACTION.parse(key)[2],
        arrival: arrivalIn(payload) as number,
      })),
    );
  }

  /** Records that say they supersede this one. Whether they may, the reader judges: compare the issuers. */
  async successorsOf(id: RecordId): Promise<StoredRecord[]> {
    const rows = await this.#rows.all(SUCCESSOR.range(this.realm, id));
    return this.#contents(
      rows.map(({ key, payload }) => ({
        id: SUCCESSOR.parse(key)[2],
        arrival: arrivalIn(payload) as number,
      })),
    );
  }

  /** All records from an arrival number on, in the order of arrival and in chunks: to derive something from all of them. */
  async *byArrival(fromArrival = 0): AsyncIterableIterator<readonly StoredRecord[]> {
    const range: EngineRange = { ...RECORD.range(this.realm), gte: RECORD.key(this.realm, fromArrival) };
    for await (const chunk of this.#rows.range(range)) {
      yield chunk.map(({ key, payload }) => openContent(this.realm, RECORD.parse(key)[1], payload));
    }
  }

  /**
   * As `byArrival`, but of a record of which something was noted only that, as the reader reads it: a twentieth of the bytes.
   *
   * @param read undefined for what it cannot read: the record is given then
   */
  async *notedByArrival<T>(
    kind: NoteKind,
    read: (note: RowValue) => T | undefined,
  ): AsyncIterableIterator<readonly NotedRecord<T>[]> {
    let next = 0;
    for await (const chunk of this.#rows.range(NOTES[kind].range(this.realm))) {
      let noted: NotedRecord<T>[] = [];
      for (const { key, payload } of chunk) {
        const note = read(decodeRowValue(payload));
        if (note === undefined) continue;
        const [, arrival] = NOTES[kind].parse(key);
        if (arrival > next) {
          if (noted.length > 0) yield noted;
          noted = [];
          for await (const records of this.#between(next, arrival))
            yield records.map((record) => ({ record }));
        }
        noted.push({ note });
        next = arrival + 1;
      }
      if (noted.length > 0) yield noted;
    }
    for await (const records of this.byArrival(next)) yield records.map((record) => ({ record }));
  }

  /** As `notedByArrival`, of the records with these ids, in their order; undefined for those that are not here. */
  async notedMany<T>(
    ids: readonly RecordId[],
    kind: NoteKind,
    read: (note: RowValue) => T | undefined,
  ): Promise<(NotedRecord<T> | undefined)[]> {
    const arrivals = await this.arrivalsOf(ids);
    const held = arrivals.filter((arrival) => arrival !== undefined);
    const rows = await this.#rows.getMany(held.map((arrival) => NOTES[kind].key(this.realm, arrival)));
    const payloads = new Map(held.map((arrival, place) => [arrival, rows[place]]));
    const notes = arrivals.map((arrival) => {
      const payload = arrival === undefined ? undefined : payloads.get(arrival);
      return payload === undefined ? undefined : read(decodeRowValue(payload));
    });
    const unnoted = ids.filter((_, place) => arrivals[place] !== undefined && notes[place] === undefined);
    const found = await this.getMany(unnoted);
    const records = new Map(unnoted.map((id, place) => [id, found[place]]));
    return ids.map((id, place) => {
      const note = notes[place];
      if (note !== undefined) return { note };
      const record = records.get(id);
      return record && { record };
    });
  }

  async *#between(fromArrival: number, untilArrival: number): AsyncIterableIterator<readonly StoredRecord[]> {
    const [gte, lt] = [RECORD.key(this.realm, fromArrival), RECORD.key(this.realm, untilArrival)];
    for await (const chunk of this.#rows.range({ gte, lt })) {
      yield chunk.map(({ key, payload }) => openContent(this.realm, RECORD.parse(key)[1], payload));
    }
  }

  async #contents(references: readonly Reference[]): Promise<StoredRecord[]> {
    const found = await readSealed(this.#rows, this.realm, references);
    return found.map(({ record }) => record);
  }
}
