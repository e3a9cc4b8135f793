import { contentToJson, parseDraft } from '@comity/record';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { draftContext } from '../issue.ts';
import { ScratchNode, type ScratchPeer } from '../scratch-node.test-support.ts';
import { draftOf } from './amend.ts';
import { findRecord } from './find-record.ts';

let node: ScratchNode;
beforeEach(async () => {
  node = await ScratchNode.found(['XBB', 'XCC']);
});
afterEach(() => node[Symbol.asyncDispose]());

const incident = {
  type: 'incident',
  subject: 'outage-1',
  label: { classification: 'restricted', tlp: 'AMBER', releasableTo: ['XBB'], pap: 'AMBER' },
  envelope: { classification: 'unclassified', tlp: 'GREEN' },
  labels: {
    title: { classification: 'unclassified', releasableTo: ['XBB', 'XCC'] },
    victim: { tlp: 'GREEN', pap: null },
    'victim.name': { tlp: 'AMBER' },
    'indicators[1]': { tlp: 'GREEN', releasableTo: ['XBB', 'XCC'] },
  },
  content: {
    title: { en: 'Outage', fr: 'Panne' },
    stage: 'notification',
    detectedAt: '2026-11-24T10:30:00Z',
    severity: { scale: 'us-nciss', value: 'high' },
    victim: { name: 'Registry One', country: 'XAA' },
    indicators: ['a', 'b', 'c'].map((id) => ({ id, type: 'domain', value: `${id}.example.org` })),
  },
};

/** What a draft says: of each part its content and its label. Elements of a list have no order: a record hides it. */
async function saidIn(draft: unknown): Promise<unknown> {
  const parsed = parseDraft(draft, await draftContext(node.sovereign));
  return JSON.parse(JSON.stringify(parsed, (_key, value: unknown) => plain(value)));
}

function plain(value: unknown): unknown {
  if (value instanceof Map) return contentToJson(value);
  if (!Array.isArray(value)) return value;
  const idOf = (element: { content?: { value?: unknown } }) => {
    const inner = element.content?.value;
    return inner instanceof Map ? String(inner.get('id')) : '';
  };
  return value.toSorted((one, other) => idOf(one).localeCompare(idOf(other)));
}

test('the draft that amends a record says under the same labels what the record says', async () => {
  const [id = ''] = await node.issue(incident);
  const draft = await draftOf(node.sovereign, id.slice(0, 12));
  expect(draft).toMatchObject({ type: 'incident', subject: 'outage-1', label: incident.label });
  expect(await saidIn(draft)).toEqual(await saidIn({ ...incident, supersedes: [id] }));
  const [successor = ''] = await node.issue(draft);
  const { view } = await findRecord(node.sovereign, successor);
  expect(view.header).toMatchObject({ supersedes: [id], subject: 'incident/outage-1' });
});

test('states are named by their codes', async () => {
  const content = {
    ...{ title: { en: 'A notice in time' }, parties: ['XAA', 'XBB'], stage: 'filed' },
    issues: [{ id: 'q-1', text: { en: 'Who is told?' } }],
  };
  const label = { classification: 'restricted', tlp: 'AMBER+STRICT', releasableTo: ['XBB'] };
  const [id = ''] = await node.issue({ type: 'dispute', label, content });
  const draft = await draftOf(node.sovereign, id);
  const { parties } = draft.content as { parties: string[] };
  expect({ ...draft, content: { ...content, parties: parties.toSorted() } }).toMatchObject({
    content,
    label,
  });
  expect(draft).not.toHaveProperty('envelope');
  expect(draft).not.toHaveProperty('labels');
});

test('a record of another state is not amended here', async () => {
  const { header } = await node.receive(node.peers[0] as ScratchPeer, {
    type: 'notice',
    label: { classification: 'unclassified', tlp: 'CLEAR', releasableTo: ['XAA'] },
    content: { title: { en: 'x' }, text: { en: 'x' } },
  });
  await expect(draftOf(node.sovereign, header.id)).rejects.toMatchObject({ code: 'record.not-own' });
  await expect(draftOf(node.sovereign, 'ab'.repeat(8))).rejects.toMatchObject({ code: 'record.not-found' });
});
