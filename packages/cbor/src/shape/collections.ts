import { type CborKey, type CborValue, MAX_KEY_BYTES } from '../model.ts';
import { defineShape, type Infer, refuseShape, type Shape, within } from './shape.ts';
import { text } from './strings.ts';

/** An array of `min` (default 0) to `max` elements of one shape. */
export function array<T>(
  element: Shape<T>,
  count: { readonly min?: number; readonly max: number },
): Shape<readonly T[]> {
  const { min = 0, max } = count;
  const expected = `an array of ${min} to ${max}`;
  return defineShape<readonly T[]>(
    (value) => {
      const elements = requireArray(value, expected, min, max);
      return Object.freeze(mapElements(elements, (each) => element.decode(each)));
    },
    (value) => {
      const elements = requireArray(value, expected, min, max) as readonly T[];
      return mapElements(elements, (each) => element.encode(each));
    },
  );
}

type TupleOf<S extends readonly Shape<unknown>[]> = { readonly [I in keyof S]: Infer<S[I]> };

/** An array with a shape of its own for each place. */
export function tuple<const S extends readonly Shape<unknown>[]>(...elements: S): Shape<TupleOf<S>> {
  const shapes: readonly Shape<unknown>[] = elements;
  const count = shapes.length;
  const expected = `an array of ${count}`;
  return defineShape<TupleOf<S>>(
    (value) => {
      const places = requireArray(value, expected, count, count);
      const decoded = mapElements(places, (each, index) => (shapes[index] as Shape<unknown>).decode(each));
      return Object.freeze(decoded) as TupleOf<S>;
    },
    (value) => {
      const places = requireArray(value, expected, count, count);
      return mapElements(places, (each, index) => (shapes[index] as Shape<unknown>).encode(each));
    },
  );
}

/** How many entries a dictionary has and what its keys look like. Keys are texts of at most 255 bytes in any case. */
export interface DictionaryOptions {
  readonly maxEntries: number;
  /** Default 0. */
  readonly minEntries?: number;
  /** Linear-time, without the flags g and y. */
  readonly keyPattern?: RegExp;
}

/** A map with text keys that the data choose, and values of one shape. */
export function dictionary<T>(
  valueShape: Shape<T>,
  options: DictionaryOptions,
): Shape<ReadonlyMap<string, T>> {
  const { maxEntries, minEntries = 0, keyPattern } = options;
  const keyShape = text({
    maxBytes: MAX_KEY_BYTES,
    ...(keyPattern === undefined ? {} : { pattern: keyPattern }),
  });
  const expected = `a map of ${minEntries} to ${maxEntries}`;
  function convert<From, To>(value: unknown, one: (from: From) => To): Map<string, To> {
    if (!(value instanceof Map) || value.size < minEntries || value.size > maxEntries)
      refuseShape(expected, value);
    const converted = new Map<string, To>();
    let position = 0;
    for (const [key, each] of value as ReadonlyMap<CborKey, From>) {
      try {
        converted.set(keyShape.decode(key as CborValue), one(each));
      } catch (thrown) {
        // By position: a key that the data chose is content.
        throw within(thrown, `[${position}]`);
      }
      position += 1;
    }
    return converted;
  }
  return defineShape<ReadonlyMap<string, T>>(
    (value) => convert(value, (each: CborValue) => valueShape.decode(each)),
    (value) => convert(value, (each: T) => valueShape.encode(each)),
  );
}

function requireArray(value: unknown, expected: string, min: number, max: number): readonly CborValue[] {
  if (!Array.isArray(value) || value.length < min || value.length > max) refuseShape(expected, value);
  return value as readonly CborValue[];
}

function mapElements<From, To>(elements: readonly From[], one: (element: From, index: number) => To): To[] {
  const converted = new Array<To>(elements.length);
  let index = 0;
  try {
    for (; index < converted.length; index += 1) converted[index] = one(elements[index] as From, index);
  } catch (thrown) {
    throw within(thrown, `[${index}]`);
  }
  return converted;
}
