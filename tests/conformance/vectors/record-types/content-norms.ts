// record.content: the fields of a norm, a commitment and a retraction (record-types.md §5 to §7).

import { type Item, map, record } from '../cbor-text.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import { english, type Fields, inForm, unexpected } from './content-inputs.ts';

const provision = (id: string): Item => record({ id, text: english('No attack on hospitals.') });

function norms(): readonly ValidCase[] {
  const fields = (comment: string, given: Fields): ValidCase => inForm(comment, 'norm', given);
  return [
    fields('Every field that a norm has.', {
      kind: 'treaty',
      provisions: [provision('p1'), provision('p2')],
      adoption: english('By consensus.'),
      entryIntoForce: record({ threshold: 40, delayDays: 90 }),
      reviewPeriodDays: 1_826,
      noticePeriodDays: 365,
      source: 'A/70/174',
    }),
    fields('No condition of entry into force in the map of them.', { entryIntoForce: map() }),
    fields('The smallest numbers.', {
      entryIntoForce: record({ threshold: 0, delayDays: 0 }),
      reviewPeriodDays: 0,
      noticePeriodDays: 0,
    }),
    fields('The largest numbers.', {
      entryIntoForce: record({ threshold: 1_000, delayDays: 36_525 }),
      reviewPeriodDays: 36_525,
      noticePeriodDays: 36_525,
    }),
    fields('A source of 2048 bytes.', { source: 's'.repeat(2_048) }),
    fields('Two provisions with one id: a reader does not ask for what an issuer has to see to.', {
      provisions: [provision('p1'), provision('p1')],
    }),
    fields('A provision with an entry of a later version.', {
      provisions: [record({ id: 'p1', text: english('x'), binding: false })],
    }),
  ];
}

function badNorms(): readonly ValidCase[] {
  const one = (comment: string, name: string, content: Item): ValidCase =>
    unexpected(comment, 'norm', { [name]: content }, name);
  const provisions = (comment: string, content: Item): ValidCase =>
    unexpected(comment, 'norm', { provisions: [provision('p1'), content] }, 'provisions[1]');
  return [
    one('A kind that there is not.', 'kind', 'customary'),
    one('A title that is a text.', 'title', 'Hospitals are no target'),
    one('A threshold of 1001.', 'entryIntoForce', record({ threshold: 1_001 })),
    one('A threshold below 0.', 'entryIntoForce', record({ threshold: -1 })),
    one('A delay of 36526 days.', 'entryIntoForce', record({ delayDays: 36_526 })),
    one('A threshold without its map.', 'entryIntoForce', 40),
    one('A review period of 36526 days.', 'reviewPeriodDays', 36_526),
    one('A notice period below 0.', 'noticePeriodDays', -1),
    one('A notice period as text.', 'noticePeriodDays', 'P1Y'),
    one('A source of 2049 bytes.', 'source', 's'.repeat(2_049)),
    one('An adoption rule that is a text.', 'adoption', 'consensus'),
    one('Provisions by their ids.', 'provisions', map(['p1', english('x')])),
    provisions('A provision without a text.', record({ id: 'p2' })),
    provisions('A provision without an id.', record({ text: english('x') })),
    provisions('A provision with a space in its id.', record({ id: 'p 2', text: english('x') })),
    provisions('A provision with a plain text.', record({ id: 'p2', text: 'x' })),
    provisions('A provision that is a text map.', english('x')),
  ];
}

/** So many record ids. */
const recordIds = (count: number): Item =>
  Array.from({ length: count }, (_, index) => index.toString(16).padStart(64, '0'));

const ACTS = [
  ...['endorse', 'national-position', 'declared-variance'],
  ...['sign', 'ratify', 'accept', 'approve', 'accede', 'reserve', 'object', 'interpret', 'withdraw'],
];

function commitments(): readonly ValidCase[] {
  const fields = (comment: string, given: Fields): ValidCase => inForm(comment, 'commitment', given);
  const ids = (count: number): Item => Array.from({ length: count }, (_, index) => `p${index}`);
  return [
    fields('Every field that a commitment has.', {
      norm: '5acf132451f08f656e8865f3f16127d85b427e13b968abee685f3ac90f0ad662',
      provisions: ['p1', 'p2'],
      act: 'declared-variance',
      statement: english('With a reservation of form.'),
      legalBasis: english('Constitution, article 12'),
      effectiveAt: 1_795_514_400,
    }),
    fields('An objection to a reservation, by which the treaty does not enter into force between the two.', {
      act: 'object',
      toReservation: 'ab'.repeat(32),
      opposesEntry: true,
    }),
    fields('A consent that confirms 64 reservations.', { act: 'ratify', confirms: recordIds(64) }),
    fields('Fields of other acts: a reader does not ask for what an issuer has to see to.', {
      act: 'endorse',
      opposesEntry: false,
      confirms: recordIds(1),
    }),
    ...ACTS.map((act) => fields(`The act ${act}.`, { act })),
    fields('256 provisions.', { provisions: ids(256) }),
    fields('A norm with the longest subject.', { norm: `norm/${'x'.repeat(128)}` }),
    fields('A variance without a legal basis: for a reader it has its form.', {
      act: 'declared-variance',
      statement: english('Not yet.'),
    }),
  ];
}

function badCommitments(): readonly ValidCase[] {
  const one = (comment: string, name: string, content: Item): ValidCase =>
    unexpected(comment, 'commitment', { [name]: content }, name);
  return [
    one('An act that there is not.', 'act', 'comply'),
    one('An id of 63 digits.', 'norm', 'a'.repeat(63)),
    one('An id of 65 digits.', 'norm', 'a'.repeat(65)),
    one('An id in capital letters.', 'norm', 'AB'.repeat(32)),
    one('An id as bytes.', 'norm', Buffer.alloc(32, 0xab)),
    one('A subject of another type.', 'norm', 'incident/hospitals'),
    one('A type that begins as norm.', 'norm', 'norms/hospitals'),
    one('A subject without a subject id.', 'norm', 'norm/'),
    one('A subject id of 129 characters.', 'norm', `norm/${'x'.repeat(129)}`),
    one(
      '257 provisions.',
      'provisions',
      Array.from({ length: 257 }, () => 'p1'),
    ),
    one('No provision in the list.', 'provisions', []),
    one('A position in place of an id.', 'provisions', [0]),
    one('A legal basis that is a text.', 'legalBasis', 'Constitution, article 12'),
    one('A time of effect before 1970.', 'effectiveAt', -1),
    one('A statement that is a text.', 'statement', 'Agreed.'),
    one('An objection to a subject.', 'toReservation', 'commitment/hospitals'),
    one('An opposition in words.', 'opposesEntry', 'yes'),
    one('65 confirmed reservations.', 'confirms', recordIds(65)),
    one('No confirmed reservation in the list.', 'confirms', []),
    one('A confirmed reservation without its list.', 'confirms', 'ab'.repeat(32)),
  ];
}

function retractions(): readonly ValidCase[] {
  const words = ['cease-use', 'delete', 'none'];
  return words.map((requestedAction) =>
    inForm(`The requested action ${requestedAction}.`, 'retraction', { requestedAction }),
  );
}

function badRetractions(): readonly ValidCase[] {
  return [
    unexpected(
      'A requested action that there is not.',
      'retraction',
      { requestedAction: 'forget' },
      'requestedAction',
    ),
    unexpected('A reason that is a text.', 'retraction', { reason: 'Replaced.' }, 'reason'),
    unexpected(
      'Both fields have another form.',
      'retraction',
      { reason: null, requestedAction: null },
      'reason',
      'requestedAction',
    ),
  ];
}

export function contentNormVectors(): readonly VectorFile[] {
  const file = (name: string, valid: readonly ValidCase[]): VectorFile => ({
    ...{ topic: 'record-types', name, op: 'record.content', grammar: { fields: name } },
    valid,
  });
  return [
    file('norm', norms()),
    file('commitment', commitments()),
    file('retraction', retractions()),
    {
      topic: 'record-types',
      name: 'norms-other-forms',
      op: 'record.content',
      valid: [...badNorms(), ...badCommitments(), ...badRetractions()],
    },
  ];
}
