import xar from '@comity/protocol/registries/samples/xar.json' with { type: 'json' };
import { expect, test } from 'vitest';

import { combine, type Label, type StateId, schemeFrom } from './index.ts';

const scheme = schemeFrom(xar.scheme);
const XBO = 'b0'.repeat(32) as StateId;
const XCA = 'ca'.repeat(32) as StateId;
const base: Label = { scheme: 'xar-2021', classification: 'restricted' };

function undecidedCode(labels: readonly Label[]): string | undefined {
  const combination = combine(labels, scheme);
  return 'undecided' in combination ? combination.undecided.code : undefined;
}

test('the rules in one example', () => {
  const one: Label = {
    ...base,
    tlp: 'GREEN',
    releasableTo: [XCA, XBO],
    categories: [
      { set: 'administrative', values: ['staff'] },
      { set: 'sensitivity', values: ['signals'] },
      { set: 'network', values: ['energy', 'csirt'] },
    ],
    purposes: ['policy-making', 'incident-response'],
    handling: ['no-print'],
    privacyMark: 'Draft',
    createdAtSeconds: 5,
    reviewAtSeconds: 90,
  };
  const other: Label = {
    ...base,
    classification: 'secret',
    tlp: 'AMBER',
    releasableTo: [XBO],
    categories: [
      { set: 'sensitivity', values: ['investigation'] },
      { set: 'network', values: ['energy'] },
    ],
    purposes: ['incident-response'],
    reviewAtSeconds: 80,
  };
  expect(combine([one, other], scheme)).toEqual({
    label: {
      scheme: 'xar-2021',
      classification: 'secret',
      tlp: 'AMBER',
      releasableTo: [XBO],
      categories: [
        { set: 'sensitivity', values: ['investigation', 'signals'] },
        { set: 'network', values: ['energy'] },
        { set: 'administrative', values: ['staff'] },
      ],
      purposes: ['incident-response'],
      handling: ['no-print'],
      reviewAtSeconds: 80,
    },
  });
});

test('absent releasability means nobody: one label without recipients leaves none', () => {
  expect(combine([{ ...base, releasableTo: [XBO] }, base], scheme)).toEqual({ label: base });
  expect(
    combine(
      [
        { ...base, releasableTo: [XBO] },
        { ...base, displayOnlyTo: [XBO] },
      ],
      scheme,
    ),
  ).toEqual({
    label: { ...base, displayOnlyTo: [XBO] },
  });
});

test('a permissive set that one label lacks stays with the others', () => {
  const limited: Label = { ...base, categories: [{ set: 'network', values: ['csirt'] }] };
  expect(combine([limited, base], scheme)).toEqual({ label: limited });
});

test('successions are combined date by date', () => {
  const lifted: Label = { ...base, classification: 'secret', succession: { atSeconds: 10, label: base } };
  const raised: Label = {
    ...base,
    succession: { atSeconds: 20, label: { ...base, classification: 'top-secret' } },
  };
  expect(combine([lifted, raised], scheme)).toEqual({
    label: {
      ...base,
      classification: 'secret',
      succession: {
        atSeconds: 10,
        label: { ...base, succession: { atSeconds: 20, label: { ...base, classification: 'top-secret' } } },
      },
    },
  });
});

test.each<[string, Partial<Label>, Partial<Label>]>([
  ['label.no-common-release', { releasableTo: [XBO] }, { releasableTo: [XCA] }],
  ['label.no-common-display', { displayOnlyTo: [XBO] }, { displayOnlyTo: [XCA] }],
  ['label.no-common-display', { releasableTo: [XBO] }, { displayOnlyTo: [XCA] }],
  [
    'label.no-common-category',
    { categories: [{ set: 'network', values: ['csirt'] }] },
    { categories: [{ set: 'network', values: ['energy'] }] },
  ],
  ['label.no-common-purpose', { purposes: ['policy-making'] }, { purposes: ['legal-compliance'] }],
  ['label.mixed-schemes', {}, { scheme: 'xbo-2014' }],
  ['label.unknown-classification', {}, { classification: 'open' }],
  ['label.empty-list', { releasableTo: [] }, {}],
  ['label.succession-not-later', { createdAtSeconds: 9, succession: { atSeconds: 9, label: base } }, {}],
  [
    'label.no-common-release',
    { releasableTo: [XBO] },
    { releasableTo: [XBO], succession: { atSeconds: 9, label: { ...base, releasableTo: [XCA] } } },
  ],
])('%s goes to a person', (code, one, other) => {
  expect(
    undecidedCode([
      { ...base, ...one },
      { ...base, ...other },
    ]),
  ).toBe(code);
  expect(
    undecidedCode([
      { ...base, ...other },
      { ...base, ...one },
    ]),
  ).toBe(code);
});

test('more dates than a label can hold go to a person', () => {
  const on = (atSeconds: number): Label => ({ ...base, succession: { atSeconds, label: base } });
  expect(undecidedCode([1, 2, 3, 4].map(on))).toBeUndefined();
  expect(undecidedCode([1, 2, 3, 4, 5].map(on))).toBe('label.succession-too-long');
});

test('nothing cannot be combined', () => {
  expect(undecidedCode([])).toBe('label.nothing-to-combine');
});

test('a result that the scheme does not admit goes to a person', () => {
  const rules = (from: number): Label => ({
    ...base,
    handling: Array.from({ length: 20 }, (_, i) => `rule-${from + i}`),
  });
  expect(undecidedCode([rules(0), rules(10)])).toBeUndefined();
  expect(undecidedCode([rules(0), rules(20)])).toBe('label.invalid-combination');
});
