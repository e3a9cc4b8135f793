// record.content: the fields of what is said about a record of another state (record-types.md §16 to §18).

import { type Item, record } from '../cbor-text.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import { english, type Fields, inForm, unexpected, withDigests } from './content-inputs.ts';

const identifiers = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `i-${index}`);

function sightings(): readonly ValidCase[] {
  const fields = (comment: string, given: Fields): ValidCase => inForm(comment, 'sighting', given);
  return [
    fields('Every field that a sighting has.', {
      kind: 'seen',
      indicators: ['i-1', 'i-2'],
      seenAt: 1_795_514_400,
      count: 12,
      anonymous: true,
      comment: english('Seen at two hospitals.'),
    }),
    fields('A false positive.', { kind: 'false-positive' }),
    fields('What is over.', { kind: 'expired' }),
    fields('Seen without a time: for a reader each field has its form.', { kind: 'seen' }),
    fields('An expiry with a time and a number.', { kind: 'expired', seenAt: 0, count: 0 }),
    fields('The largest number.', { count: 1_000_000_000 }),
    fields('256 indicators.', { indicators: identifiers(256) }),
  ];
}

function annotations(): readonly ValidCase[] {
  const fields = (comment: string, given: Fields): ValidCase => inForm(comment, 'annotation', given);
  return [
    fields('Every field that an annotation has.', {
      kind: 'proposal',
      stakeholderGroup: 'technical-community',
      provisions: ['p-1'],
      text: english('Teams abroad are meant too.'),
      proposedChange: english('Any authorised emergency response team.'),
    }),
    ...['note', 'opinion', 'accept', 'decline'].map((kind) => fields(`The kind ${kind}.`, { kind })),
    ...['government', 'operator', 'civil-society'].map((group) =>
      fields(`The group ${group}.`, { stakeholderGroup: group }),
    ),
    fields('256 provisions.', { provisions: identifiers(256) }),
  ];
}

const LIKELIHOODS = [
  ...['almost-no-chance', 'very-unlikely', 'unlikely', 'roughly-even-chance'],
  ...['likely', 'very-likely', 'almost-certain'],
];

function attributions(): readonly ValidCase[] {
  const fields = (comment: string, given: Fields): ValidCase => inForm(comment, 'attribution', given);
  return [
    fields('Every field that an attribution has.', {
      actor: record({ kind: 'state-affiliated', name: 'A group with a name', country: 'XCA' }),
      likelihood: 'very-likely',
      confidence: 'moderate',
      alternatives: english('Another group with the same tools.'),
    }),
    ...LIKELIHOODS.map((likelihood) => fields(`The likelihood ${likelihood}.`, { likelihood })),
    fields('High confidence.', { confidence: 'high' }),
    ...['state', 'non-state', 'unknown'].map((kind) =>
      fields(`An actor of the kind ${kind}.`, { actor: record({ kind }) }),
    ),
  ];
}

function others(): readonly ValidCase[] {
  const one = (comment: string, type: string, name: string, content: Item): ValidCase =>
    unexpected(comment, type, { [name]: content }, name);
  const actor = (comment: string, name: string, content: Item): ValidCase =>
    unexpected(comment, 'attribution', { actor: record({ [name]: content }) }, `actor.${name}`);
  return [
    one('A kind that there is not.', 'sighting', 'kind', 'confirmed'),
    one('No indicator in the list.', 'sighting', 'indicators', []),
    one('257 indicators.', 'sighting', 'indicators', identifiers(257)),
    one('An indicator by its value.', 'sighting', 'indicators', ['a b']),
    one('A time before 1970.', 'sighting', 'seenAt', -1),
    one('A number below 0.', 'sighting', 'count', -1),
    one('A number that is too large.', 'sighting', 'count', 1_000_000_001),
    one('A word for a boolean.', 'sighting', 'anonymous', 'yes'),
    one('A comment that is a text.', 'sighting', 'comment', 'Seen.'),
    one('A kind that there is not.', 'annotation', 'kind', 'approve'),
    one('A group that there is not.', 'annotation', 'stakeholderGroup', 'industry'),
    one('257 provisions.', 'annotation', 'provisions', identifiers(257)),
    one('A text that is no text map.', 'annotation', 'text', 'No.'),
    one('A change that is no text map.', 'annotation', 'proposedChange', 'Delete it.'),
    inForm('An actor of whom all is withheld.', 'attribution', { actor: withDigests() }),
    one('An actor as a text.', 'attribution', 'actor', 'A group'),
    actor('A kind of actor that there is not.', 'kind', 'criminal'),
    actor('A name in two lines.', 'name', 'A\ngroup'),
    actor('A name of 513 bytes.', 'name', 'a'.repeat(513)),
    actor('A country of two letters.', 'country', 'XC'),
    one('A likelihood in percent.', 'attribution', 'likelihood', 80),
    one('A likelihood that there is not.', 'attribution', 'likelihood', 'certain'),
    one('A confidence that there is not.', 'attribution', 'confidence', 'medium'),
    one('A basis that is a text.', 'attribution', 'basis', 'We know.'),
  ];
}

export function contentOpinionVectors(): readonly VectorFile[] {
  const file = (name: string, valid: readonly ValidCase[]): VectorFile => ({
    ...{ topic: 'record-types', name, op: 'record.content', grammar: { fields: name } },
    valid,
  });
  return [
    file('sighting', sightings()),
    file('annotation', annotations()),
    file('attribution', attributions()),
    { topic: 'record-types', name: 'opinions-other-forms', op: 'record.content', valid: others() },
  ];
}
