import { equalBytes } from '@comity/digest';
import { Fault, type FaultCode, isFault } from '@comity/fault';
import {
  chartersOf,
  decodeStateCard,
  encodeContradiction,
  encodeStateCard,
  longerChain,
  newerKeyState,
  type StateCard,
  type VerifiedCharter,
  verifyCharterChain,
  verifyKeyCertificate,
  verifyKeyState,
} from '@comity/identity';
import { type NewAuditEntry, TABLES, WriteSet } from '@comity/store';
import type { Sovereign } from '../sovereign.ts';
import { type KeyChange, type Offered, putDocument } from './peer-keys.ts';
import type { Peer } from './peers.ts';

/** Contradictions of one peer that are kept. */
const MAX_CONTRADICTIONS = 8;

/** What of a card is not known, not verified. */
export interface CardNews {
  readonly certificates: readonly Uint8Array[];
  readonly hasCharters: boolean;
  readonly hasKeyState: boolean;
}

/** Keys that a state shows, with the charter that is in force by what it shows. */
export interface OfferedKeys extends Offered {
  readonly charter: VerifiedCharter;
}

/** What a card says that is not known of a peer; undefined where it says nothing new. Nothing is verified for it. */
export function newsOf(card: StateCard, known: Peer): CardNews | undefined {
  const charters = chartersOf(known.charter).map(({ bytes }) => bytes);
  const shown = [card.charter, ...(card.laterCharters ?? [])];
  const certificates = card.certificates.filter(
    (bytes) => !known.certificates.some((each) => equalBytes(each.bytes, bytes)),
  );
  const news = {
    certificates,
    hasCharters: shown.some((bytes, index) => !isSame(bytes, charters[index])),
    hasKeyState: card.keyState !== undefined && !isSame(card.keyState, known.keyState?.bytes),
  };
  return certificates.length > 0 || news.hasCharters || news.hasKeyState ? news : undefined;
}

function isSame(bytes: Uint8Array, known: Uint8Array | undefined): boolean {
  return known !== undefined && equalBytes(bytes, known);
}

/**
 * Verifies what is new in a card of a peer. Charters go on from those that are known; a key state is under the last of them,
 * and one under an earlier charter is passed over: with a charter a state begins anew (key-state.md 3.4).
 *
 * @throws Fault `identity.wrong-issuer` for the card of another state, `identity.charters-contradict`,
 *   `identity.key-states-contradict`, and as the verifying functions
 */
function verifyNews(known: Peer, card: StateCard, news: CardNews): OfferedKeys {
  const shown = news.hasCharters
    ? verifyCharterChain([card.charter, ...(card.laterCharters ?? [])])
    : known.charter;
  if (shown.state !== known.state)
    throw new Fault('identity.wrong-issuer', 'the card is of another state than the one that shows it');
  const charter = longerChain(known.charter, shown);
  const isCurrent = shown.version === charter.version;
  const keyState =
    news.hasKeyState && isCurrent && card.keyState !== undefined
      ? verifyKeyState(card.keyState, charter)
      : undefined;
  // Where a state has rotated, what its earlier root keys have certified counts only by its key state.
  const before = known.charter.version === charter.version ? known.keyState : undefined;
  if (charter.version > 1 && keyState === undefined && before === undefined)
    throw new Fault('identity.key-state-missing', 'expected a key state under the charter');
  if (keyState !== undefined && before !== undefined) newerKeyState(before, keyState);
  const certificates = news.certificates.map((bytes) => verifyKeyCertificate(bytes, charter));
  return { charter, certificates, keyState };
}

/**
 * As `verifyNews`. Of what two documents of a state say against each other, the evidence is kept: people and other states are
 * to see it.
 *
 * @throws as `verifyNews`
 */
export async function judgeNews(
  sovereign: Pick<Sovereign, 'store' | 'now' | 'events'>,
  known: Peer,
  card: StateCard,
  news: CardNews,
): Promise<OfferedKeys> {
  try {
    return verifyNews(known, card, news);
  } catch (error) {
    if (isFault(error, 'identity.charters-contradict') || isFault(error, 'identity.key-states-contradict'))
      await noteContradiction(sovereign, known, card, error.code);
    throw error;
  }
}

/**
 * Keeps the evidence that a state has signed what cannot both be true, and tells people of it. What was known stays in force.
 * A card of which something else is unsound is no evidence.
 *
 * @throws Fault as `decodeStateCard`
 */
async function noteContradiction(
  sovereign: Pick<Sovereign, 'store' | 'now' | 'events'>,
  known: Peer,
  card: StateCard,
  code: FaultCode,
): Promise<void> {
  const { charter, certificates, keyState } = known;
  const ours = { charter, certificates, ...(keyState !== undefined && { keyState }) };
  const shown = decodeStateCard(encodeStateCard({ ...card, certificates: [] }));
  const evidence = encodeContradiction(ours, shown);
  const atSeconds = sovereign.now();
  const set = new WriteSet().audit({
    atSeconds,
    event: 'keys-contradict',
    fields: { peer: known.state, code },
  });
  const kept = await sovereign.store.list(TABLES.documents, [known.state, 'contradiction']);
  // One is enough to prove it; the rest are for whoever wants to know what was tried.
  if (kept.length < MAX_CONTRADICTIONS) putDocument(set, known.state, 'contradiction', evidence, atSeconds);
  await sovereign.store.commit(set);
  sovereign.events.emit('keys-contradict', { peer: known.code, code });
}

/** The line of the audit log about new charters or key states of a state. */
export function learntLine(peer: Pick<Peer, 'state'>, keys: KeyChange, atSeconds: number): NewAuditEntry {
  return { atSeconds, event: 'keys-learnt', fields: { peer: peer.state, ...figuresOf(keys) } };
}

export function tellOfKeys({ events }: Pick<Sovereign, 'events'>, peer: string, keys: KeyChange): void {
  events.emit('keys-learnt', { peer, ...figuresOf(keys) });
}

function figuresOf({ charter, keyState }: KeyChange): {
  charter: number;
  keyState: number;
  revoked: number;
} {
  return {
    charter: charter.version,
    keyState: keyState?.version ?? 0,
    revoked: keyState?.revoked.length ?? 0,
  };
}
