import { afterEach, beforeEach, expect, test } from 'vitest';
import { formatTime } from '../operations/shapes.ts';
import { ScratchNode, type ScratchPeer } from '../scratch-node.test-support.ts';
import { listMeasures } from './measures.ts';

const DAY_SECONDS = 86_400;
const text = { en: 'x' };

let node: ScratchNode;
let atSeconds: number;
beforeEach(async () => {
  // Keys are certified from the time of the machine on.
  atSeconds = Math.floor(Date.now() / 1_000) + 60;
  node = await ScratchNode.found(['XBB'], () => atSeconds);
});
afterEach(() => node[Symbol.asyncDispose]());

const inDays = (days: number) => formatTime(atSeconds + days * DAY_SECONDS);
const measure = (title: string, releasableTo: string, days: number) => ({
  type: 'measure',
  label: { classification: 'unclassified', tlp: 'GREEN', releasableTo: [releasableTo] },
  expiresAt: inDays(days),
  content: {
    ...{ title: { en: title }, legalBasis: text, necessity: text, proclaimedBy: 'Ministry of Energy' },
    ...{ scope: text, startsAt: inDays(0), reviewBy: inDays(5), oversightBody: 'Committee on Energy' },
    ...{ judicialRoute: text, remedyRoute: text },
  },
});

test('measures of whatever state end by themselves, and a review that is overdue is seen by everybody', async () => {
  const [own = ''] = await node.issue(measure('Own', 'XBB', 30));
  const borealis = node.peers[0] as ScratchPeer;
  const { header } = await node.receive(borealis, measure('Theirs', 'XAA', 10));
  const start = atSeconds;
  const listAt = (days: number) => listMeasures(node.sovereign, start + days * DAY_SECONDS);
  expect(await listAt(1)).toMatchObject([
    { id: header.id, issuer: 'XBB', title: 'Theirs', status: 'active', reviewOverdue: false },
    { id: own, issuer: 'XAA', title: 'Own', status: 'active', reviewOverdue: false },
  ]);
  atSeconds = start + 4 * DAY_SECONDS;
  const review = { status: 'adopted', summary: text, outcome: 'keep' };
  const { label } = measure('', 'XBB', 30);
  const [reviewed = ''] = await node.issue({ type: 'review', subject: own, label, content: review });
  expect(await listAt(6)).toMatchObject([
    { id: header.id, reviewOverdue: true, reviews: [] },
    { id: own, reviewOverdue: false, reviews: [{ id: reviewed, issuer: 'XAA' }] },
  ]);
  expect(await listAt(12)).toMatchObject([
    { id: own, status: 'active' },
    { id: header.id, status: 'expired', since: formatTime(start + 10 * DAY_SECONDS) },
  ]);
  const renewal = { ...measure('Own, again', 'XBB', 60), supersedes: [own] };
  const fresh = { ...renewal.content, renewalCount: 1, renewalReasons: { en: 'It goes on.' } };
  const [renewing = ''] = await node.issue({ ...renewal, content: fresh });
  expect(await listAt(5)).toMatchObject([
    { id: header.id },
    { id: renewing, status: 'active' },
    { id: own, status: 'renewed', renewedBy: [renewing] },
  ]);
});
