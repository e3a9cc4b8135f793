import { type CborKey, type CborValue, decode, REDACTED, Tagged } from '@comity/cbor';
import { isFault } from '@comity/fault';
import type { CddlElement, CddlMember, CddlType } from './grammar.ts';

/** Rules of all grammars together, by name. */
export type Rules = ReadonlyMap<string, CddlType>;

/** RFC 8610 appendix D, as far as the grammars use it. */
const PRELUDE: ReadonlyMap<string, (value: CborValue | CborKey) => boolean> = new Map([
  ['bstr', (value) => value instanceof Uint8Array],
  ['tstr', (value) => typeof value === 'string'],
  ['uint', (value) => typeof value === 'number' && value >= 0],
  ['int', (value) => typeof value === 'number'],
  ['bool', (value) => typeof value === 'boolean'],
  ['true', (value) => value === true],
  ['false', (value) => value === false],
  ['null', (value) => value === null],
]);

export function isOfPrelude(name: string): boolean {
  return PRELUDE.has(name);
}

/** Whether a decoded item is of a type (RFC 8610). */
export function matches(rules: Rules, type: CddlType, value: CborValue | CborKey): boolean {
  switch (type.kind) {
    case 'name': {
      const rule = rules.get(type.name);
      if (rule !== undefined) return matches(rules, rule, value);
      const basic = PRELUDE.get(type.name);
      if (basic === undefined) throw new Error(`no rule is named ${type.name}`);
      return basic(value);
    }
    case 'literal':
      return value === type.value;
    case 'range':
      return typeof value === 'number' && value >= type.from && value <= type.to;
    case 'choice':
      return type.of.some((each) => matches(rules, each, value));
    case 'size':
      return matches(rules, type.of, value) && isWithin(sizeOf(value), type);
    case 'cbor':
      return matches(rules, type.of, value) && holds(rules, type.inner, value);
    case 'tag':
      return value instanceof Tagged && value.tag === type.tag && matches(rules, type.of, value.value);
    case 'simple':
      return type.number === 59 && value === REDACTED;
    case 'array':
      return Array.isArray(value) && elementsMatch(rules, type.elements, value as readonly CborValue[]);
    case 'map':
      return (
        value instanceof Map && membersMatch(rules, type.members, value as ReadonlyMap<CborKey, CborValue>)
      );
  }
}

/** RFC 8610 §3.8.1: bytes of a byte string, bytes in UTF-8 of a text. */
function sizeOf(value: unknown): number {
  if (value instanceof Uint8Array) return value.length;
  return typeof value === 'string' ? Buffer.byteLength(value) : Number.NaN;
}

function isWithin(size: number, { from, to }: { readonly from: number; readonly to: number }): boolean {
  return size >= from && size <= to;
}

/** RFC 8610 §3.8.4. */
function holds(rules: Rules, inner: CddlType, value: unknown): boolean {
  try {
    return value instanceof Uint8Array && matches(rules, inner, decode(value));
  } catch (error) {
    if (isFault(error)) return false;
    throw error;
  }
}

function elementsMatch(
  rules: Rules,
  elements: readonly CddlElement[],
  values: readonly CborValue[],
): boolean {
  const [first, ...rest] = elements;
  if (first === undefined) return values.length === 0;
  let count = 0;
  while (
    count < values.length &&
    count < first.most &&
    matches(rules, first.type, values[count] as CborValue)
  )
    count += 1;
  // The most that fit, then fewer: what follows may want some of them.
  for (; count >= first.least; count -= 1) {
    if (elementsMatch(rules, rest, values.slice(count))) return true;
  }
  return false;
}

/** Each entry belongs to the first member whose key it has; members with a fixed key come first in all grammars. */
function membersMatch(
  rules: Rules,
  members: readonly CddlMember[],
  entries: ReadonlyMap<CborKey, CborValue>,
): boolean {
  const counts = members.map(() => 0);
  for (const [key, value] of entries) {
    const place = members.findIndex((member) => matches(rules, member.key, key));
    const member = members[place];
    if (member === undefined || !matches(rules, member.type, value)) return false;
    counts[place] = (counts[place] as number) + 1;
  }
  return members.every(({ least, most }, place) =>
    isWithin(counts[place] as number, { from: least, to: most }),
  );
}
