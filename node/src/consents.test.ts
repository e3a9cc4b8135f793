import type { RecordId } from '@comity/record';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { followConsents } from './consents.ts';
import { formatTime } from './operations/shapes.ts';
import { ScratchNode, type ScratchPeer } from './scratch-node.test-support.ts';

// What Borealis (XBB) allows Arcadia (XAA) to hand on to Caldera (XCC), and when the grants are read.

let node: ScratchNode;
beforeEach(async () => {
  node = await ScratchNode.found(['XBB', 'XCC']);
});
afterEach(() => node[Symbol.asyncDispose]());

const LABEL = { classification: 'unclassified', releasableTo: ['XAA'] };
const originator = () => node.peers[0] as ScratchPeer;

/** Stores a record of Borealis, and does what follows from that. */
async function arrives(draft: object) {
  const { header } = await node.receive(originator(), { label: LABEL, ...draft });
  await followConsents(node.sovereign, [header]);
  return header;
}

const incident = () => arrives({ type: 'incident', content: { title: { en: 'Outage' }, stage: 'final' } });

const retractionOf = (id: RecordId) =>
  arrives({
    type: 'retraction',
    retracts: id,
    content: { reason: { en: 'Withdrawn' }, requestedAction: 'none' },
  });

const grantOf = (record: RecordId) =>
  arrives({
    type: 'release-grant',
    content: {
      decision: 'grant',
      record,
      parts: 'all',
      holder: node.sovereign.self.state,
      thirdParty: (node.peers[1] as ScratchPeer).state,
      purposes: ['incident-response'],
      notBefore: formatTime(node.sovereign.now() - 60),
      notAfter: formatTime(node.sovereign.now() + 3_600),
    },
  });

test('grants are read again for a grant and for the retraction of one, and for no other retraction', async () => {
  const { consents } = node.sovereign;
  const reading = vi.spyOn(consents, 'refresh');
  const about = await incident();
  const other = await incident();
  await retractionOf(other.id);
  expect(reading).toHaveBeenCalledTimes(0);
  const grant = await grantOf(about.id);
  expect(reading).toHaveBeenCalledTimes(1);
  expect(consents.of(about)).toMatchObject([{ grant: grant.id }]);
  await retractionOf(other.id);
  await retractionOf('ab'.repeat(32) as RecordId);
  expect(reading).toHaveBeenCalledTimes(1);
  await retractionOf(grant.id);
  expect(reading).toHaveBeenCalledTimes(2);
  expect(consents.of(about)).toEqual([]);
});

test('the retraction of a grant that was read when the node was opened ends it', async () => {
  const about = await incident();
  const grant = await grantOf(about.id);
  await node.reopen();
  const reading = vi.spyOn(node.sovereign.consents, 'refresh');
  await retractionOf(grant.id);
  expect(reading).toHaveBeenCalledTimes(1);
  expect(node.sovereign.consents.of(about)).toEqual([]);
});
