// A writer of CBOR for the vectors alone. It shares nothing with the implementation, checks nothing, and writes what the
// profile forbids just as readily: invalid vectors are made with it.

import { createHash } from 'node:crypto';

/** Bytes that stand as they are: an item that is encoded already, or one that no encoder would write. */
export class Raw {
  readonly bytes: Buffer;
  constructor(bytes: Uint8Array | string) {
    this.bytes =
      typeof bytes === 'string' ? Buffer.from(bytes.replaceAll(/\s/g, ''), 'hex') : Buffer.from(bytes);
  }
}

export class Tag {
  readonly number: number;
  readonly content: Item;
  constructor(number: number, content: Item) {
    this.number = number;
    this.content = content;
  }
}

/** simple(59), under which the digests of redacted fields stand. */
export const SIMPLE_59 = new Raw('f83b');

/** Entries in the order given; `map` sorts them. */
export class Entries {
  readonly entries: readonly (readonly [Item, Item])[];
  constructor(entries: readonly (readonly [Item, Item])[]) {
    this.entries = entries;
  }
}

export type Item =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly Item[]
  | Raw
  | Tag
  | Entries;

/** A map in the order of the profile: by the encoded keys, bytewise (RFC 8949 §4.2.1). Absent values are left out. */
export function map(...entries: readonly (readonly [Item, Item | undefined])[]): Entries {
  const present = entries.filter((entry): entry is readonly [Item, Item] => entry[1] !== undefined);
  return new Entries([...present].sort((a, b) => Buffer.compare(cbor(a[0]), cbor(b[0]))));
}

/** A map whose keys are texts. */
export function record(fields: { readonly [name: string]: Item | undefined }): Entries {
  return map(...Object.entries(fields));
}

export function cbor(item: Item): Buffer {
  if (item === null) return Buffer.from([0xf6]);
  if (typeof item === 'boolean') return Buffer.from([item ? 0xf5 : 0xf4]);
  if (typeof item === 'number' || typeof item === 'bigint') {
    const number = BigInt(item);
    return number >= 0n ? head(0, number) : head(1, -1n - number);
  }
  if (typeof item === 'string') {
    const bytes = Buffer.from(item, 'utf8');
    return Buffer.concat([head(3, BigInt(bytes.length)), bytes]);
  }
  if (item instanceof Raw) return item.bytes;
  if (item instanceof Tag) return Buffer.concat([head(6, BigInt(item.number)), cbor(item.content)]);
  if (item instanceof Entries) {
    const entries = item.entries.flatMap(([key, value]) => [cbor(key), cbor(value)]);
    return Buffer.concat([head(5, BigInt(item.entries.length)), ...entries]);
  }
  if (item instanceof Uint8Array) return Buffer.concat([head(2, BigInt(item.length)), item]);
  return Buffer.concat([head(4, BigInt(item.length)), ...item.map(cbor)]);
}

/** A head of the shortest form. */
export function head(major: number, argument: bigint): Buffer {
  const first = major << 5;
  if (argument < 24n) return Buffer.from([first | Number(argument)]);
  for (const [info, width] of [
    [24, 1],
    [25, 2],
    [26, 4],
    [27, 8],
  ] as const) {
    if (argument < 1n << BigInt(width * 8)) {
      const digits = argument.toString(16).padStart(width * 2, '0');
      return Buffer.concat([Buffer.from([first | info]), Buffer.from(digits, 'hex')]);
    }
  }
  throw new RangeError('no head holds this number');
}

export function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** So many bytes of one value: `filled(0x07)` is 32 times 07. */
export const filled = (byte: number, length = 32): Buffer => Buffer.alloc(length, byte);
