import { setTimeout as sleep } from 'node:timers/promises';
import type { StateId } from '@comity/label';
import {
  createExchange,
  type Exchange,
  type ExchangeEvent,
  type ExchangeOptions,
  type PeerEntry,
  type Timings,
} from './index.ts';
import { MemoryPorts } from './memory-ports.test-support.ts';
import { transportKeyOf } from './peer-address.ts';

export const PSK = new Uint8Array(32).fill(42);
export const FEDERATION = 'test-federation';

/** The waits of a node, shortened for tests that do not ask for them. */
export const SHORT: Partial<Timings> = {
  graceMs: 200,
  backoffMinMs: 40,
  backoffMaxMs: 400,
  healthyMs: 1_000,
  lingerMs: 300,
  addressMs: 1_000,
  dialMs: 2_000,
  duplicateMs: 300,
};

/** A node in this process, with its ports and everything that happened in it. */
export interface TestNode {
  readonly index: number;
  readonly id: StateId;
  readonly seed: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly ports: MemoryPorts;
  readonly exchange: Exchange;
  readonly events: ExchangeEvent[];
}

export function stateId(index: number): StateId {
  return index.toString(16).padStart(2, '0').repeat(32) as StateId;
}

export function seedOf(index: number): Uint8Array {
  return new Uint8Array(32).fill(index);
}

export async function publicKeyOf(index: number): Promise<Uint8Array> {
  const { key } = await transportKeyOf(seedOf(index));
  return key.publicKey.raw;
}

export async function createNode(index: number, options: Partial<ExchangeOptions> = {}): Promise<TestNode> {
  const id = stateId(index);
  const seed = seedOf(index);
  const ports = new MemoryPorts(id);
  const events: ExchangeEvent[] = [];
  const exchange = await createExchange({
    transportKey: seed,
    psk: PSK,
    federation: FEDERATION,
    era: 1,
    listen: ['/ip4/127.0.0.1/tcp/0'],
    allowedNetworks: ['127.0.0.1/32'],
    ports,
    ...options,
    timings: { ...SHORT, ...options.timings },
  });
  exchange.on((event) => events.push(event));
  return { index, id, seed, publicKey: await publicKeyOf(index), ports, exchange, events };
}

/** What another node needs to know of this one. */
export function entryOf(node: TestNode, addresses = node.exchange.addresses): PeerEntry {
  return {
    peer: node.id,
    transports: [
      { publicKey: node.publicKey, addresses, notBeforeSeconds: 0, notAfterSeconds: 4_000_000_000 },
    ],
  };
}

/** Nodes that listen and do not know each other. The one with the lowest PeerId first. */
export async function createNodes(
  count: number,
  options: Partial<ExchangeOptions> = {},
): Promise<TestNode[]> {
  const nodes = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const node = await createNode(index + 1, options);
      await node.exchange.start();
      return node;
    }),
  );
  return nodes.sort((a, b) => (a.exchange.peerId < b.exchange.peerId ? -1 : 1));
}

/** Makes nodes peers of each other and waits until all have accepted all. */
export async function connectAll(nodes: readonly TestNode[]): Promise<void> {
  for (const node of nodes) {
    for (const other of nodes) if (other !== node) node.exchange.addPeer(entryOf(other));
  }
  await until(() => nodes.every(({ exchange }) => exchange.peers().every(({ state }) => state === 'live')));
}

export async function stopAll(nodes: readonly TestNode[]): Promise<void> {
  await Promise.all(nodes.map(({ exchange }) => exchange.stop()));
}

/** Waits until something holds; fails loudly when it does not. */
export async function until(holds: () => boolean, withinMs = 15_000): Promise<void> {
  const deadlineMs = Date.now() + withinMs;
  while (!holds()) {
    if (Date.now() > deadlineMs) throw new Error(`not within ${withinMs} ms: ${holds.toString()}`);
    await sleep(5);
  }
}

/** Everything that a stream of answers holds. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}
