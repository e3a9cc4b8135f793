import { expect, test } from 'vitest';
import { FEDERATION } from '../federation.test-support.ts';
import { encodeEnd, encodeError, frameHead } from '../frame.ts';
import { MAX_BODY_BYTES } from '../limits.ts';
import { sampleHello } from '../raw-peer.test-support.ts';
import { type RecordedSide, replayStream } from './replay-stream.ts';

// What bytes alone can show is in protocol/vectors/exchange. Here is what they would not tell apart from a fault elsewhere.

const HELLO: RecordedSide = { protocol: 'hello', federation: FEDERATION, era: 1 };
const ANSWER: RecordedSide = { protocol: 'query', side: 'answering' };

function frame(kind: 0 | 1 | 2 | 3 | 4, body: Uint8Array): Uint8Array {
  return Uint8Array.from([...frameHead(kind, body.length), ...body]);
}

function written(...frames: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(frames));
}

test('what stands after the end of what a side says is not read', async () => {
  const bytes = written(frame(0, sampleHello()), Uint8Array.of(0xff, 0xff, 0xff, 0xff));
  expect(await replayStream(HELLO, bytes)).toEqual({ messages: 1 });
});

test.each([
  ['ERROR', frame(3, encodeError('exchange.stopping'))],
  ['STILL', frame(4, new Uint8Array(0))],
  ['END', frame(2, encodeEnd({ count: 0, more: false }))],
])('between the parts of a message there is no %s', async (_name, between) => {
  const bytes = written(frame(1, new Uint8Array(MAX_BODY_BYTES)), between, frame(0, Uint8Array.of(0)));
  await expect(replayStream(ANSWER, bytes)).rejects.toMatchObject({ code: 'exchange.frame-unexpected' });
});

test('a side that refuses has said so, and not something wrong', async () => {
  const bytes = frame(3, encodeError('store.damaged'));
  expect(await replayStream(ANSWER, bytes)).toEqual({ messages: 0, refused: 'exchange.refused' });
});

test('a STILL that says something is malformed', async () => {
  await expect(replayStream(ANSWER, frame(4, Uint8Array.of(0)))).rejects.toMatchObject({
    code: 'exchange.frame-malformed',
  });
});
