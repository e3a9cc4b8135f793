import { toHex } from '@comity/digest';
import type { PeerState } from '@comity/exchange';
import { keyStateAge } from '@comity/identity';
import type { StateId } from '@comity/label';
import { TABLES } from '@comity/store';
import { clockStatusOf } from './clock/clock-hold.ts';
import { undeliverableLetters } from './letters/inbox.ts';
import { codeOf, logAlarms } from './logs/log-alarms.ts';
import { originLogStatus } from './logs/origin-log.ts';
import type { NodeStatus } from './operations/node.ts';
import { formatTime } from './operations/shapes.ts';
import { orderCounts } from './orders/order-status.ts';
import { type FaultyPeer, type Peer, REMOVED } from './peers/peers.ts';
import { restoredStatus } from './recovery/restored.ts';
import { openDuties } from './registry/duties.ts';
import type { Sovereign } from './sovereign.ts';

type PeerStatus = NodeStatus['peers'][number];

/** Long enough to call the other state and hold a key ceremony. */
const NOTICE_SECONDS = 30 * 86_400;

const CONNECTIONS: Readonly<Record<PeerState, PeerStatus['connection']>> = {
  waiting: 'waiting',
  dialling: 'connecting',
  greeting: 'connecting',
  live: 'connected',
  stopped: 'stopped',
};

export async function statusOf(sovereign: Sovereign): Promise<NodeStatus> {
  const { self, federation, store, peers, policy, exchange } = sovereign;
  const origin = await originLogStatus(sovereign);
  const registry = await sovereign.registry.current();
  let received = 0;
  for (const { state } of [...peers.all(), ...peers.unreadable()])
    received += (await store.log(`ledger/in/${state}`)).size;
  return {
    code: self.charter.code,
    name: self.name,
    state: self.state,
    federation: federation.name,
    running: exchange !== undefined,
    pid: exchange === undefined ? null : process.pid,
    listen: [...sovereign.config.listen],
    records: { own: origin.records, received, quarantined: (await store.list(TABLES.quarantine, [])).length },
    registry: { records: registry.size, digest: toHex(registry.digest) },
    originLogSize: origin.size,
    logAlarms: (await logAlarms(sovereign)).map(({ kind, origin, size, atSeconds }) => ({
      kind,
      state: codeOf(sovereign, origin),
      size,
      at: formatTime(atSeconds),
    })),
    orders: await orderCounts(sovereign),
    duties: await dutiesOf(sovereign),
    undeliverableLetters: (await undeliverableLetters(sovereign)).length,
    policy: policy === undefined ? null : { version: policy.version, digest: policy.digest },
    clock: clockStatusOf(sovereign),
    restored: await restoredStatus(sovereign),
    peers: [
      ...(await Promise.all(peers.all().map((peer) => peerStatusOf(sovereign, peer)))),
      ...(await Promise.all(peers.unreadable().map((peer) => unreadableStatusOf(sovereign, peer)))),
    ],
  };
}

/** What is due soon, or was not reported in time. */
async function dutiesOf(sovereign: Sovereign): Promise<NodeStatus['duties']> {
  const nowSeconds = sovereign.now();
  const leadSeconds = Math.max(0, ...sovereign.config.duties.alertMinutes) * 60;
  const open = await openDuties(sovereign);
  const coming = open.filter(({ dueAtSeconds }) => dueAtSeconds >= nowSeconds);
  return {
    soon: coming.filter(({ dueAtSeconds }) => dueAtSeconds <= nowSeconds + leadSeconds).length,
    missed: open.length - coming.length,
    nextAt: coming[0] === undefined ? null : formatTime(coming[0].dueAtSeconds),
  };
}

export async function peerStatusOf(sovereign: Sovereign, peer: Peer): Promise<PeerStatus> {
  const { exchange, peers } = sovereign;
  const faulty = peers.faultyOf(peer.state);
  const live = exchange?.peers().find((status) => status.peer === peer.state);
  const unconnected = faulty === undefined ? 'stopped' : 'faulty';
  return {
    code: peer.code,
    name: peer.charter.names.get('en') ?? peer.code,
    connection: peer.suspended ? 'suspended' : live === undefined ? unconnected : CONNECTIONS[live.state],
    lastFault: faulty?.fault ?? live?.lastFaultCode ?? null,
    lastContactAt: live?.lastContactAtSeconds === undefined ? null : formatTime(live.lastContactAtSeconds),
    recognisesUs: peer.theirs !== undefined && sovereign.now() < peer.theirs.notAfterSeconds,
    notices: noticesOf(peer, sovereign.now()),
    ...(await positionsOf(sovereign, peer.state)),
  };
}

/** A peer of which something that is stored is refused. Its ledgers are what they are. */
async function unreadableStatusOf(sovereign: Sovereign, faulty: FaultyPeer): Promise<PeerStatus> {
  const { state, code, fault } = faulty;
  return {
    code,
    name: sovereign.directory.charterOf(state)?.names.get('en') ?? code,
    connection: fault === REMOVED ? 'removed' : 'faulty',
    lastFault: fault,
    lastContactAt: null,
    recognisesUs: false,
    notices: [],
    ...(await positionsOf(sovereign, state)),
  };
}

/** What has ended or is about to: without it the peer is cut off, or cuts us off, on that day. */
function noticesOf({ ours, theirs, certificates, keyState }: Peer, atSeconds: number): PeerStatus['notices'] {
  const transports = certificates.filter(({ usage }) => usage === 'transport');
  const ends = [
    ['our-recognition', ours.notAfterSeconds],
    ...(theirs === undefined ? [] : ([['their-recognition', theirs.notAfterSeconds]] as const)),
    ['transport-key', Math.max(...transports.map(({ notAfterSeconds }) => notAfterSeconds))],
  ] as const;
  // It ends within 30 days from the beginning: only that it has ended is news.
  const isStale = keyState !== undefined && keyStateAge(keyState, atSeconds).isStale;
  const stale = isStale
    ? [{ notice: 'key-state-ended' as const, at: formatTime(keyState.expiresAtSeconds) }]
    : [];
  const ending = ends
    .filter(
      ([, endsAtSeconds]) => Number.isFinite(endsAtSeconds) && endsAtSeconds < atSeconds + NOTICE_SECONDS,
    )
    .map(([what, endsAtSeconds]) => ({
      notice: endsAtSeconds <= atSeconds ? (`${what}-ended` as const) : (`${what}-ends` as const),
      at: formatTime(endsAtSeconds),
    }));
  return [...ending, ...stale];
}

async function positionsOf(
  { store, self }: Sovereign,
  peer: StateId,
): Promise<Pick<PeerStatus, 'out' | 'in'>> {
  const out = await store.log(`ledger/out/${peer}`);
  const inward = await store.log(`ledger/in/${peer}`);
  const theirReceipt = await out.latestCosignature(peer);
  const ourReceipt = await inward.latestCosignature(self.state);
  const position = (
    size: number,
    receipt: { size: number; atSeconds: number } | undefined,
  ): PeerStatus['out'] => ({
    size,
    receiptSize: receipt?.size ?? 0,
    receiptAt: receipt === undefined ? null : formatTime(receipt.atSeconds),
  });
  return {
    out: position(out.size, theirReceipt),
    in: position(inward.size, ourReceipt),
  };
}
