import { sha256 } from '@comity/digest';
import { Fault, type FaultField } from '@comity/fault';
import { AUDIT } from '../layout/keyspace.ts';
import type { RowReader } from '../layout/row-reader.ts';
import { type SealedRow, sealRow } from '../layout/row-seal.ts';
import { decodeRowValue, encodeRowValue, type RowValue } from '../layout/row-value.ts';

/** Something that happened, as it is to be written down. Never content of a record, never a secret. */
export interface NewAuditEntry {
  readonly atSeconds: number;
  /** Name of the event, from the node's list of events. */
  readonly event: string;
  readonly fields?: Readonly<Record<string, FaultField>>;
}

/** An entry of the chain. */
export interface AuditEntry {
  /** From 1. */
  readonly sequence: number;
  /** Hash of the entry before; 32 zero bytes in the first one. */
  readonly previousHash: Uint8Array;
  readonly atSeconds: number;
  readonly event: string;
  readonly fields: ReadonlyMap<string, FaultField>;
  /** SHA-256 of `bytes`. */
  readonly hash: Uint8Array;
  /** The entry's encoding, which holds all of the above: CBOR of [sequence, previousHash, atSeconds, event, fields]. */
  readonly bytes: Uint8Array;
}

/** The end of the chain. */
export interface AuditTip {
  readonly sequence: number;
  readonly hash: Uint8Array;
}

export const EMPTY_CHAIN: AuditTip = { sequence: 0, hash: new Uint8Array(32) };

/** Continues the chain by one entry. */
export function chainEntry(
  tip: AuditTip,
  entry: NewAuditEntry,
): { readonly tip: AuditTip; readonly row: SealedRow } {
  const sequence = tip.sequence + 1;
  const fields = new Map(Object.entries(entry.fields ?? {}));
  const payload = encodeRowValue([sequence, tip.hash, entry.atSeconds, entry.event, fields as RowValue]);
  return { tip: { sequence, hash: sha256(payload) }, row: sealRow(AUDIT.key(sequence), payload) };
}

export function openAuditRow(payload: Uint8Array): AuditEntry {
  const [sequence, previousHash, atSeconds, event, fields] = decodeRowValue(payload) as unknown as AuditValue;
  return { sequence, previousHash, atSeconds, event, fields, hash: sha256(payload), bytes: payload };
}

type AuditValue = [number, Uint8Array, number, string, Map<string, FaultField>];

/** The last entry that is stored. */
export async function readAuditTip(rows: RowReader): Promise<AuditTip> {
  const row = await rows.first({ ...AUDIT.range(), reverse: true });
  if (row === undefined) return EMPTY_CHAIN;
  const { sequence, hash } = openAuditRow(row.payload);
  return { sequence, hash };
}

/**
 * Entries from a sequence number on, in chunks, each checked to continue the one before it.
 *
 * @throws Fault `store.audit-broken`
 */
export async function* readAuditEntries(
  rows: RowReader,
  fromSequence = 1,
  limit?: number,
): AsyncIterableIterator<readonly AuditEntry[]> {
  let previous: AuditTip | undefined = fromSequence <= 1 ? EMPTY_CHAIN : undefined;
  const { lt } = AUDIT.range();
  for await (const chunk of rows.range({
    gte: AUDIT.key(Math.max(fromSequence, 1)),
    lt,
    ...(limit !== undefined && { limit }),
  })) {
    yield chunk.map(({ key, payload }) => {
      const entry = openAuditRow(payload);
      const [sequence] = AUDIT.parse(key);
      const expected: number = previous === undefined ? fromSequence : previous.sequence + 1;
      if (sequence !== expected || entry.sequence !== sequence || !continues(previous, entry)) {
        throw new Fault('store.audit-broken', `entry ${expected} does not continue the chain`, {
          fields: { expected, got: sequence },
        });
      }
      previous = { sequence, hash: entry.hash };
      return entry;
    });
  }
}

function continues(previous: AuditTip | undefined, entry: AuditEntry): boolean {
  return previous === undefined || previous.hash.every((byte, index) => byte === entry.previousHash[index]);
}
