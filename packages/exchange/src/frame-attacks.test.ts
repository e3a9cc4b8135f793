import { setTimeout as sleep } from 'node:timers/promises';
import type { Stream } from '@libp2p/interface';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createNode, type TestNode, until } from './federation.test-support.ts';
import { HELLO_PROTOCOL } from './hello/constants.ts';
import { MAX_BODY_BYTES, MAX_FRAME_BYTES } from './limits.ts';
import { createRawPeer, type RawPeer, sampleHello } from './raw-peer.test-support.ts';

let victim: TestNode;
let peer: RawPeer;

beforeEach(async () => {
  victim = await createNode(1, { timings: { requestMs: 800 } });
  await victim.exchange.start();
  peer = await createRawPeer(2, victim);
});

afterEach(async () => {
  await peer.stop();
  await victim.exchange.stop();
});

function length(byteLength: number): Uint8Array {
  const head = new Uint8Array(4);
  new DataView(head.buffer).setUint32(0, byteLength);
  return head;
}

/** A frame with this kind, whatever it is. */
function frame(kind: number, body: Uint8Array): Uint8Array {
  return new Uint8Array([...length(1 + body.length), kind, ...body]);
}

/** What the victim made of a request. A deadline has a code of its own: which one it was tells more than how long it took. */
async function verdict(send: (stream: Stream) => void): Promise<{ code: string }> {
  const stream = await peer.open(HELLO_PROTOCOL);
  send(stream);
  const codes = (): string[] =>
    victim.events.flatMap((event) => (event.kind === 'served-fault' ? [event.code] : []));
  await until(() => codes().length > 0, 10_000);
  await until(() => stream.status !== 'open' || stream.remoteWriteStatus === 'closed', 3_000);
  stream.abort(new Error('over'));
  await until(() => peer.connection.streams.every(({ direction }) => direction === 'inbound'), 3_000);
  return { code: codes()[0] as string };
}

test.each([
  ['a length of 4 GiB', length(0xffff_ffff), 'exchange.frame-too-large'],
  ['one byte too many', length(MAX_FRAME_BYTES + 1), 'exchange.frame-too-large'],
  ['a length of nothing', length(0), 'exchange.frame-malformed'],
  ['an endless varint', new Uint8Array(100_000).fill(0x80), 'exchange.frame-too-large'],
  ['a kind that does not exist', frame(9, new Uint8Array(3)), 'exchange.frame-unexpected'],
  ['an END before anything', frame(2, new Uint8Array([0xa1, 1, 0])), 'exchange.frame-unexpected'],
  ['an END that is not CBOR', frame(2, new Uint8Array([0xff])), 'exchange.frame-malformed'],
  [
    'an END of what cannot be continued, that says there is more',
    frame(2, new Uint8Array([0xa2, 1, 0, 2, 0xf5])),
    'exchange.frame-malformed',
  ],
  ['a keep-alive where none is due', frame(4, new Uint8Array(0)), 'exchange.frame-unexpected'],
  ['a part that is not full', frame(1, new Uint8Array(100)), 'exchange.frame-malformed'],
  [
    'a last part that is empty',
    new Uint8Array([...frame(1, new Uint8Array(MAX_BODY_BYTES)), ...frame(0, new Uint8Array(0))]),
    'exchange.frame-malformed',
  ],
  ['a message that is no hello', frame(0, new Uint8Array([0xa0])), 'exchange.message-malformed'],
  ['a message that is not CBOR', frame(0, new Uint8Array([0x1c])), 'exchange.message-malformed'],
  [
    'a message with a byte too many',
    frame(0, new Uint8Array([...sampleHello(), 0])),
    'exchange.message-malformed',
  ],
  ['another federation', frame(0, sampleHello({ federation: 'x' })), 'exchange.other-federation'],
  ['another era', frame(0, sampleHello({ era: 2 })), 'exchange.other-era'],
  ['an error of the peer', frame(3, new Uint8Array([0xa1, 1, 0x61, 0x78])), 'exchange.refused'],
])('%s is refused at once', async (_name, bytes, code) => {
  const judged = await verdict((stream) => stream.send(bytes));
  expect(judged.code).toBe(code);
});

test.each([
  ['silence', new Uint8Array(0)],
  ['half a length', new Uint8Array(2)],
  ['half a frame', new Uint8Array([...length(1_000), 0, 1, 2, 3])],
])('%s is cut at the deadline', async (_name, bytes) => {
  const judged = await verdict((stream) => stream.send(bytes));
  expect(judged.code).toBe('exchange.read-deadline');
});

test('a byte now and then does not extend the deadline', async () => {
  const request = frame(0, sampleHello());
  const judged = await verdict((stream) => {
    void (async () => {
      for (const byte of request) {
        if (stream.status !== 'open') return;
        stream.send(new Uint8Array([byte]));
        await sleep(40);
      }
    })().catch(() => undefined);
  });
  expect(judged.code).toBe('exchange.read-deadline');
});

test('a stream that ends before its frame is truncated', async () => {
  const judged = await verdict((stream) => {
    stream.send(new Uint8Array([...length(1_000), 0]));
    void stream.close();
  });
  expect(judged.code).toBe('exchange.truncated');
});

test('nothing but a hello is served before a hello', async () => {
  for (const protocol of ['ledger', 'return', 'fetch', 'query']) {
    const stream = await peer.speak(`/comity/${protocol}/1`);
    await expect(stream.read()).rejects.toMatchObject({ code: 'exchange.hello-required' });
    stream.abort(new Error('over') as never);
  }
});

test('streams that open and say nothing are bounded, and all gone after the deadline', async () => {
  await peer.greet();
  const opened = await Promise.allSettled(Array.from({ length: 40 }, () => peer.open(HELLO_PROTOCOL)));
  expect(opened.some(({ status }) => status === 'fulfilled')).toBe(true);
  await until(
    () => peer.connection.streams.filter(({ direction }) => direction === 'outbound').length === 0,
    4_000,
  );
  await peer.greet();
});
