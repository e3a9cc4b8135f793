// record.verify: payload, unprotected and protected header (record.md §1, §2).

import { cbor, filled, type Item, map, Raw } from '../cbor-text.ts';
import { arcadia } from '../states.ts';
import type { InvalidCase, ValidCase, VectorFile } from '../vector.ts';
import { incident, parts } from './incident.ts';
import { invalid, RECORD_GRAMMAR, valid, verifying, viewOf } from './inputs.ts';
import {
  type Changes,
  type RecordOptions,
  type RecordText,
  recordText,
  signedRecord,
  withUnprotected,
} from './text.ts';

const subject = 'norm/headers';

function norm(options: Partial<RecordOptions> = {}): RecordText {
  return recordText({ issuer: arcadia, subject, ...options });
}

function subjects(): readonly ValidCase[] {
  const spelled: readonly (readonly [string, string])[] = [
    ['a/0', 'The shortest type and the shortest subject id.'],
    [`a${'z0-'.repeat(10)}9/x`, 'A type of 32 characters, with hyphens and digits.'],
    [`norm/${'Z'.repeat(128)}`, 'A subject id of 128 characters.'],
    ['norm/0._:-9Aa', 'Every kind of character that a subject id may have.'],
    ['unheard-of/x', 'A type that no chapter has: the record is verified like any other.'],
  ];
  return spelled.map(([text, comment]) => {
    const made = norm({ subject: text });
    return valid(comment, verifying(made.message), viewOf(made, { subject: text, undisclosed: 4 }));
  });
}

function badPayloads(): readonly InvalidCase[] {
  const header = new Raw(norm().protected);
  const refused = (comment: string, payload: Item): InvalidCase =>
    invalid(
      'record.payload-not-map',
      '1.4',
      comment,
      verifying(signedRecord(arcadia.keys.record, cbor(payload), header).message),
    );
  return [
    refused('The payload is an empty array.', []),
    refused('The payload is a text.', 'norm/headers'),
    refused('The payload is a byte string in which the map is.', norm().payload),
  ];
}

function badUnprotectedHeaders(): readonly InvalidCase[] {
  const refused = (code: string, comment: string, header: Item): InvalidCase =>
    invalid(`record.${code}`, '1.5', comment, verifying(withUnprotected(incident, header)));
  const { bytes } = parts.title;
  const text = Buffer.from('not a disclosure');
  return [
    refused('unprotected-header', 'Header 5 alone, which nobody has signed.', map([5, filled(0)])),
    refused(
      'unprotected-header',
      'A label that is a text beside entry 17.',
      map([17, [bytes]], ['note', text]),
    ),
    refused('unprotected-header', 'Header 18 holds the disclosures instead of 17.', map([18, [bytes]])),
    refused(
      'disclosure-header',
      'Entry 17 is an empty array: it is left out where there are none.',
      map([17, []]),
    ),
    refused('disclosure-header', 'Entry 17 is a disclosure, not an array of them.', map([17, bytes])),
    refused('disclosure-header', 'Entry 17 is null.', map([17, null])),
    refused(
      'disclosure-header',
      'A disclosure in entry 17 is not in a byte string.',
      map([17, [bytes, new Raw(bytes)]]),
    ),
    refused(
      'disclosure-header',
      'A disclosure in entry 17 is its hexadecimal text.',
      map([17, [bytes.toString('hex')]]),
    ),
  ];
}

function badProtectedHeaders(): readonly InvalidCase[] {
  const refused = (code: string, clause: string, comment: string, header: Changes): InvalidCase =>
    invalid(`record.${code}`, clause, comment, verifying(norm({ header }).message));
  const { keyId, publicKey } = arcadia.keys.record;
  return [
    refused('protected-header', '2.1', 'Header 4 is missing.', [[4, undefined]]),
    refused('protected-header', '2.1', 'Header 16 is missing.', [[16, undefined]]),
    refused('protected-header', '2.1', 'Header 170 is missing.', [[170, undefined]]),
    refused('protected-header', '2.1', 'Header 15 is missing.', [[15, undefined]]),
    refused('protected-header', '2.1', 'Header 3, a content type, is one too many.', [
      [3, 'application/cbor'],
    ]),
    refused('protected-header', '2.1', 'A header with a text as label is one too many.', [
      ['note', 'signed'],
    ]),
    refused('bad-key-id', '2.2', 'The key id lacks its last byte.', [[4, keyId.subarray(0, 31)]]),
    refused('bad-key-id', '2.2', 'The key id has a byte too many.', [
      [4, Buffer.concat([keyId, filled(0, 1)])],
    ]),
    refused('bad-key-id', '2.2', 'The key id is a text.', [[4, keyId.toString('hex')]]),
    refused('media-type', '2.3', 'The typ is that of a question.', [[16, 'application/comity-query+cose']]),
    refused('media-type', '2.3', 'The typ has a capital letter.', [[16, 'application/comity-Record+cose']]),
    refused('media-type', '2.3', 'The typ is a number of the registry of content formats.', [[16, 98]]),
    refused('digest-algorithm', '2.4', 'sd_alg is -43, SHA-384.', [[170, -43]]),
    refused('digest-algorithm', '2.4', 'sd_alg is the name of the algorithm.', [[170, 'SHA-256']]),
    refused('cwt-claims', '2.5', 'The CWT claims are a byte string.', [[15, publicKey]]),
  ];
}

function badClaims(): readonly InvalidCase[] {
  const refused = (code: string, clause: string, comment: string, claims: Changes): InvalidCase =>
    invalid(`record.${code}`, clause, comment, verifying(norm({ claims }).message));
  const named = (comment: string, text: Item): InvalidCase =>
    refused('bad-subject', '2.7', comment, [[2, text]]);
  return [
    refused('cwt-claims', '2.5', 'Claim 4, an end of validity, is one too many.', [[4, 1_826_964_000]]),
    refused('cwt-claims', '2.5', 'Claim 7 is missing.', [[7, undefined]]),
    refused('bad-issuer', '2.5', 'Claim 3, an audience, stands in place of claim 1.', [
      [1, undefined],
      [3, arcadia.idText],
    ]),
    refused('bad-issuer', '2.6', 'The state id is 32 bytes, not text.', [[1, arcadia.id]]),
    refused('bad-issuer', '2.6', 'The state id is in capital letters.', [[1, arcadia.idText.toUpperCase()]]),
    refused('bad-issuer', '2.6', 'The state id lacks its last digit.', [[1, arcadia.idText.slice(0, -1)]]),
    refused('bad-issuer', '2.6', 'The issuer is a state code.', [[1, arcadia.code]]),
    refused('bad-subject', '2.5', 'Claim 3 stands in place of claim 2.', [
      [2, undefined],
      [3, subject],
    ]),
    named('The subject has no slash.', 'norm-headers'),
    named('The record type is empty.', '/headers'),
    named('The subject id is empty.', 'norm/'),
    named('The record type begins with a digit.', '4norm/headers'),
    named('The record type has a capital letter.', 'Norm/headers'),
    named('The record type has 33 characters.', `${'n'.repeat(33)}/headers`),
    named('The subject id has 129 characters.', `norm/${'x'.repeat(129)}`),
    named('The subject id begins with a hyphen.', 'norm/-headers'),
    named('The subject id has a slash.', 'norm/head/ers'),
    named('The subject id has a letter outside ASCII.', 'norm/hôpitaux'),
    named('The subject ends in a line feed.', 'norm/headers\n'),
    named('The subject is a byte string.', Buffer.from(subject)),
    refused('bad-issue-time', '2.5', 'Claim 5 stands in place of claim 6.', [
      [6, undefined],
      [5, 1_795_514_400],
    ]),
    refused('bad-issue-time', '2.8', 'A second before 1970.', [[6, -1]]),
    refused('bad-issue-time', '2.8', 'The first second of the year 10000.', [[6, 253_402_300_800]]),
    refused('bad-issue-time', '2.8', 'The time is a text.', [[6, '2026-11-24T10:00:00Z']]),
    refused('bad-nonce', '2.5', 'Claim 8 stands in place of claim 7.', [
      [7, undefined],
      [8, filled(7, 16)],
    ]),
    refused('bad-nonce', '2.9', 'The nonce has 15 bytes.', [[7, filled(7, 15)]]),
    refused('bad-nonce', '2.9', 'The nonce has 17 bytes.', [[7, filled(7, 17)]]),
    refused('bad-nonce', '2.9', 'The nonce is a text of 16 bytes.', [[7, '0123456789abcdef']]),
  ];
}

export function recordHeaderVectors(): readonly VectorFile[] {
  return [
    { topic: 'record', name: 'subjects', op: 'record.verify', grammar: RECORD_GRAMMAR, valid: subjects() },
    {
      topic: 'record',
      name: 'headers',
      op: 'record.verify',
      invalid: [...badPayloads(), ...badUnprotectedHeaders(), ...badProtectedHeaders(), ...badClaims()],
    },
  ];
}
