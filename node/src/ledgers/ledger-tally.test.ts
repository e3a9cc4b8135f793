import { fromHex, sha256, sha256Hex } from '@comity/digest';
import type { StateId } from '@comity/label';
import { encodeLedgerEntry, type LedgerEntry, type ReleaseEntry } from '@comity/log';
import { WriteSet } from '@comity/store';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ScratchNode } from '../scratch-node.test-support.ts';
import { tallyOf } from './ledger-tally.ts';

let node: ScratchNode;
let peer: StateId;
let other: StateId;

beforeEach(async () => {
  node = await ScratchNode.found(['XBB', 'XCC']);
  [peer, other] = ['XBB', 'XCC'].map((code) => node.sovereign.peers.byCode(code).state) as [StateId, StateId];
});

afterEach(() => node[Symbol.asyncDispose]());

const NONE: ReadonlySet<number> = new Set();

const release = (atSeconds: number): LedgerEntry => ({
  kind: 'release',
  recordId: fromHex('01'.repeat(32)),
  disclosures: [fromHex('02'.repeat(32))],
  atSeconds,
  mode: 'push',
  purpose: 'incident-response',
});
const order = (bytes: Uint8Array, atSeconds: number): LedgerEntry => ({
  kind: 'order',
  order: bytes,
  atSeconds,
});

async function append(
  direction: 'out' | 'in',
  of: StateId,
  ...entries: readonly LedgerEntry[]
): Promise<void> {
  const leaves = entries.map((entry) => ({ leaf: encodeLedgerEntry(entry), note: [0, null] }));
  await node.sovereign.store.commit(new WriteSet().append(`ledger/${direction}/${of}`, leaves));
}

test('nothing has passed at first', async () => {
  const tally = await tallyOf(node.sovereign, peer);
  expect([tally.given, tally.received(NONE)]).toEqual([0, 0]);
  expect(tally.releasesSince(0)).toBe(0);
  expect(tally.sent('00'.repeat(32))).toBeUndefined();
  expect(tally.reported('00'.repeat(32))).toBeUndefined();
});

test('counts releases in both directions, each peer for itself, and what is added later', async () => {
  await append('out', peer, release(100), release(200), order(Uint8Array.of(1), 250), release(300));
  await append('in', peer, release(150));
  await append('out', other, release(1_000));
  const tally = await tallyOf(node.sovereign, peer);
  expect([tally.given, tally.received(NONE)]).toEqual([3, 1]);
  // Later than the time, not at it.
  expect([99, 100, 200, 299, 300].map((from) => tally.releasesSince(from))).toEqual([3, 2, 1, 1, 0]);
  expect(tally.releasesSince(-1)).toBe(3);
  await append('out', peer, release(400));
  const later = await tallyOf(node.sovereign, peer);
  expect(later.given).toBe(4);
  expect(later.releasesSince(300)).toBe(1);
  expect((await tallyOf(node.sovereign, other)).given).toBe(1);
});

test('what a peer releases is worth something once, where parts of it came', async () => {
  const of = (id: string, disclosures = 1): LedgerEntry => ({
    ...(release(100) as ReleaseEntry),
    recordId: fromHex(id.repeat(32)),
    disclosures: disclosures === 0 ? [] : [fromHex('02'.repeat(32))],
  });
  await append('in', peer, of('0a'), of('0a'), of('0b'), of('0c', 0), of('0d'), of('0d'));
  const { received } = await tallyOf(node.sovereign, peer);
  expect(received(NONE)).toBe(3);
  // Of the second only one entry came without its content, of the third all.
  expect(received(new Set([0, 2]))).toBe(2);
  expect(received(new Set([0, 1, 2, 4, 5]))).toBe(0);
});

test('counts nothing twice, however many ask at once', async () => {
  await append('out', peer, ...Array.from({ length: 700 }, (_, at) => release(at)));
  const tallies = await Promise.all([1, 2, 3, 4].map(() => tallyOf(node.sovereign, peer)));
  expect(tallies.map(({ given }) => given)).toEqual([700, 700, 700, 700]);
});

test('of an order the first time counts that it was passed on, of reports the last', async () => {
  const [first, second] = [Uint8Array.of(1), Uint8Array.of(2)];
  await append('out', peer, release(10), order(first, 20), order(second, 30), order(first, 40));
  const orderDigest = sha256(first);
  const report = { kind: 'report', orderDigest } as const;
  await append('in', peer, { ...report, atSeconds: 50, outcome: 'acknowledged' });
  const tally = await tallyOf(node.sovereign, peer);
  expect(tally.sent(sha256Hex(first))).toEqual({ index: 1, atSeconds: 20 });
  expect(tally.sent(sha256Hex(second))).toEqual({ index: 2, atSeconds: 30 });
  expect(tally.reported(sha256Hex(first))).toMatchObject({ outcome: 'acknowledged', atSeconds: 50 });
  expect(tally.reported(sha256Hex(second))).toBeUndefined();
  await append('in', peer, { ...report, atSeconds: 60, outcome: 'applied' });
  expect((await tallyOf(node.sovereign, peer)).reported(sha256Hex(first))).toMatchObject({
    outcome: 'applied',
  });
});

test('a report about an order that was not passed on is not kept', async () => {
  const [passedOn, invented] = [Uint8Array.of(1), Uint8Array.of(2)];
  const reportOn = (bytes: Uint8Array) =>
    ({ kind: 'report', orderDigest: sha256(bytes), atSeconds: 20, outcome: 'applied' }) as const;
  await append('out', peer, order(passedOn, 10));
  await append('in', peer, reportOn(invented), reportOn(passedOn));
  const tally = await tallyOf(node.sovereign, peer);
  expect(tally.reported(sha256Hex(passedOn))).toMatchObject({ outcome: 'applied' });
  expect(tally.reported(sha256Hex(invented))).toBeUndefined();
});

test('whatever the times in a ledger are, and in whatever pieces it is read, it is counted right', async () => {
  const counted: number[] = [];
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat({ max: 50 }), { minLength: 1, maxLength: 12 }),
      fc.array(fc.integer({ min: -1, max: 51 }), { minLength: 1, maxLength: 6 }),
      async (times, since) => {
        await append('out', peer, ...times.map(release));
        counted.push(...times);
        const tally = await tallyOf(node.sovereign, peer);
        expect(tally.given).toBe(counted.length);
        for (const from of since)
          expect(tally.releasesSince(from)).toBe(counted.filter((time) => time > from).length);
      },
    ),
    { numRuns: 60, seed: 4, endOnFailure: true },
  );
});
