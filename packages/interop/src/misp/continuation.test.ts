import { signerFromSeed } from '@comity/ed25519';
import { describe, expect, test } from 'vitest';
import type { Labelling, MispImport } from '../index.ts';
import {
  attribute,
  EVENT,
  importEvent,
  indicatorsIn,
  issuing,
  type Json,
  unclassified,
  uuid,
} from './event.test-support.ts';

const issue = issuing(signerFromSeed(new Uint8Array(32).fill(7)));

const attributes = (count: number, changes: Json = {}): Json[] =>
  Array.from({ length: count }, (_, index) => attribute(index + 1, changes));

const sizes = ({ drafts }: MispImport): number[] =>
  drafts.map(({ content }) => content.indicators?.length ?? 0);

/** Issues all drafts; uuids of all indicators in the records. */
async function issueAll({ drafts }: MispImport): Promise<unknown[]> {
  const ids: unknown[] = [];
  for (const draft of drafts) ids.push(...indicatorsIn(await issue(draft)).keys());
  return ids;
}

describe('an event with more attributes than a record holds', () => {
  const Tag = [{ name: 'tlp:green' }, { name: 'type:OSINT' }];
  const imported = importEvent({ Tag, Orgc: { name: 'CIRCL' }, Attribute: attributes(1_500) });

  test('becomes several drafts, each with the same title, source, class and tags', () => {
    expect(sizes(imported)).toEqual([480, 480, 480, 60]);
    expect(imported.drafts.map(({ subject }) => subject)).toEqual([
      EVENT,
      `${EVENT}.2`,
      `${EVENT}.3`,
      `${EVENT}.4`,
    ]);
    for (const [index, { label, content }] of imported.drafts.entries()) {
      expect(label).toMatchObject({ tlp: 'GREEN' });
      expect(content).toMatchObject({ title: { und: 'Phishing wave' }, sources: [{ name: 'CIRCL' }] });
      expect(content.tags).toContain('type:OSINT');
      expect(content.tags?.[0]).toBe(`comity:continuation="${index + 1}/4"`);
    }
  });

  test('can be issued, and every attribute stands in one of the records once', async () => {
    const ids = await issueAll(imported);
    expect(ids).toHaveLength(1_500);
    expect(new Set(ids)).toEqual(new Set(attributes(1_500).map((each) => each.uuid)));
    expect(imported.attributes).toBe(1_500);
  });
});

test.each([
  [480, [480]],
  [481, [480, 1]],
])('%i attributes: %j', async (count, expected) => {
  const imported = importEvent({ Attribute: attributes(count) });
  expect(sizes(imported)).toEqual(expected);
  await issueAll(imported);
});

describe('a draft has fewer indicators', () => {
  test('where texts are long', async () => {
    const comment = 'c'.repeat(4_096);
    const imported = importEvent({ Attribute: attributes(40, { value: '漢'.repeat(5_461), comment }) });
    expect(imported.drafts.length).toBeGreaterThan(3);
    expect(await issueAll(imported)).toHaveLength(40);
  });

  test('where the event has many tags and techniques', async () => {
    const Tag = Array.from({ length: 64 }, (_, index) => ({
      name: `misp-galaxy:mitre-attack-pattern="${'t'.repeat(400)} - T${1_000 + index}"`,
    }));
    const imported = importEvent({ Tag, Attribute: attributes(480) });
    expect(imported.drafts).toHaveLength(2);
    expect(imported.drafts[0]?.content).toMatchObject({ techniques: { length: 32 } });
    expect(await issueAll(imported)).toHaveLength(480);
  });

  test('where labels are long', async () => {
    const labelling: Labelling = {
      label: { classification: 'secret', tlp: 'RED', releasableTo: ['XBO'], privacyMark: '漢'.repeat(160) },
      labels: { 'indicators[type=domain]': { classification: 'restricted', tlp: 'GREEN' } },
    };
    const imported = importEvent({ Attribute: attributes(480) }, labelling);
    expect(imported.drafts.length).toBeGreaterThan(1);
    expect(await issueAll(imported)).toHaveLength(480);
  });

  test('where each has marks of its own', async () => {
    const Attribute = attributes(1_000).map((each, index) =>
      index % 3 === 0 ? { ...each, distribution: '0', Tag: [{ name: 'tlp:red' }] } : each,
    );
    const labelling = { label: { classification: 'secret', tlp: 'GREEN', releasableTo: ['XBO', 'XCA'] } };
    expect(await issueAll(importEvent({ distribution: '3', Attribute }, labelling))).toHaveLength(1_000);
  });
});

test('the largest attribute fits into a record', async () => {
  const tag = (_: unknown, index: number) => ({ name: `${index}${'t'.repeat(508)}` });
  const imported = importEvent({
    info: 'i'.repeat(20_000),
    Tag: Array.from({ length: 64 }, tag),
    Attribute: attributes(3, {
      value: 'v'.repeat(16_384),
      comment: 'c'.repeat(5_000),
      category: 'c'.repeat(300),
      data: 'AAAA',
      Tag: Array.from({ length: 64 }, tag),
    }),
  });
  expect(await issueAll(imported)).toEqual(expect.arrayContaining([uuid(1), uuid(2), uuid(3)]));
});

test('the largest event is imported in seconds', () => {
  const imported = importEvent({ Attribute: attributes(100_000) }, unclassified);
  expect(imported.attributes).toBe(100_000);
  expect(imported.drafts).toHaveLength(209);
}, 20_000);
