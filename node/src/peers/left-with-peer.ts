import { toHex } from '@comity/digest';
import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import { decodeLedgerEntry } from '@comity/log';
import { headerOf, type RecordId } from '@comity/record';
import { tallyOf } from '../ledgers/ledger-tally.ts';
import { unansweredBy } from '../orders/order-status.ts';
import { holdsInOrder } from '../release/holds.ts';
import type { Sovereign } from '../sovereign.ts';
import { REMOVED } from './peers.ts';

/** What stays with a state that is let go, and what ends with it. */
export interface LeftWithPeer {
  /** Records of which it was handed parts, and has not said that it obeyed the recall of all of it. */
  readonly records: number;
  /** Parts of these, but those that it has said to have erased. */
  readonly parts: number;
  /** Ids of orders that it was passed and has neither obeyed nor refused. */
  readonly unanswered: string[];
  /** Records of which something waits to be released to it. */
  readonly waiting: number;
  /** Retractions among them. */
  readonly retractions: string[];
  /** Records held here that others may hand it by a consent in force. */
  readonly byConsent: string[];
}

/**
 * What a peer has of this node, what it owes an answer to and what waits for it: to be known before it is let go, as nothing of that
 * can be taken back from it afterwards.
 *
 * @throws Fault peer.unknown, peer.removed
 */
export async function leftWith(sovereign: Sovereign, code: string): Promise<LeftWithPeer> {
  const { peers } = sovereign;
  const state = peers.stateOf(code);
  if (state === undefined) throw new Fault('peer.unknown', `no peer ${code}`, { fields: { code } });
  if (peers.faultyOf(state)?.fault === REMOVED)
    throw new Fault(REMOVED, `${code} is no peer any more`, { fields: { code } });
  return {
    ...(await handedTo(sovereign, state)),
    unanswered: await unansweredBy(sovereign, state),
    ...(await waitingFor(sovereign, state)),
    byConsent: await consentedTo(sovereign, state),
  };
}

async function handedTo(
  sovereign: Sovereign,
  state: StateId,
): Promise<Pick<LeftWithPeer, 'records' | 'parts'>> {
  const { store, orders } = sovereign;
  const ids = new Set<RecordId>();
  for await (const entries of (await store.log(`ledger/out/${state}`)).entries(0))
    for (const { leaf } of entries) {
      const entry = decodeLedgerEntry(leaf);
      if (entry.kind === 'release') ids.add(toHex(entry.recordId) as RecordId);
    }
  const tally = await tallyOf(sovereign, state);
  let [records, parts] = [0, 0];
  for (const id of ids) {
    const obeyed = orders.about(id).filter((known) => tally.reported(known.order.id)?.outcome === 'applied');
    if (obeyed.some(({ order }) => order.kind === 'recall')) continue;
    const erased = new Set(obeyed.flatMap(({ order }) => (order.kind === 'narrow' ? order.digests : [])));
    const { digests } = await store.released(state, id);
    records += 1;
    parts += [...digests].filter((digest) => !erased.has(digest)).length;
  }
  return { records, parts };
}

async function waitingFor(
  sovereign: Sovereign,
  state: StateId,
): Promise<Pick<LeftWithPeer, 'waiting' | 'retractions'>> {
  let waiting = 0;
  const retractions: RecordId[] = [];
  for await (const { record } of holdsInOrder(sovereign, { peer: state })) {
    waiting += 1;
    const stored = await sovereign.store.records('real').get(record);
    if (stored !== undefined && headerOf(stored.bytes).retracts !== undefined) retractions.push(record);
  }
  return { waiting, retractions };
}

async function consentedTo({ consents, store, now }: Sovereign, state: StateId): Promise<RecordId[]> {
  const found: RecordId[] = [];
  for (const id of consents.records) {
    const stored = await store.records('real').get(id);
    if (stored === undefined) continue;
    const inForce = consents
      .of(headerOf(stored.bytes))
      .some(({ thirdParty, untilSeconds }) => thirdParty === state && now() < untilSeconds);
    if (inForce) found.push(id);
  }
  return found;
}
