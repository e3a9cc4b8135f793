import { HeadReader } from './head.ts';
import { type CborLimits, DEFAULT_LIMITS, depthLimit } from './limits.ts';
import {
  type CborKey,
  type CborValue,
  MAX_KEY_BYTES,
  REDACTED,
  REDACTED_DIGEST_BYTES,
  SIMPLE_REDACTED,
  Tagged,
} from './model.ts';
import { refuseAt } from './refuse.ts';
import { readUtf8 } from './utf8.ts';

/**
 * Decodes one item of the deterministic profile (RFC 8949 §4.2.1, narrowed) that fills the whole input. Every value has
 * exactly one encoding that is accepted: `encode(decode(bytes))` gives `bytes`.
 *
 * Byte strings in the result are views of the input, not copies; the caller must not change the input afterwards. Maps
 * become `Map`, never objects. The input is attacker-controlled: limits are checked before anything is allocated.
 *
 * @throws Fault `cbor.*`, one code for each way to leave the profile, with the byte `offset` in its fields
 */
export function decode(bytes: Uint8Array, limits?: Partial<CborLimits>): CborValue {
  const maxBytes = limits?.maxBytes ?? DEFAULT_LIMITS.maxBytes;
  // cbor.md §1.2: a hard cap before parsing.
  if (bytes.length > maxBytes) {
    refuseAt('cbor.too-many-bytes', maxBytes, `expected at most ${maxBytes} bytes, got ${bytes.length}`);
  }
  const decoder = new Decoder(bytes, limits?.maxItems ?? DEFAULT_LIMITS.maxItems, depthLimit(limits));
  const value = decoder.readItem(OUTERMOST, 0);
  // cbor.md §1.1: one item, whole input.
  if (decoder.at !== bytes.length) {
    refuseAt('cbor.trailing-bytes', decoder.at, `${bytes.length - decoder.at} bytes follow the item`);
  }
  return value;
}

/** Where an item stands decides which tags it may carry (cbor.md §2.5). */
type Place = typeof OUTERMOST | typeof ELEMENT | typeof INSIDE;
const OUTERMOST = 0;
const ELEMENT = 1;
const INSIDE = 2;

class Decoder extends HeadReader {
  private readonly maxItems: number;
  private readonly maxDepth: number;
  private items = 0;

  constructor(bytes: Uint8Array, maxItems: number, maxDepth: number) {
    super(bytes);
    this.maxItems = maxItems;
    this.maxDepth = maxDepth;
    this.spend(1, 0);
  }

  readItem(place: Place, depth: number): CborValue {
    const start = this.at;
    if (start >= this.end) refuseAt('cbor.truncated', start, 'input ends where an item should begin');
    const initial = this.bytes[start] as number;
    this.at = start + 1;
    if (initial < 0x18) return initial;
    switch (initial >> 5) {
      case 0:
        return this.readUnsigned(initial, start);
      case 1:
        return this.readNegative(initial, start);
      case 2:
        return this.readBytes(initial, start);
      case 3:
        return this.readText(initial, start);
      case 4:
        return this.readArray(initial, start, depth + 1);
      case 5:
        return this.readMap(initial, start, depth + 1);
      case 6:
        return this.readTagged(initial, start, place, depth);
      default:
        return this.readSimple(initial, start);
    }
  }

  private readUnsigned(initial: number, start: number): number {
    const value = this.readArgument(initial, start);
    // cbor.md §2.1: |v| <= 2^53 - 1. Beyond it the argument is rounded, but never down to an accepted value.
    if (value > Number.MAX_SAFE_INTEGER) refuseAt('cbor.integer-range', start, 'integer above 2^53 - 1');
    return value;
  }

  private readNegative(initial: number, start: number): number {
    const argument = this.readArgument(initial, start);
    if (argument > Number.MAX_SAFE_INTEGER - 1)
      refuseAt('cbor.integer-range', start, 'integer below -(2^53 - 1)');
    return -1 - argument;
  }

  private readBytes(initial: number, start: number): Uint8Array {
    const length = this.readLength(initial, start);
    const from = this.at;
    this.at = from + length;
    // Not subarray: of a Buffer that would give a Buffer, whose methods differ.
    return new Uint8Array(this.bytes.buffer as ArrayBuffer, this.bytes.byteOffset + from, length);
  }

  private readText(initial: number, start: number): string {
    const length = this.readLength(initial, start);
    const from = this.at;
    this.at = from + length;
    return readUtf8(this.bytes, from, this.at);
  }

  private readArray(initial: number, start: number, depth: number): CborValue[] {
    const count = this.readCount(initial, start, 1, depth);
    // Of its length at once: one that grows takes room for 17 first, and most have a few. The count was checked.
    const elements = new Array<CborValue>(count);
    for (let index = 0; index < count; index += 1) elements[index] = this.readItem(ELEMENT, depth);
    return elements;
  }

  private readMap(initial: number, start: number, depth: number): Map<CborKey, CborValue> {
    const count = this.readCount(initial, start, 2, depth);
    const entries = new Map<CborKey, CborValue>();
    let previous = -1;
    for (let index = 0; index < count; index += 1) {
      const keyAt = this.at;
      const key = this.readKey();
      if (previous >= 0) this.requireAscending(previous, keyAt);
      previous = keyAt;
      entries.set(key, this.readItem(INSIDE, depth));
    }
    return entries;
  }

  private readKey(): CborKey {
    const start = this.at;
    if (start >= this.end) refuseAt('cbor.truncated', start, 'input ends where a map key should begin');
    const initial = this.bytes[start] as number;
    this.at = start + 1;
    if (initial < 0x18) return initial;
    const major = initial >> 5;
    if (major === 0) return this.readUnsigned(initial, start);
    if (major === 1) return this.readNegative(initial, start);
    if (major === 3) return this.readTextKey(initial, start);
    if (initial === 0xf8 && this.bytes[this.at] === SIMPLE_REDACTED) {
      this.at += 1;
      return REDACTED;
    }
    // A float is reported as one, also here; a constant or a container is only in the wrong place.
    if (major === 7) this.readSimple(initial, start);
    // cbor.md §3.2: integer, text or simple(59).
    return refuseAt('cbor.key-type', start, 'map key is neither integer nor text nor simple(59)');
  }

  private readTextKey(initial: number, start: number): string {
    const length = this.readLength(initial, start);
    // cbor.md §3.2: text keys of at most 255 bytes.
    if (length > MAX_KEY_BYTES)
      refuseAt('cbor.key-too-long', start, `text key of ${length} bytes, limit 255`);
    const from = this.at;
    this.at = from + length;
    return readUtf8(this.bytes, from, this.at);
  }

  /** cbor.md §3.3: strictly ascending bytewise on the encoded keys (RFC 8949 §4.2.1). */
  private requireAscending(previousAt: number, keyAt: number): void {
    const bytes = this.bytes;
    const keyLength = this.at - keyAt;
    // No encoded key is a prefix of another: a difference comes within both, or the keys are the same.
    for (let index = 0; index < keyLength; index += 1) {
      const before = bytes[previousAt + index] as number;
      const here = bytes[keyAt + index] as number;
      if (before < here) return;
      if (before > here) refuseAt('cbor.unsorted-keys', keyAt, 'map key sorts before the one in front of it');
    }
    refuseAt('cbor.duplicate-key', keyAt, 'map key occurs twice');
  }

  private readTagged(initial: number, start: number, place: Place, depth: number): Tagged {
    const tag = this.readArgument(initial, start);
    // cbor.md §2.5, §2.7: tags 18, 98 and 60, only at their places.
    if (tag === 2 || tag === 3) refuseAt('cbor.bignum', start, 'bignum');
    if (tag !== 18 && tag !== 60 && tag !== 98)
      refuseAt('cbor.unknown-tag', start, 'tag other than 18, 60 and 98');
    if (place !== (tag === 60 ? ELEMENT : OUTERMOST)) {
      const where = tag === 60 ? 'an array element' : 'the outermost item';
      refuseAt('cbor.misplaced-tag', start, `tag ${tag} stands elsewhere than as ${where}`);
    }
    this.spend(1, start);
    const value = this.readItem(INSIDE, depth);
    if (tag === 60 && !(value instanceof Uint8Array && value.length === REDACTED_DIGEST_BYTES)) {
      refuseAt('cbor.tag-content', start, 'tag 60 holds something other than a byte string of 32 bytes');
    }
    return new Tagged(tag, value);
  }

  /** cbor.md §2.4, §2.7: of major type 7 only false, true and null are values. */
  private readSimple(initial: number, start: number): boolean | null {
    switch (initial) {
      case 0xf4:
        return false;
      case 0xf5:
        return true;
      case 0xf6:
        return null;
      case 0xf7:
        return refuseAt('cbor.undefined', start, 'undefined');
      case 0xf8:
        return this.refuseSimple(start);
      case 0xf9:
      case 0xfa:
      case 0xfb:
        return refuseAt('cbor.float', start, 'floating-point number');
      case 0xfc:
      case 0xfd:
      case 0xfe:
        return refuseAt('cbor.reserved', start, 'reserved additional information');
      case 0xff:
        return refuseAt('cbor.indefinite-length', start, 'break of an indefinite length');
      default:
        return refuseAt('cbor.simple-value', start, 'simple value other than false, true and null');
    }
  }

  private refuseSimple(start: number): never {
    if (this.at >= this.end) refuseAt('cbor.truncated', this.at, 'input ends inside a simple value');
    const simple = this.bytes[this.at] as number;
    // RFC 8949 §3.3: two bytes for a simple value below 32 are not well-formed.
    if (simple < 24) refuseAt('cbor.not-shortest', start, 'simple value below 24 in two bytes');
    if (simple < 32) refuseAt('cbor.reserved', start, 'reserved simple value');
    if (simple === SIMPLE_REDACTED)
      refuseAt('cbor.misplaced-redaction', start, 'simple(59) elsewhere than as map key');
    return refuseAt('cbor.simple-value', start, 'simple value other than false, true and null');
  }

  /** Number of elements or pairs, with all limits checked before the caller allocates for them. */
  private readCount(initial: number, start: number, itemsEach: 1 | 2, depth: number): number {
    const count = this.readArgument(initial, start);
    // cbor.md §1.2: depth and number of items.
    if (depth > this.maxDepth)
      refuseAt('cbor.too-deep', start, `expected a depth of at most ${this.maxDepth}`);
    this.spend(count * itemsEach, start);
    if (count * itemsEach > this.end - this.at) {
      refuseAt('cbor.truncated', start, 'more items announced than bytes follow');
    }
    return count;
  }

  private spend(items: number, offset: number): void {
    this.items += items;
    if (this.items > this.maxItems)
      refuseAt('cbor.too-many-items', offset, `expected at most ${this.maxItems} items`);
  }
}
