import { Fault } from '@comity/fault';
import { assertFingerprint } from '@comity/fingerprint';
import {
  assertAgreed,
  decodeStateCard,
  fingerprint,
  type VerifiedCharter,
  type VerifiedStateCard,
} from '@comity/identity';
import { TABLES, WriteSet } from '@comity/store';
import type { Emit } from '../control/operation.ts';
import { formatTime } from '../operations/shapes.ts';
import { localUser } from '../process/local-user.ts';
import { tellBars } from '../recall.ts';
import { PutBack, type PutBackState } from '../recovery/put-back.ts';
import { reconcileWith, reviseDoor } from '../recovery/reconcile.ts';
import type { Sovereign } from '../sovereign.ts';
import { dropDocument, putDocument, replaceDocuments, replaceKeyDocuments, takeKeys } from './peer-keys.ts';
import { keyTurns } from './peer-turns.ts';
import { type Peer, REMOVED } from './peers.ts';
import {
  isSameEquivalence,
  levelsInOrder,
  type RecognitionTerms,
  recognitionOf,
} from './recognition-terms.ts';
import { forgetRemoval } from './remove-peer.ts';
import { decoded, encoded, newest, signedBefore, signHere, theirRecognition } from './signed-recognition.ts';
import { connectAsKnown } from './suspend.ts';

export interface PeerAddition extends RecognitionTerms {
  /** State card, base64. */
  readonly card: string;
  readonly fingerprint: string;
  /** Whether this takes the place of a recognition that there is. What is not given then stays as it was. */
  readonly renew: boolean;
  /** What the root keys have signed already about the state, base64; the terms above are then not looked at. */
  readonly ours?: string | undefined;
  /** What the other state has signed about this one, base64. Its table of levels is taken over where none is given. */
  readonly theirs?: string | undefined;
}

interface Recognised {
  code: string;
  name: string;
  ceiling: string;
  outbound: Record<string, string>;
  inbound: Record<string, string>;
  validUntil: string;
  /** The recognition, base64. */
  ours: string;
}

interface Added {
  code: string;
  name: string;
  state: string;
  fingerprint: string;
  ceiling: string;
  recognisedUntil: string;
  /** Whether the other side has signed the same: nothing is handed over before. */
  confirmed: boolean;
  /** The recognition that was signed, base64, for the other state. */
  ours: string;
  released: number;
}

/**
 * Recognises a state: this state's root keys sign its charter and the agreed equivalence, here or before. From then on it may
 * connect; once its own recognition of this state is there and agrees, it is served, and what policy allows of earlier records
 * is released to it. With `renew`, a new recognition takes the place of the old one,
 * and keys of the card that are new are taken over; of a peer that is faulty, all keys but those that sign records are
 * replaced by the card's.
 *
 * @throws Fault peer.fingerprint-mismatch, fingerprint.*, peer.self, peer.known, peer.unknown, peer.code-taken, peer.equivalence-missing,
 *   peer.equivalence-gap, peer.recognition-older, identity.equivalence-not-agreed, node.clock-held, keys.missing, identity.*, label.*, exchange.bad-*, exchange.local-address
 */
export async function addPeer(sovereign: Sovereign, addition: PeerAddition, emit: Emit): Promise<Added> {
  const { self } = sovereign;
  const card = decodeStateCard(decoded(addition.card));
  const { charter } = card;
  assertFingerprint(charter, addition.fingerprint);
  if (charter.state === self.state) throw new Fault('peer.self', 'this is the card of the own state');
  const peer = await keyTurns(sovereign, charter.state).take(() =>
    recogniseInTurn(sovereign, addition, card),
  );
  const released = await reconcileWith(sovereign, peer, emit);
  if (!addition.renew) await tellBars(sovereign, peer.state);
  await connectAsKnown(sovereign, peer);
  return {
    code: charter.code,
    name: charter.names.get('en') ?? charter.code,
    state: charter.state,
    fingerprint: fingerprint(charter.state),
    ceiling: peer.ours.ceiling,
    recognisedUntil: formatTime(peer.ours.notAfterSeconds),
    confirmed: peer.theirs !== undefined,
    ours: encoded(peer.ours),
    released: released.entries,
  };
}

/**
 * Signs a recognition for the other state to confirm. Nothing is in force by it: that is what `addPeer` does with it.
 *
 * @throws Fault as `addPeer`
 */
export async function recogniseState(
  sovereign: Sovereign,
  addition: Omit<PeerAddition, 'ours' | 'renew'>,
): Promise<Recognised> {
  const { self, peers, clock } = sovereign;
  const { charter } = decodeStateCard(decoded(addition.card));
  assertFingerprint(charter, addition.fingerprint);
  if (charter.state === self.state) throw new Fault('peer.self', 'this is the card of the own state');
  clock.assertTrusted();
  const given = theirRecognition(sovereign, charter, addition.theirs);
  const former = peers.get(charter.state)?.ours;
  const parties = { ours: self.charter, theirs: charter, former };
  const ours = await signHere(sovereign, recognitionOf(parties, addition, given, sovereign.now()), charter);
  if (given !== undefined) assertAgreed(ours, given);
  return {
    code: charter.code,
    name: charter.names.get('en') ?? charter.code,
    ceiling: ours.ceiling,
    outbound: levelsInOrder(ours.outbound, self.charter),
    inbound: levelsInOrder(ours.inbound, charter),
    validUntil: formatTime(ours.notAfterSeconds),
    ours: encoded(ours),
  };
}

async function recogniseInTurn(
  sovereign: Sovereign,
  addition: PeerAddition,
  { charter: shown, certificates: offered, keyState: shownKeyState }: VerifiedStateCard,
): Promise<Peer> {
  const { self, peers, store } = sovereign;
  const { state, code } = shown;
  requirePlace(sovereign, shown, addition.renew);
  // A recognition has a term, which is signed.
  sovereign.clock.assertTrusted();
  const [known, faulty] = [peers.get(state), peers.faultyOf(state)];
  const terms = { ours: sovereign.self.charter, theirs: shown, former: known?.ours };
  const given = theirRecognition(sovereign, shown, addition.theirs);
  const ours =
    addition.ours === undefined
      ? await signHere(sovereign, recognitionOf(terms, addition, given, sovereign.now()), shown)
      : signedBefore(sovereign, shown, addition.ours, known?.ours);
  const theirs = newest(known?.theirs, given);
  // A table of levels comes into force where both have signed it. One that stays as it was may be disputed meanwhile.
  const isNew = given !== undefined || known === undefined || !isSameEquivalence(ours, known.ours);
  if (theirs !== undefined && isNew) assertAgreed(ours, theirs);
  // Refuses keys, addresses and schemes that contradict what is known, before anything is stored.
  const kept = known?.certificates ?? faulty?.certificates ?? [];
  const keys = takeKeys(
    sovereign,
    shown,
    kept,
    { certificates: offered, keyState: shownKeyState },
    faulty !== undefined,
  );
  const { charter, keyState, certificates } = keys;

  const atSeconds = sovereign.now();
  const row = await store.get(TABLES.peers, [state]);
  const suspended = faulty?.fault === REMOVED ? false : (row?.suspended ?? false);
  const peer: Peer = { state, code, charter, certificates, keyState, ours, theirs, suspended };
  const set = new WriteSet()
    .put(TABLES.peers, [state], { ...(row ?? { code, addresses: [], addedAtSeconds: atSeconds }), suspended })
    .audit({
      atSeconds,
      event: addition.renew ? 'peer-renewed' : 'peer-added',
      fields: { peer: state, code, ceiling: ours.ceiling, user: localUser() },
    });
  forgetRemoval(set, state);
  await replaceKeyDocuments(sovereign, set, keys);
  // Of a peer that could not be read this may be what could not: it comes again with its next hello.
  await replaceDocuments(sovereign, set, state, 'recognition', theirs === undefined ? [] : [theirs.bytes]);
  if (known !== undefined) dropDocument(set, self.state, 'recognition', known.ours.bytes);
  putDocument(set, self.state, 'recognition', ours.bytes, atSeconds);
  const { putBack } = sovereign;
  let after: PutBackState | undefined;
  const change = async (): Promise<WriteSet> => {
    const { atSeconds: putBackAt, unheard, ...rest } = putBack.state;
    // It may be one that this state had added, and written to, in what was lost when the store was put back.
    if (known !== undefined || putBackAt === undefined || unheard.has(state)) return set;
    after = { ...rest, atSeconds: putBackAt, unheard: new Map([...unheard, [state, false] as const]) };
    return PutBack.put(set, after);
  };
  await reviseDoor(sovereign, change, () => {
    peers.set(peer);
    peers.clearFaulty(state);
    if (after !== undefined) putBack.follow(after);
  });
  return peer;
}

/** @throws Fault peer.known, peer.unknown, peer.code-taken */
function requirePlace({ self, peers }: Sovereign, { state, code }: VerifiedCharter, renew: boolean): void {
  const faulty = peers.faultyOf(state);
  // Who was removed is compared and recognised as one whom nobody knows.
  const isKnown = peers.get(state) !== undefined || (faulty !== undefined && faulty.fault !== REMOVED);
  if (isKnown && !renew)
    throw new Fault('peer.known', `${code} is known already; --renew replaces its recognition`, {
      fields: { code },
    });
  if (!isKnown && renew)
    throw new Fault('peer.unknown', `${code} is not known, so there is nothing to renew`, {
      fields: { code },
    });
  const holder = peers.stateOf(code);
  if ((holder !== undefined && holder !== state) || code === self.charter.code)
    throw new Fault('peer.code-taken', `another state is known as ${code}`, { fields: { code } });
}
