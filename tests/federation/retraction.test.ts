import { expect, test } from 'vitest';
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
