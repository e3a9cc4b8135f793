// record.content: the fields of a release-request and a release-grant (record-types.md §13, §14).

import type { Item } from '../cbor-text.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import { english, type Fields, HOLDER, inForm, RECORD, THIRD_PARTY, unexpected } from './content-inputs.ts';

/** The largest time: 9999-12-31T23:59:59Z. */
const LAST_SECONDS = 253_402_300_799;

/** So many digests in ascending order. */
const digests = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => index.toString(16).padStart(64, '0'));

/** Two of purposes.json. */
const PURPOSES: readonly string[] = ['incident-response', 'public-security'];

function requests(): readonly ValidCase[] {
  const fields = (comment: string, given: Fields): ValidCase => inForm(comment, 'release-request', given);
  return [
    fields('Every field that a request has.', {
      record: RECORD,
      parts: digests(2),
      thirdParty: THIRD_PARTY,
      purpose: 'public-security',
      reason: english('Its hospitals use the same software.'),
      replyBy: 1_795_600_800,
    }),
    fields('All parts, by the word.', { parts: 'all' }),
    fields('One part.', { parts: digests(1) }),
    fields('512 parts.', { parts: digests(512) }),
    fields('A third party that nobody knows has the form of a state all the same.', {
      thirdParty: '00'.repeat(32),
    }),
    fields('A reply at the last second.', { replyBy: LAST_SECONDS }),
  ];
}

function grants(): readonly ValidCase[] {
  const fields = (comment: string, given: Fields): ValidCase => inForm(comment, 'release-grant', given);
  return [
    fields('Every field that a grant has.', {
      decision: 'grant',
      record: RECORD,
      parts: digests(3),
      holder: HOLDER,
      thirdParty: THIRD_PARTY,
      purposes: PURPOSES,
      notBefore: 1_795_514_400,
      notAfter: 1_798_192_800,
      conditions: english('Not to be passed on.'),
      reason: english('The same software is in use there.'),
      request: '17'.repeat(32),
    }),
    fields('A grant without purposes and term: for a reader each field has its form.', { decision: 'grant' }),
    fields('A refusal, with its reason.', { decision: 'refuse', reason: english('Not this time.') }),
    fields('A revocation.', { decision: 'revoke' }),
    fields('A refusal without a reason.', { decision: 'refuse', purposes: PURPOSES }),
    fields('A revocation with purposes and a term.', { purposes: PURPOSES, notBefore: 0, notAfter: 0 }),
    fields('A term that ends before it begins.', { decision: 'grant', notBefore: 2, notAfter: 1 }),
    fields('Holder and third party are one state.', { holder: HOLDER, thirdParty: HOLDER }),
    fields('32 purposes, of which some are the same: that is for the issuer to see to.', {
      purposes: Array.from({ length: 32 }, () => 'incident-response'),
    }),
    fields('512 parts.', { parts: digests(512) }),
    fields('The first and the last second.', { notBefore: 0, notAfter: LAST_SECONDS }),
  ];
}

/** Fields that both types have, in another form. */
function badOfBoth(type: string): readonly ValidCase[] {
  const one = (comment: string, name: string, content: Item): ValidCase =>
    unexpected(comment, type, { [name]: content }, name);
  const [first = '', second = ''] = digests(2);
  return [
    one('A record by its subject.', 'record', 'incident/hospitals'),
    one('A record id of 63 digits.', 'record', 'a'.repeat(63)),
    one('A record id as bytes.', 'record', Buffer.alloc(32, 0x5a)),
    one('A record id in capital letters.', 'record', 'AB'.repeat(32)),
    one('A third party by its code.', 'thirdParty', 'XCA'),
    one('A third party in capital letters.', 'thirdParty', 'CA'.repeat(32)),
    one('No third party, as null.', 'thirdParty', null),
    one('A third party in a list.', 'thirdParty', [THIRD_PARTY]),
    one('A third party of 65 digits.', 'thirdParty', 'c'.repeat(65)),
    one('No part in the list.', 'parts', []),
    one('513 parts.', 'parts', digests(513)),
    one('Parts in descending order.', 'parts', [second, first]),
    one('One part twice.', 'parts', [first, first]),
    one('A part by its path.', 'parts', ['victim.name']),
    one('A digest as bytes.', 'parts', [Buffer.alloc(32, 0x01)]),
    one('A digest of 66 digits.', 'parts', ['0'.repeat(66)]),
    one('A word that is not all.', 'parts', 'none'),
    one('The word in capital letters.', 'parts', 'ALL'),
    one('The word in a list.', 'parts', ['all']),
    one('No parts as null.', 'parts', null),
    one('A reason that is a text.', 'reason', 'Because.'),
  ];
}

function others(): readonly ValidCase[] {
  const request = (comment: string, name: string, content: Item): ValidCase =>
    unexpected(comment, 'release-request', { [name]: content }, name);
  const grant = (comment: string, name: string, content: Item): ValidCase =>
    unexpected(comment, 'release-grant', { [name]: content }, name);
  return [
    ...badOfBoth('release-request'),
    ...badOfBoth('release-grant'),
    request('A purpose that is not registered.', 'purpose', 'curiosity'),
    request('Purposes in a list.', 'purpose', ['incident-response']),
    request('A reply before 1970.', 'replyBy', -1),
    request('A reply as text.', 'replyBy', '2026-11-24T10:00:00Z'),
    grant('A decision that there is not.', 'decision', 'grant-with-conditions'),
    grant('A decision as boolean.', 'decision', true),
    grant('A holder by its code.', 'holder', 'XBO'),
    grant('A holder as bytes.', 'holder', Buffer.alloc(32, 0xb0)),
    grant('A holder as 64 bytes.', 'holder', Buffer.alloc(64, 0xb0)),
    grant('No holder, as null.', 'holder', null),
    grant('One purpose without its list.', 'purposes', 'incident-response'),
    grant('No purpose in the list.', 'purposes', []),
    grant('A purpose that is not registered among those that are.', 'purposes', ['public-security', 'any']),
    grant(
      '33 purposes.',
      'purposes',
      Array.from({ length: 33 }, () => 'incident-response'),
    ),
    grant('A begin before 1970.', 'notBefore', -1),
    grant('An end after the year 9999.', 'notAfter', LAST_SECONDS + 1),
    grant('An end as text.', 'notAfter', '2027-11-24T10:00:00Z'),
    grant('Conditions that are a text.', 'conditions', 'Not to be passed on.'),
    grant('A request by its subject.', 'request', 'release-request/r-1'),
  ];
}

export function contentReleaseVectors(): readonly VectorFile[] {
  const file = (name: string, valid: readonly ValidCase[]): VectorFile => ({
    ...{ topic: 'record-types', name, op: 'record.content', grammar: { fields: name } },
    valid,
  });
  return [
    file('release-request', requests()),
    file('release-grant', grants()),
    { topic: 'record-types', name: 'releases-other-forms', op: 'record.content', valid: others() },
  ];
}
