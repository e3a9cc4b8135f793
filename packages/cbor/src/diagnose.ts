import { toHex } from '@comity/digest';
import { Fault } from '@comity/fault';
import { DEPTH_CEILING } from './limits.ts';
import { type CborKey, type CborValue, REDACTED, Tagged } from './model.ts';

/**
 * A value in the diagnostic notation of RFC 8949 §8, for people: on one line, with control and invisible characters
 * escaped so that a hostile text cannot rearrange what a terminal shows. It contains the content: not for logs.
 *
 * @throws Fault `cbor.too-deep` beyond `DEPTH_CEILING`
 */
export function diagnose(value: CborValue): string {
  return diagnoseAt(value, 0);
}

function diagnoseAt(value: CborValue, depth: number): string {
  if (depth > DEPTH_CEILING) throw new Fault('cbor.too-deep', `expected a depth of at most ${DEPTH_CEILING}`);
  if (typeof value === 'string') return quote(value);
  if (value instanceof Uint8Array) return `h'${toHex(value)}'`;
  if (value instanceof Tagged) return `${value.tag}(${diagnoseAt(value.value, depth + 1)})`;
  if (Array.isArray(value)) return `[${value.map((each) => diagnoseAt(each, depth + 1)).join(', ')}]`;
  if (value instanceof Map) {
    const entries = [...(value as ReadonlyMap<CborKey, CborValue>)];
    return `{${entries.map(([key, each]) => `${diagnoseKey(key)}: ${diagnoseAt(each, depth + 1)}`).join(', ')}}`;
  }
  return String(value);
}

function diagnoseKey(key: CborKey): string {
  if (key === REDACTED) return 'simple(59)';
  return typeof key === 'string' ? quote(key) : String(key);
}

const UNSAFE_TO_PRINT = /[\p{C}\p{Zl}\p{Zp}]/gu;

function quote(text: string): string {
  return JSON.stringify(text).replace(UNSAFE_TO_PRINT, (character) =>
    Array.from({ length: character.length }, (_, index) => escapeUnit(character.charCodeAt(index))).join(''),
  );
}

function escapeUnit(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}
