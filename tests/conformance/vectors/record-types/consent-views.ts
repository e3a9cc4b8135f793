// consent.status: what is not shown of grants and revocations, and several views of one (record-types.md 15.3, 15.6).

import { element, field, type RecordText, withheldElements } from '../record/text.ts';
import { borealis } from '../states.ts';
import type { ValidCase } from '../vector.ts';
import { type Asked, consent, consentCase } from './consent-inputs.ts';
import {
  another,
  type GrantFields,
  granted,
  PARTS,
  partOf,
  revoked,
  shared,
  withholding,
} from './consent-records.ts';
import { caldera, day, english, issued } from './norm-records.ts';

/** Fields without which a grant is none. */
const NEEDED = [
  'decision',
  'record',
  'parts',
  'holder',
  'thirdParty',
  'purposes',
  'notBefore',
  'notAfter',
] as const;

function grants(): readonly ValidCase[] {
  const grant = granted({ conditions: english('Not to be passed on.') });
  const halves = [grant.parts.slice(0, 4), grant.parts.slice(4)].map((parts) => grant.view(parts));
  const ignored = (comment: string, given: Asked, of: RecordText): ValidCase =>
    consentCase(comment, given, [], [[of, 'withheld']]);
  const odd = (comment: string, fields: GrantFields): ValidCase => {
    const made = granted(fields);
    return ignored(comment, { grants: [made] }, made);
  };
  const digests = withheldElements(PARTS.map((digest) => element(digest)));
  const taken = issued('release-grant', [
    ...grant.parts.filter((part) => part !== partOf(grant, 'parts')).slice(1),
    field('parts', digests),
  ]);
  return [
    consentCase('What another state holds of it: decoys are undisclosed.', { grants: [grant.view()] }, [
      consent(grant),
    ]),
    consentCase('The conditions are withheld.', { grants: [withholding(grant, 'conditions')] }, [
      consent(grant),
    ]),
    ...NEEDED.map((name) =>
      ignored(`The field ${name} is withheld.`, { grants: [withholding(grant, name)] }, grant),
    ),
    ...NEEDED.map((name) => odd(`A grant without the field ${name}.`, { [name]: null })),
    ignored('Nothing but the envelope.', { grants: [grant.view([])] }, grant),
    consentCase('Two views, each with a part of the fields.', { grants: halves }, [consent(grant)]),
    consentCase('The same in the other order.', { grants: [...halves].reverse() }, [consent(grant)]),
    consentCase(
      'A view of it among the retractions shows what that among the grants does not.',
      { grants: [withholding(grant, 'parts')], retractions: [grant] },
      [consent(grant)],
      [[grant, 'other-type']],
    ),
    odd('A decision that there is not.', { decision: 'allow' }),
    odd('Parts in descending order.', { parts: [...PARTS].reverse() }),
    odd('One purpose that is not registered.', { purposes: ['incident-response', 'curiosity'] }),
    odd('An end as text.', { notAfter: '2026-12-23T10:00:00Z' }),
    odd('A holder by its code.', { holder: 'XBO' }),
    consentCase(
      'Parts that are withheld one by one, as no field of this type is.',
      { grants: [taken] },
      [],
      [[taken, 'withheld']],
    ),
  ];
}

function revocations(): readonly ValidCase[] {
  const grant = granted();
  const listed = granted({ parts: PARTS });
  const until = day(1);
  const cut = [consent(grant, { until })];
  const hidden = (...names: readonly string[]): readonly [RecordText, Uint8Array] => {
    const made = revoked({ parts: PARTS.slice(0, 1), reason: english('An error.') });
    return [made, withholding(made, ...names)];
  };
  const about = ['record', 'holder', 'thirdParty'] as const;
  const [vague, blind] = hidden(...about, 'parts');
  const [, partsHidden] = hidden('parts');
  const silent = hidden('decision');
  const elsewhere = revoked({ record: another.idText, thirdParty: borealis.idText });
  const toBorealis = revoked({ thirdParty: borealis.idText, holder: caldera.idText });
  const foreign = revoked({}, { by: borealis });
  const drill = revoked({}, { payload: [[3, 'winter']] });
  const absent = revoked({ holder: null, thirdParty: null, parts: null });
  const odd = revoked({ parts: 'some', thirdParty: 'XCA' });
  return [
    ...about.map((name) =>
      consentCase(`The ${name} of a revocation is withheld.`, { grants: [grant, hidden(name)[1]] }, cut),
    ),
    consentCase(
      'A revocation of one part, the field withheld: it counts for all.',
      { grants: [listed, partsHidden] },
      [consent(listed, { parts: PARTS, until })],
    ),
    consentCase('The same revocation as a whole.', { grants: [listed, hidden()[0]] }, [
      consent(listed, { parts: PARTS, until }),
      consent(listed, { parts: PARTS.slice(1), from: until }),
    ]),
    consentCase('Both views of it: it is known what it names.', { grants: [listed, partsHidden, vague] }, [
      consent(listed, { parts: PARTS, until }),
      consent(listed, { parts: PARTS.slice(1), from: until }),
    ]),
    consentCase('Nothing of it is shown but that it is a revocation.', { grants: [grant, blind] }, cut),
    consentCase(
      'The decision is withheld: it may be anything, and is nothing.',
      { grants: [grant, silent[1]] },
      [consent(grant)],
      [[silent[0], 'withheld']],
    ),
    consentCase(
      'The record is withheld, and what is shown is about another third party.',
      { grants: [grant, withholding(toBorealis, 'record')] },
      [consent(grant)],
    ),
    consentCase(
      'The record is withheld of one that the holder has issued, and of one of an exercise.',
      { grants: [grant, ...[foreign, drill].map((made) => withholding(made, 'record'))] },
      [consent(grant)],
    ),
    consentCase(
      'The holder is withheld, and it is about another record.',
      { grants: [grant, withholding(elsewhere, 'holder')] },
      [consent(grant)],
      [[elsewhere, 'other-record']],
    ),
    consentCase(
      'A revocation without holder, third party and parts is about each.',
      { grants: [listed, absent] },
      [consent(listed, { parts: PARTS, until })],
    ),
    consentCase('Fields of another form are as if they were withheld.', { grants: [listed, odd] }, [
      consent(listed, { parts: PARTS, until }),
    ]),
    consentCase(
      'The record that is asked about with nothing disclosed.',
      { record: shared.view([]), grants: [grant] },
      [consent(grant)],
    ),
  ];
}

export function consentViewCases(): readonly ValidCase[] {
  return [...grants(), ...revocations()];
}
