import { expect, test } from 'vitest';
import { complyText } from './orders.ts';
import { showText } from './record-text.ts';

const shown: Parameters<typeof showText>[0] = {
  record: {
    id: 'ab'.repeat(32),
    type: 'incident',
    subject: 'incident/beacon',
    title: 'Beacon',
    issuer: 'XAA',
    issuedAt: '2026-03-01T00:00:00Z',
    label: 'RESTRICTED',
    parts: 3,
    status: 'current',
    exercise: null,
  },
  envelopeLabel: 'RESTRICTED',
  supersedes: [],
  supersededBy: [],
  retracts: null,
  retractedBy: [],
  orders: [],
  retainedBecause: null,
  expiresAt: null,
  receivedAt: null,
  sources: [],
  parts: [
    { path: 'indicators', label: 'RESTRICTED', value: [], redactedElements: 2 },
    { path: 'sectors', label: 'RESTRICTED', value: ['energy'] },
    { path: 'tags', label: 'RESTRICTED', value: null, redactedElements: 1 },
  ],
  mayBeWithheld: 3,
};

test('a list says how many of its elements are not shown', () => {
  const lines = showText(shown).split('\n');
  const lineOf = (path: string) => lines.find((line) => line.startsWith(path));
  expect(lineOf('indicators')).toContain('[] (2 elements are not shown here: withheld, or padding)');
  expect(lineOf('tags')).toContain(' (1 element is not shown here: withheld, or padding)');
  expect(lineOf('sectors')).not.toContain('not shown');
});

test('what an order takes back is named in full before it is destroyed', () => {
  const { record: about } = shown;
  const decided = { order: 'cd'.repeat(32), about, parts: ['tags', 'title'], outcome: null };
  expect(complyText(decided)).toBe(
    `order ${decided.order} takes back tags, title of\nRESTRICTED\nincident  Beacon\nid ${about.id}`,
  );
  expect(complyText({ ...decided, about: null, parts: [] })).toMatch(/ takes back what is not held here$/);
});
