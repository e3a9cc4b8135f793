import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { until } from './deadline.ts';
import { applyPolicy, foundStates, recognise } from './founding.ts';
import { NodeProcess } from './node-process.ts';
import { type ScratchDirectory, scratchDirectory } from './scratch-directory.ts';

// Arcadia (XAA) issues, Borealis (XBB) is handed it and hands it on to Caldera (XCC), which Arcadia does not know as a peer.
// What Arcadia takes back goes at both, and both say so.

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const INCIDENTS = { type: 'incident' };
const purpose = ['incident-response'];
const PUSH = {
  comity: 'policy/1',
  rules: [{ name: 'push', to: ['XBB'], mode: ['push'], purpose, when: INCIDENTS }],
};
const RELAY = {
  comity: 'policy/1',
  rules: [{ name: 'hand-on', to: ['XCC'], mode: ['relay'], purpose, when: INCIDENTS }],
};
const NO_RELAY = { comity: 'policy/1', rules: [{ ...RELAY.rules[0], to: ['XAA'] }] };

interface OrderStatus {
  readonly order: string;
  readonly kind: string;
  readonly record: string | null;
  readonly state: string;
  readonly refused: string | null;
  readonly peers: readonly {
    readonly peer: string;
    readonly status: string;
    readonly reason: string | null;
    readonly overdue: boolean;
  }[];
}

let scratch: ScratchDirectory;
let arcadia: NodeProcess;
let borealis: NodeProcess;
let caldera: NodeProcess;

beforeAll(async () => {
  scratch = await scratchDirectory();
  const [xaa, xbb, xcc] = await foundStates(scratch, ['XAA', 'XBB', 'XCC']);
  arcadia = await NodeProcess.start(xaa.home);
  borealis = await NodeProcess.start(xbb.home);
  caldera = await NodeProcess.start(xcc.home);
  await recognise(arcadia, xbb);
  await recognise(arcadia, xcc);
  for (const state of [xaa, xcc]) await recognise(borealis, state);
  await recognise(caldera, xbb);
  await recognise(caldera, xaa);
  // Caldera and Arcadia recognise each other for the keys alone: Arcadia pushes to Borealis only.
  await applyPolicy(borealis, RELAY);
  await applyPolicy(arcadia, PUSH);
});

afterAll(async () => {
  for (const node of [arcadia, borealis, caldera]) await node?.[Symbol.asyncDispose]();
  await scratch?.[Symbol.asyncDispose]();
});

const draftOf = (title: string): object => ({
  type: 'incident',
  label: { classification: 'unclassified', tlp: 'GREEN', releasableTo: ['XBB', 'XCC'] },
  content: { title: { en: title }, stage: 'final', victim: { name: 'Registry' } },
});

async function issue(title: string): Promise<string> {
  const { records } = await arcadia.call<{ records: { id: string }[] }>('record.issue', {
    drafts: [draftOf(title)],
    acceptRelay: true,
  });
  return records[0]?.id ?? '';
}

async function holds(node: NodeProcess, id: string): Promise<boolean> {
  try {
    await node.call('record.show', { id });
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === 'record.not-found') return false;
    throw error;
  }
}

const heldBy = (node: NodeProcess, id: string): Promise<unknown> =>
  until(`${id.slice(0, 8)} is held`, () => holds(node, id));

const ordersAt = async (node: NodeProcess, record: string): Promise<readonly OrderStatus[]> =>
  (await node.call<{ orders: OrderStatus[] }>('release.orders', { record })).orders;

const partsAt = async (node: NodeProcess, id: string): Promise<string[]> =>
  (await node.call<{ parts: { path: string }[] }>('record.show', { id })).parts.map(({ path }) => path);

interface Audience {
  readonly peers: readonly {
    readonly peer: string;
    readonly parts: readonly { readonly handed: { readonly erasedAt: string | null } | null }[];
  }[];
}

const shownAt = (node: NodeProcess, id: string) => node.call<object>('record.show', { id });

/** Waits until a peer's report about the order of a record has come. */
const reported = (node: NodeProcess, record: string, peer: string, status: string): Promise<unknown> =>
  until(`${peer} reports ${status}`, async () =>
    (await ordersAt(node, record)).some(({ peers }) =>
      peers.some((each) => each.peer === peer && each.status === status),
    ),
  );

test('a recall reaches whoever holds the record, by way of those who handed it on, and everybody reports', async () => {
  const id = await issue('to be taken back');
  await heldBy(borealis, id);
  await heldBy(caldera, id);

  const { order, told } = await arcadia.call<{ order: string; told: string[] }>('release.recall', {
    id,
    reason: 'error',
    note: 'The wrong registry was named.',
  });
  expect(told).toEqual(['XBB']);
  await reported(arcadia, id, 'XBB', 'applied');
  await reported(borealis, id, 'XCC', 'applied');
  expect(await holds(arcadia, id)).toBe(true);
  for (const node of [borealis, caldera]) {
    expect(await holds(node, id)).toBe(false);
    expect(await ordersAt(node, id)).toMatchObject([{ order, kind: 'recall', state: 'applied' }]);
  }

  // Whoever looks at it is told that it is taken back, and who has erased it.
  expect(await shownAt(arcadia, id)).toMatchObject({
    record: { status: 'recalled' },
    orders: [{ order, reason: 'error', note: 'The wrong registry was named.' }],
  });
  const audience = await arcadia.call<Audience>('record.audience', { id });
  const borealisHas = audience.peers.find(({ peer }) => peer === 'XBB')?.parts ?? [];
  expect(borealisHas.length).toBeGreaterThan(0);
  for (const { handed } of borealisHas) expect(handed?.erasedAt).toMatch(/^\d{4}-/);
  expect((await ordersAt(borealis, id))[0]).toMatchObject({ note: 'The wrong registry was named.' });
  const { orders } = await arcadia.call<{ orders: object[] }>('release.orders', { only: 'open' });
  expect(orders).toEqual([]);
  const { records } = await arcadia.call<{ records: object[] }>('record.list', {
    status: 'recalled',
    limit: 1,
  });
  expect(records).toMatchObject([{ id, status: 'recalled' }]);

  // It does not come back: not by relaying again, not by the ledger again.
  await applyPolicy(borealis, NO_RELAY);
  await applyPolicy(borealis, RELAY);
  const later = await issue('issued afterwards');
  await heldBy(caldera, later);
  for (const node of [borealis, caldera]) expect(await holds(node, id)).toBe(false);

  await expect(arcadia.call('release.recall', { id, reason: 'error' })).rejects.toMatchObject({
    code: 'order.recalled-already',
  });
});

test('parts are taken back, and the rest stays and verifies', async () => {
  const id = await issue('one part too many');
  await heldBy(caldera, id);
  expect(await partsAt(caldera, id)).toContain('victim.name');
  const { parts } = await arcadia.call<{ parts: string[] }>('release.recall', {
    id,
    parts: ['victim'],
    reason: 'safety',
  });
  expect(parts.toSorted()).toEqual(['victim', 'victim.name']);
  await reported(arcadia, id, 'XBB', 'applied');
  await reported(borealis, id, 'XCC', 'applied');
  for (const node of [borealis, caldera]) {
    expect(await partsAt(node, id)).not.toContain('victim');
    expect(await partsAt(node, id)).toContain('title');
    expect(await node.call('record.verify', { id })).toMatchObject({ verdict: 'VALID' });
  }
  expect(await partsAt(arcadia, id)).toContain('victim.name');
  for (const node of [arcadia, borealis])
    expect(await shownAt(node, id)).toMatchObject({
      record: { status: 'narrowed' },
      orders: [{ kind: 'narrow', reason: 'safety' }],
    });
});

test('a record that must be kept is kept: the order is acknowledged, then refused with a reason, and shown to nobody', async () => {
  const id = await issue('evidence');
  await heldBy(caldera, id);
  await caldera.call('record.retain', { id, because: 'Proceedings 12/2026' });
  await arcadia.call('release.recall', { id, reason: 'superseded' });
  await reported(arcadia, id, 'XBB', 'applied');
  await reported(borealis, id, 'XCC', 'acknowledged');
  expect(await holds(caldera, id)).toBe(true);
  expect(await shownAt(caldera, id)).toMatchObject({
    record: { status: 'recalled' },
    retainedBecause: 'Proceedings 12/2026',
    orders: [{ kind: 'recall', state: 'acknowledged' }],
  });
  expect(await caldera.call('node.status', {})).toMatchObject({ orders: { waiting: 1 } });
  expect(await borealis.call('node.status', {})).toMatchObject({ orders: { open: 1, overdue: 0 } });
  const [order] = await ordersAt(caldera, id);
  // What is decided about is told before, and nothing is decided by that.
  expect(await caldera.call('release.comply', { order: order?.order ?? '', dryRun: true })).toMatchObject({
    ...{ outcome: null, parts: [], about: { id, type: 'incident', status: 'recalled' } },
  });
  await caldera.call('release.comply', { order: order?.order ?? '', refuse: 'evidence' });
  await reported(borealis, id, 'XCC', 'refused');
  const [status] = await ordersAt(borealis, id);
  expect(status?.peers).toMatchObject([{ peer: 'XCC', status: 'refused', reason: 'evidence' }]);
  await expect(
    caldera.call('release.comply', { order: order?.order ?? '', refuse: 'evidence' }),
  ).rejects.toMatchObject({ code: 'order.decided' });
  // The proceedings are over: now it is obeyed, and whoever gave the order is told.
  await caldera.call('record.retain', { id, because: 'They are over', end: true });
  await caldera.call('release.comply', { order: order?.order ?? '' });
  await reported(borealis, id, 'XCC', 'applied');
  expect(await holds(caldera, id)).toBe(false);
  await expect(caldera.call('release.comply', { order: order?.order ?? '' })).rejects.toMatchObject({
    code: 'order.decided',
  });
});

test('a state that is barred is handed nothing more of the records of the one that barred it, by nobody', async () => {
  const before = await issue('before the bar');
  await heldBy(caldera, before);
  await arcadia.call('peer.suspend', { peer: 'XCC', everywhere: true });
  await until('Borealis obeys', async () =>
    (await borealis.call<{ orders: OrderStatus[] }>('release.orders', {})).orders.some(
      ({ kind, state }) => kind === 'bar' && state === 'applied',
    ),
  );
  const barred = await issue('after the bar');
  await heldBy(borealis, barred);
  const later = await issue('and one more');
  await heldBy(borealis, later);
  expect(await borealis.call('policy.explain', { record: barred, peer: 'XCC' })).toMatchObject({
    outcome: 'withhold',
  });
  expect(await holds(caldera, barred)).toBe(false);

  await arcadia.call('peer.suspend', { peer: 'XCC', resume: true, everywhere: true });
  await heldBy(caldera, barred);

  // Who is removed is barred at every node that has heard of it.
  expect(await arcadia.call('peer.remove', { peer: 'XCC', everywhere: true })).toMatchObject({
    told: ['XBB'],
  });
  await until('Borealis has heard of it', async () => {
    const asked = { record: barred, peer: 'XCC' };
    return (await borealis.call<{ outcome: string }>('policy.explain', asked)).outcome === 'withhold';
  });
});
