// duty.status: limits, caps, relief, lateness, ongoing incidents (duties.md §5).

import type { RecordText } from '../record/text.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import { CENTRAL, utc } from './calendars.ts';
import { AWARE, DUTY_GRAMMAR, delayed, dutyCase, type ExpectedDuty, incident } from './incidents.ts';

const WARNED = '2026-11-23T18:00:00Z';
const NOTIFIED = '2026-11-26T10:00:00Z';
const nis2 = { profiles: ['nis2'] };
const underNis2 = [{ profile: 'nis2', assumed: ['sectors'] }] as const;

const warning = incident(WARNED);
const notification = incident(NOTIFIED, { stage: 'notification' });

type More = Partial<ExpectedDuty>;

const early = (status: string, more: More = {}): ExpectedDuty => ({
  ...{ profile: 'nis2', stage: 'early-warning', status, event: 'awareness' },
  ...{ from: [AWARE, warning], due: '2026-11-24T11:00:00Z' },
  ...more,
});
const notify = (status: string, more: More = {}): ExpectedDuty => ({
  ...{ profile: 'nis2', stage: 'notification', status, event: 'awareness' },
  ...{ from: [AWARE, warning], due: '2026-11-26T11:00:00Z' },
  ...more,
});
const intermediate = (more: More = {}): ExpectedDuty => ({
  ...{ profile: 'nis2', stage: 'intermediate', status: 'no-clock', reason: 'onRequest' },
  ...{ event: 'prior-stage-submission', modifiers: ['onRequest'] },
  ...more,
});
const final = (status: string, more: More = {}): ExpectedDuty => ({
  ...{ profile: 'nis2', stage: 'final', status, event: 'prior-stage-submission' },
  ...more,
});

/** The first stages, met by the warning and the notification. */
function firstTwo(by: RecordText): ExpectedDuty[] {
  return [
    early('met', { from: [AWARE, by], report: [WARNED, warning] }),
    notify('met', { from: [AWARE, by], report: [NOTIFIED, notification] }),
  ];
}

function nis2Stages(): readonly ValidCase[] {
  const both = [warning, notification];
  const from = { from: [NOTIFIED, notification] } as const;
  const report = incident('2026-12-20T10:00:00Z', { stage: 'final' });
  const late = incident('2026-12-27T10:00:00Z', { stage: 'final' });
  const only = incident('2026-11-24T11:00:00Z', { stage: 'final' });
  return [
    dutyCase(
      'After the early warning.',
      { incidents: [warning], ...nis2, at: '2026-11-24T00:00:00Z' },
      {
        profiles: underNis2,
        duties: [
          early('met', { report: [WARNED, warning] }),
          notify('pending'),
          intermediate(),
          final('not-started'),
        ],
      },
    ),
    dutyCase(
      'The notification is due in the very second of its limit, and missed a second later: before.',
      { incidents: [warning], ...nis2, at: '2026-11-26T11:00:00Z' },
      {
        profiles: underNis2,
        duties: [
          early('met', { report: [WARNED, warning] }),
          notify('pending'),
          intermediate(),
          final('not-started'),
        ],
      },
    ),
    dutyCase(
      'The notification is due in the very second of its limit, and missed a second later: after.',
      { incidents: [warning], ...nis2, at: '2026-11-26T11:00:01Z' },
      {
        profiles: underNis2,
        duties: [
          early('met', { report: [WARNED, warning] }),
          notify('missed'),
          intermediate(),
          final('not-started'),
        ],
      },
    ),
    dutyCase(
      'The month of the final report is counted from the notification and not from awareness.',
      { incidents: both, ...nis2, at: '2026-12-01T00:00:00Z' },
      {
        profiles: underNis2,
        duties: [
          ...firstTwo(notification),
          intermediate(from),
          final('pending', { ...from, due: '2026-12-26T10:00:00Z' }),
        ],
      },
    ),
    dutyCase(
      'The final report in time.',
      { incidents: [...both, report], ...nis2, at: '2027-01-01T00:00:00Z' },
      {
        profiles: underNis2,
        duties: [
          ...firstTwo(report),
          intermediate({ ...from, report: ['2026-12-20T10:00:00Z', report] }),
          final('met', { ...from, due: '2026-12-26T10:00:00Z', report: ['2026-12-20T10:00:00Z', report] }),
        ],
      },
    ),
    dutyCase(
      'The final report too late.',
      { incidents: [...both, late], ...nis2, at: '2027-01-01T00:00:00Z' },
      {
        profiles: underNis2,
        duties: [
          ...firstTwo(late),
          intermediate({ ...from, report: ['2026-12-27T10:00:00Z', late] }),
          final('missed', { ...from, due: '2026-12-26T10:00:00Z', report: ['2026-12-27T10:00:00Z', late] }),
        ],
      },
    ),
    dutyCase(
      'One final report meets every stage.',
      { incidents: [only], ...nis2, at: '2026-12-01T00:00:00Z' },
      {
        profiles: underNis2,
        duties: [
          early('met', { from: [AWARE, only], report: ['2026-11-24T11:00:00Z', only] }),
          notify('met', { from: [AWARE, only], report: ['2026-11-24T11:00:00Z', only] }),
          intermediate({ from: ['2026-11-24T11:00:00Z', only], report: ['2026-11-24T11:00:00Z', only] }),
          final('met', {
            ...{ from: ['2026-11-24T11:00:00Z', only], due: '2026-12-24T11:00:00Z' },
            report: ['2026-11-24T11:00:00Z', only],
          }),
        ],
      },
    ),
  ];
}

function ongoing(): readonly ValidCase[] {
  const from = { from: [NOTIFIED, notification] } as const;
  const due = '2026-12-26T10:00:00Z';
  const told = '2026-12-20T10:00:00Z';
  const progress = incident(told, { stage: 'progress' });
  const ended = incident('2027-02-01T10:00:00Z', {
    stage: 'progress',
    resolvedAt: utc('2027-01-30T23:30:00Z'),
  });
  const early2 = incident('2026-12-10T10:00:00Z', {
    stage: 'intermediate',
    resolvedAt: utc('2026-12-09T10:00:00Z'),
  });
  const silent = incident('2027-02-02T10:00:00Z', {
    stage: 'final',
    resolvedAt: utc('2027-01-31T10:00:00Z'),
  });
  const inPlace = (status: string, more: More): ExpectedDuty =>
    final(status, { ...from, stage: 'progress', due, ...more });
  const anew = (status: string, more: More = {}): ExpectedDuty =>
    final(status, { event: 'resolution', ...more });
  return [
    dutyCase(
      'A report of progress in place of the final one, which waits for the end of handling.',
      { incidents: [warning, notification, progress], ...nis2, at: '2027-01-20T00:00:00Z' },
      {
        profiles: underNis2,
        duties: [
          ...firstTwo(progress),
          intermediate(from),
          inPlace('met', { report: [told, progress] }),
          anew('not-started'),
        ],
      },
    ),
    dutyCase(
      'The final report is due a month after the end of handling: 28 February after 31 January, by local time.',
      {
        incidents: [warning, notification, progress, ended],
        ...nis2,
        clocks: CENTRAL,
        at: '2027-02-10T00:00:00Z',
      },
      {
        profiles: underNis2,
        duties: [
          ...firstTwo(ended),
          intermediate(from),
          inPlace('met', { report: [told, progress] }),
          anew('pending', { from: ['2027-01-30T23:30:00Z', ended], due: '2027-02-27T23:30:00Z' }),
        ],
      },
    ),
    dutyCase(
      'What ended before the limit is not ongoing.',
      { incidents: [warning, notification, early2], ...nis2, at: '2026-12-15T00:00:00Z' },
      {
        profiles: underNis2,
        duties: [
          ...firstTwo(early2),
          intermediate({ ...from, report: ['2026-12-10T10:00:00Z', early2] }),
          final('pending', { ...from, due }),
        ],
      },
    ),
    dutyCase(
      'What went on at the limit without a report of progress.',
      { incidents: [warning, notification, silent], ...nis2, at: '2027-02-10T00:00:00Z' },
      {
        profiles: underNis2,
        duties: [
          ...firstTwo(silent),
          intermediate({ ...from, report: ['2027-02-02T10:00:00Z', silent] }),
          inPlace('missed', { report: ['2027-02-02T10:00:00Z', silent] }),
          anew('met', {
            ...{ from: ['2027-01-31T10:00:00Z', silent], due: '2027-02-28T10:00:00Z' },
            report: ['2027-02-02T10:00:00Z', silent],
          }),
        ],
      },
    ),
  ];
}

function dora(): readonly ValidCase[] {
  const given = { profiles: ['dora'] };
  const sectors = (...names: string[]) => ({ sectors: names });
  const named = { profiles: [{ profile: 'dora' }] };
  const rest = (initial: RecordText | undefined, at: string, more: readonly [More, More] = [{}, {}]) => [
    {
      ...{ profile: 'dora', stage: 'intermediate', event: 'prior-stage-submission', status: 'not-started' },
      ...(initial && { from: [at, initial] as const }),
      ...more[0],
    },
    {
      ...{ profile: 'dora', stage: 'final', event: 'prior-stage-submission', status: 'not-started' },
      ...more[1],
    },
  ];
  const initial = (status: string, more: More): ExpectedDuty => ({
    ...{ profile: 'dora', stage: 'initial', status, event: 'classification' },
    ...more,
  });
  const classified = (at: string, issuedAt = WARNED, more = {}) =>
    incident(issuedAt, { classifiedAt: utc(at), ...sectors('banking'), ...more });
  const soon = classified('2026-11-23T17:00:00Z');
  const near = classified('2026-11-24T10:00:00Z', '2026-11-24T10:30:00Z');
  const after = classified('2026-11-24T12:00:00Z', '2026-11-24T15:00:00Z');
  const open = incident(WARNED, sectors('banking'));
  const first = classified('2026-11-23T17:00:00Z', WARNED);
  const update = (at: string, more = {}) => incident(at, { stage: 'intermediate', ...more });
  const updates = ['2026-11-25T10:00:00Z', '2026-12-02T10:00:00Z'].map((at) => update(at));
  const [one, two] = updates as [RecordText, RecordText];
  const done = incident('2027-01-04T10:30:00Z', { stage: 'final' });
  const weekend = (names: readonly string[]) =>
    incident('2026-11-26T09:00:00Z', {
      ...{ awareAt: utc('2026-11-26T08:00:00Z'), classifiedAt: utc('2026-11-26T08:30:00Z') },
      ...(names.length > 0 && { sectors: names }),
    });
  const relief = (comment: string, names: readonly string[], due: string): ValidCase => {
    const issued = weekend(names);
    const at = '2026-11-26T09:00:00Z';
    return dutyCase(
      comment,
      { incidents: [issued], ...given, clocks: CENTRAL, at: '2026-11-27T00:00:00Z' },
      {
        profiles: [{ profile: 'dora', ...(names.length === 0 && { assumed: ['sectors'] }) }],
        duties: [
          initial('met', {
            ...{ from: ['2026-11-26T08:30:00Z', issued], due: '2026-11-26T12:30:00Z', report: [at, issued] },
          }),
          ...rest(issued, at, [{ status: 'pending', due }, {}]),
        ],
      },
    );
  };
  return [
    dutyCase(
      '4 hours from classification.',
      { incidents: [soon], ...given, at: '2026-11-23T20:00:00Z' },
      {
        ...named,
        duties: [
          initial('met', {
            ...{ from: ['2026-11-23T17:00:00Z', soon], due: '2026-11-23T21:00:00Z', report: [WARNED, soon] },
          }),
          ...rest(soon, WARNED, [{ status: 'pending', due: '2026-11-26T18:00:00Z' }, {}]),
        ],
      },
    ),
    dutyCase(
      'The cap of 24 hours from awareness.',
      { incidents: [near], ...given, at: '2026-11-24T11:00:00Z' },
      {
        ...named,
        duties: [
          initial('met', {
            ...{ from: ['2026-11-24T10:00:00Z', near], due: '2026-11-24T11:00:00Z' },
            report: ['2026-11-24T10:30:00Z', near],
          }),
          ...rest(near, '2026-11-24T10:30:00Z', [{ status: 'pending', due: '2026-11-27T10:30:00Z' }, {}]),
        ],
      },
    ),
    dutyCase(
      'Classified after the cap has ended: 4 hours are left.',
      { incidents: [after], ...given, at: '2026-11-24T16:00:00Z' },
      {
        ...named,
        duties: [
          initial('met', {
            ...{ from: ['2026-11-24T12:00:00Z', after], due: '2026-11-24T16:00:00Z' },
            report: ['2026-11-24T15:00:00Z', after],
          }),
          ...rest(after, '2026-11-24T15:00:00Z', [{ status: 'pending', due: '2026-11-27T15:00:00Z' }, {}]),
        ],
      },
    ),
    dutyCase(
      'Not classified: the end of the cap is said.',
      { incidents: [open], ...given, at: WARNED },
      {
        ...named,
        duties: [
          initial('not-started', { cap: '2026-11-24T11:00:00Z', report: [WARNED, open] }),
          ...rest(open, WARNED, [{ status: 'pending', due: '2026-11-26T18:00:00Z' }, {}]),
        ],
      },
    ),
    dutyCase(
      'The month runs from the last intermediate report before the final one; its end, a Saturday, moves for all.',
      { incidents: [first, one, two, done], ...given, clocks: CENTRAL, at: '2027-02-01T00:00:00Z' },
      {
        ...named,
        duties: [
          initial('met', {
            ...{ from: ['2026-11-23T17:00:00Z', first], due: '2026-11-23T21:00:00Z' },
            report: [WARNED, first],
          }),
          ...rest(first, WARNED, [
            { status: 'met', due: '2026-11-26T18:00:00Z', report: ['2026-11-25T10:00:00Z', one] },
            {
              ...{ status: 'met', from: ['2026-12-02T10:00:00Z', two], due: '2027-01-04T11:00:00Z' },
              report: ['2027-01-04T10:30:00Z', done],
            },
          ]),
        ],
      },
    ),
    relief('A bank has no relief on a Sunday.', ['banking'], '2026-11-29T09:00:00Z'),
    relief(
      'Noon of Monday for an entity that NIS2 does not name.',
      ['financial-services'],
      '2026-11-30T11:00:00Z',
    ),
    relief(
      'No relief where NIS2 names it too.',
      ['financial-services', 'energy/oil'],
      '2026-11-29T09:00:00Z',
    ),
    relief('No relief where nobody says what it is.', [], '2026-11-29T09:00:00Z'),
  ];
}

function lateness(): readonly ValidCase[] {
  const given = { profiles: ['gdpr'], at: '2026-12-01T00:00:00Z' };
  const gdpr = (status: string, more: More): ExpectedDuty => ({
    ...{ profile: 'gdpr', stage: 'notification', status, event: 'awareness', due: '2026-11-26T11:00:00Z' },
    ...more,
  });
  const at = '2026-11-27T11:00:00Z';
  const plain = incident(at, { stage: 'notification' });
  const explained = incident(at, { stage: 'notification', delays: delayed('notification') });
  const others = incident(at, { stage: 'notification', delays: delayed('final') });
  const foreign = incident(at, { stage: 'notification', delays: delayed('notification', 'dora') });
  const own = incident(at, { stage: 'notification', delays: delayed('notification', 'gdpr') });
  const afterwards = incident('2026-11-28T11:00:00Z', {
    stage: 'notification',
    delays: delayed('notification'),
  });
  const case1 = (comment: string, issued: RecordText, status: string, explains: boolean): ValidCase =>
    dutyCase(
      comment,
      { incidents: [issued], ...given },
      {
        profiles: [{ profile: 'gdpr' }],
        duties: [
          gdpr(status, {
            from: [AWARE, issued],
            report: [at, issued],
            ...(explains && { explanation: issued }),
          }),
        ],
      },
    );
  const said = incident('2026-11-23T13:00:00Z', {
    ...{ classifiedAt: utc('2026-11-23T12:00:00Z'), sectors: ['banking'] },
    ...{ stage: 'early-warning', delays: delayed('intermediate', 'dora') },
  });
  const tooLate = incident('2026-11-26T14:00:00Z', {
    stage: 'early-warning',
    delays: delayed('intermediate'),
  });
  const unsaid = incident('2026-11-23T13:00:00Z', {
    ...{ classifiedAt: utc('2026-11-23T12:00:00Z'), sectors: ['banking'] },
  });
  const dora = (issued: RecordText, more: More): ExpectedDuty[] =>
    [
      {
        ...{ profile: 'dora', stage: 'initial', event: 'classification', status: 'met' },
        ...{ from: ['2026-11-23T12:00:00Z', issued], due: '2026-11-23T16:00:00Z' },
        report: ['2026-11-23T13:00:00Z', issued],
      },
      {
        ...{ profile: 'dora', stage: 'intermediate', event: 'prior-stage-submission', status: 'missed' },
        ...{ from: ['2026-11-23T13:00:00Z', issued], due: '2026-11-26T13:00:00Z' },
        ...more,
      },
      { profile: 'dora', stage: 'final', event: 'prior-stage-submission', status: 'not-started' },
    ].map((each) => each as ExpectedDuty);
  return [
    case1('Late, without a reason.', plain, 'missed', false),
    case1('Late, with a reason in the report.', explained, 'late-explained', true),
    case1('A reason for another stage.', others, 'missed', false),
    case1('A reason under another law.', foreign, 'missed', false),
    case1('A reason under this law.', own, 'late-explained', true),
    dutyCase(
      'A reason that comes after the late report, of the same stage.',
      { incidents: [plain, afterwards], ...given },
      {
        profiles: [{ profile: 'gdpr' }],
        duties: [gdpr('missed', { from: [AWARE, afterwards], report: [at, plain] })],
      },
    ),
    dutyCase(
      'A law that wants to be told before the limit: told in time, and the report is still to come.',
      { incidents: [said], profiles: ['dora'], at: '2026-11-30T00:00:00Z' },
      {
        profiles: [{ profile: 'dora' }],
        duties: dora(said, { status: 'late-explained', explanation: said }),
      },
    ),
    dutyCase(
      'A law that wants to be told before the limit: told an hour after it.',
      { incidents: [unsaid, tooLate], profiles: ['dora'], at: '2026-11-30T00:00:00Z' },
      { profiles: [{ profile: 'dora' }], duties: dora(unsaid, {}) },
    ),
  ];
}

export function stageVectors(): readonly VectorFile[] {
  const file = (name: string, cases: readonly ValidCase[]): VectorFile => ({
    ...{ topic: 'duties', name, op: 'duty.status', grammar: DUTY_GRAMMAR, valid: cases },
  });
  return [
    file('status-stages', nis2Stages()),
    file('status-ongoing', ongoing()),
    file('status-caps-and-relief', dora()),
    file('status-late', lateness()),
  ];
}
