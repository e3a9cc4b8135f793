// Schemes, labels and level maps, member by member, for the vectors of label.md and of the chapters that carry labels.

import { cbor, type Entries, filled, hex, type Item, map, record } from '../cbor-text.ts';

type Names = string | { readonly [tag: string]: string };

/** A name: of a text, its English form. */
export const named = (names: Names): Entries => record(typeof names === 'string' ? { en: names } : names);

export const level = (id: Item, rank: Item, names: Names = id as string, portion?: Item): Entries =>
  map([1, id], [2, named(names)], [3, rank], [4, portion]);

export const category = (id: Item, names: Names = id as string): Entries => map([1, id], [2, named(names)]);

export const categorySet = (id: Item, type: Item, values: readonly Item[]): Entries =>
  map([1, id], [2, type], [3, values]);

export const scheme = (id: Item, levels: Item, sets: Item = [], names: Item = named('A scheme')): Entries =>
  map([1, id], [2, names], [3, levels], [4, sets]);

/** What stands in a label, under the names of the table in label.md 2.1. */
export interface LabelMembers {
  readonly scheme?: Item | undefined;
  readonly level?: Item | undefined;
  readonly tlp?: Item | undefined;
  readonly pap?: Item | undefined;
  readonly releasableTo?: Item | undefined;
  readonly displayTo?: Item | undefined;
  readonly categories?: Item | undefined;
  readonly purposes?: Item | undefined;
  readonly privacyMark?: Item | undefined;
  readonly handling?: Item | undefined;
  readonly created?: Item | undefined;
  readonly review?: Item | undefined;
  readonly succession?: Item | undefined;
}

const KEYS: readonly (keyof LabelMembers)[] = [
  'scheme',
  'level',
  'tlp',
  'pap',
  'releasableTo',
  'displayTo',
  'categories',
  'purposes',
  'privacyMark',
  'handling',
  'created',
  'review',
  'succession',
];

/** A label of `SCHEME` at its level `secret`, with these members added or replaced; undefined takes one away. */
export function label(members: LabelMembers = {}): Entries {
  const all: LabelMembers = { scheme: 'xaa-full', level: 'secret', ...members };
  return map(...KEYS.map((name, index) => [index + 1, all[name]] as const));
}

export const succession = (atSeconds: Item, successor: Item): Entries => map([1, atSeconds], [2, successor]);

/** Labels in a row: `first`, and from each of these times on one that is less by a level, and at last `open`. */
export function inARow(
  first: LabelMembers,
  times: readonly Item[],
  last: LabelMembers = { level: 'open' },
): Entries {
  const rest = times.reduceRight<Item | undefined>(
    (next, atSeconds, index) =>
      succession(
        atSeconds,
        label({ ...(index === times.length - 1 ? last : { level: 'restricted' }), succession: next }),
      ),
    undefined,
  );
  return label({ ...first, succession: rest });
}

export const inSet = (set: Item, ...values: readonly Item[]): Entries => map([1, set], [2, values]);

export const levelMap = (from: Item, to: Item, levels: Item): Entries => map([1, from], [2, to], [3, levels]);

/** Made-up state ids: 32 times one byte. */
export const stateOf = (byte: number): Buffer => filled(byte);

/** So many state ids in ascending order, from this number on. */
export const states = (count: number, first = 0): Buffer[] =>
  Array.from({ length: count }, (_, index) => {
    const id = filled(0x5a);
    id.writeUInt32BE(first + index);
    return id;
  });

/** So many identifiers: `prefix-1`, `prefix-2` and so on. */
export const identifiers = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index + 1}`);

/** A scheme with each kind of category set, a gap between ranks, and rank 255. */
export const SCHEME: Entries = scheme(
  'xaa-full',
  [
    level('open', 0, 'Open'),
    level('restricted', 7, 'Restricted', 'R'),
    level('secret', 20, { de: 'Streng geheim', en: 'Secret' }, 'S'),
    level('top-secret', 255, 'Top secret', 'TS'),
  ],
  [
    categorySet('caveat', 'restrictive', [
      category('crypto', 'Crypto'),
      category('atomic', 'Atomic'),
      category('sources', 'Sources'),
    ]),
    categorySet('network', 'permissive', [
      category('csirt', 'CSIRT network'),
      category('energy', 'Energy'),
      category('finance', 'Finance'),
    ]),
    categorySet('sector', 'permissive', [category('health', 'Health'), category('water', 'Water')]),
    categorySet('topic', 'informative', [category('fraud', 'Fraud'), category('malware', 'Malware')]),
  ],
  named('A scheme with everything'),
);

/** Registered purposes, all of them (registries/purposes.json). */
export const PURPOSES: readonly string[] = [
  'incident-response',
  'national-security',
  'public-security',
  'counterterrorism',
  'fraud-prevention',
  'legal-compliance',
  'norm-verification',
  'policy-making',
  'official-statistics',
  'scientific-research',
  'rights-fulfilment',
];

export const inHex = (item: Item): string => hex(cbor(item));
export const SCHEME_HEX: string = inHex(SCHEME);
