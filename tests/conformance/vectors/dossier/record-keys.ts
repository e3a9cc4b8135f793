// dossier.verify: records whose key is not one for them, or was not valid (dossier.md 5.3).

import { map } from '../cbor-text.ts';
import { overall } from '../record/text.ts';
import { keyPair } from '../signing.ts';
import { arcadia, BEGIN_SECONDS, borealis, END_SECONDS, NOW_SECONDS, type State, state } from '../states.ts';
import type { ValidCase, ValidFile } from '../vector.ts';
import { faulty, reports, scene, undecided } from './pieces.ts';
import {
  certificate,
  charter,
  failed,
  type Members,
  notDone,
  type RecordPart,
  type Scene,
  verified,
} from './scene.ts';
import { arcadianKeys, incident, saysOf } from './story.ts';

export function recordKeysFile(): ValidFile {
  return reports('record-keys', [...wrongKeys()]);
}

/** A record for whose time no certificate is there. */
export function notThen(text: RecordPart['text'], out: Members): RecordPart {
  return { ...undecided('key', 'no-certificate-then'), text, disclosures: [], out };
}

function wrongKeys(): readonly ValidCase[] {
  const own = certificate(arcadia, 'log');
  const foreign = [charter(borealis), certificate(borealis, 'record')];
  const byLogKey = incident('hospital', { key: arcadia.keys.log });
  const byBorealis = incident('hospital', { key: borealis.keys.record });
  const key = (comment: string, part: RecordPart, more: Partial<Scene> = {}): ValidCase =>
    verified(comment, scene({ records: [part], verdict: 'INVALID', ...more }));
  const at = (issuedAtSeconds: number, atSeconds: number, comment: string): ValidCase => {
    const text = incident('hospital', { issuedAtSeconds });
    return key(comment, notThen(text, saysOf({ issuedAtSeconds })), {
      atSeconds,
      verdict: 'INDETERMINATE',
    });
  };
  const ended: State = state('XEN', [0x81], 0x91, arcadiaLike('xen-2026'), [
    [4, NOW_SECONDS],
    ['legal', []],
    ['names', map(['en', 'Ended'])],
    ['nextd', [keyPair(0x82).keyId]],
    ['contacts', []],
  ]);
  const label = map([1, 'xen-2026'], [2, 'open'], [3, 'GREEN']);
  const after = incident('hospital', { issuer: ended, envelope: label, body: [overall(label)] });
  const before = incident('hospital', {
    issuer: ended,
    envelope: label,
    body: [overall(label)],
    issuedAtSeconds: NOW_SECONDS - 1,
  });
  const ofEnded = { anchors: [ended], documents: [charter(ended), certificate(ended, 'record')] };
  return [
    key('signed with the log key of the issuer', faulty(byLogKey, 'key', failed('wrong-key')), {
      documents: [...arcadianKeys, own],
    }),
    key('signed with the record key of another state', faulty(byBorealis, 'key', failed('wrong-key')), {
      anchors: [arcadia, borealis],
      documents: [...arcadianKeys, ...foreign],
    }),
    verified(
      'signed with the record key of another state, which is not trusted',
      scene({
        documents: [
          ...arcadianKeys,
          ...foreign.map((each) => ({ ...each, deviation: notDone('no-anchor') })),
        ],
        records: [{ ...undecided('key', 'no-certificate'), text: byBorealis, disclosures: [] }],
        verdict: 'INDETERMINATE',
      }),
    ),
    at(BEGIN_SECONDS - 1, NOW_SECONDS, 'issued in the second before the certificate begins'),
    at(END_SECONDS, END_SECONDS, 'issued when the certificate ends'),
    key('issued when the charter ends', notThen(after, saysOf({ issuer: ended })), {
      ...ofEnded,
      verdict: 'INDETERMINATE',
    }),
    verified(
      'issued in the last second of the charter',
      scene({
        ...ofEnded,
        records: [
          {
            text: before,
            verdict: 'VALID',
            out: {
              ...saysOf({ issuer: ended, issuedAtSeconds: NOW_SECONDS - 1 }),
              disclosed: 0,
              undisclosed: 4,
            },
          },
        ],
      }),
    ),
  ];
}

function arcadiaLike(id: string) {
  return map(
    [1, id],
    [2, map(['en', id])],
    [3, [map([1, 'open'], [2, map(['en', 'Open'])], [3, 0])]],
    [4, []],
  );
}
