// Policies for the vectors, as values of JSON, and their digests.

import { cbor, hex, type Item, map, sha256 } from '../cbor-text.ts';
import type { InvalidCase, Json } from '../vector.ts';

export type JsonObject = { readonly [name: string]: Json };

/** A policy of these rules. */
export function policy(rules: Json, more: JsonObject = {}): JsonObject {
  return { comity: 'policy/1', rules, ...more };
}

/** A rule for Borealis, called `a` unless it is given a name. */
export function rule(members: JsonObject = {}): JsonObject {
  return { name: 'a', to: 'XBO', ...members };
}

/** disclosure.md §6.9: SHA-256 of the value of a policy, a rule or a limit in CBOR. */
export function digestOf(value: Json): string {
  return hex(sha256(cbor(itemOf(value))));
}

/** The policy of disclosure.md §0. */
export const WORKED_EXAMPLE: JsonObject = policy([
  {
    name: 'technical',
    to: ['XBO'],
    mode: ['push'],
    purpose: ['incident-response'],
    when: { type: 'incident', sector: 'health' },
    parts: ['indicators', 'victim', 'overall'],
  },
  { name: 'no-titles', to: ['XBO', 'XCA'], parts: ['title'], effect: 'forbid' },
]);

/** So many different state codes: AAA, AAB, and so on. */
export function codes(count: number): readonly string[] {
  const letter = (number: number): string => String.fromCharCode(0x41 + (number % 26));
  return Array.from(
    { length: count },
    (_, index) => letter(Math.floor(index / 676)) + letter(Math.floor(index / 26)) + letter(index),
  );
}

export const STATES: readonly string[] = ['XAR', 'XBO', 'XCA'];

export type Refuse = (comment: string, value: Json, states?: readonly string[]) => InvalidCase;

/** What refuses with a code, by a clause. */
export function refusing(code: string, clause: string): Refuse {
  return (comment, value, states = STATES) => ({ comment, in: { policy: value, states }, code, clause });
}

/** A policy of one rule for Borealis with these members. */
export const withRule = (members: JsonObject, more: JsonObject = {}): JsonObject =>
  policy([rule(members)], more);
export const withProfile = (profile: Json): JsonObject =>
  withRule({ profile: 'p' }, { profiles: { p: profile } });

function itemOf(value: Json): Item {
  if (typeof value === 'number' && !Number.isInteger(value)) return String(value);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(itemOf);
  return map(...Object.entries(value).map(([name, member]): [string, Item] => [name, itemOf(member)]));
}
