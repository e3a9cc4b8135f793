import type { RecordId, View } from '@comity/record';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { formatTime } from '../operations/shapes.ts';
import { findRecord } from '../records/find-record.ts';
import { byPath } from '../release/by-path.ts';
import { ScratchNode, type ScratchPeer } from '../scratch-node.test-support.ts';
import { askRelease } from './ask-release.ts';
import { followConsents } from './consents.ts';
import { grantRelease, refuseRelease, revokeRelease } from './release-consent.ts';
import { pathsOf, termsIn } from './release-terms.ts';

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

/** Consents that are not over: one that is withdrawn a second later was one for that second. */
const standing = (about: Parameters<typeof node.sovereign.consents.of>[0]) =>
  node.sovereign.consents.of(about).filter(({ untilSeconds }) => untilSeconds > node.sovereign.now());

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
  expect(standing(about)).toEqual([]);
});

test('what one state grants is read without what others have granted, and many that come at once in one reading', async () => {
  const { consents, store } = node.sovereign;
  const about = await incident();
  const first = await grantOf(about.id);
  const other = node.peers[1] as ScratchPeer;
  const theirs = await node.receive(other, {
    ...{ type: 'incident', label: LABEL, content: { title: { en: 'Theirs' }, stage: 'final' } },
  });
  const listed: (string | undefined)[] = [];
  const records = store.records('real');
  const listing = vi.spyOn(records, 'list').mockImplementation((query = {}) => {
    if (query.type === 'release-grant') listed.push(query.issuer);
    return Object.getPrototypeOf(records).list.call(records, query);
  });
  const drafted = Array.from({ length: 5 }, () => ({
    ...{ label: LABEL, type: 'release-grant' },
    content: {
      ...{ decision: 'grant', record: theirs.header.id, parts: 'all', purposes: ['incident-response'] },
      ...{ holder: node.sovereign.self.state, thirdParty: originator().state },
      notBefore: formatTime(node.sovereign.now() - 60),
      notAfter: formatTime(node.sovereign.now() + 3_600),
    },
  }));
  const views = [];
  for (const draft of drafted) views.push(await node.receive(other, draft));
  await Promise.all(views.map(({ header }) => followConsents(node.sovereign, [header])));
  expect(consents.of(theirs.header)).toHaveLength(5);
  expect(consents.of(about)).toMatchObject([{ grant: first.id }]);
  expect(listed).toEqual([other.state]);
  listing.mockRestore();
  await consents.refresh(node.sovereign);
  expect(consents.of(theirs.header)).toHaveLength(5);
  expect(consents.of(about)).toMatchObject([{ grant: first.id }]);
});

test('the retraction of a grant that was read when the node was opened ends it', async () => {
  const about = await incident();
  const grant = await grantOf(about.id);
  await node.reopen();
  const reading = vi.spyOn(node.sovereign.consents, 'refresh');
  await retractionOf(grant.id);
  expect(reading).toHaveBeenCalledTimes(1);
  expect(standing(about)).toEqual([]);
});

test('whoever asked is answered though no rule permits it and what does is held, and is said not to be reached', async () => {
  await node.apply({
    comity: 'policy/1',
    rules: [{ name: 'incidents', to: ['XBB'], mode: ['push'], when: { type: ['incident'] } }],
  });
  const label = { classification: 'unclassified', releasableTo: ['XBB'] };
  const [record] = (await node.issue({
    ...{ type: 'incident', label, content: { title: { en: 'Ours' }, stage: 'final' } },
  })) as [RecordId];
  const request = await arrives({
    type: 'release-request',
    content: {
      ...{ record, parts: 'all', thirdParty: 'XCC', purpose: 'incident-response' },
      reason: { en: 'The same registry' },
    },
  });
  const limit = { to: ['XBB', 'XCC'], releases: 1, per: 'P1D', then: 'hold' };
  const held = { name: 'relayed', to: ['XBB'], mode: ['relay'], approve: { by: 'release-authority' } };
  await node.apply({ comity: 'policy/1', rules: [held], limits: [limit] });
  const { sovereign } = node;
  const told = [{ peer: 'XBB' }];
  const refused = await refuseRelease(sovereign, { request: request.id, reason: 'Not yet', language: 'en' });
  expect(refused).toMatchObject({ record: { released: told }, notTold: [] });
  const until = formatTime(sovereign.now() + 3_600);
  const granted = await grantRelease(sovereign, { request: request.id, until, language: 'en' });
  expect(granted).toMatchObject({ record: { released: [{ peer: 'XBB' }, { peer: 'XCC' }] }, notTold: [] });
  const revoking = { grant: granted.record.id, reason: undefined, language: 'en' };
  expect(await revokeRelease(sovereign, revoking)).toMatchObject({
    record: { released: [{ peer: 'XBB' }, { peer: 'XCC' }] },
    notTold: [],
    notReached: ['XBB'],
    endsAt: until,
  });
});

const listed = {
  title: { en: 'Beacon' },
  stage: 'final',
  indicators: ['a', 'b'].map((id) => ({ id, type: 'domain', value: `${id}.example.org` })),
};

/** Paths of the two indicators: padding stands among them. */
function elementsOf({ parts }: View): [string, string] {
  const paths = parts.map(({ pathText }) => pathText).filter((path) => path.startsWith('indicators['));
  expect(paths).toHaveLength(2);
  return paths.sort(byPath) as [string, string];
}

/** Paths of the parts that a request or a grant names, of the record that it is about. */
async function pathsIn(consent: string): Promise<string[]> {
  const terms = termsIn((await findRecord(node.sovereign, consent)).view);
  const { view } = await findRecord(node.sovereign, terms?.record ?? '');
  return pathsOf(view, terms?.parts as readonly string[]);
}

test('whoever asks for a list asks for what stands in it', async () => {
  const about = await arrives({ type: 'incident', content: listed });
  const { record } = await askRelease(node.sovereign, {
    ...{ id: about.id, to: 'XCC', purpose: 'incident-response', parts: ['indicators', 'title'] },
    ...{ reason: 'The same beacon', language: 'en' },
  });
  const { view } = await findRecord(node.sovereign, about.id);
  expect(await pathsIn(record.id)).toEqual(['indicators', ...elementsOf(view), 'title']);
});

test('whoever grants a list grants what was asked for of what stands in it, and no more', async () => {
  const label = { classification: 'unclassified', releasableTo: ['XBB'] };
  const [about] = (await node.issue({ type: 'incident', label, content: listed })) as [RecordId];
  const { view } = await findRecord(node.sovereign, about);
  const [other, asked] = elementsOf(view);
  const asking = ['indicators', asked, 'title'];
  const request = await arrives({
    type: 'release-request',
    content: {
      ...{ record: about, thirdParty: 'XCC', purpose: 'incident-response', reason: { en: 'The same' } },
      parts: view.parts.filter(({ pathText }) => asking.includes(pathText)).map(({ digest }) => digest),
    },
  });
  const until = formatTime(node.sovereign.now() + 3_600);
  const grant = (...parts: string[]) =>
    grantRelease(node.sovereign, { request: request.id, until, language: 'en', parts });
  expect(await pathsIn((await grant('indicators')).record.id)).toEqual(['indicators', asked]);
  await expect(grant(other)).rejects.toMatchObject({ code: 'consent.not-asked' });
  await expect(grant('title', 'stage')).rejects.toMatchObject({ code: 'consent.not-asked' });
});
