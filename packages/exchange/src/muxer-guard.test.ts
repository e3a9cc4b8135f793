import type { Connection } from '@libp2p/interface';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from './federation.test-support.ts';
import { MAX_MUXER_FRAME_BYTES } from './limits.ts';
import { createLink, type Link } from './link.test-support.ts';

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
  sendBelowMuxer(link.connection, header(0, 1, 99, length));
  // At its header: not one byte of what it declares is ever sent.
  await until(() => link.server.getConnections().length === 0, 10_000);
  await until(() => link.connection.status !== 'open', 10_000);
});

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
