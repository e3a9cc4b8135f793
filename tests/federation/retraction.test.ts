import { join } from 'node:path';
import { decodeStateCard } from '@comity/identity';
import type { StateId } from '@comity/label';
import { Store, TABLES, WriteSet } from '@comity/store';
import { expect, test } from 'vitest';
import { comity } from './command-line.ts';
import { ForeignState } from './foreign-state.ts';
import { applyPolicy, foundStates, recognise } from './founding.ts';
import { NodeProcess } from './node-process.ts';
import { scratchDirectory } from './scratch-directory.ts';

const POLICY = {
  comity: 'policy/1',
  rules: [
    {
      name: 'energy',
      to: ['XBB'],
      mode: ['push'],
      purpose: ['incident-response'],
      when: { type: 'incident', sector: ['energy'] },
      profile: 'originator-full',
    },
    {
      name: 'retractions',
      to: ['XBB'],
      mode: ['push'],
      purpose: ['incident-response'],
      when: { type: 'retraction' },
    },
  ],
};

function incident(sector: string): object {
  return {
    type: 'incident',
    label: { classification: 'unclassified', releasableTo: ['XBB'] },
    content: {
      title: { en: `An incident of ${sector}` },
      stage: 'final',
      classification: { rsitClass: 'availability' },
      sectors: [sector],
    },
  };
}

/** For this state alone. */
const OWN = { ...incident('energy'), label: { classification: 'unclassified' } };

interface Issued {
  readonly told: readonly string[];
  readonly records: readonly {
    readonly id: string;
    readonly released: readonly { readonly peer: string }[];
  }[];
}

test('a retraction reaches those who were released the record, and tells nobody else of it', async () => {
  await using scratch = await scratchDirectory();
  const [xaa, xbb] = await foundStates(scratch, ['XAA', 'XBB']);
  if (xaa === undefined || xbb === undefined) throw new Error('two states are founded');
  await using arcadia = await NodeProcess.start(xaa.home);
  await recognise(arcadia, xbb);
  await applyPolicy(arcadia, POLICY);
  const { records } = await arcadia.call<Issued>('record.issue', {
    drafts: [incident('energy'), incident('space')],
  });
  const [told, hidden] = records;
  expect(told?.released.map(({ peer }) => peer)).toEqual(['XBB']);
  expect(hidden?.released).toEqual([]);

  // Asked first, nothing is issued; then it is issued as was said.
  for (const dryRun of [true, false]) {
    const retraction = await arcadia.call<Issued>('record.retract', {
      id: hidden?.id,
      reason: 'A reason that names it',
      dryRun,
    });
    expect(retraction.told).toEqual([]);
    expect(retraction.records).toHaveLength(dryRun ? 0 : 1);
  }
  expect((await arcadia.call<Issued>('record.retract', { id: told?.id, reason: 'Withdrawn' })).told).toEqual([
    'XBB',
  ]);
  const { size } = await arcadia.call<{ size: number }>('release.ledger', { peer: 'XBB' });
  expect(size).toBe(2);

  // Nor does a later look at everything release it.
  await applyPolicy(arcadia, {
    ...POLICY,
    rules: [...POLICY.rules, { name: 'norms', to: ['XBB'], when: { type: 'norm' } }],
  });
  expect((await arcadia.call<{ size: number }>('release.ledger', { peer: 'XBB' })).size).toBe(2);

  await expect(arcadia.call('record.retract', { id: told?.id, reason: 'Again' })).rejects.toMatchObject({
    code: 'record.retracted-already',
  });
}, 110_000);

test('a policy that releases a withdrawn record releases its retraction with it', async () => {
  await using scratch = await scratchDirectory();
  const [xaa] = await foundStates(scratch, ['XAA']);
  if (xaa === undefined) throw new Error('a state is founded');
  await using arcadia = await NodeProcess.start(xaa.home);
  await recognise(arcadia, await ForeignState.found('XBB'));
  const { records } = await arcadia.call<Issued>('record.issue', { drafts: [incident('energy')] });
  await arcadia.call<Issued>('record.retract', { id: records[0]?.id, reason: 'Withdrawn' });
  await applyPolicy(arcadia, POLICY);
  expect((await arcadia.call<{ size: number }>('release.ledger', { peer: 'XBB' })).size).toBe(2);
}, 110_000);

test('the retraction of a record of an exercise is a record of that exercise, and there is one', async () => {
  await using scratch = await scratchDirectory();
  const [xaa] = await foundStates(scratch, ['XAA']);
  await using arcadia = await NodeProcess.start(xaa.home);
  const { records } = await arcadia.call<Issued>('record.issue', {
    drafts: [{ ...OWN, exercise: 'cyber-europe-2026' }],
  });
  const id = records[0]?.id;
  const retraction = await arcadia.call<Issued>('record.retract', { id, reason: 'Played' });
  const retractionId = retraction.records[0]?.id ?? '';
  expect(await arcadia.call('record.show', { id: retractionId })).toMatchObject({
    record: { type: 'retraction', exercise: 'cyber-europe-2026' },
    retracts: id,
  });
  expect(await arcadia.call('record.show', { id })).toMatchObject({
    record: { status: 'retracted' },
    retractedBy: [retractionId],
  });
  expect(await arcadia.call('record.list')).toMatchObject({ records: [] });
  await expect(arcadia.call('record.retract', { id, reason: 'Again' })).rejects.toMatchObject({
    code: 'record.retracted-already',
  });
}, 110_000);

test('of several who retract a record at once, one does', async () => {
  await using scratch = await scratchDirectory();
  const [xaa] = await foundStates(scratch, ['XAA']);
  await using arcadia = await NodeProcess.start(xaa.home);
  const { records } = await arcadia.call<Issued>('record.issue', { drafts: [OWN] });
  const id = records[0]?.id ?? '';
  const outcomes = await Promise.all(
    ['One', 'Two', 'Three'].map((reason) =>
      arcadia.call<Issued>('record.retract', { id, reason }).then(
        () => 'retracted',
        ({ code }: { code: string }) => code,
      ),
    ),
  );
  expect(outcomes.toSorted()).toEqual(['record.retracted-already', 'record.retracted-already', 'retracted']);
  const { retractedBy } = await arcadia.call<{ retractedBy: string[] }>('record.show', { id });
  expect(retractedBy).toHaveLength(1);
}, 110_000);

test('a holder of which what is stored is refused is said not to be told, until its card is renewed', async () => {
  await using scratch = await scratchDirectory();
  const [xaa] = await foundStates(scratch, ['XAA']);
  const borealis = await ForeignState.found('XBB');
  let id = '';
  {
    await using arcadia = await NodeProcess.start(xaa.home);
    await recognise(arcadia, borealis);
    await applyPolicy(arcadia, POLICY);
    const { records } = await arcadia.call<Issued>('record.issue', { drafts: [incident('energy')] });
    id = records[0]?.id ?? '';
    await arcadia.stop();
  }
  await loseCharter(xaa.home, decodeStateCard(xaa.card).charter.state, borealis.state);

  await using arcadia = await NodeProcess.start(xaa.home);
  expect(
    await arcadia.call<Issued>('record.retract', { id, reason: 'Withdrawn', dryRun: true }),
  ).toMatchObject({ told: [], notTold: [{ peer: 'XBB', reason: 'faulty' }] });
  const retract = ['record', 'retract', id, '--reason', 'Withdrawn', '--yes'];
  const { code, stdout } = await comity(['--home', xaa.home, ...retract]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^XBB WILL NOT BE TOLD, .*: faulty \(.*'peer add CARD --renew'.*\)$/m);
  // The record, and now its retraction: what the message says to do has that effect.
  await recognise(arcadia, borealis, { renew: true, isConfirmed: true });
  expect((await arcadia.call<{ size: number }>('release.ledger', { peer: 'XBB' })).size).toBe(2);
}, 110_000);

/** Takes the charter of a peer out of the store of a node that is not running. */
async function loseCharter(home: string, state: StateId, peer: StateId): Promise<void> {
  const store = await Store.open(join(home, 'store'), { state });
  const set = new WriteSet();
  for (const { key } of await store.list(TABLES.documents, [peer, 'charter']))
    set.delete(TABLES.documents, key);
  await store.commit(set);
  await store.close();
}
