import { DocumentFaults } from '@comity/fault';
import { expect, test } from 'vitest';
import { AT_SECONDS, context, issue } from '../arcadia.test-support.ts';
import { examineView, factOf, parseDraft, titleOf } from '../index.ts';

const label = { classification: 'unclassified', tlp: 'GREEN', releasableTo: ['XBO'] };
const about = '01'.repeat(32);
const text = { en: 'Teams abroad are meant too.', fr: 'Les équipes à l’étranger sont aussi visées.' };
const timeText = (seconds: number) => new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z');

/** Code and path of each fault of a draft of a type, about a record. */
function faults(type: string, content: object): readonly string[] {
  try {
    parseDraft({ type, subject: about, label, content }, context);
  } catch (thrown) {
    if (!(thrown instanceof DocumentFaults)) throw thrown;
    return thrown.faults.map(({ code, path }) => `${code} ${path.join('/')}`);
  }
  return [];
}

test.each([
  ['sighting', { kind: 'seen', seenAt: timeText(AT_SECONDS), count: 2 }, []],
  ['sighting', { kind: 'seen' }, ['record.missing-field content/seenAt']],
  ['sighting', { kind: 'seen', seenAt: timeText(AT_SECONDS + 1) }, ['record.bad-term content/seenAt']],
  ['sighting', { kind: 'expired', count: 1 }, ['record.foreign-field content/count']],
  [
    'sighting',
    { kind: 'false-positive', seenAt: timeText(AT_SECONDS) },
    ['record.foreign-field content/seenAt'],
  ],
  ['sighting', { kind: 'denied' }, ['record.unknown-value content/kind']],
  ['annotation', { kind: 'opinion', text, stakeholderGroup: 'operator' }, []],
  ['annotation', { kind: 'note' }, ['record.missing-field content/text']],
  [
    'annotation',
    { kind: 'note', text, proposedChange: text },
    ['record.foreign-field content/proposedChange'],
  ],
  ['annotation', { kind: 'proposal', text }, ['record.missing-field content/proposedChange']],
  ['annotation', { kind: 'proposal', proposedChange: text }, []],
  ['annotation', { kind: 'accept' }, []],
  ['annotation', { kind: 'decline' }, ['record.missing-field content/text']],
  ['annotation', { kind: 'accept', provisions: ['p-1'] }, ['record.foreign-field content/provisions']],
  ['attribution', { actor: { kind: 'unknown' }, likelihood: 'unlikely', confidence: 'low', basis: text }, []],
  [
    'attribution',
    { actor: { name: 'A group' }, likelihood: 'certain' },
    [
      'record.unknown-value content/likelihood',
      'record.missing-field content/confidence',
      'record.missing-field content/basis',
    ],
  ],
])('a draft of a %s with %o', (type, content, expected) => {
  expect(faults(type, content)).toEqual(expected);
});

test('an incident says nothing about who did it', () => {
  expect(() =>
    parseDraft(
      { type: 'incident', label, content: { title: text, stage: 'final', attribution: text } },
      context,
    ),
  ).toThrow(expect.objectContaining({ faults: [expect.objectContaining({ code: 'record.unknown-field' })] }));
});

test('an attribution is read back as it was written, in both languages, and each part of the actor by itself', async () => {
  const view = await issue({
    type: 'attribution',
    subject: about,
    label,
    content: {
      ...{ actor: { kind: 'non-state', name: 'A group' }, likelihood: 'likely', confidence: 'high' },
      basis: text,
    },
  });
  expect(examineView(view)).toMatchObject({ typeKnown: true, faults: [], unknownFields: [] });
  expect(titleOf(view)).toEqual({ status: 'known', value: new Map(Object.entries(text)) });
  expect(factOf(view, 'confidence', String)).toEqual({ status: 'known', value: 'high' });
  expect(view.parts.map(({ path }) => path.join('.'))).toEqual(
    expect.arrayContaining(['actor', 'actor.kind', 'actor.name']),
  );
});
