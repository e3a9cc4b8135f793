import { hex } from '../cbor-text.ts';
import { labelOf } from '../disclosure/decision-scenes.ts';
import { type Disclosure, field, overall } from '../record/text.ts';
import { arcadia } from '../states.ts';
import type { InvalidCase } from '../vector.ts';
import {
  type Course,
  type Handed,
  incident,
  incidentAgo,
  inputOf,
  refused,
  titleOf,
} from './answer-scenes.ts';

/** Answers that do not verify, or do not open together with what is held (query.md 5.2). */
export function notVerified(): readonly InvalidCase[] {
  return [...merges(), ...ladder()];
}

function merges(): readonly InvalidCase[] {
  const of = (comment: string, whole: Handed, came: Disclosure, held: Disclosure): InvalidCase =>
    refused('node.merge-refused', '5.2', comment, [{ ...whole, disclosures: [came] }], {
      held: [{ ...whole, disclosures: [held] }],
    });
  const [one, other] = [titleOf('Ransomware'), titleOf('Nothing happened')];
  const low = overall(labelOf(arcadia, 'unclassified'));
  const high = field('stage', 'final', { label: labelOf(arcadia, 'restricted') });
  return [
    of('the originator signed two titles, and the other one is held', incident([one, other]), one, other),
    of('a part above the label of the whole record that is held', incident([low, high]), high, low),
  ];
}

function ladder(): readonly InvalidCase[] {
  const good = incidentAgo(0);
  const { message } = good.record;
  const flipped = Buffer.from(message);
  flipped[message.length - 40] = (message[message.length - 40] ?? 0) ^ 1;
  const answer = { record: hex(flipped), disclosures: good.disclosures.map(({ bytes }) => hex(bytes)) };
  const of = (
    code: string,
    clause: string,
    comment: string,
    answers: readonly Handed[],
    course: Course = {},
  ): InvalidCase => refused(code, clause, comment, answers, course);
  return [
    {
      comment: 'one bit of the signature changed',
      in: { ...inputOf([]), answers: [answer] },
      code: 'ed25519.bad-signature',
      clause: 'keys 2.5',
    },
    {
      comment: 'one bit of the signature of what is held changed',
      in: { ...inputOf([]), held: [answer] },
      code: 'ed25519.bad-signature',
      clause: 'keys 2.5',
    },
    of('record.orphan-disclosure', 'record 5.6', 'a disclosure of another record', [
      { ...good, disclosures: [...good.disclosures, titleOf('another')] },
    ]),
    of('record.duplicate-disclosure', 'record 5.6', 'a disclosure twice', [
      { ...good, disclosures: [...good.disclosures, ...good.disclosures] },
    ]),
    of('record.issued-in-future', 'record 6.4', 'issued 301 seconds ahead of the clock', [incidentAgo(-301)]),
    of('identity.unknown-key', 'charter 6.6', 'of a state that is not known', [good], { states: [] }),
    of(
      'ed25519.bad-signature',
      'keys 2.5',
      'under the key id of the issuer, signed with another of its keys',
      [incidentAgo(0, { header: [[4, arcadia.keys.record.keyId]], key: arcadia.keys.log })],
    ),
  ];
}
