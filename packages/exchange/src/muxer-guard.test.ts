import { yamux } from '@chainsafe/libp2p-yamux';
import type { Connection, StreamMuxerFactory } from '@libp2p/interface';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { createNode, until } from './federation.test-support.ts';
import type { ExchangeEvent } from './index.ts';
import { MAX_MUXER_FRAME_BYTES } from './limits.ts';
import { createLink, type Link } from './link.test-support.ts';
import { guardedYamux } from './muxer-guard.ts';
import { createRawPeer } from './raw-peer.test-support.ts';

let link: Link;
beforeEach(async () => {
  link = await createLink();
});
afterEach(async () => {
  await link.stop();
});

/** A yamux header: version, type, flags, stream id, length. */
function header(type: number, flags: number, streamId: number, length: number): Uint8Array {
  const bytes = new Uint8Array(12);
  const view = new DataView(bytes.buffer);
  view.setUint8(1, type);
  view.setUint16(2, flags);
  view.setUint32(4, streamId);
  view.setUint32(8, length);
  return bytes;
}

/** Sends bytes of our own making where the muxer sends its frames: below it, inside the encryption. */
function sendBelowMuxer(connection: Connection, bytes: Uint8Array): void {
  const { muxer } = connection as unknown as { muxer: { maConn: { send(data: Uint8Array): void } } };
  muxer.maConn.send(bytes);
}

test.each([
  ['4 GiB', 0xffff_ffff],
  ['one byte beyond the limit', MAX_MUXER_FRAME_BYTES + 1],
])('a muxer frame that declares %s closes the connection at its header', async (_name, length) => {
  const [served] = link.server.getConnections();
  const closed = new Promise((resolve) => served?.addEventListener('close', ({ error }) => resolve(error)));
  sendBelowMuxer(link.connection, header(0, 1, 99, length));
  // At its header: not one byte of what it declares is ever sent.
  await until(() => link.server.getConnections().length === 0, 10_000);
  await until(() => link.connection.status !== 'open', 10_000);
  expect(await closed).toMatchObject({
    code: 'exchange.muxer-frame-too-large',
    fields: { byteLength: length },
  });
});

test('the status of a peer that sent one says so', async () => {
  const victim = await createNode(1);
  await victim.exchange.start();
  onTestFinished(() => victim.exchange.stop());
  const peer = await createRawPeer(2, victim);
  onTestFinished(() => peer.stop());
  await peer.serve('/nothing/1', async () => undefined);
  await until(() => victim.exchange.status(peer.id).state === 'live');
  sendBelowMuxer(peer.connection, header(0, 1, 99, MAX_MUXER_FRAME_BYTES + 1));
  await until(() => victim.events.some((event) => faultOf(event) === 'exchange.muxer-frame-too-large'));
});

function faultOf(event: ExchangeEvent): string | undefined {
  return event.kind === 'status' ? event.status.lastFaultCode : undefined;
}

test('a window update of any size is no data', async () => {
  sendBelowMuxer(link.connection, header(1, 0, 99, 0xffff_ffff));
  const { near, far } = await link.open();
  await near.write(new Uint8Array(10));
  expect((await far.readData()).length).toBe(10);
});

test('the round trip is measured, so that windows can grow', async () => {
  const { muxer } = link.connection as unknown as { muxer: { getRTT(): number } };
  await until(() => muxer.getRTT() >= 0, 1_000);
});

/** yamux as another version might be: it keeps what it waits on elsewhere. */
function otherYamux(): StreamMuxerFactory {
  const factory = yamux()();
  const create = factory.createStreamMuxer.bind(factory);
  factory.createStreamMuxer = (connection) =>
    Object.assign(create(connection), { decoder: { pending: new Uint8Array(0) } });
  return factory;
}

test('a muxer that the guard was not made for is refused before anything is connected', () => {
  expect(() => guardedYamux({}, otherYamux)).toThrow(
    expect.objectContaining({ code: 'exchange.muxer-changed' }),
  );
  expect(guardedYamux({})().protocol).toBe('/yamux/1.0.0');
});
