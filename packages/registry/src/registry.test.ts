import { fromHex, sha256, toHex } from '@comity/digest';
import { signerFromSeed } from '@comity/ed25519';
import type { RecordId, View } from '@comity/record';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { happenings, liveThrough, saidByStates } from './arrivals.test-support.ts';
import { DigestMap } from './digest-map.ts';
import { Registry, registryEntry, subjectKey } from './index.ts';
import { idOf, STATES, signWith, without } from './issued.test-support.ts';

signWith(signerFromSeed(new Uint8Array(32).fill(3)));

let views: readonly View[] = [];
beforeAll(async () => {
  views = await saidByStates();
});

const rebuilt = (held: Iterable<View>): Registry => {
  const registry = new Registry();
  for (const view of held) registry.put(registryEntry(view));
  return registry;
};
const viewAt = (place: number): View => views[place] as View;

describe('a registry', () => {
  test('is the same at two nodes that hold the same, and as it would be built anew', () => {
    const chosen = fc.uniqueArray(fc.nat({ max: 13 }), { maxLength: 4 });
    fc.assert(
      fc.property(chosen, fc.infiniteStream(fc.nat()), fc.infiniteStream(fc.nat()), (places, one, other) => {
        const recalled = new Set(places.map((place) => idOf(viewAt(place))));
        const [first, second] = [new Registry(), new Registry()];
        const held = liveThrough(first, happenings(views, recalled, one));
        liveThrough(second, happenings(views, recalled, other));
        expect(held.size).toBe(views.length - recalled.size);
        expect(toHex(second.digest)).toBe(toHex(first.digest));
        const anew = rebuilt(held.values());
        expect(toHex(anew.digest)).toBe(toHex(first.digest));
        expect([first.size, first.subjectCount]).toEqual([anew.size, anew.subjectCount]);
      }),
      { numRuns: 150 },
    );
  });

  test('differs where a record, or a part of one, is held here and not there', () => {
    const all = toHex(rebuilt(views).digest);
    const digests = views.map((view) => toHex(rebuilt(views.filter((each) => each !== view)).digest));
    const narrowed = views.map((view) =>
      toHex(
        rebuilt(views.map((each) => (each === view ? without(each, 'text', 'act', 'stage') : each))).digest,
      ),
    );
    expect(new Set([all, ...digests]).size).toBe(views.length + 1);
    expect(narrowed.filter((digest) => digest === all)).toHaveLength(5);
  });

  test('is the same for who issued a record, and knows its decoys, and for who holds all of its parts', () => {
    const received = views.map((view) => without(view));
    expect(received.some((view, place) => view.disclosures.size < viewAt(place).disclosures.size)).toBe(true);
    expect(toHex(rebuilt(received).digest)).toBe(toHex(rebuilt(views).digest));
  });

  test('finds records by what they are about', () => {
    const registry = rebuilt(views);
    const [treaty, again, ratified, undone, signed, refused, hidden] = views.map(idOf) as RecordId[];
    const sorted = (...ids: (RecordId | undefined)[]) => ids.toSorted();
    expect(registry.recordsOf(subjectKey(`norm ${treaty}`))).toEqual([ratified]);
    expect(registry.recordsOf(subjectKey('norm norm/treaty'))).toEqual(
      sorted(treaty, again, signed, refused),
    );
    expect(registry.recordsOf(subjectKey('norm ?'))).toEqual([hidden]);
    expect(registry.recordsOf(subjectKey(`record ${ratified}`))).toEqual([undone]);
    expect(registry.recordsOf(subjectKey(`record ${treaty}`))).toEqual(sorted(again, views.map(idOf).at(-1)));
    expect(registry.recordsOf(subjectKey(`subject ${STATES[0]} incident/i-1`))).toHaveLength(3);
    expect(registry.recordsOf(subjectKey('norm norm/none'))).toEqual([]);
    expect(registry.digestOf(subjectKey('norm norm/none'))).toBeUndefined();
  });

  test('finds a record elsewhere once it shows what it is about', () => {
    const whole = viewAt(2);
    const registry = rebuilt([without(whole, 'norm')]);
    expect(registry.recordsOf(subjectKey('norm ?'))).toEqual([idOf(whole)]);
    registry.put(registryEntry(whole));
    expect(registry.recordsOf(subjectKey('norm ?'))).toEqual([]);
    expect(toHex(registry.digest)).toBe(toHex(rebuilt([whole]).digest));
  });

  test('holds nothing of a record that is gone', () => {
    const registry = rebuilt(views);
    for (const view of views) registry.remove(idOf(view));
    registry.remove('00'.repeat(32) as RecordId);
    expect([registry.size, registry.subjectCount, toHex(registry.digest)]).toEqual([0, 0, '00'.repeat(32)]);
  });

  test('a change of one record changes what it is about, and nothing else', () => {
    const registry = rebuilt(views);
    const before = registry.digestOf(subjectKey(`subject ${STATES[0]} incident/i-1`));
    const treaty = registry.digestOf(subjectKey('norm norm/treaty'));
    registry.remove(idOf(viewAt(4)));
    expect(registry.digestOf(subjectKey(`subject ${STATES[0]} incident/i-1`))).toEqual(before);
    expect(registry.digestOf(subjectKey('norm norm/treaty'))).not.toEqual(treaty);
  });
});

describe('a digest map', () => {
  const key = (number: number): Uint8Array => fromHex(subjectKey(`norm ${number}`));
  const value = (number: number): Uint8Array => sha256(Uint8Array.of(number));

  test('is what the definition says, for keys that part early and late', () => {
    const map = new DigestMap();
    const near = fromHex(`${'ff'.repeat(31)}fe`);
    const nearest = fromHex('ff'.repeat(32));
    const entries = [near, nearest, ...[1, 2, 3, 4, 5].map(key)];
    for (const [number, each] of entries.entries()) {
      map.set(each, value(number));
      const present = entries.slice(0, number + 1).map((each, place) => [each, value(place)] as const);
      expect(toHex(map.digest)).toBe(toHex(defined(present, 0)));
    }
    for (const [number, each] of entries.entries()) {
      map.delete(each);
      map.delete(key(99));
      const left = entries.map((each, place) => [each, value(place)] as const).slice(number + 1);
      expect(toHex(map.digest)).toBe(toHex(defined(left, 0)));
      expect(map.size).toBe(left.length);
    }
  });

  test('has its keys in ascending order', () => {
    const map = new DigestMap();
    for (const number of [3, 1, 2]) map.set(key(number), value(number));
    expect([...map.keys()].map(toHex)).toEqual([1, 2, 3].map((number) => toHex(key(number))).sort());
  });
});

/** Registry.md 3.3 by its words. */
function defined(entries: readonly (readonly [Uint8Array, Uint8Array])[], depth: number): Uint8Array {
  const [only] = entries;
  if (only === undefined) return new Uint8Array(32);
  if (entries.length === 1) return sha256(Uint8Array.of(0, ...only[0], ...only[1]));
  const half = (bit: number) =>
    entries.filter(([key]) => (((key[Math.floor(depth / 8)] as number) >> (7 - (depth % 8))) & 1) === bit);
  return sha256(Uint8Array.of(1, ...defined(half(0), depth + 1), ...defined(half(1), depth + 1)));
}
