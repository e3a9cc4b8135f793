import { toHex } from '@comity/digest';
import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import type { RecordId } from '@comity/record';

/** How one part of a key is written and read. Written forms sort as their values do, except texts, which are only found. */
export interface KeyField<Value> {
  /** Writes the value at an offset and returns the offset after it. */
  write(target: Uint8Array, at: number, value: Value): number;
  read(source: Uint8Array, at: number): { readonly value: Value; readonly end: number };
}

/** A field whose type of value is not known. */
export interface AnyKeyField {
  write(target: Uint8Array, at: number, value: never): number;
  read(source: Uint8Array, at: number): { readonly value: unknown; readonly end: number };
}

/** The value types of a list of fields. */
export type KeyValues<Fields extends readonly AnyKeyField[]> = {
  -readonly [Index in keyof Fields]: Fields[Index] extends KeyField<infer Value> ? Value : never;
};

/** The log that a row belongs to: what this state issued, or what was released between it and one peer. */
export type LogName = 'origin' | `origin/${number}` | `ledger/out/${StateId}` | `ledger/in/${StateId}`;

const ID_BYTES = 32;

/** @throws Fault `store.key-invalid` */
export function refuseKey(expected: string): never {
  throw new Fault('store.key-invalid', `expected ${expected} in a key`);
}

/** A whole number from 0 to 2^53-1: 8 bytes, big-endian. */
export const number: KeyField<number> = {
  write(target, at, value) {
    if (!Number.isSafeInteger(value) || value < 0) refuseKey('an integer from 0 to 2^53-1');
    writeUint32(target, at, Math.floor(value / 0x1_0000_0000));
    writeUint32(target, at + 4, value % 0x1_0000_0000);
    return at + 8;
  },
  read(source, at) {
    return { value: readUint32(source, at) * 0x1_0000_0000 + readUint32(source, at + 4), end: at + 8 };
  },
};

/** Up to 255 characters of printable ASCII after their count, so that no text is the beginning of another. */
export const text: KeyField<string> = {
  write(target, at, value) {
    if (value.length > 255) refuseKey('a text of at most 255 characters');
    target[at] = value.length;
    for (let index = 0; index < value.length; index += 1) {
      const unit = value.charCodeAt(index);
      if (unit < 0x20 || unit > 0x7e) refuseKey('printable ASCII');
      target[at + 1 + index] = unit;
    }
    return at + 1 + value.length;
  },
  read(source, at) {
    const end = at + 1 + byteAt(source, at);
    if (end > source.length) refuseKey('a whole text');
    return { value: String.fromCharCode(...source.subarray(at + 1, end)), end };
  },
};

function id<Id extends string>(): KeyField<Id> {
  return {
    write(target, at, value) {
      writeId(target, at, value);
      return at + ID_BYTES;
    },
    read(source, at) {
      return { value: readId(source, at) as Id, end: at + ID_BYTES };
    },
  };
}

/** 32 bytes, as 64 lower-case hexadecimal digits. */
export const digest: KeyField<string> = id<string>();
export const recordId: KeyField<RecordId> = id<RecordId>();
export const stateId: KeyField<StateId> = id<StateId>();

/** One of a few words, as a byte. */
export function word<const Word extends string>(...words: readonly Word[]): KeyField<Word> {
  return {
    write(target, at, value) {
      const code = words.indexOf(value);
      if (code < 0) refuseKey(`one of ${words.join(', ')}`);
      target[at] = code;
      return at + 1;
    },
    read(source, at) {
      const value = words[byteAt(source, at)];
      return { value: value ?? refuseKey(`a code of one of ${words.join(', ')}`), end: at + 1 };
    },
  };
}

const ORIGIN = 0;
/** A later log of what this state has issued: a digit follows, from 2 to 9. */
const LATER_ORIGIN = 3;
const LATER = /^origin\/([2-9])$/;
/** The beginnings of the names of ledgers, each with its code. */
const LEDGERS = [
  { code: 1, prefix: 'ledger/out/' },
  { code: 2, prefix: 'ledger/in/' },
] as const;

/** A code, for a ledger the id of the peer, for a later log its number. */
export const log: KeyField<LogName> = {
  write(target, at, value) {
    if (value === 'origin') {
      target[at] = ORIGIN;
      return at + 1;
    }
    const later = LATER.exec(value)?.[1];
    if (later !== undefined) {
      target[at] = LATER_ORIGIN;
      target[at + 1] = Number(later);
      return at + 2;
    }
    const ledger = LEDGERS.find(({ prefix }) => value.startsWith(prefix)) ?? refuseKey('the name of a log');
    target[at] = ledger.code;
    writeId(target, at + 1, value.slice(ledger.prefix.length));
    return at + 1 + ID_BYTES;
  },
  read(source, at) {
    const code = byteAt(source, at);
    if (code === ORIGIN) return { value: 'origin', end: at + 1 };
    if (code === LATER_ORIGIN) {
      const number = byteAt(source, at + 1);
      if (number < 2 || number > 9) refuseKey('the number of a later log');
      return { value: `origin/${number}`, end: at + 2 };
    }
    const ledger = LEDGERS.find((candidate) => candidate.code === code) ?? refuseKey('the code of a log');
    return { value: `${ledger.prefix}${readId(source, at + 1) as StateId}`, end: at + 1 + ID_BYTES };
  },
};

function writeId(target: Uint8Array, at: number, hex: string): void {
  if (hex.length !== 2 * ID_BYTES) refuseKey('64 lower-case hexadecimal digits');
  for (let index = 0; index < ID_BYTES; index += 1) {
    const high = NIBBLES[hex.charCodeAt(2 * index)] ?? -1;
    const low = NIBBLES[hex.charCodeAt(2 * index + 1)] ?? -1;
    if (high < 0 || low < 0) refuseKey('64 lower-case hexadecimal digits');
    target[at + index] = high * 16 + low;
  }
}

function readId(source: Uint8Array, at: number): string {
  if (at + ID_BYTES > source.length) refuseKey('32 bytes');
  return toHex(source.subarray(at, at + ID_BYTES));
}

/** Value of each ASCII character as a hexadecimal digit, -1 for the others. */
const NIBBLES = Int8Array.from({ length: 128 }, (_, unit) =>
  '0123456789abcdef'.indexOf(String.fromCharCode(unit)),
);

function writeUint32(target: Uint8Array, at: number, value: number): void {
  target[at] = value >>> 24;
  target[at + 1] = value >>> 16;
  target[at + 2] = value >>> 8;
  target[at + 3] = value;
}

function readUint32(source: Uint8Array, at: number): number {
  return (
    byteAt(source, at) * 0x100_0000 +
    (byteAt(source, at + 1) << 16) +
    (byteAt(source, at + 2) << 8) +
    byteAt(source, at + 3)
  );
}

function byteAt(source: Uint8Array, at: number): number {
  return source[at] ?? refuseKey('a longer key');
}
