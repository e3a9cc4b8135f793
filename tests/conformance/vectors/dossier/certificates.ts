// dossier.verify: several certificates of one key, and several signatures on one (dossier.md 3.8, 4.3, 5.3, 5.5, 5.6).

import { cbor, hex, map, sha256 } from '../cbor-text.ts';
import { overall, type RecordOptions } from '../record/text.ts';
import { keyPair, signMany } from '../signing.ts';
import {
  arcadia,
  BEGIN_SECONDS,
  certificatePayload,
  changed,
  charterOf,
  NOW_SECONDS,
  type State,
  state,
  typ,
} from '../states.ts';
import type { ValidCase, ValidFile } from '../vector.ts';
import { idOf } from './documents.ts';
import { faulty, reports, scene } from './pieces.ts';
import { scoped } from './record-faults.ts';
import { notThen } from './record-keys.ts';
import { certificate, charter, type DocumentPart, failed, type RecordPart, verified } from './scene.ts';
import { arcadianKeys, incident, saysOf, told, toldPart, victim } from './story.ts';

export function certificatesFile(): ValidFile {
  return reports('certificates', [...scopes(), ...renewals(), ...sameCertificate()]);
}

type Scope = Parameters<typeof scoped>[0];

/** A certificate of the record key of Arcadia with an id of its own. */
function granting(name: string, scope: Scope, beginSeconds = BEGIN_SECONDS): DocumentPart {
  const bytes = scoped(scope, [
    [5, beginSeconds],
    [7, idOf(name)],
  ]);
  return certificate(arcadia, 'record', { bytes });
}

function scopes(): readonly ValidCase[] {
  const withCharter = (...documents: readonly DocumentPart[]) => ({
    documents: [charter(arcadia), ...documents],
  });
  const normsOnly = granting('norms', [['types', ['norm']]], BEGIN_SECONDS - 3600);
  const open = granting('open', [['max', 'unclassified']], BEGIN_SECONDS - 3600);
  const incidents = granting('incidents', [['types', ['incident']]]);
  const incidentsAndNorms = granting('incidents and norms', [['types', ['incident', 'norm']]]);
  const openIncidents = granting('open incidents', [
    ['max', 'unclassified'],
    ['types', ['incident']],
  ]);
  const shown: RecordPart = {
    ...toldPart,
    disclosures: [victim],
    out: { ...saysOf(), disclosed: 1, undisclosed: 3 },
  };
  const refusedParts: RecordPart = {
    ...faulty(told, 'parts', failed('parts-refused')),
    disclosures: [victim],
  };
  return [
    verified(
      'an earlier certificate that grants less, beside one that grants the record',
      scene({ documents: [...arcadianKeys, normsOnly] }),
    ),
    verified(
      'an earlier certificate that grants less alone',
      scene({
        ...withCharter(normsOnly),
        records: [faulty(told, 'authority', failed('not-authorised'))],
        verdict: 'INVALID',
      }),
    ),
    verified(
      'two certificates that grant less, each something else',
      scene({
        ...withCharter(normsOnly, openIncidents),
        records: [refusedParts],
        verdict: 'INVALID',
      }),
    ),
    verified(
      'an earlier certificate that grants the record and not the part, beside one that grants both',
      scene({ ...withCharter(open, incidents), records: [shown] }),
    ),
    verified(
      'the same, where the one that grants both stands behind the other in the file',
      scene({ ...withCharter(open, incidentsAndNorms), records: [shown] }),
    ),
    verified('the one that grants both alone', scene({ ...withCharter(incidents), records: [shown] })),
    verified(
      'the one that grants the record and not the part alone',
      scene({ ...withCharter(open), records: [refusedParts], verdict: 'INVALID' }),
    ),
  ];
}

function renewals(): readonly ValidCase[] {
  const renewed = granting('renewed', [], NOW_SECONDS + 1);
  const [ownCharter, own] = arcadianKeys as readonly [DocumentPart, DocumentPart];
  return [
    verified(
      'the certificate of the time of issue, and a renewed one',
      scene({ documents: [...arcadianKeys, renewed] }),
    ),
    verified(
      'a renewed certificate, without that of the time of issue',
      scene({
        documents: [ownCharter, renewed],
        records: [notThen(told, saysOf())],
        verdict: 'INDETERMINATE',
      }),
    ),
    verified('the certificate of the time of issue alone', scene({ documents: [ownCharter, own] })),
  ];
}

/** A state with two root keys, of which one is enough, and a certificate of its record key signed by whichever. */
function lenient(): { readonly of: State; readonly signedBy: (...roots: readonly number[]) => Buffer } {
  const scheme = map(
    [1, 'xth-2026'],
    [2, map(['en', 'Theoria'])],
    [3, [map([1, 'open'], [2, map(['en', 'Open'])], [3, 0])]],
    [4, []],
  );
  const base = state('XTH', [0xc1, 0xc2], 0xd1, scheme, [
    ['legal', []],
    ['names', map(['en', 'Theoria'])],
    ['nextd', [keyPair(0xc3).keyId]],
    ['contacts', []],
  ]);
  const charterPayload = changed(base.charterPayload.entries, [['k', 1]]);
  const id = sha256(cbor(charterPayload));
  const of = {
    ...base,
    charterPayload,
    charter: charterOf(base.rootKeys, charterPayload),
    id,
    idText: hex(id),
  };
  const payload = cbor(certificatePayload(hex(id), 'record', base.keys.record));
  const keysOf = (roots: readonly number[]) => base.rootKeys.filter((_, index) => roots.includes(index));
  return { of, signedBy: (...roots) => signMany(keysOf(roots), payload, typ('key-certificate')) };
}

function sameCertificate(): readonly ValidCase[] {
  const { of, signedBy } = lenient();
  const label = map([1, 'xth-2026'], [2, 'open'], [3, 'GREEN']);
  const options: Partial<RecordOptions> = { issuer: of, envelope: label, body: [overall(label)] };
  const part: RecordPart = {
    text: incident('hospital', options),
    verdict: 'VALID',
    out: { ...saysOf({ issuer: of }), disclosed: 0, undisclosed: 4 },
  };
  const signed = [signedBy(0), signedBy(1), signedBy(0, 1)].map((bytes) =>
    certificate(of, 'record', { bytes }),
  );
  const other = charterOf(of.rootKeys.slice(0, 1), of.charterPayload);
  const here = { anchors: [of], records: [part] };
  return [
    verified(
      'one certificate three times, with other signatures each time',
      scene({ ...here, documents: [charter(of), ...signed] }),
    ),
    verified(
      'one of its spellings alone',
      scene({ ...here, documents: [charter(of), signed[1] as DocumentPart] }),
    ),
    verified(
      'one charter twice among the anchors, with other signatures each time',
      scene({ ...here, anchors: [of.charter, other], documents: [signed[0] as DocumentPart] }),
    ),
    verified(
      'one charter twice in the file, with other signatures each time',
      scene({
        ...here,
        documents: [charter(of), { ...charter(of), bytes: other }, signed[0] as DocumentPart],
      }),
    ),
  ];
}
