import type { CborValue } from '../model.ts';
import { defineShape, refuseShape, type Shape } from './shape.ts';

/** Any value of the profile, as it is. */
export const anyValue: Shape<CborValue> = defineShape(
  (value) => value,
  (value) => value,
);

/** true or false. */
export const bool: Shape<boolean> = checked('a boolean', (value) => typeof value === 'boolean');

/** null, where a place must be present and empty. */
export const nothing: Shape<null> = checked('null', (value) => value === null);

/** An integer from 0 to `max`, by default 2^53 - 1. */
export function uint(max: number = Number.MAX_SAFE_INTEGER): Shape<number> {
  return int(0, max);
}

/** An integer from `min` to `max`, both included. */
export function int(min: number, max: number): Shape<number> {
  return checked(
    `an integer from ${min} to ${max}`,
    (value) => typeof value === 'number' && value >= min && value <= max && Number.isSafeInteger(value),
  );
}

/** A value that can stand in a declaration. */
export type Literal = string | number | boolean | null;

/** Exactly this value. */
export function literal<const L extends Literal>(expected: L): Shape<L> {
  return checked(JSON.stringify(expected), (value) => value === expected);
}

/** One of these values. */
export function oneOf<const L extends readonly [Literal, ...Literal[]]>(...literals: L): Shape<L[number]> {
  const allowed = new Set<unknown>(literals);
  return checked(`one of ${literals.map((each) => JSON.stringify(each)).join(', ')}`, (value) =>
    allowed.has(value),
  );
}

/** A shape whose two directions are the same check. */
export function checked<T extends CborValue>(expected: string, holds: (value: unknown) => boolean): Shape<T> {
  const pass = (value: CborValue): T => {
    if (!holds(value)) refuseShape(expected, value);
    return value as T;
  };
  return defineShape<T>(pass, pass);
}
