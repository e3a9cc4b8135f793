import { Fault } from '@comity/fault';
import type { StateCode, StateId } from '@comity/label';
import { type Store, TABLES, WriteSet } from '@comity/store';
import type { Emit } from '../control/operation.ts';
import { localUser } from '../process/local-user.ts';
import { reconcile, reviseDoor } from '../recovery/reconcile.ts';
import type { Sovereign } from '../sovereign.ts';
import { dropDocument, replaceDocuments } from './peer-keys.ts';
import { keyTurns } from './peer-turns.ts';
import { REMOVED } from './peers.ts';
import { orderOthers } from './suspend.ts';

/** Since when a peer is none any more, UTC seconds: its row and its keys stay, so that what it gave can be read. */
const settingOf = (state: StateId): string => `peer-removed ${state}`;

/** Whether a state was a peer and has been removed. */
export async function isRemoved(store: Store, state: StateId): Promise<boolean> {
  return typeof (await store.get(TABLES.settings, [settingOf(state)])) === 'number';
}

/** In the commit by which a state is a peer again. */
export function forgetRemoval(set: WriteSet, state: StateId): void {
  set.delete(TABLES.settings, [settingOf(state)]);
}

/**
 * Lets a state be a peer no longer: its sessions end, nothing is served to it or taken from it, nor taken that its keys have signed.
 * What both have signed about each other is dropped. What it gave stays, with its keys to read it by, and its ledgers.
 *
 * @param everywhere also order all other peers not to pass it this state's records
 * @returns peers to which that order goes
 * @throws Fault peer.unknown, peer.removed
 */
export async function removePeer(
  sovereign: Sovereign,
  code: string,
  everywhere: boolean,
  emit: Emit,
): Promise<string[]> {
  const { peers } = sovereign;
  const state = peers.stateOf(code);
  if (state === undefined) throw new Fault('peer.unknown', `no peer ${code}`, { fields: { code } });
  const former = peers.get(state);
  await keyTurns(sovereign, state).take(async () => {
    const known = peers.get(state);
    const faulty = peers.faultyOf(state);
    if (faulty?.fault === REMOVED)
      throw new Fault(REMOVED, `${code} is no peer any more`, { fields: { code } });
    const atSeconds = sovereign.now();
    const set = new WriteSet()
      .put(TABLES.settings, [settingOf(state)], atSeconds)
      .audit({ atSeconds, event: 'peer-removed', fields: { peer: state, code, user: localUser() } });
    await replaceDocuments(sovereign, set, state, 'recognition', []);
    if (known !== undefined) dropDocument(set, sovereign.self.state, 'recognition', known.ours.bytes);
    const certificates = (known ?? faulty)?.certificates ?? [];
    const removed = { state, code: code as StateCode, fault: REMOVED, certificates };
    await reviseDoor(sovereign, set, () => peers.setRemoved(removed));
  });
  if (former !== undefined) await sovereign.onPeerChange({ ...former, suspended: true });
  await reconcile(sovereign, [], emit);
  return everywhere ? orderOthers(sovereign, state, true) : [];
}
