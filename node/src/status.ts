import type { PeerState } from '@comity/exchange';
import { TABLES } from '@comity/store';
import type { NodeStatus } from './operations/node.ts';
import { formatTime } from './operations/shapes.ts';
import type { Peer } from './peers.ts';
import type { Sovereign } from './sovereign.ts';

type PeerStatus = NodeStatus['peers'][number];

const CONNECTIONS: Readonly<Record<PeerState, PeerStatus['connection']>> = {
  waiting: 'waiting',
  dialling: 'connecting',
  greeting: 'connecting',
  live: 'connected',
  stopped: 'stopped',
};

export async function statusOf(sovereign: Sovereign): Promise<NodeStatus> {
  const { self, federation, store, peers, policy, exchange } = sovereign;
  const origin = (await store.log('origin')).size;
  let received = 0;
  for (const { state } of peers.all()) received += (await store.log(`ledger/in/${state}`)).size;
  return {
    code: self.charter.code,
    name: self.name,
    state: self.state,
    federation: federation.name,
    running: exchange !== undefined,
    pid: exchange === undefined ? null : process.pid,
    listen: [...sovereign.config.listen],
    records: { own: origin, received, quarantined: (await store.list(TABLES.quarantine, [])).length },
    originLogSize: origin,
    policy: policy === undefined ? null : { version: policy.version, digest: policy.digest },
    peers: await Promise.all(peers.all().map((peer) => peerStatusOf(sovereign, peer))),
  };
}

export async function peerStatusOf(sovereign: Sovereign, peer: Peer): Promise<PeerStatus> {
  const { store, self, exchange } = sovereign;
  const live = exchange?.peers().find((status) => status.peer === peer.state);
  const out = await store.log(`ledger/out/${peer.state}`);
  const inward = await store.log(`ledger/in/${peer.state}`);
  const theirReceipt = await out.latestCosignature(peer.state);
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
    code: peer.code,
    name: peer.charter.names.get('en') ?? peer.code,
    connection: peer.suspended ? 'suspended' : live === undefined ? 'stopped' : CONNECTIONS[live.state],
    lastFault: live?.lastFaultCode ?? null,
    lastContactAt: live?.lastContactAtSeconds === undefined ? null : formatTime(live.lastContactAtSeconds),
    recognisesUs: peer.theirs !== undefined,
    out: position(out.size, theirReceipt),
    in: position(inward.size, ourReceipt),
  };
}
