// dossier.verify: records that withdraw others or take their place (dossier.md 4.7).

import { map, sha256 } from '../cbor-text.ts';
import { overall, type RecordText, recordText, restrictedLabel } from '../record/text.ts';
import { arcadia, NOW_SECONDS, type State } from '../states.ts';
import type { ValidCase, ValidFile } from '../vector.ts';
import { reports, scene } from './pieces.ts';
import { scoped } from './record-faults.ts';
import {
  AFTER,
  certificate,
  charter,
  failed,
  type Members,
  notDone,
  type RecordPart,
  stoppedAt,
  verified,
  WITHOUT_PROOF,
} from './scene.ts';
import { arcadianKeys, cimmeria, incident, saysOf, told, toldPart } from './story.ts';

export function linksFile(): ValidFile {
  return reports('links', [...retractions(), ...successions(), ...exercises(), ...beside()]);
}

const CIMMERIAN_LABEL = map([1, 'xci-2026'], [2, 'open'], [3, 'GREEN']);

/** A retraction of a record, by its issuer or by another state. */
function retraction(
  of: Pick<RecordText, 'id'>,
  name: string,
  issuer: State = arcadia,
  { exercise, issuedAtSeconds }: { exercise?: string; issuedAtSeconds?: number } = {},
): RecordPart {
  const subject = `retraction/${name}`;
  const text = recordText({
    issuer,
    subject,
    payload: [[5, of.id], ...(exercise === undefined ? [] : [[3, exercise] as const])],
    ...(issuedAtSeconds !== undefined && { issuedAtSeconds }),
    ...(issuer === cimmeria && { envelope: CIMMERIAN_LABEL, body: [] }),
  });
  return {
    text,
    verdict: 'VALID',
    out: {
      ...saysOf({ issuer, subject, issuedAtSeconds }),
      ...(exercise !== undefined && { exercise }),
      ...{ disclosed: 0, undisclosed: 4 },
    },
  };
}

const linked = (part: RecordPart, out: Members): RecordPart => ({ ...part, out: { ...part.out, ...out } });

function retractions(): readonly ValidCase[] {
  const one = retraction(told, 'one');
  const two = retraction(told, 'two');
  const ids = [one, two].map(({ text }) => text.idText);
  const foreign = retraction(told, 'foreign', cimmeria);
  const flipped = Buffer.from(one.text.message);
  flipped[flipped.length - 1] = (flipped.at(-1) as number) ^ 1;
  const id = sha256(flipped);
  const forged: RecordPart = {
    text: { message: flipped, id, idText: id.toString('hex') },
    verdict: 'INVALID',
    steps: { ...WITHOUT_PROOF, ...stoppedAt('signature', failed('forged')) },
    out: saysOf({ subject: 'retraction/one' }),
  };
  const ofOne = retraction(one.text, 'of-one');
  return [
    verified(
      'a record and its retraction',
      scene({
        records: [linked(toldPart, { retractedBy: [one.text.idText] }), one],
      }),
    ),
    verified(
      'a record that was retracted twice',
      scene({
        records: [linked(toldPart, { retractedBy: [...ids].sort() }), one, two],
      }),
    ),
    verified(
      'a retraction by another state withdraws nothing',
      scene({
        anchors: [arcadia, cimmeria],
        documents: [...arcadianKeys, charter(cimmeria), certificate(cimmeria, 'record')],
        records: [toldPart, foreign],
      }),
    ),
    verified(
      'a forged retraction withdraws nothing',
      scene({ records: [toldPart, forged], verdict: 'INVALID' }),
    ),
    verified('a retraction of a record that is not in the file', scene({ records: [one] })),
    verified(
      'a retraction that was retracted',
      scene({
        records: [
          linked(toldPart, { retractedBy: [one.text.idText] }),
          linked(one, { retractedBy: [ofOne.text.idText] }),
          ofOne,
        ],
      }),
    ),
  ];
}

function successions(): readonly ValidCase[] {
  const successor = (name: string, ...of: readonly Buffer[]): RecordPart => {
    const text = incident(name, { payload: [[4, [...of].sort(Buffer.compare)]], body: [] });
    return {
      text,
      verdict: 'VALID',
      out: { ...saysOf({ subject: `incident/${name}` }), disclosed: 0, undisclosed: 4 },
    };
  };
  const second = successor('second', told.id);
  const third = successor('third', told.id, second.text.id);
  const both = [second, third].map(({ text }) => text.idText).sort();
  return [
    verified(
      'a record and the one that takes its place',
      scene({
        records: [linked(toldPart, { supersededBy: [second.text.idText] }), second],
      }),
    ),
    verified(
      'a record and two that take its place, one also that of the other',
      scene({
        records: [
          linked(toldPart, { supersededBy: both }),
          linked(second, { supersededBy: [third.text.idText] }),
          third,
        ],
      }),
    ),
  ];
}

const withdrawn = (of: RecordPart, by: RecordPart): RecordPart =>
  linked(of, { retractedBy: [by.text.idText] });

function exercises(): readonly ValidCase[] {
  const drill: RecordPart = {
    text: incident('drill', { payload: [[3, 'winter-2026']] }),
    verdict: 'VALID',
    out: {
      ...saysOf({ subject: 'incident/drill' }),
      ...{ exercise: 'winter-2026', disclosed: 0, undisclosed: 4 },
    },
  };
  const inExercise = retraction(told, 'in-exercise', arcadia, { exercise: 'winter-2026' });
  const real = retraction(drill.text, 'real');
  const ofDrill = retraction(drill.text, 'of-drill', arcadia, { exercise: 'winter-2026' });
  const otherDrill = retraction(drill.text, 'other-drill', arcadia, { exercise: 'summer-2026' });
  return [
    verified(
      'a retraction of an exercise withdraws no real record',
      scene({ records: [toldPart, inExercise] }),
    ),
    verified('a real retraction withdraws no record of an exercise', scene({ records: [drill, real] })),
    verified('a retraction of another exercise withdraws nothing', scene({ records: [drill, otherDrill] })),
    verified(
      'a record of an exercise and its retraction in it',
      scene({ records: [withdrawn(drill, ofDrill), ofDrill] }),
    ),
  ];
}

/** What stands beside a retraction does not undo it. */
function beside(): readonly ValidCase[] {
  const one = retraction(told, 'one');
  const header = saysOf({ subject: 'retraction/one' });
  const badProof: RecordPart = {
    ...one,
    proof: 'x',
    verdict: 'INVALID',
    steps: { inclusion: failed('proof-malformed'), checkpoint: AFTER, cosignatures: AFTER },
  };
  const badParts: RecordPart = {
    ...one,
    disclosures: [overall(restrictedLabel, 'other')],
    verdict: 'INVALID',
    steps: { ...WITHOUT_PROOF, ...stoppedAt('parts', failed('parts-refused')) },
    out: header,
  };
  const unauthorised: RecordPart = {
    ...one,
    verdict: 'INVALID',
    steps: { ...WITHOUT_PROOF, ...stoppedAt('authority', failed('not-authorised')) },
    out: header,
  };
  const future = retraction(told, 'future', arcadia, { issuedAtSeconds: NOW_SECONDS + 301 });
  const notYet: RecordPart = {
    ...future,
    verdict: 'INDETERMINATE',
    steps: { ...WITHOUT_PROOF, ...stoppedAt('authority', notDone('later-than-asked')) },
    out: saysOf({ subject: 'retraction/future', issuedAtSeconds: NOW_SECONDS + 301 }),
  };
  const incidentsOnly = certificate(arcadia, 'record', { bytes: scoped([['types', ['incident']]]) });
  return [
    verified(
      'a retraction with a proof that is none',
      scene({ records: [withdrawn(toldPart, one), badProof], verdict: 'INVALID' }),
    ),
    verified(
      'a retraction with a disclosure of another record',
      scene({ records: [withdrawn(toldPart, one), badParts], verdict: 'INVALID' }),
    ),
    verified(
      'a retraction that the key may not sign withdraws nothing',
      scene({
        documents: [charter(arcadia), incidentsOnly],
        records: [toldPart, unauthorised],
        verdict: 'INVALID',
      }),
    ),
    verified(
      'a retraction issued after the verifier asks withdraws nothing yet',
      scene({ records: [toldPart, notYet], verdict: 'INDETERMINATE' }),
    ),
  ];
}
