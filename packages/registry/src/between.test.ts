import { signerFromSeed } from '@comity/ed25519';
import type { StateId } from '@comity/label';
import type { View } from '@comity/record';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Between, whatBinds } from './index.ts';
import { commitment, day, idOf, norm, retraction, STATES, signWith, without } from './issued.test-support.ts';

signWith(signerFromSeed(new Uint8Array(32).fill(3)));

const [arcadia, borealis] = STATES as [StateId, StateId];
/** Day 0 is in a year of 365 days. */
const YEAR = 365;

let about: View;
/** Arcadia and Borealis consent on day 10, and the treaty is in force. */
let joined: readonly View[];

beforeAll(async () => {
  about = await norm({ threshold: 2 });
  joined = [await by(0, 'ratify', 10), await by(1, 'accede', 10)];
});

type Fields = Omit<Parameters<typeof commitment>[1], 'act'>;
type Options = Parameters<typeof commitment>[2];

const by = (state: number, act: string, onDay: number, fields: Fields = {}, options: Options = {}) =>
  commitment(about, { act, ...fields }, { by: state, onDay, ...options });

function between(on: number, commitments: readonly View[], retractions: readonly View[] = []): Between {
  return whatBinds({ norm: about, commitments, retractions }, arcadia, borealis, day(on));
}

/** Of each provision what binds, and the outcome of each reservation. */
const rows = ({ treaty }: Between) =>
  treaty?.provisions.map(({ provision, binds, reservations }) => [
    provision,
    binds,
    ...reservations.map(({ outcome }) => outcome),
  ]);

describe('two states and a treaty', () => {
  test('what stands before it is in force, without a threshold, and while only one is bound', async () => {
    const one = [joined[0] as View];
    expect(between(9, joined).treaty).toMatchObject({ relation: 'not-in-force' });
    expect(between(11, one).treaty).toMatchObject({ relation: 'not-in-force' });
    expect(rows(between(11, one))).toEqual([
      ['p1', 'nothing'],
      ['p2', 'nothing'],
    ]);
    const third = await by(2, 'ratify', 20);
    const found = between(21, [...one, third]);
    expect(found.treaty).toMatchObject({ relation: 'not-both-bound' });
    expect(found.states).toEqual([
      { state: arcadia, standing: 'bound', sinceSeconds: day(20) },
      { state: borealis, standing: 'none' },
    ]);
    const open = await norm();
    const said = [await commitment(open, { act: 'ratify' })];
    expect(
      whatBinds({ norm: open, commitments: said, retractions: [] }, arcadia, borealis, day(1)).treaty,
    ).toMatchObject({ relation: 'entry-not-stated' });
  });

  test('a reservation is open for twelve months and then accepted by silence, from one day to the next', async () => {
    const reserved = await by(0, 'reserve', 10, { provisions: ['p1'] });
    const said = [...joined, reserved];
    expect(rows(between(10 + YEAR - 1, said))).toEqual([
      ['p1', 'open', 'open'],
      ['p2', 'applies'],
    ]);
    const after = between(10 + YEAR, said);
    expect(after.treaty).toMatchObject({ relation: 'bound', sinceSeconds: day(10) });
    expect(after.treaty?.provisions[0]).toEqual({
      provision: 'p1',
      binds: 'modified',
      reservations: [
        {
          id: idOf(reserved),
          state: arcadia,
          outcome: 'accepted',
          sinceSeconds: day(10 + YEAR),
          objections: [],
          tooLate: [],
        },
      ],
      interpretations: [],
    });
    expect(after.unknown).toEqual([]);
  });

  test('who consents later than the twelve months may object until then, and is silent from then on', async () => {
    const first = await norm({ threshold: 1 });
    const late = 10 + 2 * YEAR;
    const reserved = await commitment(first, { act: 'reserve' }, { onDay: 10 });
    const parties = [
      await commitment(first, { act: 'ratify' }, { onDay: 10 }),
      await commitment(first, { act: 'accede' }, { by: 1, onDay: late }),
    ];
    const object = (onDay: number) =>
      commitment(first, { act: 'object', toReservation: reserved }, { by: 1, onDay });
    const outcome = async (...objections: readonly View[]) => {
      const commitments = [...parties, reserved, ...objections];
      const found = whatBinds(
        { norm: first, commitments, retractions: [] },
        arcadia,
        borealis,
        day(late + 5),
      );
      return found.treaty?.provisions[0]?.reservations[0];
    };
    expect(await outcome()).toMatchObject({ outcome: 'accepted', sinceSeconds: day(late) });
    expect(await outcome(await object(late))).toMatchObject({ outcome: 'objected' });
    const missed = await object(late + 1);
    expect(await outcome(missed)).toMatchObject({ outcome: 'accepted', tooLate: [idOf(missed)] });
  });

  test('an objection takes out the provision to the extent of the reservation, and no treaty relation', async () => {
    const reserved = await by(0, 'reserve', 10, { provisions: ['p1', 'p2'] });
    const objected = await by(1, 'object', 50, { provisions: ['p1'], toReservation: reserved });
    const said = [...joined, reserved, objected];
    const found = between(10 + YEAR, said);
    expect(found.treaty).toMatchObject({ relation: 'bound', opposedBy: [], aboutNoReservation: [] });
    expect(rows(found)).toEqual([
      ['p1', 'excluded', 'objected'],
      ['p2', 'modified', 'accepted'],
    ]);
    expect(found.treaty?.provisions[0]?.reservations[0]?.objections).toEqual([idOf(objected)]);
    // It is withdrawn, and the reservation accepted by the silence that is left.
    const gone = await retraction(objected, 60);
    expect(rows(between(10 + YEAR, said, [gone]))?.[0]).toEqual(['p1', 'modified', 'accepted']);
    // The reservation is withdrawn, and the objection has nothing left to be about.
    const full = between(70, said, [await retraction(reserved, 60)]);
    expect(rows(full)).toEqual([
      ['p1', 'applies'],
      ['p2', 'applies'],
    ]);
    expect(full.treaty?.aboutNoReservation).toEqual([idOf(objected)]);
  });

  test('an objection after the twelve months changes nothing and is named', async () => {
    const reserved = await by(0, 'reserve', 10, { provisions: ['p1'] });
    const inTime = await by(1, 'object', 9 + YEAR, { toReservation: reserved });
    const tooLate = await by(1, 'object', 10 + YEAR, { toReservation: reserved, opposesEntry: true });
    expect(rows(between(500, [...joined, reserved, inTime]))?.[0]).toEqual(['p1', 'excluded', 'objected']);
    const found = between(500, [...joined, reserved, tooLate]);
    expect(found.treaty?.provisions[0]?.reservations[0]).toMatchObject({
      outcome: 'accepted',
      tooLate: [idOf(tooLate)],
    });
  });

  test('an objection may keep the treaty from entering into force between the two, and between them alone', async () => {
    const reserved = await by(0, 'reserve', 10, { provisions: ['p1'] });
    const objected = await by(1, 'object', 20, { toReservation: reserved, opposesEntry: true });
    const third = await by(2, 'ratify', 15);
    const said = [...joined, reserved, objected, third];
    const found = between(30, said);
    expect(found.treaty).toMatchObject({ relation: 'entry-opposed', opposedBy: [idOf(objected)] });
    expect(rows(found)).toEqual([
      ['p1', 'nothing'],
      ['p2', 'nothing'],
    ]);
    const others = whatBinds(
      { norm: about, commitments: said, retractions: [] },
      arcadia,
      STATES[2] as StateId,
      day(30),
    );
    expect(others.treaty).toMatchObject({ relation: 'bound' });
    expect(rows(others)?.[0]).toEqual(['p1', 'open', 'open']);
  });

  test('a reservation made at signature has to be confirmed by the consent', async () => {
    const signed = await by(0, 'sign', 1);
    const reserved = await by(0, 'reserve', 1, { provisions: ['p1'] });
    const early = await by(1, 'object', 3, { toReservation: reserved });
    const plain = [signed, reserved, ...joined];
    expect(rows(between(20, plain))?.[0]).toEqual(['p1', 'applies', 'unconfirmed']);
    const confirming = await by(0, 'ratify', 10, { confirms: [reserved] });
    const confirmed = [signed, reserved, confirming, joined[1] as View];
    // The twelve months run from the confirmation.
    expect(rows(between(9 + YEAR, confirmed))?.[0]).toEqual(['p1', 'open', 'open']);
    expect(rows(between(10 + YEAR, confirmed))?.[0]).toEqual(['p1', 'modified', 'accepted']);
    // An objection from before the confirmation needs none.
    expect(rows(between(20, [...confirmed, early]))?.[0]).toEqual(['p1', 'excluded', 'objected']);
    // Who has not signed has nothing to confirm.
    expect(rows(between(20, [reserved, ...joined]))?.[0]).toEqual(['p1', 'open', 'open']);
  });

  test('a reservation after the consent waits twelve months, and one objection of any party ends it', async () => {
    const third = await by(2, 'ratify', 15);
    const reserved = await by(0, 'reserve', 40, { provisions: ['p1'] });
    // What a record says of an earlier effect makes nobody know of it earlier.
    const dated = await by(0, 'reserve', 40, { provisions: ['p2'], effectiveOnDay: 10 });
    const objected = await by(2, 'object', 50, { toReservation: reserved });
    const said = [...joined, third, reserved, dated];
    expect(rows(between(39 + YEAR, said))).toEqual([
      ['p1', 'applies', 'late-open'],
      ['p2', 'applies', 'late-open'],
    ]);
    expect(rows(between(40 + YEAR, said))?.[0]).toEqual(['p1', 'modified', 'accepted']);
    expect(rows(between(40 + YEAR, [...said, objected]))?.[0]).toEqual(['p1', 'applies', 'late-opposed']);
    const outsider = await by(3, 'object', 50, { toReservation: reserved });
    expect(rows(between(40 + YEAR, [...said, outsider]))?.[0]).toEqual(['p1', 'modified', 'accepted']);
  });

  test('a narrower reservation goes on from the time of the one it supersedes; a wider one, or one withdrawn, does not', async () => {
    const wide = await by(0, 'reserve', 10, { provisions: ['p1', 'p2'] });
    const narrow = await by(0, 'reserve', 100, { provisions: ['p1'] }, { supersedes: [wide] });
    expect(rows(between(10 + YEAR, [...joined, wide, narrow]))).toEqual([
      ['p1', 'modified', 'accepted'],
      ['p2', 'applies'],
    ]);
    // An objection to the first is one to what is left of it.
    const objected = await by(1, 'object', 50, { toReservation: wide });
    expect(rows(between(10 + YEAR, [...joined, wide, narrow, objected]))?.[0]?.[1]).toBe('excluded');
    const wider = await by(0, 'reserve', 120, { provisions: ['p1', 'p2'] }, { supersedes: [narrow] });
    expect(rows(between(130, [...joined, wide, narrow, wider]))?.[0]).toEqual(['p1', 'applies', 'late-open']);
    const withdrawn = await retraction(wide, 99);
    expect(rows(between(130, [...joined, wide, narrow], [withdrawn]))?.[0]?.[2]).toBe('late-open');
  });

  test('who joins again does so without the reservations of before, unless the new consent confirms them', async () => {
    const left = await by(0, 'withdraw', 100);
    const reserved = await by(0, 'reserve', 10, { provisions: ['p1'] });
    const again = (confirms?: readonly View[]) =>
      by(0, 'accede', 200, confirms === undefined ? {} : { confirms });
    const before = [...joined, reserved, left];
    expect(between(150, before).treaty).toMatchObject({ relation: 'not-both-bound' });
    expect(rows(between(210, [...before, await again()]))?.[0]).toEqual(['p1', 'applies', 'unconfirmed']);
    expect(rows(between(210, [...before, await again([reserved])]))?.[0]).toEqual(['p1', 'open', 'open']);
  });

  test('interpretations change nothing; consent to a part binds to this part', async () => {
    const said = await by(0, 'interpret', 10, { provisions: ['p2'] });
    const found = between(20, [...joined, said]);
    expect(rows(found)?.[1]).toEqual(['p2', 'applies']);
    expect(found.treaty?.provisions[1]?.interpretations).toEqual([idOf(said)]);
    const partial = await by(0, 'ratify', 10, { provisions: ['p1'] });
    expect(rows(between(20, [partial, joined[1] as View]))).toEqual([
      ['p1', 'applies'],
      ['p2', 'not-consented'],
    ]);
  });

  test('what is withheld is named', async () => {
    const reserved = await by(0, 'reserve', 10, { provisions: ['p1'] });
    const objected = await by(1, 'object', 20, {
      toReservation: reserved,
      opposesEntry: true,
      effectiveOnDay: 20,
      provisions: ['p1'],
    });
    const blind = between(30, [...joined, reserved, without(objected, 'toReservation', 'opposesEntry')]);
    expect(blind.treaty).toMatchObject({ relation: 'bound', aboutNoReservation: [idOf(objected)] });
    expect(blind.unknown).toEqual([{ id: idOf(objected), fields: ['toReservation', 'opposesEntry'] }]);
    const actless = between(30, [...joined, reserved, without(objected, 'act')]);
    expect(actless.unknown).toEqual([{ id: idOf(objected), fields: ['act'] }]);
    // What a third state withholds is no matter between these two.
    const elsewhere = await by(2, 'endorse', 20);
    expect(between(30, [...joined, without(elsewhere, 'act')]).unknown).toEqual([]);
  });

  test('it is the same for both states', async () => {
    const reserved = await by(0, 'reserve', 10, { provisions: ['p1'] });
    const records = { norm: about, commitments: [...joined, reserved], retractions: [] };
    expect(whatBinds(records, borealis, arcadia, day(20))).toEqual(
      whatBinds(records, arcadia, borealis, day(20)),
    );
  });
});

test('two states and a voluntary norm: what is shared, where they differ and by which law', async () => {
  const voluntary = await norm({ kind: 'voluntary', provisions: ['13a', '13c', '13f', '13k'] });
  const says = (state: number, act: string, fields: Fields = {}) =>
    commitment(voluntary, { act, ...fields }, { by: state, onDay: 1 });
  const position = await says(1, 'national-position', { provisions: ['13a'] });
  const variance = await says(1, 'declared-variance', {
    provisions: ['13c'],
    legalBasis: 'Constitution, article 12',
  });
  const found = whatBinds(
    {
      norm: voluntary,
      commitments: [
        await says(0, 'endorse', { provisions: ['13a', '13c', '13f'] }),
        await says(1, 'endorse', { provisions: ['13a', '13c'] }),
        position,
        variance,
      ],
      retractions: [],
    },
    arcadia,
    borealis,
    day(2),
  );
  expect(found).not.toHaveProperty('treaty');
  expect(found.voluntary?.map(({ provision, stands }) => [provision, stands])).toEqual([
    ['13a', 'shared'],
    ['13c', 'difference'],
    ['13f', 'one-sided'],
    ['13k', 'not-endorsed'],
  ]);
  expect(found.voluntary?.[0]?.stances[1]?.positions).toEqual([idOf(position)]);
  expect(found.voluntary?.[1]?.stances[1]).toMatchObject({
    endorsedSinceSeconds: day(1),
    variances: [{ id: idOf(variance), legalBasis: new Map([['en', 'Constitution, article 12']]) }],
  });
});
