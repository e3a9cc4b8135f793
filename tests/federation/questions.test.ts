import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { toHex } from '@comity/digest';
import { narrowView, type View } from '@comity/record';
import { Store, WriteSet } from '@comity/store';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { comity } from './command-line.ts';
import { itemOf, releaseOf } from './foreign-ledger.ts';
import { ForeignNode } from './foreign-node.ts';
import { type QuestionChange, questionOf } from './foreign-question.ts';
import { ForeignState, nowSeconds } from './foreign-state.ts';
import { applyPolicy, type FoundedState, foundStates, recognise } from './founding.ts';
import { NodeProcess } from './node-process.ts';
import { type ScratchDirectory, scratchDirectory } from './scratch-directory.ts';

// Arcadia (XAA) is asked by Borealis (XBB), whose node is in the hands of the test. Caldera (XCC) releases records to
// Arcadia, some of which may be handed on to Borealis.

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const PURPOSE = 'incident-response';
const POLICY = {
  comity: 'policy/1',
  rules: [
    { name: 'answer', to: ['XBB'], mode: ['query', 'relay'], purpose: [PURPOSE], when: { type: 'incident' } },
    { name: 'withdraw', to: ['XBB'], mode: ['query'], purpose: [PURPOSE], when: { type: 'retraction' } },
  ],
};
const OPEN = { classification: 'unclassified', tlp: 'CLEAR', releasableTo: ['XBB'] };
const CLOSED = { classification: 'confidential', tlp: 'CLEAR' };
const OWN = 12;
const FOREIGN = 11;
const HIDDEN = 9;

interface Asked {
  readonly records: readonly { readonly record: string; readonly disclosures: readonly string[] }[];
  readonly more: boolean;
}

/** What a question was answered with, byte by byte, or the code that it was refused with. */
async function askedBy(
  peer: ForeignNode,
  change: QuestionChange,
  question?: Uint8Array,
): Promise<Asked | string> {
  try {
    const bytes = question ?? (await questionOf(peer.state, peer.other.state, change));
    const { answers, more } = await peer.askToTheEnd(bytes);
    return {
      records: answers.map(({ record, disclosures }) => ({
        record: toHex(record),
        disclosures: disclosures.map(toHex),
      })),
      more,
    };
  } catch (error) {
    return String((error as { fields?: { peerCode?: string } }).fields?.peerCode ?? error);
  }
}

const answered = (asked: Asked | string): Asked => {
  if (typeof asked === 'string') expect.fail(asked);
  return asked;
};

const incident = (title: string, label: object = OPEN): object => ({
  type: 'incident',
  label,
  content: { title: { en: title }, summary: { en: `Summary of ${title}` }, stage: 'final' },
});

/** Its label lets Borealis have it; no rule of the policy does. */
const UNRULED = {
  type: 'norm',
  label: OPEN,
  content: {
    title: { en: 'hidden norm' },
    kind: 'voluntary',
    provisions: [{ id: 'p1', text: { en: 'hidden' } }],
    adoption: { en: 'hidden' },
  },
};

interface Issued {
  readonly records: readonly { readonly id: string }[];
}

interface Summary {
  readonly id: string;
  readonly issuedAt: string;
}

let scratch: ScratchDirectory;
let arcadia: FoundedState;
let twin: FoundedState;
let borealis: ForeignState;
let caldera: ForeignState;
/** Ids that Borealis may know of, newest first, and when each was issued. */
let visible: { readonly id: string; readonly issuedAtSeconds: number }[];
let foreignItems: ReturnType<typeof releaseOf>[];
let partly: View;

/** Where the answers go on after a visible record. */
const after = (place: number): { before: readonly [number, string] } => {
  const { issuedAtSeconds, id } = visible[place] as (typeof visible)[number];
  return { before: [issuedAtSeconds, id] };
};

async function withPeer<T>(
  state: ForeignState,
  under: FoundedState,
  act: (peer: ForeignNode) => Promise<T>,
): Promise<T> {
  await using peer = await (await ForeignNode.start(state, under)).live();
  return await act(peer);
}

const start = (state: FoundedState, changes: Record<string, string> = {}): Promise<NodeProcess> =>
  NodeProcess.start(state.home, { COMITY_QUERY_WORK_SECONDS_PER_MINUTE: '60', ...changes });

beforeAll(async () => {
  scratch = await scratchDirectory();
  arcadia = (await foundStates(scratch, ['XAA']))[0];
  borealis = await ForeignState.found('XBB');
  caldera = await ForeignState.found('XCC');
  await using node = await start(arcadia);
  for (const state of [borealis, caldera]) await recognise(node, state);
  await applyPolicy(node, POLICY);
  const own = await node.call<Issued>('record.issue', {
    drafts: Array.from({ length: OWN }, (_, index) => incident(`own ${index}`)),
  });
  const known = [borealis];
  const views = await Promise.all(
    Array.from({ length: FOREIGN }, (_, index) =>
      // Pairs of one second, so that the id decides.
      caldera.issue(incident(`foreign ${index}`), { atSeconds: nowSeconds() - 100 * (index >> 1), known }),
    ),
  );
  // Arcadia holds its title alone, and later also its summary, which is for Arcadia only.
  partly = await caldera.issue(
    { ...incident('partly'), label: CLOSED, envelope: OPEN, labels: { title: OPEN } },
    { atSeconds: nowSeconds() - 350, known },
  );
  const title = partly.parts.find(({ pathText }) => pathText === 'title');
  const narrowed = narrowView(partly, new Set([title?.digest ?? '']));
  foreignItems = [...views, narrowed].map(releaseOf);
  await withPeer(caldera, arcadia, async (peer) => {
    peer.ledger.append(...foreignItems);
    await node.logged('batch-accepted', ({ to }) => to === foreignItems.length);
  });
  const { records } = await node.call<{ records: Summary[] }>('record.list', { limit: 1_000 });
  const ids = new Set([
    ...own.records.map(({ id }) => id),
    ...[...views, partly].map(({ header }) => header.id),
  ]);
  visible = records
    .filter(({ id }) => ids.has(id))
    .map(({ id, issuedAt }) => ({ id, issuedAtSeconds: Date.parse(issuedAt) / 1_000 }))
    .sort((a, b) => b.issuedAtSeconds - a.issuedAtSeconds || (a.id < b.id ? 1 : -1));
  expect(visible).toHaveLength(OWN + FOREIGN + 1);
  expect(await node.stop()).toBe(0);
  const home = scratch.at('twin');
  await cp(arcadia.home, home, { recursive: true });
  twin = { ...arcadia, home };
});

afterAll(async () => {
  await scratch?.[Symbol.asyncDispose]();
});

/** Questions whose answers are to be the same at both nodes; a walk follows. */
const QUESTIONS: readonly (() => QuestionChange)[] = [
  () => ({}),
  () => ({ types: ['incident'] }),
  () => ({ types: ['incident', 'norm', 'retraction'] }),
  () => ({ types: ['norm'] }),
  () => ({ types: ['no such type', '\u0000'] }),
  () => ({ text: 'own' }),
  () => ({ text: 'Summary of' }),
  () => ({ text: 'hidden' }),
  () => ({ sinceSeconds: (visible[5]?.issuedAtSeconds ?? 0) - 1 }),
  () => ({ limit: 1 }),
  () => ({ limit: 5 }),
  () => ({ limit: 5, types: ['incident'], text: 'foreign' }),
  () => ({ limit: visible.length }),
  () => ({ limit: visible.length - 1 }),
  () => ({ ...after(3), limit: 2 }),
  () => ({ ...after(visible.length - 1) }),
  () => ({ ...after(visible.length - 3), limit: 2 }),
  () => ({ purpose: 'situational-awareness' }),
];

async function walk(peer: ForeignNode, limit: number): Promise<Asked[]> {
  const pages: Asked[] = [];
  let change: QuestionChange = { limit };
  for (;;) {
    const page = answered(await askedBy(peer, change));
    pages.push(page);
    if (!page.more) return pages;
    expect(page.records).toHaveLength(limit);
    const count = pages.reduce((sum, { records }) => sum + records.length, 0);
    change = { limit, ...after(count - 1) };
  }
}

async function everythingAskedBy(peer: ForeignNode): Promise<(Asked | string)[]> {
  const all: (Asked | string)[] = [];
  for (const change of QUESTIONS) all.push(await askedBy(peer, change()));
  return [...all, ...(await walk(peer, 7))];
}

describe('two nodes that differ only in what is withheld from whoever asks', () => {
  let plain: (Asked | string)[];
  let secretive: (Asked | string)[];
  let pages: readonly Asked[];

  beforeAll(async () => {
    {
      await using node = await start(arcadia);
      plain = await withPeer(borealis, arcadia, everythingAskedBy);
      pages = plain.slice(QUESTIONS.length) as Asked[];
      expect(await node.stop()).toBe(0);
    }
    await using node = await start(twin);
    const label = { ...OPEN, releasableTo: ['XCC'] };
    const known = [caldera];
    const hidden = await Promise.all(
      Array.from({ length: HIDDEN }, (_, index) =>
        // Before, between and after what is visible, the oldest of all among it.
        caldera.issue(incident(`hidden ${index}`, label), {
          atSeconds: nowSeconds() + 60 - 120 * index,
          known,
        }),
      ),
    );
    const whole = itemOf(partly.header.id, partly.bytes, [...partly.disclosures.values()]);
    await withPeer(caldera, twin, async (peer) => {
      peer.ledger.append(...foreignItems, ...hidden.map(releaseOf), whole);
      await node.logged('batch-accepted', ({ to }) => to === peer.ledger.size);
    });
    const { records } = await node.call<Issued>('record.issue', {
      drafts: [...Array.from({ length: 5 }, (_, index) => incident(`hidden own ${index}`, CLOSED)), UNRULED],
    });
    // By label and policy it is for Borealis; what it withdraws is not.
    const told = await node.call<{ told: unknown[] }>('record.retract', {
      id: records.at(-1)?.id,
      reason: 'hidden',
    });
    expect(told.told).toEqual([]);
    const held = await node.call<{ parts: unknown[] }>('record.show', { id: partly.header.id });
    expect(held.parts.length).toBeGreaterThan(1);
    secretive = await withPeer(borealis, twin, everythingAskedBy);
    expect(await node.stop()).toBe(0);
  });

  test('answer alike: records, parts, order, count, and whether there is more', () => {
    expect(secretive).toEqual(plain);
  });

  test('do answer', () => {
    const counts = plain.map((asked) => (typeof asked === 'string' ? asked : asked.records.length));
    const all = visible.length;
    expect(counts.slice(0, 8)).toEqual([all, all, all, 0, 0, OWN, all - 1, 0]);
    const more = plain.map((asked) => typeof asked !== 'string' && asked.more);
    expect(more.slice(9, 17)).toEqual([true, true, true, false, true, true, false, false]);
    expect(plain.at(17)).toBe('query.malformed');
  });

  test('give every record once, in their order, to whoever goes on after each answer', async () => {
    const records = pages.flatMap((page) => page.records.map(({ record }) => record));
    expect(records).toEqual(answered(plain[0] as Asked).records.map(({ record }) => record));
    expect(new Set(records).size).toBe(visible.length);
    expect(pages.map((page) => page.records.length)).toEqual([7, 7, 7, 3]);
  });
});

test('a question is answered once, and one that was refused for its cost is none that was answered', async () => {
  await using node = await start(arcadia, { COMITY_QUERY_WORK_SECONDS_PER_MINUTE: '1' });
  await withPeer(borealis, arcadia, async (peer) => {
    const question = await questionOf(borealis, peer.other.state);
    answered(await askedBy(peer, {}, question));
    expect(await askedBy(peer, {}, question)).toBe('query.replayed');
    // Each is charged 250 ms at least, of one second a minute.
    let refused: Uint8Array | undefined;
    let asked = 2;
    for (; refused === undefined && asked < 40; asked += 1) {
      const next = await questionOf(borealis, peer.other.state, { limit: 1 });
      const outcome = await askedBy(peer, {}, next);
      if (outcome === 'query.budget') refused = next;
      else answered(outcome);
    }
    expect(asked).toBeGreaterThan(2);
    expect(asked).toBeLessThan(40);
    // The others go on: a local user, the ledger of another peer and its questions.
    const label = { ...OPEN, releasableTo: ['XCC'] };
    const rule = { name: 'push', to: ['XCC'], mode: ['push', 'query'], purpose: [PURPOSE] };
    await applyPolicy(node, { ...POLICY, rules: [...POLICY.rules, rule] });
    await withPeer(caldera, arcadia, async (other) => {
      const flood = Array.from({ length: 200 }, async () =>
        askedBy(peer, {}, await questionOf(borealis, peer.other.state)),
      );
      await node.call('record.issue', { drafts: [incident('for Caldera', label)] });
      await other.holds(1);
      expect(answered(await askedBy(other, { text: 'for Caldera' })).records).toHaveLength(1);
      expect(await node.call('node.status')).toMatchObject({ running: true });
      const outcomes = await Promise.all(flood);
      expect(outcomes.filter((outcome) => outcome === 'query.budget').length).toBeGreaterThan(180);
      expect(
        outcomes.filter((outcome) => typeof outcome === 'string' && !/^query\.(budget|busy)$/.test(outcome)),
      ).toEqual([]);
    });
    // Forgiven by and by: the one that was refused is answered as one that was never asked.
    let last: Asked | string = 'query.budget';
    const deadlineMs = performance.now() + 60_000;
    while (last === 'query.budget' && performance.now() < deadlineMs) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      last = await askedBy(peer, {}, refused);
    }
    expect(answered(last).records).toHaveLength(1);
    expect(await askedBy(peer, {}, refused)).toMatch(/^query\.(replayed|budget)$/);
  });
  const refusals = node.log.filter(
    ({ event, code }) => event === 'question-refused' && code === 'query.budget',
  );
  expect(refusals.length).toBeGreaterThan(0);
  expect(node.log.map(({ event }) => event)).not.toContain('unexpected-error');
});

test('nothing leaves before the first time class ends, whether there are answers or none', async () => {
  await using node = await start(arcadia);
  await withPeer(borealis, arcadia, async (peer) => {
    for (const change of [{}, { text: 'hidden' }, { limit: 1 }]) {
      const question = await questionOf(borealis, peer.other.state, change);
      const sinceMs = performance.now();
      const coming = peer.exchange.ask(peer.other.state, question);
      let next = await coming.next();
      // No earlier: how much later depends on this machine.
      expect(performance.now() - sinceMs).toBeGreaterThanOrEqual(250);
      while (next.done !== true) next = await coming.next();
    }
  });
  expect(await node.stop()).toBe(0);
});

test('as many questions of a peer are kept as is configured, and none is forgotten while it could be sent again', async () => {
  const kept = { COMITY_QUERY_KEPT_QUESTIONS: '60' };
  let last: Uint8Array | undefined;
  {
    await using node = await start(arcadia, kept);
    await withPeer(borealis, arcadia, async (peer) => {
      for (let asked = 0; ; asked += 1) {
        expect(asked).toBeLessThanOrEqual(60);
        const question = await questionOf(borealis, peer.other.state, { text: 'no such text' });
        const outcome = await askedBy(peer, {}, question);
        if (outcome === 'query.budget') break;
        answered(outcome);
        last = question;
      }
      expect(await askedBy(peer, {}, last)).toBe('query.replayed');
    });
    expect(await node.stop()).toBe(0);
  }
  await using node = await start(arcadia, kept);
  await withPeer(borealis, arcadia, async (peer) => {
    expect(await askedBy(peer, {})).toBe('query.budget');
    expect(await askedBy(peer, {}, last)).toBe('query.replayed');
  });
  const { queries } = await node.call<{ queries: { direction: string; peer: string }[] }>('query.list', {
    limit: 1_000,
  });
  expect(queries.filter(({ direction, peer }) => direction === 'answered' && peer === 'XBB')).toHaveLength(
    60,
  );
});

test('of several questions at once one is answered, and the others are told to come later', async () => {
  await using node = await start(arcadia);
  await withPeer(borealis, arcadia, async (peer) => {
    const outcomes = await Promise.all(Array.from({ length: 12 }, () => askedBy(peer, {})));
    const codes = outcomes.map((outcome) => (typeof outcome === 'string' ? outcome : 'answered'));
    expect(new Set(codes)).toEqual(new Set(['answered', 'query.busy']));
    expect(answered(await askedBy(peer, {})).records).toHaveLength(visible.length);
  });
  expect(await node.stop()).toBe(0);
});

test('whoever stops early is answered again at once', async () => {
  await using node = await start(arcadia);
  await withPeer(borealis, arcadia, async (peer) => {
    for (let round = 0; round < 5; round += 1) {
      const question = await questionOf(borealis, peer.other.state);
      const coming = peer.exchange.ask(peer.other.state, question);
      expect((await coming.next()).done).toBe(false);
      await coming.return({ more: false });
      // Also what was cut off is answered once.
      expect(await askedBy(peer, {}, question)).toBe('query.replayed');
    }
    const never = peer.exchange.ask(peer.other.state, await questionOf(borealis, peer.other.state));
    await never.return({ more: false });
    expect(answered(await askedBy(peer, {})).records).toHaveLength(visible.length);
  });
  expect(await node.stop()).toBe(0);
  expect(node.log.map(({ event }) => event)).not.toContain('unexpected-error');
});

test('a record that no longer opens is left out of the answers, and told of in the log', async () => {
  const stranger = await ForeignState.found('XZZ');
  const { header, bytes, disclosures } = await stranger.issue(incident('of a stranger'), {
    known: [borealis],
  });
  {
    await using store = await Store.open(join(arcadia.home, 'store'));
    const source = { peer: null, receivedAtSeconds: nowSeconds(), ledgerIndex: null };
    await store.commit(
      new WriteSet().putRecord({ header, bytes, disclosures: [...disclosures.values()], source }),
    );
  }
  await using node = await start(arcadia);
  await withPeer(borealis, arcadia, async (peer) => {
    for (let round = 0; round < 2; round += 1) {
      const { records, more } = answered(await askedBy(peer, { limit: visible.length }));
      expect({ count: records.length, more }).toEqual({ count: visible.length, more: false });
    }
  });
  const lines = node.log.filter(({ event, record }) => event === 'record-unreadable' && record === header.id);
  expect(lines.map(({ code }) => code)).toEqual(['identity.unknown-key']);
  expect(await node.stop()).toBe(0);
});

test('a retraction answers those who were released what it withdraws', async () => {
  await using node = await start(arcadia);
  const { records } = await node.call<Issued>('record.issue', {
    drafts: [incident('to be withdrawn'), UNRULED],
  });
  await withPeer(borealis, arcadia, async (peer) => {
    answered(await askedBy(peer, { text: 'to be withdrawn' }));
    for (const { id } of records) await node.call('record.retract', { id, reason: 'Withdrawn' });
    const { records: answers } = answered(await askedBy(peer, { types: ['retraction'] }));
    expect(answers).toHaveLength(1);
    expect(answers[0]?.record).toContain(records[0]?.id);
  });
  expect(await node.stop()).toBe(0);
});

test('whoever is answered with a record that is withdrawn is told so, though the retraction comes before it', async () => {
  await using node = await start(arcadia);
  const push = {
    name: 'tell',
    to: ['XBB'],
    mode: ['push'],
    purpose: [PURPOSE],
    when: { type: 'retraction' },
  };
  await applyPolicy(node, { ...POLICY, rules: [...POLICY.rules, push] });
  const { records } = await node.call<Issued>('record.issue', { drafts: [incident('withdrawn before')] });
  const retraction = await node.call<Issued & { told: unknown[] }>('record.retract', {
    id: records[0]?.id,
    reason: 'Withdrawn',
  });
  expect(retraction.told).toEqual([]);
  await withPeer(borealis, arcadia, async (peer) => {
    expect(answered(await askedBy(peer, { text: 'withdrawn before' })).records).toHaveLength(1);
  });
  const { entries } = await node.call<{ entries: { record: string; mode: string }[] }>('release.ledger', {
    peer: 'XBB',
    direction: 'out',
    limit: 10_000,
  });
  expect(entries.slice(-2).map(({ record, mode }) => [record, mode])).toEqual([
    [records[0]?.id, 'query'],
    [retraction.records[0]?.id, 'push'],
  ]);
  await applyPolicy(node, POLICY);
  expect(await node.stop()).toBe(0);
});

test('the command line says that there is more, and goes on from there', async () => {
  await using node = await start(arcadia);
  const view = await caldera.issue(incident('the newest', { classification: 'unclassified', tlp: 'CLEAR' }));
  const position = `${view.header.issuedAtSeconds}-${view.header.id}`;
  const answer = { record: view.bytes, disclosures: [...view.disclosures.values()] };
  await using peer = await ForeignNode.start(caldera, arcadia, {
    hasMoreAnswers: true,
    answers: async function* () {
      yield answer;
    },
  });
  await peer.live();
  const ask = ['query', 'ask', 'XCC', '--purpose', PURPOSE, '--limit', '1', '--yes'];
  const at = (...args: string[]) => comity(['--home', arcadia.home, ...args]);
  const printed = await at(...ask);
  expect(printed.code).toBe(0);
  expect(printed.stdout).toContain(`--before ${position}`);
  expect(printed.stdout).toMatch(/^question [0-9a-f]{12} to XCC: logged here and at XCC$/m);
  const { stdout } = await at('--json', ...ask);
  expect(JSON.parse(stdout)).toMatchObject({ answers: [{ peer: 'XCC', more: true, next: position }] });
  // The peer answers the same once more: that does not come after it.
  const again = await at('--json', ...ask, '--before', position);
  expect(JSON.parse(again.stdout)).toMatchObject({
    answers: [{ code: 'query.answer-unasked', records: [], more: false, next: null }],
  });
  const mistyped = await at(...ask, '--before', 'yesterday');
  expect(mistyped.code).toBe(2);
  expect(await node.stop()).toBe(0);
});

test('a question that did not arrive is not said to be logged there, and none leaves for a suspended peer', async () => {
  await using node = await start(arcadia);
  const at = (...args: string[]) => comity(['--home', arcadia.home, ...args]);
  const ask = ['query', 'ask', 'XCC', '--purpose', PURPOSE, '--timeout', '1', '--yes'];
  const alone = await at(...ask);
  expect(alone.code).toBe(30);
  expect(alone.stdout).toMatch(/^question [0-9a-f]{12} to XCC: logged here$/m);

  const asked = async (): Promise<number> =>
    (await node.call<{ queries: unknown[] }>('query.list', { limit: 1_000 })).queries.length;
  const before = await asked();
  const sector = await at(...ask, '--sector', 'nosuch');
  expect(sector.code).toBe(2);
  expect(sector.stderr).toMatch(
    /no sector nosuch; there are energy, energy\/electricity, .*\[query\.malformed\]/,
  );

  await node.call('peer.suspend', { peer: 'XCC' });
  const suspended = await at(...ask, '--sector', 'energy/electricity');
  expect(suspended.code).toBe(31);
  expect(suspended.stdout).toContain('[peer.suspended]');
  expect(suspended.stdout).toContain('no question left for XCC');
  await expect(node.call('peer.test', { peer: 'XCC' })).rejects.toMatchObject({ code: 'peer.suspended' });
  expect(await asked()).toBe(before);
  expect(await node.stop()).toBe(0);
});
