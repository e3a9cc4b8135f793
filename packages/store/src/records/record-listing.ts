import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import type { RecordId } from '@comity/record';
import type { EngineRange } from '../engine/engine.ts';
import { RECORD_BY_ISSUER, RECORD_BY_TIME, RECORD_BY_TYPE, type Realm } from '../layout/keyspace.ts';
import { decodeRowValue } from '../layout/row-value.ts';
import type { StoredRecord } from './record-row.ts';

/** Which records to list. */
export interface RecordQuery {
  readonly type?: string;
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
  readonly range: EngineRange;
  readonly limit: number;
  readonly maxScanned: number;
  /** What an index key says. */
  read(key: Uint8Array): { readonly id: RecordId; readonly cursor: string };
  /** Whether an index row is of the type that was asked for, where its key does not say so. */
  matches(payload: Uint8Array): boolean;
}

/** The index that answers a query, and the part of it to read. @throws Fault `store.key-invalid` */
export function planListing(realm: Realm, query: RecordQuery): Listing {
  const { type, issuer, sinceSeconds = 0, after, reverse = false } = query;
  const position = after === undefined ? undefined : parseCursor(after);
  const index = chooseIndex(realm, type, issuer);
  let { gte, lt } = index.all;
  if (sinceSeconds > 0) gte = index.from(sinceSeconds);
  if (position !== undefined) {
    const at = index.key(...position);
    if (reverse) lt = at;
    else gte = behind(at);
  }
  return {
    range: { gte, lt, reverse },
    limit: Math.min(Math.max(query.limit ?? DEFAULT_LIMIT, 1), MAX_LIMIT),
    maxScanned: MAX_SCANNED_ROWS,
    read: (key) => {
      const [issuedAtSeconds, id] = index.read(key);
      return { id, cursor: `${issuedAtSeconds}-${id}` };
    },
    matches: (payload) =>
      issuer === undefined || type === undefined || (decodeRowValue(payload) as [number, string])[1] === type,
  };
}

interface Index {
  readonly all: { readonly gte: Uint8Array; readonly lt: Uint8Array };
  from(sinceSeconds: number): Uint8Array;
  key(issuedAtSeconds: number, id: RecordId): Uint8Array;
  read(key: Uint8Array): readonly [number, RecordId];
}

function chooseIndex(realm: Realm, type: string | undefined, issuer: StateId | undefined): Index {
  if (issuer !== undefined) {
    return {
      all: RECORD_BY_ISSUER.range(realm, issuer),
      from: (seconds) => RECORD_BY_ISSUER.range(realm, issuer, seconds).gte,
      key: (seconds, id) => RECORD_BY_ISSUER.key(realm, issuer, seconds, id),
      read: (key) => RECORD_BY_ISSUER.parse(key).slice(2) as [number, RecordId],
    };
  }
  if (type !== undefined) {
    return {
      all: RECORD_BY_TYPE.range(realm, type),
      from: (seconds) => RECORD_BY_TYPE.range(realm, type, seconds).gte,
      key: (seconds, id) => RECORD_BY_TYPE.key(realm, type, seconds, id),
      read: (key) => RECORD_BY_TYPE.parse(key).slice(2) as [number, RecordId],
    };
  }
  return {
    all: RECORD_BY_TIME.range(realm),
    from: (seconds) => RECORD_BY_TIME.range(realm, seconds).gte,
    key: (seconds, id) => RECORD_BY_TIME.key(realm, seconds, id),
    read: (key) => RECORD_BY_TIME.parse(key).slice(1) as [number, RecordId],
  };
}

/** A cursor is a place in an order, nothing more: whoever makes one up reads what the query gives anyway. */
function parseCursor(cursor: string): [number, RecordId] {
  const match = cursor.length <= 96 ? /^(\d{1,15})-([0-9a-f]{64})$/.exec(cursor) : null;
  if (match === null) throw new Fault('store.key-invalid', 'expected a cursor of an earlier page');
  return [Number(match[1]), match[2] as RecordId];
}

/** The least key after this one. */
function behind(key: Uint8Array): Uint8Array {
  const next = new Uint8Array(key.length + 1);
  next.set(key);
  return next;
}
