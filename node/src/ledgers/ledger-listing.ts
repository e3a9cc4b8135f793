import { sha256Hex, toHex } from '@comity/digest';
import { isFault } from '@comity/fault';
import type { StateId } from '@comity/label';
import { type Order, readOrder } from '@comity/ledger';
import {
  decodeLedgerEntry,
  type LetterEntry,
  type OrderEntry,
  type ReleaseEntry,
  type ReportEntry,
} from '@comity/log';
import type { RecordId } from '@comity/record';
import { TABLES } from '@comity/store';
import type { z } from 'zod';
import type { ledgerResult } from '../operations/release.ts';
import { formatTime } from '../operations/shapes.ts';
import { openReadable } from '../records/stored-view.ts';
import { titleText } from '../records/summary.ts';
import type { Sovereign } from '../sovereign.ts';

type Listed = z.input<typeof ledgerResult>['entries'][number];
type Line = Pick<Listed, 'index' | 'at' | 'receipted'>;

/** Entries of the ledger to or from a peer, with the newest receipt for it. */
export async function ledgerOf(
  sovereign: Sovereign,
  {
    peer: code,
    direction,
    from,
    limit,
  }: { peer: string; direction: 'out' | 'in'; from: number; limit: number },
) {
  const { peers, store, self } = sovereign;
  const peer = peers.byCode(code);
  const log = await store.log(`ledger/${direction}/${peer.state}`);
  const head = log.head();
  const receipt = await log.latestCosignature(direction === 'out' ? peer.state : self.state);
  const entries: Listed[] = [];
  const start = Math.min(from, head.size);
  for await (const chunk of log.entries(start, Math.min(start + limit, head.size))) {
    for (const { index, leaf } of chunk) {
      const entry = decodeLedgerEntry(leaf);
      const receipted = receipt !== undefined && index < receipt.size;
      const line = { index, at: formatTime(entry.atSeconds), receipted };
      if (entry.kind === 'order') entries.push(listedOrder(sovereign, line, entry));
      else if (entry.kind === 'report') entries.push(listedReport(line, entry));
      else if (entry.kind === 'letter') entries.push(listedLetter(line, entry));
      else {
        const content =
          direction === 'in' || (await store.get(TABLES.bare, [peer.state, index])) === undefined;
        entries.push(await listedRelease(sovereign, line, entry, content));
      }
    }
  }
  return {
    peer: peer.code,
    direction,
    size: head.size,
    root: toHex(head.root),
    receipt:
      receipt === undefined
        ? null
        : {
            size: receipt.size,
            at: formatTime(receipt.atSeconds),
            by: direction === 'out' ? peer.code : self.charter.code,
          },
    entries,
  };
}

async function listedRelease(
  sovereign: Sovereign,
  line: Line,
  { recordId, disclosures, mode, purpose }: ReleaseEntry,
  content: boolean,
): Promise<Listed> {
  const record = toHex(recordId) as RecordId;
  const stored = await sovereign.store.records('real').get(record);
  const view = stored === undefined ? undefined : openReadable(sovereign, stored);
  const title = view === undefined ? null : titleText(view);
  return { ...line, kind: 'release', record, title, mode, purpose, disclosures: disclosures.length, content };
}

function listedOrder(sovereign: Sovereign, line: Line, { order: bytes }: OrderEntry): Listed {
  const order = readable(bytes);
  const name = (state: StateId): string => sovereign.peers.codeOf(state) ?? state;
  return {
    ...line,
    kind: 'order',
    order: sha256Hex(bytes),
    issuer: order === undefined ? null : name(order.issuer),
    what: order?.kind ?? null,
    record: order !== undefined && 'record' in order ? order.record : null,
    parts: order?.kind === 'narrow' ? order.digests.length : 0,
    state: order !== undefined && 'state' in order ? name(order.state) : null,
    reason: order?.reason ?? null,
  };
}

/** A peer's ledger holds what it wrote, also where that is no order. */
function readable(bytes: Uint8Array): Order | undefined {
  try {
    return readOrder(bytes);
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
}

function listedReport(line: Line, { orderDigest, outcome, reason }: ReportEntry): Listed {
  return { ...line, kind: 'report', order: toHex(orderDigest), outcome, reason: reason ?? null };
}

function listedLetter(line: Line, { officer, letterDigest }: LetterEntry): Listed {
  return { ...line, kind: 'letter', officer, letter: toHex(letterDigest) };
}
