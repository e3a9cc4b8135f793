// Both sides of each limit (cbor.md 1.2, 1.3, 3.2).

import { cbor, Entries, hex, type Item, map, Tag } from '../cbor-text.ts';
import type { InvalidCase, ValidCase } from '../vector.ts';

type Limits = { readonly bytes?: number; readonly depth?: number; readonly items?: number };

/** So many arrays around 0, the innermost of depth `count`. */
function arrays(count: number): Item {
  let item: Item = 0;
  for (let depth = 0; depth < count; depth += 1) item = [item];
  return item;
}

/** An array of zeros. */
const zeros = (count: number): Item => Array.from({ length: count }, () => 0);

/** A map from 0, 1, 2 and so on to 0. */
const counted = (count: number): Item => new Entries(Array.from({ length: count }, (_, key) => [key, 0]));

const longText = (byteLength: number): Item => 'a'.repeat(byteLength);

export function itemsWithinLimits(): readonly ValidCase[] {
  return [
    within('bytes 1 of 1', 0, { bytes: 1 }),
    within('bytes 7 of 7', map([1, 2], [256, true]), { bytes: 7 }),
    within('bytes 65536 of the 65536 of a record', longText(65_533)),
    within('bytes 65537 where 65537 are allowed', [], { bytes: 65_537 }),
    within('depth 0 of 0: no array, no map', 'flat', { depth: 0 }),
    within('depth 1 of 1: an empty array', [], { depth: 1 }),
    within('depth 1 of 1: a flat map', map([1, 2]), { depth: 1 }),
    within('depth 2 of 2: arrays beside each other', [[0], [0], map()], { depth: 2 }),
    within('depth 16 of the 16 of a record, in a tag, which is no depth', new Tag(18, arrays(16))),
    within('depth 17 of 17', arrays(17), { depth: 17 }),
    within('depth 64 of 64', arrays(64), { depth: 64 }),
    within('depth 64 where the limit says 1000 and means 64', arrays(64), { depth: 1000 }),
    within('items 1 of 1', 0, { items: 1 }),
    within('items 3 of 3: a map, its key and its value', map([0, 0]), { items: 3 }),
    within('items 2 of 2: a tag and its content', new Tag(18, 0), { items: 2 }),
    within('items 3 of 3: an array, a tag and its content', [new Tag(60, Buffer.alloc(32))], { items: 3 }),
    within('items 4096 of the 4096 of a record: an array of 4095 elements', zeros(4_095)),
    within('items 4095 of 4096: a map of 2047 entries', counted(2_047)),
    within('items 4096 of 4096: a map of 2047 entries in an array', [counted(2_047)]),
    within('items 4097 of 4097', zeros(4_096), { items: 4_097 }),
    within('text key of 254 bytes', map(['k'.repeat(254), 0])),
    within('text key of 255 bytes in 128 characters', map([`k${'\u00e9'.repeat(127)}`, 0])),
    within('text of 256 bytes that is no key', longText(256)),
    within('2^53 - 1 and -(2^53 - 1) as elements', [Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER]),
  ];
}

export function itemsBeyondLimits(): readonly InvalidCase[] {
  return [
    beyond('cbor.too-many-bytes', '1.2', 'bytes 2 where 1 is allowed', 24, { bytes: 1 }),
    beyond('cbor.too-many-bytes', '1.2', 'bytes 7 where 6 are allowed', map([1, 2], [256, true]), {
      bytes: 6,
    }),
    beyond('cbor.too-many-bytes', '1.2', 'bytes 65537 where those of a record are allowed', longText(65_534)),
    beyond('cbor.too-deep', '1.2', 'depth 1 where 0 is allowed', [], { depth: 0 }),
    beyond('cbor.too-deep', '1.2', 'depth 1 where 0 is allowed: a map', map(), { depth: 0 }),
    beyond('cbor.too-deep', '1.2', 'depth 2 where 1 is allowed: a map in a map', map([0, map()]), {
      depth: 1,
    }),
    beyond('cbor.too-deep', '1.2', 'depth 17 in a tag', new Tag(18, arrays(17))),
    beyond('cbor.too-deep', '1.2', 'depth 18 where 17 is allowed', arrays(18), { depth: 17 }),
    beyond('cbor.too-deep', '1.2', 'depth 65 where 64 is allowed', arrays(65), { depth: 64 }),
    beyond('cbor.too-deep', '1.2', 'depth 65: a limit of 65 means 64', arrays(65), { depth: 65 }),
    beyond('cbor.too-deep', '1.2', 'depth 1000: a limit of 1000 means 64', arrays(1_000), { depth: 1_000 }),
    beyond('cbor.too-many-items', '1.2', 'items 1 where 0 are allowed', 0, { items: 0 }),
    beyond('cbor.too-many-items', '1.2', 'items 3 where 2 are allowed: keys count', map([0, 0]), {
      items: 2,
    }),
    beyond('cbor.too-many-items', '1.2', 'items 2 where 1 is allowed: a tag counts', new Tag(18, 0), {
      items: 1,
    }),
    beyond('cbor.too-many-items', '1.2', 'items 3 where 2 are allowed', [new Tag(60, Buffer.alloc(32))], {
      items: 2,
    }),
    beyond('cbor.too-many-items', '1.2', 'items 4097: an array of 4096 elements', zeros(4_096)),
    beyond('cbor.too-many-items', '1.2', 'items 4097: a map of 2048 entries', counted(2_048)),
    beyond('cbor.too-many-items', '1.2', 'items 4098 where 4097 are allowed', zeros(4_097), { items: 4_097 }),
    beyond('cbor.too-many-items', '1.2', 'items 4097, spread over inner arrays', [
      zeros(2_047),
      zeros(2_047),
    ]),
    beyond(
      'cbor.key-too-long',
      '3.2',
      'text key of 256 bytes in 128 characters',
      map(['\u00e9'.repeat(128), 0]),
    ),
    beyond('cbor.key-too-long', '3.2', 'text key of 256 bytes in an inner map', [map(['k'.repeat(256), 0])]),
    beyond('cbor.integer-range', '2.1', '2^53 as element', [2n ** 53n]),
    beyond('cbor.integer-range', '2.1', '-2^53 as map value', map([0, -(2n ** 53n)])),
    beyond('cbor.integer-range', '2.1', '-2^53 as map key', map([-(2n ** 53n), 0])),
    beyond('cbor.integer-range', '2.1', '-2^53 - 1, which a double would round to -2^53', -(2n ** 53n) - 1n),
  ];
}

function within(comment: string, item: Item, limits?: Limits): ValidCase {
  const text = hex(cbor(item));
  return { comment, in: inputOf(text, limits), out: { reencoded: text } };
}

function beyond(code: string, clause: string, comment: string, item: Item, limits?: Limits): InvalidCase {
  return { comment, in: inputOf(hex(cbor(item)), limits), code, clause };
}

function inputOf(text: string, limits: Limits | undefined): ValidCase['in'] {
  return limits === undefined ? { hex: text } : { hex: text, limits: { ...limits } };
}
