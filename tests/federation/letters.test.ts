import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Canary, type Evidence, evidenceOf, found, textCanary } from './canary.ts';
import { comity, comityJson, type Outcome } from './command-line.ts';
import { until } from './deadline.ts';
import { applyPolicy, type FoundedState, foundStates, recognise } from './founding.ts';
import { NodeProcess } from './node-process.ts';
import { type ScratchDirectory, scratchDirectory } from './scratch-directory.ts';
import { signedAct } from './signed-act.ts';

// Arcadia (XAA) writes to officers of Borealis (XBB) about records that are marked TLP:RED. Borealis hands on to Caldera (XCC)
// and answers whatever it may.

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

const purpose = ['incident-response'];
const RULES = [
  { name: 'warn', to: ['XBB'], mode: ['push', 'query'] },
  { name: 'to-persons', to: ['XBB'], mode: ['letter'], purpose },
  {
    name: 'norms-with-approval',
    to: ['XBB'],
    mode: ['letter'],
    purpose: ['norm-verification'],
    approve: { by: 'release-authority' },
  },
];
const POLICY = { comity: 'policy/1', rules: RULES };
const HAND_ON = {
  comity: 'policy/1',
  rules: [{ name: 'all', to: ['XAA', 'XCC'], mode: ['push', 'query', 'relay'] }],
};

const CANARIES: readonly Canary[] = ['title', 'victim', 'note'].map((name) =>
  textCanary(name, `${name}-canary-6f1c0e`),
);
const DRAFT = {
  type: 'incident',
  label: { classification: 'restricted', tlp: 'RED', releasableTo: ['XBB'] },
  content: {
    title: { en: 'title-canary-6f1c0e' },
    stage: 'final',
    victim: { name: 'victim-canary-6f1c0e' },
  },
};

interface Listed {
  readonly letter: string;
  readonly from: string;
  readonly size: number;
  readonly openedAt: string | null;
}

let scratch: ScratchDirectory;
let states: [FoundedState, FoundedState, FoundedState];
let arcadia: NodeProcess;
let borealis: NodeProcess;
let caldera: NodeProcess;
/** Everything that Borealis and Caldera have answered and written in their logs. */
const said: Evidence[] = [];

const at = (state: FoundedState, ...args: readonly string[]): Promise<Outcome> =>
  comity(['--home', state.home, ...args]);
const jsonAt = <T = Record<string, unknown>>(state: FoundedState, ...args: readonly string[]): Promise<T> =>
  comityJson<T>(['--home', state.home, ...args]);

/** Calls an operation of Borealis or Caldera, and keeps what it answers. */
async function ask<T>(node: NodeProcess, operation: string, args: object = {}): Promise<T> {
  const answer = await node.call<T>(operation, args);
  said.push({ from: operation, bytes: Buffer.from(JSON.stringify(answer)) });
  return answer;
}

async function enrol(state: FoundedState, id: string, role = 'officer'): Promise<void> {
  const key = scratch.at(`${id}.key`);
  const named = ['officer', 'enrol', id, '--name', `Officer ${id}`, '--role', role];
  await jsonAt(state, ...named, '--key', key, '--first', '--yes');
}

/** Borealis certifies an officer, and Arcadia takes the certificate. */
async function introduce(id: string): Promise<void> {
  const [xaa, xbb] = states;
  await enrol(xbb, id);
  await jsonAt(xbb, 'officer', 'export', id, '-o', scratch.at(`${id}.officer`));
  await jsonAt(xaa, 'officer', 'import', scratch.at(`${id}.officer`));
}

async function issue(change: object = {}): Promise<string> {
  const { records } = await arcadia.call<{ records: { id: string }[] }>('record.issue', {
    drafts: [{ ...DRAFT, ...change }],
  });
  return records[0]?.id ?? '';
}

async function write(id: string, officer: string, more: object = {}): Promise<string> {
  const { letter } = await arcadia.call<{ letter: string }>('release.letter', {
    id,
    to: 'XBB',
    officer,
    purpose: 'incident-response',
    ...more,
  });
  return letter;
}

const inboxOf = async (officer: string): Promise<Listed[]> =>
  (await ask<{ letters: Listed[] }>(borealis, 'inbox.list', { officer })).letters;

const arrived = (officer: string, letter: string): Promise<Listed> =>
  until(`${letter.slice(0, 8)} has come`, async () =>
    (await inboxOf(officer)).find((each) => each.letter === letter),
  );

const read = (letter: string, key: string): Promise<Outcome> =>
  at(states[1], '--json', 'inbox', 'read', letter, '--key', scratch.at(`${key}.key`));

beforeAll(async () => {
  scratch = await scratchDirectory();
  states = await foundStates(scratch, ['XAA', 'XBB', 'XCC']);
  const [xaa, xbb, xcc] = states;
  arcadia = await NodeProcess.start(xaa.home);
  borealis = await NodeProcess.start(xbb.home);
  caldera = await NodeProcess.start(xcc.home);
  for (const state of [xbb, xcc]) await recognise(arcadia, state);
  for (const state of [xaa, xcc]) await recognise(borealis, state);
  for (const state of [xaa, xbb]) await recognise(caldera, state);
  for (const id of ['anna', 'bertil', 'carla']) await introduce(id);
  await applyPolicy(borealis, HAND_ON);
  await applyPolicy(arcadia, POLICY);
});

afterAll(async () => {
  for (const node of [arcadia, borealis, caldera]) await node?.[Symbol.asyncDispose]();
  await scratch?.[Symbol.asyncDispose]();
});

describe('a record that is for named persons alone', () => {
  let id: string;
  let letter: string;

  test('goes to no node, and as a letter to the officer who is named', async () => {
    const [xaa] = states;
    id = await issue();
    await writeFile(scratch.at('note.txt'), 'note-canary-6f1c0e\n');
    const to = ['--to', 'XBB:anna', '--purpose', 'incident-response', '--note', scratch.at('note.txt')];
    const would = await jsonAt(xaa, 'release', 'letter', id, ...to, '--dry-run');
    expect(would).toMatchObject({ letter: null, outcome: 'release', officer: { id: 'anna' } });
    expect(await inboxOf('anna')).toEqual([]);

    const written = await jsonAt<{ letter: string }>(xaa, 'release', 'letter', id, ...to, '--yes');
    letter = written.letter;
    expect(await arrived('anna', letter)).toMatchObject({ from: 'XAA', size: 4_096, openedAt: null });
    expect(await inboxOf('bertil')).toEqual([]);
    const { entries } = await ask<{ entries: object[] }>(borealis, 'release.ledger', {
      peer: 'XAA',
      direction: 'in',
    });
    expect(entries).toMatchObject([{ kind: 'letter', officer: 'anna', letter }]);
    expect(Object.keys(entries[0] ?? {}).sort()).toEqual(
      ['at', 'index', 'kind', 'letter', 'officer', 'receipted'].sort(),
    );
  });

  test('is read by this officer, with her key, and by nobody else', async () => {
    const { code, stdout } = await read(letter, 'anna');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      letter: { letter, from: 'XAA' },
      purpose: 'incident-response',
      note: 'note-canary-6f1c0e',
      record: { id, issuer: 'XAA', title: 'title-canary-6f1c0e' },
      parts: expect.arrayContaining([
        expect.objectContaining({ path: 'victim.name', value: 'victim-canary-6f1c0e' }),
      ]),
    });
    expect((await inboxOf('anna'))[0]?.openedAt).not.toBeNull();

    const byBertil = await read(letter, 'bertil');
    expect([byBertil.code, byBertil.stdout]).toEqual([2, expect.stringContaining('letter.not-found')]);
    // Who signs as her with another key is given nothing, and who opens it with another key sees nothing.
    const [hers, his] = await Promise.all(
      ['anna', 'bertil'].map((id) => readFile(scratch.at(`${id}.key`), 'utf8')),
    );
    const posing = his?.replace('officer bertil', 'officer anna') ?? '';
    await writeFile(scratch.at('posing.key'), posing, { mode: 0o600 });
    const byPosing = await read(letter, 'posing');
    expect([byPosing.code, byPosing.stdout]).toEqual([11, expect.stringContaining('approval.wrong-officer')]);
    const seal = /^seal .*$/m;
    const mixed = hers?.replace(seal, seal.exec(his ?? '')?.[0] ?? '') ?? '';
    await writeFile(scratch.at('false.key'), mixed, { mode: 0o600 });
    const byFalse = await read(letter, 'false');
    expect([byFalse.code, byFalse.stdout]).toEqual([11, expect.stringContaining('letter.not-opened')]);
  });

  test('is found by nothing and handed to nobody at her node', async () => {
    const refused = await borealis.call('record.show', { id }).catch((error: { code: string }) => error.code);
    expect(refused).toBe('record.not-found');
    expect(await ask(borealis, 'record.list')).toMatchObject({ records: [] });
    expect(await ask(borealis, 'record.find', { text: 'canary' })).toMatchObject({ records: [] });
    const asked = { peers: ['XBB'], purpose: 'incident-response', filter: { types: ['incident'] } };
    await until('Caldera can ask', async () => {
      const status = await ask<{ peers: { code: string; connection: string }[] }>(caldera, 'node.status');
      return status.peers.some(({ code, connection }) => code === 'XBB' && connection === 'connected');
    });
    expect(await ask(caldera, 'query.ask', asked)).toMatchObject({ answers: [{ peer: 'XBB', records: [] }] });
    expect(await ask(caldera, 'record.list')).toMatchObject({ records: [] });
    const { entries } = await ask<{ entries: object[] }>(borealis, 'release.ledger', { peer: 'XCC' });
    expect(entries).toEqual([]);
  });

  test('leaves no byte of it in stores, logs and answers of her node and of a third one', async () => {
    const [, xbb, xcc] = states;
    await borealis.stop();
    await caldera.stop();
    const output = [borealis, caldera].map((node) => ({ from: 'log', bytes: Buffer.from(node.output) }));
    const evidence = [...said, ...output, ...(await evidenceOf(xbb.home)), ...(await evidenceOf(xcc.home))];
    expect(found([textCanary('officer', 'anna')], evidence)).toEqual(['officer']);
    expect(found(CANARIES, evidence)).toEqual([]);
    expect(found([{ name: 'record id', bytes: Buffer.from(id, 'hex') }], evidence)).toEqual([]);
    caldera = await NodeProcess.start(xcc.home);
    borealis = await NodeProcess.start(xbb.home);
    // What was kept is there after a restart, and opens.
    expect((await read(letter, 'anna')).code).toBe(0);
  });

  test('can be dropped by its officer alone, and does not come again', async () => {
    const others = ['inbox', 'drop', letter, '--as', 'anna', '--key', scratch.at('bertil.key'), '--yes'];
    const refused = await comity(['--home', states[1].home, ...others]);
    expect(refused.stderr).toContain('[letter.not-found]');
    const unsigned = ask(borealis, 'inbox.drop', { officer: 'anna', letter });
    await expect(unsigned).rejects.toThrow();
    const act = await signedAct(scratch.at('bertil.key'), 'inbox.drop', letter);
    for (const operation of ['inbox.drop', 'inbox.take'])
      await expect(ask(borealis, operation, { officer: 'anna', letter, act })).rejects.toMatchObject({
        code: operation === 'inbox.drop' ? 'approval.wrong-officer' : 'act.wrong-subject',
      });
    await jsonAt(states[1], 'inbox', 'drop', letter, '--key', scratch.at('anna.key'), '--yes');
    expect(await inboxOf('anna')).toEqual([]);
    const { code, stdout } = await read(letter, 'anna');
    expect([code, stdout]).toEqual([2, expect.stringContaining('letter.not-found')]);
    const { letters } = await arcadia.call<{ letters: object[] }>('record.audience', { id });
    expect(letters).toMatchObject([{ letter, peer: 'XBB', officer: 'anna', recalled: false }]);
  });
});

test('a letter comes once and whole, whichever node ends before it is received', async () => {
  const [xaa, xbb] = states;
  const id = await issue();
  await borealis.stop();
  const letter = await write(id, 'anna');
  await arcadia.kill();
  arcadia = await NodeProcess.start(xaa.home);
  borealis = await NodeProcess.start(xbb.home);
  await arrived('anna', letter);
  await borealis.kill();
  borealis = await NodeProcess.start(xbb.home);
  expect(await inboxOf('anna')).toHaveLength(1);
  expect((await read(letter, 'anna')).code).toBe(0);
});

test('a part alone, of a record of which the rest is for the state', async () => {
  const id = await issue({
    label: { classification: 'restricted', tlp: 'RED', releasableTo: ['XBB'] },
    envelope: { tlp: 'AMBER' },
    labels: { title: { tlp: 'AMBER' } },
  });
  await until('the title has come', async () => {
    const { records } = await ask<{ records: { id: string }[] }>(borealis, 'record.list');
    return records.some((each) => each.id === id);
  });
  const { parts } = await ask<{ parts: { path: string }[] }>(borealis, 'record.show', { id });
  expect(parts.map(({ path }) => path)).toEqual(['title']);
  const letter = await write(id, 'bertil', { parts: ['victim'] });
  await arrived('bertil', letter);
  const shown = JSON.parse((await read(letter, 'bertil')).stdout) as { parts: { path: string }[] };
  expect(shown.parts.map(({ path }) => path)).toEqual(['victim', 'victim.name']);
  expect(await ask(borealis, 'record.show', { id })).toMatchObject({ parts: [{ path: 'title' }] });
});

describe('a letter is not written', () => {
  const refusal = (args: object): Promise<string> =>
    arcadia.call('release.letter', { to: 'XBB', purpose: 'incident-response', ...args }).then(
      () => 'written',
      (error: { code: string }) => error.code,
    );

  test('without a rule that permits letters, to somebody who is not known, or about parts that are not released', async () => {
    const id = await issue();
    expect(await refusal({ id, officer: 'anna', purpose: 'policy-making' })).toBe('letter.not-released');
    expect(await refusal({ id, officer: 'dora' })).toBe('officer.unknown');
    expect(await refusal({ id, officer: 'anna', parts: ['nothing'] })).toBe('record.no-such-part');
    const restricted = { classification: 'restricted' };
    const closed = await issue({
      label: { classification: 'secret', tlp: 'RED', releasableTo: ['XBB'] },
      envelope: restricted,
      labels: { title: restricted },
    });
    expect(await refusal({ id: closed, officer: 'anna', parts: ['victim'] })).toBe('letter.not-released');
    expect(await refusal({ id: closed, officer: 'anna', parts: ['title'] })).toBe('written');
  });

  test('before officers of the own state approve it, for this person', async () => {
    const [xaa] = states;
    await enrol(xaa, 'olga', 'release-authority');
    await enrol(xaa, 'petra', 'officer');
    const id = await issue();
    await jsonAt(xaa, 'record', 'claim', id, '--key', scratch.at('petra.key'));
    const toAnna = { id, officer: 'anna', purpose: 'norm-verification' };
    expect(await refusal(toAnna)).toBe('letter.not-released');
    const { pending } = await arcadia.call<{ pending: object[] }>('release.pending', { record: id });
    expect(pending).toMatchObject([{ mode: 'letter', addressee: 'anna', rule: 'norms-with-approval' }]);
    const approval = ['release', 'approve', id, '--key', scratch.at('olga.key'), '--yes'];
    expect(await jsonAt(xaa, ...approval)).toMatchObject({ stored: 1, released: [], waiting: 0 });
    // It waits for whoever writes it, and for nobody else: Bertil is another person.
    expect(await refusal({ ...toAnna, officer: 'bertil' })).toBe('letter.not-released');
    expect(await refusal(toAnna)).toBe('written');
  });
});

describe('a recall', () => {
  test('takes a letter back that nobody has read, and keeps it out', async () => {
    const id = await issue();
    const letter = await write(id, 'anna');
    await arrived('anna', letter);
    const { letters } = await arcadia.call<{ letters: object[] }>('release.recall', { id, reason: 'error' });
    expect(letters).toEqual([{ letter, peer: 'XBB', officer: 'anna' }]);
    await until('the letter is gone', async () =>
      (await inboxOf('anna')).every((each) => each.letter !== letter),
    );
    const { code, stdout } = await read(letter, 'anna');
    expect([code, stdout]).toEqual([2, expect.stringContaining('letter.not-found')]);
    await until('Borealis reports it', async () => {
      const { orders } = await arcadia.call<{
        orders: { record: string; peers: { status: string }[] }[];
      }>('release.orders', { record: letter });
      return orders.some(({ peers }) => peers.some(({ status }) => status === 'applied'));
    });
    const audience = await arcadia.call<{ letters: object[] }>('record.audience', { id });
    expect(audience.letters).toMatchObject([{ letter, recalled: true }]);
  });

  test('of one part takes the letters back that show it, and no others', async () => {
    const id = await issue();
    const both = await write(id, 'anna');
    const title = await write(id, 'anna', { parts: ['title'] });
    await arrived('anna', title);
    const recall = { id, parts: ['victim'], reason: 'safety' };
    const { letters } = await arcadia.call<{ letters: { letter: string }[] }>('release.recall', recall);
    expect(letters.map(({ letter }) => letter)).toEqual([both]);
    await until('one is gone', async () => (await inboxOf('anna')).every(({ letter }) => letter !== both));
    expect((await inboxOf('anna')).map(({ letter }) => letter)).toContain(title);
  });

  test('reaches a letter that has not been fetched: it never comes', async () => {
    const id = await issue();
    await borealis.stop();
    const letter = await write(id, 'anna');
    await arcadia.call('release.recall', { id, reason: 'error' });
    borealis = await NodeProcess.start(states[1].home);
    await until('the order is obeyed', async () => {
      const { orders } = await ask<{ orders: { state: string }[] }>(borealis, 'release.orders', {
        record: letter,
      });
      return orders.some(({ state }) => state === 'applied');
    });
    expect((await inboxOf('anna')).every((each) => each.letter !== letter)).toBe(true);
  });
});

describe('an officer who has ended', () => {
  test('at his own state gets nothing out of his inbox, and his letters are told of', async () => {
    const id = await issue();
    const letter = await write(id, 'bertil');
    await arrived('bertil', letter);
    await jsonAt(states[1], 'officer', 'end', 'bertil', '--yes');
    const { code, stdout } = await read(letter, 'bertil');
    expect([code, stdout]).toEqual([12, expect.stringContaining('officer.ended')]);
    const { undeliverableLetters } = await ask<{ undeliverableLetters: number }>(borealis, 'node.status');
    expect(undeliverableLetters).toBeGreaterThan(0);
    const listed = await ask<{ letters: { officer: string; letter: string }[] }>(
      borealis,
      'inbox.undeliverable',
    );
    expect(listed.letters).toHaveLength(undeliverableLetters);
    const [first] = listed.letters;
    const [dropped = '', officer = ''] = [first?.letter, first?.officer];
    const bySomebody = ['inbox', 'drop', dropped, '--as', officer, '--key', scratch.at('anna.key'), '--yes'];
    await jsonAt(states[1], ...bySomebody);
    const { letters } = await ask<{ letters: object[] }>(borealis, 'inbox.undeliverable');
    expect(letters).toHaveLength(undeliverableLetters - 1);
  });

  test('at the state that writes is written nothing more, and what was not fetched is kept back', async () => {
    const [xaa, xbb] = states;
    const id = await issue();
    await borealis.stop();
    const letter = await write(id, 'carla');
    await jsonAt(xaa, 'officer', 'end', 'carla', '--peer', 'XBB', '--yes');
    const again = write(id, 'carla');
    await expect(again).rejects.toMatchObject({ code: 'officer.ended' });
    borealis = await NodeProcess.start(xbb.home);
    await until('the entry is held', async () => {
      const { entries } = await ask<{ entries: { kind: string; letter?: string }[] }>(
        borealis,
        'release.ledger',
        { peer: 'XAA', direction: 'in' },
      );
      return entries.some((each) => each.letter === letter);
    });
    expect(await inboxOf('carla')).toEqual([]);
  });
});

test('a letter counts as a release: the one that reaches a limit goes, and the next waits', async () => {
  const id = await issue();
  const { entries } = await arcadia.call<{ entries: { kind: string }[] }>('release.ledger', { peer: 'XBB' });
  const given = entries.filter(({ kind }) => kind === 'release' || kind === 'letter').length;
  const limited = {
    ...POLICY,
    limits: [{ to: ['XBB'], releases: given + 1, per: 'P1D', then: 'hold' }],
  };
  await applyPolicy(arcadia, limited);
  await borealis.stop();
  const letter = await write(id, 'anna');
  await expect(write(id, 'anna')).rejects.toMatchObject({ code: 'letter.not-released' });
  // Under other rules it is decided again before it is handed over.
  await applyPolicy(arcadia, {
    ...limited,
    rules: [...RULES, { name: 'no-norms', to: ['XBB'], when: { type: 'norm' }, effect: 'forbid' }],
  });
  borealis = await NodeProcess.start(states[1].home);
  await arrived('anna', letter);
});
