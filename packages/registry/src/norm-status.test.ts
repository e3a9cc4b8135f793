import { signerFromSeed } from '@comity/ed25519';
import { narrowView, type View } from '@comity/record';
import { describe, expect, test } from 'vitest';
import { type NormRecords, type NormStatus, normStatus } from './index.ts';
import {
  commitment,
  day,
  idOf,
  issued,
  norm,
  retraction,
  STATES,
  signWith,
  without,
} from './issued.test-support.ts';

signWith(signerFromSeed(new Uint8Array(32).fill(3)));

const [arcadia, borealis] = STATES;

/** Status on a day. */
function status(
  on: number,
  about: View,
  commitments: readonly View[],
  retractions: readonly View[] = [],
): NormStatus {
  const records: NormRecords = { norm: about, commitments, retractions };
  return normStatus(records, day(on));
}

const stateOf = ({ states }: NormStatus, id: string | undefined) => states.find(({ state }) => state === id);
const actsOf = (found: NormStatus, id: string | undefined) => stateOf(found, id)?.acts.map(({ act }) => act);
const reasons = ({ ignored }: NormStatus) => ignored.map(({ reason }) => reason).sort();

describe('a voluntary norm', () => {
  test('is endorsed; positions and variances stand beside that, with provisions and legal basis', async () => {
    const about = await norm({ kind: 'voluntary' });
    const endorsed = await commitment(about, { act: 'endorse' }, { onDay: 3 });
    const varied = await commitment(
      about,
      { act: 'declared-variance', provisions: ['p2', 'p1', 'p2'], legalBasis: 'Constitution, article 12' },
      { onDay: 2 },
    );
    const position = await commitment(about, { act: 'national-position' }, { by: 1, onDay: 2 });
    const found = status(10, about, [endorsed, varied, position]);
    expect(found).toMatchObject({ id: idOf(about), kind: 'voluntary', unknown: [], ignored: [] });
    expect(found).not.toHaveProperty('inForce');
    expect(found.states).toEqual([
      {
        state: arcadia,
        standing: 'endorsed',
        sinceSeconds: day(3),
        acts: [
          {
            ...{ id: idOf(varied), issuer: arcadia, act: 'declared-variance', unknown: [] },
            ...{ issuedAtSeconds: day(2), fromSeconds: day(2), provisions: ['p1', 'p2'] },
            legalBasis: new Map([['en', 'Constitution, article 12']]),
          },
          {
            ...{ id: idOf(endorsed), issuer: arcadia, act: 'endorse', unknown: [] },
            ...{ issuedAtSeconds: day(3), fromSeconds: day(3) },
          },
        ],
        pending: [],
      },
      expect.objectContaining({ state: borealis, standing: 'none' }),
    ]);
  });

  test('a variance whose legal basis is missing does not count; one whose legal basis is withheld does', async () => {
    const about = await norm({ kind: 'voluntary' });
    const bare = await commitment(about, { act: 'declared-variance' });
    const withheld = without(
      await commitment(about, { act: 'declared-variance', legalBasis: 'x' }, { by: 1 }),
      'legalBasis',
    );
    const found = status(1, about, [bare, withheld]);
    expect(found.ignored).toEqual([{ id: idOf(bare), reason: 'no-legal-basis' }]);
    expect(stateOf(found, borealis)?.acts).toMatchObject([
      { act: 'declared-variance', unknown: ['provisions', 'legalBasis', 'effectiveAt'] },
    ]);
  });

  test('an endorsement ends with its record: retracted, superseded or expired', async () => {
    const about = await norm({ kind: 'voluntary' });
    const first = await commitment(about, { act: 'endorse' }, { onDay: 1 });
    const gone = await retraction(first, 5);
    expect(status(4, about, [first], [gone])).toMatchObject({
      states: [{ standing: 'endorsed' }],
      ignored: [{ id: idOf(gone), reason: 'issued-later' }],
    });
    expect(status(5, about, [first], [gone])).toMatchObject({
      states: [],
      ignored: [{ id: idOf(first), reason: 'retracted' }],
    });
    const next = await commitment(
      about,
      { act: 'endorse', provisions: ['p1'] },
      { onDay: 7, supersedes: [first] },
    );
    expect(status(8, about, [next, first])).toMatchObject({
      states: [{ sinceSeconds: day(7), acts: [{ id: idOf(next) }] }],
      ignored: [{ id: idOf(first), reason: 'superseded' }],
    });
    const until = await commitment(about, { act: 'endorse' }, { onDay: 1, expiresOnDay: 9 });
    expect(status(8, about, [until]).states).toHaveLength(1);
    expect(reasons(status(9, about, [until]))).toEqual(['expired']);
  });

  test('a link of another state, of an exercise or of the future takes nothing away', async () => {
    const about = await norm({ kind: 'voluntary' });
    const first = await commitment(about, { act: 'endorse' }, { onDay: 1 });
    const foreign = await retraction(first, 2, { by: 1 });
    const played = await retraction(first, 2, { exercise: 'winter' });
    const found = status(9, about, [first], [foreign, played, await retraction(first, 10)]);
    expect(stateOf(found, arcadia)?.standing).toBe('endorsed');
    expect(reasons(found)).toEqual(['issued-later', 'other-exercise']);
  });
});

describe('what is about a norm', () => {
  test('names its id, or its subject; an id means no other version', async () => {
    const [first, second] = [await norm(), await norm({}, { onDay: 1 })];
    const byId = await commitment(first, { act: 'sign' });
    const bySubject = await commitment('norm/treaty', { act: 'sign' }, { by: 1 });
    const elsewhere = await commitment('norm/other', { act: 'sign' }, { by: 2 });
    expect(status(9, first, [byId, bySubject, elsewhere]).states.map(({ state }) => state)).toEqual([
      arcadia,
      borealis,
    ]);
    const found = status(9, second, [byId, bySubject, elsewhere]);
    expect(found.states.map(({ state }) => state)).toEqual([borealis]);
    expect(reasons(found)).toEqual(['other-norm', 'other-norm']);
  });

  test('is of its kind, of the same exercise, and names provisions that it has', async () => {
    const about = await norm();
    const made = (fields: Parameters<typeof commitment>[1], options = {}) =>
      commitment(about, fields, options);
    const partly = await made({ act: 'reserve', provisions: ['p9', 'p1', 'p8'] }, { by: 1 });
    const nowhere = await made({ act: 'reserve', provisions: ['p9'] }, { by: 2 });
    const found = status(9, about, [
      await made({ act: 'endorse' }),
      await made({ act: 'sign' }, { exercise: 'winter' }),
      await made({ act: 'sign' }, { onDay: 10 }),
      await issued('incident', {}),
      partly,
      nowhere,
    ]);
    expect(reasons(found)).toEqual([
      'issued-later',
      'no-such-provision',
      'no-such-provision',
      'other-exercise',
      'other-kind',
      'other-type',
    ]);
    expect(found.ignored).toContainEqual({
      id: idOf(partly),
      reason: 'no-such-provision',
      provisions: ['p8', 'p9'],
    });
    expect(found.ignored).toContainEqual({
      id: idOf(nowhere),
      reason: 'no-such-provision',
      provisions: ['p9'],
    });
    expect(found.states).toMatchObject([
      { state: borealis, standing: 'none', acts: [{ provisions: ['p1'] }] },
    ]);
  });

  test('what is withheld is named, and is neither nothing nor a default', async () => {
    const full = await norm({ threshold: 1, noticePeriodDays: 30 });
    const ratified = await commitment(full, { act: 'ratify', effectiveOnDay: 5, provisions: ['p9'] });
    const bare = without(full, 'provisions', 'entryIntoForce', 'noticePeriodDays');
    const found = status(9, bare, [without(ratified, 'effectiveAt')]);
    expect(found.unknown).toEqual(['provisions', 'entryIntoForce', 'noticePeriodDays']);
    // Of the provisions of the norm none is known: p9 may be one.
    expect(stateOf(found, arcadia)).toMatchObject({
      standing: 'consented',
      sinceSeconds: day(0),
      acts: [{ provisions: ['p9'], unknown: ['legalBasis', 'effectiveAt'] }],
    });
    expect(found.inForce).toBe(false);
    expect(found).not.toHaveProperty('inForceFromSeconds');
    expect(status(9, without(full, 'kind'), [ratified])).toMatchObject({
      unknown: ['kind', 'provisions'],
      states: [],
      ignored: [{ reason: 'kind-unknown' }],
    });
    for (const field of ['act', 'norm']) {
      expect(reasons(status(9, full, [without(ratified, field)]))).toEqual(['withheld']);
    }
  });

  test('a provision that is withheld, or that nobody can read, may be the one that is named', async () => {
    const full = await norm({ kind: 'voluntary' });
    const named = await commitment(full, { act: 'endorse', provisions: ['p2', 'p9'] });
    const shown = full.parts.filter(
      ({ path, value }) => path.length === 1 || (value as Map<string, string>).get('id') === 'p1',
    );
    const partly = narrowView(full, new Set(shown.map(({ digest }) => digest)));
    const found = status(1, partly, [named]);
    expect(found.unknown).toEqual(['provisions']);
    expect(stateOf(found, arcadia)?.acts).toMatchObject([{ provisions: ['p2', 'p9'] }]);
    const strange = await issued('norm', {
      kind: 'voluntary',
      provisions: [new Map([['id', 'p1']]) as never],
    });
    expect(status(1, strange, []).unknown).toEqual(['provisions']);
    expect(status(1, await issued('norm', { kind: 'voluntary', provisions: 'none' }), []).unknown).toEqual([
      'provisions',
    ]);
  });

  test('a norm that has ceased says so; what states have said about it stays', async () => {
    const about = await norm();
    const signed = await commitment(about, { act: 'sign' });
    const next = await norm({}, { onDay: 5, supersedes: [about] });
    const found = status(6, about, [signed, next]);
    expect(found).toMatchObject({ ceased: 'superseded', states: [{ standing: 'signed' }] });
    expect(reasons(found)).toEqual(['other-type']);
    expect(status(6, about, [signed], [await retraction(about, 4)])).toMatchObject({ ceased: 'retracted' });
    expect(status(4, about, [signed, next])).not.toHaveProperty('ceased');
  });
});

test('several views of a record count as one that shows everything', async () => {
  const about = await norm({ kind: 'voluntary' });
  const varied = await commitment(about, { act: 'declared-variance', legalBasis: 'x', provisions: ['p1'] });
  const views = [without(varied, 'act'), without(varied, 'norm', 'legalBasis')];
  expect(status(1, about, [views[0] as View]).states).toEqual([]);
  expect(actsOf(status(1, about, views), arcadia)).toEqual(['declared-variance']);
  // A view of the norm shows what it shows in whatever list it came.
  const bare = without(about, 'kind');
  expect(status(1, bare, [varied])).not.toHaveProperty('kind');
  expect(status(1, bare, [varied, about])).toMatchObject({
    kind: 'voluntary',
    unknown: [],
    states: [{ state: arcadia }],
  });
  expect(status(1, bare, [varied], [about])).toMatchObject({
    kind: 'voluntary',
    ignored: [{ reason: 'other-type' }],
  });
});
