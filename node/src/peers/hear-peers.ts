import { setTimeout as sleep } from 'node:timers/promises';
import { equalBytes } from '@comity/digest';
import type { Exchange, LedgerBatch } from '@comity/exchange';
import { isFault } from '@comity/fault';
import type { StateId } from '@comity/label';
import { rootAt } from '@comity/merkle';
import { WriteSet } from '@comity/store';
import { ordersSoon } from '../orders/apply-orders.ts';
import { answerLate } from '../orders/order-reports.ts';
import { tellOrders } from '../orders/owed-orders.ts';
import { begunAt, ledgerHolders, PutBack, type PutBackState } from '../recovery/put-back.ts';
import { reconcile, reviseDoor } from '../recovery/reconcile.ts';
import { ownCheckpoint, takeIn, takeOrders } from '../recovery/take-back.ts';
import { relaySoon } from '../release/relay.ts';
import type { Sovereign } from '../sovereign.ts';
import type { Peer } from './peers.ts';

const LOOK_EACH_MS = 1_000;
/** A peer that says again and again that it holds more is looked at no more often: each look is a ledger that is read. */
const DISPUTE_EACH_MS = 600_000;

/** Peers that hold, or say they hold, another history of this state's ledger, and when each was looked at last. */
interface Disputes {
  readonly open: Set<StateId>;
  readonly lookedAtMs: Map<StateId, number>;
}

const disputes = new WeakMap<Sovereign, Disputes>();

function disputesOf(sovereign: Sovereign): Disputes {
  const known = disputes.get(sovereign) ?? { open: new Set(), lookedAtMs: new Map() };
  disputes.set(sovereign, known);
  return known;
}

/** A peer does not hold this state's ledger as it is here: the store may have been put back, without anybody having said so. */
export function noteDispute(sovereign: Sovereign, peer: StateId): void {
  const { open, lookedAtMs } = disputesOf(sovereign);
  if (performance.now() - (lookedAtMs.get(peer) ?? Number.NEGATIVE_INFINITY) < DISPUTE_EACH_MS) return;
  lookedAtMs.set(peer, performance.now());
  open.add(peer);
}

/**
 * After the store was put back, takes back from each peer, as it connects, what that holds of the ledger for it, until the node
 * stops; what was held is released when all are heard and the rest is confirmed (ledger.md §2.5, §2.6).
 *
 * @param reconnect has a peer ask for its ledger again that has given up asking
 */
export async function hearPeers(
  sovereign: Sovereign,
  reconnect: (peer: Peer) => Promise<void>,
  signal: AbortSignal,
  succeeded: () => void,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const { exchange } = sovereign;
    let failure: Error | undefined;
    for (const peer of exchange === undefined ? [] : sovereign.peers.all()) {
      try {
        await hear(sovereign, exchange as Exchange, peer, reconnect, signal);
      } catch (error) {
        // One that does not give back holds up no other in being heard.
        failure ??= error as Error;
      }
    }
    signal.throwIfAborted();
    if (failure !== undefined) throw failure;
    succeeded();
    await sleep(LOOK_EACH_MS, undefined, { signal, ref: false });
  }
}

async function hear(
  sovereign: Sovereign,
  exchange: Exchange,
  peer: Peer,
  reconnect: (peer: Peer) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const { putBack } = sovereign;
  const { state } = peer;
  const { open } = disputesOf(sovereign);
  const isDisputed = open.has(state);
  if (!(isDisputed || putBack.isUnheard(state)) || peer.suspended) return;
  if (exchange.status(state).state !== 'live') return;
  if (isDisputed || putBack.lacksLedger(state)) {
    const isWhole = await takeBack(sovereign, exchange, state, { isDisputed }, signal);
    open.delete(state);
    // What a peer says alone is nothing: nothing that this state has signed shows another history.
    if (!putBack.isUnheard(state)) return;
    putBack.noteReturned(state, isWhole);
    // It has given up asking on this connection; on the next it is heard.
    if (isDisputed) await reconnect(peer);
  }
  // What it has taken back itself is to be known again as well.
  if (exchange.status(state).state === 'live' && exchange.status(state).lagEntries === 0)
    await heard(sovereign, peer);
}

/** @returns whether the ledger goes on as the peer holds it */
async function takeBack(
  sovereign: Sovereign,
  exchange: Exchange,
  peer: StateId,
  { isDisputed }: { readonly isDisputed: boolean },
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const { size } = await sovereign.store.log(`ledger/out/${peer}`);
    let count = 0;
    for await (const batch of exchange.takeBack(peer, size, signal)) {
      if (!sovereign.putBack.isUnheard(peer)) await beginUnsaid(sovereign, peer, batch);
      await takeIn(sovereign, peer, batch);
      count += 1;
    }
    if (count > 0 || !isDisputed) return true;
  } catch (error) {
    if (!isFault(error, 'exchange.batch-mismatch')) throw error;
  }
  // Written to before it was heard: the ledger is lost to both sides, the orders in it are not.
  for await (const batch of exchange.takeBack(peer, 0, signal)) {
    if (!sovereign.putBack.isUnheard(peer)) await beginUnsaid(sovereign, peer, batch);
    if (sovereign.putBack.isUnheard(peer)) await takeOrders(sovereign, peer, batch);
  }
  return false;
}

/** Begins to hold releases where a batch shows that this state has signed another ledger than it has. */
async function beginUnsaid(
  sovereign: Sovereign,
  peer: StateId,
  { checkpoint, to }: LedgerBatch,
): Promise<void> {
  const { size, root } = ownCheckpoint(sovereign, peer, checkpoint);
  const log = await sovereign.store.log(`ledger/out/${peer}`);
  if (size <= log.size && equalBytes(await rootAt(size, log.subtrees()), root)) return;
  const atSeconds = sovereign.now();
  const set = new WriteSet().audit({ atSeconds, event: 'put-back-noticed', fields: { peer, size: to } });
  const state = begunAt(atSeconds, await ledgerHolders(sovereign.store));
  await reviseDoor(sovereign, PutBack.put(set, state), () => sovereign.putBack.follow(state));
  sovereign.events.emit('put-back-noticed', { peer: sovereign.peers.codeOf(peer) ?? peer });
  await reconcile(sovereign, [], () => {});
}

async function heard(sovereign: Sovereign, peer: Peer): Promise<void> {
  const { door, putBack } = sovereign;
  const { state, code } = peer;
  const wasShut = door.isShut;
  const isWhole = putBack.isWhole(state);
  await changePutBack(
    sovereign,
    ({ unheard, ...rest }) => ({
      ...rest,
      unheard: new Map([...unheard].filter(([each]) => each !== state)),
    }),
    { event: 'peer-heard', fields: { peer: state, whole: isWhole } },
  );
  sovereign.events.emit('peer-heard', { peer: code });
  // It may have waited to know how an order was answered before.
  ordersSoon(sovereign);
  await tellOrders(sovereign, state);
  await answerLate(sovereign);
  await releaseHeld(sovereign, wasShut ? sovereign.peers.all() : [peer]);
  sovereign.growth.notify([state]);
}

/** Changes what is known after the store was put back; it is in force with the next revision. After it comes a run of `reconcile`. */
export async function changePutBack(
  sovereign: Sovereign,
  change: (state: PutBackState) => PutBackState,
  line: { readonly event: string; readonly fields: Readonly<Record<string, string | number | boolean>> },
): Promise<void> {
  const { putBack, now } = sovereign;
  let next = putBack.state;
  await reviseDoor(
    sovereign,
    async () => {
      next = change(putBack.state);
      return PutBack.put(new WriteSet().audit({ atSeconds: now(), ...line }), next);
    },
    () => putBack.follow(next),
  );
}

/** After `changePutBack`: what was held for these peers is released, where nothing stands in the way any more. */
export async function releaseHeld(sovereign: Sovereign, peers: readonly Peer[]): Promise<void> {
  await reconcile(sovereign, sovereign.door.isShut ? [] : peers, () => {});
  relaySoon(sovereign);
}
