// dossier.verify: records in a log that has ended, and in the one after it (dossier.md 5.7, 5.15).

import type { Item } from '../cbor-text.ts';
import { FIRST_CHARTER } from '../charter/chain-forms.ts';
import { ISSUED_SECONDS, type KeyStateDocument, keyStateOf } from '../key-state/forms.ts';
import { checkpointText, noteLine, treeRoot } from '../log/text.ts';
import { arcadia, borealis } from '../states.ts';
import type { ValidCase, ValidFile } from '../vector.ts';
import { ASKED_SECONDS, liveOf, ONE, ofKeyState } from './key-state-pieces.ts';
import { reports } from './pieces.ts';
import { COSIGNED, cosigned, logged, PLACE, PLAIN, proofCase, seen, uncosigned } from './proof-pieces.ts';
import {
  AFTER,
  type Deviation,
  failed,
  notDone,
  type RecordDeviations,
  type RecordPart,
  type Scene,
  signed,
  type Verdict,
} from './scene.ts';
import {
  allKeys,
  COSIGNED_SECONDS,
  incident,
  type Line,
  leaves,
  lines,
  origin,
  proofOf,
  saysOf,
} from './story.ts';

export function generationsFile(): ValidFile {
  return reports('generations', [...ended(), ...later(), ...together()]);
}

const ROOT = treeRoot(leaves);
const OTHER_ROOT = Buffer.alloc(32, 9);
const TIME = ISSUED_SECONDS - 1;

/** The key state of Arcadia by which these logs have ended, each with its last size and root, or with nothing. */
const ending = (...ends: readonly Item[]): KeyStateDocument =>
  keyStateOf(arcadia, FIRST_CHARTER, [['logs', ends.map((end): Item => [end, TIME, 'compromised'])]]);

const by = (keyState: KeyStateDocument): Partial<Scene> => ({
  atSeconds: ASKED_SECONDS,
  documents: [...allKeys, signed('key-state', arcadia, keyState)],
});

/** The proof of a leaf in a log of Arcadia with this name. */
function proofIn(name: string, of: readonly Buffer[] = leaves, index: number = PLACE.index): string {
  const line: Line = (text) => noteLine(text, name, arcadia.keys.log);
  return proofOf(lines(line), { of, index, text: checkpointText(name, of.length, treeRoot(of)) });
}

const stoppedBy = (deviation: Deviation): RecordDeviations => ({
  checkpoint: deviation,
  cosignatures: AFTER,
});
const NOT_ITS_LOG = stoppedBy(notDone('log-generation'));

const judged = (
  comment: string,
  part: RecordPart,
  keyState: KeyStateDocument,
  more: Partial<Scene> = {},
): ValidCase => proofCase(comment, ofKeyState(part), { ...by(keyState), verdict: part.verdict, ...more });
const outside = (comment: string, proof: string, keyState: KeyStateDocument): ValidCase =>
  judged(comment, logged(proof, NOT_ITS_LOG, {}), keyState);

function ended(): readonly ValidCase[] {
  const other = { ...logged(PLAIN, stoppedBy(failed('two-histories')), {}), verdict: 'INVALID' as const };
  const beyond: RecordPart = { ...logged(COSIGNED, NOT_ITS_LOG, {}), verdict: 'INDETERMINATE' };
  return [
    judged('the log has ended with this checkpoint', uncosigned(PLAIN), ending([5, ROOT])),
    judged('the log has ended later', uncosigned(PLAIN), ending([6, OTHER_ROOT])),
    judged('the log has ended later, and the quorum is reached', cosignedThen(), ending([5, ROOT]), {
      policy: ONE,
    }),
    outside('the log has ended before', PLAIN, ending([4, OTHER_ROOT])),
    outside('nothing of the log stands', PLAIN, ending(null)),
    judged('the log has ended before, and a quorum is asked for', beyond, ending([4, OTHER_ROOT]), {
      policy: ONE,
    }),
    judged('the log has ended at this size with another root', other, ending([5, OTHER_ROOT])),
    proofCase('asked before it was known that the log has ended', uncosigned(PLAIN), {
      atSeconds: ISSUED_SECONDS - 301,
      documents: [...allKeys, signed('key-state', arcadia, ending(null), notDone('later-than-asked'))],
    }),
    judged(
      'that the log has ended is told by the key state that the verifier has',
      logged(PLAIN, NOT_ITS_LOG, {}),
      ending(null),
      {
        documents: allKeys,
        anchors: [arcadia.charter, borealis],
        keyStates: [ending(null)],
      },
    ),
  ];
}

/** The incident, seen by Borealis, where that is enough. */
function cosignedThen(): RecordPart {
  const part = cosigned(COSIGNED, seen(borealis, COSIGNED_SECONDS));
  return { ...part, out: { ...part.out, trustedSeconds: COSIGNED_SECONDS } };
}

function later(): readonly ValidCase[] {
  const second = proofIn(`${origin}/2`);
  const underFirst: Line = (text) => noteLine(text, origin, arcadia.keys.log);
  const wrongName = proofOf(lines(underFirst), { text: checkpointText(`${origin}/2`, leaves.length, ROOT) });
  const unreadable = (name: string): RecordPart => ({
    ...logged(
      proofIn(name),
      { inclusion: failed('proof-malformed'), checkpoint: AFTER, cosignatures: AFTER },
      {},
    ),
    verdict: 'INVALID',
  });
  const refused = (comment: string, name: string): ValidCase =>
    judged(comment, unreadable(name), ending(null));
  return [
    judged('the second log, after the first has ended', uncosigned(second), ending([5, ROOT])),
    judged('the second log, where nothing of the first stands', uncosigned(second), ending(null)),
    judged(
      'the ninth log',
      uncosigned(proofIn(`${origin}/9`)),
      ending(...Array.from({ length: 8 }, () => null)),
    ),
    outside('the second log, where the first has not ended', second, liveOf(arcadia)),
    outside('the third log, where the second is in use', proofIn(`${origin}/3`), ending(null)),
    outside('the second log has ended before', second, ending(null, [4, ROOT])),
    proofCase('the second log, where no key state is known', logged(second, NOT_ITS_LOG, {})),
    judged(
      'the second log, signed under the name of the first',
      logged(wrongName, stoppedBy(notDone('no-certificate')), {}),
      ending(null),
    ),
    refused('a first log that is numbered', `${origin}/1`),
    refused('a number with a leading zero', `${origin}/02`),
    refused('a tenth log', `${origin}/10`),
    refused('a log without its number', `${origin}/`),
  ];
}

function together(): readonly ValidCase[] {
  const storm = incident('storm');
  const inSecond = proofIn(`${origin}/2`, [...leaves.slice(0, -1), storm.id], 4);
  const says = { ...saysOf({ subject: 'incident/storm' }), disclosed: 0, undisclosed: 4 };
  const part = (steps: RecordDeviations, out: object, verdict: Verdict = 'VALID'): RecordPart =>
    ofKeyState({ text: storm, proof: inSecond, verdict, steps, out: { ...says, ...out } });
  return [
    proofCase('two logs of one size with two roots are no two histories', uncosigned(PLAIN), {
      ...by(ending([5, ROOT])),
      records: [
        ofKeyState(uncosigned(PLAIN)),
        part({ cosignatures: notDone('no-cosignature') }, { index: 4, size: 5 }),
      ],
    }),
  ];
}
