// dossier.verify: times of cosignatures and of the keys of logs (dossier.md 5.8).

import { keyPair } from '../signing.ts';
import { arcadia, BEGIN_SECONDS, borealis, END_SECONDS, NOW_SECONDS } from '../states.ts';
import type { ValidCase, ValidFile } from '../vector.ts';
import { reports } from './pieces.ts';
import {
  BY_BOREALIS,
  COSIGNED,
  cosigned,
  further,
  logged,
  OWN,
  PLAIN,
  proofCase,
  seen,
  uncosigned,
} from './proof-pieces.ts';
import {
  AFTER,
  certificate,
  type Members,
  notDone,
  type RecordDeviations,
  type RecordPart,
} from './scene.ts';
import { allKeys, by, byLog, COSIGNED_SECONDS, incident, lines, proofOf, saysOf } from './story.ts';

export function proofTimesFile(): ValidFile {
  return reports('proof-times', [...times()]);
}

const KEY_TIME: RecordDeviations = { checkpoint: notDone('key-time'), cosignatures: AFTER };

/** A record issued when the keys begin, in a log of its own that Borealis has cosigned then. */
function issuedFirst(timeSeconds: number, ...cosignatures: readonly Members[]): RecordPart {
  const text = incident('hospital', { issuedAtSeconds: BEGIN_SECONDS });
  const proof = proofOf(lines(OWN, by(borealis, timeSeconds)), { of: [text.id], index: 0 });
  return {
    text,
    proof,
    verdict: 'VALID',
    steps: { cosignatures: cosignatures.length === 0 ? notDone('no-cosignature') : undefined },
    out: {
      ...saysOf({ issuedAtSeconds: BEGIN_SECONDS }),
      ...{ disclosed: 0, undisclosed: 4, index: 0, size: 1, cosignatures },
    },
  };
}

function times(): readonly ValidCase[] {
  const at = (timeSeconds: number): string => proofOf(lines(OWN, by(borealis, timeSeconds)));
  const newKey = keyPair(0x73);
  const newKeys = allKeys.map((each) =>
    each.usage === 'log'
      ? certificate(arcadia, 'log', { bytes: further(arcadia, 'log', newKey, NOW_SECONDS - 60) })
      : each,
  );
  const bySoon = (timeSeconds: number): string => proofOf(lines(byLog(newKey), by(borealis, timeSeconds)));
  const later = { atSeconds: END_SECONDS + 1000 };
  return [
    proofCase(
      'cosigned 300 seconds after the verifier asks',
      cosigned(at(NOW_SECONDS + 300), seen(borealis, NOW_SECONDS + 300)),
    ),
    proofCase(
      'cosigned 301 seconds after the verifier asks: it does not count',
      uncosigned(at(NOW_SECONDS + 301)),
    ),
    proofCase(
      'cosigned at the last time that can be written: it does not count',
      uncosigned(at(Number.MAX_SAFE_INTEGER)),
    ),
    proofCase(
      'cosigned in the last second of the keys',
      cosigned(at(END_SECONDS - 1), seen(borealis, END_SECONDS - 1)),
      later,
    ),
    proofCase(
      'cosigned when the keys end: it does not count, and nothing tells when the checkpoint was signed',
      logged(at(END_SECONDS), KEY_TIME, {}),
      later,
    ),
    proofCase('cosigned before the key begins: it does not count', issuedFirst(BEGIN_SECONDS - 1)),
    proofCase('cosigned when the key begins', issuedFirst(BEGIN_SECONDS, seen(borealis, BEGIN_SECONDS))),
    proofCase(
      'cosigned 300 seconds before the time of issue',
      cosigned(at(NOW_SECONDS - 300), seen(borealis, NOW_SECONDS - 300)),
    ),
    proofCase(
      'cosigned 301 seconds before the time of issue: it does not count',
      uncosigned(at(NOW_SECONDS - 301)),
    ),
    proofCase(
      'cosigned at the time 0, and again: the earlier line does not count',
      cosigned(proofOf(lines(OWN, by(borealis, 0), BY_BOREALIS)), seen(borealis, COSIGNED_SECONDS)),
    ),
    proofCase('asked when the key of the log ends, without cosignatures', logged(PLAIN, KEY_TIME, {}), {
      atSeconds: END_SECONDS,
    }),
    proofCase('asked in the last second of the key of the log, without cosignatures', uncosigned(PLAIN), {
      atSeconds: END_SECONDS - 1,
    }),
    proofCase(
      'asked ten years later, with a cosignature of the time',
      cosigned(COSIGNED, seen(borealis, COSIGNED_SECONDS)),
      { atSeconds: NOW_SECONDS + 315_360_000 },
    ),
    proofCase('cosigned before the key of the log begins', logged(bySoon(NOW_SECONDS - 61), KEY_TIME, {}), {
      documents: newKeys,
    }),
    proofCase(
      'cosigned when the key of the log begins',
      cosigned(bySoon(NOW_SECONDS - 60), seen(borealis, NOW_SECONDS - 60)),
      { documents: newKeys },
    ),
    proofCase(
      'two keys of the log have signed, of which one is valid at the time',
      cosigned(proofOf(lines(OWN, byLog(newKey), BY_BOREALIS)), seen(borealis, COSIGNED_SECONDS)),
      {
        documents: [
          ...allKeys,
          certificate(arcadia, 'log', { bytes: further(arcadia, 'log', newKey, NOW_SECONDS - 60) }),
        ],
      },
    ),
  ];
}
