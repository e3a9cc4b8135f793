import { signerFromSeed } from '@comity/ed25519';
import type { View } from '@comity/record';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Consents, consentsOf } from './index.ts';
import {
  day,
  idOf,
  issued,
  releaseGrant,
  retraction,
  STATES,
  signWith,
  without,
} from './issued.test-support.ts';

signWith(signerFromSeed(new Uint8Array(32).fill(3)));

const [ORIGINATOR, HOLDER, THIRD_PARTY] = STATES;
const PARTS = ['1a', '2b', '3c'].map((byte) => byte.repeat(32));
const REASON = { reason: new Map([['en', 'x']]) };

let shared: View;
let foreign: View;

beforeAll(async () => {
  shared = await issued('incident', { stage: 'final' });
  foreign = await issued('incident', { stage: 'final' }, { by: 3 });
});

function found(grants: readonly View[], retractions: readonly View[] = []): Consents {
  const held = new Map([shared, foreign].map(({ header }) => [header.id, header]));
  return consentsOf({ grants, retractions, recordOf: (id) => held.get(id) });
}

const spans = ({ consents }: Consents) =>
  consents.map(({ parts, fromSeconds, untilSeconds }) => [
    parts === 'all' ? parts : [...parts],
    ...[fromSeconds, untilSeconds].map((seconds) => (seconds - day(0)) / 86_400),
  ]);
const reasons = ({ ignored }: Consents) => ignored.map(({ reason }) => reason);

describe('a grant', () => {
  test('is a consent of the originator to what it names', async () => {
    const grant = await releaseGrant(
      {
        about: shared,
        parts: PARTS,
        purposes: ['public-security', 'incident-response'],
        fromDay: 3,
        untilDay: 9,
      },
      { onDay: 2 },
    );
    expect(found([grant])).toEqual({
      consents: [
        {
          recordId: idOf(shared),
          parts: new Set(PARTS),
          holder: HOLDER,
          thirdParty: THIRD_PARTY,
          purposes: ['public-security', 'incident-response'],
          fromSeconds: day(3),
          untilSeconds: day(9),
          grant: idOf(grant),
        },
      ],
      ignored: [],
    });
  });

  test('of a record that is not asked about, by another state, or in an exercise is none', async () => {
    const elsewhere = await releaseGrant({});
    const forged = await releaseGrant({ about: shared, thirdParty: 3 }, { by: 1 });
    const byIssuerOfAnother = await releaseGrant({ about: foreign });
    const exercise = await releaseGrant({ about: shared }, { exercise: 'winter' });
    expect(reasons(found([elsewhere]))).toEqual(['other-record']);
    expect(reasons(found([forged, byIssuerOfAnother]))).toEqual(['not-originator', 'not-originator']);
    expect(reasons(found([exercise]))).toEqual(['other-exercise']);
    const recordOf = () => ({ issuer: ORIGINATOR as (typeof STATES)[number], exercise: 'winter' });
    expect(consentsOf({ grants: [exercise], retractions: [], recordOf }).consents).toHaveLength(1);
  });

  test('of several records is one for each, whoever has issued them', async () => {
    const mine = await releaseGrant({ about: shared });
    const theirs = await releaseGrant({ about: foreign, thirdParty: 0 }, { by: 3 });
    const { consents } = found([mine, theirs]);
    expect(new Map(consents.map(({ recordId, thirdParty }) => [recordId, thirdParty]))).toEqual(
      new Map([
        [idOf(shared), THIRD_PARTY],
        [idOf(foreign), ORIGINATOR],
      ]),
    );
    expect(consents.map(({ grant }) => grant)).toEqual([idOf(mine), idOf(theirs)].sort());
  });

  test.each([
    ['decision'],
    ['record'],
    ['parts'],
    ['holder'],
    ['thirdParty'],
    ['purposes'],
    ['notBefore'],
    ['notAfter'],
  ])('that does not show its %s is none', async (name) => {
    const grant = await releaseGrant({ about: shared });
    expect(spans(found([without(grant)]))).toEqual([['all', 0, 30]]);
    const hidden = found([without(grant, name)]);
    expect([hidden.consents, reasons(hidden)]).toEqual([[], ['withheld']]);
    expect(spans(found([without(grant, name), grant]))).toEqual([['all', 0, 30]]);
  });

  test.each([
    ['ends when it begins', { fromDay: 4, untilDay: 4 }, 0, 'bad-term'],
    ['was over when it was issued', { untilDay: 4 }, 4, 'bad-term'],
    ['is longer than a grant can be', { untilDay: 401 }, 0, 'bad-term'],
    ['lets the originator hand its record on', { holder: 0 }, 0, 'same-state'],
    ['is to the originator', { thirdParty: 0 }, 0, 'same-state'],
    ['is to the holder', { thirdParty: 1 }, 0, 'same-state'],
  ])('that %s is none', async (_, fields, onDay, reason) => {
    const grant = await releaseGrant({ about: shared, ...fields }, { onDay });
    expect(found([grant])).toEqual({ consents: [], ignored: [{ id: idOf(grant), reason }] });
  });

  test('that would begin before its issue begins with it, and may last 400 days', async () => {
    const grant = await releaseGrant({ about: shared, untilDay: 405 }, { onDay: 5 });
    expect(spans(found([grant]))).toEqual([['all', 5, 405]]);
  });
});

describe('a revocation', () => {
  const revoke = (onDay: number, fields: Parameters<typeof releaseGrant>[0] = {}, by = 0) =>
    releaseGrant({ decision: 'revoke', about: shared, ...fields }, { onDay, by });

  test('ends every consent given before, and none that is given later', async () => {
    const grants = await Promise.all([0, 2, 6].map((onDay) => releaseGrant({ about: shared }, { onDay })));
    const result = found([await revoke(4), ...grants]);
    expect(spans(result).sort()).toEqual([
      ['all', 0, 4],
      ['all', 2, 4],
      ['all', 6, 30],
    ]);
    expect(result.ignored).toEqual([]);
  });

  test('of the same second counts, so that nothing is left', async () => {
    const grant = await releaseGrant({ about: shared }, { onDay: 4 });
    expect(found([grant, await revoke(4)])).toEqual({
      consents: [],
      ignored: [{ id: idOf(grant), reason: 'revoked' }],
    });
  });

  test('of some parts leaves the others; of a grant of all parts it leaves none', async () => {
    const [first, second, third] = PARTS as [string, string, string];
    const listed = await releaseGrant({ about: shared, parts: PARTS });
    const parts = await Promise.all([revoke(5, { parts: [second] }), revoke(9, { parts: [first, third] })]);
    expect(spans(found([listed, ...parts]))).toEqual([
      [PARTS, 0, 5],
      [[first, third], 5, 9],
    ]);
    expect(spans(found([await releaseGrant({ about: shared }), ...parts]))).toEqual([['all', 0, 5]]);
  });

  test('about others, by others, or of others changes nothing', async () => {
    const grant = await releaseGrant({ about: shared });
    const others = await Promise.all([
      revoke(4, { holder: 3 }),
      revoke(4, { thirdParty: 3 }),
      revoke(4, {}, 1),
      revoke(4, { about: foreign }, 3),
      releaseGrant({ decision: 'refuse', about: shared }, { onDay: 4 }),
    ]);
    const result = found([grant, ...others]);
    expect(spans(result)).toEqual([['all', 0, 30]]);
    expect(reasons(result)).toEqual(['not-originator']);
  });

  test('that withholds what it names is about everything it may be about, unless the decision is withheld', async () => {
    const grant = await releaseGrant({ about: shared, parts: PARTS });
    const revoked = await revoke(4, { parts: PARTS.slice(0, 1), about: shared });
    for (const names of [['record'], ['holder', 'thirdParty'], ['record', 'holder', 'thirdParty', 'parts']]) {
      const [first] = spans(found([grant, without(revoked, ...names)]));
      expect(first).toEqual([PARTS, 0, 4]);
    }
    expect(spans(found([grant, without(revoked, 'parts')]))).toEqual([[PARTS, 0, 4]]);
    const silent = found([grant, without(revoked, 'decision')]);
    expect([spans(silent), reasons(silent)]).toEqual([[[PARTS, 0, 30]], ['withheld']]);
    const elsewhere = without(await revoke(4, { thirdParty: 3 }), 'record');
    expect(spans(found([grant, elsewhere]))).toEqual([[PARTS, 0, 30]]);
    const inExercise = await releaseGrant(
      { decision: 'revoke', about: shared },
      { onDay: 4, exercise: 'winter' },
    );
    for (const other of [await revoke(4, {}, 1), inExercise]) {
      expect(spans(found([grant, without(other, 'record')]))).toEqual([[PARTS, 0, 30]]);
    }
  });
});

describe('a grant ends', () => {
  test('when it is retracted, superseded, or its record expires', async () => {
    const grant = await releaseGrant({ about: shared });
    expect(spans(found([grant], [await retraction(grant, 3)]))).toEqual([['all', 0, 3]]);
    const longer = await releaseGrant({ about: shared, untilDay: 60 }, { onDay: 2, supersedes: [grant] });
    expect(spans(found([longer, grant])).sort()).toEqual([
      ['all', 0, 2],
      ['all', 2, 60],
    ]);
    const short = await releaseGrant({ about: shared }, { expiresOnDay: 7 });
    expect(spans(found([short]))).toEqual([['all', 0, 7]]);
  });

  test('not by a retraction of another state, in an exercise, or of the record itself', async () => {
    const grant = await releaseGrant({ about: shared });
    const others = await Promise.all([
      retraction(grant, 3, { by: 1 }),
      retraction(grant, 3, { exercise: 'winter' }),
      retraction(shared, 3),
    ]);
    expect(spans(found([grant], others))).toEqual([['all', 0, 30]]);
  });

  test('also after the retraction was retracted', async () => {
    const grant = await releaseGrant({ about: shared });
    const undone = await retraction(grant, 3);
    expect(spans(found([grant], [undone, await retraction(undone, 4)]))).toEqual([['all', 0, 3]]);
  });

  test('before it begins: then the cause is named', async () => {
    const late = await releaseGrant({ about: shared, fromDay: 9 });
    const over = await releaseGrant({ about: shared, fromDay: 9 }, { expiresOnDay: 7 });
    expect(reasons(found([late], [await retraction(late, 3)]))).toEqual(['retracted']);
    expect(reasons(found([over]))).toEqual(['expired']);
  });
});

test('records of other types are named, in whichever list they stand', async () => {
  const grant = await releaseGrant({ about: shared });
  const request = await issued('release-request', { ...REASON, purpose: 'incident-response' });
  const result = found([grant, request], [grant]);
  expect(spans(result)).toEqual([['all', 0, 30]]);
  expect(result.ignored).toEqual(
    [
      { id: idOf(grant), reason: 'other-type' },
      { id: idOf(request), reason: 'other-type' },
    ].sort((a, b) => (a.id < b.id ? -1 : 1)),
  );
});

describe('whoever issues very many', () => {
  /** So many that whoever compares each with each does not come to an end here. */
  const COUNT = 80_000;
  /** The view as one of another record: only what the header says differs. */
  const again = (view: View, number: number, change: Partial<View['header']> = {}): View => {
    const id = number.toString(16).padStart(64, '0') as View['header']['id'];
    const header = { ...view.header, id, ...change };
    return new Proxy(view, {
      get(of, name) {
        const value: unknown = name === 'header' ? header : Reflect.get(of, name, of);
        return typeof value === 'function' ? value.bind(of) : value;
      },
    });
  };

  test('retractions of one grant ends it once, at the first', async () => {
    const grant = await releaseGrant({ about: shared });
    const undone = await retraction(grant, 9);
    const retractions = Array.from({ length: COUNT }, (_, number) =>
      again(undone, number, { issuedAtSeconds: day(9) + COUNT - number }),
    );
    expect(spans(found([grant], retractions))).toEqual([['all', 0, 9 + 1 / 86_400]]);
  });

  test('grants, and revocations that do not say of what, makes nobody compare each with each', async () => {
    const grant = await releaseGrant({ about: shared, parts: PARTS });
    const revocation = without(
      await releaseGrant({ decision: 'revoke', about: shared, parts: PARTS.slice(0, 2) }, { onDay: 5 }),
      'record',
    );
    const half = COUNT / 2;
    const grants = Array.from({ length: half }, (_, number) => again(grant, number));
    const revocations = Array.from({ length: half }, (_, number) => again(revocation, half + number));
    const { consents, ignored } = found([...grants, ...revocations]);
    expect(consents).toHaveLength(2 * half);
    expect(consents.slice(0, 2).map(({ parts }) => parts)).toEqual([new Set(PARTS), new Set([PARTS[2]])]);
    expect(ignored).toEqual([]);
  });
});
