import { decode, encode } from '@comity/cbor';
import equivalence from '@comity/protocol/registries/samples/equivalence.json' with { type: 'json' };
import xar from '@comity/protocol/registries/samples/xar.json' with { type: 'json' };
import xbo from '@comity/protocol/registries/samples/xbo.json' with { type: 'json' };
import xca from '@comity/protocol/registries/samples/xca.json' with { type: 'json' };
import { expect, test } from 'vitest';

import {
  type ClassificationScheme,
  checkLevelMap,
  type LevelMap,
  levelMapShape,
  mapLevel,
  rankOf,
  schemeFrom,
} from './index.ts';

const schemes: Record<string, ClassificationScheme> = {
  XAR: schemeFrom(xar.scheme),
  XBO: schemeFrom(xbo.scheme),
  XCA: schemeFrom(xca.scheme),
};
const XAR = schemes.XAR as ClassificationScheme;
const XBO = schemes.XBO as ClassificationScheme;
const XCA = schemes.XCA as ClassificationScheme;

function sample(from: string, to: string): LevelMap {
  const pair = equivalence.pairs.find(({ states }) => states.includes(from) && states.includes(to));
  const levels = pair?.levels[from as keyof typeof pair.levels] as Record<string, string> | undefined;
  return { from: schemes[from]!.id, to: schemes[to]!.id, levels: new Map(Object.entries(levels ?? {})) };
}

test('the sample equivalences are valid in each direction', () => {
  for (const from of Object.keys(schemes)) {
    for (const to of Object.keys(schemes)) {
      if (from === to) continue;
      const map = sample(from, to);
      expect(map.levels.size).toBeGreaterThan(2);
      expect(checkLevelMap(map, schemes[from]!, schemes[to]!)).toEqual([]);
      expect(levelMapShape.decode(decode(encode(levelMapShape.encode(map))))).toEqual(map);
    }
  }
});

test('false friends: levels of one name are not one level', () => {
  expect(mapLevel('secret', sample('XBO', 'XAR'))).toBe('confidential');
  expect(mapLevel('secret', sample('XAR', 'XBO'))).toBe('strictly-secret');
  expect(mapLevel('confidential', sample('XAR', 'XBO'))).toBe('secret');
});

test('a scheme without RESTRICTED protects it as CONFIDENTIAL, and does not give it back as RESTRICTED', () => {
  expect(mapLevel('restricted', sample('XAR', 'XCA'))).toBe('confidential');
  expect(mapLevel('confidential', sample('XAR', 'XCA'))).toBe('confidential');
  expect(mapLevel('confidential', sample('XCA', 'XAR'))).toBe('confidential');
});

test('what is agreed nowhere maps to nothing', () => {
  expect(mapLevel('top-secret', sample('XAR', 'XCA'))).toBeUndefined();
  expect(mapLevel('restricted', sample('XCA', 'XAR'))).toBeUndefined();
});

test('a round trip through another scheme never lowers a level', () => {
  for (const [from, to] of [
    ['XAR', 'XBO'],
    ['XAR', 'XCA'],
    ['XBO', 'XCA'],
  ] as const) {
    for (const [level, abroad] of sample(from, to).levels) {
      const back = mapLevel(abroad, sample(to, from));
      expect(rankOf(schemes[from]!, back ?? '')).toBeGreaterThanOrEqual(rankOf(schemes[from]!, level)!);
    }
  }
});

function found(levels: Record<string, string>, from = 'xar-2021', to = 'xca-2009') {
  const map: LevelMap = { from, to, levels: new Map(Object.entries(levels)) };
  return checkLevelMap(map, XAR, XCA).map(({ code, path }) => [code, path.join('.')]);
}

test('a map into another scheme than the given one is refused before its levels are read', () => {
  expect(found({ secret: 'nothing' }, 'xbo-2014')).toEqual([['label.wrong-scheme', 'from']]);
  expect(found({}, 'xbo-2014', 'xbo-2014')).toEqual([
    ['label.wrong-scheme', 'from'],
    ['label.wrong-scheme', 'to'],
  ]);
});

test('levels have to exist on their side', () => {
  expect(found({ restricted: 'restricted' })).toEqual([['label.unknown-map-level', 'levels.restricted']]);
  expect(found({ 'strictly-secret': 'secret' })).toEqual([
    ['label.unknown-map-level', 'levels.strictly-secret'],
  ]);
});

test('a higher level never maps below a lower one', () => {
  expect(found({ restricted: 'secret', confidential: 'confidential' })).toEqual([
    ['label.map-not-monotone', 'levels.confidential'],
  ]);
  // Written in another order: the order of the ranks counts.
  expect(found({ secret: 'unclassified', restricted: 'confidential', unclassified: 'unclassified' })).toEqual(
    [['label.map-not-monotone', 'levels.secret']],
  );
  expect(found({ restricted: 'confidential', confidential: 'confidential', secret: 'confidential' })).toEqual(
    [],
  );
  expect(found({ restricted: 'secret', 'top-secret': 'secret' })).toEqual([]);
});

test('a map of one scheme says nothing about a scheme of the same levels', () => {
  expect(checkLevelMap(sample('XAR', 'XBO'), XBO, XAR).map(({ code }) => code)).toEqual([
    'label.wrong-scheme',
    'label.wrong-scheme',
  ]);
});

test('the shape refuses what a map does not have', () => {
  const wire = levelMapShape.encode(sample('XAR', 'XBO')) as Map<number, unknown>;
  for (const [key, value] of [
    [3, new Map([['Secret', 'secret']])],
    [3, new Map([['secret', 1]])],
    [4, 1],
    [1, null],
  ] as const) {
    expect(() => levelMapShape.decode(new Map(wire).set(key, value) as never)).toThrow(
      expect.objectContaining({ code: 'cbor.shape' }),
    );
  }
});
