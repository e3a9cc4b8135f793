import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import { TABLES, WriteSet } from '@comity/store';
import type { Emit } from '../control/operation.ts';
import { localUser } from '../process/local-user.ts';
import { barState } from '../recall.ts';
import { reconcile, reconcileWith, reviseDoor } from '../recovery/reconcile.ts';
import type { Sovereign } from '../sovereign.ts';
import { keyTurns } from './peer-turns.ts';
import type { Peer } from './peers.ts';

interface Suspended {
  readonly peer: string;
  readonly suspended: boolean;
  /** Peers that are told not to pass this state's records on to the peer, or that they may again. */
  readonly told: string[];
}

/**
 * Suspends or resumes a peer. Suspended, it is cut off at once and served nothing, on any path.
 *
 * @param everywhere also order all other peers not to pass it this state's records, or end that order
 */
export async function setSuspended(
  sovereign: Sovereign,
  code: string,
  { suspended, everywhere }: { readonly suspended: boolean; readonly everywhere: boolean },
  emit: Emit,
): Promise<Suspended> {
  const { state } = sovereign.peers.byCode(code);
  await suspend(sovereign, code, suspended, emit);
  const told = everywhere ? await orderOthers(sovereign, state, suspended) : [];
  return { peer: code, suspended, told };
}

/** An order that is in force already is not given again. */
export async function orderOthers(
  sovereign: Sovereign,
  state: StateId,
  suspended: boolean,
): Promise<string[]> {
  const isBarred = sovereign.orders.barredBy(sovereign.self.state).has(state);
  if (isBarred === suspended) return [];
  return barState(sovereign, state, suspended ? 'bar' : 'lift', 'other');
}

async function suspend(sovereign: Sovereign, code: string, suspended: boolean, emit: Emit): Promise<void> {
  const { state } = sovereign.peers.byCode(code);
  // In turn with renewals and hellos: each writes what the others have brought, and none takes a suspension back.
  const changed = await keyTurns(sovereign, state).take(() => suspendInTurn(sovereign, code, suspended));
  if (changed === undefined) return;
  await connectAsKnown(sovereign, changed);
  if (suspended) await reconcile(sovereign, [], emit);
  else await reconcileWith(sovereign, changed, emit);
}

/** The peer as it is from then on; undefined where nothing is changed. */
async function suspendInTurn(
  sovereign: Sovereign,
  code: string,
  suspended: boolean,
): Promise<Peer | undefined> {
  const { peers, store } = sovereign;
  const peer = peers.byCode(code);
  if (peer.suspended === suspended) return undefined;
  const row = await store.get(TABLES.peers, [peer.state]);
  if (row === undefined) throw new Fault('peer.unknown', `no peer ${code}`);
  const changed = { ...peer, suspended };
  const set = new WriteSet().put(TABLES.peers, [peer.state], { ...row, suspended }).audit({
    atSeconds: sovereign.now(),
    event: suspended ? 'peer-suspended' : 'peer-resumed',
    fields: { peer: peer.state, user: localUser() },
  });
  await reviseDoor(sovereign, set, () => peers.set(changed));
  return changed;
}

/** Connects or cuts off a peer as it is known by now: what was changed after this change is in force as well. */
export async function connectAsKnown({ peers, onPeerChange }: Sovereign, peer: Peer): Promise<void> {
  await onPeerChange(peers.get(peer.state) ?? peer);
}
