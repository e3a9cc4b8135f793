import { cp } from 'node:fs/promises';
import { toHex } from '@comity/digest';
import { issueQuestion, type QuestionFilter } from '@comity/query';
import { disclosuresFor } from '@comity/record';
import { WriteSet } from '@comity/store';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Answering } from '../answer.ts';
import { homeAt } from '../home.ts';
import { issueDrafts } from '../issue.ts';
import { commitReceived } from '../ledgers/received.ts';
import { openSovereign } from '../open.ts';
import { listHolds } from '../release/hold-list.test-support.ts';
import { ScratchNode, type ScratchPeer } from '../scratch-node.test-support.ts';
import type { Sovereign } from '../sovereign.ts';

// Borealis (XBB) asks Arcadia (XAA), and asks a twin of Arcadia's node that holds more, all of which waits for a person, for
// a date, or is not for Borealis at all. Nobody who asks can tell the two apart: not by a byte, not by the moment.

const PURPOSE = 'incident-response';
const answers = (name: string, type: string, more: object = {}): object => ({
  name,
  to: ['XBB'],
  mode: ['query', 'relay'],
  purpose: [PURPOSE],
  when: { type },
  ...more,
});
const POLICY = {
  comity: 'policy/1',
  rules: [
    answers('shown', 'incident', { parts: ['title', 'stage'] }),
    answers('on-request', 'incident', { parts: ['summary'], approve: { by: 'officer' } }),
    answers('persons', 'norm', { approve: { by: 'release-authority', persons: 2 } }),
    answers('later', 'commitment', { after: 'P1D' }),
  ],
};
const OPEN = { classification: 'restricted', releasableTo: ['XAA', 'XBB'] };
const CLOSED = { classification: 'restricted', releasableTo: ['XAA', 'XCC'] };
const ELSEWHERE = { ...OPEN, purposes: ['public-security'] };

const incident = (title: string, label: object = OPEN): object => ({
  type: 'incident',
  label,
  content: { title: { en: title }, summary: { en: `Summary of ${title}` }, stage: 'final' },
});
const NORM = {
  type: 'norm',
  label: OPEN,
  content: { title: { en: 'hidden' }, kind: 'voluntary', provisions: [{ id: 'p1', text: { en: 'hidden' } }] },
};
const COMMITMENT = { type: 'commitment', label: OPEN, content: { norm: 'norm/hidden', act: 'endorse' } };

let seconds: number;
let node: ScratchNode;
let plain: Sovereign;
let twin: Sovereign;

beforeEach(async () => {
  seconds = Math.floor(Date.now() / 1_000);
  node = await ScratchNode.found(['XBB', 'XCC'], () => seconds);
  await node.apply(POLICY);
  await node.issue(incident('visible 1'), incident('visible 2'));
  await node.sovereign.close();
  const home = homeAt(`${node.home.root}-twin`);
  await cp(node.home.root, home.root, { recursive: true });
  plain = await openSovereign(node.home, { now: () => seconds });
  twin = await openSovereign(home, { now: () => seconds });
  // Of what Caldera (XCC) hands on, one holds all but the summary.
  await receive(incident('partly'), (path) => path !== 'summary');
  await issueDrafts(
    twin,
    [incident('hidden', CLOSED), incident('hidden as well', ELSEWHERE), NORM, COMMITMENT],
    { acceptRelay: true },
    () => {},
  );
  await receive(incident('visible 3'), () => true);
});

afterEach(async () => {
  await twin?.close();
  node.sovereign = plain;
  await node?.[Symbol.asyncDispose]();
});

/** A record of Caldera comes to both nodes, to one of them only some of its parts. */
async function receive(draft: object, isHeld: (path: string) => boolean): Promise<void> {
  seconds += 10;
  node.sovereign = twin;
  const view = await node.receive(node.peers[1] as ScratchPeer, draft);
  const { header, bytes, parts } = view;
  const held = parts.filter(({ pathText }) => isHeld(pathText)).map(({ digest }) => digest);
  const disclosures = disclosuresFor(view, new Set(held));
  const source = { peer: header.issuer, receivedAtSeconds: seconds, ledgerIndex: 0 };
  await commitReceived(plain, [{ header, bytes, disclosures, source }], () => new WriteSet());
  seconds += 10;
}

interface Heard {
  readonly records: readonly { readonly record: string; readonly disclosures: readonly string[] }[];
  readonly more: boolean;
  /** In which quarter of a second each answer left, and the end. */
  readonly quarters: readonly number[];
}

/** Asks a node, under a clock that goes on by a millisecond whenever it is looked at: what is done costs time. */
async function ask(sovereign: Sovereign, filter: QuestionFilter, limit = 100): Promise<Heard> {
  const [borealis] = node.peers as [ScratchPeer];
  const label = {
    scheme: borealis.scheme.id,
    classification: 'unclassified',
    releasableTo: [sovereign.self.state],
  };
  const question = await issueQuestion(
    { issuer: borealis.state, audience: sovereign.self.state, purpose: PURPOSE, label, filter, limit },
    borealis.signer,
    seconds,
    sovereign.entropy,
  );
  let nowMs = 0;
  const timing = {
    nowMs: () => {
      nowMs += 1;
      return nowMs;
    },
    pause: async (ms: number) => {
      nowMs += ms;
    },
  };
  const coming = new Answering(sovereign, timing).answer(
    borealis.state,
    question.bytes,
    new AbortController().signal,
  );
  const records = [];
  const quarters: number[] = [];
  for (;;) {
    const next = await coming.next();
    quarters.push(Math.floor(nowMs / 250));
    if (next.done === true) return { records, more: next.value.more, quarters };
    const { record, disclosures } = next.value;
    records.push({ record: toHex(record), disclosures: disclosures.map(toHex) });
  }
}

const QUESTIONS: readonly (readonly [filter: QuestionFilter, limit?: number])[] = [
  [{}],
  [{ types: ['incident'] }],
  [{ types: ['norm'] }],
  [{ types: ['commitment', 'norm'] }],
  [{ text: 'visible' }],
  [{ text: 'Summary of' }],
  [{ text: 'hidden' }],
  [{ text: 'nowhere' }],
  [{}, 1],
  [{}, 3],
  [{}, 4],
];

test('what waits for a person, or for a date, is answered as what is not there', async () => {
  const heard: Heard[] = [];
  for (const [filter, limit] of QUESTIONS) {
    const [one, other] = [await ask(plain, filter, limit), await ask(twin, filter, limit)];
    expect(other).toEqual(one);
    heard.push(one);
  }
  expect(heard.map(({ records, more }) => [records.length, more])).toEqual([
    [4, false],
    [4, false],
    [0, false],
    [0, false],
    [3, false],
    [0, false],
    [0, false],
    [0, false],
    [1, true],
    [3, true],
    [4, false],
  ]);
  // And it does wait, of the record that both hold in part and of one that only the twin holds.
  expect(await waits(plain)).toEqual(Array(3).fill('on-request'));
  expect(await waits(twin)).toEqual([...Array(4).fill('on-request'), 'persons']);
});

/** The rules for which something waits, once everything is written down. */
async function waits(sovereign: Sovereign): Promise<string[]> {
  await sovereign.releases.take(async () => {});
  return written(sovereign);
}

async function written(sovereign: Sovereign): Promise<string[]> {
  const holds = await listHolds(sovereign);
  return holds.flatMap(({ held }) => held.map(({ rule }) => rule)).sort();
}

test('what a limit holds is answered as what is not there', async () => {
  const limits = [{ to: ['XBB'], releases: 4, per: 'P1D', then: 'hold' }];
  for (const sovereign of [plain, twin]) {
    node.sovereign = sovereign;
    await node.apply({ ...POLICY, limits });
    // All that both may answer with: the limit is reached.
    expect((await ask(sovereign, {})).records).toHaveLength(4);
  }
  await issueDrafts(twin, [incident('visible 4'), incident('visible 5')], { acceptRelay: true }, () => {});
  for (const [filter, limit] of QUESTIONS)
    expect(await ask(twin, filter, limit)).toEqual(await ask(plain, filter, limit));
  expect(await waits(plain)).not.toContain('limits[0]');
  expect((await waits(twin)).filter((rule) => rule === 'limits[0]')).toHaveLength(2);
});

test('no answer waits until what waits for a person is written down', async () => {
  const turn = Promise.withResolvers<void>();
  // All that the plain node may answer with is in the ledger before: nothing else takes a turn.
  await ask(twin, {});
  const before = await waits(twin);
  await issueDrafts(twin, [{ ...NORM, subject: 'another' }], { acceptRelay: true }, () => {});
  const blocked = twin.releases.take(() => turn.promise);
  const heard = await ask(twin, { types: ['norm', 'commitment'] });
  expect(heard).toEqual(await ask(plain, { types: ['norm', 'commitment'] }));
  expect(await written(twin)).toEqual(before);
  turn.resolve();
  await blocked;
  expect(await waits(twin)).toEqual([...before, 'persons'].sort());
});
