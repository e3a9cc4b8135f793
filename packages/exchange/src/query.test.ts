import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  collect,
  connectAll,
  createNode,
  createNodes,
  stopAll,
  type TestNode,
  until,
} from './federation.test-support.ts';
import { MAX_QUESTION_BYTES, type QueryAnswer, Refusal } from './index.ts';
import { writeMessage } from './messages.ts';
import { QUERY_PROTOCOL } from './query/constants.ts';
import { queryAnswerForm, queryRequestForm } from './query/wire.ts';
import { createRawPeer } from './raw-peer.test-support.ts';

let nodes: TestNode[] = [];
let a: TestNode;
let b: TestNode;

beforeEach(async () => {
  nodes = await createNodes(2);
  [a, b] = nodes as [TestNode, TestNode];
  await connectAll(nodes);
});
afterEach(async () => {
  await stopAll(nodes);
  nodes = [];
});

const QUESTION = new TextEncoder().encode('who has seen this?');

function answer(seed: number, byteLength = 500): QueryAnswer {
  return { record: new Uint8Array(byteLength).fill(seed), disclosures: [new Uint8Array(40).fill(seed)] };
}

/** Answers with this many records; tells how many were made and whether the answering has ended. */
function answering(node: TestNode, count: number, byteLength?: number): { made: number; ended: number } {
  const seen = { made: 0, ended: 0 };
  node.ports.onAnswer = async function* () {
    try {
      for (; seen.made < count; seen.made += 1) yield answer(seen.made & 0xff, byteLength);
    } finally {
      seen.ended += 1;
    }
  };
  return seen;
}

test('answers stream back, as they are, in order', async () => {
  b.ports.onAnswer = async function* (question) {
    expect(question).toEqual(QUESTION);
    for (let index = 0; index < 5; index += 1) yield answer(index);
    yield {
      record: new Uint8Array(65_536).fill(9),
      disclosures: Array.from({ length: 512 }, () => new Uint8Array(8_000)),
    };
  };
  const answers = await collect(a.exchange.ask(b.id, QUESTION));
  expect(answers.length).toBe(6);
  expect(answers.slice(0, 5)).toEqual([0, 1, 2, 3, 4].map((index) => answer(index)));
  expect(answers[5]?.disclosures.length).toBe(512);
});

test('1,000 questions, many at a time, each with its own answer', async () => {
  b.ports.onAnswer = async function* (question) {
    yield { record: question, disclosures: [] };
  };
  const ask = async (index: number): Promise<void> => {
    const question = new Uint8Array(4);
    new DataView(question.buffer).setUint32(0, index);
    const answers = await collect(a.exchange.ask(b.id, question));
    expect(answers.map(({ record }) => new DataView(record.slice().buffer).getUint32(0))).toEqual([index]);
  };
  await Promise.all(Array.from({ length: 1_000 }, (_, index) => ask(index)));
}, 20_000);

test('a caller that stops early stops the answering, and frees the way for others', async () => {
  const seen = answering(b, 100_000, 30_000);
  for (let round = 1; round <= 20; round += 1) {
    seen.made = 0;
    let taken = 0;
    for await (const _ of a.exchange.ask(b.id, QUESTION)) {
      taken += 1;
      if (taken === 3) break;
    }
    await until(() => seen.ended === round, 2_000);
  }
  const few = answering(b, 2);
  expect((await collect(a.exchange.ask(b.id, QUESTION))).length).toBe(2);
  expect(few.ended).toBe(1);
});

test('a slow caller slows the answering: memory is bounded on both sides', async () => {
  const size = 60_000;
  const seen = answering(b, 300, size);
  let taken = 0;
  let mostAhead = 0;
  for await (const { record } of a.exchange.ask(b.id, QUESTION)) {
    expect(record[0]).toBe(taken & 0xff);
    taken += 1;
    if (taken % 60 === 0) {
      await sleep(100);
      mostAhead = Math.max(mostAhead, seen.made - taken);
    }
  }
  expect(taken).toBe(300);
  expect(mostAhead * size).toBeLessThan(3 * 1_048_576);
}, 20_000);

test('an answer tells at its end whether there is more', async () => {
  for (const more of [true, false]) {
    b.ports.onAnswer = async function* () {
      yield answer(1);
    };
    b.ports.hasMoreAnswers = more;
    const answers = a.exchange.ask(b.id, QUESTION);
    expect((await answers.next()).value).toEqual(answer(1));
    expect(await answers.next()).toEqual({ done: true, value: { more } });
  }
});

test('a peer that looks for long before it answers says that it is still there', async () => {
  await stopAll(nodes);
  const timings = { frameMs: 300, stillEveryMs: 100, stillWithinMs: 400 };
  nodes = await createNodes(2, { timings });
  [a, b] = nodes as [TestNode, TestNode];
  await connectAll(nodes);
  b.ports.onAnswer = async function* () {
    await sleep(1_200);
    yield answer(1);
    await sleep(1_200);
  };
  expect(await collect(a.exchange.ask(b.id, QUESTION))).toEqual([answer(1)]);
});

test('nothing found and nothing allowed are the same', async () => {
  expect(await collect(a.exchange.ask(b.id, QUESTION))).toEqual([]);
});

test('a refusal is told, anything else is not', async () => {
  const failures: [unknown, string][] = [
    [
      new Refusal('exchange.message-malformed', 'a question that is not signed'),
      'exchange.message-malformed',
    ],
    [new Refusal('store.closed' as never, 'x'), 'exchange.refused'],
    [new TypeError('a secret'), 'exchange.refused'],
  ];
  for (const [thrown, code] of failures) {
    b.ports.onAnswer = async function* () {
      yield answer(1);
      throw thrown;
    };
    const received: QueryAnswer[] = [];
    const asking = (async () => {
      for await (const each of a.exchange.ask(b.id, QUESTION)) received.push(each);
    })();
    await expect(asking).rejects.toMatchObject({ code });
    expect(received.length).toBe(1);
  }
});

test('a signal ends the asking at once, on both sides', async () => {
  const seen = answering(b, 100_000, 1_000);
  const abort = new AbortController();
  const asking = (async () => {
    for await (const _ of a.exchange.ask(b.id, QUESTION, abort.signal)) abort.abort();
  })();
  await expect(asking).rejects.toMatchObject({ code: 'exchange.stopping' });
  await until(() => seen.ended === 1, 2_000);
  await expect(collect(a.exchange.ask(b.id, QUESTION, abort.signal))).rejects.toMatchObject({
    code: 'exchange.stopping',
  });
});

test('an answering that stalls is given up', async () => {
  await stopAll(nodes);
  nodes = await createNodes(2, { timings: { frameMs: 700, stillEveryMs: 200, answerWithinMs: 700 } });
  [a, b] = nodes as [TestNode, TestNode];
  await connectAll(nodes);
  b.ports.onAnswer = async function* (_question, signal) {
    yield answer(1);
    await sleep(60_000, undefined, { signal, ref: false }).catch(() => undefined);
  };
  await expect(collect(a.exchange.ask(b.id, QUESTION))).rejects.toMatchObject({
    code: 'exchange.read-deadline',
  });
});

test('revoking a peer cuts what it is being sent, at once', async () => {
  const seen = answering(b, 1_000_000, 10_000);
  let taken = 0;
  const asking = (async () => {
    for await (const _ of a.exchange.ask(b.id, QUESTION)) taken += 1;
  })();
  await until(() => taken > 50);
  await b.exchange.removePeer(a.id);
  await expect(asking).rejects.toMatchObject({
    code: expect.stringMatching(/^exchange\.(truncated|stream-reset|stopping|connection-lost)$/),
  });
  await until(() => seen.ended === 1, 10_000);
  const at = taken;
  await until(() => a.exchange.status(b.id).lastFaultCode === 'exchange.not-admitted', 3_000);
  expect(taken).toBe(at);
  await expect(collect(a.exchange.ask(b.id, QUESTION))).rejects.toMatchObject({
    code: 'exchange.not-connected',
  });
});

test('questions that cannot be asked', async () => {
  const stranger = await createNode(7);
  await expect(collect(a.exchange.ask(stranger.id, QUESTION))).rejects.toMatchObject({
    code: 'exchange.peer-unknown',
  });
  for (const byteLength of [0, MAX_QUESTION_BYTES + 1]) {
    await expect(collect(a.exchange.ask(b.id, new Uint8Array(byteLength)))).rejects.toMatchObject({
      code: 'exchange.question-too-large',
    });
  }
});

test('an answer without END, or with a wrong one, is not taken for whole', async () => {
  const raw = await createRawPeer(20, a);
  const endings = ['none', 'wrong', 'right'];
  await raw.serve(QUERY_PROTOCOL, async (stream) => {
    await stream.readData();
    const ending = endings.shift();
    await stream.write(writeMessage(queryAnswerForm, answer(1)));
    if (ending !== 'none') await stream.writeEnd(ending === 'wrong' ? 2 : 1);
    await stream.finish();
  });
  await until(() => a.exchange.status(raw.id).state === 'live');
  await expect(collect(a.exchange.ask(raw.id, QUESTION))).rejects.toMatchObject({
    code: 'exchange.truncated',
  });
  await expect(collect(a.exchange.ask(raw.id, QUESTION))).rejects.toMatchObject({
    code: 'exchange.count-mismatch',
  });
  expect((await collect(a.exchange.ask(raw.id, QUESTION))).length).toBe(1);
  await raw.stop();
});

test('an answer larger than any record is refused before it is whole', async () => {
  const raw = await createRawPeer(21, a);
  await raw.serve(QUERY_PROTOCOL, async (stream) => {
    await stream.readData();
    await stream.write(new Uint8Array(4 * 1_048_576));
    await stream.writeEnd(1);
  });
  await until(() => a.exchange.status(raw.id).state === 'live');
  await expect(collect(a.exchange.ask(raw.id, QUESTION))).rejects.toMatchObject({
    code: 'exchange.message-malformed',
  });
  await raw.stop();
});

test('a peer asking more at a time than it may is held to its limit, and others are not', async () => {
  const raw = await createRawPeer(22, b);
  await raw.greet();
  let running = 0;
  let most = 0;
  b.ports.onAnswer = async function* (_question, signal) {
    running += 1;
    most = Math.max(most, running);
    try {
      await sleep(400, undefined, { signal }).catch(() => undefined);
      yield answer(1);
    } finally {
      running -= 1;
    }
  };
  const request = writeMessage(queryRequestForm, { question: QUESTION });
  const asks = Array.from({ length: 40 }, async () => {
    const stream = await raw.speak(QUERY_PROTOCOL);
    await stream.write(request);
    await stream.closeWrite();
    await stream.readData();
    await stream.finish();
  });
  const honest = collect(a.exchange.ask(b.id, QUESTION));
  const outcomes = await Promise.allSettled(asks);
  expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
  expect(outcomes.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0);
  expect(most).toBeLessThanOrEqual(16 + 1);
  expect((await honest).length).toBe(1);
  await raw.stop();
});
