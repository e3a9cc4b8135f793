import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { createNode, publicKeyOf, stateId, type TestNode, until } from './federation.test-support.ts';
import { sampleItems } from './memory-ports.test-support.ts';

const CHILD = fileURLToPath(new URL('./child-node.test-support.ts', import.meta.url));
const CHILD_INDEX = 31;
const ALWAYS = { notBeforeSeconds: 0, notAfterSeconds: 4_000_000_000 };

let node: TestNode | undefined;
let child: ChildProcess | undefined;
afterEach(async () => {
  child?.kill('SIGKILL');
  await node?.exchange.stop();
});

/** Starts the other node, makes the two peers, and tells where it listens. */
async function startChild(
  own: TestNode,
  entries: number,
  port = 0,
): Promise<{ process: ChildProcess; port: number }> {
  const started = fork(CHILD, [String(CHILD_INDEX), String(entries), String(port)], {
    execArgv: ['--conditions=source'],
    serialization: 'advanced',
  });
  child = started;
  const [{ addresses }] = (await once(started, 'message')) as [{ addresses: string[] }];
  started.send({ peerIndex: own.index, addresses: own.exchange.addresses });
  const publicKey = await publicKeyOf(CHILD_INDEX);
  own.exchange.addPeer({ peer: stateId(CHILD_INDEX), transports: [{ publicKey, addresses, ...ALWAYS }] });
  return { process: started, port: Number(/tcp\/(\d+)/.exec(addresses[0] ?? '')?.[1]) };
}

test('a peer that is killed in the middle and comes back: the ledger arrives whole, nothing twice', async () => {
  node = await createNode(30);
  await node.exchange.start();
  const peer = stateId(CHILD_INDEX);
  const held = node.ports.heldOf(peer);
  held.commitMs = 3;
  const entries = 1_500;
  let { process: running, port } = await startChild(node, entries);
  for (const at of [500]) {
    await until(() => held.items.length >= at, 10_000);
    running.kill('SIGKILL');
    await until(() => node?.exchange.status(peer).state !== 'live', 5_000);
    ({ process: running, port } = await startChild(node, entries, port));
  }
  await until(() => held.items.length === entries, 20_000);
  expect(held.items).toEqual(sampleItems(entries));
  expect(node.exchange.status(peer)).toMatchObject({ state: 'live', lagEntries: 0 });
}, 40_000);

test('a peer that hangs without closing anything is noticed, and taken up again when it goes on', async () => {
  node = await createNode(30, { timings: { pingEveryMs: 500, pingMinMs: 700, pingMaxMs: 1_000 } });
  await node.exchange.start();
  const own = node;
  const peer = stateId(CHILD_INDEX);
  const { process: running } = await startChild(node, 50);
  await until(() => own.ports.heldOf(peer).items.length === 50, 10_000);
  running.kill('SIGSTOP');
  const sinceMs = performance.now();
  await until(() => own.exchange.status(peer).state !== 'live', 10_000);
  expect(performance.now() - sinceMs).toBeLessThan(6_000);
  running.kill('SIGCONT');
  await until(() => own.exchange.status(peer).state === 'live', 10_000);
}, 30_000);
