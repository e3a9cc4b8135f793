// duty.status: which records count, what they show, and which are refused (duties.md 4.1 to 4.4, 7.2).

import type { Item } from '../cbor-text.ts';
import { invalid } from '../record/inputs.ts';
import { field, type RecordText } from '../record/text.ts';
import { whole } from '../record-types/norm-inputs.ts';
import { issued, retraction, without } from '../record-types/norm-records.ts';
import { BEGIN_SECONDS, borealis } from '../states.ts';
import type { InvalidCase, ValidCase, VectorFile } from '../vector.ts';
import { utc } from './calendars.ts';
import {
  AWARE,
  DUTY_GRAMMAR,
  delayed,
  dutyCase,
  dutyInput,
  type ExpectedDuty,
  incident,
} from './incidents.ts';

const ISSUED = '2026-11-23T18:00:00Z';
const AT = '2026-11-24T00:00:00Z';
const given = { profiles: ['kr', 'gdpr'], country: 'KOR', at: AT };
const profiles = [{ profile: 'gdpr' }, { profile: 'kr', assumed: ['country'] }] as const;

type More = Partial<ExpectedDuty>;

/** Duties under the laws of `given`: of a notification for GDPR, of any report for Korea. */
function both(
  by: RecordText,
  first: RecordText | undefined,
  more: readonly [More, More, More] = [{}, {}, {}],
) {
  const at = { from: [AWARE, by] as const };
  return [
    {
      ...{ profile: 'gdpr', stage: 'notification', status: 'pending', event: 'awareness', ...at },
      ...{ due: '2026-11-26T11:00:00Z', ...more[0] },
    },
    {
      ...{ profile: 'kr', stage: 'report', status: 'met', event: 'awareness', ...at },
      ...{ due: '2026-11-24T11:00:00Z', ...(first && { report: [ISSUED, first] as const }), ...more[1] },
    },
    {
      ...{
        profile: 'kr',
        stage: 'new-facts',
        status: 'no-clock',
        reason: 'whereNecessary',
        event: 'awareness',
      },
      ...{ ...at, modifiers: ['whereNecessary'], ...more[2] },
    },
  ];
}

function counting(): readonly ValidCase[] {
  const first = incident(ISSUED);
  const next = incident('2026-11-23T19:00:00Z', { stage: 'notification' }, { payload: [[4, [first.id]]] });
  const met = { status: 'met', report: ['2026-11-23T19:00:00Z', next] } as const;
  const over = retraction(first, { atSeconds: utc('2026-11-23T20:00:00Z') });
  const laterOver = retraction(first, { atSeconds: utc(AT) + 1 });
  const foreignOver = retraction(first, { atSeconds: utc('2026-11-23T20:00:00Z'), by: borealis });
  const exercise = incident('2026-11-23T19:30:00Z', {}, { payload: [[3, 'storm-2026']] });
  const later = incident('2026-11-24T00:00:01Z', { stage: 'final' });
  const other = incident('2026-11-23T19:40:00Z', {}, { subject: 'i-2' });
  const foreign = incident('2026-11-23T19:50:00Z', {}, { by: borealis });
  const second = incident('2026-11-23T19:00:00Z', {
    stage: 'notification',
    awareAt: utc('2026-11-23T10:30:00Z'),
  });
  const silent = incident('2026-11-23T19:00:00Z', { stage: 'notification', awareAt: null });
  const twin = incident(ISSUED, { stage: 'notification' }, { subject: 'i-1' });
  const earlier = first.idText < twin.idText ? first : twin;
  const newest = first.idText < twin.idText ? twin : first;
  return [
    dutyCase(
      'A record that another one supersedes was said, and counts.',
      { incidents: [next, first], ...given },
      {
        profiles,
        duties: both(next, first, [met, {}, {}]),
      },
    ),
    dutyCase(
      'A report that is withdrawn was not made; its successor stands.',
      { incidents: [first, next], retractions: [over], ...given },
      {
        profiles,
        duties: both(next, next, [met, met, {}]),
        ignored: [[first, 'retracted']],
      },
    ),
    dutyCase(
      'Where every record is withdrawn, nothing is owed.',
      { incidents: [first], retractions: [over], ...given },
      { ignored: [[first, 'retracted']] },
    ),
    dutyCase(
      'Withdrawals of later, and by another state, change nothing.',
      { incidents: [first], retractions: [laterOver, foreignOver], ...given },
      {
        profiles,
        duties: both(first, first),
        ignored: [
          [laterOver, 'issued-later'],
          [foreignOver, 'other-incident'],
        ],
      },
    ),
    dutyCase(
      'What is another incident, of an exercise, of another state, or issued later does not count.',
      { incidents: [first, exercise, later, other, foreign], retractions: [other], ...given },
      {
        profiles,
        duties: both(first, first),
        ignored: [
          [exercise, 'other-exercise'],
          [later, 'issued-later'],
          [other, 'other-incident'],
          [other, 'other-type'],
          [foreign, 'other-incident'],
        ],
      },
    ),
    dutyCase(
      'An incident of an exercise by itself.',
      { incidents: [exercise, first], ...given },
      {
        profiles,
        duties: both(exercise, undefined, [{}, { report: ['2026-11-23T19:30:00Z', exercise] }, {}]),
        ignored: [[first, 'other-exercise']],
      },
    ),
    dutyCase(
      'One record many times, in pieces.',
      {
        incidents: [without(first, 'stage'), first, without(first, 'awareAt'), first],
        ...given,
      },
      { profiles, duties: both(first, first) },
    ),
    dutyCase(
      'A time that is stated anew.',
      { incidents: [first, second], ...given },
      {
        profiles,
        duties: [
          {
            ...{ profile: 'gdpr', stage: 'notification', event: 'awareness', due: '2026-11-26T10:30:00Z' },
            ...{ from: ['2026-11-23T10:30:00Z', second], restated: true },
            ...{ status: 'met', report: ['2026-11-23T19:00:00Z', second] },
          },
          {
            ...{ profile: 'kr', stage: 'report', event: 'awareness', due: '2026-11-24T10:30:00Z' },
            ...{
              from: ['2026-11-23T10:30:00Z', second],
              restated: true,
              status: 'met',
              report: [ISSUED, first],
            },
          },
          {
            ...{ profile: 'kr', stage: 'new-facts', event: 'awareness', status: 'no-clock' },
            ...{ from: ['2026-11-23T10:30:00Z', second], restated: true },
            ...{ reason: 'whereNecessary', modifiers: ['whereNecessary'] },
          },
        ],
      },
    ),
    dutyCase(
      'A time that an amendment leaves out is still stated.',
      { incidents: [silent, first], ...given },
      {
        profiles,
        duties: both(first, first, [{ status: 'met', report: ['2026-11-23T19:00:00Z', silent] }, {}, {}]),
      },
    ),
    dutyCase(
      'Of two records of one second the one of the greater id is newer.',
      { incidents: [first, twin], ...given },
      {
        profiles,
        duties: both(newest, earlier, [{ status: 'met', report: [ISSUED, twin] }, {}, {}]),
      },
    ),
  ];
}

function shown(): readonly ValidCase[] {
  // Five digests, and so decoys: a reader who has not seen these cannot tell what else is there.
  const first = incident(ISSUED, { suspectedMalicious: true });
  const odd = incident(ISSUED, { awareAt: 'yesterday' as Item });
  const next = incident('2026-11-23T19:00:00Z', { stage: 'notification' });
  const why = incident('2026-11-23T19:00:00Z', { stage: 'notification', delays: delayed('notification') });
  const all = ['detectedAt', 'legalProfiles', 'noticedAt', 'sectors', 'victim'];
  const parts = (text: RecordText, ...names: string[]) => without(text, ...names);
  return [
    dutyCase(
      'What a reader is not shown may be there.',
      { incidents: [parts(first)], ...given },
      {
        profiles,
        duties: both(first, first),
        unknown: ['delays', ...all],
      },
    ),
    dutyCase(
      'The time that a law counts from is not shown.',
      { incidents: [parts(first, 'awareAt')], ...given },
      {
        profiles,
        duties: [
          { profile: 'gdpr', stage: 'notification', status: 'anchor-unknown', event: 'awareness' },
          {
            ...{ profile: 'kr', stage: 'report', status: 'anchor-unknown', event: 'awareness' },
            report: [ISSUED, first],
          },
          {
            ...{ profile: 'kr', stage: 'new-facts', status: 'no-clock', reason: 'whereNecessary' },
            ...{ event: 'awareness', modifiers: ['whereNecessary'] },
          },
        ],
        unknown: ['awareAt', 'delays', ...all],
      },
    ),
    dutyCase(
      'A time in another form is unknown.',
      { incidents: [odd], profiles: ['ke'], at: AT },
      {
        profiles: [{ profile: 'ke', assumed: ['country'] }],
        duties: [
          {
            ...{ profile: 'ke', stage: 'report', status: 'anchor-unknown', event: 'awareness' },
            report: [ISSUED, odd],
          },
        ],
        unknown: ['awareAt'],
      },
    ),
    dutyCase(
      'A payment that is not shown may have been made.',
      { incidents: [parts(first)], profiles: ['au-ransom'], at: AT },
      {
        profiles: [{ profile: 'au-ransom', assumed: ['country'] }],
        duties: [{ profile: 'au-ransom', stage: 'payment', status: 'anchor-unknown', event: 'payment-made' }],
        unknown: [...all, 'paidAt'].sort(),
      },
    ),
    dutyCase(
      'A stage that is not shown.',
      { incidents: [first, parts(next, 'stage')], ...given },
      {
        profiles,
        duties: both(next, first),
        unknown: ['delays', ...all, 'stage'].sort(),
      },
    ),
    dutyCase(
      'An older record may state what a newer one does not.',
      {
        incidents: [parts(first), why],
        profiles: ['gdpr'],
        at: AT,
      },
      {
        profiles: [{ profile: 'gdpr' }],
        duties: [
          {
            ...{
              profile: 'gdpr',
              stage: 'notification',
              status: 'met',
              event: 'awareness',
              from: [AWARE, why],
            },
            ...{ due: '2026-11-26T11:00:00Z', report: ['2026-11-23T19:00:00Z', why], explanation: why },
          },
        ],
        unknown: ['delays', ...all],
      },
    ),
  ];
}

function refused(): readonly InvalidCase[] {
  const first = incident(ISSUED);
  const next = incident('2026-11-23T19:00:00Z', { stage: 'notification' });
  const changed = Buffer.from(whole(next));
  changed[changed.length - 1] = (changed.at(-1) as number) ^ 1;
  const stages = ['early-warning', 'final'].map((stage) => field('stage', stage));
  const twofold = issued('incident', [field('title', 'x'), ...stages], {
    atSeconds: utc(ISSUED),
    subject: 'i-1',
  });
  const views = stages.map((stage) =>
    twofold.view(twofold.parts.filter(({ bytes }) => bytes.equals(stage.bytes))),
  );
  const early = incident('2026-11-23T09:59:59Z');
  const bad = (
    code: string,
    clause: string,
    comment: string,
    incidents: readonly (RecordText | Uint8Array)[],
  ) => invalid(code, clause, comment, dutyInput({ incidents: [first, ...incidents], ...given }));
  if (utc('2026-11-23T10:00:00Z') !== BEGIN_SECONDS) throw new Error('the keys begin at another time');
  return [
    bad('ed25519.bad-signature', 'keys 2.5', 'A bit of the signature of one report is changed.', [changed]),
    bad(
      'record.key-present',
      'record 5.7',
      'Two views of one report disclose two stages of it, each one.',
      views,
    ),
    bad(
      'identity.not-yet-valid',
      'charter 6.6',
      'A report was issued before the certificate of its key begins.',
      [early],
    ),
  ];
}

export function recordVectors(): readonly VectorFile[] {
  const shared = { topic: 'duties', op: 'duty.status', grammar: DUTY_GRAMMAR } as const;
  return [
    { ...shared, name: 'status-records', valid: counting() },
    { ...shared, name: 'status-views', valid: shown() },
    { ...shared, name: 'status', invalid: refused() },
  ];
}
