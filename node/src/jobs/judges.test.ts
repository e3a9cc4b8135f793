import { readFileSync } from 'node:fs';
import type { Worker } from 'node:worker_threads';
import { fromHex } from '@comity/digest';
import { KeyDirectory, namedIssuer, verifyCharter, verifyKeyCertificate } from '@comity/identity';
import type { ReceivedItem } from '@comity/ledger';
import { afterEach, expect, test } from 'vitest';
import { type JudgeKeys, Judges } from './judges.ts';

/** Threads that were begun since the test began, in order. */
const threads: Worker[] = [];
const remember = (worker: Worker): void => {
  threads.push(worker);
};
process.on('worker', remember);

let judges: Judges | undefined;
afterEach(async () => {
  await judges?.close();
  threads.length = 0;
});

/** Enough to be judged in threads; none is a ledger entry. */
const items: readonly ReceivedItem[] = Array.from({ length: 16 }, (_, index) => ({
  entry: Uint8Array.of(0xff, index),
  record: undefined,
  disclosures: [],
}));

/** Node tells of a new thread one tick later. */
async function begun(states: JudgeKeys['states']): Promise<Judges> {
  const made = new Judges(new KeyDirectory(), 2, { states });
  await new Promise((resolve) => setImmediate(resolve));
  return made;
}

const verdicts = async (): Promise<Set<string>> => {
  const judged = await (judges as Judges).judge({ items }, 0);
  expect(judged.length).toBe(items.length);
  return new Set(judged.map(({ verdict }) => verdict));
};

const ended = (worker: Worker): Promise<void> =>
  new Promise((resolve) => {
    worker.once('exit', () => resolve());
  });

test('a thread that ends is replaced; what it was judging is judged by another', async () => {
  judges = await begun([]);
  const [first, second] = threads as [Worker, Worker];
  // While it works: it has not even started.
  const working = verdicts();
  await Promise.all([ended(first), first.terminate()]);
  expect(await working).toEqual(new Set(['malformed']));
  expect(threads.length).toBeLessThanOrEqual(3);
  // Between two requests, and both of them.
  for (const thread of [...threads])
    if (thread !== first) await Promise.all([ended(thread), thread.terminate()]);
  expect(second.threadId).toBe(-1);
  expect(await verdicts()).toEqual(new Set(['malformed']));
  expect(await verdicts()).toEqual(new Set(['malformed']));
});

test('keys that are refused do not end a thread', async () => {
  const broken = { charter: Uint8Array.of(0xff), certificates: [Uint8Array.of(1)] };
  judges = await begun([broken]);
  judges.update({ states: [broken, broken] });
  judges.update({ states: [undefined as never] });
  expect(await verdicts()).toEqual(new Set(['malformed']));
  expect(threads.length).toBe(2);
});

test('once closed, nothing is begun anew and every question is answered', async () => {
  judges = await begun([]);
  const working = verdicts();
  const refused = expect(working).rejects.toMatchObject({ code: 'node.internal' });
  await judges.close();
  await refused;
  await expect(verdicts()).rejects.toMatchObject({ code: 'node.internal' });
  expect(threads.length).toBe(2);
});

interface ItemVectors {
  readonly vectors: readonly {
    readonly in: { readonly entry: string; readonly charters: string[]; readonly certificates: string[] };
    readonly out: {
      readonly order?: { readonly id: string };
      readonly report?: { readonly orderId: string };
    };
  }[];
}

test('orders and reports come through the threads as they are judged here, without the batch that they came in', async () => {
  const { vectors } = JSON.parse(
    readFileSync(
      new URL('../../../protocol/vectors/ledger/valid/items-of-orders.json', import.meta.url),
      'utf8',
    ),
  ) as ItemVectors;
  const [{ in: given }] = vectors as [ItemVectors['vectors'][number]];
  const charters = given.charters.map((each) => verifyCharter(fromHex(each)));
  const certificates = given.certificates.map(fromHex);
  const states = charters.map(({ bytes, state }) => ({
    charter: bytes,
    certificates: certificates.filter((each) => namedIssuer(each) === state),
  }));
  const directory = new KeyDirectory();
  for (const [place, charter] of charters.entries()) {
    const own = states[place]?.certificates ?? [];
    directory.add(
      charter,
      own.map((each) => verifyKeyCertificate(each, charter)),
    );
  }
  const carried = vectors.map(({ in: { entry } }) => ({
    entry: fromHex(entry),
    record: undefined,
    disclosures: [],
  }));
  const many = [...carried, ...carried, ...carried];
  judges = new Judges(directory, 1, { states });
  const inThreads = await judges.judge({ items: many }, 1_795_514_400);
  const here = await judges.judge({ items: carried }, 1_795_514_400);
  expect(inThreads).toEqual([...here, ...here, ...here]);
  for (const [place, { out }] of vectors.entries()) {
    const judged = inThreads[place];
    if (judged?.verdict === 'order') {
      expect(judged.order.id).toBe(out.order?.id);
      expect(judged.order.bytes.buffer.byteLength).toBe(judged.order.bytes.length);
    } else if (judged?.verdict === 'report') expect(judged.report.order).toBe(out.report?.orderId);
    else throw new Error(`judged ${judged?.verdict}`);
  }
});
