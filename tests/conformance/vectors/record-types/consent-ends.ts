// consent.status: what ends a consent before its term, wholly or in part (record-types.md 15.6 to 15.8).

import { field } from '../record/text.ts';
import { borealis } from '../states.ts';
import type { Json, ValidCase } from '../vector.ts';
import { type Asked, consent, consentCase } from './consent-inputs.ts';
import { another, granted, PARTS, revoked, shared } from './consent-records.ts';
import { caldera, day, issued, norm, retraction } from './norm-records.ts';

const [FIRST = '', SECOND = '', THIRD = ''] = PARTS;

const grant = granted();
const listed = granted({ parts: PARTS });
const winter = { payload: [[3, 'winter']] } as const;

function times(): readonly ValidCase[] {
  const at = (seconds: number) => revoked({}, { atSeconds: seconds });
  const late = granted({ notBefore: day(5) });
  const second = granted({}, { atSeconds: day(4) });
  const cut = (comment: string, grants: Asked['grants'], ...consents: readonly Json[]): ValidCase =>
    consentCase(comment, { grants: grants ?? [] }, consents);
  return [
    cut('A revocation on the third day.', [grant, at(day(3))], consent(grant, { until: day(3) })),
    cut('It has arrived first.', [at(day(3)), grant], consent(grant, { until: day(3) })),
    cut('Two: the first one counts.', [grant, at(day(7)), at(day(3))], consent(grant, { until: day(3) })),
    cut('A revocation when the term ends changes nothing.', [grant, at(day(30))], consent(grant)),
    cut('A second before.', [grant, at(day(30) - 1)], consent(grant, { until: day(30) - 1 })),
    cut('A revocation long after.', [grant, at(day(90))], consent(grant)),
    cut(
      'A grant after the revocation stands.',
      [grant, at(day(3)), second],
      consent(grant, { until: day(3) }),
      consent(second, { from: day(4) }),
    ),
    consentCase(
      'A revocation before the consent begins leaves nothing of it.',
      { grants: [late, at(day(4))] },
      [],
      [[late, 'revoked']],
    ),
    consentCase('At the second at which it begins.', { grants: [late, at(day(5))] }, [], [[late, 'revoked']]),
    consentCase(
      'Revoked and granted in one second: the revocation counts.',
      { grants: [second, at(day(4))] },
      [],
      [[second, 'revoked']],
    ),
    cut('A second after.', [second, at(day(4) + 1)], consent(second, { from: day(4), until: day(4) + 1 })),
    cut(
      'A second earlier than the grant was issued.',
      [second, at(day(4) - 1)],
      consent(second, { from: day(4) }),
    ),
  ];
}

function parts(): readonly ValidCase[] {
  const of = (named: readonly string[], onDay: number) =>
    revoked({ parts: named }, { atSeconds: day(onDay) });
  const late = granted({ parts: PARTS, notBefore: day(9) });
  const foreign = 'ff'.repeat(32);
  return [
    consentCase('One of three parts.', { grants: [listed, of([SECOND], 3)] }, [
      consent(listed, { parts: PARTS, until: day(3) }),
      consent(listed, { parts: [FIRST, THIRD], from: day(3) }),
    ]),
    consentCase(
      'One by one until none is left.',
      { grants: [listed, of([THIRD], 5), of([SECOND], 3), of([FIRST], 7)] },
      [
        consent(listed, { parts: PARTS, until: day(3) }),
        consent(listed, { parts: [FIRST, THIRD], from: day(3), until: day(5) }),
        consent(listed, { parts: [FIRST], from: day(5), until: day(7) }),
      ],
    ),
    consentCase('Two in one second.', { grants: [listed, of([FIRST], 3), of([SECOND], 3)] }, [
      consent(listed, { parts: PARTS, until: day(3) }),
      consent(listed, { parts: [THIRD], from: day(3) }),
    ]),
    consentCase(
      'All by their names, and one that was not granted.',
      { grants: [listed, of([...PARTS, foreign], 3)] },
      [consent(listed, { parts: PARTS, until: day(3) })],
    ),
    consentCase('A part that was not granted.', { grants: [listed, of([foreign], 3)] }, [
      consent(listed, { parts: PARTS }),
    ]),
    consentCase(
      'A part that was not granted, and later all.',
      { grants: [listed, of([foreign], 3), revoked({}, { atSeconds: day(8) })] },
      [consent(listed, { parts: PARTS, until: day(8) })],
    ),
    consentCase('A part that is no longer granted.', { grants: [listed, of([FIRST], 3), of([FIRST], 5)] }, [
      consent(listed, { parts: PARTS, until: day(3) }),
      consent(listed, { parts: [SECOND, THIRD], from: day(3) }),
    ]),
    consentCase('Before the consent begins.', { grants: [late, of([FIRST], 3)] }, [
      consent(late, { parts: [SECOND, THIRD], from: day(9) }),
    ]),
    consentCase(
      'All of them before it begins.',
      { grants: [late, of([FIRST], 3), of([SECOND, THIRD], 4)] },
      [],
      [[late, 'revoked']],
    ),
    consentCase('One part of a grant of all: it ends.', { grants: [grant, of([FIRST], 3)] }, [
      consent(grant, { until: day(3) }),
    ]),
    consentCase(
      'A grant of all and one of parts, of which one is revoked.',
      { grants: [grant, listed, of([FIRST], 3)] },
      [
        consent(grant, { until: day(3) }),
        consent(listed, { parts: PARTS, until: day(3) }),
        consent(listed, { parts: [SECOND, THIRD], from: day(3) }),
      ],
    ),
  ];
}

function others(): readonly ValidCase[] {
  const kept = (comment: string, revocation: ReturnType<typeof revoked>, reason?: string): ValidCase =>
    consentCase(
      comment,
      { grants: [grant, revocation] },
      [consent(grant)],
      reason === undefined ? [] : [[revocation, reason]],
    );
  const toBorealis = granted({ holder: caldera.idText, thirdParty: borealis.idText });
  const drill = issued('incident', [field('stage', 'final')], { subject: 'drill', ...winter });
  const inDrill = granted({ record: drill.idText }, winter);
  const drillRevoked = revoked({ record: drill.idText }, winter);
  return [
    kept('It names another holder.', revoked({ holder: caldera.idText })),
    kept('It names another third party.', revoked({ thirdParty: borealis.idText })),
    kept('It names another record.', revoked({ record: another.idText }), 'other-record'),
    kept('The holder revokes.', revoked({}, { by: borealis }), 'not-originator'),
    kept('It was done in an exercise.', revoked({}, winter), 'other-exercise'),
    consentCase('In the exercise of the record.', { record: drill, grants: [inDrill, drillRevoked] }, [
      consent(inDrill, { until: day(1) }),
    ]),
    consentCase('One of two third parties.', { grants: [grant, toBorealis, revoked()] }, [
      consent(grant, { until: day(1) }),
      consent(toBorealis, { holder: caldera, thirdParty: borealis }),
    ]),
    consentCase(
      'Purposes of a revocation, which an issuer does not state, are not looked at.',
      { grants: [grant, revoked({ purposes: ['public-security'] })] },
      [consent(grant, { until: day(1) })],
    ),
    consentCase(
      'The revocation is retracted: it has its effect all the same.',
      { grants: [grant, revoked()], retractions: [retraction(revoked(), { atSeconds: day(2) })] },
      [consent(grant, { until: day(1) })],
    ),
  ];
}

function cessations(): readonly ValidCase[] {
  const late = granted({ notBefore: day(5) });
  const again = granted({ notAfter: day(60) }, { atSeconds: day(2), payload: [[4, [grant.id]]] });
  const strange = norm({ kind: 'voluntary' }, { atSeconds: day(2), payload: [[4, [grant.id]]] });
  const byBorealis = granted({}, { by: borealis, atSeconds: day(2), payload: [[4, [grant.id]]] });
  const short = granted({}, { payload: [[6, day(4)]] });
  const long = granted({}, { payload: [[6, day(300)]] });
  const over = granted({ notBefore: day(6) }, { payload: [[6, day(4)]] });
  const withdrawn = (onDay: number, of = grant) => retraction(of, { atSeconds: day(onDay) });
  const inExercise = retraction(grant, { atSeconds: day(2), payload: [[3, 'winter']] });
  const foreign = retraction(grant, { by: caldera, atSeconds: day(2) });
  return [
    consentCase('The grant is retracted.', { grants: [grant], retractions: [withdrawn(2)] }, [
      consent(grant, { until: day(2) }),
    ]),
    consentCase('It is retracted after its term.', { grants: [grant], retractions: [withdrawn(40)] }, [
      consent(grant),
    ]),
    consentCase(
      'It is retracted before it begins.',
      { grants: [late], retractions: [withdrawn(4, late)] },
      [],
      [[late, 'retracted']],
    ),
    consentCase(
      'Retracted and revoked in one second before it begins.',
      { grants: [late, revoked({}, { atSeconds: day(4) })], retractions: [withdrawn(4, late)] },
      [],
      [[late, 'retracted']],
    ),
    consentCase(
      'Another state retracts it, and so does its issuer in an exercise.',
      { grants: [grant], retractions: [foreign, inExercise] },
      [consent(grant)],
    ),
    consentCase('Superseded by a grant for longer.', { grants: [grant, again] }, [
      consent(grant, { until: day(2) }),
      consent(again, { from: day(2), until: day(60) }),
    ]),
    consentCase(
      'Superseded by a record of another type, which counts as a link alone.',
      { grants: [grant, strange] },
      [consent(grant, { until: day(2) })],
      [[strange, 'other-type']],
    ),
    consentCase(
      'A link of another state.',
      { grants: [grant, byBorealis] },
      [consent(grant)],
      [[byBorealis, 'not-originator']],
    ),
    consentCase('The record of the grant expires first.', { grants: [short] }, [
      consent(short, { until: day(4) }),
    ]),
    consentCase('It expires after the term.', { grants: [long] }, [consent(long)]),
    consentCase('It expires before the consent begins.', { grants: [over] }, [], [[over, 'expired']]),
    consentCase(
      'The retraction stands among the grants: it is a link all the same.',
      { grants: [grant, withdrawn(2)] },
      [consent(grant, { until: day(2) })],
      [[withdrawn(2), 'other-type']],
    ),
    consentCase(
      'The record that was granted is retracted: of the consent that says nothing.',
      { grants: [grant], retractions: [withdrawn(2, shared)] },
      [consent(grant)],
    ),
  ];
}

export function consentEndCases(): readonly ValidCase[] {
  return [...times(), ...parts(), ...others(), ...cessations()];
}
