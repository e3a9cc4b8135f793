import { Fault } from '@comity/fault';

const INITIAL_BYTES = 4_096;

/** A buffer that once grew beyond this is not kept. */
const KEPT_BYTES = 1_048_576;

/** Up to here, writing a text unit by unit is faster than a call of TextEncoder. */
const SHORT_TEXT_UNITS = 24;

const utf8 = new TextEncoder();

/** A buffer that grows, and knows heads, texts and entries of CBOR, but not the profile. */
export class Output {
  at = 0;
  private bytes = new Uint8Array(INITIAL_BYTES);
  private spare = new Uint8Array(INITIAL_BYTES);

  get reusable(): boolean {
    return this.bytes.length <= KEPT_BYTES;
  }

  /** A copy of what was written; the buffer is empty afterwards. */
  take(): Uint8Array {
    const taken = this.bytes.slice(0, this.at);
    this.at = 0;
    return taken;
  }

  writeByte(byte: number): void {
    this.reserve(1);
    this.bytes[this.at] = byte;
    this.at += 1;
  }

  /** RFC 8949 §3, shortest form; `major` is the major type in its three high bits. */
  writeHead(major: number, argument: number): void {
    this.reserve(9);
    const bytes = this.bytes;
    let at = this.at;
    if (argument < 24) {
      bytes[at++] = major | argument;
    } else if (argument < 0x100) {
      bytes[at++] = major | 24;
      bytes[at++] = argument;
    } else if (argument < 0x1_0000) {
      bytes[at++] = major | 25;
      bytes[at++] = argument >>> 8;
      bytes[at++] = argument;
    } else {
      const wide = argument > 0xffff_ffff;
      bytes[at++] = major | (wide ? 27 : 26);
      if (wide) {
        const high = Math.floor(argument / 0x1_0000_0000);
        bytes[at++] = high >>> 24;
        bytes[at++] = high >>> 16;
        bytes[at++] = high >>> 8;
        bytes[at++] = high;
      }
      // >>> takes the number modulo 2^32.
      bytes[at++] = argument >>> 24;
      bytes[at++] = argument >>> 16;
      bytes[at++] = argument >>> 8;
      bytes[at++] = argument >>> 0;
    }
    this.at = at;
  }

  writeBytes(content: Uint8Array): void {
    this.writeHead(0x40, content.length);
    this.reserve(content.length);
    this.bytes.set(content, this.at);
    this.at += content.length;
  }

  /** @throws Fault `cbor.lone-surrogate` */
  writeText(text: string): void {
    const units = text.length;
    if (units <= SHORT_TEXT_UNITS && this.writeShortAscii(text)) return;
    // cbor.md §4.1: TextEncoder would write U+FFFD in its place, and two texts would have one encoding.
    if (!text.isWellFormed())
      throw new Fault('cbor.lone-surrogate', 'text with a surrogate that has no partner');
    this.reserve(9 + 3 * units);
    const start = this.at;
    const { written } = utf8.encodeInto(text, this.bytes.subarray(start + 9));
    this.writeHead(0x60, written);
    this.bytes.copyWithin(this.at, start + 9, start + 9 + written);
    this.at += written;
  }

  private writeShortAscii(text: string): boolean {
    const start = this.at;
    this.writeHead(0x60, text.length);
    this.reserve(text.length);
    const bytes = this.bytes;
    let at = this.at;
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      if (unit > 0x7f) {
        this.at = start;
        return false;
      }
      bytes[at++] = unit;
    }
    this.at = at;
    return true;
  }

  /** Bytewise order of what begins at the two offsets, over a number of bytes: below, equal to or above 0. */
  compare(a: number, b: number, byteLength: number): number {
    const bytes = this.bytes;
    for (let offset = 0; offset < byteLength; offset += 1) {
      const difference = (bytes[a + offset] as number) - (bytes[b + offset] as number);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  /**
   * Puts the entries of a map, of which the last ends at the current offset, into the order of their keys.
   *
   * @throws Fault `cbor.duplicate-key`
   */
  sortEntries(starts: readonly number[], keyEnds: readonly number[]): void {
    const compareKeys = (a: number, b: number): number => {
      const startA = starts[a] as number;
      const startB = starts[b] as number;
      // No encoded key is the beginning of another: up to the shorter end they differ or are the same.
      return this.compare(
        startA,
        startB,
        Math.min((keyEnds[a] as number) - startA, (keyEnds[b] as number) - startB),
      );
    };
    const order = sortedOrder(starts.length, compareKeys);
    for (let place = 1; place < order.length; place += 1) {
      if (compareKeys(order[place - 1] as number, order[place] as number) === 0) {
        throw new Fault('cbor.duplicate-key', 'map key occurs twice');
      }
    }
    this.moveEntries(starts, order);
  }

  private moveEntries(starts: readonly number[], order: readonly number[]): void {
    const { bytes, at: end } = this;
    const first = order.findIndex((entry, place) => entry !== place);
    if (first < 0) return;
    const base = starts[first] as number;
    if (this.spare.length < end - base) this.spare = new Uint8Array(bytes.length);
    const spare = this.spare;
    for (let offset = base; offset < end; offset += 1) spare[offset - base] = bytes[offset] as number;
    let at = base;
    for (let place = first; place < order.length; place += 1) {
      const entry = order[place] as number;
      const from = (starts[entry] as number) - base;
      const to = (starts[entry + 1] ?? end) - base;
      for (let offset = from; offset < to; offset += 1) bytes[at++] = spare[offset] as number;
    }
  }

  private reserve(byteLength: number): void {
    const needed = this.at + byteLength;
    if (needed <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, 2 * this.bytes.length));
    grown.set(this.bytes.subarray(0, this.at));
    this.bytes = grown;
  }
}

/** Longest list that is sorted by insertion: quadratic, but without the overhead of the built-in sort. */
const INSERTION_LENGTH = 32;

/** The numbers from 0 to length - 1, in the order that the comparison gives. */
function sortedOrder(length: number, compare: (a: number, b: number) => number): readonly number[] {
  const order = Array.from({ length }, (_, index) => index);
  if (length > INSERTION_LENGTH) return order.sort(compare);
  for (let next = 1; next < length; next += 1) {
    let place = next;
    for (; place > 0 && compare(order[place - 1] as number, next) > 0; place -= 1) {
      order[place] = order[place - 1] as number;
    }
    order[place] = next;
  }
  return order;
}
