// Changes to bytes, texts, numbers and trees: one each, drawn by chance.

import type { Chance } from '@comity/testkit';
import { copyTree, type Item, itemsOf, sortEntries, writeHead } from './tree.ts';

export function pick<T>(chance: Chance, values: readonly T[]): T {
  return values[chance.between(0, values.length - 1)] as T;
}

const EDGES = [
  0n,
  1n,
  23n,
  24n,
  255n,
  256n,
  65_535n,
  65_536n,
  2n ** 32n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 64n - 1n,
];

export function bendBytes(bytes: Uint8Array, chance: Chance, other: Uint8Array = bytes): Buffer {
  const out = Buffer.from(bytes);
  const at = chance.between(0, Math.max(0, out.length - 1));
  switch (chance.between(0, 8)) {
    case 0:
      if (out.length > 0) out[at] = (out[at] as number) ^ (1 << chance.between(0, 7));
      return out;
    case 1:
      if (out.length > 0)
        out[at] = pick(chance, [0, 1, 0x17, 0x18, 0x40, 0x5f, 0x7f, 0x80, 0x9f, 0xbf, 0xd8, 0xf6, 0xff]);
      return out;
    case 2:
      return Buffer.concat([out.subarray(0, at), Buffer.from([chance.between(0, 255)]), out.subarray(at)]);
    case 3:
      return Buffer.concat([out.subarray(0, at), out.subarray(at + chance.between(1, 4))]);
    case 4:
      return out.subarray(0, at);
    case 5: {
      const end = Math.min(out.length, at + chance.between(1, 40));
      return Buffer.concat([out.subarray(0, end), out.subarray(at, end), out.subarray(end)]);
    }
    case 6: {
      const from = chance.between(0, other.length);
      return Buffer.concat([
        out.subarray(0, at),
        Buffer.from(other).subarray(from, from + chance.between(1, 64)),
      ]);
    }
    case 7:
      return Buffer.concat([out, Buffer.from([chance.between(0, 255)])]);
    default:
      return Buffer.from(bytes).reverse();
  }
}

const PIECES = [
  '',
  ' ',
  '\n',
  '\t',
  '\0',
  '.',
  '-',
  '/',
  '0',
  'A',
  'a',
  'é',
  'e\u0301',
  '\u202e',
  '\ufeff',
  '\u{1f600}',
  '+',
  '—',
  '%',
  '[0]',
];

export function bendText(text: string, chance: Chance): string {
  const units = [...text];
  const at = chance.between(0, units.length);
  switch (chance.between(0, 5)) {
    case 0:
      return [...units.slice(0, at), pick(chance, PIECES), ...units.slice(at)].join('');
    case 1:
      return [...units.slice(0, at), pick(chance, PIECES), ...units.slice(at + 1)].join('');
    case 2:
      return [...units.slice(0, at), ...units.slice(at + chance.between(1, 3))].join('');
    case 3:
      return units.slice(0, at).join('');
    case 4:
      return chance.next() < 0.5 ? text.toUpperCase() : text + text;
    default: {
      const lines = text.split('\n');
      const line = chance.between(0, lines.length - 1);
      if (chance.next() < 0.5) lines.splice(line, 1);
      else lines.splice(line, 0, lines[chance.between(0, lines.length - 1)] as string);
      return lines.join('\n');
    }
  }
}

export function bendNumber(value: number, chance: Chance): number | string {
  const bent = pick(chance, [
    value + 1,
    value - 1,
    value * 2,
    -value,
    ...EDGES.map(Number),
    value + 300,
    value + 31_536_000,
  ]);
  return Number.isSafeInteger(bent) || !Number.isInteger(bent) ? bent : BigInt(bent).toString();
}

/** Changes a tree in place, somewhere. */
export function bendTree(root: Item, chance: Chance): void {
  const all = itemsOf(root);
  const { item, parent } = pick(chance, all);
  if (chance.next() < 0.1) {
    bendHead(item, chance);
    return;
  }
  if (chance.next() < 0.15) {
    replace(item, chance.next() < 0.5 ? strayItem(chance) : copyTree(pick(chance, all).item));
  } else if (item.major < 2) bendInteger(item, chance);
  else if (item.major === 2 && item.data !== undefined) {
    const bent = bendString(item, chance, pick(chance, all).item);
    delete item.inner;
    item.data = bent;
  } else if (item.major === 3) {
    const text = (item.data ?? Buffer.alloc(0)).toString('utf8');
    item.data = chance.next() < 0.1 ? Buffer.from([0xc3, 0x28]) : Buffer.from(bendText(text, chance), 'utf8');
  } else if (item.major === 4 || item.major === 5)
    bendList(
      item,
      chance,
      all.map(({ item: each }) => each),
    );
  else if (item.major === 6) item.argument = BigInt(pick(chance, [2, 3, 18, 60, 98, 55799]));
  else replace(item, strayItem(chance));
  const sorted = chance.next() < 0.7;
  for (const map of [item, parent])
    if (sorted && map?.major === 5 && map.items !== undefined) sortEntries(map);
}

function bendInteger(item: Item, chance: Chance): void {
  item.argument = pick(chance, [item.argument + 1n, item.argument > 0n ? item.argument - 1n : 1n, ...EDGES]);
  if (chance.next() < 0.2) item.major = 1 - item.major;
}

function bendString(item: Item, chance: Chance, other: Item): Buffer {
  const data = item.data ?? Buffer.alloc(0);
  if (chance.next() < 0.3) return other.data ?? Buffer.alloc(32, chance.between(0, 255));
  return bendBytes(data, chance, other.data);
}

function bendList(list: Item, chance: Chance, all: readonly Item[]): void {
  const items = list.items ?? [];
  const step = list.major === 5 ? 2 : 1;
  const at = chance.between(0, Math.max(0, items.length / step - 1)) * step;
  const own = items.slice(at, at + step);
  switch (chance.between(0, 5)) {
    case 0:
      items.splice(at, step);
      return;
    case 1:
      items.splice(at, 0, ...own.map(copyTree));
      return;
    case 2:
      items.splice(at, step);
      items.push(...own);
      return;
    case 3:
      items.splice(at, 0, ...Array.from({ length: step }, () => copyTree(pick(chance, all))));
      return;
    case 4:
      items.push(...Array.from({ length: step }, () => strayItem(chance)));
      return;
    default:
      if (chance.next() < 0.3) items.length = 0;
      else items.reverse();
  }
}

/** Heads that the profile forbids: longer than needed, of indefinite length, reserved. */
function bendHead(item: Item, chance: Chance): void {
  const argument = item.data === undefined ? item.argument : BigInt(item.data.length);
  switch (chance.between(0, 3)) {
    case 0:
      item.head = writeHead(item.major, argument, pick(chance, [1, 2, 4, 8] as const));
      return;
    case 1:
      item.head = Buffer.from([(item.major << 5) | 31]);
      return;
    case 2:
      item.head = Buffer.from([(item.major << 5) | chance.between(28, 30)]);
      return;
    default:
      item.head = writeHead(item.major, argument + 1n);
  }
}

function strayItem(chance: Chance): Item {
  const raw = (hex: string): Item => ({ major: 7, argument: 0n, head: Buffer.from(hex, 'hex') });
  return pick<() => Item>(chance, [
    () => raw('f6'),
    () => raw('f5'),
    () => raw('f7'),
    () => raw('f83b'),
    () => raw('f93c00'),
    () => raw('e0'),
    () => ({ major: 0, argument: pick(chance, EDGES) }),
    () => ({ major: 1, argument: pick(chance, EDGES) }),
    () => ({ major: 2, argument: 0n, data: Buffer.alloc(pick(chance, [0, 1, 16, 31, 32, 33])) }),
    () => ({
      major: 3,
      argument: 0n,
      data: Buffer.from(pick(chance, ['', 'a', 'id', 'en', 'incident', 'overall'])),
    }),
    () => ({ major: 4, argument: 0n, items: [] }),
    () => ({ major: 5, argument: 0n, items: [] }),
    () => ({ major: 6, argument: 60n, items: [{ major: 2, argument: 32n, data: Buffer.alloc(32, 7) }] }),
  ])();
}

function replace(item: Item, by: Item): void {
  delete item.head;
  delete item.data;
  delete item.inner;
  delete item.items;
  Object.assign(item, by);
}
