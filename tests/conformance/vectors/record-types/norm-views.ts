// norm.status: what is not shown, and several views of one record (record-types.md 8.3).

import { type Item, record } from '../cbor-text.ts';
import { valid } from '../record/inputs.ts';
import { type Disclosure, element, field, type RecordText } from '../record/text.ts';
import { arcadia } from '../states.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import { act, endorsing, STATUS_GRAMMAR, status, statusCase, statusInput, whole } from './norm-inputs.ts';
import {
  commitment,
  day,
  endorsed,
  english,
  issued,
  norm,
  provision,
  voluntary,
  without,
} from './norm-records.ts';

const kind = 'voluntary';

function views(): readonly ValidCase[] {
  const varied = commitment(voluntary, 'declared-variance', { provisions: ['p1'], legalBasis: 'A law' });
  const full = act({ of: varied, act: 'declared-variance', provisions: ['p1'], legalBasis: 'A law' });
  const merged = act({
    of: varied,
    act: 'declared-variance',
    provisions: ['p1'],
    legalBasis: 'A law',
    unknown: ['effectiveAt'],
  });
  const seen = (
    comment: string,
    about: Uint8Array | RecordText,
    commitments: readonly (Uint8Array | RecordText)[],
    expected: object,
  ): ValidCase =>
    valid(
      comment,
      statusInput({ norm: about, commitments, atSeconds: day(9) }),
      status({ norm: voluntary, kind, ...expected }),
    );
  const one = (made: unknown) => ({ states: [{ standing: 'none', acts: [made] }] });
  const p9 = commitment(voluntary, 'endorse', { provisions: ['p9'] });
  const [, , , , , second] = voluntary.parts;
  const onlyFirst = voluntary.view(voluntary.parts.filter((part: Disclosure) => part !== second));
  const elsewise: Item = record({ id: 'p1' });
  const strange = norm({
    kind: 'voluntary',
    provisions: [element(provision('p1')), element(elsewise)],
    salt: 'strange',
  });
  const noArray = issued('norm', [
    field('title', english('A norm')),
    field('kind', 'voluntary'),
    field('provisions', 'p1'),
  ]);
  const none = norm({ kind: 'voluntary', provisions: null, salt: 'none' });
  const odd = norm({ kind: 'customary', salt: 'odd' });
  const toOdd = commitment(odd, 'endorse', {}, { by: arcadia });
  const ofNone = commitment(none, 'endorse', { provisions: ['p1'] });
  const ofStrange = commitment(strange, 'endorse', { provisions: ['p9'] });
  const ofNoArray = commitment(noArray, 'endorse', { provisions: ['p9'] });
  const textTime = commitment(voluntary, 'endorse', { effectiveAt: '2027-01-01T00:00:00Z' });
  const oddAct = commitment(voluntary, 'comply');
  return [
    seen(
      'What another state holds of norm and commitment: decoys are undisclosed, and what may stand behind them is unknown.',
      voluntary.view(),
      [endorsed.view()],
      {
        unknown: ['provisions'],
        states: [
          endorsing(endorsed, {
            acts: [
              act({ of: endorsed, act: 'endorse', unknown: ['provisions', 'legalBasis', 'effectiveAt'] }),
            ],
          }),
        ],
      },
    ),
    seen('A record that came twice counts once.', voluntary, [varied, varied, whole(varied)], one(full)),
    seen(
      'Two views of one record: together they show what neither shows alone.',
      voluntary,
      [without(varied, 'act'), without(varied, 'norm', 'legalBasis')],
      one(merged),
    ),
    seen(
      'The same views in the opposite order.',
      voluntary,
      [without(varied, 'norm', 'legalBasis'), without(varied, 'act')],
      one(merged),
    ),
    seen(
      'A view of the norm in the list of commitments shows what the other one does not.',
      without(voluntary, 'kind'),
      [endorsed, voluntary],
      { states: [endorsing(endorsed)], ignored: [{ of: voluntary, reason: 'other-type' }] },
    ),
    seen('The act is withheld.', voluntary, [without(varied, 'act')], {
      ignored: [{ of: varied, reason: 'withheld' }],
    }),
    seen('The norm that it is about is withheld.', voluntary, [without(varied, 'norm')], {
      ignored: [{ of: varied, reason: 'withheld' }],
    }),
    seen('The act has another form: unknown, like one that is withheld.', voluntary, [oddAct], {
      ignored: [{ of: oddAct, reason: 'withheld' }],
    }),
    seen(
      'A time of effect of another form is unknown: the time of issue stands in for it, and the result says so.',
      voluntary,
      [textTime],
      {
        states: [
          endorsing(textTime, { acts: [act({ of: textTime, act: 'endorse', unknown: ['effectiveAt'] })] }),
        ],
      },
    ),
    seen('A provision is withheld: one that is not shown may be it.', onlyFirst, [p9], {
      unknown: ['provisions'],
      states: [endorsing(p9, { acts: [act({ of: p9, act: 'endorse', provisions: ['p9'] })] })],
    }),
    seen('The kind of the norm is withheld: no act counts.', without(voluntary, 'kind'), [endorsed], {
      kind: null,
      unknown: ['kind', 'provisions'],
      ignored: [{ of: endorsed, reason: 'kind-unknown' }],
    }),
    statusCase(
      'A kind of another form is unknown.',
      { norm: odd, commitments: [toOdd], atSeconds: day(9) },
      { kind: null, unknown: ['kind'], ignored: [{ of: toOdd, reason: 'kind-unknown' }] },
    ),
    statusCase(
      'A provision without a text has another form: its id is not taken from it.',
      { norm: strange, commitments: [ofStrange], atSeconds: day(9) },
      {
        kind,
        unknown: ['provisions'],
        states: [
          endorsing(ofStrange, { acts: [act({ of: ofStrange, act: 'endorse', provisions: ['p9'] })] }),
        ],
      },
    ),
    statusCase(
      'Provisions that are no array are unknown.',
      { norm: noArray, commitments: [ofNoArray], atSeconds: day(9) },
      {
        kind,
        unknown: ['provisions'],
        states: [
          endorsing(ofNoArray, { acts: [act({ of: ofNoArray, act: 'endorse', provisions: ['p9'] })] }),
        ],
      },
    ),
    statusCase(
      'A norm without the field has no provision.',
      { norm: none, commitments: [ofNone], atSeconds: day(9) },
      { kind, ignored: [{ of: ofNone, reason: 'no-such-provision', provisions: ['p1'] }] },
    ),
  ];
}

export function normViewVectors(): readonly VectorFile[] {
  return [
    {
      topic: 'record-types',
      name: 'status-views',
      op: 'norm.status',
      grammar: STATUS_GRAMMAR,
      valid: views(),
    },
  ];
}
