import { toHex } from '@comity/digest';
import type { FaultCode } from '@comity/fault';
import type { StateId } from '@comity/label';
import type { Order } from '@comity/ledger';
import { decodeLedgerEntry, type ReleaseEntry } from '@comity/log';
import { isRecordId, type Part, type RecordId, type View } from '@comity/record';
import { type StoredRecord, TABLES } from '@comity/store';
import type { z } from 'zod';
import { pathsOf } from '../consents/release-terms.ts';
import { tallyOf } from '../ledgers/ledger-tally.ts';
import { lettersAbout } from '../letters/sent-letters.ts';
import type { audienceResult } from '../operations/audience.ts';
import { formatTime, type PartOutcome } from '../operations/shapes.ts';
import { orderStatusesAbout } from '../orders/order-status.ts';
import { issuerOfErased } from '../orders/orders.ts';
import { codeOrId } from '../peers/state-codes.ts';
import { erasedOf } from '../records/erased.ts';
import { findRecord } from '../records/find-record.ts';
import { markingOf, summarise } from '../records/summary.ts';
import type { Sovereign } from '../sovereign.ts';
import { byPath } from './by-path.ts';
import { previewView } from './preview.ts';
import { readersOf } from './reads.ts';

type Audience = z.input<typeof audienceResult>;
type PeerAudience = Audience['peers'][number];

/** An entry of a peer's release ledger about the record. */
export interface Handed {
  readonly index: number;
  readonly entry: ReleaseEntry;
  readonly receipted: boolean;
  /** False where it went out without its content, because the rules no longer allowed it. */
  readonly content: boolean;
}

/**
 * Who has a record, who would be handed more of it and who is refused, what was ordered about it, and who read it here
 * (DISCLOSURE §4). What a peer has is told by its release ledger, what it would get by the decision of this moment. Of a record
 * that was erased here, the ledgers still tell who has it.
 *
 * @param idOrPrefix of an erased record the whole id
 * @throws Fault record.not-found, record.ambiguous-id
 */
export async function audienceOf(sovereign: Sovereign, idOrPrefix: string): Promise<Audience> {
  const erased = isRecordId(idOrPrefix) ? await erasedAudience(sovereign, idOrPrefix) : undefined;
  if (erased !== undefined) return erased;
  const { stored, view } = await findRecord(sovereign, idOrPrefix);
  return {
    id: stored.id,
    record: await summarise(sovereign, view),
    erased: null,
    sources: sourcesOf(sovereign, stored),
    peers: await peersOf(sovereign, stored, view),
    ...(await aboutRecord(sovereign, stored.id, view.parts, view.header.issuer)),
  };
}

async function erasedAudience(sovereign: Sovereign, id: RecordId): Promise<Audience | undefined> {
  const { peers } = sovereign;
  const erased = await erasedOf(sovereign, id);
  if (erased === undefined) return undefined;
  const known = [...peers.all(), ...peers.unreadable()];
  const tombstone = await sovereign.store.tombstone(id);
  const issuer = tombstone && issuerOfErased(sovereign, tombstone);
  const sources = (tombstone?.sources ?? []).map(([peer, receivedAtSeconds, ledgerIndex]) => ({
    peer,
    receivedAtSeconds,
    ledgerIndex,
  }));
  const stored = { id, sources };
  return {
    id,
    record: null,
    erased,
    sources: sourcesOf(sovereign, stored),
    peers: await Promise.all(known.map((peer) => peerAudience(sovereign, stored, undefined, peer, []))),
    ...(await aboutRecord(sovereign, id, [], issuer)),
  };
}

async function aboutRecord(
  sovereign: Sovereign,
  id: RecordId,
  parts: readonly Part[],
  issuer: StateId | undefined,
): Promise<Pick<Audience, 'letters' | 'orders' | 'readers'>> {
  const readers = await readersOf(sovereign, id);
  return {
    letters: await lettersOf(sovereign, id, parts),
    orders: await orderStatusesAbout(sovereign, id, issuer),
    readers: readers.map(({ user, isProven, times, firstAtSeconds, lastAtSeconds }) => ({
      user,
      isProven,
      times,
      firstAt: formatTime(firstAtSeconds),
      lastAt: formatTime(lastAtSeconds),
    })),
  };
}

/** Letters that this state has written about a record. */
async function lettersOf(
  sovereign: Sovereign,
  record: RecordId,
  parts: readonly Part[],
): Promise<Audience['letters']> {
  const { store, peers, orders, self } = sovereign;
  const paths = new Map(parts.map(({ digest, pathText }) => [digest, pathText]));
  const letters = await lettersAbout(store, record);
  return letters.map(({ id, peer, officer, atSeconds, purpose, digests }) => ({
    letter: id,
    peer: peers.codeOf(peer) ?? peer,
    officer,
    at: formatTime(atSeconds),
    purpose,
    parts: digests.flatMap((digest) => paths.get(digest) ?? []).sort(byPath),
    recalled: orders.recalled({ issuer: self.state, id: id as RecordId }) !== undefined,
  }));
}

function sourcesOf({ peers }: Sovereign, { sources }: Pick<StoredRecord, 'sources'>): Audience['sources'] {
  return sources.map(({ peer, receivedAtSeconds, ledgerIndex }) => ({
    peer: peer === null ? null : (peers.codeOf(peer) ?? peer),
    at: formatTime(receivedAtSeconds),
    entry: ledgerIndex,
  }));
}

async function peersOf(sovereign: Sovereign, stored: StoredRecord, view: View): Promise<PeerAudience[]> {
  const { peers } = sovereign;
  const outcomes = new Map(
    (await previewView(sovereign, view, undefined)).peers.map((each) => [each.peer, each.parts]),
  );
  const audiences: PeerAudience[] = [];
  for (const { state, code } of peers.all())
    audiences.push(await peerAudience(sovereign, stored, view, { state, code }, outcomes.get(code) ?? []));
  for (const peer of peers.unreadable())
    audiences.push(
      await peerAudience(sovereign, stored, view, peer, faultyOutcomes(sovereign, view, peer.fault)),
    );
  return audiences;
}

/** Of a peer that is none any more, or cannot be read, nothing can be decided: it is handed nothing. */
function faultyOutcomes(sovereign: Sovereign, view: View, fault: FaultCode): PartOutcome[] {
  return view.parts.map(({ pathText, label }) => ({
    path: pathText,
    label: markingOf(sovereign, view, label),
    outcome: 'withhold',
    reason: fault,
    rule: null,
  }));
}

async function peerAudience(
  sovereign: Sovereign,
  { id, sources }: Pick<StoredRecord, 'id' | 'sources'>,
  view: View | undefined,
  { state, code }: { readonly state: StateId; readonly code: string },
  outcomes: readonly PartOutcome[],
): Promise<PeerAudience> {
  const entries = await handedTo(sovereign, state, id);
  const first = firstHandOver(entries);
  const erased = await erasedAt(sovereign, state, id, view?.header.issuer);
  const partAt = new Map(view?.parts.map((part) => [part.pathText, part]));
  return {
    peer: code,
    gaveIt: sources.some(({ peer }) => peer === state),
    entries: entries.map(({ index, entry, receipted, content }) => ({
      index,
      at: formatTime(entry.atSeconds),
      mode: entry.mode,
      purpose: entry.purpose,
      parts: entry.disclosures.length,
      receipted,
      content,
    })),
    parts: outcomes.map((outcome) => {
      const part = partAt.get(outcome.path);
      return { ...outcome, handed: handOver(first.get(part?.digest ?? ''), erased(part)) };
    }),
    byConsent: view === undefined ? [] : consentsTo(sovereign, view, state),
    noLongerHeld: [...first.keys()].filter((digest) => view?.partOf(digest) === undefined).length,
  };
}

/** What a peer may be handed by others, as the originator consents: this node need not learn whether it was. */
function consentsTo(sovereign: Sovereign, view: View, peer: StateId): PeerAudience['byConsent'] {
  const { consents } = sovereign;
  return consents
    .of(view.header)
    .filter(({ thirdParty, untilSeconds }) => thirdParty === peer && sovereign.now() < untilSeconds)
    .map(({ holder, grant, parts, untilSeconds }) => ({
      holder: codeOrId(sovereign, holder),
      grant,
      parts: parts === 'all' ? null : pathsOf(view, [...parts]),
      until: formatTime(untilSeconds),
    }));
}

function handOver(
  handed: Handed | undefined,
  erasedSeconds: number | undefined,
): PeerAudience['parts'][number]['handed'] {
  if (handed === undefined) return null;
  const { entry, index, receipted } = handed;
  const erasedAt = erasedSeconds === undefined ? null : formatTime(erasedSeconds);
  return { since: formatTime(entry.atSeconds), entry: index, receipted, erasedAt };
}

/** When a peer reported that it has erased a part: by orders about the record that it has obeyed. What is taken back stays so. */
async function erasedAt(
  sovereign: Sovereign,
  peer: StateId,
  record: RecordId,
  issuer: StateId | undefined,
): Promise<(part: Part | undefined) => number | undefined> {
  const about = sovereign.orders.about(record, issuer);
  if (about.length === 0) return () => undefined;
  const tally = await tallyOf(sovereign, peer);
  const obeyed = about.flatMap(({ order }) => {
    const report = tally.reported(order.id);
    return report?.outcome === 'applied' ? [{ order, atSeconds: report.atSeconds }] : [];
  });
  return (part) => {
    const times = obeyed
      .filter(({ order }) => order.kind === 'recall' || (part !== undefined && covers(order, part)))
      .map(({ atSeconds }) => atSeconds);
    return times.length === 0 ? undefined : Math.min(...times);
  };
}

function covers(order: Order, { digest, ancestors }: Part): boolean {
  if (order.kind !== 'narrow') return false;
  return [digest, ...ancestors].some((each) => order.digests.includes(each));
}

/** By digest, the entry by which a part was handed over first. */
function firstHandOver(entries: readonly Handed[]): ReadonlyMap<string, Handed> {
  const first = new Map<string, Handed>();
  for (const handed of entries) {
    if (!handed.content) continue;
    for (const digest of handed.entry.disclosures.map(toHex))
      if (!first.has(digest)) first.set(digest, handed);
  }
  return first;
}

/** The entries of a peer's release ledger that name a record, oldest first. */
export async function handedTo({ store }: Sovereign, peer: StateId, record: RecordId): Promise<Handed[]> {
  const { ledgerIndexes } = await store.released(peer, record);
  const log = await store.log(`ledger/out/${peer}`);
  const receipt = await log.latestCosignature(peer);
  const handed: Handed[] = [];
  for (const index of ledgerIndexes) {
    const entry = decodeLedgerEntry((await log.entry(index)).leaf);
    if (entry.kind !== 'release') continue;
    const receipted = receipt !== undefined && index < receipt.size;
    const content = (await store.get(TABLES.bare, [peer, index])) === undefined;
    handed.push({ index, entry, receipted, content });
  }
  return handed;
}
