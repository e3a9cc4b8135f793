import xar from '@comity/protocol/registries/samples/xar.json' with { type: 'json' };
import xbo from '@comity/protocol/registries/samples/xbo.json' with { type: 'json' };
import { expect, test } from 'vitest';

import { checkLabel, type Label, type LabelCategories, type StateId, schemeFrom } from './index.ts';

const scheme = schemeFrom(xar.scheme);
const XBO = 'b0'.repeat(32) as StateId;
const XCA = 'ca'.repeat(32) as StateId;
const plain: Label = { scheme: 'xar-2021', classification: 'restricted' };
const later: Label = { scheme: 'xar-2021', classification: 'unclassified' };

function found(change: object): readonly (readonly [string, string])[] {
  return checkLabel({ ...plain, ...change } as Label, scheme).map(
    ({ code, path }) => [code, path.join('.')] as const,
  );
}

function successions(...dates: number[]): Label['succession'] {
  return dates.reduceRight<Label['succession']>(
    (succession, atSeconds) => ({ atSeconds, label: { ...later, ...(succession && { succession }) } }),
    undefined,
  );
}

test('valid labels have no faults', () => {
  expect(found({})).toEqual([]);
  expect(
    found({
      tlp: 'RED',
      pap: 'CLEAR',
      releasableTo: [XBO],
      displayOnlyTo: [XCA],
      categories: [
        { set: 'network', values: ['energy', 'csirt'] },
        { set: 'administrative', values: ['staff'] },
      ],
      purposes: ['incident-response', 'legal-compliance'],
      privacyMark: 'Draft',
      handling: ['no-print'],
      createdAtSeconds: 1,
      reviewAtSeconds: 2,
      succession: successions(2, 3, 4, 5),
    }),
  ).toEqual([]);
});

test.each<[string, string, object]>([
  ['label.wrong-scheme', 'scheme', { scheme: 'xbo-2014' }],
  ['label.unknown-classification', 'classification', { classification: 'strictly-secret' }],
  ['label.unknown-tlp', 'tlp', { tlp: 'WHITE' }],
  ['label.unknown-pap', 'pap', { pap: 'WHITE' }],
  ['label.bad-text', 'privacyMark', { privacyMark: '' }],
  ['label.bad-text', 'privacyMark', { privacyMark: 'a\u2066b' }],
  ['label.bad-state-id', 'releasableTo.1', { releasableTo: [XBO, 'XCA'] }],
  ['label.duplicate', 'releasableTo.1', { releasableTo: [XBO, XBO] }],
  ['label.empty-list', 'releasableTo', { releasableTo: [] }],
  [
    'label.too-many',
    'releasableTo',
    { releasableTo: Array.from({ length: 257 }, (_, i) => i.toString(16).padStart(64, '0')) },
  ],
  ['label.bad-state-id', 'displayOnlyTo.0', { displayOnlyTo: [XBO.toUpperCase()] }],
  ['label.empty-list', 'displayOnlyTo', { displayOnlyTo: [] }],
  ['label.display-and-release', 'displayOnlyTo.1', { releasableTo: [XBO], displayOnlyTo: [XCA, XBO] }],
  [
    'label.unknown-category-set',
    'categories.0.set',
    { categories: [{ set: 'compartment', values: ['aurora'] }] },
  ],
  [
    'label.unknown-category',
    'categories.0.values.1',
    { categories: [{ set: 'network', values: ['csirt', 'grid'] }] },
  ],
  [
    'label.duplicate',
    'categories.1',
    {
      categories: [
        { set: 'network', values: ['csirt'] },
        { set: 'network', values: ['energy'] },
      ],
    },
  ],
  [
    'label.duplicate',
    'categories.0.values.1',
    { categories: [{ set: 'network', values: ['csirt', 'csirt'] }] },
  ],
  ['label.empty-list', 'categories', { categories: [] }],
  ['label.empty-list', 'categories.0.values', { categories: [{ set: 'network', values: [] }] }],
  ['label.unknown-purpose', 'purposes.0', { purposes: ['curiosity'] }],
  ['label.duplicate', 'purposes.1', { purposes: ['policy-making', 'policy-making'] }],
  ['label.empty-list', 'purposes', { purposes: [] }],
  ['label.bad-identifier', 'handling.0', { handling: ['No print'] }],
  ['label.empty-list', 'handling', { handling: [] }],
  ['label.bad-date', 'createdAtSeconds', { createdAtSeconds: 1.5 }],
  ['label.bad-date', 'reviewAtSeconds', { reviewAtSeconds: -1 }],
  ['label.bad-date', 'reviewAtSeconds', { reviewAtSeconds: 253_402_300_800 }],
  ['label.bad-date', 'succession.atSeconds', { succession: { atSeconds: Number.NaN, label: later } }],
  ['label.succession-not-later', 'succession.atSeconds', { createdAtSeconds: 7, succession: successions(7) }],
  ['label.succession-not-later', 'succession.label.succession.atSeconds', { succession: successions(7, 7) }],
  ['label.succession-not-later', 'succession.label.succession.atSeconds', { succession: successions(7, 6) }],
  [
    'label.unknown-classification',
    'succession.label.classification',
    { succession: { atSeconds: 5, label: { ...later, classification: 'open' } } },
  ],
  [
    'label.wrong-scheme',
    'succession.label.scheme',
    { succession: { atSeconds: 5, label: { ...later, scheme: 'xbo-2014' } } },
  ],
])('%s at %s', (code, path, change) => {
  expect(found(change)).toEqual([[code, path]]);
});

test('a fifth succession is refused, also in a chain without end', () => {
  expect(found({ succession: successions(1, 2, 3, 4) })).toEqual([]);
  expect(found({ succession: successions(1, 2, 3, 4, 5) }).map(([code]) => code)).toEqual([
    'label.succession-too-long',
  ]);
  const endless = { atSeconds: 1, label: { ...later } } as {
    atSeconds: number;
    label: { succession?: unknown };
  };
  endless.label.succession = endless;
  expect(found({ succession: endless }).map(([code]) => code)).toContain('label.succession-too-long');
});

test('all faults are told at once', () => {
  const categories: LabelCategories[] = [{ set: 'nothing', values: ['x'] }];
  const codes = found({ classification: 'x', tlp: 'x', categories, purposes: ['x'] }).map(([code]) => code);
  expect(codes).toEqual([
    'label.unknown-classification',
    'label.unknown-tlp',
    'label.unknown-category-set',
    'label.unknown-purpose',
  ]);
});

test('a category that stands twice is told of a set that the scheme does not have, too', () => {
  const categories: LabelCategories[] = [{ set: 'nothing', values: ['x', 'x'] }];
  expect(found({ categories }).map(([code]) => code)).toEqual([
    'label.unknown-category-set',
    'label.duplicate',
  ]);
});

test('a level of the same name in another scheme is not known', () => {
  const ours: Label = { scheme: 'xar-2021', classification: 'secret' };
  expect(checkLabel(ours, scheme)).toEqual([]);
  expect(checkLabel(ours, schemeFrom(xbo.scheme)).map(({ code }) => code)).toEqual(['label.wrong-scheme']);
});

test('messages do not repeat what the label says', () => {
  const faults = checkLabel(
    { ...plain, handling: ['Code Word'], purposes: ['codeword'], privacyMark: 'code\nword' },
    scheme,
  );
  expect(faults).toHaveLength(3);
  for (const { message } of faults) expect(message.toLowerCase()).not.toMatch(/code ?word/);
});
