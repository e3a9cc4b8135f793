import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '@comity/fault';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from './federation.test-support.ts';
import { MAX_BODY_BYTES, MAX_FRAME_BYTES, MAX_MESSAGE_BYTES, READ_HIGH_WATER_BYTES } from './limits.ts';
import { createLink, type Link } from './link.test-support.ts';

let link: Link;
beforeEach(async () => {
  link = await createLink({ lingerMs: 200 });
});
afterEach(async () => {
  await link.stop();
});

function pattern(byteLength: number, seed = 0): Uint8Array {
  const bytes = new Uint8Array(byteLength);
  for (let index = 0; index < byteLength; index += 1) bytes[index] = (index * 31 + seed) & 0xff;
  return bytes;
}

test('messages of every size around the limits arrive as they were sent, each in a buffer of its own', async () => {
  const { near, far } = await link.open();
  const sizes = [
    0,
    1,
    1_000,
    MAX_BODY_BYTES - 1,
    MAX_BODY_BYTES,
    MAX_BODY_BYTES + 1,
    3 * MAX_BODY_BYTES,
    MAX_MESSAGE_BYTES,
  ];
  const reading = (async () => {
    for (const [seed, size] of sizes.entries()) {
      const bytes = await far.readData();
      expect(bytes.length).toBe(size);
      expect(Buffer.compare(bytes, pattern(size, seed))).toBe(0);
      expect(bytes.buffer.byteLength).toBeLessThanOrEqual(size + 1);
    }
    expect(await far.read()).toEqual({ kind: 'end', count: sizes.length, more: false });
  })();
  for (const [seed, size] of sizes.entries()) await near.write(pattern(size, seed));
  await near.writeEnd(sizes.length);
  await reading;
  await expect(near.write(new Uint8Array(MAX_MESSAGE_BYTES + 1))).rejects.toMatchObject({
    code: 'exchange.message-too-large',
  });
});

test('a message of too many parts is refused when the limit is passed, not when it is over', async () => {
  const { far, nearRaw } = await link.open();
  const head = new Uint8Array([0, 0x10, 0, 0, 1]);
  let refused = false;
  const reading = far.readData();
  reading.catch(() => {
    refused = true;
  });
  let sent = 0;
  for (; sent < 8 && !refused; sent += 1) {
    nearRaw.send(head);
    nearRaw.send(new Uint8Array(MAX_FRAME_BYTES - 1));
    await until(() => refused || nearRaw.writeBufferLength === 0);
  }
  await expect(reading).rejects.toMatchObject({ code: 'exchange.message-too-large' });
  expect(sent).toBeLessThan(8);
});

test('close on both sides frees both ends', async () => {
  const { near, far } = await link.open();
  await near.write(pattern(10));
  await far.readData();
  await Promise.all([near.finish(), far.finish()]);
  await until(() => link.streamCount() === 0);
  expect(near.signal.aborted && far.signal.aborted).toBe(true);
});

test('one side closing alone is waited for a little, then reset', async () => {
  const { near } = await link.open();
  await near.finish();
  await until(() => link.streamCount() === 0, 1_000);
  await expect(near.readData()).rejects.toMatchObject({ code: 'exchange.stream-closed' });
});

test('nothing is written to a stream after its end', async () => {
  const half = await link.open();
  await half.near.closeWrite();
  await expect(half.near.write(pattern(1))).rejects.toMatchObject({ code: 'exchange.stream-closed' });
  const both = await link.open();
  await Promise.all([both.near.finish(), both.far.finish()]);
  await expect(both.near.write(pattern(1))).rejects.toMatchObject({ code: 'exchange.stream-closed' });
});

test('abort frees both ends, and the other side learns no reason', async () => {
  const { near, far } = await link.open();
  const reading = far.read({ idleMs: Number.POSITIVE_INFINITY });
  const expectation = expect(reading).rejects.toMatchObject({ code: 'exchange.stream-reset' });
  near.abort(new Fault('exchange.revoked', 'a secret'));
  await expectation;
  await until(() => link.streamCount() === 0, 1_000);
  await expect(near.write(pattern(1))).rejects.toMatchObject({ code: 'exchange.revoked' });
});

test('a refusal arrives though it is followed by a reset, and only as far as it may be told', async () => {
  for (const [thrown, told] of [
    [new Fault('exchange.hello-required', 'x'), 'exchange.hello-required'],
    [new Fault('store.closed' as never, 'x'), 'exchange.refused'],
    [new TypeError('a secret'), 'exchange.refused'],
  ] as const) {
    const { near, far } = await link.open();
    await near.write(pattern(100));
    const refused = near.refuse(thrown);
    expect((await far.readData()).length).toBe(100);
    await expect(far.read()).rejects.toMatchObject({ code: told, fields: { toldByPeer: true } });
    await refused;
    await until(() => link.streamCount() === 0, 1_000);
  }
});

test('a stream that is cut between frames is truncated, not ended', async () => {
  const { near, far } = await link.open();
  await near.write(pattern(10));
  await near.closeWrite();
  expect((await far.readData()).length).toBe(10);
  await expect(far.read()).rejects.toMatchObject({ code: 'exchange.truncated' });
});

test('a connection that is lost fails what waits on it', async () => {
  const { near, far } = await link.open();
  const reading = far.read({ idleMs: Number.POSITIVE_INFINITY });
  const expectation = expect(reading).rejects.toBeInstanceOf(Fault);
  link.connection.abort(new Error('cut'));
  await expectation;
  await expect(near.write(pattern(1))).rejects.toBeInstanceOf(Fault);
});

test('a connection that is closed in good order fails a writer that waits', async () => {
  const { near, nearRaw } = await link.open();
  const writing = Promise.all([near.write(pattern(MAX_BODY_BYTES)), near.write(pattern(MAX_BODY_BYTES))]);
  const expectation = expect(writing).rejects.toMatchObject({ code: 'exchange.stream-closed' });
  await until(() => nearRaw.writeBufferLength > 0);
  await link.server.getConnections()[0]?.close();
  await expectation;
});

test('a writer waits for its reader: unread bytes are bounded on both sides', async () => {
  const { near, far, nearRaw, farRaw } = await link.open();
  const size = 200_000;
  const count = 60;
  let written = 0;
  const writing = (async () => {
    for (let index = 0; index < count; index += 1) {
      await near.write(pattern(size, index));
      written += 1;
    }
    await near.writeEnd(count);
  })();
  writing.catch(() => undefined);
  await sleep(400);
  const ahead = written * size;
  // What may be on its way: one window, the reader's queue, the frame being written, and one muxer burst.
  expect(ahead).toBeLessThan(3 * 1_048_576 + READ_HIGH_WATER_BYTES);
  expect(nearRaw.writeBufferLength).toBeLessThanOrEqual(size + 5);
  expect(farRaw.readBufferLength).toBeLessThanOrEqual(1_048_576);
  for (let index = 0; index < count; index += 1) {
    const bytes = await far.readData();
    expect(bytes[7]).toBe(pattern(8, index)[7]);
    if (index % 20 === 0) await sleep(30);
    expect(farRaw.readBufferLength).toBeLessThanOrEqual(1_048_576);
  }
  expect(await far.read()).toEqual({ kind: 'end', count, more: false });
  await writing;
}, 20_000);

test('a reader that never reads does not hold its writer for ever', async () => {
  await link.stop();
  link = await createLink({ frameMs: 700 });
  const { near } = await link.open();
  const writing = (async () => {
    for (;;) await near.write(pattern(MAX_BODY_BYTES));
  })();
  await expect(writing).rejects.toMatchObject({ code: 'exchange.write-deadline' });
});

test('silence may be allowed; the frame that ends it still has its deadline', async () => {
  const { near, far, nearRaw } = await link.open();
  const first = far.read({ frameMs: 200, idleMs: 2_000 });
  await sleep(400);
  await near.write(pattern(5));
  expect(await first).toMatchObject({ kind: 'data' });
  const second = far.read({ frameMs: 200, idleMs: Number.POSITIVE_INFINITY });
  const expectation = expect(second).rejects.toMatchObject({ code: 'exchange.read-deadline' });
  nearRaw.send(new Uint8Array([0, 0, 1]));
  await expectation;
});

test('a peer that says it is still there keeps a silence going, where that is allowed', async () => {
  const { near, far } = await link.open();
  let still = 0;
  const reading = far.read({ idleMs: 300 }, () => {
    still += 1;
  });
  for (let index = 0; index < 4; index += 1) {
    await sleep(150);
    await near.writeStill();
  }
  await near.write(pattern(1));
  expect(await reading).toMatchObject({ kind: 'data' });
  expect(still).toBe(4);
});

test('a keep-alive waits until a message of several parts is over', async () => {
  const { near, far } = await link.open();
  let still = 0;
  const reading = far.read({ idleMs: 5_000 }, () => {
    still += 1;
  });
  const after = reading.then(() =>
    far.read({ idleMs: 5_000 }, () => {
      still += 1;
    }),
  );
  await Promise.all([near.write(pattern(3 * MAX_BODY_BYTES)), near.writeStill(), near.writeEnd(1)]);
  expect(await reading).toMatchObject({ kind: 'data' });
  expect(await after).toEqual({ kind: 'end', count: 1, more: false });
  expect(still).toBe(1);
});

test('30 streams at once, each with its own bytes', async () => {
  const streams = await Promise.all(Array.from({ length: 30 }, () => link.open()));
  await Promise.all(
    streams.map(async ({ near, far }, index) => {
      const reading = (async () => {
        for (let round = 0; round < 5; round += 1) {
          expect(Buffer.compare(await far.readData(), pattern(100_000, index + round))).toBe(0);
        }
      })();
      for (let round = 0; round < 5; round += 1) await near.write(pattern(100_000, index + round));
      await reading;
      await Promise.all([near.finish(), far.finish()]);
    }),
  );
  await until(() => link.streamCount() === 0, 2_000);
}, 20_000);
