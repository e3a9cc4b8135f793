// record.verify: what different readers see of one record, and which label a part has.

import type { ValidCase, ValidFile } from '../vector.ts';
import { elementDecoys, INCIDENT, incident, parts, shown } from './incident.ts';
import { beside, RECORD_GRAMMAR, valid, verifying, viewOf } from './inputs.ts';
import { carrying } from './text.ts';

/** Decoys: none at the root, two in `victim`, three in `contact`, two in `indicators`. */
const everything = viewOf(incident, { subject: INCIDENT, undisclosed: 7, parts: Object.values(shown) });

function viewsOfTheIncident(): readonly ValidCase[] {
  const { decoys, message } = incident;
  const all = incident.parts;
  return [
    valid(
      'A record without disclosures: what is in the clear, and four digests.',
      verifying(message),
      viewOf(incident, { subject: INCIDENT, undisclosed: 4 }),
    ),
    valid(
      'An empty list of disclosures beside the record is the same.',
      verifying(message, { disclosures: [] }),
      viewOf(incident, { subject: INCIDENT, undisclosed: 4 }),
    ),
    valid(
      'One part that has no label of its own: the label of the envelope is inherited.',
      verifying(incident.view([parts.title])),
      viewOf(incident, { subject: INCIDENT, undisclosed: 3, parts: [shown.title] }),
    ),
    valid(
      'The overall part alone: a label and no content.',
      verifying(incident.view([parts.whole])),
      viewOf(incident, { subject: INCIDENT, undisclosed: 3, parts: [shown.whole] }),
    ),
    valid(
      'Every part, in three levels. The label of the innermost part that has one holds further in.',
      verifying(incident.view()),
      everything,
    ),
    valid(
      'The same disclosures beside the record, in the opposite order of their digests.',
      beside(
        incident,
        [...all].sort((a, b) => Buffer.compare(b.digest, a.digest)),
      ),
      everything,
    ),
    valid(
      'The same disclosures in entry 17 in the order in which they were written: any order is accepted.',
      verifying(
        carrying(
          incident,
          all.map(({ bytes }) => bytes),
        ),
      ),
      everything,
    ),
    valid(
      'Some disclosures in entry 17, the others beside the record: they are one set.',
      verifying(incident.view(all.slice(0, 4)), {
        disclosures: all.slice(4).map(({ bytes }) => bytes.toString('hex')),
      }),
      everything,
    ),
    valid(
      'What its issuer holds: every part and every decoy, nothing undisclosed.',
      verifying(incident.view([...all, ...decoys])),
      viewOf(incident, { subject: INCIDENT, undisclosed: 0, parts: Object.values(shown), decoys }),
    ),
    valid(
      'One decoy is disclosed and counts as disclosed; it is no part.',
      verifying(incident.view([parts.indicators, ...elementDecoys])),
      viewOf(incident, {
        subject: INCIDENT,
        undisclosed: 5,
        parts: [shown.indicators],
        decoys: elementDecoys,
      }),
    ),
    valid(
      'A part with its ancestors only: two levels down, without its siblings.',
      verifying(incident.view([parts.victim, parts.contact, parts.phone])),
      viewOf(incident, {
        subject: INCIDENT,
        undisclosed: 9,
        parts: [shown.victim, shown.contact, shown.phone],
      }),
    ),
    valid(
      'An element: its position counts the element before it, which is in the clear, and the one that is withheld.',
      verifying(incident.view([parts.indicators, parts.second])),
      viewOf(incident, { subject: INCIDENT, undisclosed: 6, parts: [shown.indicators, shown.second] }),
    ),
  ];
}

export function recordViewVectors(): readonly ValidFile[] {
  return [
    {
      topic: 'record',
      name: 'views',
      op: 'record.verify',
      grammar: RECORD_GRAMMAR,
      valid: viewsOfTheIncident(),
    },
  ];
}
