// norm.status: what is about a norm (record-types.md 8.1, 8.2, 8.4, 8.5).

import { field } from '../record/text.ts';
import { BEGIN_SECONDS, borealis } from '../states.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import { act, endorsing, STATUS_GRAMMAR, statusCase } from './norm-inputs.ts';
import { caldera, commitment, day, endorsed, issued, norm, retraction, voluntary } from './norm-records.ts';

const kind = 'voluntary';

function about(): readonly ValidCase[] {
  const second = norm({ kind: 'voluntary' }, { atSeconds: day(1), payload: [[4, [voluntary.id]]] });
  const bySubject = commitment('norm/treaty', 'endorse', {}, { by: borealis });
  const elsewhere = commitment('norm/other', 'endorse', {}, { by: caldera });
  const treatyAct = commitment(voluntary, 'ratify');
  const partly = commitment(voluntary, 'endorse', { provisions: ['p9', 'p1', 'p8'] });
  const nowhere = commitment(voluntary, 'endorse', { provisions: ['p9'] }, { by: borealis });
  const inExercise = commitment(voluntary, 'endorse', {}, { payload: [[3, 'winter']] });
  const played = norm({ kind: 'voluntary' }, { payload: [[3, 'winter']] });
  const ofPlayed = commitment(played, 'endorse', {}, { payload: [[3, 'winter']] });
  const incident = issued('incident', [field('stage', 'final')]);
  const later = commitment(voluntary, 'endorse', {}, { atSeconds: day(2) });
  const gone = retraction(voluntary, { atSeconds: day(3) });
  return [
    statusCase(
      'By id and by subject.',
      { norm: voluntary, commitments: [endorsed, bySubject, elsewhere], atSeconds: day(9) },
      {
        kind,
        states: [endorsing(endorsed), endorsing(bySubject, { state: borealis })],
        ignored: [{ of: elsewhere, reason: 'other-norm' }],
      },
    ),
    statusCase(
      'A successor of the norm: who named the first by its id has not agreed to it.',
      { norm: second, commitments: [endorsed, bySubject], atSeconds: day(9) },
      {
        kind,
        states: [endorsing(bySubject, { state: borealis })],
        ignored: [{ of: endorsed, reason: 'other-norm' }],
      },
    ),
    statusCase(
      'The norm is superseded and retracted; what was said about it stays. Each record says what it is not.',
      { norm: voluntary, commitments: [endorsed, second], retractions: [gone, incident], atSeconds: day(9) },
      {
        kind,
        ceased: 'superseded',
        states: [endorsing(endorsed)],
        ignored: [
          { of: second, reason: 'other-type' },
          { of: incident, reason: 'other-type' },
        ],
      },
    ),
    statusCase(
      'The norm is retracted.',
      { norm: voluntary, retractions: [gone], atSeconds: day(3) },
      { kind, ceased: 'retracted' },
    ),
    statusCase(
      'An act about treaties.',
      { norm: voluntary, commitments: [treatyAct], atSeconds: day(9) },
      { kind, ignored: [{ of: treatyAct, reason: 'other-kind' }] },
    ),
    statusCase(
      'Provisions that the norm does not have: one act is left with another, one with none.',
      { norm: voluntary, commitments: [partly, nowhere], atSeconds: day(9) },
      {
        kind,
        states: [
          {
            standing: 'endorsed',
            since: BEGIN_SECONDS,
            acts: [act({ of: partly, act: 'endorse', provisions: ['p1'] })],
          },
        ],
        ignored: [
          { of: partly, reason: 'no-such-provision', provisions: ['p8', 'p9'] },
          { of: nowhere, reason: 'no-such-provision', provisions: ['p9'] },
        ],
      },
    ),
    statusCase(
      'A commitment in an exercise says nothing about a real norm.',
      { norm: voluntary, commitments: [inExercise], atSeconds: day(9) },
      { kind, ignored: [{ of: inExercise, reason: 'other-exercise' }] },
    ),
    statusCase(
      'Norm and commitment of one exercise; a real commitment says nothing about it.',
      { norm: played, commitments: [ofPlayed, endorsed], atSeconds: day(9) },
      { kind, states: [endorsing(ofPlayed)], ignored: [{ of: endorsed, reason: 'other-exercise' }] },
    ),
    statusCase(
      'A commitment issued a second later.',
      { norm: voluntary, commitments: [later], atSeconds: day(2) - 1 },
      { kind, ignored: [{ of: later, reason: 'issued-later' }] },
    ),
  ];
}

export function normAboutVectors(): readonly VectorFile[] {
  return [
    {
      topic: 'record-types',
      name: 'status-about',
      op: 'norm.status',
      grammar: STATUS_GRAMMAR,
      valid: about(),
    },
  ];
}
