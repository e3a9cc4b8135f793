// norm.status: the acts about a voluntary norm, and when they cease (record-types.md 8.6 to 8.8, 8.10, 8.11).

import { valid } from '../record/inputs.ts';
import type { RecordText } from '../record/text.ts';
import { borealis } from '../states.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import { act, endorsing, STATUS_GRAMMAR, status, statusCase, statusInput } from './norm-inputs.ts';
import { commitment, day, endorsed, retraction, voluntary, without } from './norm-records.ts';

const kind = 'voluntary';

function acts(): readonly ValidCase[] {
  const varied = commitment(
    voluntary,
    'declared-variance',
    { provisions: ['p2', 'p1', 'p2'], legalBasis: 'Constitution, article 12' },
    { atSeconds: day(2) },
  );
  const later = commitment(voluntary, 'endorse', {}, { atSeconds: day(3) });
  const again = commitment(voluntary, 'endorse', { provisions: ['p1'] }, { atSeconds: day(4) });
  const position = commitment(voluntary, 'national-position', {}, { by: borealis, atSeconds: day(1) });
  const earlier = commitment(voluntary, 'endorse', { effectiveAt: day(2) }, { atSeconds: day(1) });
  const sameTime = ['first', 'second'].map((subject) =>
    commitment(voluntary, 'national-position', {}, { atSeconds: day(2), subject }),
  );
  const together = [earlier, ...sameTime];
  const due = commitment(voluntary, 'endorse', { effectiveAt: day(6) });
  const bare = commitment(voluntary, 'declared-variance');
  const hidden = commitment(voluntary, 'declared-variance', { legalBasis: 'A law' });
  return [
    statusCase(
      'A norm about which nobody has said anything.',
      { norm: voluntary, atSeconds: day(9) },
      { kind },
    ),
    statusCase(
      'Two states: acts in the order of their effect, states in that of their ids, provisions sorted and each once.',
      { norm: voluntary, commitments: [again, position, varied, later], atSeconds: day(9) },
      {
        kind,
        states: [
          {
            standing: 'endorsed',
            since: day(3),
            acts: [
              act({
                of: varied,
                act: 'declared-variance',
                issuedAtSeconds: day(2),
                provisions: ['p1', 'p2'],
                legalBasis: 'Constitution, article 12',
              }),
              act({ of: later, act: 'endorse', issuedAtSeconds: day(3) }),
              act({ of: again, act: 'endorse', issuedAtSeconds: day(4), provisions: ['p1'] }),
            ],
          },
          {
            state: borealis,
            standing: 'none',
            acts: [act({ of: position, act: 'national-position', issuedAtSeconds: day(1) })],
          },
        ],
      },
    ),
    statusCase(
      'Three acts that take effect in one second: by time of issue, then by record id.',
      { norm: voluntary, commitments: [...together].reverse(), atSeconds: day(9) },
      {
        kind,
        states: [
          {
            standing: 'endorsed',
            since: day(2),
            acts: [
              act({ of: earlier, act: 'endorse', issuedAtSeconds: day(1), fromSeconds: day(2) }),
              ...[...sameTime]
                .sort((a, b) => (a.idText < b.idText ? -1 : 1))
                .map((of) => act({ of, act: 'national-position', issuedAtSeconds: day(2) })),
            ],
          },
        ],
      },
    ),
    statusCase(
      'An act a second before it takes effect is pending.',
      { norm: voluntary, commitments: [due], atSeconds: day(6) - 1 },
      {
        kind,
        states: [{ standing: 'none', pending: [act({ of: due, act: 'endorse', fromSeconds: day(6) })] }],
      },
    ),
    statusCase(
      'The same act in the second in which it takes effect.',
      { norm: voluntary, commitments: [due], atSeconds: day(6) },
      {
        kind,
        states: [
          {
            standing: 'endorsed',
            since: day(6),
            acts: [act({ of: due, act: 'endorse', fromSeconds: day(6) })],
          },
        ],
      },
    ),
    statusCase(
      'A variance without a legal basis does not count.',
      { norm: voluntary, commitments: [bare], atSeconds: day(9) },
      { kind, ignored: [{ of: bare, reason: 'no-legal-basis' }] },
    ),
    valid(
      'A variance whose legal basis may be withheld counts, and says so.',
      statusInput({ norm: voluntary, commitments: [without(hidden, 'legalBasis')], atSeconds: day(9) }),
      status({
        norm: voluntary,
        kind,
        states: [
          {
            standing: 'none',
            acts: [
              act({
                of: hidden,
                act: 'declared-variance',
                unknown: ['provisions', 'legalBasis', 'effectiveAt'],
              }),
            ],
          },
        ],
      }),
    ),
  ];
}

function cessation(): readonly ValidCase[] {
  const withdrawn = retraction(endorsed, { atSeconds: day(5) });
  const successor = commitment(
    voluntary,
    'endorse',
    {},
    { atSeconds: day(5), payload: [[4, [endorsed.id]]] },
  );
  const third = commitment(
    voluntary,
    'national-position',
    {},
    { atSeconds: day(6), payload: [[4, [successor.id]]] },
  );
  const expiring = commitment(voluntary, 'endorse', {}, { payload: [[6, day(5)]] });
  const foreign = retraction(endorsed, { by: borealis, atSeconds: day(5) });
  const played = retraction(endorsed, { atSeconds: day(5), payload: [[3, 'winter']] });
  const both = retraction(expiring, { atSeconds: day(5) });
  const counts = { kind, states: [endorsing(endorsed)] };
  const of = (text: RecordText, reason: string) => ({ kind, ignored: [{ of: text, reason }] });
  return [
    statusCase(
      'A second before a retraction, the endorsement counts.',
      { norm: voluntary, commitments: [endorsed], retractions: [withdrawn], atSeconds: day(5) - 1 },
      { ...counts, ignored: [{ of: withdrawn, reason: 'issued-later' }] },
    ),
    statusCase(
      'From the second of its retraction on it does not.',
      { norm: voluntary, commitments: [endorsed], retractions: [withdrawn], atSeconds: day(5) },
      of(endorsed, 'retracted'),
    ),
    statusCase(
      'A successor takes its place.',
      { norm: voluntary, commitments: [successor, endorsed], atSeconds: day(5) },
      {
        kind,
        states: [
          endorsing(successor, {
            since: day(5),
            acts: [act({ of: successor, act: 'endorse', issuedAtSeconds: day(5) })],
          }),
        ],
        ignored: [{ of: endorsed, reason: 'superseded' }],
      },
    ),
    statusCase(
      'A successor that is superseded or retracted itself does not bring the first one back.',
      {
        norm: voluntary,
        commitments: [endorsed, successor, third],
        retractions: [retraction(successor, { atSeconds: day(7) })],
        atSeconds: day(9),
      },
      {
        kind,
        states: [
          { standing: 'none', acts: [act({ of: third, act: 'national-position', issuedAtSeconds: day(6) })] },
        ],
        ignored: [
          { of: endorsed, reason: 'superseded' },
          { of: successor, reason: 'superseded' },
        ],
      },
    ),
    statusCase(
      'A second before it expires, it counts.',
      { norm: voluntary, commitments: [expiring], atSeconds: day(5) - 1 },
      { kind, states: [endorsing(expiring)] },
    ),
    statusCase(
      'In the second in which it expires, it does not.',
      { norm: voluntary, commitments: [expiring], atSeconds: day(5) },
      of(expiring, 'expired'),
    ),
    statusCase(
      'It expires in the second of its retraction: the retraction is named.',
      { norm: voluntary, commitments: [expiring], retractions: [both], atSeconds: day(6) },
      of(expiring, 'retracted'),
    ),
    statusCase(
      'A retraction by another state takes nothing away.',
      { norm: voluntary, commitments: [endorsed], retractions: [foreign], atSeconds: day(9) },
      counts,
    ),
    statusCase(
      'Nor does it in a list that it does not belong to.',
      { norm: voluntary, commitments: [endorsed, played], retractions: [played], atSeconds: day(9) },
      {
        ...counts,
        ignored: [
          { of: played, reason: 'other-type' },
          { of: played, reason: 'other-exercise' },
        ],
      },
    ),
    statusCase(
      'A retraction in an exercise takes nothing away.',
      { norm: voluntary, commitments: [endorsed], retractions: [played], atSeconds: day(9) },
      { ...counts, ignored: [{ of: played, reason: 'other-exercise' }] },
    ),
  ];
}

export function normActVectors(): readonly VectorFile[] {
  return [
    { topic: 'record-types', name: 'status-acts', op: 'norm.status', grammar: STATUS_GRAMMAR, valid: acts() },
    {
      topic: 'record-types',
      name: 'status-cessation',
      op: 'norm.status',
      grammar: STATUS_GRAMMAR,
      valid: cessation(),
    },
  ];
}
