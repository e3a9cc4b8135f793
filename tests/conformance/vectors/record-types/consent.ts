// consent.status (record-types.md §15, 10.3), and what refuses it.

import { hex } from '../cbor-text.ts';
import { invalid } from '../record/inputs.ts';
import { field } from '../record/text.ts';
import { arcadia, BEGIN_SECONDS, borealis } from '../states.ts';
import type { InvalidCase, ValidCase, VectorFile } from '../vector.ts';
import { consentEndCases } from './consent-ends.ts';
import { consentGrantCases } from './consent-grants.ts';
import { asked, CONSENT_GRAMMAR } from './consent-inputs.ts';
import { granted, partOf, revoked } from './consent-records.ts';
import { consentViewCases } from './consent-views.ts';
import { whole } from './norm-inputs.ts';
import { issued } from './norm-records.ts';

function refusals(): readonly InvalidCase[] {
  const grant = granted();
  const changed = Buffer.from(whole(grant));
  changed[changed.length - 1] = (changed.at(-1) as number) ^ 1;
  const revocation = revoked();
  const early = granted({}, { atSeconds: BEGIN_SECONDS - 1 });
  const twofold = issued(
    'release-grant',
    ['grant', 'revoke'].map((decision) => field('decision', decision)),
  );
  const decisions = twofold.parts.filter(({ bytes }) => bytes.includes('decision'));
  const barren = issued('retraction', [field('requestedAction', 'none')]);
  const bad = (code: string, clause: string, comment: string, given: Parameters<typeof asked>[0]) =>
    invalid(code, clause, comment, asked(given));
  return [
    bad('ed25519.bad-signature', 'keys 2.5', 'A bit of the signature of a grant is changed.', {
      grants: [grant, changed],
    }),
    bad('record.orphan-disclosure', 'record 5.6', 'A grant comes with the decision of a revocation.', {
      grants: [grant.view([...grant.parts, partOf(revocation, 'decision')])],
    }),
    bad(
      'record.key-present',
      'record 5.7',
      'Two views of one record disclose two decisions of it, each one.',
      {
        grants: decisions.map((decision) => twofold.view([decision])),
      },
    ),
    bad(
      'identity.not-yet-valid',
      'charter 6.6',
      'A grant was issued before the certificate of its key begins.',
      {
        grants: [early],
      },
    ),
    bad('identity.unknown-key', 'charter 6.6', 'The key of the issuer of record and grant is not known.', {
      grants: [grant],
      states: [borealis],
    }),
    bad('record.retracts-missing', 'record 3.5', 'A retraction that withdraws nothing.', {
      retractions: [barren],
    }),
    invalid('identity.unknown-key', 'charter 6.6', 'A holder consents, whose key is not known.', {
      ...asked({ states: [arcadia] }),
      grants: [hex(whole(granted({}, { by: borealis })))],
    }),
  ];
}

export function consentVectors(): readonly VectorFile[] {
  const file = (name: string, valid: readonly ValidCase[]): VectorFile => ({
    ...{ topic: 'record-types', name, op: 'consent.status', grammar: CONSENT_GRAMMAR },
    valid,
  });
  return [
    file('consent-grants', consentGrantCases()),
    file('consent-views', consentViewCases()),
    file('consent-ends', consentEndCases()),
    { topic: 'record-types', name: 'consent', op: 'consent.status', invalid: refusals() },
  ];
}
