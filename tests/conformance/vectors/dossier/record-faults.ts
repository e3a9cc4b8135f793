// dossier.verify: records that are malformed, forged, not authorised, or that do not open (dossier.md 5.1, 5.4 to 5.6).

import { cbor, map, Raw } from '../cbor-text.ts';
import { disclosureOf, overall, type RecordText, restrictedLabel, signedRecord } from '../record/text.ts';
import { keyPair, signMany } from '../signing.ts';
import { arcadia, certificatePayload, NOW_SECONDS, typ } from '../states.ts';
import type { ValidCase, ValidFile } from '../vector.ts';
import { alteredPayload, bytesAsRecord, faulty, NOT_FORMED, reports, scene } from './pieces.ts';
import { certificate, charter, failed, notDone, type RecordPart, type Scene, verified } from './scene.ts';
import { incident, title, told, victim } from './story.ts';

export function recordFaultsFile(): ValidFile {
  return reports('record-faults', [...malformed(), ...forged(), ...unauthorised(), ...parts()]);
}

function malformed(): readonly ValidCase[] {
  const refused = (comment: string, text: RecordPart['text']): ValidCase =>
    verified(
      comment,
      scene({ records: [{ text, verdict: 'INVALID', steps: NOT_FORMED }], verdict: 'INVALID' }),
    );
  return [
    refused('an integer in place of the record', bytesAsRecord(Buffer.from([0]))),
    refused('a key certificate in place of the record', bytesAsRecord(arcadia.certificates.record)),
    refused(
      'the disclosures of the view stand in the bytes of the record',
      bytesAsRecord(told.view([title])),
    ),
    refused('the record and one byte', bytesAsRecord(Buffer.concat([told.message, Buffer.from([0])]))),
    refused('the record without its last byte', bytesAsRecord(told.message.subarray(0, -1))),
    refused('a record of version 2', incident('hospital', { payload: [[1, 2]] })),
    refused('a record without a label', incident('hospital', { payload: [[2, undefined]] })),
    refused(
      'a record with a media type of another document',
      incident('hospital', {
        header: [[16, 'application/comity-query+cose']],
      }),
    ),
  ];
}

function forged(): readonly ValidCase[] {
  const flipped = Buffer.from(told.message);
  flipped[flipped.length - 1] = (flipped.at(-1) as number) ^ 1;
  const otherKey = signedRecord(keyPair(0x99), told.payload, new Raw(told.protected));
  const invalid = (comment: string, part: RecordPart): ValidCase =>
    verified(comment, scene({ records: [part], verdict: 'INVALID' }));
  return [
    invalid(
      'one bit of the signature is another',
      faulty(bytesAsRecord(flipped), 'signature', failed('forged')),
    ),
    invalid(
      'the label was changed after signing',
      faulty(alteredPayload(told), 'signature', failed('forged')),
    ),
    invalid(
      'signed by another key under the key id of the issuer',
      faulty(otherKey, 'signature', failed('forged')),
    ),
  ];
}

/** A certificate of Arcadia for its record key with this scope. */
export function scoped(
  scope: readonly (readonly [string, string | readonly string[]])[],
  changes: Parameters<typeof certificatePayload>[3] = [],
): Buffer {
  const payload = certificatePayload(arcadia.idText, 'record', arcadia.keys.record, [
    ['scope', map(...scope)],
    ...changes,
  ]);
  return signMany(arcadia.rootKeys, cbor(payload), typ('key-certificate'));
}

function unauthorised(): readonly ValidCase[] {
  const refused = (comment: string, text: RecordText, more: Partial<Scene> = {}): ValidCase =>
    verified(
      comment,
      scene({
        records: [faulty(text, 'authority', failed('not-authorised'))],
        verdict: 'INVALID',
        ...more,
      }),
    );
  const documents = (bytes: Buffer) => ({
    documents: [charter(arcadia), certificate(arcadia, 'record', { bytes })],
  });
  const restricted = incident('hospital', { envelope: restrictedLabel });
  const foreignLabel = incident('hospital', { envelope: map([1, 'xbo-2026'], [2, 'open'], [3, 'GREEN']) });
  return [
    refused('the key may sign norms only', told, documents(scoped([['types', ['norm']]]))),
    refused(
      'the label is above what the key may sign',
      restricted,
      documents(scoped([['max', 'unclassified']])),
    ),
    refused('a label of another scheme', foreignLabel),
    verified(
      'issued 301 seconds after the verifier asks: that is not to be judged yet',
      scene({
        atSeconds: NOW_SECONDS - 301,
        records: [{ ...faulty(told, 'authority', notDone('later-than-asked')), verdict: 'INDETERMINATE' }],
        verdict: 'INDETERMINATE',
      }),
    ),
    verified(
      'a part whose label is above what the key may sign',
      scene({
        ...documents(scoped([['max', 'unclassified']])),
        records: [{ ...faulty(told, 'parts', failed('parts-refused')), disclosures: [victim] }],
        verdict: 'INVALID',
      }),
    ),
  ];
}

function parts(): readonly ValidCase[] {
  const refused = (comment: string, disclosures: RecordPart['disclosures']): ValidCase =>
    verified(
      comment,
      scene({
        records: [{ ...faulty(told, 'parts', failed('parts-refused')), disclosures: disclosures ?? [] }],
        verdict: 'INVALID',
      }),
    );
  const changed = Buffer.from(title.bytes);
  changed[changed.length - 8] = (changed.at(-8) as number) ^ 1;
  return [
    refused('one letter of a disclosure is another', [disclosureOf(changed)]),
    refused('a disclosure of another record', [overall(restrictedLabel, 'other')]),
    refused('a good disclosure beside one of another record', [title, overall(restrictedLabel, 'other')]),
    refused('a disclosure that is an integer', [disclosureOf(Buffer.from([0]))]),
    refused(
      'more than 262144 bytes of disclosures',
      Array.from({ length: 5 }, (_, index) => disclosureOf(cbor(Buffer.alloc(60_000, index)))),
    ),
  ];
}
