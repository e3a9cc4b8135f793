// dossier.verify: records that withdraw others or take their place (dossier.md 4.7).

import { map, sha256 } from '../cbor-text.ts';
import { type RecordText, recordText } from '../record/text.ts';
import { arcadia, type State } from '../states.ts';
import type { ValidCase, ValidFile } from '../vector.ts';
import { reports, scene } from './pieces.ts';
import {
  certificate,
  charter,
  failed,
  type Members,
  type RecordPart,
  stoppedAt,
  verified,
  WITHOUT_PROOF,
} from './scene.ts';
import { arcadianKeys, cimmeria, incident, saysOf, told, toldPart } from './story.ts';

export function linksFile(): ValidFile {
  return reports('links', [...retractions(), ...successions()]);
}

const CIMMERIAN_LABEL = map([1, 'xci-2026'], [2, 'open'], [3, 'GREEN']);

/** A retraction of a record, by its issuer or by another state. */
function retraction(of: Pick<RecordText, 'id'>, name: string, issuer: State = arcadia): RecordPart {
  const subject = `retraction/${name}`;
  const text = recordText({
    issuer,
    subject,
    payload: [[5, of.id]],
    ...(issuer === cimmeria && { envelope: CIMMERIAN_LABEL, body: [] }),
  });
  return {
    text,
    verdict: 'VALID',
    out: { ...saysOf({ issuer, subject }), disclosed: 0, undisclosed: 4 },
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
