// dossier.verify: each line of a cosigner is judged by itself, and key ids of four bytes can be shared (dossier.md 3.7, 5.8).

import { filled } from '../cbor-text.ts';
import { checkpointText, originOf } from '../log/text.ts';
import { type KeyPair, keyPair } from '../signing.ts';
import { arcadia, BEGIN_SECONDS, borealis, drawn } from '../states.ts';
import type { ValidCase, ValidFile } from '../vector.ts';
import { notification, SIZE } from './notifications.ts';
import { reports } from './pieces.ts';
import {
  BY_BOREALIS,
  cosigned,
  further,
  later,
  logged,
  OWN,
  proofCase,
  seen,
  uncosigned,
} from './proof-pieces.ts';
import { AFTER, certificate, type DocumentPart, failed } from './scene.ts';
import {
  allKeys,
  by,
  byLog,
  COSIGNED_SECONDS,
  type Line,
  leaves,
  ledger,
  lines,
  notified,
  proofOf,
  RECEIVED_SECONDS,
} from './story.ts';

export function cosignerLinesFile(): ValidFile {
  return reports('cosigner-lines', [...ofNobody(), ...beside(), ...sharedIds()]);
}

const over =
  (line: Line): Line =>
  () =>
    line(checkpointText(originOf(arcadia), leaves.length, filled(0x55)));
const changed: Line = (text) => later(BY_BOREALIS(text));
const tooLate: Line = (text) => by(borealis, 2n ** 53n)(text);
const early: Line = over(by(borealis, COSIGNED_SECONDS - 50));

/** Whoever has the file could have put the line there: it is as if it were not. */
function ofNobody(): readonly ValidCase[] {
  const alone = (comment: string, line: Line): ValidCase =>
    proofCase(comment, uncosigned(proofOf(lines(OWN, line))));
  return [
    alone('a cosigner that is known has signed another checkpoint', over(BY_BOREALIS)),
    alone('a cosignature whose time was changed', changed),
    alone('the time at which a cosignature was made is above 2^53 - 1', tooLate),
  ];
}

function beside(): readonly ValidCase[] {
  const good = (comment: string, ...others: readonly Line[]): ValidCase =>
    proofCase(
      comment,
      cosigned(proofOf(lines(OWN, BY_BOREALIS, ...others)), seen(borealis, COSIGNED_SECONDS)),
    );
  return [
    good('an earlier line that does not verify, beside a good one', early),
    good('an earlier line from before the key begins, beside a good one', by(borealis, BEGIN_SECONDS - 1)),
    good('a later line that does not verify, beside a good one', changed),
    good('a line with a time that cannot be, beside a good one', tooLate),
    good('three lines that do not count, beside a good one', early, changed, tooLate),
  ];
}

/** Keys whose ids under the name of the log of Arcadia, or of the witness of Borealis, are the same four bytes. */
const shared = (index: number): KeyPair => keyPair(drawn(`shared ${index}`, 32));
const LOG_KEYS = [shared(94_914), shared(103_637)] as const;
const WITNESS_KEYS = [shared(26_661), shared(182_967)] as const;

function sharedIds(): readonly ValidCase[] {
  const logKeys = LOG_KEYS.map(
    (key): DocumentPart => certificate(arcadia, 'log', { bytes: further(arcadia, 'log', key) }),
  );
  const witnessKeys = WITNESS_KEYS.map(
    (key): DocumentPart => certificate(borealis, 'witness', { bytes: further(borealis, 'witness', key) }),
  );
  const documents = [...allKeys, ...logKeys, ...witnessKeys];
  const [witness] = WITNESS_KEYS;
  return [
    ...LOG_KEYS.map((key, index) =>
      proofCase(
        `signed by key ${index + 1} of two of the log with one key id`,
        uncosigned(proofOf(lines(byLog(key)))),
        {
          documents,
        },
      ),
    ),
    proofCase(
      'a line with this key id that neither of the two has made',
      {
        ...logged(
          proofOf(lines(byLog(LOG_KEYS[0]), over(byLog(LOG_KEYS[1])))),
          { checkpoint: failed('checkpoint-refused'), cosignatures: AFTER },
          {},
        ),
        verdict: 'INVALID',
      },
      { documents, verdict: 'INVALID' },
    ),
    ...WITNESS_KEYS.map((key, index) =>
      proofCase(
        `cosigned by key ${index + 1} of two of a witness with one key id`,
        cosigned(proofOf(lines(OWN, by(borealis, COSIGNED_SECONDS, key))), seen(borealis, COSIGNED_SECONDS)),
        { documents },
      ),
    ),
    ...WITNESS_KEYS.map((key, index) =>
      notification(
        `received with key ${index + 1} of two of the recipient with one key id`,
        { ...notified, receipt: ledger.receipt(SIZE, RECEIVED_SECONDS, key) },
        { documents },
      ),
    ),
    proofCase(
      'one of the two keys alone is certified, and the other has cosigned',
      uncosigned(proofOf(lines(OWN, by(borealis, COSIGNED_SECONDS, witness)))),
      { documents: [...allKeys, witnessKeys[1] as DocumentPart] },
    ),
  ];
}
