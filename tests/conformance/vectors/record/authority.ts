// record.verify: whether the key was allowed to sign, and the labels (record.md 6.3 to 6.5).

import { cbor, hex, map } from '../cbor-text.ts';
import { keyPair, signMany } from '../signing.ts';
import {
  arcadia,
  BEGIN_SECONDS,
  borealis,
  certificatePayload,
  drawn,
  END_SECONDS,
  NOW_SECONDS,
  typ,
  type Usage,
} from '../states.ts';
import type { InvalidCase, ValidCase, VectorFile } from '../vector.ts';
import { invalid, keysOf, type Members, RECORD_GRAMMAR, valid, verifying, viewOf } from './inputs.ts';
import { type Changes, type RecordOptions, type RecordText, recordText } from './text.ts';

const subject = 'norm/authority';
const DAY = 86_400;
/** The last second of the year 9999. */
const LAST_SECOND = 253_402_300_799;

function norm(options: Partial<RecordOptions> = {}): RecordText {
  return recordText({ issuer: arcadia, subject, ...options });
}

/** Another certificate of Arcadia, by default for its key for records. */
function certificate(changes: Changes, usage: Usage = 'record', key = arcadia.keys.record): Buffer {
  const payload = certificatePayload(arcadia.idText, usage, key, changes);
  return signMany(arcadia.rootKeys, cbor(payload), typ('key-certificate'));
}

const during = (begin: number, end: number, name: string): Changes => [
  [4, end],
  [5, begin],
  [7, drawn(name)],
];

const scoped = (scope: Changes): Buffer => certificate([['scope', map(...scope)]]);

function knowing(text: RecordText, certificates: readonly Uint8Array[], more: Members = {}): Members {
  return { record: hex(text.message), ...keysOf(arcadia, certificates), ...more };
}

function allowed(): readonly ValidCase[] {
  const accepted = (
    comment: string,
    text: RecordText,
    input: Members,
    issuedAtSeconds = NOW_SECONDS,
  ): ValidCase => valid(comment, input, viewOf(text, { subject, undisclosed: 4, issuedAtSeconds }));
  const at = (issuedAtSeconds: number): RecordText => norm({ issuedAtSeconds });
  const dated = (
    comment: string,
    issuedAtSeconds: number,
    certificates: readonly Uint8Array[],
    more?: Members,
  ): ValidCase =>
    accepted(comment, at(issuedAtSeconds), knowing(at(issuedAtSeconds), certificates, more), issuedAtSeconds);
  const own = [arcadia.certificates.record];
  const text = norm();
  const renewed = certificate(during(BEGIN_SECONDS + 200 * DAY, END_SECONDS + 200 * DAY, 'renewed'));
  return [
    dated('Issued in the first second of the certificate.', BEGIN_SECONDS, own),
    dated(
      'Issued in the last second of the certificate; a reader without a clock does not ask more.',
      END_SECONDS - 1,
      own,
    ),
    dated('Issued 300 seconds ahead of the clock of the reader.', NOW_SECONDS, own, {
      nowSeconds: NOW_SECONDS - 300,
    }),
    dated('Issued when the clock of the reader says.', NOW_SECONDS, own, { nowSeconds: NOW_SECONDS }),
    dated('The certificate has ended long since; it had not when the record was issued.', NOW_SECONDS, own, {
      nowSeconds: END_SECONDS + DAY,
    }),
    dated('Issued in the first second of 1970.', 0, [certificate(during(0, 400 * DAY, '1970'))]),
    dated('Issued in the last second that a certificate can cover.', LAST_SECOND - 1, [
      certificate(during(LAST_SECOND - 400 * DAY, LAST_SECOND, '9999')),
    ]),
    dated('Issued under the renewed certificate, when the first one had ended.', END_SECONDS, [
      ...own,
      renewed,
    ]),
    dated('Issued when two certificates are valid.', BEGIN_SECONDS + 300 * DAY, [renewed, ...own]),
    accepted(
      'Certificates of all usages are known; the one for records counts.',
      text,
      knowing(text, Object.values(arcadia.certificates)),
    ),
    accepted(
      'The scope names the type among others.',
      text,
      knowing(text, [scoped([['types', ['incident', 'norm']]])]),
    ),
    accepted(
      'Two certificates are valid: the one that began first counts, and its scope covers the record.',
      text,
      knowing(text, [
        certificate([
          ...during(BEGIN_SECONDS + 1, END_SECONDS, 'narrow'),
          ['scope', map(['types', ['incident']])],
        ]),
        ...own,
      ]),
    ),
  ];
}

function notAllowed(): readonly InvalidCase[] {
  const refused = (code: string, comment: string, input: Members): InvalidCase =>
    invalid(`record.${code}`, '6.4', comment, input);
  const own = [arcadia.certificates.record];
  const at = (
    issuedAtSeconds: number,
    certificates: readonly Uint8Array[] = own,
    more: Members = {},
  ): Members => knowing(norm({ issuedAtSeconds }), certificates, more);
  const text = norm();
  const forged = recordText({ issuer: arcadia, subject, key: borealis.keys.record });
  return [
    refused('key-not-granted', 'Borealis has signed a record that names Arcadia as issuer.', {
      record: hex(forged.message),
      ...keysOf(borealis),
    }),
    ...(['log', 'witness', 'transport'] as const).map((usage) =>
      refused(
        'wrong-usage',
        `Signed with the key for ${usage}.`,
        knowing(norm({ key: arcadia.keys[usage] }), Object.values(arcadia.certificates)),
      ),
    ),
    refused('key-not-yet-valid', 'Issued a second before the certificate begins.', at(BEGIN_SECONDS - 1)),
    refused('key-not-yet-valid', 'Issued in 1970.', at(0)),
    refused('key-expired', 'Issued in the second in which the certificate ends.', at(END_SECONDS)),
    refused('key-expired', 'Issued in the last second of the year 9999.', at(LAST_SECOND)),
    refused(
      'key-not-yet-valid',
      'Issued after the end of one certificate and before the begin of the next.',
      at(BEGIN_SECONDS + 20 * DAY, [
        certificate(during(BEGIN_SECONDS, BEGIN_SECONDS + 10 * DAY, 'first')),
        certificate(during(BEGIN_SECONDS + 30 * DAY, END_SECONDS, 'second')),
      ]),
    ),
    refused(
      'issued-in-future',
      'Issued 301 seconds ahead of the clock of the reader.',
      at(NOW_SECONDS, own, { nowSeconds: NOW_SECONDS - 301 }),
    ),
    refused(
      'issued-in-future',
      'Issued months ahead of the clock of the reader.',
      at(END_SECONDS - 1, own, { nowSeconds: BEGIN_SECONDS }),
    ),
    refused(
      'type-out-of-scope',
      'The scope has other types.',
      knowing(text, [scoped([['types', ['incident', 'retraction']]])]),
    ),
    refused(
      'type-out-of-scope',
      'The scope has a type that begins as this one.',
      knowing(text, [scoped([['types', ['norms', 'nor']]])]),
    ),
    refused(
      'type-out-of-scope',
      'Two certificates are valid: the one that began first counts, and its scope has other types.',
      knowing(text, [
        certificate([...during(BEGIN_SECONDS + 1, END_SECONDS, 'wide')]),
        certificate([['scope', map(['types', ['incident']])]]),
      ]),
    ),
  ];
}

function badKeys(): readonly InvalidCase[] {
  const text = norm();
  const other = keyPair(0x7f);
  const changed = Buffer.from(text.message);
  changed[changed.length - 1] = (changed.at(-1) as number) ^ 1;
  return [
    invalid('identity.unknown-key', 'charter 6.6', 'No certificate is known.', knowing(text, [])),
    invalid(
      'identity.unknown-key',
      'charter 6.6',
      'Signed with a key that nobody has certified.',
      verifying(norm({ key: other }).message),
    ),
    invalid(
      'ed25519.bad-signature',
      '6.3',
      'The signature is that of another key than the key id says.',
      verifying(norm({ key: other, header: [[4, arcadia.keys.record.keyId]] }).message),
    ),
    invalid('identity.wrong-issuer', 'charter 3.2', 'The certificate is of another state than the charter.', {
      ...verifying(text.message),
      certificates: [hex(borealis.certificates.record)],
    }),
  ];
}

export function recordAuthorityVectors(): readonly VectorFile[] {
  return [
    { topic: 'record', name: 'authority', op: 'record.verify', grammar: RECORD_GRAMMAR, valid: allowed() },
    { topic: 'record', name: 'authority', op: 'record.verify', invalid: [...notAllowed(), ...badKeys()] },
  ];
}
