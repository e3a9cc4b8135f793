import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { formatTime } from '../operations/shapes.ts';
import { ScratchNode, type ScratchPeer } from '../scratch-node.test-support.ts';
import { watchClarifications } from './clarification-watch.ts';
import { listClarifications } from './clarifications.ts';

const DAY_SECONDS = 86_400;

let node: ScratchNode;
let atSeconds: number;
beforeEach(async () => {
  // Keys are certified from the time of the machine on.
  atSeconds = Math.floor(Date.now() / 1_000) + 60;
  node = await ScratchNode.found(['XBB'], () => atSeconds);
});
afterEach(() => node[Symbol.asyncDispose]());

const clarification = (to: string, content: object) => ({
  type: 'clarification',
  label: { classification: 'unclassified', tlp: 'GREEN', releasableTo: [to] },
  content: { to, ...content },
});
const asks = (to: string, text: string, replyBy: string) =>
  clarification(to, { kind: 'question', text: { en: text }, replyBy });

test('questions show who waits for whom and until when; an acknowledgement ends no waiting, an answer does', async () => {
  const start = atSeconds;
  const inDays = (days: number) => formatTime(start + days * DAY_SECONDS);
  const borealis = node.peers[0] as ScratchPeer;
  const [own = ''] = await node.issue(asks('XBB', 'Ours?', inDays(5)));
  const { header } = await node.receive(borealis, asks('XAA', 'Theirs?', inDays(3)));
  const listAt = (days: number) => listClarifications(node.sovereign, start + days * DAY_SECONDS);
  expect(await listAt(4)).toMatchObject([
    { id: header.id, issuer: 'XBB', to: 'XAA', text: 'Theirs?', waitsFor: 'this-state', overdue: true },
    { id: own, issuer: 'XAA', to: 'XBB', text: 'Ours?', status: 'open', waitsFor: 'peer', overdue: false },
  ]);
  atSeconds = start + DAY_SECONDS;
  await node.receive(borealis, clarification('XAA', { kind: 'acknowledgement', inReplyTo: own }));
  const decline = clarification('XBB', { kind: 'decline', inReplyTo: header.id, reason: 'defence' });
  const [declined = ''] = await node.issue(decline);
  expect(await listAt(6)).toMatchObject([
    {
      id: own,
      status: 'acknowledged',
      since: inDays(1),
      waitsFor: 'peer',
      replyBy: inDays(5),
      overdue: true,
    },
    {
      ...{ id: header.id, status: 'declined', waitsFor: null, overdue: false, late: false },
      reply: { id: declined, kind: 'decline', reason: 'defence', text: null },
    },
  ]);
  atSeconds = start + 6 * DAY_SECONDS;
  const answer = { kind: 'answer', inReplyTo: own, text: { en: 'It is.' } };
  await node.receive(borealis, clarification('XAA', answer));
  expect(await listAt(6)).toMatchObject([
    { id: own, status: 'answered', late: true, reply: { kind: 'answer', text: 'It is.', reason: null } },
    { id: header.id },
  ]);
  // What ends a reply is found by the reply.
  atSeconds = start + 7 * DAY_SECONDS;
  const { label } = clarification('XBB', {});
  await node.issue({
    ...{ type: 'retraction', label, retracts: declined },
    content: { reason: { en: 'By mistake' }, requestedAction: 'none' },
  });
  expect(await listAt(8)).toMatchObject([
    { id: header.id, status: 'open', waitsFor: 'this-state', overdue: true, reply: null },
    { id: own, status: 'answered' },
  ]);
});

test('people are told of a question when it comes, of a reply, before the time for one and after', async () => {
  const start = atSeconds;
  const inDays = (days: number) => formatTime(start + days * DAY_SECONDS);
  const borealis = node.peers[0] as ScratchPeer;
  const [own = ''] = await node.issue(asks('XBB', 'Ours?', inDays(5)));
  const told: string[] = [];
  node.sovereign.events.on((event, fields) => {
    if (event.startsWith('clarification-')) told.push(`${event} ${JSON.stringify(fields)}`);
  });
  /** Waits for these, in whatever order two looks told them, and for nothing else. */
  const heard = async (...expected: readonly (readonly [string, object])[]): Promise<void> => {
    const lines = expected.map(([event, fields]) => `${event} ${JSON.stringify(fields)}`);
    await vi.waitFor(() => expect(told.toSorted()).toEqual(lines.toSorted()), { timeout: 50_000 });
    told.length = 0;
  };
  const stopping = new AbortController();
  const looked = Promise.withResolvers<void>();
  const watching = watchClarifications(node.sovereign, stopping.signal, looked.resolve).catch(
    (error: unknown) => {
      if (!stopping.signal.aborted) throw error;
    },
  );
  try {
    await looked.promise;
    const { header } = await node.receive(borealis, asks('XAA', 'Theirs?', inDays(3)));
    const theirs = { question: header.id, peer: 'XBB', replyBy: inDays(3) };
    await heard(['clarification-asked', theirs]);
    atSeconds = start + 3 * DAY_SECONDS - 1_800;
    await node.receive(borealis, clarification('XAA', { kind: 'acknowledgement', inReplyTo: own }));
    await heard(
      ['clarification-replied', { question: own, peer: 'XBB', status: 'acknowledged' }],
      ['clarification-due', { ...theirs, minutesLeft: 30 }],
    );
    atSeconds = start + 6 * DAY_SECONDS;
    await node.issue(clarification('XBB', { kind: 'acknowledgement', inReplyTo: header.id }));
    await heard(
      ['clarification-overdue', { ...theirs, waitsFor: 'this-state' }],
      ['clarification-overdue', { question: own, peer: 'XBB', replyBy: inDays(5), waitsFor: 'peer' }],
    );
  } finally {
    stopping.abort();
    await watching;
  }
}, 60_000);
