import { REDACTED, Tagged } from '@comity/cbor';
import type { FaultCode } from '@comity/fault';
import { beforeAll, describe, expect, test } from 'vitest';
import { authorise, digestOf, incidentDraft, issue, receive } from './arcadia.test-support.ts';
import {
  claims,
  craft,
  decoy,
  digestsOf,
  elementOf,
  fieldOf,
  mapOf,
  recordOf,
  redacted,
} from './crafted.test-support.ts';
import {
  closeUpward,
  decodeRecord,
  diagnoseRecord,
  disclosuresFor,
  encodeView,
  lookup,
  mergeViews,
  narrowView,
  openView,
  type View,
} from './index.ts';

const refuses = (action: () => unknown, code: FaultCode): void =>
  expect(action).toThrow(expect.objectContaining({ code }));

let whole: View;
beforeAll(async () => {
  whole = await issue(incidentDraft);
});

/** What a recipient sees of these parts and those they stand in. */
function shown(...pathTexts: readonly string[]): View {
  const digests = closeUpward(
    whole,
    pathTexts.map((pathText) => digestOf(whole, pathText)),
  );
  return receive(whole.bytes, disclosuresFor(whole, digests));
}

describe('a view', () => {
  test('of the issuer hides nothing', () => {
    expect(whole.withheldCount).toBe(0);
    expect(whole.decoyCount).toBeGreaterThan(0);
    expect(whole.parts.length + whole.decoyCount).toBe(whole.disclosures.size);
    expect(whole.content.has(REDACTED)).toBe(false);
    expect([...whole.disclosures.keys()]).toEqual([...whole.disclosures.keys()].sort());
  });

  test('names each part once, after those it stands in', () => {
    const pathTexts = whole.parts.map((part) => part.pathText);
    expect(new Set(pathTexts).size).toBe(pathTexts.length);
    expect(pathTexts).toContain('victim.name');
    expect(pathTexts.filter((pathText) => pathText.startsWith('indicators['))).toHaveLength(3);
    for (const [index, part] of whole.parts.entries()) {
      for (const ancestor of part.ancestors) {
        const above = whole.parts.findIndex((each) => each.digest === ancestor);
        expect(above).toBeGreaterThanOrEqual(0);
        expect(above).toBeLessThan(index);
        expect(part.pathText.startsWith((whole.parts[above] as View['parts'][number]).pathText)).toBe(true);
      }
      expect(whole.partOf(part.digest)).toBe(part);
    }
  });

  test('shows what was disclosed and marks the rest', () => {
    const view = shown('title', 'victim.country', 'indicators');
    expect(view.content.get('title')).toEqual(new Map(Object.entries(incidentDraft.content.title)));
    expect(view.content.get('victim')).toEqual(
      new Map<unknown, unknown>([
        ['country', 'XAR'],
        [REDACTED, 3],
      ]),
    );
    expect(view.content.get('indicators')).toEqual([REDACTED, REDACTED, REDACTED, REDACTED]);
    expect(view.content.get('stage')).toBeUndefined();
    expect(view.content.get(REDACTED)).toBe(9);
    expect(view.content.has('overall')).toBe(false);
    expect(view.withheldCount).toBe(16);
    expect(view.overall).toBeUndefined();
    expect(view.partOf(digestOf(whole, 'stage'))).toBeUndefined();
  });

  test('puts the value of a part together once', () => {
    const victim = whole.parts.find((part) => part.pathText === 'victim');
    expect(victim?.value).toBe(victim?.value);
  });

  test('keeps clear content, elements and fields beside those disclosed', () => {
    const element = elementOf('hidden element');
    const field = fieldOf(
      'b',
      mapOf(['deep', [1, ...digestsOf(element).map((digest) => new Tagged(60, digest))]]),
    );
    const payload = mapOf(...claims, ['a', [mapOf(['clear', 1])]], redacted(field));
    const view = receive(craft(payload), [element, field]);
    expect(view.content.get('a')).toEqual([new Map([['clear', 1]])]);
    expect(view.content.get('b')).toEqual(
      new Map([['deep', [1, 'hidden element', REDACTED, REDACTED, REDACTED]]]),
    );
    expect(lookup(view, 'a[0].clear')).toEqual({ status: 'known', value: 1 });
    expect(lookup(view, 'b.deep[0]')).toMatchObject({ status: 'known', value: 1, part: { pathText: 'b' } });
    expect(lookup(view, 'b.deep[1]')).toMatchObject({
      value: 'hidden element',
      part: { pathText: 'b.deep[1]' },
    });
    expect(lookup(view, 'b.deep[2]')).toEqual({ status: 'unknown' });
    expect(lookup(view, 'b.deep[5]')).toEqual({ status: 'absent' });
  });
});

describe('looking up', () => {
  test('tells known, unknown and absent apart', () => {
    const view = shown('victim.country', 'title');
    expect(lookup(view, 'title')).toMatchObject({ status: 'known', part: { pathText: 'title' } });
    expect(lookup(view, 'title.en')).toMatchObject({ status: 'known', value: 'Ransomware at a hospital' });
    expect(lookup(view, 'title.de')).toEqual({ status: 'absent' });
    expect(lookup(view, 'title[0]')).toEqual({ status: 'absent' });
    expect(lookup(view, 'title.en.x')).toEqual({ status: 'absent' });
    expect(lookup(view, 'victim.country')).toMatchObject({ status: 'known', value: 'XAR' });
    expect(lookup(view, 'victim.name')).toEqual({ status: 'unknown' });
    expect(lookup(view, 'stage')).toEqual({ status: 'unknown' });
    expect(lookup(view, 'nothing')).toEqual({ status: 'unknown' });
  });

  test('of the issuer knows what is absent', () => {
    expect(lookup(whole, 'victim.contact')).toEqual({ status: 'absent' });
    expect(lookup(whole, 'nothing')).toEqual({ status: 'absent' });
    const positions = [0, 1, 2, 3].map((position) => lookup(whole, `indicators[${position}]`).status);
    expect(positions.sort()).toEqual(['absent', 'known', 'known', 'known']);
  });

  test('of the whole body gives its content', () => {
    expect(whole.field([])).toEqual({ status: 'known', value: whole.content });
  });

  test.each([
    '',
    '.',
    'a.',
    '.a',
    'a..b',
    'a[',
    'a[x]',
    'a[01]',
    'a[-1]',
    '[0]',
    'a b',
    'a[0]b',
    'a.[0]',
    'a[10000]',
  ])('refuses the path %j', (pathText) => {
    refuses(() => lookup(whole, pathText), 'record.bad-path');
  });

  test('the envelope is no field', () => {
    for (const name of ['issuer', 'type', 'label']) expect(lookup(whole, name)).toEqual({ status: 'absent' });
  });
});

describe('narrowing', () => {
  test('shows exactly the parts chosen', () => {
    const digests = closeUpward(whole, [digestOf(whole, 'narrative.external')]);
    const view = narrowView(whole, digests);
    expect(view.parts.map((part) => part.pathText)).toEqual(['narrative', 'narrative.external']);
    expect(view.decoyCount).toBe(0);
    expect([...view.disclosures.values()]).toEqual(disclosuresFor(whole, digests));
    expect(narrowView(view, digests).parts.map((part) => part.digest)).toEqual(
      view.parts.map((part) => part.digest),
    );
  });

  test('refuses a part without those it stands in', () => {
    const digests = new Set([digestOf(whole, 'victim.name')]);
    refuses(() => disclosuresFor(whole, digests), 'record.ancestor-withheld');
    refuses(() => narrowView(whole, digests), 'record.ancestor-withheld');
  });

  test('refuses digests that stand for no part: unknown ones and decoys', () => {
    const parts = new Set(whole.parts.map((part) => part.digest));
    const hidden = [...whole.disclosures.keys()].find((digest) => !parts.has(digest)) as string;
    for (const digest of ['00'.repeat(32), hidden]) {
      refuses(() => disclosuresFor(whole, new Set([digest])), 'record.unknown-digest');
      refuses(() => closeUpward(whole, [digest]), 'record.unknown-digest');
    }
  });

  test('to nothing leaves the envelope', () => {
    const view = narrowView(whole, new Set());
    expect(view.parts).toEqual([]);
    expect(view.header.id).toBe(whole.header.id);
    expect(encodeView(view)).toBe(view.bytes);
  });
});

describe('merging', () => {
  test('refuses views of different records', async () => {
    const other = await issue(incidentDraft, 2);
    refuses(() => mergeViews(whole, other), 'record.different-records');
  });

  test('discloses what either does', () => {
    const merged = mergeViews(shown('title', 'victim.name'), shown('victim.country', 'tags'));
    expect(merged.parts.map((part) => part.pathText).sort()).toEqual([
      'tags',
      'title',
      'victim',
      'victim.country',
      'victim.name',
    ]);
    expect(lookup(merged, 'victim.name')).toMatchObject({ value: 'Hospital of Saint Alban' });
  });

  test('with a part of itself is itself', () => {
    const part = shown('title');
    expect(mergeViews(whole, part)).toBe(whole);
    expect(mergeViews(part, whole)).toBe(whole);
  });

  test('keeps decoys that are known as such', () => {
    const hidden = decoy();
    const field = fieldOf('a', 1);
    const bytes = recordOf(field, hidden);
    const merged = mergeViews(receive(bytes, [field]), receive(bytes, [hidden]));
    expect(merged).toMatchObject({ decoyCount: 1, withheldCount: 2 });
    expect(merged.content).toEqual(
      new Map<unknown, unknown>([
        ['a', 1],
        [REDACTED, 2],
      ]),
    );
  });
});

describe('bytes', () => {
  test('carry a view and give it back', () => {
    const view = shown('title', 'victim.name');
    const carried = decodeRecord(encodeView(view));
    expect(carried.id).toBe(view.header.id);
    expect(carried.bytes).toEqual(view.bytes);
    expect(openView(authorise(encodeView(view))).disclosures).toEqual(view.disclosures);
  });

  test('can be looked at', () => {
    const view = shown('title');
    const text = diagnoseRecord(view.record, view.disclosures.values());
    expect(text).toContain('18([');
    expect(text).toContain('"application/comity-record+cose"');
    expect(text).toContain('simple(59)');
    expect(text).toContain('"Ransomware at a hospital"');
    expect(diagnoseRecord(decodeRecord(view.bytes))).not.toContain('Ransomware');
  });
});
