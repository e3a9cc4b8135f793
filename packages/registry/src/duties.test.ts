// The duties of an incident are a function of its records: drawn at random, they are the same in whatever order these came.

import { signerFromSeed } from '@comity/ed25519';
import type { View } from '@comity/record';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { deadlineProfiles, type IncidentDuties, incidentDuties } from './index.ts';
import {
  arriving,
  DAY,
  day,
  drawing,
  idOf,
  issued,
  retraction,
  STATES,
  signWith,
} from './issued.test-support.ts';

signWith(signerFromSeed(new Uint8Array(32).fill(7)));

const utc = (text: string): number => Date.parse(text) / 1_000;
const ALL = deadlineProfiles.map(({ id }) => id);
const WORDS = ['early-warning', 'notification', 'intermediate', 'progress', 'final'];
const TIMES = [
  'occurredAt',
  'detectedAt',
  'noticedAt',
  'classifiedAt',
  'paidAt',
  'resolvedAt',
  'impactEndedAt',
];
const english = (text: string) => new Map([['en', text]]);
const calendar = { offsets: [], holidays: new Set<string>(), weekend: new Set([6, 7]) };

const pool: { readonly view: View; readonly retraction?: View }[] = [];

beforeAll(async () => {
  const draw = drawing(20_261_128);
  for (let index = 0; index < 40; index += 1) {
    const onDay = draw(60);
    const times = TIMES.filter(() => draw(3) === 0).map((name) => [name, day(draw(60)) + draw(DAY)]);
    const delays =
      draw(4) === 0
        ? [
            new Map<string, string | Map<string, string>>([
              ['stage', 'final'],
              ['reason', english('x')],
            ]),
          ]
        : undefined;
    const view = await issued(
      'incident',
      {
        title: english('An incident'),
        stage: WORDS[draw(WORDS.length)],
        awareAt: draw(2) === 0 ? day(draw(10)) : undefined,
        sectors: draw(2) === 0 ? ['banking', 'energy'].slice(draw(2)) : undefined,
        legalProfiles: draw(5) === 0 ? ['dora', 'nis2-fr'] : undefined,
        delays: delays as never,
        ...Object.fromEntries(times),
      },
      { onDay, subject: 'i-1', ...(draw(12) === 0 && { exercise: 'storm' }) },
    );
    pool.push({ view, ...(draw(6) === 0 && { retraction: await retraction(view, draw(70)) }) });
  }
});

function dutiesAt(
  incidents: readonly View[],
  retractions: readonly View[],
  atSeconds: number,
): IncidentDuties {
  return incidentDuties(
    { issuer: STATES[0] as (typeof STATES)[number], subject: 'incident/i-1', incidents, retractions },
    { profiles: ALL, country: 'XAR', calendar },
    atSeconds,
  );
}

const chosen = fc.record({
  indexes: fc.uniqueArray(fc.nat({ max: 39 }), { minLength: 1, maxLength: 6 }),
  on: fc.nat({ max: 120 }),
});
type Chosen = typeof chosen extends fc.Arbitrary<infer T> ? T : never;

const viewsOf = ({ indexes }: Chosen): View[] => indexes.map((index) => (pool[index] as { view: View }).view);
const retractionsOf = ({ indexes }: Chosen): View[] =>
  indexes.flatMap((index) => (pool[index] as { retraction?: View }).retraction ?? []);

describe('the duties of an incident', () => {
  test('do not depend on the order of records, on how often they came, or on how their parts were split', () => {
    fc.assert(
      fc.property(chosen, fc.infiniteStream(fc.nat()), (choice, numbers) => {
        const shuffled = arriving(numbers);
        const found = dutiesAt(shuffled(viewsOf(choice)), shuffled(retractionsOf(choice)), day(choice.on));
        expect(found).toEqual(dutiesAt(viewsOf(choice), retractionsOf(choice), day(choice.on)));
      }),
    );
  });

  test('what is issued later is named, and changes nothing else', () => {
    fc.assert(
      fc.property(chosen, (choice) => {
        const at = day(choice.on);
        const isKnown = ({ header }: View): boolean => header.issuedAtSeconds <= at;
        const all = dutiesAt(viewsOf(choice), retractionsOf(choice), at);
        const known = dutiesAt(viewsOf(choice).filter(isKnown), retractionsOf(choice).filter(isKnown), at);
        expect({ ...all, ignored: [] }).toEqual({ ...known, ignored: [] });
        const later = all.ignored.filter(({ reason }) => reason === 'issued-later').map(({ id }) => id);
        for (const view of viewsOf(choice))
          if (!isKnown(view) && view.header.exercise === undefined) expect(later).toContain(idOf(view));
      }),
    );
  });

  test('each has a limit if and only if its status needs one, and is met only in time', () => {
    fc.assert(
      fc.property(chosen, (choice) => {
        for (const duty of dutiesAt(viewsOf(choice), retractionsOf(choice), day(choice.on)).duties) {
          const hasLimit = ['pending', 'met', 'late-explained', 'missed'].includes(duty.status);
          expect(duty.dueAtSeconds !== undefined, JSON.stringify(duty)).toBe(hasLimit);
          if (duty.status === 'pending')
            expect(day(choice.on)).toBeLessThanOrEqual(duty.dueAtSeconds as number);
          if (duty.status === 'met')
            expect(duty.report?.atSeconds).toBeLessThanOrEqual(duty.dueAtSeconds as number);
          if (duty.status === 'missed')
            expect(duty.report?.atSeconds ?? day(choice.on)).toBeGreaterThan(duty.dueAtSeconds as number);
        }
      }),
    );
  });

  test('a pending law has no limit, whatever the records say', () => {
    const pending = new Set(deadlineProfiles.filter(({ state }) => state === 'pending').map(({ id }) => id));
    fc.assert(
      fc.property(chosen, (choice) => {
        const { duties } = dutiesAt(viewsOf(choice), retractionsOf(choice), day(choice.on));
        for (const duty of duties.filter(({ profile }) => pending.has(profile)))
          expect([duty.status, duty.reason, duty.dueAtSeconds]).toEqual(['no-clock', 'pending', undefined]);
      }),
    );
  });

  test('the worked example of duties.md', async () => {
    const record = (stage: string, at: string) =>
      issued(
        'incident',
        { title: english('x'), stage, awareAt: utc('2026-01-29T10:00:00Z') },
        { subject: 'i-1', onDay: (utc(at) - day(0)) / DAY },
      );
    const incidents = [
      await record('early-warning', '2026-01-29T18:00:00Z'),
      await record('notification', '2026-01-31T09:00:00Z'),
    ];
    const shown = (views: readonly View[]) =>
      incidentDuties(
        {
          issuer: STATES[0] as (typeof STATES)[number],
          subject: 'incident/i-1',
          incidents: views,
          retractions: [],
        },
        { profiles: ['nis2'], calendar },
        utc('2026-02-10T00:00:00Z'),
      ).duties.map(({ stage, status, dueAtSeconds }) => [
        ...[stage, status],
        dueAtSeconds === undefined ? '' : new Date(dueAtSeconds * 1_000).toISOString(),
      ]);
    const first = [
      ['early-warning', 'met', '2026-01-30T10:00:00.000Z'],
      ['notification', 'met', '2026-02-01T10:00:00.000Z'],
      ['intermediate', 'no-clock', ''],
    ];
    expect(shown(incidents)).toEqual([...first, ['final', 'pending', '2026-02-28T09:00:00.000Z']]);
    expect(shown([...incidents, await record('progress', '2026-02-09T09:00:00Z')])).toEqual([
      ...first,
      ['progress', 'met', '2026-02-28T09:00:00.000Z'],
      ['final', 'not-started', ''],
    ]);
  });
});
