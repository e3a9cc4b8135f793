// norm.status: when a treaty enters into force, and what of that is withheld (record-types.md 8.3, 8.13, 8.14).

import { valid } from '../record/inputs.ts';
import { arcadia, BEGIN_SECONDS, borealis } from '../states.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import { type ExpectedStatus, STATUS_GRAMMAR, status, statusCase, statusInput } from './norm-inputs.ts';
import { caldera, day, norm, without } from './norm-records.ts';
import { type Done, done, stands } from './treaty-acts.ts';

function entry(): readonly ValidCase[] {
  const about = norm({ threshold: 2, delayDays: 90 });
  const signed = done(about, 'sign', 1);
  const ratified = done(about, 'ratify', 10);
  const accepted = done(about, 'accept', 20, borealis);
  const joined = done(about, 'accede', 200, caldera);
  const commitments = [joined, accepted, ratified, signed].map(({ text }) => text);
  const at = (comment: string, atSeconds: number, expected: Parameters<typeof statusCase>[2]): ValidCase =>
    statusCase(
      comment,
      {
        norm: about,
        commitments: commitments.filter((text) => text !== joined.text || atSeconds >= day(200)),
        atSeconds,
      },
      expected,
    );
  const later = (...given: readonly Done[]) =>
    given.map(({ text }) => ({ of: text, reason: 'issued-later' }));
  return [
    at('One state has signed.', day(9), {
      states: [stands(arcadia, 'signed', day(1), signed.shown())],
      ignored: later(ratified, accepted),
    }),
    at('A second before the second of two consents.', day(20) - 1, {
      states: [stands(arcadia, 'consented', day(10), signed.shown(), ratified.shown())],
      ignored: later(accepted),
    }),
    at('The threshold is reached: the time of entry into force is known.', day(20), {
      inForceFrom: day(110),
      states: [
        stands(arcadia, 'consented', day(10), signed.shown(), ratified.shown()),
        stands(borealis, 'consented', day(20), accepted.shown()),
      ],
    }),
    at('A second before the entry into force.', day(110) - 1, {
      inForceFrom: day(110),
      states: [
        stands(arcadia, 'consented', day(10), signed.shown(), ratified.shown()),
        stands(borealis, 'consented', day(20), accepted.shown()),
      ],
    }),
    at('In force: the first parties are bound from this second on, whenever they consented.', day(110), {
      inForce: true,
      inForceFrom: day(110),
      states: [
        stands(arcadia, 'bound', day(110), signed.shown(), ratified.shown()),
        stands(borealis, 'bound', day(110), accepted.shown()),
      ],
    }),
    at('A later party is bound from its own consent on.', day(300), {
      inForce: true,
      inForceFrom: day(110),
      states: [
        stands(arcadia, 'bound', day(110), signed.shown(), ratified.shown()),
        stands(borealis, 'bound', day(110), accepted.shown()),
        stands(caldera, 'bound', day(200), joined.shown()),
      ],
    }),
  ];
}

function conditions(): readonly ValidCase[] {
  const none = norm({ threshold: 0, delayDays: 2 }, { atSeconds: day(1) });
  const open = norm();
  const onlyDelay = norm({ delayDays: 30, salt: 'delay' });
  const approved = done(open, 'approve', 2);
  const other = done(onlyDelay, 'approve', 2);
  const two = norm({ threshold: 2, salt: 'two' });
  const [first, leaving, second, third] = [
    done(two, 'ratify', 0),
    done(two, 'withdraw', 5),
    done(two, 'ratify', 5, borealis),
    done(two, 'ratify', 7, caldera),
  ];
  const twice = done(two, 'ratify', 1);
  return [
    statusCase(
      'A threshold of 0 is reached when the norm is issued.',
      { norm: none, atSeconds: day(2) },
      { inForceFrom: day(3) },
    ),
    statusCase(
      'The same, in force.',
      { norm: none, atSeconds: day(3) },
      { inForce: true, inForceFrom: day(3) },
    ),
    statusCase('The same, before the norm is issued.', { norm: none, atSeconds: day(1) - 1 }, {}),
    statusCase(
      'Without a condition of entry into force nothing is said about it.',
      { norm: open, commitments: [approved.text], atSeconds: day(300) },
      { states: [stands(arcadia, 'consented', day(2), approved.shown())] },
    ),
    statusCase(
      'A delay without a threshold is no condition either.',
      { norm: onlyDelay, commitments: [other.text], atSeconds: day(300) },
      { states: [stands(arcadia, 'consented', day(2), other.shown())] },
    ),
    statusCase(
      'One state consents as another leaves, in one second: the two are never bound together.',
      { norm: two, commitments: [first, leaving, second].map(({ text }) => text), atSeconds: day(9) },
      {
        states: [
          stands(arcadia, 'withdrawn', day(5), first.shown(), leaving.shown()),
          stands(borealis, 'consented', day(5), second.shown()),
        ],
      },
    ),
    statusCase(
      'With a third, the treaty enters into force.',
      { norm: two, commitments: [first, leaving, second, third].map(({ text }) => text), atSeconds: day(9) },
      {
        inForce: true,
        inForceFrom: day(7),
        states: [
          stands(arcadia, 'withdrawn', day(5), first.shown(), leaving.shown()),
          stands(borealis, 'bound', day(7), second.shown()),
          stands(caldera, 'bound', day(7), third.shown()),
        ],
      },
    ),
    statusCase(
      'A state that consents twice is one state.',
      { norm: two, commitments: [first, twice].map(({ text }) => text), atSeconds: day(9) },
      {
        states: [stands(arcadia, 'consented', BEGIN_SECONDS, first.shown(), twice.shown())],
      },
    ),
  ];
}

function withheld(): readonly ValidCase[] {
  const about = norm({ threshold: 1, noticePeriodDays: 30, salt: 'withheld' });
  const mine = done(about, 'ratify', 0);
  const left = done(about, 'withdraw', 10);
  const given = { commitments: [mine.text, left.text], atSeconds: day(20) };
  const seen = (
    comment: string,
    hidden: readonly string[],
    expected: Omit<ExpectedStatus, 'norm'>,
  ): ValidCase =>
    valid(
      comment,
      statusInput({ norm: without(about, ...hidden), ...given }),
      status({ norm: about, unknown: ['provisions', ...hidden], ...expected }),
    );
  const gone = left.shown({ fromSeconds: day(10) });
  return [
    seen(
      'The condition of entry into force is withheld: it is computed as if there were none, and named.',
      ['entryIntoForce'],
      {
        states: [
          {
            ...stands(arcadia, 'consented', BEGIN_SECONDS, mine.shown()),
            leaves: day(40),
            pending: [left.shown({ fromSeconds: day(40) })],
          },
        ],
      },
    ),
    seen('The notice is withheld too.', ['entryIntoForce', 'noticePeriodDays'], {
      states: [stands(arcadia, 'withdrawn', day(10), mine.shown(), gone)],
    }),
  ];
}

export function normEntryVectors(): readonly VectorFile[] {
  return [
    {
      topic: 'record-types',
      name: 'status-entry-into-force',
      op: 'norm.status',
      grammar: STATUS_GRAMMAR,
      valid: [...entry(), ...conditions(), ...withheld()],
    },
  ];
}
