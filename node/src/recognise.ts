import { sha256, toHex } from '@comity/digest';
import type { PeerEntry } from '@comity/exchange';
import { Fault } from '@comity/fault';
import {
  decodeStateCard,
  fingerprint,
  issueRecognition,
  type Recognition,
  type VerifiedCharter,
  verifyRecognition,
} from '@comity/identity';
import type { LevelMap } from '@comity/label';
import { TABLES, WriteSet } from '@comity/store';
import type { Emit } from './control/operation.ts';
import { rootSigners } from './keys/ceremony.ts';
import { formatTime } from './operations/shapes.ts';
import type { Peer } from './peers.ts';
import { reconcile, reviseDoor } from './reconcile.ts';
import type { Sovereign } from './sovereign.ts';
import { peerStatusOf } from './status.ts';

const DAY_SECONDS = 86_400;
/** A fresh recognition must not look "not yet valid" to a peer whose clock is slightly behind. */
const CLOCK_TOLERANCE_SECONDS = 300;

export interface PeerAddition {
  /** State card, base64. */
  readonly card: string;
  readonly fingerprint: string;
  readonly ceiling?: string | undefined;
  readonly equivalence?:
    | {
        readonly outbound: Readonly<Record<string, string>>;
        readonly inbound: Readonly<Record<string, string>>;
      }
    | undefined;
  readonly categories: readonly { readonly set: string; readonly values: readonly string[] }[];
  readonly community: boolean;
  readonly validDays: number;
}

/**
 * Recognises a state: this state's root keys sign its charter and the agreed equivalence. From then on it may connect, and
 * what policy allows of earlier records is released to it.
 *
 * @throws Fault peer.fingerprint-mismatch, peer.self, peer.known, peer.equivalence-missing, keys.missing, identity.*, label.*
 */
export async function addPeer(
  sovereign: Sovereign,
  addition: PeerAddition,
  emit: Emit,
): Promise<{
  code: string;
  name: string;
  state: string;
  fingerprint: string;
  ceiling: string;
  released: number;
}> {
  const { self, directory, peers } = sovereign;
  const { charter, certificates } = decodeStateCard(new Uint8Array(Buffer.from(addition.card, 'base64')));
  requireComparison(charter, addition.fingerprint);
  if (charter.state === self.state) throw new Fault('peer.self', 'this is the card of the own state');
  if (peers.get(charter.state) !== undefined)
    throw new Fault('peer.known', `${charter.code} is known already`, { fields: { code: charter.code } });
  const taken = peers.stateOf(charter.code) !== undefined || charter.code === self.charter.code;
  if (taken)
    throw new Fault('peer.code-taken', `another state is known as ${charter.code}`, {
      fields: { code: charter.code },
    });

  const atSeconds = sovereign.now();
  const recognition: Recognition = {
    issuer: self.state,
    subject: charter.state,
    subjectCode: charter.code,
    charterDigest: charter.digest,
    ceiling: addition.ceiling ?? lowestLevel(self.charter),
    ...levelMaps(self.charter, charter, addition.equivalence),
    categories: addition.categories,
    community: addition.community,
    issuedAtSeconds: atSeconds,
    notBeforeSeconds: atSeconds - CLOCK_TOLERANCE_SECONDS,
    notAfterSeconds: atSeconds + addition.validDays * DAY_SECONDS,
  };
  const bytes = await issueRecognition(
    recognition,
    self.charter,
    charter,
    rootSigners(sovereign.home.keys, self.charter),
  );
  const ours = verifyRecognition(bytes, self.charter, charter);
  // Refuses keys and schemes that contradict what is known, before anything is stored.
  directory.add(charter, certificates);

  const set = new WriteSet()
    .put(TABLES.peers, [charter.state], {
      code: charter.code,
      addresses: [],
      suspended: false,
      addedAtSeconds: atSeconds,
    })
    .put(TABLES.documents, [charter.state, 'charter', toHex(charter.digest)], {
      bytes: charter.bytes,
      storedAtSeconds: atSeconds,
    })
    .put(TABLES.documents, [self.state, 'recognition', toHex(sha256(bytes))], {
      bytes,
      storedAtSeconds: atSeconds,
    })
    .audit({
      atSeconds,
      event: 'peer-added',
      fields: { peer: charter.state, code: charter.code, ceiling: recognition.ceiling },
    });
  for (const certificate of certificates) {
    set.put(TABLES.documents, [charter.state, 'certificate', toHex(sha256(certificate.bytes))], {
      bytes: certificate.bytes,
      storedAtSeconds: atSeconds,
    });
  }
  const peer: Peer = {
    state: charter.state,
    code: charter.code,
    charter,
    certificates,
    ours,
    theirs: undefined,
    suspended: false,
  };
  await reviseDoor(sovereign, set, () => peers.set(peer));
  const [released] = await reconcile(sovereign, [peer], emit);
  await sovereign.onPeerChange(peer);
  return {
    code: charter.code,
    name: charter.names.get('en') ?? charter.code,
    state: charter.state,
    fingerprint: fingerprint(charter.state),
    ceiling: recognition.ceiling,
    released: released?.entries ?? 0,
  };
}

/** What was read out must be the fingerprint of the card, in any spacing and case. */
function requireComparison(charter: VerifiedCharter, told: string): void {
  const bare = (text: string): string => text.replace(/[^0-9a-z]/gi, '').toLowerCase();
  if (bare(told) !== bare(fingerprint(charter.state))) {
    throw new Fault('peer.fingerprint-mismatch', 'the fingerprint is not the one of this card', {
      fields: { code: charter.code },
    });
  }
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

/** Suspends or resumes a peer. Suspended, it is cut off at once and served nothing, on any path. */
export async function setSuspended(
  sovereign: Sovereign,
  code: string,
  suspended: boolean,
  emit: Emit,
): Promise<{ peer: string; suspended: boolean }> {
  const { peers, store } = sovereign;
  const peer = peers.byCode(code);
  if (peer.suspended === suspended) return { peer: code, suspended };
  const row = await store.get(TABLES.peers, [peer.state]);
  if (row === undefined) throw new Fault('peer.unknown', `no peer ${code}`);
  const changed = { ...peer, suspended };
  const set = new WriteSet().put(TABLES.peers, [peer.state], { ...row, suspended }).audit({
    atSeconds: sovereign.now(),
    event: suspended ? 'peer-suspended' : 'peer-resumed',
    fields: { peer: peer.state },
  });
  await reviseDoor(sovereign, set, () => peers.set(changed));
  await sovereign.onPeerChange(changed);
  await reconcile(sovereign, suspended ? [] : [changed], emit);
  return { peer: code, suspended };
}

/** The peer as the exchange is to know it: its transport keys that have not expired. */
export function peerEntryOf({ state, certificates }: Peer, atSeconds: number): PeerEntry {
  const transports = certificates
    .filter(({ usage, notAfterSeconds }) => usage === 'transport' && notAfterSeconds > atSeconds)
    .sort((a, b) => b.issuedAtSeconds - a.issuedAtSeconds)
    .map(({ publicKey, addresses, notBeforeSeconds, notAfterSeconds }) => ({
      publicKey,
      addresses: addresses ?? [],
      notBeforeSeconds,
      notAfterSeconds,
    }));
  return { peer: state, transports };
}

interface EquivalenceRow {
  readonly ours: string;
  readonly theirs: string | null;
  readonly direction: 'out' | 'in';
  readonly disputed: boolean;
}

export async function describePeer(sovereign: Sovereign, code: string) {
  const { peers, self } = sovereign;
  const peer = peers.byCode(code);
  const disputed = new Set(peers.disputedOf(peer.state));
  const rows = (map: LevelMap, direction: 'out' | 'in'): EquivalenceRow[] =>
    [...map.levels].map(([from, to]) => ({
      ours: direction === 'out' ? from : to,
      theirs: direction === 'out' ? to : from,
      direction,
      disputed: disputed.has(`${map.from}/${from}`),
    }));
  const unmapped = self.charter.scheme.levels
    .filter(({ id }) => !peer.ours.outbound.levels.has(id))
    .map(({ id }): EquivalenceRow => ({ ours: id, theirs: null, direction: 'out', disputed: false }));
  return {
    status: await peerStatusOf(sovereign, peer),
    state: peer.state,
    fingerprint: fingerprint(peer.state),
    suspended: peer.suspended,
    ceiling: peer.ours.ceiling,
    community: peer.ours.community,
    recognisedUntil: formatTime(peer.ours.notAfterSeconds),
    equivalence: [...rows(peer.ours.outbound, 'out'), ...unmapped, ...rows(peer.ours.inbound, 'in')],
    keys: peer.certificates.map(({ usage, kid, notAfterSeconds }) => ({
      usage,
      kid: toHex(kid),
      validUntil: formatTime(notAfterSeconds),
    })),
    addresses: peer.certificates.flatMap(({ addresses }) => addresses ?? []),
  };
}

const STAGE_DETAILS: Readonly<Record<string, string>> = {
  tcp: 'a socket to the address of the transport certificate',
  psk: 'the pre-shared key of the federation',
  'noise-identity': 'the transport key in the state card, and the federation and era',
  hello: 'cards and checkpoints exchanged, accepted by the peer',
  recognition: 'the peer has shown its recognition of this state',
  ledger: "the head of the peer's ledger, and its consistency with what is held",
};

export async function testPeer(sovereign: Sovereign, code: string) {
  const peer = sovereign.peers.byCode(code);
  if (peer.suspended) throw new Fault('peer.suspended', `${code} is suspended here`);
  if (sovereign.exchange === undefined)
    throw new Fault('node.not-running', 'a connection test needs a running node');
  const report = await sovereign.exchange.testPeer(peer.state);
  return {
    peer: code,
    stages: report.stages.map(({ stage, outcome, code: fault, elapsedMs }) => ({
      stage,
      result: outcome,
      code: fault ?? null,
      tookMs: elapsedMs ?? null,
      detail: stage === 'tcp' && report.address !== undefined ? report.address : (STAGE_DETAILS[stage] ?? ''),
    })),
  };
}
