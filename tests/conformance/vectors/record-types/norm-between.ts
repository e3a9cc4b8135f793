// norm.between: treaties and voluntary norms between two states (record-types.md 8.21 to 8.24).

import { invalid } from '../record/inputs.ts';
import { arcadia, BEGIN_SECONDS, borealis } from '../states.ts';
import type { InvalidCase, ValidCase, VectorFile } from '../vector.ts';
import {
  BETWEEN_GRAMMAR,
  betweenCase,
  betweenInput,
  type ExpectedRow,
  voluntaryCase,
} from './between-inputs.ts';
import { whole } from './norm-inputs.ts';
import { caldera, commitment, day, endorsed, norm, voluntary, without } from './norm-records.ts';
import { done } from './treaty-acts.ts';

const nothing: readonly ExpectedRow[] = [
  ['p1', 'nothing'],
  ['p2', 'nothing'],
];

function relations(): readonly ValidCase[] {
  const about = norm({ threshold: 2, delayDays: 5, noticePeriodDays: 30, salt: 'relations' });
  const open = norm({ salt: 'relations' });
  const mine = done(about, 'ratify', 1).text;
  const theirs = done(about, 'accept', 2, borealis).text;
  const third = done(about, 'approve', 2, caldera).text;
  const left = done(about, 'withdraw', 10, borealis).text;
  const said = done(about, 'interpret', 3, arcadia, { provisions: ['p2'] }).text;
  const part = done(about, 'ratify', 1, arcadia, { provisions: ['p2'] }).text;
  const free = done(open, 'ratify', 1).text;
  return [
    betweenCase(
      'Nothing is said about entry into force.',
      { norm: open, commitments: [free], atSeconds: day(9) },
      { relation: 'entry-not-stated', standings: [['consented', day(1)], ['none']], rows: nothing },
    ),
    betweenCase(
      'The threshold is not reached.',
      { norm: about, commitments: [mine], atSeconds: day(9) },
      { relation: 'not-in-force', standings: [['consented', day(1)], ['none']], rows: nothing },
    ),
    betweenCase(
      'The delay runs.',
      { norm: about, commitments: [mine, theirs], atSeconds: day(7) - 1 },
      {
        relation: 'not-in-force',
        inForceFrom: day(7),
        standings: [
          ['consented', day(1)],
          ['consented', day(2)],
        ],
        rows: nothing,
      },
    ),
    betweenCase(
      'One of the two is not a party.',
      { norm: about, commitments: [mine, third], atSeconds: day(7) },
      { relation: 'not-both-bound', standings: [['bound', day(7)], ['none']], rows: nothing },
    ),
    betweenCase(
      'A second before the notice of one is over.',
      { norm: about, commitments: [mine, theirs, left], atSeconds: day(40) - 1 },
      {
        relation: 'bound',
        since: day(7),
        rows: [
          ['p1', 'applies'],
          ['p2', 'applies'],
        ],
      },
    ),
    betweenCase(
      'The notice is over. The treaty stays in force, and not between the two.',
      { norm: about, commitments: [mine, theirs, left], atSeconds: day(40) },
      {
        relation: 'not-both-bound',
        standings: [
          ['bound', day(7)],
          ['withdrawn', day(40)],
        ],
        rows: nothing,
      },
    ),
    betweenCase(
      'An interpretation changes nothing. The two are named the other way round.',
      { norm: about, commitments: [mine, theirs, said], atSeconds: day(9), pair: [borealis, arcadia] },
      {
        relation: 'bound',
        since: day(7),
        rows: [
          ['p1', 'applies'],
          ['p2', 'applies', [], [said]],
        ],
      },
    ),
    betweenCase(
      'Consent to one provision.',
      { norm: about, commitments: [part, theirs], atSeconds: day(9) },
      {
        relation: 'bound',
        since: day(7),
        rows: [
          ['p1', 'not-consented'],
          ['p2', 'applies'],
        ],
      },
    ),
  ];
}

function voluntaryNorms(): readonly ValidCase[] {
  const says = (act: string, by = borealis, fields: Parameters<typeof commitment>[2] = {}) =>
    commitment(voluntary, act, fields, { by });
  const theirs = says('endorse');
  const partly = says('endorse', borealis, { provisions: ['p2'] });
  const position = says('national-position', borealis, { provisions: ['p1'] });
  const variance = says('declared-variance', borealis, {
    provisions: ['p2'],
    legalBasis: 'Constitution, article 12',
  });
  const since = { endorsedSince: BEGIN_SECONDS };
  const both = [
    ['endorsed', BEGIN_SECONDS],
    ['endorsed', BEGIN_SECONDS],
  ] as const;
  return [
    voluntaryCase(
      'Both have endorsed it; one has a position, and a variance with its legal basis: a difference.',
      { norm: voluntary, commitments: [endorsed, theirs, position, variance], atSeconds: day(9) },
      {
        standings: both,
        rows: [
          ['p1', 'shared', since, { ...since, positions: [position] }],
          [
            'p2',
            'difference',
            since,
            { ...since, variances: [{ of: variance, legalBasis: 'Constitution, article 12' }] },
          ],
        ],
      },
    ),
    voluntaryCase(
      'One of the two has endorsed one provision.',
      { norm: voluntary, commitments: [endorsed, partly], atSeconds: day(9) },
      {
        standings: both,
        rows: [
          ['p1', 'one-sided', since, {}],
          ['p2', 'shared', since, since],
        ],
      },
    ),
    voluntaryCase(
      'Neither has said anything.',
      { norm: voluntary, atSeconds: day(9) },
      {
        standings: [['none'], ['none']],
        rows: [
          ['p1', 'not-endorsed', {}, {}],
          ['p2', 'not-endorsed', {}, {}],
        ],
      },
    ),
    voluntaryCase(
      'A view without the legal basis: it may be there.',
      { norm: voluntary, commitments: [endorsed, without(variance, 'legalBasis')], atSeconds: day(9) },
      {
        standings: [both[0], ['none']],
        unknown: [[variance, 'legalBasis', 'effectiveAt']],
        rows: [
          ['p1', 'one-sided', since, {}],
          ['p2', 'one-sided', since, { variances: [{ of: variance }] }],
        ],
      },
    ),
  ];
}

function uncertain(): readonly ValidCase[] {
  const about = norm({ threshold: 2, salt: 'uncertain' });
  const at = { effectiveAt: day(1) };
  const mine = done(about, 'ratify', 1, arcadia).text;
  const theirs = done(about, 'accede', 1, borealis).text;
  const third = done(about, 'accede', 1, caldera).text;
  const reserved = done(about, 'reserve', 1, arcadia, { provisions: ['p1'] }).text;
  const later = done(about, 'reserve', 3, arcadia, { provisions: ['p1'] }).text;
  const objected = done(about, 'object', 2, borealis, {
    ...at,
    provisions: ['p1'],
    toReservation: reserved,
    opposesEntry: true,
  }).text;
  const foreign = done(about, 'object', 4, caldera, { ...at, toReservation: later }).text;
  const end = day(1 + 365);
  const open: readonly ExpectedRow[] = [
    ['p1', 'open', [{ of: reserved, outcome: 'open', until: end }]],
    ['p2', 'applies'],
  ];
  const all = [mine, theirs, reserved];
  return [
    betweenCase(
      'An objection that does not say to what.',
      {
        norm: about,
        commitments: [...all, without(objected, 'toReservation')],
        atSeconds: day(9),
      },
      {
        relation: 'bound',
        since: day(1),
        aboutNone: [objected],
        unknown: [[objected, 'toReservation']],
        rows: open,
      },
    ),
    betweenCase(
      'An objection that does not say whether it opposes entry into force.',
      { norm: about, commitments: [...all, without(objected, 'opposesEntry')], atSeconds: day(9) },
      {
        relation: 'bound',
        since: day(1),
        unknown: [[objected, 'opposesEntry']],
        rows: [
          ['p1', 'excluded', [{ of: reserved, outcome: 'objected', objections: [objected] }]],
          ['p2', 'applies'],
        ],
      },
    ),
    betweenCase(
      'A record of one of the two that does not say what it does, one that does not say about what, and one of a third state.',
      {
        norm: about,
        commitments: [
          ...all,
          without(objected, 'act'),
          without(later, 'norm'),
          without(foreign, 'act'),
          without(third, 'effectiveAt'),
        ],
        atSeconds: day(9),
      },
      {
        relation: 'bound',
        since: day(1),
        unknown: [
          [objected, 'act'],
          [later, 'norm'],
          [third, 'effectiveAt'],
        ],
        rows: open,
      },
    ),
    betweenCase(
      'A late reservation: whether the consent confirms it, and what a third state says, would have to be known.',
      {
        norm: about,
        commitments: [without(mine, 'confirms'), theirs, third, later, without(foreign, 'toReservation')],
        atSeconds: day(9),
      },
      {
        relation: 'bound',
        since: day(1),
        unknown: [
          [mine, 'provisions', 'effectiveAt', 'confirms'],
          [foreign, 'toReservation'],
        ],
        rows: [
          ['p1', 'applies', [{ of: later, outcome: 'late-open', until: day(3 + 365) }]],
          ['p2', 'applies'],
        ],
      },
    ),
  ];
}

function refused(): readonly InvalidCase[] {
  const theirs = commitment(voluntary, 'endorse', {}, { by: borealis });
  const changed = Buffer.from(whole(theirs));
  changed[changed.length - 1] = (changed.at(-1) as number) ^ 1;
  return [
    invalid(
      'identity.unknown-key',
      'charter 6.6',
      'The key of a state is not known that has endorsed the norm, and is none of the two.',
      betweenInput({
        norm: voluntary,
        commitments: [commitment(voluntary, 'endorse', {}, { by: caldera })],
        atSeconds: day(9),
        states: [arcadia, borealis],
      }),
    ),
    invalid(
      'ed25519.bad-signature',
      'keys 2.5',
      'A bit of the signature of an endorsement is changed.',
      betweenInput({ norm: voluntary, commitments: [endorsed, changed], atSeconds: day(9) }),
    ),
  ];
}

export function normBetweenVectors(): readonly VectorFile[] {
  const file = { topic: 'record-types', op: 'norm.between', grammar: BETWEEN_GRAMMAR };
  return [
    { ...file, name: 'between-relations', valid: relations() },
    { ...file, name: 'between-voluntary', valid: voluntaryNorms() },
    { ...file, name: 'between-uncertain', valid: uncertain() },
    { ...file, name: 'between', invalid: refused() },
  ];
}
