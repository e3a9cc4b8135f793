import { signerFromSeed } from '@comity/ed25519';
import type { View } from '@comity/record';
import { describe, expect, test } from 'vitest';
import { type NormStatus, normStatus } from './index.ts';
import { commitment, day, idOf, norm, retraction, STATES, signWith } from './issued.test-support.ts';

signWith(signerFromSeed(new Uint8Array(32).fill(3)));

const [arcadia] = STATES;

function status(
  on: number,
  about: View,
  commitments: readonly View[],
  retractions: readonly View[] = [],
): NormStatus {
  return normStatus({ norm: about, commitments, retractions }, day(on));
}

/** State, standing and day since when, of each state. */
const standings = ({ states }: NormStatus) =>
  states.map(({ state, standing, sinceSeconds }) => [
    STATES.indexOf(state),
    standing,
    sinceSeconds === undefined ? undefined : (sinceSeconds - day(0)) / 86_400,
  ]);

describe('a treaty', () => {
  test('enters into force some days after the threshold, and binds later parties from their consent on', async () => {
    const about = await norm({ threshold: 2, delayDays: 90 });
    const said = [
      await commitment(about, { act: 'sign' }, { onDay: 1 }),
      await commitment(about, { act: 'ratify' }, { onDay: 10 }),
      await commitment(about, { act: 'accept' }, { by: 1, onDay: 20 }),
      await commitment(about, { act: 'accede' }, { by: 2, onDay: 200 }),
      await commitment(about, { act: 'sign' }, { by: 3, onDay: 5 }),
    ];
    expect(standings(status(9, about, said))).toEqual([
      [0, 'signed', 1],
      [3, 'signed', 5],
    ]);
    expect(status(19, about, said)).toMatchObject({ inForce: false });
    expect(status(19, about, said)).not.toHaveProperty('inForceFromSeconds');
    expect(status(20, about, said)).toMatchObject({ inForce: false, inForceFromSeconds: day(110) });
    expect(standings(status(109, about, said))).toEqual([
      [0, 'consented', 10],
      [1, 'consented', 20],
      [3, 'signed', 5],
    ]);
    expect(status(110, about, said).inForce).toBe(true);
    expect(standings(status(300, about, said))).toEqual([
      [0, 'bound', 110],
      [1, 'bound', 110],
      [2, 'bound', 200],
      [3, 'signed', 5],
    ]);
  });

  test('stays in force with fewer parties; who has withdrawn is bound until the notice is over', async () => {
    const about = await norm({ threshold: 2, noticePeriodDays: 30 });
    const left = await commitment(about, { act: 'withdraw' }, { onDay: 50 });
    const said = [
      await commitment(about, { act: 'approve' }),
      await commitment(about, { act: 'ratify' }, { by: 1, onDay: 1 }),
      left,
    ];
    expect(status(60, about, said).states[0]).toMatchObject({
      standing: 'bound',
      leavesAtSeconds: day(80),
      pending: [{ id: idOf(left), fromSeconds: day(80) }],
    });
    const after = status(80, about, said);
    expect(after).toMatchObject({ inForce: true, inForceFromSeconds: day(1) });
    expect(standings(after)).toEqual([
      [0, 'withdrawn', 80],
      [1, 'bound', 1],
    ]);
    const again = await commitment(about, { act: 'accede' }, { onDay: 90 });
    expect(standings(status(95, about, [...said, again]))).toEqual([
      [0, 'bound', 90],
      [1, 'bound', 1],
    ]);
  });

  test('a withdrawal may name a later day than the end of its notice, and no earlier one', async () => {
    const about = await norm({ threshold: 1, noticePeriodDays: 30 });
    const joined = await commitment(about, { act: 'ratify' });
    const leaving = async (effectiveOnDay: number) => {
      const left = await commitment(about, { act: 'withdraw', effectiveOnDay }, { onDay: 10 });
      return status(10, about, [joined, left]).states[0]?.leavesAtSeconds;
    };
    expect(await leaving(60)).toBe(day(60));
    expect(await leaving(5)).toBe(day(40));
  });

  test('consent in effect is not taken back by a record; before it takes effect it is', async () => {
    const about = await norm({ threshold: 1, noticePeriodDays: 365 });
    const joined = await commitment(
      about,
      { act: 'ratify', effectiveOnDay: 10 },
      { onDay: 1, expiresOnDay: 40 },
    );
    const early = await retraction(joined, 9);
    expect(status(20, about, [joined], [early])).toMatchObject({
      inForce: false,
      states: [],
      ignored: [{ id: idOf(joined), reason: 'retracted' }],
    });
    const late = await retraction(joined, 10);
    const found = status(20, about, [joined], [late]);
    expect(found).toMatchObject({ inForce: true, ignored: [] });
    expect(found.states).toMatchObject([
      { standing: 'bound', acts: [{ id: idOf(joined), ceased: 'retracted' }] },
    ]);
    expect(status(50, about, [joined]).states).toMatchObject([
      { standing: 'bound', acts: [{ ceased: 'expired' }] },
    ]);
    // A signature is no consent.
    const signed = await commitment(about, { act: 'sign' });
    expect(status(5, about, [signed], [await retraction(signed, 4)]).states).toEqual([]);
  });

  test('a withdrawal is revoked while its notice runs, and not after that', async () => {
    const about = await norm({ threshold: 1, noticePeriodDays: 30 });
    const joined = await commitment(about, { act: 'ratify' });
    const left = await commitment(about, { act: 'withdraw' }, { onDay: 10 });
    expect(standings(status(90, about, [joined, left], [await retraction(left, 39)]))).toEqual([
      [0, 'bound', 0],
    ]);
    expect(standings(status(90, about, [joined, left], [await retraction(left, 41)]))).toEqual([
      [0, 'withdrawn', 40],
    ]);
  });

  test('the threshold is looked at after everything of a time', async () => {
    const about = await norm({ threshold: 2 });
    const said = [
      await commitment(about, { act: 'ratify' }),
      await commitment(about, { act: 'withdraw' }, { onDay: 5 }),
      await commitment(about, { act: 'ratify' }, { by: 1, onDay: 5 }),
    ];
    expect(status(9, about, said)).toMatchObject({ inForce: false });
    const third = await commitment(about, { act: 'ratify' }, { by: 2, onDay: 7 });
    expect(status(9, about, [...said, third])).toMatchObject({ inForceFromSeconds: day(7) });
  });

  test('nobody has to consent where the threshold is 0; without one nothing is said', async () => {
    const none = await norm({ threshold: 0, delayDays: 2 }, { onDay: 1 });
    expect(status(0, none, [])).toMatchObject({ inForce: false });
    expect(status(2, none, [])).toMatchObject({ inForce: false, inForceFromSeconds: day(3) });
    const open = await norm();
    const found = status(9, open, [await commitment(open, { act: 'ratify' })]);
    expect(found).toMatchObject({ inForce: false, unknown: [] });
    expect(found).not.toHaveProperty('inForceFromSeconds');
  });

  test('reservations, interpretations and objections are listed with their provisions and change no consent', async () => {
    const about = await norm({ threshold: 1 });
    const said = [
      await commitment(about, { act: 'interpret', provisions: ['p2'] }, { onDay: 3 }),
      await commitment(about, { act: 'reserve', provisions: ['p1'] }, { onDay: 2 }),
      await commitment(about, { act: 'ratify' }, { onDay: 2 }),
      await commitment(about, { act: 'object', provisions: ['p1'] }, { by: 1, onDay: 4 }),
    ];
    const found = status(9, about, said);
    expect(standings(found)).toEqual([
      [0, 'bound', 2],
      [1, 'none', undefined],
    ]);
    expect(found.states.map(({ acts }) => acts.map(({ act, provisions }) => [act, provisions]))).toEqual([
      expect.arrayContaining([
        ['reserve', ['p1']],
        ['ratify', undefined],
        ['interpret', ['p2']],
      ]),
      [['object', ['p1']]],
    ]);
  });
});

test('what is issued in the name of a state says nothing about others', async () => {
  const about = await norm({ threshold: 3 });
  const said = [
    await commitment(about, { act: 'ratify' }),
    await commitment(about, { act: 'ratify' }, { onDay: 1 }),
  ];
  const found = status(9, about, said);
  expect(found.inForce).toBe(false);
  expect(found.states.map(({ state }) => state)).toEqual([arcadia]);
});
