// norm.status: how a state joins a treaty, stays in it and leaves it (record-types.md 8.7, 8.9, 8.12).

import { arcadia, BEGIN_SECONDS, borealis } from '../states.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import { type ExpectedState, STATUS_GRAMMAR, statusCase } from './norm-inputs.ts';
import { caldera, day, norm, retraction } from './norm-records.ts';
import { type Done, done, stands } from './treaty-acts.ts';

function effect(): readonly ValidCase[] {
  const about = norm({ threshold: 1, salt: 'effect' });
  const early = done(about, 'ratify', 100, arcadia, { effectiveAt: day(3) });
  const late = done(about, 'ratify', 1, arcadia, { effectiveAt: day(50) });
  const acts = [
    done(about, 'interpret', 3, arcadia, { provisions: ['p2'] }),
    done(about, 'reserve', 2, arcadia, { provisions: ['p1'] }),
    done(about, 'ratify', 1),
    done(about, 'object', 4, borealis, { provisions: ['p1'] }),
  ] as const;
  const [interpreted, reserved, ratified, objected] = acts;
  return [
    statusCase(
      'A consent of which a record speaks later, with the day on which it took effect.',
      { norm: about, commitments: [early.text], atSeconds: day(100) },
      {
        inForce: true,
        inForceFrom: day(3),
        states: [stands(arcadia, 'bound', day(3), early.shown({ fromSeconds: day(3) }))],
      },
    ),
    statusCase(
      'A consent that takes effect on a later day.',
      { norm: about, commitments: [late.text], atSeconds: day(50) - 1 },
      {
        states: [{ state: arcadia, standing: 'none', pending: [late.shown({ fromSeconds: day(50) })] }],
      },
    ),
    statusCase(
      'Reservation, interpretation and objection are listed with their provisions and change no consent.',
      { norm: about, commitments: acts.map(({ text }) => text), atSeconds: day(9) },
      {
        inForce: true,
        inForceFrom: day(1),
        states: [
          stands(arcadia, 'bound', day(1), ratified.shown(), reserved.shown(), interpreted.shown()),
          stands(borealis, 'none', undefined, objected.shown()),
        ],
      },
    ),
  ];
}

function leaving(): readonly ValidCase[] {
  const about = norm({ threshold: 2, noticePeriodDays: 30 });
  const mine = done(about, 'approve', 0);
  const theirs = done(about, 'ratify', 1, borealis);
  const left = done(about, 'withdraw', 50);
  const both = [mine, theirs, left].map(({ text }) => text);
  const again = done(about, 'accede', 90);
  const laterDay = done(about, 'withdraw', 50, arcadia, { effectiveAt: day(100) });
  const earlierDay = done(about, 'withdraw', 50, arcadia, { effectiveAt: day(40) });
  const never = done(about, 'withdraw', 0, caldera);
  const bound = stands(borealis, 'bound', day(1), theirs.shown());
  const pending = (of: Done, fromSeconds: number): ExpectedState => ({
    ...stands(arcadia, 'bound', day(1), mine.shown()),
    leaves: fromSeconds,
    pending: [of.shown({ fromSeconds })],
  });
  const inForce = { inForce: true, inForceFrom: day(1) };
  return [
    statusCase(
      'A second before the notice is over.',
      { norm: about, commitments: both, atSeconds: day(80) - 1 },
      { ...inForce, states: [pending(left, day(80)), bound] },
    ),
    statusCase(
      'The notice is over. Fewer parties than the threshold: the treaty stays in force.',
      { norm: about, commitments: both, atSeconds: day(80) },
      {
        ...inForce,
        states: [
          stands(arcadia, 'withdrawn', day(80), mine.shown(), left.shown({ fromSeconds: day(80) })),
          bound,
        ],
      },
    ),
    statusCase(
      'A state that has left joins again.',
      { norm: about, commitments: [...both, again.text], atSeconds: day(90) },
      {
        ...inForce,
        states: [
          stands(
            arcadia,
            'bound',
            day(90),
            mine.shown(),
            left.shown({ fromSeconds: day(80) }),
            again.shown(),
          ),
          bound,
        ],
      },
    ),
    statusCase(
      'A withdrawal for a day after the end of its notice.',
      { norm: about, commitments: [mine.text, theirs.text, laterDay.text], atSeconds: day(60) },
      { ...inForce, states: [pending(laterDay, day(100)), bound] },
    ),
    statusCase(
      'A withdrawal for a day before the end of its notice: the notice runs.',
      { norm: about, commitments: [mine.text, theirs.text, earlierDay.text], atSeconds: day(60) },
      { ...inForce, states: [pending(earlierDay, day(80)), bound] },
    ),
    statusCase(
      'Who has never consented leaves nothing.',
      { norm: about, commitments: [never.text], atSeconds: day(60) },
      { states: [stands(caldera, 'none', undefined, never.shown({ fromSeconds: day(30) }))] },
    ),
  ];
}

function staying(): readonly ValidCase[] {
  const about = norm({ threshold: 1, noticePeriodDays: 30, salt: 'staying' });
  const due = done(about, 'ratify', 1, arcadia, { effectiveAt: day(10) }, { payload: [[6, day(40)]] });
  const before = retraction(due.text, { atSeconds: day(10) - 1 });
  const after = retraction(due.text, { atSeconds: day(10) });
  const signed = done(about, 'sign', 1);
  const unsigned = retraction(signed.text, { atSeconds: day(4) });
  const ratified = done(about, 'ratify', 0);
  const left = done(about, 'withdraw', 10);
  const revoked = retraction(left.text, { atSeconds: day(40) - 1 });
  const tooLate = retraction(left.text, { atSeconds: day(40) });
  const corrected = done(about, 'ratify', 5, arcadia, {}, { payload: [[4, [ratified.text.id]]] });
  const bound = (ceased: string): ExpectedState =>
    stands(arcadia, 'bound', day(10), due.shown({ fromSeconds: day(10), ceased }));
  const since = (seconds: number) => ({ inForce: true, inForceFrom: seconds });
  return [
    statusCase(
      'A consent is taken back a second before it takes effect.',
      { norm: about, commitments: [due.text], retractions: [before], atSeconds: day(20) },
      { ignored: [{ of: due.text, reason: 'retracted' }] },
    ),
    statusCase(
      'A consent that has taken effect is not taken back by a record: a treaty is left by withdrawal.',
      { norm: about, commitments: [due.text], retractions: [after], atSeconds: day(20) },
      { ...since(day(10)), states: [bound('retracted')] },
    ),
    statusCase(
      'Nor does it end with the expiry of its record.',
      { norm: about, commitments: [due.text], atSeconds: day(40) },
      { ...since(day(10)), states: [bound('expired')] },
    ),
    statusCase(
      'Nor is it begun anew by a record that supersedes it.',
      { norm: about, commitments: [ratified.text, corrected.text], atSeconds: day(40) },
      {
        ...since(BEGIN_SECONDS),
        states: [
          stands(
            arcadia,
            'bound',
            BEGIN_SECONDS,
            ratified.shown({ ceased: 'superseded' }),
            corrected.shown(),
          ),
        ],
      },
    ),
    statusCase(
      'A signature is no consent and is taken back.',
      { norm: about, commitments: [signed.text], retractions: [unsigned], atSeconds: day(5) },
      { ignored: [{ of: signed.text, reason: 'retracted' }] },
    ),
    statusCase(
      'A withdrawal is revoked a second before the end of its notice.',
      { norm: about, commitments: [ratified.text, left.text], retractions: [revoked], atSeconds: day(90) },
      {
        ...since(BEGIN_SECONDS),
        states: [stands(arcadia, 'bound', BEGIN_SECONDS, ratified.shown())],
        ignored: [{ of: left.text, reason: 'retracted' }],
      },
    ),
    statusCase(
      'At the end of its notice it is not.',
      { norm: about, commitments: [ratified.text, left.text], retractions: [tooLate], atSeconds: day(90) },
      {
        ...since(BEGIN_SECONDS),
        states: [
          stands(
            arcadia,
            'withdrawn',
            day(40),
            ratified.shown(),
            left.shown({ fromSeconds: day(40), ceased: 'retracted' }),
          ),
        ],
      },
    ),
  ];
}

export function normTreatyVectors(): readonly VectorFile[] {
  return [
    {
      topic: 'record-types',
      name: 'status-treaty-acts',
      op: 'norm.status',
      grammar: STATUS_GRAMMAR,
      valid: [...effect(), ...leaving()],
    },
    {
      topic: 'record-types',
      name: 'status-consent-stays',
      op: 'norm.status',
      grammar: STATUS_GRAMMAR,
      valid: staying(),
    },
  ];
}
