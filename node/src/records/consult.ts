import { toHex } from '@comity/digest';
import { describeFilter, openQuestionContent, partsHolding } from '@comity/query';
import {
  contentToJson,
  decodeRecord,
  diagnoseRecord,
  type Json,
  redactedElements,
  type View,
} from '@comity/record';
import { type StoredRecord, TABLES } from '@comity/store';
import { formatTime, type RecordSummary } from '../operations/shapes.ts';
import { orderStatusesAbout } from '../orders/order-status.ts';
import { retainedBecause } from '../orders/retain.ts';
import { stateOfCode } from '../peers/state-codes.ts';
import { byPath } from '../release/by-path.ts';
import type { Sovereign } from '../sovereign.ts';
import { findRecord } from './find-record.ts';
import { openReadable } from './stored-view.ts';
import { type Markings, markingOf, summarise, summariseStored } from './summary.ts';

/** Reading what the node holds. Everything here is for this state's own users. */

/** Records looked at for one answer, where only those of one status are wanted: the page ends there, and goes on after it. */
const MAX_LOOKED_AT = 10_000;
const RECORDS_PER_READ = 256;

export async function listRecords(
  sovereign: Sovereign,
  {
    type,
    issuer,
    sinceSeconds,
    status,
    limit,
    after,
  }: {
    type?: string | undefined;
    issuer?: string | undefined;
    sinceSeconds?: number | undefined;
    status?: RecordSummary['status'] | undefined;
    limit: number;
    after?: string | undefined;
  },
): Promise<{ records: RecordSummary[]; next: string | null }> {
  const { store } = sovereign;
  const state = issuer === undefined ? undefined : stateOfCode(sovereign, issuer);
  const records: RecordSummary[] = [];
  let next = after;
  let looked = 0;
  do {
    const page = await store.records('real').list({
      reverse: true,
      // Never more than is still wanted: the cursor stands behind the last record that was looked at.
      limit: Math.min(limit - records.length, status === undefined ? limit : RECORDS_PER_READ),
      ...(type !== undefined && { type }),
      ...(state !== undefined && { issuer: state }),
      ...(sinceSeconds !== undefined && { sinceSeconds }),
      ...(next !== undefined && { after: next }),
    });
    const found = await Promise.all(page.records.map((record) => summariseStored(sovereign, record)));
    records.push(...found.filter((each) => status === undefined || each.status === status));
    looked += page.records.length;
    ({ next } = page);
  } while (next !== undefined && records.length < limit && looked < MAX_LOOKED_AT);
  return { records, next: next ?? null };
}

export async function findRecords(
  sovereign: Sovereign,
  { text, type, limit }: { text: string; type?: string | undefined; limit: number },
  signal: AbortSignal,
): Promise<{ records: (RecordSummary & { found: string[] })[] }> {
  const records: (RecordSummary & { found: string[] })[] = [];
  let after: string | undefined;
  do {
    const page = await sovereign.store.records('real').list({
      reverse: true,
      limit: 256,
      ...(type !== undefined && { type }),
      ...(after !== undefined && { after }),
    });
    for (const record of page.records) {
      const view = openReadable(sovereign, record);
      const found = view === undefined ? [] : partsHolding(view, text);
      if (view !== undefined && found.length > 0)
        records.push({ ...(await summarise(sovereign, view)), found });
      if (records.length >= limit || signal.aborted) return { records };
    }
    after = page.next;
  } while (after !== undefined);
  return { records };
}

export async function showRecord(sovereign: Sovereign, { id, raw }: { id: string; raw: boolean }) {
  const { stored, view } = await findRecord(sovereign, id);
  const { header } = view;
  const records = sovereign.store.records(stored.realm);
  const peerSources = stored.sources.filter(({ peer }) => peer !== null);
  const first = peerSources[0];
  const ids = (list: readonly StoredRecord[]): string[] => list.map((each) => each.id);
  return {
    record: await summarise(sovereign, view),
    envelopeLabel: markingOf(sovereign, view, header.label),
    supersedes: [...header.supersedes],
    supersededBy: ids(await records.successorsOf(header.id)),
    retracts: header.retracts ?? null,
    retractedBy: ids(await records.retractionsOf(header.id)),
    orders: await orderStatusesAbout(sovereign, header.id, header.issuer),
    retainedBecause: (await retainedBecause(sovereign, header.id)) ?? null,
    expiresAt: header.expiresAtSeconds === undefined ? null : formatTime(header.expiresAtSeconds),
    receivedAt: first === undefined ? null : formatTime(first.receivedAtSeconds),
    sources: [
      ...new Set(
        peerSources.map(({ peer }) => (peer === null ? '' : (sovereign.peers.codeOf(peer) ?? peer))),
      ),
    ],
    parts: heldParts(sovereign, view),
    mayBeWithheld: view.withheldCount,
    ...(raw && {
      raw: {
        cose: toHex(stored.bytes),
        disclosures: stored.disclosures.map(toHex),
        diagnostic: diagnoseRecord(decodeRecord(stored.bytes), stored.disclosures),
      },
    }),
  };
}

/** The parts held, by path. A part that is made of parts has no value of its own: they follow it. */
export function heldParts(
  sovereign: Markings,
  view: View,
): { path: string; label: string; value: Json; redactedElements?: number }[] {
  const containers = new Set(view.parts.flatMap(({ ancestors }) => ancestors));
  return view.parts
    .map(({ pathText, label, value, digest }) => {
      const redacted = redactedElements(value);
      return {
        path: pathText,
        label: markingOf(sovereign, view, label),
        value: containers.has(digest) ? null : contentToJson(value),
        ...(redacted > 0 && { redactedElements: redacted }),
      };
    })
    .sort((a, b) => byPath(a.path, b.path));
}

export async function listQueries({ store, peers }: Sovereign, { limit }: { limit: number }) {
  const rows = [
    ...(await store.list(TABLES.queries, ['real', 'asked'], { reverse: true, limit })).map((each) => ({
      ...each,
      direction: 'asked' as const,
    })),
    ...(await store.list(TABLES.queries, ['real', 'answered'], { reverse: true, limit })).map((each) => ({
      ...each,
      direction: 'answered' as const,
    })),
  ].sort((a, b) => b.key[2] - a.key[2]);
  return {
    queries: rows.slice(0, limit).map(({ key, row, direction }) => {
      const { purpose, filter } = openQuestionContent(row.bytes);
      return {
        at: formatTime(key[2]),
        direction,
        peer: peers.codeOf(row.peer) ?? row.peer.slice(0, 12),
        purpose,
        filter: describeFilter(filter),
        records: row.outcome === 'open' ? null : row.recordCount,
        outcome: row.code ?? row.outcome,
      };
    }),
  };
}
