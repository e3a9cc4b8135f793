import xar from '@comity/protocol/registries/samples/xar.json' with { type: 'json' };
import xbo from '@comity/protocol/registries/samples/xbo.json' with { type: 'json' };
import { expect, test } from 'vitest';

import { dominates, type Label, type StateId, schemeFrom, type Tlp } from './index.ts';

const scheme = schemeFrom(xar.scheme);
const XBO = 'b0'.repeat(32) as StateId;
const XCA = 'ca'.repeat(32) as StateId;
const base: Label = { scheme: 'xar-2021', classification: 'restricted' };
const categories = (set: string, ...values: string[]): Partial<Label> => ({
  categories: [{ set, values }],
});

test.each<[string, Partial<Label>, Partial<Label>]>([
  ['a higher classification', { classification: 'secret' }, {}],
  ['a TLP statement over none', { tlp: 'CLEAR' }, {}],
  ['AMBER+STRICT over AMBER', { tlp: 'AMBER+STRICT' }, { tlp: 'AMBER' }],
  ['RED over AMBER+STRICT', { tlp: 'RED' }, { tlp: 'AMBER+STRICT' }],
  ['a PAP statement over none', { pap: 'CLEAR' }, {}],
  ['no recipients over some', {}, { releasableTo: [XBO] }],
  ['fewer recipients', { releasableTo: [XBO] }, { releasableTo: [XBO, XCA] }],
  ['no readers over some', {}, { displayOnlyTo: [XBO] }],
  ['showing over handing over', { displayOnlyTo: [XBO] }, { releasableTo: [XBO] }],
  ['a restrictive category over none', categories('sensitivity', 'signals'), {}],
  [
    'more restrictive categories',
    categories('sensitivity', 'signals', 'investigation'),
    categories('sensitivity', 'signals'),
  ],
  ['a permissive set over none', categories('network', 'csirt'), {}],
  ['fewer permissive categories', categories('network', 'csirt'), categories('network', 'csirt', 'energy')],
  ['limited purposes over none stated', { purposes: ['policy-making'] }, {}],
  ['fewer purposes', { purposes: ['policy-making'] }, { purposes: ['policy-making', 'legal-compliance'] }],
  ['a handling rule over none', { handling: ['no-print'] }, {}],
  [
    'a label that stays over one that is lifted',
    {},
    { succession: { atSeconds: 9, label: { ...base, classification: 'unclassified' } } },
  ],
])('%s', (_, more, less) => {
  expect(dominates({ ...base, ...more }, { ...base, ...less }, scheme)).toBe(true);
  expect(dominates({ ...base, ...less }, { ...base, ...more }, scheme)).toBe(false);
});

test.each<[string, Partial<Label>, Partial<Label>]>([
  ['different recipients', { releasableTo: [XBO] }, { releasableTo: [XCA] }],
  ['higher level, wider release', { classification: 'secret', releasableTo: [XBO] }, {}],
  ['different handling', { handling: ['no-print'] }, { handling: ['no-copy'] }],
  [
    'lifted in between',
    { succession: { atSeconds: 9, label: { ...base, classification: 'unclassified' } } },
    { classification: 'unclassified', succession: { atSeconds: 20, label: base } },
  ],
])('%s cannot be compared', (_, one, other) => {
  expect(dominates({ ...base, ...one }, { ...base, ...other }, scheme)).toBe(false);
  expect(dominates({ ...base, ...other }, { ...base, ...one }, scheme)).toBe(false);
});

test.each<[string, Partial<Label>]>([
  ['an informative category', categories('administrative', 'staff')],
  ['a privacy mark', { privacyMark: 'Draft' }],
  ['a review date', { reviewAtSeconds: 1 }],
  ['a creation date', { createdAtSeconds: 1 }],
])('%s decides nothing', (_, mark) => {
  expect(dominates({ ...base, ...mark }, base, scheme)).toBe(true);
  expect(dominates(base, { ...base, ...mark }, scheme)).toBe(true);
});

test('false friends are never compared', () => {
  const boreal = schemeFrom(xbo.scheme);
  const ours: Label = { scheme: 'xar-2021', classification: 'secret' };
  const theirs: Label = { scheme: 'xbo-2014', classification: 'secret' };
  for (const [a, b] of [
    [ours, theirs],
    [theirs, ours],
  ] as const) {
    expect(dominates(a, b, scheme)).toBe(false);
    expect(dominates(a, b, boreal)).toBe(false);
  }
  expect(dominates(ours, ours, boreal)).toBe(false);
  expect(dominates(ours, ours, scheme)).toBe(true);
});

test('what the scheme does not know dominates nothing and is dominated by nothing', () => {
  for (const strange of [
    { classification: 'strictly-secret' },
    categories('compartment', 'aurora'),
    { tlp: 'WHITE' as Tlp },
  ]) {
    expect(dominates({ ...base, ...strange }, base, scheme)).toBe(false);
    expect(
      dominates({ ...base, classification: 'top-secret', tlp: 'RED' }, { ...base, ...strange }, scheme),
    ).toBe(false);
  }
});

test('a chain out of order is no answer', () => {
  const broken: Label = {
    ...base,
    succession: { atSeconds: 5, label: { ...base, succession: { atSeconds: 5, label: base } } },
  };
  expect(() => dominates(broken, base, scheme)).toThrow(
    expect.objectContaining({ code: 'label.succession-not-later' }),
  );
});
