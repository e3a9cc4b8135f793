// dossier.verify: records with which nothing is wrong, and verdicts on several (dossier.md 4.5, 4.6).

import { map } from '../cbor-text.ts';
import type { RecordText } from '../record/text.ts';
import { arcadia, BEGIN_SECONDS, END_SECONDS, NOW_SECONDS } from '../states.ts';
import type { ValidCase, ValidFile } from '../vector.ts';
import { alteredPayload, faulty, reports, scene } from './pieces.ts';
import {
  certificate,
  charter,
  failed,
  notDone,
  type RecordPart,
  type Scene,
  stoppedAt,
  verified,
  WITHOUT_PROOF,
} from './scene.ts';
import { arcadianKeys, cimmeria, incident, saysOf, told, toldPart } from './story.ts';

export function recordsFile(): ValidFile {
  return reports('records', [...good(), ...several()]);
}

function good(): readonly ValidCase[] {
  const issuedAt = (issuedAtSeconds: number, atSeconds: number): Scene => {
    const text = incident('hospital', { issuedAtSeconds });
    return withRecord(
      text,
      { out: { ...saysOf({ issuedAtSeconds }), disclosed: 0, undisclosed: 4 } },
      { atSeconds },
    );
  };
  const exercise = incident('hospital', { payload: [[3, 'winter-2026']] });
  const expiring = incident('hospital', { payload: [[6, NOW_SECONDS + 60]] });
  const unknown = incident('hospital', { subject: 'weather-report/today' });
  return [
    verified(
      'nothing is disclosed',
      withRecord(told, { out: { ...saysOf(), disclosed: 0, undisclosed: 4 } }),
    ),
    verified(
      'everything is disclosed',
      withRecord(told, {
        disclosures: told.parts,
        out: { ...saysOf(), disclosed: 3, undisclosed: 1 },
      }),
    ),
    verified(
      'a decoy is disclosed too, which the form admits',
      withRecord(told, {
        disclosures: [...told.parts, ...told.decoys],
        out: { ...saysOf(), disclosed: 4, undisclosed: 0 },
      }),
    ),
    verified(
      'a record of an exercise',
      withRecord(exercise, {
        out: { ...saysOf(), exercise: 'winter-2026', disclosed: 0, undisclosed: 4 },
      }),
    ),
    verified(
      'a record of an unknown type',
      withRecord(unknown, {
        out: { ...saysOf({ subject: 'weather-report/today' }), disclosed: 0, undisclosed: 4 },
      }),
    ),
    verified('issued when the certificate begins', issuedAt(BEGIN_SECONDS, NOW_SECONDS)),
    verified('issued in the last second of the certificate', issuedAt(END_SECONDS - 1, END_SECONDS)),
    verified('asked ten years later', issuedAt(NOW_SECONDS, NOW_SECONDS + 315_360_000)),
    verified('issued 300 seconds after the verifier asks', issuedAt(NOW_SECONDS + 300, NOW_SECONDS)),
    verified(
      'a record that expires',
      withRecord(expiring, {
        out: { ...saysOf(), expiresAtSeconds: NOW_SECONDS + 60, disclosed: 0, undisclosed: 4 },
      }),
    ),
    verified('another federation', scene({ federation: 'f' })),
    verified('the federation that the verifier names', scene({ givenFederation: 'sample' })),
    verified(
      'another federation, which the verifier names',
      scene({ federation: 'f', givenFederation: 'f' }),
    ),
    verified('a federation with the longest name', scene({ federation: `0${'-'.repeat(62)}` })),
  ];
}

function withRecord(text: RecordText, changes: Partial<RecordPart>, more: Partial<Scene> = {}): Scene {
  return scene({ records: [{ text, verdict: 'VALID', ...changes }], ...more });
}

function several(): readonly ValidCase[] {
  const foreign = incident('storm', {
    issuer: cimmeria,
    envelope: map([1, 'xci-2026'], [2, 'open'], [3, 'GREEN']),
    body: [],
  });
  const unknown: RecordPart = {
    text: foreign,
    verdict: 'INDETERMINATE',
    steps: { ...WITHOUT_PROOF, ...stoppedAt('issuer', notDone('no-anchor')) },
    out: saysOf({ issuer: cimmeria, subject: 'incident/storm' }),
  };
  const second = incident('storm');
  const altered = alteredPayload(second);
  return [
    verified(
      'a valid record beside one of a state that is not trusted: the dossier as a whole is undecided',
      scene({
        records: [toldPart, unknown],
        verdict: 'INDETERMINATE',
      }),
    ),
    verified(
      'a valid record beside a forged one: the dossier as a whole is invalid',
      scene({
        records: [toldPart, faulty(altered, 'signature', failed('forged'), 'incident/storm')],
        verdict: 'INVALID',
      }),
    ),
    verified(
      'a record of a state that is not trusted beside a forged one',
      scene({
        records: [unknown, faulty(altered, 'signature', failed('forged'), 'incident/storm')],
        verdict: 'INVALID',
      }),
    ),
    verified(
      'two valid records of two states',
      scene({
        anchors: [arcadia, cimmeria],
        documents: [...arcadianKeys, charter(cimmeria), certificate(cimmeria, 'record')],
        records: [
          toldPart,
          {
            ...unknown,
            verdict: 'VALID',
            steps: WITHOUT_PROOF,
            out: { ...unknown.out, disclosed: 0, undisclosed: 4 },
          },
        ],
      }),
    ),
  ];
}
