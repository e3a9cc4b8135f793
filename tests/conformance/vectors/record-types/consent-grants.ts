// consent.status: which grants are a consent, from when and until when (record-types.md 15.1 to 15.5).

import { field, type RecordText } from '../record/text.ts';
import { arcadia, BEGIN_SECONDS, borealis, type State } from '../states.ts';
import type { ValidCase } from '../vector.ts';
import { consent, consentCase, type ExpectedConsent, type Ignored } from './consent-inputs.ts';
import { another, type GrantFields, granted, PARTS, refused, shared } from './consent-records.ts';
import { caldera, commitment, day, english, issued, type Options, retraction } from './norm-records.ts';

function one(
  comment: string,
  fields: GrantFields,
  expected: ExpectedConsent,
  options: Options = {},
): ValidCase {
  const grant = granted(fields, options);
  return consentCase(comment, { grants: [grant] }, [consent(grant, expected)]);
}

function none(comment: string, reason: string, fields: GrantFields, options: Options = {}): ValidCase {
  const grant = granted(fields, options);
  return consentCase(comment, { grants: [grant] }, [], [[grant, reason]]);
}

function terms(): readonly ValidCase[] {
  const [from, until] = [day(2), day(400)];
  return [
    one('A grant of everything for 30 days.', {}, {}),
    one('A grant of two parts.', { parts: PARTS.slice(0, 2) }, { parts: PARTS.slice(0, 2) }),
    one(
      'Two purposes, as they stand in the field.',
      { purposes: ['public-security', 'incident-response'] },
      { purposes: ['public-security', 'incident-response'] },
    ),
    one('It begins later than it was issued.', { notBefore: day(3) }, { from: day(3) }),
    one(
      'It would begin before it was issued: it begins when it was.',
      { notBefore: 0 },
      { from },
      { atSeconds: from },
    ),
    one('It lasts a second.', { notAfter: BEGIN_SECONDS + 1 }, { until: BEGIN_SECONDS + 1 }),
    one('It lasts 400 days.', { notAfter: until }, { until }),
    none('A second more than 400 days.', 'bad-term', { notAfter: until + 1 }),
    none('400 days from its begin, which is a second after its issue.', 'bad-term', {
      notBefore: day(0) + 1,
      notAfter: until + 1,
    }),
    none('It ends when it begins.', 'bad-term', { notBefore: day(3), notAfter: day(3) }),
    none('It ends before it begins.', 'bad-term', { notBefore: day(4), notAfter: day(3) }),
    none('It ended when it was issued.', 'bad-term', { notBefore: 0, notAfter: from }, { atSeconds: from }),
    one(
      'Conditions and a reason are for people.',
      { conditions: english('Not to be passed on.'), reason: english('The same software is in use there.') },
      {},
    ),
  ];
}

function parties(): readonly ValidCase[] {
  const same = (comment: string, holder: State, thirdParty: State): ValidCase =>
    none(comment, 'same-state', { holder: holder.idText, thirdParty: thirdParty.idText });
  return [
    one(
      'Another holder and another third party.',
      { holder: caldera.idText, thirdParty: borealis.idText },
      { holder: caldera, thirdParty: borealis },
    ),
    same('The issuer lets itself hand its record on, which it may without.', arcadia, caldera),
    same('The issuer is the third party.', borealis, arcadia),
    same('The holder is the third party.', borealis, borealis),
  ];
}

function whose(): readonly ValidCase[] {
  const winter: Options = { payload: [[3, 'winter']] };
  const drill = issued('incident', [field('stage', 'final')], { subject: 'shared', ...winter });
  const inDrill = granted({ record: drill.idText }, winter);
  const outside = granted({ record: drill.idText });
  const summer = granted({ record: drill.idText }, { payload: [[3, 'summer']] });
  const foreign = issued('incident', [field('stage', 'final')], { by: borealis, subject: 'foreign' });
  const byOwner = granted({ record: foreign.idText, holder: arcadia.idText }, { by: borealis });
  return [
    none('The holder consents in place of the originator.', 'not-originator', {}, { by: borealis }),
    none('The third party consents in place of the originator.', 'not-originator', {}, { by: caldera }),
    none('A record of the same issuer that nobody asks about.', 'other-record', { record: another.idText }),
    none('What is allowed in an exercise is not allowed outside it.', 'other-exercise', {}, winter),
    consentCase('In the exercise of the record.', { record: drill, grants: [inDrill] }, [consent(inDrill)]),
    consentCase(
      'What is allowed outside an exercise, or in another one, is not allowed in it.',
      { record: drill, grants: [outside, summer] },
      [],
      [
        [outside, 'other-exercise'],
        [summer, 'other-exercise'],
      ],
    ),
    consentCase('A record of another state, which consents itself.', { record: foreign, grants: [byOwner] }, [
      consent(byOwner, { holder: arcadia }),
    ]),
  ];
}

function several(): readonly ValidCase[] {
  const [first, second] = [granted(), granted({ parts: PARTS, notBefore: day(10), notAfter: day(50) })];
  const later = consent(second, { parts: PARTS, from: day(10), until: day(50) });
  const refusal = refused({ reason: english('Not this time.') }, { atSeconds: day(1) });
  const blunt = refused();
  const elsewhere = refused({ record: another.idText });
  const forged = refused({}, { by: caldera });
  const agreed = commitment('norm/treaty', 'endorse');
  const withdrawn = retraction(another);
  const twice = (of: RecordText): Ignored => [of, 'other-type'];
  return [
    consentCase('No record but the one that is asked about.', {}, []),
    consentCase('Two grants, each a consent.', { grants: [first, second] }, [consent(first), later]),
    consentCase('The same, in the other order and one of them twice.', { grants: [second, first, second] }, [
      consent(first),
      later,
    ]),
    consentCase('A refusal later takes no consent away.', { grants: [first, refusal] }, [consent(first)]),
    consentCase(
      'A refusal alone stands nowhere, with or without a reason.',
      { grants: [refusal, blunt] },
      [],
    ),
    consentCase(
      'Refusals about another record, and by another state.',
      { grants: [elsewhere, forged] },
      [],
      [
        [elsewhere, 'other-record'],
        [forged, 'not-originator'],
      ],
    ),
    consentCase(
      'Among the grants a commitment and a retraction; among the retractions a grant, which is given all the same.',
      { grants: [first, agreed, withdrawn], retractions: [first, agreed] },
      [consent(first)],
      [twice(agreed), twice(withdrawn), twice(first)],
    ),
    consentCase('A grant in the wrong list alone is no grant.', { retractions: [first] }, [], [twice(first)]),
    consentCase(
      'The record itself among the grants.',
      { grants: [shared, first] },
      [consent(first)],
      [twice(shared)],
    ),
  ];
}

export function consentGrantCases(): readonly ValidCase[] {
  return [...terms(), ...parties(), ...whose(), ...several()];
}
