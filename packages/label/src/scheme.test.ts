import { decode, encode } from '@comity/cbor';
import { DocumentFaults } from '@comity/fault';
import xar from '@comity/protocol/registries/samples/xar.json' with { type: 'json' };
import xbo from '@comity/protocol/registries/samples/xbo.json' with { type: 'json' };
import xca from '@comity/protocol/registries/samples/xca.json' with { type: 'json' };
import { expect, test } from 'vitest';

import {
  type ClassificationScheme,
  checkScheme,
  levelOf,
  rankOf,
  schemeFrom,
  schemeShape,
  textIn,
} from './index.ts';

const scheme = schemeFrom(xar.scheme);

function faultsOf(change: (plain: typeof xar.scheme) => void): readonly (readonly [string, string])[] {
  const plain = structuredClone(xar.scheme);
  change(plain);
  try {
    schemeFrom(plain);
  } catch (thrown) {
    if (thrown instanceof DocumentFaults)
      return thrown.faults.map(({ code, path }) => [code, path.join('.')] as const);
    throw thrown;
  }
  return [];
}

test('the sample schemes are valid and survive the wire', () => {
  for (const plain of [xar.scheme, xbo.scheme, xca.scheme]) {
    const read = schemeFrom(plain);
    expect(schemeShape.decode(decode(encode(schemeShape.encode(read))))).toEqual(read);
  }
});

test('a level is found by its id in its own scheme only', () => {
  expect(levelOf(scheme, 'restricted')?.name.get('fr')).toBe('Diffusion restreinte');
  expect(rankOf(scheme, 'secret')).toBe(3);
  expect(rankOf(schemeFrom(xbo.scheme), 'secret')).toBe(2);
  expect(rankOf(schemeFrom(xca.scheme), 'restricted')).toBeUndefined();
  expect(rankOf(scheme, '__proto__')).toBeUndefined();
});

test.each<[string, string, (plain: typeof xar.scheme) => void]>([
  ['label.bad-rank', 'levels.0.rank', (plain) => plain.levels.shift()],
  ['label.bad-rank', 'levels.2.rank', (plain) => Object.assign(plain.levels[2]!, { rank: 1 })],
  ['label.bad-rank', 'levels.4.rank', (plain) => Object.assign(plain.levels[4]!, { rank: 256 })],
  ['label.bad-rank', 'levels.1.rank', (plain) => Object.assign(plain.levels[1]!, { rank: 0.5 })],
  ['label.bad-rank', 'levels.1.rank', (plain) => Object.assign(plain.levels[1]!, { rank: Number.NaN })],
  ['label.duplicate', 'levels.3.id', (plain) => Object.assign(plain.levels[3]!, { id: 'confidential' })],
  ['label.duplicate', 'levels.3.portion', (plain) => Object.assign(plain.levels[3]!, { portion: 'C' })],
  [
    'label.duplicate',
    'categorySets.1.id',
    (plain) => Object.assign(plain.categorySets[1]!, { id: 'sensitivity' }),
  ],
  [
    'label.duplicate',
    'categorySets.0.values.1.id',
    (plain) => Object.assign(plain.categorySets[0]!.values[1]!, { id: 'signals' }),
  ],
  ['label.bad-identifier', 'id', (plain) => Object.assign(plain, { id: 'XAR 2021' })],
  ['label.bad-identifier', 'levels.1.id', (plain) => Object.assign(plain.levels[1]!, { id: 'Restricted' })],
  ['label.bad-identifier', 'levels.1.id', (plain) => Object.assign(plain.levels[1]!, { id: 'x'.repeat(65) })],
  [
    'label.bad-identifier',
    'categorySets.0.values.0.id',
    (plain) => Object.assign(plain.categorySets[0]!.values[0]!, { id: '-a' }),
  ],
  ['label.bad-text', 'name.english', (plain) => Object.assign(plain.name, { english: 'A' })],
  ['label.bad-text', 'levels.1.name.en', (plain) => Object.assign(plain.levels[1]!.name, { en: '' })],
  [
    'label.bad-text',
    'levels.1.name.en',
    (plain) => Object.assign(plain.levels[1]!.name, { en: 'Open\u202e' }),
  ],
  [
    'label.bad-text',
    'levels.1.name.en',
    (plain) => Object.assign(plain.levels[1]!.name, { en: 'two\nlines' }),
  ],
  ['label.bad-text', 'levels.1.portion', (plain) => Object.assign(plain.levels[1]!, { portion: 'a b' })],
  ['label.empty-list', 'name', (plain) => Object.assign(plain, { name: {} })],
  ['label.empty-list', 'levels', (plain) => Object.assign(plain, { levels: [] })],
  [
    'label.empty-list',
    'categorySets.0.values',
    (plain) => Object.assign(plain.categorySets[0]!, { values: [] }),
  ],
  [
    'label.bad-category-type',
    'categorySets.0.type',
    (plain) => Object.assign(plain.categorySets[0]!, { type: 'Restrictive' }),
  ],
])('%s at %s', (code, path, change) => {
  expect(faultsOf(change)).toContainEqual([code, path]);
});

test('a scheme with too many levels is refused', () => {
  const levels = Array.from({ length: 17 }, (_, rank) => ({
    ...xar.scheme.levels[0]!,
    id: `l${rank}`,
    portion: `L${rank}`,
    rank,
  }));
  expect(faultsOf((plain) => Object.assign(plain, { levels }))).toEqual([['label.too-many', 'levels']]);
});

test('all faults are told at once', () => {
  const faults = faultsOf((plain) => {
    plain.id = '';
    plain.levels[0]!.rank = 3;
    plain.categorySets[2]!.type = 'x';
  });
  expect(faults.map(([code]) => code)).toEqual([
    'label.bad-identifier',
    'label.bad-rank',
    'label.bad-rank',
    'label.bad-category-type',
  ]);
});

test('the shape refuses what a scheme does not have', () => {
  const wire = schemeShape.encode(scheme) as Map<number, unknown>;
  const refused = (change: (map: Map<number, unknown>) => void) => {
    const changed = new Map(wire);
    change(changed);
    expect(() => schemeShape.decode(changed as never)).toThrow(
      expect.objectContaining({ code: 'cbor.shape' }),
    );
  };
  refused((map) => map.set(9, 1));
  refused((map) => map.delete(1));
  refused((map) => map.set(3, []));
  refused((map) => map.set(1, 'XAR'));
  refused((map) => map.set(2, new Map([['english', 'x']])));
  refused((map) => map.set(2, new Map()));
});

test('checkScheme accepts ranks with gaps', () => {
  const gaps: ClassificationScheme = {
    ...scheme,
    levels: scheme.levels.map((level) => ({ ...level, rank: level.rank * 10 })),
  };
  expect(() => checkScheme(gaps)).not.toThrow();
});

test('a text is given in the language asked for, or says in which one it is', () => {
  const map = new Map([
    ['fr', 'Ouvert'],
    ['en', 'Open'],
    ['zh-Hans', '公开'],
  ]);
  expect(textIn(map, 'fr')).toEqual({ language: 'fr', text: 'Ouvert' });
  expect(textIn(map, 'fr-CA')).toEqual({ language: 'fr', text: 'Ouvert' });
  expect(textIn(map, 'zh')).toEqual({ language: 'zh-Hans', text: '公开' });
  expect(textIn(map, 'es')).toEqual({ language: 'en', text: 'Open' });
  expect(textIn(new Map([['ar', 'مفتوح']]), 'es')).toEqual({ language: 'ar', text: 'مفتوح' });
  expect(textIn(new Map(), 'es')).toEqual({ language: 'es', text: '' });
});
