import { Fault } from '@comity/fault';
import { type CborLimits, depthLimit } from './limits.ts';
import {
  type CborKey,
  type CborValue,
  MAX_KEY_BYTES,
  REDACTED,
  REDACTED_DIGEST_BYTES,
  Tagged,
} from './model.ts';
import { Output } from './output.ts';

/**
 * Encodes a value in the deterministic profile. Maps may be in any order: entries are sorted by their encoded keys.
 *
 * Depth is always limited (default 16); a number of bytes or items only where given, so that the caller who builds a
 * larger document says so where it is read. -0 is the integer 0.
 *
 * @throws Fault `cbor.*` on a value outside the profile
 */
export function encode(value: CborValue, limits?: Partial<CborLimits>): Uint8Array {
  const output = lent ?? new Output();
  // While it is in use nobody else gets it: a Map subclass could call encode from its iterator.
  lent = undefined;
  const encoder = new Encoder(output, limits);
  encoder.writeItem(value, OUTERMOST, 0);
  const bytes = output.take();
  if (limits?.maxBytes !== undefined && bytes.length > limits.maxBytes) {
    throw new Fault('cbor.too-many-bytes', `expected at most ${limits.maxBytes} bytes, got ${bytes.length}`);
  }
  if (output.reusable) lent = output;
  return bytes;
}

/** One buffer for all calls: most documents are small, and growing a new buffer each time costs more than the rest. */
let lent: Output | undefined = new Output();

type Place = typeof OUTERMOST | typeof ELEMENT | typeof INSIDE;
const OUTERMOST = 0;
const ELEMENT = 1;
const INSIDE = 2;

class Encoder {
  private readonly output: Output;
  private readonly maxDepth: number;
  private readonly maxItems: number;
  private items = 0;

  constructor(output: Output, limits: Partial<CborLimits> | undefined) {
    this.output = output;
    this.maxDepth = depthLimit(limits);
    this.maxItems = limits?.maxItems ?? Number.POSITIVE_INFINITY;
  }

  writeItem(value: CborValue, place: Place, depth: number): void {
    this.items += 1;
    if (this.items > this.maxItems) {
      throw new Fault('cbor.too-many-items', `expected at most ${this.maxItems} items`);
    }
    if (typeof value === 'number') this.writeInteger(value);
    else if (typeof value === 'string') this.output.writeText(value);
    else if (value === null) this.output.writeByte(0xf6);
    else if (value === false) this.output.writeByte(0xf4);
    else if (value === true) this.output.writeByte(0xf5);
    else if (value instanceof Uint8Array) this.output.writeBytes(value);
    else if (value instanceof Map) this.writeMap(value, depth + 1);
    else if (Array.isArray(value)) this.writeArray(value, depth + 1);
    else if (value instanceof Tagged) this.writeTagged(value, place, depth);
    else refuseValue(value);
  }

  private writeInteger(value: number): void {
    if (!Number.isSafeInteger(value)) {
      // cbor.md §2.1, §2.7: no floats; |v| <= 2^53 - 1.
      if (Number.isInteger(value)) throw new Fault('cbor.integer-range', 'integer beyond 2^53 - 1');
      throw new Fault('cbor.float', 'number that is not an integer');
    }
    if (value >= 0) this.output.writeHead(0x00, value);
    else this.output.writeHead(0x20, -1 - value);
  }

  private writeArray(elements: readonly CborValue[], depth: number): void {
    this.requireDepth(depth);
    this.output.writeHead(0x80, elements.length);
    // By index, so that a hole is met as undefined and refused.
    for (let index = 0; index < elements.length; index += 1) {
      this.writeItem(elements[index] as CborValue, ELEMENT, depth);
    }
  }

  private writeMap(entries: ReadonlyMap<CborKey, CborValue>, depth: number): void {
    this.requireDepth(depth);
    const output = this.output;
    output.writeHead(0xa0, entries.size);
    const starts: number[] = [];
    const keyEnds: number[] = [];
    let sorted = true;
    let previous = -1;
    for (const [key, value] of entries) {
      const start = output.at;
      this.writeKey(key);
      // cbor.md §3.3: strictly ascending bytewise on encoded keys. Usually they come that way.
      if (previous >= 0 && sorted) sorted = output.compare(previous, start, output.at - start) < 0;
      previous = start;
      starts.push(start);
      keyEnds.push(output.at);
      this.writeItem(value, INSIDE, depth);
    }
    if (starts.length !== entries.size)
      throw new Fault('cbor.unsupported-value', 'map changed while it was encoded');
    if (!sorted) output.sortEntries(starts, keyEnds);
  }

  private writeKey(key: CborKey): void {
    this.items += 1;
    if (typeof key === 'number') {
      this.writeInteger(key);
    } else if (typeof key === 'string') {
      const start = this.output.at;
      this.output.writeText(key);
      // cbor.md §3.2: text keys of at most 255 bytes; a head of up to two bytes says as much.
      if (key.length > MAX_KEY_BYTES || this.output.at - start > MAX_KEY_BYTES + 2) {
        throw new Fault('cbor.key-too-long', 'text key longer than 255 bytes');
      }
    } else if (key === REDACTED) {
      this.output.writeByte(0xf8);
      this.output.writeByte(59);
    } else {
      throw new Fault('cbor.key-type', 'map key is neither integer nor text nor simple(59)');
    }
  }

  private writeTagged(tagged: Tagged, place: Place, depth: number): void {
    const { tag, value } = tagged;
    // cbor.md §2.5, §2.7: tags 18, 98 and 60, only at their places.
    if (tag !== 18 && tag !== 60 && tag !== 98)
      throw new Fault('cbor.unknown-tag', 'tag other than 18, 60 and 98');
    if (place !== (tag === 60 ? ELEMENT : OUTERMOST)) {
      const where = tag === 60 ? 'an array element' : 'the outermost item';
      throw new Fault('cbor.misplaced-tag', `tag ${tag as number} stands elsewhere than as ${where}`);
    }
    if (tag === 60 && !(value instanceof Uint8Array && value.length === REDACTED_DIGEST_BYTES)) {
      throw new Fault('cbor.tag-content', 'tag 60 holds something other than a byte string of 32 bytes');
    }
    this.output.writeHead(0xc0, tag);
    this.writeItem(value, INSIDE, depth);
  }

  private requireDepth(depth: number): void {
    // cbor.md §1.2. Also what stops a value that contains itself.
    if (depth > this.maxDepth)
      throw new Fault('cbor.too-deep', `expected a depth of at most ${this.maxDepth}`);
  }
}

/** The compiler excludes these values; callers without it, and casts, do not. */
function refuseValue(value: unknown): never {
  if (value === undefined) throw new Fault('cbor.undefined', 'undefined or a hole in an array');
  if (typeof value === 'bigint') throw new Fault('cbor.bignum', 'bigint');
  if (value === REDACTED) throw new Fault('cbor.misplaced-redaction', 'simple(59) elsewhere than as map key');
  throw new Fault('cbor.unsupported-value', `value of type ${typeof value} is outside the profile`);
}
