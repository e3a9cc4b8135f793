// dossier.verify: log proofs of records, and the cosignatures that count (dossier.md 3.5 to 3.7, 5.7 to 5.9).

import { sha256 } from '../cbor-text.ts';
import { noteLine } from '../log/text.ts';
import { keyPair } from '../signing.ts';
import { arcadia, borealis } from '../states.ts';
import type { ValidCase, ValidFile } from '../vector.ts';
import { NOT_FORMED, reports, undecided } from './pieces.ts';
import {
  BY_BOREALIS,
  both,
  COSIGNED,
  cosigned,
  further,
  logged,
  OWN,
  PLACE,
  PLAIN,
  proofCase,
  seen,
  uncosigned,
} from './proof-pieces.ts';
import { AFTER, certificate, charter, notDone, type RecordDeviations } from './scene.ts';
import {
  allKeys,
  arcadianKeys,
  by,
  byLog,
  COSIGNED_SECONDS,
  cimmeria,
  INDEX,
  leaves,
  lines,
  proofOf,
  toldPart,
} from './story.ts';

export function proofsFile(): ValidFile {
  return reports('proofs', [...good(), ...counting(), ...undecidedOnes()]);
}

function good(): readonly ValidCase[] {
  const alone = proofOf(lines(OWN), { of: [leaves[INDEX] as Buffer], index: 0 });
  const stranger = (text: string): string => noteLine(text, 'example.org/log', keyPair(0x71));
  return [
    proofCase('a proof without cosignatures', uncosigned(PLAIN)),
    proofCase('a proof that Borealis has cosigned', cosigned(COSIGNED, seen(borealis, COSIGNED_SECONDS))),
    proofCase('the record is the only one of its log', uncosigned(alone, { index: 0, size: 1 })),
    proofCase('a line of a key that nobody knows is passed over', uncosigned(proofOf(lines(OWN, stranger)))),
  ];
}

function counting(): readonly ValidCase[] {
  const three = [...both, cimmeria];
  const keys = [...allKeys, charter(cimmeria), certificate(cimmeria, 'witness')];
  const untrusted = [charter(cimmeria), certificate(cimmeria, 'witness')].map((each) => ({
    ...each,
    deviation: notDone('no-anchor'),
  }));
  const byCimmeria = by(cimmeria, COSIGNED_SECONDS + 5);
  const ordered = [seen(borealis, COSIGNED_SECONDS), seen(cimmeria, COSIGNED_SECONDS + 5)].sort((a, b) =>
    String(a.state) < String(b.state) ? -1 : 1,
  );
  const secondKey = keyPair(0x72);
  const secondKeys = [
    ...allKeys,
    certificate(borealis, 'witness', { bytes: further(borealis, 'witness', secondKey) }),
  ];
  return [
    proofCase(
      'two states have cosigned',
      cosigned(proofOf(lines(OWN, BY_BOREALIS, byCimmeria)), ...ordered),
      {
        anchors: three,
        documents: keys,
      },
    ),
    proofCase('a state that is not trusted has cosigned', uncosigned(proofOf(lines(OWN, byCimmeria))), {
      documents: [...allKeys, ...untrusted],
    }),
    proofCase(
      'one that is trusted and one that is not have cosigned',
      cosigned(proofOf(lines(OWN, BY_BOREALIS, byCimmeria)), seen(borealis, COSIGNED_SECONDS)),
      { documents: [...allKeys, ...untrusted] },
    ),
    proofCase(
      "the issuer's own cosignature does not count",
      uncosigned(proofOf(lines(OWN, by(arcadia, COSIGNED_SECONDS)))),
      { documents: [...allKeys, certificate(arcadia, 'witness')] },
    ),
    proofCase(
      'a state has cosigned with two keys: the earlier time is taken',
      cosigned(
        proofOf(lines(OWN, BY_BOREALIS, by(borealis, COSIGNED_SECONDS - 7, secondKey))),
        seen(borealis, COSIGNED_SECONDS - 7),
      ),
      { documents: secondKeys },
    ),
    proofCase(
      'a state has cosigned twice with one key: the earlier time is taken',
      cosigned(
        proofOf(lines(OWN, BY_BOREALIS, by(borealis, COSIGNED_SECONDS - 9))),
        seen(borealis, COSIGNED_SECONDS - 9),
      ),
    ),
    proofCase(
      'cosigned under the name of another state',
      uncosigned(proofOf(lines(OWN, by(cimmeria, COSIGNED_SECONDS, borealis.keys.witness)))),
    ),
    proofCase(
      'cosigned with a key that is certified for logs',
      uncosigned(proofOf(lines(OWN, by(borealis, COSIGNED_SECONDS, borealis.keys.log)))),
      { documents: [...allKeys, certificate(borealis, 'log')] },
    ),
  ];
}

function undecidedOnes(): readonly ValidCase[] {
  const noCertificate: RecordDeviations = { checkpoint: notDone('no-certificate'), cosignatures: AFTER };
  const withoutLogKey = allKeys.filter(({ usage }) => usage !== 'log');
  const behind: RecordDeviations = { checkpoint: AFTER, cosignatures: AFTER };
  const { steps: untrusted = {} } = undecided('issuer', 'no-anchor');
  const { steps: unknown = {} } = undecided('key', 'no-certificate');
  const malformed = Buffer.from([0]);
  return [
    proofCase('there is no certificate of the key of the log', logged(COSIGNED, noCertificate, {}), {
      documents: withoutLogKey,
    }),
    proofCase('only the cosigner has signed', logged(proofOf(lines(BY_BOREALIS)), noCertificate, {})),
    proofCase(
      'signed by the log key of another state, under the name of this log',
      logged(proofOf(lines(byLog(borealis.keys.log))), noCertificate, {}),
      { documents: [...allKeys, certificate(borealis, 'log')] },
    ),
    proofCase(
      'signed by the record key of the issuer, under the name of this log',
      logged(proofOf(lines(byLog(arcadia.keys.record))), noCertificate, {}),
    ),
    proofCase(
      'the issuer is not trusted: that the record is under the root can be told',
      {
        ...undecided('issuer', 'no-anchor'),
        proof: PLAIN,
        steps: { ...untrusted, inclusion: undefined, ...behind },
      },
      {
        anchors: [],
        documents: arcadianKeys.map((each) => ({ ...each, deviation: notDone('no-anchor') })),
        verdict: 'INDETERMINATE',
      },
    ),
    proofCase(
      'the key of the record has no certificate: its place in the log can be told',
      {
        ...undecided('key', 'no-certificate'),
        proof: PLAIN,
        steps: {
          ...unknown,
          inclusion: undefined,
          checkpoint: undefined,
          cosignatures: notDone('no-cosignature'),
        },
        out: { ...undecided('key', '').out, ...PLACE },
      },
      { documents: allKeys.filter(({ usage }) => usage !== 'record'), verdict: 'INDETERMINATE' },
    ),
    proofCase(
      'a proof beside what is no record',
      {
        text: { ...toldPart.text, message: malformed, ...idsOf(malformed) },
        proof: PLAIN,
        verdict: 'INVALID',
        steps: NOT_FORMED,
      },
      { verdict: 'INVALID' },
    ),
  ];
}

function idsOf(bytes: Buffer): { readonly id: Buffer; readonly idText: string } {
  const id = sha256(bytes);
  return { id, idText: id.toString('hex') };
}
