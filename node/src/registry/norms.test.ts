import { afterEach, beforeEach, expect, test } from 'vitest';
import { formatTime } from '../operations/shapes.ts';
import { ScratchNode, type ScratchPeer } from '../scratch-node.test-support.ts';
import { listNorms, showNorm } from './norms.ts';

const DAY_SECONDS = 86_400;
const text = (en: string) => ({ en });

let node: ScratchNode;
let atSeconds: number;
beforeEach(async () => {
  // Keys are certified from the time of the machine on.
  atSeconds = Math.floor(Date.now() / 1_000) + 60;
  node = await ScratchNode.found(['XBB', 'XCC'], () => atSeconds);
});
afterEach(() => node[Symbol.asyncDispose]());

const label = { classification: 'unclassified', tlp: 'CLEAR', releasableTo: ['XBB', 'XCC'] };
const theirLabel = { classification: 'unclassified', tlp: 'CLEAR', releasableTo: ['XAA'] };
const [borealis, caldera] = [() => node.peers[0] as ScratchPeer, () => node.peers[1] as ScratchPeer];

const norm = (kind: string, more: object = {}) => ({
  ...{ type: 'norm', subject: 'hospitals', label },
  content: {
    ...{ title: text('Hospitals are no target'), kind },
    provisions: ['p-1', 'p-2'].map((id) => ({ id, text: text(`Provision ${id}`) })),
    ...more,
  },
});
const act = (word: string, more: object = {}) => ({
  ...{ type: 'commitment', label: theirLabel },
  content: { norm: 'norm/hospitals', act: word, ...more },
});

/** What a peer does about the norm, a day later. */
async function says(peer: ScratchPeer, word: string, more: object = {}): Promise<string> {
  atSeconds += DAY_SECONDS;
  const { header } = await node.receive(peer, act(word, more));
  return header.id;
}

test('a voluntary norm has no parties, and a declared variance is a difference', async () => {
  const [id = ''] = await node.issue(norm('voluntary'));
  await node.issue({ ...act('endorse'), label });
  await says(borealis(), 'endorse');
  await says(borealis(), 'declared-variance', {
    ...{ provisions: ['p-2'], legalBasis: text('Health Act, section 3') },
  });
  expect(await listNorms(node.sovereign, atSeconds)).toMatchObject([
    { id, kind: 'voluntary', inForce: null, states: { endorsed: 2 }, own: 'endorsed', ceased: null },
  ]);
  const shown = await showNorm(node.sovereign, 'norm/hospitals', { atSeconds, between: ['XBB', 'XAA'] });
  expect(shown.between).toMatchObject({
    treaty: null,
    voluntary: [
      { provision: 'p-1', stands: 'shared' },
      { provision: 'p-2', stands: 'difference' },
    ],
  });
  const differing = shown.between?.voluntary?.[1]?.stances.find(({ state }) => state === 'XBB');
  expect(differing).toMatchObject({ variances: [{ legalBasis: 'Health Act, section 3' }] });
  const withCaldera = await showNorm(node.sovereign, id.slice(0, 12), { atSeconds, between: ['XBB', 'XCC'] });
  expect(withCaldera.between?.voluntary).toMatchObject([{ stands: 'one-sided' }, { stands: 'one-sided' }]);
});

test('a treaty binds two states as a reservation that nobody objects to modifies it, twelve months later', async () => {
  await node.issue(norm('treaty', { entryIntoForce: { threshold: 2, delayDays: 0 } }));
  const reservation = await says(borealis(), 'reserve', {
    provisions: ['p-2'],
    statement: text('Not at night'),
  });
  await says(borealis(), 'ratify');
  const before = atSeconds;
  await says(caldera(), 'accede');
  const between = ['XBB', 'XCC'];
  const early = await showNorm(node.sovereign, 'norm/hospitals', { atSeconds: before, between });
  expect(early.between?.treaty).toMatchObject({ relation: 'not-in-force' });
  const now = await showNorm(node.sovereign, 'norm/hospitals', { atSeconds, between });
  expect(now).toMatchObject({
    inForce: true,
    inForceFrom: formatTime(atSeconds),
    states: { bound: 2 },
    own: 'none',
  });
  expect(now.between?.treaty).toMatchObject({ relation: 'bound' });
  expect(now.between?.treaty?.provisions).toMatchObject([
    { provision: 'p-1', binds: 'applies' },
    { provision: 'p-2', binds: 'open', reservations: [{ id: reservation, state: 'XBB', outcome: 'open' }] },
  ]);
  const laterSeconds = atSeconds + 400 * DAY_SECONDS;
  const later = await showNorm(node.sovereign, 'norm/hospitals', { atSeconds: laterSeconds, between });
  expect(later.between?.treaty?.provisions).toMatchObject([
    { binds: 'applies' },
    { binds: 'modified', reservations: [{ outcome: 'accepted' }] },
  ]);
});

test('a norm that another supersedes has ceased, and what is no norm is not shown as one', async () => {
  const [first = ''] = await node.issue(norm('voluntary'));
  atSeconds += 1;
  const [second = ''] = await node.issue({ ...norm('voluntary'), supersedes: [first] });
  expect(await listNorms(node.sovereign, atSeconds)).toMatchObject([
    { id: second, ceased: null },
    { id: first, ceased: 'superseded' },
  ]);
  const shown = await showNorm(node.sovereign, 'norm/hospitals', { atSeconds });
  expect(shown).toMatchObject({ id: second, ignored: [], standings: [], between: null });
  expect(shown.provisions.map(({ id }) => id)).toEqual(['p-1', 'p-2']);
  const superseded = await showNorm(node.sovereign, first, { atSeconds });
  expect(superseded).toMatchObject({ ceased: 'superseded', ignored: [] });
  const [other = ''] = await node.issue({ ...act('endorse'), label });
  for (const named of [other, 'norm/schools', 'hospitals/norm', 'ff'.repeat(32)]) {
    const refused = showNorm(node.sovereign, named, { atSeconds });
    await expect(refused, named).rejects.toMatchObject({ code: 'record.not-found' });
  }
});
