// dossier.verify: key states and later charters, and what becomes of records of keys that are no longer in use
// (dossier.md 4.3, 5.11, 5.12).

import { SECOND_CHARTER, second } from '../charter/chain-forms.ts';
import { ISSUED_SECONDS, KEY_STATE_DAYS, keyStateOf } from '../key-state/forms.ts';
import { arcadia, borealis, NOW_SECONDS } from '../states.ts';
import type { ValidCase, ValidFile } from '../vector.ts';
import {
  ASKED_SECONDS,
  liveOf,
  ONE,
  ofKeyState,
  revoked,
  revokedAfter,
  superseded,
  without,
} from './key-state-pieces.ts';
import { reports, scene, undecided } from './pieces.ts';
import { COSIGNED, cosigned, logged, PLAIN, proofCase, seen } from './proof-pieces.ts';
import {
  charter,
  type DocumentPart,
  failed,
  notDone,
  type RecordPart,
  type Scene,
  signed,
  verified,
  WITHOUT_PROOF,
} from './scene.ts';
import { allKeys, arcadianKeys, COSIGNED_SECONDS, notified, toldPart } from './story.ts';

export function keyStatesFile(): ValidFile {
  return reports('key-states', [...standing(), ...revocations(), ...documents(), ...chains(), ...receipts()]);
}

const { record } = arcadia.keys;
const LIVE = liveOf(arcadia);
const BOREALIS = seen(borealis, COSIGNED_SECONDS);

const withState = (keyState: typeof LIVE, keys: readonly DocumentPart[] = arcadianKeys): Partial<Scene> => ({
  atSeconds: ASKED_SECONDS,
  documents: [...keys, signed('key-state', arcadia, keyState)],
});
const judged = (comment: string, part: RecordPart, more: Partial<Scene>): ValidCase =>
  verified(comment, scene({ records: [part], verdict: part.verdict, ...more }));

function standing(): readonly ValidCase[] {
  const stale = (ageSeconds: number): RecordPart =>
    ofKeyState(
      {
        ...toldPart,
        steps: { ...WITHOUT_PROOF, currency: notDone('stale-key-state') },
        remarks: ['stale-key-state'],
      },
      { ageSeconds, stale: true },
    );
  const term = KEY_STATE_DAYS * 86_400;
  const supersededPart = ofKeyState({ ...toldPart, remarks: ['key-superseded'] });
  return [
    judged('the key is in use', ofKeyState(toldPart), withState(LIVE)),
    judged('the last second of the key state', ofKeyState(toldPart, { ageSeconds: term - 1 }), {
      ...withState(LIVE),
      atSeconds: ISSUED_SECONDS + term - 1,
    }),
    judged('the key state has ended: it is stale, and decided by', stale(term), {
      ...withState(LIVE),
      atSeconds: ISSUED_SECONDS + term,
    }),
    judged(
      'the state does not name the key',
      ofKeyState({
        ...toldPart,
        verdict: 'INDETERMINATE',
        steps: { ...WITHOUT_PROOF, standing: notDone('not-listed') },
      }),
      withState(without(arcadia, record)),
    ),
    judged(
      'superseded after the time of issue',
      supersededPart,
      withState(superseded(arcadia, record, NOW_SECONDS + 1)),
    ),
    judged(
      'superseded at the time of issue',
      ofKeyState({
        ...toldPart,
        verdict: 'INVALID',
        steps: { ...WITHOUT_PROOF, standing: failed('key-superseded') },
      }),
      withState(superseded(arcadia, record, NOW_SECONDS)),
    ),
    judged(
      'the key state is one that the verifier has',
      ofKeyState({ ...toldPart, remarks: ['key-superseded'] }),
      {
        anchors: [arcadia.charter],
        atSeconds: ASKED_SECONDS,
        keyStates: [superseded(arcadia, record, NOW_SECONDS + 1)],
      },
    ),
  ];
}

/** The incident, whose key is revoked. */
const undated = ofKeyState({
  ...toldPart,
  verdict: 'INDETERMINATE',
  steps: { ...WITHOUT_PROOF, standing: notDone('revoked-time-unknown') },
});

function revocations(): readonly ValidCase[] {
  const seenAt = (part: RecordPart, more: Partial<RecordPart>): RecordPart =>
    ofKeyState({
      ...part,
      ...more,
      steps: { ...part.steps, ...more.steps },
      out: { ...part.out, trustedSeconds: COSIGNED_SECONDS },
    });
  const logged_ = cosigned(COSIGNED, BOREALIS);
  const dated = (comment: string, from: number, part: RecordPart, more: Partial<Scene> = {}): ValidCase =>
    proofCase(comment, part, {
      ...withState(revoked(arcadia, record, from), allKeys),
      policy: ONE,
      verdict: part.verdict,
      ...more,
    });
  const revokedThen = seenAt(logged_, { verdict: 'INVALID', steps: { standing: failed('key-revoked') } });
  return [
    judged(
      'the key is revoked, and nothing tells when the record was there',
      undated,
      withState(revoked(arcadia, record, NOW_SECONDS + 1)),
    ),
    proofCase(
      'the key is revoked, and the verifier asks for no quorum: a cosignature alone is no trusted time',
      ofKeyState({
        ...logged_,
        verdict: 'INDETERMINATE',
        steps: { standing: notDone('revoked-time-unknown') },
      }),
      { ...withState(revoked(arcadia, record, NOW_SECONDS + 1), allKeys), verdict: 'INDETERMINATE' },
    ),
    dated(
      'the key was revoked a second after the quorum',
      COSIGNED_SECONDS + 1,
      seenAt(logged_, { remarks: ['revoked-later'] }),
    ),
    dated('the key was revoked when the quorum was reached', COSIGNED_SECONDS, revokedThen),
    dated('the key was revoked before the quorum', COSIGNED_SECONDS - 1000, revokedThen),
    dated(
      'the key is revoked, and the quorum is not reached',
      COSIGNED_SECONDS + 1,
      ofKeyState({
        ...logged(
          PLAIN,
          {
            cosignatures: notDone('no-cosignature'),
            quorum: notDone('no-quorum'),
            standing: notDone('revoked-time-unknown'),
          },
          { index: 2, size: 5 },
        ),
        verdict: 'INDETERMINATE',
      }),
    ),
    dated(
      'asked before the revocation was known: nothing is said of the key',
      COSIGNED_SECONDS - 1000,
      { ...logged_, out: { ...logged_.out, trustedSeconds: COSIGNED_SECONDS } },
      {
        atSeconds: ISSUED_SECONDS - 301,
        documents: [
          ...allKeys,
          signed(
            'key-state',
            arcadia,
            revoked(arcadia, record, COSIGNED_SECONDS - 1000),
            notDone('later-than-asked'),
          ),
        ],
      },
    ),
    dated(
      'asked as soon as the revocation can be known',
      COSIGNED_SECONDS - 1000,
      { ...revokedThen, out: { ...revokedThen.out, keyState: { version: 1, ageSeconds: 0, stale: false } } },
      { atSeconds: ISSUED_SECONDS - 300 },
    ),
    judged('a key state that the verifier has revokes what the file says nothing of', undated, {
      anchors: [arcadia.charter],
      atSeconds: ASKED_SECONDS,
      keyStates: [revoked(arcadia, record, 0)],
    }),
  ];
}

function documents(): readonly ValidCase[] {
  const broken = { message: Buffer.from(LIVE.message) };
  broken.message[broken.message.length - 1] = (broken.message.at(-1) as number) ^ 1;
  const next = revokedAfter(LIVE, arcadia, record, NOW_SECONDS + 1);
  const revokedNow = {
    ...undated,
    out: { ...undated.out, keyState: { version: 2, ageSeconds: 1, stale: false } },
  };
  const bad = (comment: string, message: Buffer): ValidCase =>
    verified(
      comment,
      scene({
        documents: [
          ...arcadianKeys,
          { document: 'key-state', bytes: message, deviation: failed('key-state-refused') },
        ],
        verdict: 'INVALID',
      }),
    );
  const other = keyStateOf(arcadia, undefined, [['live', []]]);
  return [
    bad('a key state whose signature is not good', broken.message),
    bad('a charter in the place of a key state', arcadia.charter),
    bad('a byte in the place of a key state', Buffer.from([0])),
    verified(
      'a key state of a state whose charter nobody has',
      scene({
        documents: [
          ...arcadianKeys,
          { document: 'key-state', bytes: liveOf(borealis).message, deviation: notDone('no-charter') },
        ],
      }),
    ),
    verified(
      'a key state of a state that is not trusted',
      scene({
        atSeconds: ASKED_SECONDS,
        documents: [
          ...arcadianKeys,
          charter(borealis, notDone('no-anchor')),
          signed('key-state', borealis, liveOf(borealis), notDone('no-anchor')),
        ],
      }),
    ),
    judged('two key states, of which the later counts', revokedNow, {
      atSeconds: ASKED_SECONDS,
      documents: [...arcadianKeys, signed('key-state', arcadia, LIVE), signed('key-state', arcadia, next)],
    }),
    judged('an older key state in the file than the verifier has', revokedNow, {
      ...withState(LIVE),
      anchors: [arcadia.charter],
      keyStates: [next],
    }),
    judged(
      'two key states of one version',
      { ...undecided('issuer', 'contradiction') },
      {
        atSeconds: ASKED_SECONDS,
        documents: [...arcadianKeys, signed('key-state', arcadia, LIVE), signed('key-state', arcadia, other)],
        known: failed('documents-contradict'),
        verdict: 'INVALID',
      },
    ),
  ];
}

function chains(): readonly ValidCase[] {
  const underSecond = keyStateOf(arcadia, SECOND_CHARTER);
  const stolen = second([['legal', []]]);
  const unlisted: RecordPart = {
    ...toldPart,
    verdict: 'INDETERMINATE',
    steps: { ...WITHOUT_PROOF, standing: notDone('not-listed') },
  };
  const later = signed('charter', arcadia, SECOND_CHARTER);
  return [
    judged('the second charter, and a key state under it', ofKeyState(toldPart), {
      atSeconds: ASKED_SECONDS,
      documents: [...arcadianKeys, later, signed('key-state', arcadia, underSecond)],
    }),
    judged(
      'the second charter without a key state: a key certified under the first counts for nothing',
      unlisted,
      {
        atSeconds: ASKED_SECONDS,
        documents: [...arcadianKeys, later],
      },
    ),
    judged('a key state under the first charter, beside the second: it counts for nothing', unlisted, {
      atSeconds: ASKED_SECONDS,
      documents: [...arcadianKeys, later, signed('key-state', arcadia, LIVE)],
    }),
    judged('the second charter is not there at the time of asking', toldPart, {
      documents: [
        ...arcadianKeys,
        signed('charter', arcadia, second([[6, NOW_SECONDS + 301]]), notDone('later-than-asked')),
      ],
    }),
    judged('a later charter whose first nobody has', undecided('issuer', 'no-charter'), {
      documents: [
        { document: 'charter', bytes: SECOND_CHARTER.message, deviation: notDone('no-charter') },
        ...arcadianKeys
          .slice(1)
          .map(({ document, bytes }) => ({ document, bytes, deviation: notDone('no-charter') })),
      ],
    }),
    verified(
      'a later charter that the root keys of the first have not signed',
      scene({
        documents: [
          ...arcadianKeys,
          {
            document: 'charter',
            bytes: second([], SECOND_CHARTER.rootKeys).message,
            deviation: failed('charter-refused'),
          },
        ],
        verdict: 'INVALID',
      }),
    ),
    judged('two second charters', undecided('issuer', 'contradiction'), {
      atSeconds: ASKED_SECONDS,
      documents: [...arcadianKeys, later, signed('charter', arcadia, stolen)],
      known: failed('documents-contradict'),
      verdict: 'INVALID',
    }),
  ];
}

function receipts(): readonly ValidCase[] {
  const { witness } = borealis.keys;
  const ofBorealis = (comment: string, keyState: typeof LIVE, isRevoked: boolean): ValidCase => {
    const { receivedAtSeconds: _, ...out } = notified.out ?? {};
    return proofCase(comment, toldPart, {
      atSeconds: ASKED_SECONDS,
      documents: [...allKeys, signed('key-state', borealis, keyState)],
      notifications: [
        isRevoked
          ? {
              ...notified,
              verdict: 'INDETERMINATE',
              steps: { receipt: notDone('revoked-time-unknown') },
              out,
            }
          : notified,
      ],
      verdict: isRevoked ? 'INDETERMINATE' : 'VALID',
    });
  };
  return [
    ofBorealis('the key of a receipt is revoked', revoked(borealis, witness, NOW_SECONDS + 1000), true),
    ofBorealis(
      'the key of a receipt was superseded later',
      superseded(borealis, witness, NOW_SECONDS),
      false,
    ),
  ];
}
