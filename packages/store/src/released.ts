import { toHex } from '@comity/digest';
import type { StateId } from '@comity/label';
import { decodeLedgerEntry } from '@comity/log';
import type { RecordId } from '@comity/record';
import type { LogName } from './layout/key-fields.ts';
import { BARE, RELEASED } from './layout/keyspace.ts';
import type { RowReader } from './layout/row-reader.ts';
import { type SealedRow, sealRow } from './layout/row-seal.ts';
import { joinHashes, splitHashes } from './log/log-state.ts';

/** Digests that were released of a record to a peer, and the ledger entries that say so. */
export interface ReleasedDigests {
  /** Hexadecimal, of all entries together but those that went out without their content. */
  readonly digests: ReadonlySet<string>;
  readonly ledgerIndexes: readonly number[];
}

/** The peer of an outgoing ledger; undefined for any other log. */
export function recipientOf(log: LogName): StateId | undefined {
  return log.startsWith('ledger/out/') ? (log.slice('ledger/out/'.length) as StateId) : undefined;
}

/** The peer of an incoming ledger; undefined for any other log. */
export function senderOf(log: LogName): StateId | undefined {
  return log.startsWith('ledger/in/') ? (log.slice('ledger/in/'.length) as StateId) : undefined;
}

/**
 * What an entry of an outgoing ledger says about its record, as a row of its own: what was released so far is a look-up
 * and not a walk through the ledger. An order or a report releases nothing: no row.
 *
 * @throws Fault `log.*` where the leaf is no ledger entry
 */
export function releasedRows(peer: StateId, index: number, leaf: Uint8Array): SealedRow[] {
  const entry = decodeLedgerEntry(leaf);
  if (entry.kind !== 'release') return [];
  const { recordId, disclosures } = entry;
  return [sealRow(RELEASED.key(peer, toHex(recordId) as RecordId, index), joinHashes(disclosures))];
}

export async function readReleased(
  rows: RowReader,
  peer: StateId,
  record: RecordId,
): Promise<ReleasedDigests> {
  const found = await rows.all(RELEASED.range(peer, record));
  const ledgerIndexes = found.map(({ key }) => RELEASED.parse(key)[2]);
  const bare = await Promise.all(ledgerIndexes.map((index) => rows.get(BARE.key(peer, index))));
  const handed = found.filter((_, index) => bare[index] === undefined);
  return {
    digests: new Set(handed.flatMap(({ payload }) => splitHashes(payload).map(toHex))),
    ledgerIndexes,
  };
}
