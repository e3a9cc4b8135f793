// norm.between: what becomes of reservations (record-types.md 8.16 to 8.20).

import { arcadia, borealis } from '../states.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import { BETWEEN_GRAMMAR, betweenCase, type ExpectedReservation } from './between-inputs.ts';
import { type CommitmentFields, caldera, day, norm, type Options, retraction } from './norm-records.ts';
import { done } from './treaty-acts.ts';

const about = norm({ threshold: 2, salt: 'between' });
/** From the first days on; the certificates end before it is over, so that what comes later is announced before. */
const YEAR = 365;
const JOINED = day(10);

const by = (
  state: typeof arcadia,
  word: string,
  onDay: number,
  fields: CommitmentFields = {},
  more: Options = {},
) => done(about, word, onDay, state, fields, more).text;

const mine = by(arcadia, 'ratify', 10);
const theirs = by(borealis, 'accede', 10);
const joined = [mine, theirs];
const reserved = by(arcadia, 'reserve', 10, { provisions: ['p1'] });
const objected = by(borealis, 'object', 50, { toReservation: reserved });

/** One row for p1 with this outcome of a reservation, and p2 as it is. */
function one(
  comment: string,
  atSeconds: number,
  commitments: readonly (typeof mine)[],
  binds: string,
  outcome: ExpectedReservation,
  retractions: readonly (typeof mine)[] = [],
  since = JOINED,
): ValidCase {
  return betweenCase(
    comment,
    { norm: about, commitments, retractions, atSeconds },
    {
      relation: 'bound',
      since,
      rows: [
        ['p1', binds, [outcome]],
        ['p2', 'applies'],
      ],
    },
  );
}

function silence(): readonly ValidCase[] {
  const said = [...joined, reserved];
  const late = by(borealis, 'object', 50, { toReservation: reserved, effectiveAt: day(10 + YEAR) });
  const last = by(borealis, 'object', 50, { toReservation: reserved, effectiveAt: day(10 + YEAR) - 1 });
  const dated = by(arcadia, 'reserve', 10, { provisions: ['p1'], effectiveAt: day(0) });
  const end = day(10 + YEAR);
  // Both have consented already when this one does.
  const third = by(caldera, 'accede', 50, { effectiveAt: day(20 + YEAR) });
  const thirdObjects = by(caldera, 'object', 50, { toReservation: reserved, effectiveAt: day(20 + YEAR) });
  const thirdMisses = by(caldera, 'object', 50, { toReservation: reserved, effectiveAt: day(21 + YEAR) });
  const later = (
    comment: string,
    objection: typeof mine,
    binds: string,
    outcome: Partial<ExpectedReservation>,
  ) =>
    betweenCase(
      comment,
      {
        norm: about,
        commitments: [...said, third, objection],
        atSeconds: day(30 + YEAR),
        pair: [arcadia, caldera],
      },
      {
        relation: 'bound',
        since: day(20 + YEAR),
        standings: [
          ['bound', JOINED],
          ['bound', day(20 + YEAR)],
        ],
        rows: [
          ['p1', binds, [{ of: reserved, outcome: 'accepted', ...outcome }]],
          ['p2', 'applies'],
        ],
      },
    );
  return [
    one('A second before silence is acceptance.', end - 1, said, 'open', {
      of: reserved,
      outcome: 'open',
      until: end,
    }),
    one('Twelve months of silence.', end, said, 'modified', {
      of: reserved,
      outcome: 'accepted',
      since: end,
    }),
    one('An objection in the last second.', end, [...said, last], 'excluded', {
      of: reserved,
      outcome: 'objected',
      objections: [last],
    }),
    one('An objection a second later.', end, [...said, late], 'modified', {
      of: reserved,
      outcome: 'accepted',
      since: end,
      tooLate: [late],
    }),
    one('What a record says of an earlier effect shortens no silence.', end - 1, [...joined, dated], 'open', {
      of: dated,
      outcome: 'open',
      until: end,
    }),
    later(
      'A state that consents after the twelve months objects in the second of its consent.',
      thirdObjects,
      'excluded',
      {
        outcome: 'objected',
        objections: [thirdObjects],
      },
    ),
    later('It objects later.', thirdMisses, 'modified', { since: day(20 + YEAR), tooLate: [thirdMisses] }),
  ];
}

function objecting(): readonly ValidCase[] {
  const wide = by(arcadia, 'reserve', 10);
  const partly = by(borealis, 'object', 50, { toReservation: wide, provisions: ['p1'], opposesEntry: false });
  const opposing = by(borealis, 'object', 50, {
    toReservation: reserved,
    opposesEntry: true,
    provisions: ['p2'],
  });
  const tooLate = by(borealis, 'object', 50, {
    toReservation: reserved,
    opposesEntry: true,
    effectiveAt: day(10 + YEAR),
  });
  const undirected = by(borealis, 'object', 50, { provisions: ['p1'] });
  const third = by(caldera, 'ratify', 15);
  const end = day(10 + YEAR);
  return [
    one(
      'An objection takes out the provision, and nothing else.',
      day(60),
      [...joined, reserved, objected],
      'excluded',
      {
        of: reserved,
        outcome: 'objected',
        objections: [objected],
      },
    ),
    betweenCase(
      'An objection to one provision of a reservation about the whole.',
      { norm: about, commitments: [...joined, wide, partly], atSeconds: end },
      {
        relation: 'bound',
        since: JOINED,
        rows: [
          ['p1', 'excluded', [{ of: wide, outcome: 'objected', objections: [partly] }]],
          ['p2', 'modified', [{ of: wide, outcome: 'accepted', since: end }]],
        ],
      },
    ),
    betweenCase(
      'An objection by which the treaty does not enter into force between the two.',
      { norm: about, commitments: [...joined, reserved, opposing], atSeconds: day(60) },
      {
        relation: 'entry-opposed',
        opposedBy: [opposing],
        standings: [
          ['bound', JOINED],
          ['bound', JOINED],
        ],
        rows: [
          ['p1', 'nothing'],
          ['p2', 'nothing'],
        ],
      },
    ),
    one('Such an objection that comes too late.', end, [...joined, reserved, tooLate], 'modified', {
      of: reserved,
      outcome: 'accepted',
      since: end,
      tooLate: [tooLate],
    }),
    betweenCase(
      'It is nothing between the reserving state and a third one.',
      {
        norm: about,
        commitments: [...joined, reserved, opposing, third],
        atSeconds: day(60),
        pair: [caldera, arcadia],
      },
      {
        relation: 'bound',
        since: day(15),
        standings: [
          ['bound', day(15)],
          ['bound', JOINED],
        ],
        rows: [
          ['p1', 'open', [{ of: reserved, outcome: 'open', until: end }]],
          ['p2', 'applies'],
        ],
      },
    ),
    one(
      'An objection that is withdrawn.',
      day(60),
      [...joined, reserved, objected],
      'open',
      { of: reserved, outcome: 'open', until: end },
      [retraction(objected, { by: borealis, atSeconds: day(55) })],
    ),
    betweenCase(
      'A reservation that is withdrawn: the objection is about none.',
      {
        norm: about,
        commitments: [...joined, reserved, objected],
        retractions: [retraction(reserved, { atSeconds: day(55) })],
        atSeconds: day(60),
      },
      {
        relation: 'bound',
        since: JOINED,
        aboutNone: [objected],
        rows: [
          ['p1', 'applies'],
          ['p2', 'applies'],
        ],
      },
    ),
    betweenCase(
      'An objection that names no reservation.',
      { norm: about, commitments: [...joined, reserved, undirected], atSeconds: day(60) },
      {
        relation: 'bound',
        since: JOINED,
        aboutNone: [undirected],
        rows: [
          ['p1', 'open', [{ of: reserved, outcome: 'open', until: end }]],
          ['p2', 'applies'],
        ],
      },
    ),
  ];
}

function confirming(): readonly ValidCase[] {
  const signed = by(arcadia, 'sign', 1);
  const early = by(arcadia, 'reserve', 1, { provisions: ['p1'] });
  const confirms = by(arcadia, 'ratify', 10, { confirms: [early] });
  const before = by(borealis, 'object', 3, { toReservation: early });
  const end = day(10 + YEAR);
  const left = by(arcadia, 'withdraw', 100);
  const again = by(arcadia, 'accede', 200);
  const againWith = by(arcadia, 'accede', 200, { confirms: [reserved] });
  const rejoined = (comment: string, consent: typeof mine, binds: string, outcome: ExpectedReservation) =>
    betweenCase(
      comment,
      { norm: about, commitments: [...joined, reserved, left, consent], atSeconds: day(210) },
      {
        relation: 'bound',
        since: day(200),
        standings: [
          ['bound', day(200)],
          ['bound', JOINED],
        ],
        rows: [
          ['p1', binds, [outcome]],
          ['p2', 'applies'],
        ],
      },
    );
  return [
    one('A reservation at signature that is not confirmed.', end, [signed, early, ...joined], 'applies', {
      of: early,
      outcome: 'unconfirmed',
    }),
    one(
      'One that is confirmed: time runs from then on.',
      end - 1,
      [signed, early, confirms, theirs],
      'open',
      {
        of: early,
        outcome: 'open',
        until: end,
      },
    ),
    one(
      'An objection from before the confirmation.',
      day(20),
      [signed, early, confirms, theirs, before],
      'excluded',
      {
        of: early,
        outcome: 'objected',
        objections: [before],
      },
    ),
    one('Without a signature there is nothing to confirm.', day(20), [early, ...joined], 'open', {
      of: early,
      outcome: 'open',
      until: end,
    }),
    rejoined('A state that joins again leaves its reservation behind.', again, 'applies', {
      of: reserved,
      outcome: 'unconfirmed',
    }),
    rejoined('It joins again with its reservation.', againWith, 'open', {
      of: reserved,
      outcome: 'open',
      // 29 February 2028 lies between.
      until: day(201 + YEAR),
    }),
  ];
}

function late(): readonly ValidCase[] {
  const after = by(arcadia, 'reserve', 40, { provisions: ['p1'] });
  const dated = by(arcadia, 'reserve', 40, { provisions: ['p1'], effectiveAt: day(5) });
  const third = by(caldera, 'ratify', 15);
  const opposed = by(caldera, 'object', 45, { toReservation: after, provisions: ['p2'] });
  const end = day(40 + YEAR);
  const narrow = by(arcadia, 'reserve', 90, { provisions: ['p1'] }, { payload: [[4, [reserved.id]]] });
  const wide = by(arcadia, 'reserve', 90, {}, { payload: [[4, [reserved.id]]] });
  const restated = { toReservation: reserved, effectiveAt: day(10 + YEAR) };
  const supersedes: Options = { payload: [[4, [objected.id]]] };
  const softer = by(borealis, 'object', 300, restated, supersedes);
  const harder = by(borealis, 'object', 300, { ...restated, opposesEntry: true }, supersedes);
  const silent = day(10 + YEAR);
  return [
    one(
      'A reservation after the consent has no effect for twelve months.',
      end - 1,
      [...joined, after],
      'applies',
      {
        of: after,
        outcome: 'late-open',
        until: end,
      },
    ),
    one('Nobody has objected.', end, [...joined, after], 'modified', {
      of: after,
      outcome: 'accepted',
      since: end,
    }),
    one(
      'One party has objected, and it is none of the two.',
      end,
      [...joined, third, after, opposed],
      'applies',
      {
        of: after,
        outcome: 'late-opposed',
        objections: [opposed],
      },
    ),
    one('A state that does not consent has objected.', end, [...joined, after, opposed], 'modified', {
      of: after,
      outcome: 'accepted',
      since: end,
    }),
    one('An earlier effect does not make it early.', day(50), [...joined, dated], 'applies', {
      of: dated,
      outcome: 'late-open',
      until: end,
    }),
    one(
      'A narrower reservation goes on; an objection to the first is one to it.',
      day(100),
      [...joined, reserved, objected, narrow],
      'excluded',
      {
        of: narrow,
        outcome: 'objected',
        objections: [objected],
      },
    ),
    betweenCase(
      'A wider one is a new one.',
      { norm: about, commitments: [...joined, reserved, wide], atSeconds: day(100) },
      {
        relation: 'bound',
        since: JOINED,
        rows: ['p1', 'p2'].map((id) => [
          id,
          'applies',
          [{ of: wide, outcome: 'late-open', until: day(90 + YEAR) }],
        ]),
      },
    ),
    one(
      'A reservation that was withdrawn does not go on.',
      day(100),
      [...joined, reserved, narrow],
      'applies',
      { of: narrow, outcome: 'late-open', until: day(90 + YEAR) },
      [retraction(reserved, { atSeconds: day(90) })],
    ),
    one('An objection in other words goes on.', silent, [...joined, reserved, objected, softer], 'excluded', {
      of: reserved,
      outcome: 'objected',
      objections: [softer],
    }),
    one(
      'One that now opposes entry into force does not.',
      silent,
      [...joined, reserved, objected, harder],
      'modified',
      {
        of: reserved,
        outcome: 'accepted',
        since: silent,
        tooLate: [harder],
      },
    ),
  ];
}

export function normReservationVectors(): readonly VectorFile[] {
  const file = (name: string, cases: readonly ValidCase[]): VectorFile => ({
    ...{ topic: 'record-types', name, op: 'norm.between', grammar: BETWEEN_GRAMMAR },
    valid: cases,
  });
  return [
    file('between-silence', silence()),
    file('between-objections', objecting()),
    file('between-confirmation', confirming()),
    file('between-late', late()),
  ];
}
