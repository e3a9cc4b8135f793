// duty.status: under which laws an incident falls (duties.md 4.5 to 4.9), and what some of them ask for.

import { type Item, record } from '../cbor-text.ts';
import type { RecordText } from '../record/text.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import { CENTRAL, utc } from './calendars.ts';
import {
  AWARE,
  DUTY_GRAMMAR,
  dutyCase,
  type ExpectedDuty,
  type ExpectedProfile,
  incident,
} from './incidents.ts';

const ISSUED = '2026-11-23T18:00:00Z';
const AT = '2026-11-24T00:00:00Z';

type More = Partial<ExpectedDuty>;

/** The one stage of `ke`: 24 hours from awareness, for everybody. */
const kenya = (by: RecordText, more: More = {}): ExpectedDuty => ({
  ...{ profile: 'ke', stage: 'report', status: 'met', event: 'awareness', from: [AWARE, by] },
  ...{ due: '2026-11-24T11:00:00Z', report: [ISSUED, by] },
  ...more,
});

const victim = (country: string): { readonly [name: string]: Item } => ({ victim: record({ country }) });

function choices(): readonly ValidCase[] {
  const bare = incident(ISSUED);
  const named = incident(ISSUED, { legalProfiles: ['xar-own-law', 'ke'], ...victim('XBO') });
  const abroad = incident(ISSUED, victim('XBO'));
  const kenyan = incident(ISSUED, victim('KEN'));
  const home = incident(ISSUED, victim('XAR'));
  const choice = (
    comment: string,
    issued: RecordText,
    profiles: readonly string[],
    expected: readonly ExpectedProfile[],
    duties: readonly ExpectedDuty[] = [],
    country?: string,
  ): ValidCase =>
    dutyCase(
      comment,
      { incidents: [issued], profiles, at: AT, ...(country !== undefined && { country }) },
      { profiles: expected, duties },
    );
  const finance = incident(ISSUED, { sectors: ['banking'], classifiedAt: utc(AWARE) });
  const grid = incident(ISSUED, { sectors: ['energy/oil'] });
  const court = incident(ISSUED, { sectors: ['justice', 'health'] });
  const elsewhere = { profile: 'ke', standing: 'other-country' };
  return [
    choice('No law is used, and none is named.', bare, [], []),
    choice(
      'A country that is not stated is taken to be that of the law.',
      bare,
      ['ke'],
      [{ profile: 'ke', assumed: ['country'] }],
      [kenya(bare)],
    ),
    choice(
      'The victim is in a country of the law.',
      kenyan,
      ['ke'],
      [{ profile: 'ke' }],
      [kenya(kenyan)],
      'XAR',
    ),
    choice('The victim is at home.', home, ['ke'], [{ profile: 'ke' }], [kenya(home)], 'XAR'),
    choice('The victim is abroad.', abroad, ['ke'], [elsewhere], [], 'XAR'),
    choice('The victim is abroad, where nobody says where home is.', home, ['ke'], [elsewhere]),
    choice(
      'What an incident names applies whatever its country is; what is not registered owes nothing that is known.',
      named,
      ['ke', 'gh'],
      [
        { profile: 'gh', standing: 'other-country' },
        { profile: 'ke', named: true },
        { profile: 'xar-own-law', standing: 'unregistered', named: true },
      ],
      [kenya(named)],
      'XAR',
    ),
    choice('A law that is used twice is one.', kenyan, ['ke', 'ke'], [{ profile: 'ke' }], [kenya(kenyan)]),
    choice('Another sector.', grid, ['us-hipaa'], [{ profile: 'us-hipaa', standing: 'other-sector' }]),
    choice(
      'One of two sectors.',
      court,
      ['us-hipaa'],
      [{ profile: 'us-hipaa', assumed: ['country'] }],
      [
        {
          ...{ profile: 'us-hipaa', stage: 'notification', status: 'anchor-unknown', event: 'detection' },
          report: [ISSUED, court],
        },
      ],
    ),
    choice(
      'A sub-sector of a sector.',
      grid,
      ['us-tsa'],
      [{ profile: 'us-tsa', assumed: ['country'] }],
      [
        {
          ...{ profile: 'us-tsa', stage: 'report', status: 'anchor-unknown', event: 'detection' },
          report: [ISSUED, grid],
        },
      ],
    ),
    choice(
      'DORA takes the place of NIS2 and its national variants for financial entities.',
      finance,
      ['dora', 'nis2', 'nis2-it', 'gdpr'],
      [
        { profile: 'dora' },
        { profile: 'gdpr' },
        { profile: 'nis2', standing: 'displaced', by: 'dora' },
        { profile: 'nis2-it', standing: 'displaced', assumed: ['country'], by: 'dora' },
      ],
      [
        {
          ...{ profile: 'dora', stage: 'initial', status: 'met', event: 'classification' },
          ...{
            from: [AWARE, finance],
            due: '2026-11-23T15:00:00Z',
            report: [ISSUED, finance],
            status: 'missed',
          },
        },
        {
          ...{ profile: 'dora', stage: 'intermediate', status: 'pending', event: 'prior-stage-submission' },
          ...{ from: [ISSUED, finance], due: '2026-11-26T18:00:00Z' },
        },
        { profile: 'dora', stage: 'final', status: 'not-started', event: 'prior-stage-submission' },
        {
          ...{ profile: 'gdpr', stage: 'notification', status: 'pending', event: 'awareness' },
          ...{ from: [AWARE, finance], due: '2026-11-26T11:00:00Z' },
        },
      ],
    ),
    choice(
      'DORA is for financial entities, and takes the place of nothing for others.',
      grid,
      ['dora', 'uk-nis'],
      [
        { profile: 'dora', standing: 'other-sector' },
        { profile: 'uk-nis', assumed: ['country'] },
      ],
      [
        {
          ...{
            profile: 'uk-nis',
            stage: 'notification',
            status: 'met',
            event: 'awareness',
            from: [AWARE, grid],
          },
          ...{ due: '2026-11-26T11:00:00Z', report: [ISSUED, grid] },
        },
      ],
    ),
  ];
}

function force(): readonly ValidCase[] {
  const bare = incident(ISSUED);
  const before = incident(ISSUED, { awareAt: utc('2026-09-10T21:59:59Z'), sectors: ['manufacturing'] });
  const since = incident(ISSUED, { awareAt: utc('2026-09-10T22:00:00Z'), sectors: ['manufacturing'] });
  const noticed = incident(ISSUED, {
    awareAt: null,
    detectedAt: utc(AWARE),
    noticedAt: utc('2020-01-01T00:00:00Z'),
  });
  const cra = (by: RecordText, from: string, reason?: string): ExpectedDuty[] =>
    [
      ['early-warning', 'awareness', 'missed', '2026-09-11T22:00:00Z'],
      ['notification', 'awareness', 'missed', '2026-09-13T22:00:00Z'],
      ['final', 'prior-stage-submission', 'not-started', undefined],
    ].map(([stage, event, status, due]) => ({
      ...{ profile: 'cra-incident', stage: stage as string, event: event as string },
      status: reason === undefined ? (status as string) : 'no-clock',
      ...(reason !== undefined && { reason }),
      ...(reason === undefined && due !== undefined && { due }),
      ...(event === 'awareness' && { from: [from, by] as const }),
      ...(stage === 'early-warning' && { report: [ISSUED, by] as const }),
    }));
  return [
    dutyCase(
      'What is pending sets no clock, and is shown as pending.',
      { incidents: [bare], profiles: ['us-circia'], at: AT },
      {
        profiles: [{ profile: 'us-circia', standing: 'pending', assumed: ['country'] }],
        duties: [
          {
            ...{ profile: 'us-circia', stage: 'report', status: 'no-clock', reason: 'pending' },
            ...{ event: 'reasonable-belief', report: [ISSUED, bare] },
          },
          {
            ...{ profile: 'us-circia', stage: 'payment', status: 'no-clock', reason: 'pending' },
            event: 'payment-made',
          },
          {
            ...{ profile: 'us-circia', stage: 'supplement', status: 'no-clock', reason: 'pending' },
            ...{ event: 'prior-stage-submission', from: [ISSUED, bare], modifiers: ['whereNecessary'] },
          },
        ],
      },
    ),
    dutyCase(
      'What is pending takes the place of nothing: the GDPR with its 72 hours stands.',
      { incidents: [bare], profiles: ['gdpr', 'gdpr-omnibus'], at: AT },
      {
        profiles: [{ profile: 'gdpr' }, { profile: 'gdpr-omnibus', standing: 'pending' }],
        duties: [
          {
            ...{ profile: 'gdpr', stage: 'notification', status: 'pending', event: 'awareness' },
            ...{ from: [AWARE, bare], due: '2026-11-26T11:00:00Z' },
          },
          {
            ...{ profile: 'gdpr-omnibus', stage: 'notification', status: 'no-clock', reason: 'pending' },
            ...{ event: 'awareness', from: [AWARE, bare] },
          },
        ],
      },
    ),
    dutyCase(
      'A second before the first day of a law, by local time.',
      { incidents: [before], profiles: ['cra-incident'], clocks: CENTRAL, at: AT },
      {
        profiles: [{ profile: 'cra-incident', standing: 'not-yet' }],
        duties: cra(before, '2026-09-10T21:59:59Z', 'not-yet'),
      },
    ),
    dutyCase(
      'The first second of the first day of a law, by local time.',
      { incidents: [since], profiles: ['cra-incident'], clocks: CENTRAL, at: AT },
      { profiles: [{ profile: 'cra-incident' }], duties: cra(since, '2026-09-10T22:00:00Z') },
    ),
    dutyCase(
      'Where nobody says when the issuer was aware, the date is that of noticing.',
      { incidents: [noticed], profiles: ['in-certin'], at: AT },
      {
        profiles: [{ profile: 'in-certin', standing: 'not-yet', assumed: ['country'] }],
        duties: [
          {
            ...{
              profile: 'in-certin',
              stage: 'report',
              status: 'no-clock',
              reason: 'not-yet',
              event: 'noticing',
            },
            ...{ from: ['2020-01-01T00:00:00Z', noticed], report: [ISSUED, noticed] },
          },
        ],
      },
    ),
    dutyCase(
      'A treaty without a limit.',
      { incidents: [bare], profiles: ['afr-malabo', 'osce'], at: AT },
      {
        profiles: [
          { profile: 'afr-malabo', standing: 'no-clock' },
          { profile: 'osce', standing: 'no-clock' },
        ],
      },
    ),
  ];
}

function events(): readonly ValidCase[] {
  const one = (
    comment: string,
    issued: readonly RecordText[],
    profile: string,
    duties: readonly Omit<ExpectedDuty, 'profile'>[],
    more: { readonly at?: string; readonly assumed?: readonly string[] } = {},
  ): ValidCase =>
    dutyCase(
      comment,
      { incidents: issued, profiles: [profile], clocks: CENTRAL, at: more.at ?? AT },
      {
        profiles: [{ profile, assumed: more.assumed ?? ['country'] }],
        duties: duties.map((each) => ({ profile, ...each })),
      },
    );
  const bare = incident(ISSUED);
  const noticed = incident(ISSUED, { noticedAt: utc('2026-11-23T12:00:00Z') });
  const happened = incident(ISSUED, { occurredAt: utc('2026-11-20T12:00:00Z') });
  const material = incident(ISSUED, { materialAt: utc('2026-12-23T15:00:00Z') });
  const paid = incident('2026-11-25T12:00:00Z', { paidAt: utc('2026-11-24T12:00:00Z') });
  const fixed = incident('2026-11-25T12:00:00Z', {
    fixAvailableAt: utc('2026-11-25T11:00:00Z'),
    sectors: ['manufacturing'],
  });
  const determined = incident(ISSUED, { significantAt: utc('2026-11-23T16:00:00Z'), sectors: ['health'] });
  const ended = incident('2026-11-26T10:00:00Z', {
    ...{ stage: 'progress', significantAt: utc('2026-11-23T16:00:00Z'), sectors: ['health'] },
    impactEndedAt: utc('2026-11-25T16:00:00Z'),
  });
  const italian = incident(ISSUED, { sectors: ['health'] });
  const notified = incident('2026-11-26T17:00:00Z', { stage: 'notification', sectors: ['health'] });
  return [
    one('An event that nobody states: awareness does not stand for noticing.', [bare], 'in-certin', [
      { stage: 'report', status: 'anchor-unknown', event: 'noticing', report: [ISSUED, bare] },
    ]),
    one('6 hours from noticing.', [noticed], 'in-certin', [
      {
        ...{ stage: 'report', status: 'met', event: 'noticing', from: ['2026-11-23T12:00:00Z', noticed] },
        ...{ due: '2026-11-23T18:00:00Z', report: [ISSUED, noticed] },
      },
    ]),
    one('72 hours from the occurrence.', [happened], 'ng', [
      {
        ...{
          stage: 'report',
          status: 'missed',
          event: 'occurrence',
          from: ['2026-11-20T12:00:00Z', happened],
        },
        ...{ due: '2026-11-23T12:00:00Z', report: [ISSUED, happened] },
      },
    ]),
    one('4 working days over Christmas; an authority may put the limit off.', [material], 'us-sec-8k', [
      {
        ...{ stage: 'disclosure', status: 'met', event: 'materiality-determination' },
        ...{
          from: ['2026-12-23T15:00:00Z', material],
          due: '2026-12-30T15:00:00Z',
          report: [ISSUED, material],
        },
        modifiers: ['delayByAuthority'],
      },
    ]),
    one('Nobody has paid, as far as is told.', [bare], 'au-ransom', [
      { stage: 'payment', status: 'not-started', event: 'payment-made' },
    ]),
    one(
      'A payment is reported by the record that states it.',
      [bare, paid],
      'au-ransom',
      [
        {
          ...{ stage: 'payment', status: 'met', event: 'payment-made', from: ['2026-11-24T12:00:00Z', paid] },
          ...{ due: '2026-11-27T12:00:00Z', report: ['2026-11-25T12:00:00Z', paid] },
        },
      ],
      { at: '2026-11-26T00:00:00Z' },
    ),
    one(
      '14 days from when a fix is available.',
      [fixed],
      'cra-vulnerability',
      [
        {
          ...{ stage: 'early-warning', status: 'missed', event: 'awareness', from: [AWARE, fixed] },
          ...{ due: '2026-11-24T11:00:00Z', report: ['2026-11-25T12:00:00Z', fixed] },
        },
        {
          ...{ stage: 'notification', status: 'pending', event: 'awareness', from: [AWARE, fixed] },
          due: '2026-11-26T11:00:00Z',
        },
        {
          ...{ stage: 'final', status: 'pending', event: 'fix-available' },
          ...{ from: ['2026-11-25T11:00:00Z', fixed], due: '2026-12-09T11:00:00Z' },
        },
      ],
      { at: '2026-11-26T00:00:00Z', assumed: [] },
    ),
    one(
      'Portugal: from the determination, a notice of the end of impact, 30 working days from there.',
      [determined, ended],
      'nis2-pt',
      [
        {
          ...{ stage: 'early-warning', status: 'met', event: 'significance-determination' },
          ...{
            from: ['2026-11-23T16:00:00Z', ended],
            due: '2026-11-24T16:00:00Z',
            report: [ISSUED, determined],
          },
        },
        {
          ...{
            stage: 'update',
            status: 'no-clock',
            reason: 'whereNecessary',
            event: 'prior-stage-submission',
          },
          ...{ from: [ISSUED, determined], modifiers: ['whereNecessary'] },
        },
        {
          ...{ stage: 'end-of-impact', status: 'met', event: 'end-of-impact' },
          ...{ from: ['2026-11-25T16:00:00Z', ended], due: '2026-11-26T16:00:00Z' },
          report: ['2026-11-26T10:00:00Z', ended],
        },
        {
          ...{ stage: 'final', status: 'pending', event: 'end-of-impact' },
          ...{ from: ['2026-11-25T16:00:00Z', ended], due: '2027-01-08T16:00:00Z' },
        },
      ],
      { at: '2026-12-01T00:00:00Z' },
    ),
    one(
      'Italy: 72 hours from the early warning, not from awareness.',
      [italian, notified],
      'nis2-it',
      [
        {
          ...{ stage: 'early-warning', status: 'met', event: 'awareness', from: [AWARE, notified] },
          ...{ due: '2026-11-24T11:00:00Z', report: [ISSUED, italian] },
        },
        {
          ...{
            stage: 'notification',
            status: 'met',
            event: 'prior-stage-submission',
            from: [ISSUED, italian],
          },
          ...{ due: '2026-11-26T18:00:00Z', report: ['2026-11-26T17:00:00Z', notified] },
        },
        {
          ...{
            stage: 'intermediate',
            status: 'no-clock',
            reason: 'onRequest',
            event: 'prior-stage-submission',
          },
          ...{ from: ['2026-11-26T17:00:00Z', notified], modifiers: ['onRequest'] },
        },
        {
          ...{ stage: 'final', status: 'pending', event: 'prior-stage-submission' },
          ...{ from: ['2026-11-26T17:00:00Z', notified], due: '2026-12-26T17:00:00Z' },
        },
      ],
      { at: '2026-12-01T00:00:00Z' },
    ),
  ];
}

export function lawVectors(): readonly VectorFile[] {
  const file = (name: string, cases: readonly ValidCase[]): VectorFile => ({
    ...{ topic: 'duties', name, op: 'duty.status', grammar: DUTY_GRAMMAR, valid: cases },
  });
  return [file('status-laws', choices()), file('status-force', force()), file('status-events', events())];
}
