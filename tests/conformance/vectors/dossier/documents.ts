// dossier.verify: charters and certificates that are refused or that do not count (dossier.md 4.1, 4.2).

import { cbor } from '../cbor-text.ts';
import { type keyPair, signMany } from '../signing.ts';
import {
  arcadia,
  BEGIN_SECONDS,
  borealis,
  certificatePayload,
  drawn,
  type State,
  typ,
  type Usage,
} from '../states.ts';
import type { ValidCase, ValidFile } from '../vector.ts';
import { reports, scene, undecided } from './pieces.ts';
import { certificate, charter, type DocumentPart, failed, notDone, verified } from './scene.ts';
import { arcadianKeys, cimmeria, toldPart } from './story.ts';

export function documentsFile(): ValidFile {
  return reports('documents', [...refused(), ...idle(), ...renewed()]);
}

export const [ownCharter, ownKey] = arcadianKeys as readonly [DocumentPart, DocumentPart];

/** The last byte of a document, which is of a signature, is another. */
export function flipped(document: Buffer): Buffer {
  const copy = Buffer.from(document);
  copy[copy.length - 1] = (copy.at(-1) as number) ^ 1;
  return copy;
}

const junk = (
  document: DocumentPart['document'],
  deviation: string,
  bytes: Uint8Array = Buffer.from([0]),
): DocumentPart => ({
  document,
  bytes,
  deviation: failed(deviation),
});

function refused(): readonly ValidCase[] {
  const badCharter = junk('charter', 'charter-refused', flipped(arcadia.charter));
  const badKey = junk('certificate', 'certificate-refused', flipped(arcadia.certificates.record));
  const keyOfNobody = certificate(arcadia, 'record', { deviation: notDone('no-charter') });
  const noKey = { records: [undecided('key', 'no-certificate')], verdict: 'INVALID' } as const;
  return [
    verified(
      'a charter with a signature that is not good, of a state that is trusted by its id',
      scene({
        documents: [badCharter, keyOfNobody],
        records: [undecided('issuer', 'no-charter')],
        verdict: 'INVALID',
      }),
    ),
    verified(
      'such a charter, where the verifier has a good one',
      scene({
        anchors: [arcadia.charter],
        documents: [badCharter, ownKey],
        verdict: 'INVALID',
      }),
    ),
    verified(
      'a charter that is an integer, beside the good one',
      scene({
        documents: [...arcadianKeys, junk('charter', 'charter-refused')],
        verdict: 'INVALID',
      }),
    ),
    verified(
      'a certificate in place of a charter',
      scene({
        documents: [...arcadianKeys, junk('charter', 'charter-refused', borealis.certificates.log)],
        verdict: 'INVALID',
      }),
    ),
    verified(
      'a certificate with a signature that is not good',
      scene({ documents: [ownCharter, badKey], ...noKey }),
    ),
    verified(
      'such a certificate beside the good one',
      scene({
        documents: [...arcadianKeys, badKey],
        verdict: 'INVALID',
      }),
    ),
    verified(
      'a certificate that is an integer',
      scene({
        documents: [ownCharter, junk('certificate', 'certificate-refused')],
        ...noKey,
      }),
    ),
    verified(
      'a certificate that is an integer, where there is no charter',
      scene({
        documents: [junk('certificate', 'certificate-refused')],
        records: [undecided('issuer', 'no-charter')],
        verdict: 'INVALID',
      }),
    ),
    verified(
      'a certificate that names Arcadia and is signed by Borealis',
      scene({
        documents: [
          ownCharter,
          junk('certificate', 'certificate-refused', issued(borealis, { as: arcadia, usage: 'record' })),
        ],
        ...noKey,
      }),
    ),
    verified(
      'a certificate with a bad signature, of a state that is not trusted and whose charter is there',
      scene({
        documents: [
          ...arcadianKeys,
          charter(borealis, notDone('no-anchor')),
          junk('certificate', 'certificate-refused', flipped(borealis.certificates.log)),
        ],
        verdict: 'INVALID',
      }),
    ),
  ];
}

/** A certificate signed by the root keys of a state. */
export function issued(
  by: State,
  {
    as = by,
    usage = 'log',
    key = by.keys[usage],
    id,
  }: {
    as?: State;
    usage?: Usage;
    key?: ReturnType<typeof keyPair>;
    id?: Buffer;
  },
): Buffer {
  const payload = certificatePayload(as.idText, usage, key, id === undefined ? [] : [[7, id]]);
  return signMany(by.rootKeys, cbor(payload), typ('key-certificate'));
}

/** A certificate of Borealis with members changed. */
function foreign(changes: Parameters<typeof certificatePayload>[3]): Buffer {
  const payload = certificatePayload(borealis.idText, 'log', borealis.keys.log, changes);
  return signMany(borealis.rootKeys, cbor(payload), typ('key-certificate'));
}

export const idOf = (name: string): Buffer => drawn(`certificate ${name}`);

function idle(): readonly ValidCase[] {
  const idleKeys = [charter(borealis), certificate(borealis, 'log')].map((each) => ({
    ...each,
    deviation: notDone('no-anchor'),
  }));
  return [
    verified(
      'charter and certificate of a state that is not trusted change nothing',
      scene({
        documents: [...arcadianKeys, ...idleKeys],
      }),
    ),
    verified(
      'a certificate of a state without a charter changes nothing',
      scene({
        documents: [...arcadianKeys, certificate(borealis, 'log', { deviation: notDone('no-charter') })],
      }),
    ),
    verified(
      'a certificate of a state without a charter, with a signature that nobody can judge',
      scene({
        documents: [
          ...arcadianKeys,
          {
            document: 'certificate',
            bytes: flipped(borealis.certificates.log),
            deviation: notDone('no-charter'),
          },
        ],
      }),
    ),
    verified(
      'a certificate of a state without a charter, which ends when it begins: only its form is judged',
      scene({
        documents: [
          ...arcadianKeys,
          { document: 'certificate', bytes: foreign([[4, BEGIN_SECONDS]]), deviation: notDone('no-charter') },
        ],
      }),
    ),
    verified(
      'a certificate of a state without a charter, with a usage that there is not',
      scene({
        documents: [...arcadianKeys, junk('certificate', 'certificate-refused', foreign([['use', 'query']]))],
        verdict: 'INVALID',
      }),
    ),
    verified(
      'charters of three states that are trusted, two of which have no part in it',
      scene({
        anchors: [arcadia, borealis, cimmeria],
        documents: [...arcadianKeys, charter(borealis), charter(cimmeria)],
      }),
    ),
  ];
}

function renewed(): readonly ValidCase[] {
  const again = certificate(arcadia, 'record', {
    bytes: issued(arcadia, { usage: 'record', id: idOf('renewed') }),
  });
  return [
    verified(
      'two certificates for one key',
      scene({ documents: [...arcadianKeys, again], records: [toldPart] }),
    ),
  ];
}
