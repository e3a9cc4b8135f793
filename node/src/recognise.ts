import { Fault } from '@comity/fault';
import { assertFingerprint } from '@comity/fingerprint';
import {
  decodeStateCard,
  fingerprint,
  issueRecognition,
  type Recognition,
  type VerifiedCharter,
  type VerifiedRecognition,
  type VerifiedStateCard,
  verifyRecognition,
} from '@comity/identity';
import type { ClassificationScheme, LevelMap } from '@comity/label';
import { TABLES, WriteSet } from '@comity/store';
import type { Emit } from './control/operation.ts';
import { rootSigners } from './keys/ceremony.ts';
import { formatTime } from './operations/shapes.ts';
import { dropDocument, putDocument, replaceDocuments, replaceKeyDocuments, takeKeys } from './peer-keys.ts';
import { keyTurns } from './peer-turns.ts';
import type { Peer } from './peers.ts';
import { tellBars } from './recall.ts';
import { reconcileWith, reviseDoor } from './reconcile.ts';
import type { Sovereign } from './sovereign.ts';
import { connectAsKnown } from './suspend.ts';

const DAY_SECONDS = 86_400;
/** A fresh recognition must not look "not yet valid" to a peer whose clock is slightly behind. */
const CLOCK_TOLERANCE_SECONDS = 300;

export interface PeerAddition {
  /** State card, base64. */
  readonly card: string;
  readonly fingerprint: string;
  /** Whether this takes the place of a recognition that there is. What is not given then stays as it was. */
  readonly renew: boolean;
  readonly ceiling?: string | undefined;
  readonly equivalence?:
    | {
        readonly outbound: Readonly<Record<string, string>>;
        readonly inbound: Readonly<Record<string, string>>;
      }
    | undefined;
  readonly categories?: readonly { readonly set: string; readonly values: readonly string[] }[] | undefined;
  readonly community?: boolean | undefined;
  readonly validDays: number;
}

interface Added {
  code: string;
  name: string;
  state: string;
  fingerprint: string;
  ceiling: string;
  recognisedUntil: string;
  released: number;
}

/**
 * Recognises a state: this state's root keys sign its charter and the agreed equivalence. From then on it may connect, and
 * what policy allows of earlier records is released to it. With `renew`, a new recognition takes the place of the old one,
 * and keys of the card that are new are taken over; of a peer that is faulty, all keys but those that sign records are
 * replaced by the card's.
 *
 * @throws Fault peer.fingerprint-mismatch, fingerprint.*, peer.self, peer.known, peer.unknown, peer.code-taken, peer.equivalence-missing,
 *   peer.equivalence-gap, node.clock-held, keys.missing, identity.*, label.*, exchange.bad-*, exchange.local-address
 */
export async function addPeer(sovereign: Sovereign, addition: PeerAddition, emit: Emit): Promise<Added> {
  const { self } = sovereign;
  const card = decodeStateCard(new Uint8Array(Buffer.from(addition.card, 'base64')));
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
    released: released.entries,
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
  const ours = await signRecognition(sovereign, shown, addition, known?.ours);
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
  const suspended = row?.suspended ?? false;
  const theirs = known?.theirs;
  const peer: Peer = { state, code, charter, certificates, keyState, ours, theirs, suspended };
  const set = new WriteSet()
    .put(TABLES.peers, [state], row ?? { code, addresses: [], suspended, addedAtSeconds: atSeconds })
    .audit({
      atSeconds,
      event: addition.renew ? 'peer-renewed' : 'peer-added',
      fields: { peer: state, code, ceiling: ours.ceiling },
    });
  await replaceKeyDocuments(sovereign, set, keys);
  // Of a peer that could not be read this may be what could not: it comes again with its next hello.
  await replaceDocuments(sovereign, set, state, 'recognition', theirs === undefined ? [] : [theirs.bytes]);
  if (known !== undefined) dropDocument(set, self.state, 'recognition', known.ours.bytes);
  putDocument(set, self.state, 'recognition', ours.bytes, atSeconds);
  await reviseDoor(sovereign, set, () => {
    peers.set(peer);
    peers.clearFaulty(state);
  });
  return peer;
}

/** @throws Fault peer.known, peer.unknown, peer.code-taken */
function requirePlace({ self, peers }: Sovereign, { state, code }: VerifiedCharter, renew: boolean): void {
  const isKnown = peers.get(state) !== undefined || peers.faultyOf(state) !== undefined;
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

async function signRecognition(
  sovereign: Sovereign,
  charter: VerifiedCharter,
  addition: PeerAddition,
  former: VerifiedRecognition | undefined,
): Promise<VerifiedRecognition> {
  const { self } = sovereign;
  const agreed = addition.equivalence;
  const maps =
    agreed === undefined && former !== undefined
      ? { outbound: former.outbound, inbound: former.inbound }
      : levelMaps(self.charter, charter, agreed);
  const atSeconds = sovereign.now();
  const recognition: Recognition = {
    issuer: self.state,
    subject: charter.state,
    subjectCode: charter.code,
    charterDigest: charter.digest,
    ceiling: addition.ceiling ?? former?.ceiling ?? lowestLevel(self.charter),
    ...maps,
    categories: addition.categories ?? former?.categories ?? [],
    community: addition.community ?? former?.community ?? true,
    // Later than the former one also where both are made within a second: receivers take the newest.
    issuedAtSeconds: Math.max(atSeconds, (former?.issuedAtSeconds ?? 0) + 1),
    notBeforeSeconds: atSeconds - CLOCK_TOLERANCE_SECONDS,
    notAfterSeconds: atSeconds + addition.validDays * DAY_SECONDS,
  };
  const keys = rootSigners(sovereign.home.keys, self.charter);
  const bytes = await issueRecognition(recognition, self.charter, charter, keys);
  return verifyRecognition(bytes, self.charter, charter);
}

function lowestLevel({ scheme }: VerifiedCharter): string {
  return scheme.levels[0]?.id ?? '';
}

/** The agreed table; where both states use the very same scheme, each level is its own equivalent. */
function levelMaps(
  ours: VerifiedCharter,
  theirs: VerifiedCharter,
  agreed: PeerAddition['equivalence'],
): { outbound: LevelMap; inbound: LevelMap } {
  const [from, to] = [ours.scheme.id, theirs.scheme.id];
  if (agreed !== undefined) {
    requireNoGap('outbound', ours.scheme, agreed.outbound);
    requireNoGap('inbound', theirs.scheme, agreed.inbound);
    return {
      outbound: { from, to, levels: new Map(Object.entries(agreed.outbound)) },
      inbound: { from: to, to: from, levels: new Map(Object.entries(agreed.inbound)) },
    };
  }
  if (from !== to) {
    throw new Fault(
      'peer.equivalence-missing',
      `${ours.code} uses the scheme ${from}, ${theirs.code} uses ${to}`,
      { fields: { from, to } },
    );
  }
  const same = new Map(ours.scheme.levels.map(({ id }) => [id, id]));
  return { outbound: { from, to, levels: same }, inbound: { from: to, to: from, levels: same } };
}

/**
 * Above a level that a table leaves out nothing would be mapped (`agreedEquivalence`). Nobody who writes such a table means
 * that, so it is refused while people still talk. @throws Fault peer.equivalence-gap
 */
function requireNoGap(
  table: 'outbound' | 'inbound',
  { id, levels }: ClassificationScheme,
  mapped: Readonly<Record<string, string>>,
): void {
  const gap = levels.findIndex((level) => !Object.hasOwn(mapped, level.id));
  const above = gap === -1 ? undefined : levels.slice(gap).find((level) => Object.hasOwn(mapped, level.id));
  const leftOut = levels[gap]?.id;
  if (above === undefined || leftOut === undefined) return;
  throw new Fault(
    'peer.equivalence-gap',
    `the table ${table} has ${above.id} and leaves out ${leftOut}, which is below it in ${id}`,
    { fields: { table, scheme: id, level: leftOut, above: above.id } },
  );
}
