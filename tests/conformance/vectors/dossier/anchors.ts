// dossier.verify: the worked example, and whom a verifier trusts (dossier.md §0, 3.1, 4.4).

import { readFileSync } from 'node:fs';
import { hex, Raw, sha256 } from '../cbor-text.ts';
import { disclosureOf } from '../record/text.ts';
import { arcadia, borealis } from '../states.ts';
import type { ValidCase, ValidFile } from '../vector.ts';
import { reports, scene, undecided } from './pieces.ts';
import {
  certificate,
  charter,
  notDone,
  type RecordPart,
  stoppedAt,
  verified,
  WITHOUT_PROOF,
} from './scene.ts';

export function anchorsFile(): ValidFile {
  return reports('anchors', [...examples(), ...anchors()]);
}

function examples(): readonly ValidCase[] {
  const norm = printed('record');
  const text = { idText: hex(sha256(norm)), id: sha256(norm), message: norm };
  const shown = disclosureOf(
    new Raw(
      '83500202020202020202020202020202020282f6a162656e77486f73706974616c7320617265206e6f20746172676574657469746c65',
    ).bytes,
  );
  const certificateBytes = [
    ...readFileSync(new URL('../../../../protocol/charter.md', import.meta.url), 'utf8').matchAll(
      /```\n([\s0-9a-f]+)```/g,
    ),
  ].map(([, block = '']) => Buffer.from(block.replaceAll(/\s/g, ''), 'hex'))[1];
  if (certificateBytes === undefined) throw new Error('no certificate in charter.md');
  const says = { issuer: arcadia.idText, subject: 'norm/hospitals', issuedAtSeconds: 1_795_514_400 };
  const part: RecordPart = {
    text,
    disclosures: [shown],
    verdict: 'VALID',
    out: { ...says, disclosed: 1, undisclosed: 3 },
  };
  const documents = [charter(arcadia), certificate(arcadia, 'record', { bytes: certificateBytes })];
  return [
    verified('the worked example', { anchors: [arcadia], documents, records: [part], verdict: 'VALID' }),
    verified('the worked example, for a verifier who trusts nobody', {
      anchors: [],
      documents: documents.map((each) => ({ ...each, deviation: notDone('no-anchor') })),
      records: [
        {
          ...part,
          verdict: 'INDETERMINATE',
          steps: { ...WITHOUT_PROOF, ...stoppedAt('issuer', notDone('no-anchor')) },
          out: says,
        },
      ],
      verdict: 'INDETERMINATE',
    }),
  ];
}

function printed(chapter: string): Buffer {
  const text = readFileSync(new URL(`../../../../protocol/${chapter}.md`, import.meta.url), 'utf8');
  const block = /```\n([\s0-9a-f]+)```/.exec(text)?.[1];
  if (block === undefined) throw new Error(`no example in ${chapter}.md`);
  return Buffer.from(block.replaceAll(/\s/g, ''), 'hex');
}

export function anchors(): readonly ValidCase[] {
  const [ownCharter, ownKey] = [charter(arcadia), certificate(arcadia, 'record')];
  return [
    verified(
      'the charter is given by the verifier, and not in the file',
      scene({
        anchors: [arcadia.charter],
        documents: [ownKey],
      }),
    ),
    verified(
      'the charter is given by the verifier, and in the file too',
      scene({ anchors: [arcadia.charter] }),
    ),
    verified(
      'id and charter of one state are given, and the id of another',
      scene({
        anchors: [arcadia, arcadia.charter, borealis],
      }),
    ),
    verified(
      'an anchor by id whose charter is not in the file',
      scene({
        documents: [certificate(arcadia, 'record', { deviation: notDone('no-charter') })],
        records: [undecided('issuer', 'no-charter')],
        verdict: 'INDETERMINATE',
      }),
    ),
    verified(
      'another state than the issuer is trusted',
      scene({
        anchors: [borealis],
        documents: [
          charter(arcadia, notDone('no-anchor')),
          certificate(arcadia, 'record', { deviation: notDone('no-anchor') }),
        ],
        records: [undecided('issuer', 'no-anchor')],
        verdict: 'INDETERMINATE',
      }),
    ),
    verified(
      'there is no certificate',
      scene({
        documents: [ownCharter],
        records: [undecided('key', 'no-certificate')],
        verdict: 'INDETERMINATE',
      }),
    ),
    verified(
      'there is a certificate for another key',
      scene({
        documents: [ownCharter, certificate(arcadia, 'log')],
        records: [undecided('key', 'no-certificate')],
        verdict: 'INDETERMINATE',
      }),
    ),
  ];
}
