import { toHex } from '@comity/digest';
import { isFault } from '@comity/fault';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ScratchNode } from '../scratch-node.test-support.ts';
import { affectedBy } from './affected.ts';

const DAY_SECONDS = 86_400;
const DRAFT = {
  type: 'incident',
  label: { classification: 'restricted', releasableTo: ['XBB'] },
  content: { title: { en: 'Outage' }, stage: 'final' },
};

let node: ScratchNode;
let nowSeconds = Math.floor(Date.now() / 1_000);

beforeAll(async () => {
  node = await ScratchNode.found(['XBB'], () => nowSeconds);
});

afterAll(async () => {
  await node[Symbol.asyncDispose]();
});

test('what the end of a key would touch is counted', async () => {
  const { self, store } = node.sovereign;
  const kidOf = (usage: string): string =>
    toHex(self.certificates.find((each) => each.usage === usage)?.kid ?? new Uint8Array());
  await node.issue(DRAFT, DRAFT);
  nowSeconds += 60;
  const fromSeconds = nowSeconds;
  await node.issue(DRAFT);
  const kid = kidOf('record');
  const endings = [
    { kid, fromSeconds },
    { kid: kidOf('log'), fromSeconds: 0 },
  ];
  expect(await affectedBy({ self, store }, endings)).toEqual([
    { kid, records: 3, since: 1 },
    { kid: kidOf('log'), records: 0, since: 0 },
  ]);
});

test('nothing is signed with a record key whose certificate has ended', async () => {
  const certificate = node.sovereign.self.certificates.find(({ usage }) => usage === 'record');
  nowSeconds = (certificate?.notAfterSeconds ?? 0) - 1;
  expect(await node.issue(DRAFT)).toHaveLength(1);
  nowSeconds += 1;
  const refusal: unknown = await node.issue(DRAFT).catch((error: unknown) => error);
  expect(isFault(refusal, 'node.record-key-ended')).toBe(true);
  expect(refusal).toMatchObject({ fields: { reason: 'identity.expired' } });
  nowSeconds += 100 * DAY_SECONDS;
  const later: unknown = await node.issue(DRAFT).catch((error: unknown) => error);
  expect(isFault(later, 'node.record-key-ended')).toBe(true);
});
