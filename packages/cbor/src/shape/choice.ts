import type { CborValue } from '../model.ts';
import { defineShape, type Infer, refuseShape, type Shape } from './shape.ts';

/** One alternative of a union: its shape, and how to tell it on the wire and in memory. */
export interface UnionCase<T> {
  readonly shape: Shape<T>;
  /** Whether a decoded value is meant to be of this shape; looks at the type or at one entry, not at everything. */
  readonly probe: (value: CborValue) => boolean;
  /** Whether a value in memory is of this alternative. */
  readonly holds: (value: unknown) => boolean;
}

type CaseOf<C> = C extends UnionCase<infer T> ? T : never;

/** The first alternative whose probe holds; after that there is no way back to the others. */
export function union<const C extends readonly UnionCase<unknown>[]>(...cases: C): Shape<CaseOf<C[number]>> {
  const expected = `one of ${cases.length} forms`;
  return defineShape<unknown>(
    (value) => {
      for (const each of cases) if (each.probe(value)) return each.shape.decode(value);
      return refuseShape(expected, value);
    },
    (value) => {
      for (const each of cases) if (each.holds(value)) return each.shape.encode(value);
      return refuseShape(expected, value);
    },
  ) as Shape<CaseOf<C[number]>>;
}

/**
 * Documents told apart by a literal that each of them declares: the property `property`, under the map key `key`.
 *
 * `variant({ property: 'kind', key: 1 }, { release: releaseShape, recall: recallShape })`
 */
export function variant<const V extends Readonly<Record<string, Shape<unknown>>>>(
  discriminator: { readonly property: string; readonly key: number | string },
  variants: V,
): Shape<Infer<V[keyof V]>> {
  const { property, key } = discriminator;
  const shapes: ReadonlyMap<unknown, Shape<unknown>> = new Map(Object.entries(variants));
  const expected = `one of ${[...shapes.keys()].map((name) => JSON.stringify(name)).join(', ')}`;
  const choose = (name: unknown): Shape<unknown> => {
    // A number stands for the variant whose name spells it; its own literal then checks the type.
    const shape = shapes.get(typeof name === 'number' ? String(name) : name);
    return shape ?? refuseShape(expected, name, property);
  };
  return defineShape<unknown>(
    (value) => {
      if (!(value instanceof Map)) return refuseShape('a map', value);
      return choose(value.get(key)).decode(value);
    },
    (value) => {
      if (typeof value !== 'object' || value === null) return refuseShape('an object', value);
      return choose((value as Readonly<Record<string, unknown>>)[property]).encode(value);
    },
  ) as Shape<Infer<V[keyof V]>>;
}

/** A shape that is looked up when it is first used: for structures that contain themselves. */
export function lazy<T>(declare: () => Shape<T>): Shape<T> {
  let declared: Shape<T> | undefined;
  const shape = (): Shape<T> => {
    declared ??= declare();
    return declared;
  };
  return defineShape<T>(
    (value) => shape().decode(value),
    (value) => shape().encode(value),
  );
}
