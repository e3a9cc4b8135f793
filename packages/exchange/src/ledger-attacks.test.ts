import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createNode, type TestNode, until } from './federation.test-support.ts';
import type { FrameStream } from './frame-stream.ts';
import { LEDGER_PROTOCOL } from './ledger/constants.ts';
import { batchForm, headForm, type LedgerRequest, receiptForm, requestForm } from './ledger/wire.ts';
import { MemoryLedger } from './memory-ledger.test-support.ts';
import { receiptLine, sampleItem, sampleItems } from './memory-ports.test-support.ts';
import { readMessage, writeMessage } from './messages.ts';
import { createRawPeer, type RawPeer } from './raw-peer.test-support.ts';

let node: TestNode;
let peer: RawPeer;

beforeEach(async () => {
  node = await createNode(1, {
    timings: { receiptMs: 1_000, frameMs: 5_000, stillEveryMs: 100, stillWithinMs: 400, requestMs: 500 },
    batches: { maxEntries: 10, window: 3 },
  });
  await node.exchange.start();
  peer = await createRawPeer(2, node);
});

afterEach(async () => {
  await peer.stop();
  await node.exchange.stop();
});

function codes(kind: 'served-fault' | 'asked-fault', protocol = LEDGER_PROTOCOL): string[] {
  return node.events.flatMap((event) =>
    event.kind === kind && event.protocol === protocol ? [event.code] : [],
  );
}

// The node as the source, the peer as a recipient that misbehaves.

async function request(changes: Partial<LedgerRequest> = {}): Promise<FrameStream> {
  await peer.greet();
  const stream = await peer.speak(LEDGER_PROTOCOL);
  const ledger = node.ports.ledgerFor(peer.id);
  const message: LedgerRequest = { mode: 'pull', heldSize: 0, heldRoot: await ledger.rootAt(0), ...changes };
  await stream.write(writeMessage(requestForm, message));
  return stream;
}

async function batchOf(stream: FrameStream): Promise<{ from: number; to: number }> {
  const { from, items } = readMessage(batchForm, await stream.readData());
  return { from, to: from + items.length };
}

test('one request and one answer, on the wire', async () => {
  const ledger = node.ports.ledgerFor(peer.id);
  ledger.append(...sampleItems(25));
  const stream = await request({ heldSize: 25, heldRoot: await ledger.rootAt(25) });
  const head = readMessage(headForm, await stream.readData());
  expect(head).toEqual({ size: 25, checkpoint: await ledger.checkpoint(25), consistencyProof: [] });
  expect(await stream.read()).toEqual({ kind: 'end', count: 0, more: false });
  await stream.writeEnd(0);
  await stream.finish();
});

test('no more batches than the window without receipts, and one more for each receipt', async () => {
  const ledger = node.ports.ledgerFor(peer.id);
  ledger.append(...sampleItems(100));
  const stream = await request();
  await stream.readData();
  for (let index = 0; index < 3; index += 1)
    expect(await batchOf(stream)).toEqual({ from: index * 10, to: index * 10 + 10 });
  let more = false;
  const next = readThroughStill(stream).then((bytes) => {
    more = true;
    return readMessage(batchForm, bytes);
  });
  await sleep(150);
  expect(more).toBe(false);
  await stream.write(writeMessage(receiptForm, { size: 10, line: receiptLine(10, await ledger.rootAt(10)) }));
  expect((await next).from).toBe(30);
});

async function readThroughStill(stream: FrameStream): Promise<Uint8Array> {
  const received = await stream.read({ idleMs: 1_000 }, () => undefined);
  if (received.kind !== 'data') throw new Error('no message');
  return received.bytes;
}

test('a recipient that never gives a receipt is given up, and a person could see why', async () => {
  node.ports.ledgerFor(peer.id).append(...sampleItems(100));
  const stream = await request();
  await stream.readData();
  await until(() => codes('served-fault').length > 0);
  expect(codes('served-fault')).toEqual(['exchange.receipt-deadline']);
});

test.each([
  ['for another size', 20, 'exchange.receipt-unexpected'],
  ['for a size of no batch', 5, 'exchange.receipt-unexpected'],
  ['that does not verify', 10, 'exchange.batch-mismatch'],
])('a receipt %s ends the stream', async (_name, size, code) => {
  const ledger = node.ports.ledgerFor(peer.id);
  ledger.append(...sampleItems(100));
  const stream = await request();
  await stream.readData();
  await batchOf(stream);
  await stream.write(writeMessage(receiptForm, { size, line: receiptLine(size, await ledger.rootAt(7)) }));
  await until(() => codes('served-fault').length > 0);
  expect(codes('served-fault')).toEqual([code]);
  expect(ledger.receipts.size).toBe(0);
  await until(() => ledger.watchers === 0);
});

test('a second stream of the same recipient takes the place of the first', async () => {
  node.ports.ledgerFor(peer.id).append(...sampleItems(5));
  const first = await request({ mode: 'follow' });
  await first.readData();
  const second = await request({ mode: 'follow' });
  await batchOf(first);
  await expect(first.read({ idleMs: 1_000 }, () => undefined)).rejects.toMatchObject({
    code: 'exchange.superseded',
  });
  await second.readData();
  expect(await batchOf(second)).toEqual({ from: 0, to: 5 });
  await until(() => node.ports.ledgerFor(peer.id).watchers === 1);
});

test('a request that claims more than there is gets the ledger as it is', async () => {
  node.ports.ledgerFor(peer.id).append(...sampleItems(3));
  const stream = await request({ mode: 'follow', heldSize: 2 ** 53 - 1 });
  expect(readMessage(headForm, await stream.readData())).toMatchObject({ size: 3, consistencyProof: [] });
  expect(await stream.read()).toEqual({ kind: 'end', count: 0, more: false });
  expect(node.ports.alarms).toMatchObject([{ code: 'exchange.ledger-disputed' }]);
});

test('a followed ledger says that it is still there', async () => {
  const stream = await request({ mode: 'follow' });
  await stream.readData();
  let still = 0;
  const reading = stream.read({ idleMs: 1_000 }, () => {
    still += 1;
  });
  await sleep(550);
  node.ports.ledgerFor(peer.id).append(sampleItem(1));
  await reading;
  expect(still).toBeGreaterThanOrEqual(3);
});

// The node as the recipient, the peer as a source that misbehaves.

/** What the node made of a source that does this after reading its request. */
async function sourced(act: (stream: FrameStream, ledger: MemoryLedger) => Promise<void>): Promise<string> {
  const ledger = new MemoryLedger(`${peer.id}/${node.id}`);
  ledger.append(...sampleItems(30));
  await peer.serve(LEDGER_PROTOCOL, async (stream) => {
    readMessage(requestForm, await stream.readData());
    await stream.write(writeMessage(headForm, await ledger.head(0)));
    await act(stream, ledger);
    await sleep(1_500);
  });
  await until(() => codes('asked-fault').some((code) => code !== 'exchange.protocol-unsupported'));
  return codes('asked-fault').find((code) => code !== 'exchange.protocol-unsupported') as string;
}

async function batch(
  ledger: MemoryLedger,
  from: number,
  to: number,
  checkpoint?: string,
): Promise<Uint8Array> {
  const items = ledger.items.slice(from, to);
  return writeMessage(batchForm, { from, checkpoint: checkpoint ?? (await ledger.checkpoint(to)), items });
}

test('END that counts more batches than came', async () => {
  const counted = await sourced(async (stream, ledger) => {
    await stream.write(await batch(ledger, 0, 10));
    await stream.writeEnd(3);
  });
  expect(counted).toBe('exchange.count-mismatch');
});

test('a source that closes without END is truncated, and what was durable stays', async () => {
  const code = await sourced(async (stream, ledger) => {
    await stream.write(await batch(ledger, 0, 10));
    await stream.readData();
    await stream.closeWrite();
  });
  expect(code).toBe('exchange.truncated');
  expect(node.ports.heldOf(peer.id).items.length).toBe(10);
});

test('a batch that does not follow the one before', async () => {
  const code = await sourced(async (stream, ledger) => {
    await stream.write(await batch(ledger, 0, 10));
    await stream.write(await batch(ledger, 20, 30));
  });
  expect(code).toBe('exchange.batch-out-of-order');
});

test('entries that are not those of the checkpoint', async () => {
  const code = await sourced(async (stream, ledger) => {
    const forged = new MemoryLedger(ledger.origin);
    forged.append(...sampleItems(10, 500));
    await stream.write(await batch(forged, 0, 10, await ledger.checkpoint(10)));
  });
  expect(code).toBe('exchange.batch-mismatch');
  expect(node.ports.heldOf(peer.id).items).toEqual([]);
});

test('a source that says nothing at all after its head is given up', async () => {
  expect(await sourced(async () => undefined)).toBe('exchange.read-deadline');
});

test('a source that says nothing but that it is still there', async () => {
  const code = await sourced(async (stream) => {
    for (;;) {
      for (let index = 0; index < 20; index += 1) await stream.writeStill();
      await sleep(5);
    }
  });
  expect(code).toBe('exchange.still-flood');
});

test('a bomb of small items is refused before it is built', async () => {
  const items = 1_500_000;
  const code = await sourced(async (stream) => {
    // {1: 0, 2: "x", 3: [[h'00', null, []] × …]} with as many elements as fit a message.
    const head = [0xa3, 1, 0, 2, 0x61, 0x78, 3, 0x9a, items >>> 24, items >>> 16, items >>> 8, items];
    const bomb = new Uint8Array(head.length + items).fill(0x80);
    bomb.set(head);
    await stream.write(bomb);
  });
  expect(code).toBe('exchange.message-malformed');
});

test('a head for another size than its checkpoint, or of another ledger', async () => {
  const ledger = new MemoryLedger(`${peer.id}/${node.id}`);
  ledger.append(...sampleItems(5));
  const heads = [{ ...(await ledger.head(0)), size: 6 }, await new MemoryLedger('another/ledger').head(0)];
  await peer.serve(LEDGER_PROTOCOL, async (stream) => {
    const head = heads.shift() ?? (await ledger.head(0));
    await stream.write(writeMessage(headForm, head));
    await sleep(500);
  });
  await until(
    () => codes('asked-fault').filter((code) => code !== 'exchange.protocol-unsupported').length >= 2,
  );
  const [first, second] = codes('asked-fault').filter((code) => code !== 'exchange.protocol-unsupported');
  expect(first).toBe('exchange.message-malformed');
  expect(second).toBe('cose.bad-signature');
});
