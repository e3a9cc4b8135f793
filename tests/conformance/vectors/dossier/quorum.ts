// dossier.verify: the quorum that the verifier asks for, and trusted time (dossier.md 5.10).

import { keyPair } from '../signing.ts';
import { arcadia, borealis, NOW_SECONDS } from '../states.ts';
import type { ValidCase, ValidFile } from '../vector.ts';
import {
  ASKED_SECONDS,
  bothKeys,
  liveOf,
  NOBODY,
  ONE,
  ofKeyState,
  revoked,
  someOf,
  superseded,
} from './key-state-pieces.ts';
import { reports } from './pieces.ts';
import {
  BY_BOREALIS,
  COSIGNED,
  cosigned,
  later,
  logged,
  OWN,
  PLAIN,
  proofCase,
  seen,
  uncosigned,
} from './proof-pieces.ts';
import { AFTER, notDone, type RecordPart, type Scene, signed, WITHOUT_PROOF } from './scene.ts';
import { allKeys, by, COSIGNED_SECONDS, cimmeria, lines, proofOf, toldPart } from './story.ts';

export function quorumFile(): ValidFile {
  return reports('quorum', [...reached(), ...notReached(), ...times(), ...keys()]);
}

const BOREALIS = seen(borealis, COSIGNED_SECONDS);

const at = (part: RecordPart, trustedSeconds: number): RecordPart => ({
  ...part,
  out: { ...part.out, trustedSeconds },
});
const short = (part: RecordPart): RecordPart => ({
  ...part,
  verdict: 'INDETERMINATE',
  steps: { ...part.steps, quorum: notDone('no-quorum') },
});

const asked = (comment: string, policy: string, part: RecordPart, more: Partial<Scene> = {}): ValidCase =>
  proofCase(comment, part, { policy, verdict: part.verdict, ...more });

const byCimmeria = by(cimmeria, COSIGNED_SECONDS + 50);
const byTwo = proofOf(lines(OWN, BY_BOREALIS, byCimmeria));
const byArcadia = by(arcadia, COSIGNED_SECONDS - 50);

function reached(): readonly ValidCase[] {
  return [
    asked(
      'one witness is asked for, and has cosigned',
      ONE,
      at(cosigned(COSIGNED, BOREALIS), COSIGNED_SECONDS),
    ),
    asked(
      'two of three: the time is that of the second, of whom the verifier knows no certificate',
      someOf(2),
      at(cosigned(byTwo, BOREALIS), COSIGNED_SECONDS + 50),
    ),
    asked(
      'one of two: the time is that of the first',
      someOf(1),
      at(cosigned(byTwo, BOREALIS), COSIGNED_SECONDS),
    ),
    asked('nobody is asked for: there is no time', NOBODY, uncosigned(PLAIN)),
  ];
}

function notReached(): readonly ValidCase[] {
  const twice = by(borealis, COSIGNED_SECONDS + 1);
  const second = keyPair(0x74);
  const forged = later(BY_BOREALIS(textOf(COSIGNED)));
  return [
    asked('two of three, and one has cosigned', someOf(2), short(cosigned(COSIGNED, BOREALIS))),
    asked(
      'two of three, and beside one witness the issuer itself has cosigned',
      someOf(2),
      short(cosigned(proofOf(lines(OWN, BY_BOREALIS, byArcadia)), BOREALIS)),
    ),
    asked(
      'two of three, and one has cosigned twice with one key',
      someOf(2),
      short(cosigned(proofOf(lines(OWN, BY_BOREALIS, twice)), BOREALIS)),
    ),
    asked(
      'two keys of one state are asked for, and one of them has cosigned twice',
      bothKeys(second),
      short(cosigned(proofOf(lines(OWN, BY_BOREALIS, twice)), BOREALIS)),
    ),
    asked('no witness has cosigned', ONE, short(uncosigned(PLAIN))),
    asked(
      'another state than the one that is asked for has cosigned',
      ONE,
      short(uncosigned(proofOf(lines(OWN, byCimmeria)))),
    ),
    asked(
      'a line under the name and key id of the witness that it has not made',
      ONE,
      short(uncosigned(proofOf(lines(OWN, () => forged)))),
    ),
    asked('a quorum is asked for, and the record has no proof', ONE, {
      ...toldPart,
      verdict: 'INDETERMINATE',
      steps: { ...WITHOUT_PROOF, quorum: AFTER },
    }),
    asked('nobody is asked for, and the record has no proof', NOBODY, {
      ...toldPart,
      verdict: 'INDETERMINATE',
      steps: { ...WITHOUT_PROOF, quorum: AFTER },
    }),
  ];
}

/** The text of the checkpoint in a proof. */
function textOf(proof: string): string {
  const note = proof.slice(proof.indexOf('comity/'));
  return note.slice(0, note.indexOf('\n\n') + 1);
}

function times(): readonly ValidCase[] {
  const cosignedAt = (timeSeconds: number): string => proofOf(lines(OWN, by(borealis, timeSeconds)));
  return [
    asked(
      'cosigned 300 seconds after the verifier asks',
      ONE,
      at(cosigned(cosignedAt(NOW_SECONDS + 300), seen(borealis, NOW_SECONDS + 300)), NOW_SECONDS + 300),
    ),
    asked(
      'cosigned 301 seconds after the verifier asks',
      ONE,
      short(uncosigned(cosignedAt(NOW_SECONDS + 301))),
    ),
    asked(
      'cosigned before the time of issue that the issuer gives: that is not asked',
      ONE,
      at(uncosigned(cosignedAt(NOW_SECONDS - 301)), NOW_SECONDS - 301),
    ),
    asked(
      'cosigned again later by the same key: the earlier time counts',
      ONE,
      at(
        cosigned(proofOf(lines(OWN, by(borealis, COSIGNED_SECONDS + 9), BY_BOREALIS)), BOREALIS),
        COSIGNED_SECONDS,
      ),
    ),
  ];
}

function keys(): readonly ValidCase[] {
  const { witness } = borealis.keys;
  const withState = (keyState: ReturnType<typeof liveOf>): Partial<Scene> => ({
    atSeconds: ASKED_SECONDS,
    documents: [...allKeys, signed('key-state', borealis, keyState)],
  });
  return [
    asked(
      'the key of the witness is in use',
      ONE,
      at(cosigned(COSIGNED, BOREALIS), COSIGNED_SECONDS),
      withState(liveOf(borealis)),
    ),
    asked(
      'the key of the witness is revoked from later on: whoever has it can write any time',
      ONE,
      short(uncosigned(COSIGNED)),
      withState(revoked(borealis, witness, COSIGNED_SECONDS + 1000)),
    ),
    asked(
      'the key of the witness was superseded later',
      ONE,
      at(cosigned(COSIGNED, BOREALIS), COSIGNED_SECONDS),
      withState(superseded(borealis, witness, COSIGNED_SECONDS + 1)),
    ),
    asked(
      'the key of the witness was superseded when it cosigned',
      ONE,
      short(uncosigned(COSIGNED)),
      withState(superseded(borealis, witness, COSIGNED_SECONDS)),
    ),
    asked(
      'the log key was revoked after the quorum',
      ONE,
      at(ofKeyState(cosigned(COSIGNED, BOREALIS)), COSIGNED_SECONDS),
      {
        atSeconds: ASKED_SECONDS,
        documents: [
          ...allKeys,
          signed('key-state', arcadia, revoked(arcadia, arcadia.keys.log, COSIGNED_SECONDS + 1)),
        ],
      },
    ),
    asked(
      'the log key was revoked when the quorum was reached',
      ONE,
      ofKeyState({
        ...logged(COSIGNED, { checkpoint: notDone('key-time'), cosignatures: AFTER, quorum: AFTER }, {}),
        verdict: 'INDETERMINATE',
      }),
      {
        atSeconds: ASKED_SECONDS,
        documents: [
          ...allKeys,
          signed('key-state', arcadia, revoked(arcadia, arcadia.keys.log, COSIGNED_SECONDS)),
        ],
      },
    ),
  ];
}
