import { compareBytes } from '@comity/digest';
import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import type { RecordId } from '@comity/record';
import type { EngineRange } from '../engine/engine.ts';
import { parseKey, RECORD_BY_ISSUER, RECORD_BY_TYPE, type Realm } from '../layout/keyspace.ts';
import type { OpenedRow, RowReader } from '../layout/row-reader.ts';
import { decodeRowValue } from '../layout/row-value.ts';
import type { StoredRecord } from './record-row.ts';

/** Which records to list. */
export interface RecordQuery {
  /** Of this type, or of any of these; of none where the list is empty. */
  readonly type?: string | readonly string[];
  readonly issuer?: StateId;
  /** Issued at this second or later. */
  readonly sinceSeconds?: number;
  /** `next` of the page before, with the same query. */
  readonly after?: string;
  /** Records at most, 100 by default. */
  readonly limit?: number;
  /** Newest first. */
  readonly reverse?: boolean;
}

/** Some of the records that were asked for. */
export interface RecordPage {
  readonly records: readonly StoredRecord[];
  /** Where the next page begins. There may be one even where this page holds fewer records than were asked for. */
  readonly next?: string;
}

/** Index rows that one page looks at: a rare type of a busy issuer must not hold up everybody else. */
const MAX_SCANNED_ROWS = 20_000;
const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;

interface Listing {
  /** Parts of an index that are to be read together, in the order of time of issue and id. */
  readonly ranges: readonly EngineRange[];
  readonly reverse: boolean;
  readonly limit: number;
  readonly maxScanned: number;
  /** What an index key says. */
  read(key: Uint8Array): { readonly id: RecordId; readonly cursor: string };
  /** Whether an index row is of a type that was asked for, where its key does not say so. */
  matches(payload: Uint8Array): boolean;
}

/** The index that answers a query, and the parts of it to read. Rejects with `store.key-invalid`. */
export async function planListing(rows: RowReader, realm: Realm, query: RecordQuery): Promise<Listing> {
  const { type, issuer, sinceSeconds = 0, after, reverse = false } = query;
  const position = after === undefined ? undefined : parseCursor(after);
  const types = type === undefined ? undefined : new Set(typeof type === 'string' ? [type] : type);
  const indexes = await chooseIndexes(rows, realm, types, issuer);
  const limit = Math.min(Math.max(query.limit ?? DEFAULT_LIMIT, 1), MAX_LIMIT);
  // Where every row counts, no more of them are read than the page holds.
  const isWhole = issuer === undefined || types === undefined;
  return {
    ranges: indexes.map((index) => {
      let { gte, lt } = index.all;
      if (sinceSeconds > 0) gte = index.from(sinceSeconds);
      if (position !== undefined) {
        const at = index.key(...position);
        if (reverse) lt = at;
        else gte = behind(at);
      }
      return { gte, lt, reverse, ...(isWhole && { limit }) };
    }),
    reverse,
    limit,
    maxScanned: MAX_SCANNED_ROWS,
    read: (key) => {
      const [issuedAtSeconds, id] = placeIn(key);
      return { id, cursor: recordCursor(issuedAtSeconds, id) };
    },
    matches: (payload) => isWhole || types.has((decodeRowValue(payload) as [number, string])[1]),
  };
}

/** The rows of a listing, those of several ranges merged into one order. */
export async function* rowsOf(
  rows: RowReader,
  { ranges, reverse }: Listing,
): AsyncGenerator<readonly OpenedRow[]> {
  const [only, ...others] = ranges;
  if (only === undefined) return;
  if (others.length === 0) {
    yield* rows.range(only);
    return;
  }
  const heads = ranges.map((range) => new RangeHead(rows, range));
  await Promise.all(heads.map((head) => head.fill()));
  for (;;) {
    let next: RangeHead | undefined;
    for (const head of heads) {
      if (head.row === undefined || (next?.row !== undefined && !comesFirst(head.row, next.row, reverse)))
        continue;
      next = head;
    }
    if (next?.row === undefined) return;
    yield [next.row];
    await next.advance();
  }
}

/** Rows that a part of a merge reads at first: of many parts, most contribute little to a page. Then twice as many. */
const FIRST_ROWS = 16;

/** The first row of a range that was not taken yet. */
class RangeHead {
  readonly #rows: RowReader;
  #rest: EngineRange;
  #left: number;
  #chunk: readonly OpenedRow[] = [];
  #at = 0;
  #count = FIRST_ROWS;

  constructor(rows: RowReader, range: EngineRange) {
    this.#rows = rows;
    this.#rest = range;
    this.#left = range.limit ?? Number.POSITIVE_INFINITY;
  }

  get row(): OpenedRow | undefined {
    return this.#chunk[this.#at];
  }

  async advance(): Promise<void> {
    this.#at += 1;
    if (this.row === undefined) await this.fill();
  }

  async fill(): Promise<void> {
    const last = this.#chunk.at(-1)?.key;
    if (last !== undefined) {
      this.#rest =
        this.#rest.reverse === true ? { ...this.#rest, lt: last } : { ...this.#rest, gte: behind(last) };
    }
    const limit = Math.min(this.#count, this.#left);
    this.#chunk = limit === 0 ? [] : await this.#rows.all({ ...this.#rest, limit });
    this.#at = 0;
    this.#left -= this.#chunk.length;
    this.#count *= 2;
  }
}

/** Every index key ends with 8 bytes of seconds and 32 of id, which sort as they are meant. */
const PLACE_BYTES = 40;

function comesFirst(one: OpenedRow, other: OpenedRow, reverse: boolean): boolean {
  const order = compareBytes(one.key.subarray(-PLACE_BYTES), other.key.subarray(-PLACE_BYTES));
  return reverse ? order > 0 : order < 0;
}

/** Time of issue and id in a key of any index of records by time: what each ends with. */
function placeIn(key: Uint8Array): readonly [issuedAtSeconds: number, id: RecordId] {
  return parseKey(key).slice(-2) as [number, RecordId];
}

/** A part of an index whose keys begin alike, up to the time of issue. */
interface Index {
  readonly all: { readonly gte: Uint8Array; readonly lt: Uint8Array };
  from(sinceSeconds: number): Uint8Array;
  key(issuedAtSeconds: number, id: RecordId): Uint8Array;
}

async function chooseIndexes(
  rows: RowReader,
  realm: Realm,
  types: ReadonlySet<string> | undefined,
  issuer: StateId | undefined,
): Promise<Index[]> {
  if (issuer !== undefined) return [byIssuer(realm, issuer)];
  if (types === undefined) return (await issuersIn(rows, realm)).map((each) => byIssuer(realm, each));
  return [...types].map((type) => ({
    all: RECORD_BY_TYPE.range(realm, type),
    from: (seconds) => RECORD_BY_TYPE.range(realm, type, seconds).gte,
    key: (seconds, id) => RECORD_BY_TYPE.key(realm, type, seconds, id),
  }));
}

function byIssuer(realm: Realm, issuer: StateId): Index {
  return {
    all: RECORD_BY_ISSUER.range(realm, issuer),
    from: (seconds) => RECORD_BY_ISSUER.range(realm, issuer, seconds).gte,
    key: (seconds, id) => RECORD_BY_ISSUER.key(realm, issuer, seconds, id),
  };
}

/**
 * Whose records there are. All records are listed as those of all issuers, merged: an index by time alone would cost a row
 * for each record, and issuers are few, for each is a state that was recognised.
 */
async function issuersIn(rows: RowReader, realm: Realm): Promise<readonly StateId[]> {
  const issuers: StateId[] = [];
  const { gte, lt } = RECORD_BY_ISSUER.range(realm);
  let next = gte;
  for (;;) {
    const row = await rows.first({ gte: next, lt });
    if (row === undefined) return issuers;
    const [, issuer] = RECORD_BY_ISSUER.parse(row.key);
    issuers.push(issuer);
    next = RECORD_BY_ISSUER.range(realm, issuer).lt;
  }
}

/** The cursor behind a record, whether the record is listed or not: for whoever knows its place from elsewhere. */
export function recordCursor(issuedAtSeconds: number, id: RecordId): string {
  return `${issuedAtSeconds}-${id}`;
}

/** The form of a cursor, for whoever takes one from people. */
export const RECORD_CURSOR = /^(\d{1,15})-([0-9a-f]{64})$/;

/** A cursor is a place in an order, nothing more: whoever makes one up reads what the query gives anyway. */
function parseCursor(cursor: string): [number, RecordId] {
  const match = RECORD_CURSOR.exec(cursor);
  if (match === null) throw new Fault('store.key-invalid', 'expected a cursor of an earlier page');
  return [Number(match[1]), match[2] as RecordId];
}

/** The least key after this one. */
function behind(key: Uint8Array): Uint8Array {
  const next = new Uint8Array(key.length + 1);
  next.set(key);
  return next;
}
