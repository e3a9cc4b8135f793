import { equalBytes, toHex } from '@comity/digest';
import { Fault, type FaultCode, isFault } from '@comity/fault';
import type { AuditEntry, AuditTip, Store } from '@comity/store';
import type { z } from 'zod';
import type { auditLine } from '../operations/log.ts';
import { formatTime } from '../operations/shapes.ts';

/** A line of the audit log, as programs read it. */
export interface AuditLine {
  readonly sequence: number;
  readonly hash: string;
  readonly previous: string;
  readonly time: string;
  readonly event: string;
  readonly fields: z.infer<typeof auditLine>['fields'];
  readonly entry: string;
}

/** Where the chain does not go on. */
export interface AuditBreak {
  readonly code: FaultCode;
  /** The entry that is not what it has to be. */
  readonly sequence: number;
  readonly message: string;
}

export interface AuditTold {
  readonly from: number;
  readonly lines: AuditLine[];
  readonly end: { readonly sequence: number; readonly hash: string };
  readonly witnessed: { readonly sequence: number; readonly hash: string };
  readonly broken: AuditBreak | null;
}

/** What tells of a chain that is not what was written. Anything else is no finding about it. */
const BREAKS: ReadonlySet<FaultCode> = new Set(['store.audit-broken', 'store.row-damaged', 'store.damaged']);

/**
 * Lines of the audit log from a sequence number on, each verified to continue the one before it, and compared with the end
 * of the chain: as this process knows it, and as it was written down outside the database.
 *
 * @throws Fault `store.head-missing`, `store.stopped`
 */
export async function readAuditLog(
  store: Store,
  { from, limit }: { readonly from: number; readonly limit: number },
): Promise<AuditTold> {
  const end = store.auditTip;
  // Read before the entries: whatever it names has to be among them.
  const witnessed = (await store.witnessedAuditTip()) ?? end;
  const lines: AuditLine[] = [];
  // The entry before shows that the first line continues it.
  const first = Math.max(from - 1, 1);
  const walk = new Walk(first, [end, witnessed]);
  let broken: AuditBreak | null = null;
  try {
    for await (const entry of entriesFrom(store, walk, from - first + limit)) {
      walk.take(entry);
      if (entry.sequence >= from) lines.push(lineOf(entry));
    }
    if (lines.length < limit) walk.assertReached();
  } catch (error) {
    if (!isFault(error) || !BREAKS.has(error.code)) throw error;
    broken = { code: error.code, sequence: walk.next, message: error.message };
  }
  return { from, lines, end: told(end), witnessed: told(witnessed), broken };
}

/** How far a chain has been followed. */
class Walk {
  readonly #ends: readonly AuditTip[];
  #last: AuditTip | undefined;
  /** Sequence number of the entry that comes next. */
  next: number;

  /** @param ends entries that are known to be in the chain, from whatever source */
  constructor(next: number, ends: readonly AuditTip[]) {
    this.next = next;
    this.#ends = ends;
  }

  /** @throws Fault store.audit-broken */
  take(entry: AuditEntry): void {
    const last = this.#last;
    if (last !== undefined && !equalBytes(entry.previousHash, last.hash))
      throw new Fault('store.audit-broken', `entry ${entry.sequence} does not continue the chain`);
    const other = this.#ends.find(
      ({ sequence, hash }) => sequence === entry.sequence && !equalBytes(hash, entry.hash),
    );
    if (other !== undefined)
      throw new Fault('store.audit-broken', `entry ${entry.sequence} is not the one that was acknowledged`);
    this.#last = entry;
    this.next = entry.sequence + 1;
  }

  /** @throws Fault store.audit-broken where the chain ends before an entry that is known to be in it */
  assertReached(): void {
    const missing = this.#ends.find(({ sequence }) => sequence >= this.next);
    if (missing === undefined) return;
    throw new Fault(
      'store.audit-broken',
      `the chain ends before entry ${missing.sequence}, which was acknowledged`,
    );
  }
}

/** In chunks, as long as all is well; then one by one, so that all that is well before the break is told. */
async function* entriesFrom(store: Store, walk: Walk, most: number): AsyncGenerator<AuditEntry> {
  const last = walk.next + most - 1;
  try {
    for await (const chunk of store.audit(walk.next, most)) yield* chunk;
    return;
  } catch (error) {
    if (!isFault(error) || !BREAKS.has(error.code)) throw error;
  }
  while (walk.next <= last) yield* (await store.audit(walk.next, 1).next()).value ?? [];
}

function told({ sequence, hash }: AuditTip): { sequence: number; hash: string } {
  return { sequence, hash: toHex(hash) };
}

function lineOf({ sequence, hash, previousHash, atSeconds, event, fields, bytes }: AuditEntry): AuditLine {
  return {
    sequence,
    hash: toHex(hash),
    previous: toHex(previousHash),
    time: formatTime(atSeconds),
    event,
    // As JSON has them: lists that nobody may change are lists.
    fields: Object.fromEntries(fields) as AuditLine['fields'],
    entry: Buffer.from(bytes).toString('base64'),
  };
}
