import type { VerifiedRecognition } from '@comity/identity';
import { WriteSet } from '@comity/store';
import { loadOfficers } from '../officers/officers.ts';
import { reviseDoor } from '../recovery/reconcile.ts';
import type { Sovereign } from '../sovereign.ts';
import { learntLine, type OfferedKeys, tellOfKeys } from './card-news.ts';
import { replaceDocuments, replaceKeyDocuments, takeKeys } from './peer-keys.ts';
import type { Peer } from './peers.ts';

/** What became of what a peer has shown. */
export interface Learnt {
  /** Whether keys are new or gone: threads and connections are to be told. */
  readonly hasNewKeys: boolean;
  /** Whether there is a new charter or key state. */
  readonly hasNewState: boolean;
  /** Whether what may be released can have changed: `reconcileWith` is owed. */
  readonly isOwed: boolean;
}

/**
 * Puts in force what a peer has shown of its keys, and its recognition where that is newer, stored first. To be called in the
 * turn of the peer's keys.
 *
 * @throws Fault as `takeKeys`; then nothing has changed
 */
export async function learnKeys(
  sovereign: Sovereign,
  peer: Peer,
  offered: OfferedKeys,
  theirs?: VerifiedRecognition,
): Promise<Learnt> {
  const { peers, events } = sovereign;
  const keys = takeKeys(sovereign, offered.charter, peer.certificates, offered);
  const { charter, keyState, certificates, fresh, dropped } = keys;
  const hasNewState = charter !== peer.charter || keyState !== peer.keyState;
  const hasNewKeys = fresh.length > 0 || dropped.length > 0 || hasNewState;
  const isOwed = theirs !== undefined || hasNewState;
  const set = new WriteSet();
  if (hasNewKeys) await replaceKeyDocuments(sovereign, set, keys);
  if (hasNewState) set.audit(learntLine(peer, keys, sovereign.now()));
  // What was changed meanwhile by others than hellos, such as a suspension, stays as it is.
  const putInForce = (): void => {
    const now = peers.get(peer.state) ?? peer;
    peers.set({ ...now, charter, keyState, certificates, theirs: theirs ?? now.theirs });
  };
  if (!isOwed) {
    if (hasNewKeys) await sovereign.store.commit(set);
    putInForce();
    return { hasNewKeys, hasNewState, isOwed };
  }
  if (theirs !== undefined) {
    // Only the newest is kept: a peer must not fill the disk with recognitions.
    await replaceDocuments(sovereign, set, peer.state, 'recognition', [theirs.bytes]);
    set.audit({ atSeconds: sovereign.now(), event: 'recognition-received', fields: { peer: peer.state } });
  }
  // Their recognition is half of the equivalence, and of a revoked key no record counts: what may be released can change.
  await reviseDoor(sovereign, set, putInForce);
  const levels = peers.equivalenceWith(peer.state).disputed;
  if (levels.length > 0) events.emit('equivalence-disputed', { peer: peer.code, levels });
  if (hasNewState) {
    tellOfKeys(sovereign, peer.code, keys);
    await judgeOfficers(sovereign);
  }
  return { hasNewKeys, hasNewState, isOwed };
}

/** An officer whom a key has certified that does not count any more is none. */
export async function judgeOfficers(sovereign: Sovereign): Promise<void> {
  sovereign.officers = await loadOfficers(sovereign.store, sovereign.self.state, sovereign.directory);
}
