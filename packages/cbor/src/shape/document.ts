import { Fault } from '@comity/fault';
import { decode } from '../decode.ts';
import { encode } from '../encode.ts';
import type { CborKey, CborValue } from '../model.ts';
import { defineShape, refuseShape, type Shape, within } from './shape.ts';

/** A property of a document that must be there. */
export interface Field<T> {
  readonly key: number | string;
  readonly shape: Shape<T>;
  readonly optional: false;
}

/** A property of a document that may be absent. */
export interface OptionalField<T> {
  readonly key: number | string;
  readonly shape: Shape<T>;
  readonly optional: true;
}

/** A required property under this map key. */
export function field<T>(key: number | string, shape: Shape<T>): Field<T> {
  return { key, shape, optional: false };
}

/** A property under this map key that may be absent; null is not absence. */
export function optionalField<T>(key: number | string, shape: Shape<T>): OptionalField<T> {
  return { key, shape, optional: true };
}

type Fields = Readonly<Record<string, Field<unknown> | OptionalField<unknown>>>;

type Flat<T> = { [P in keyof T]: T[P] };

/** The object a document decodes to: one property for each field. */
export type DocumentOf<F extends Fields> = Flat<
  {
    readonly [P in keyof F as F[P] extends Field<unknown> ? P : never]: F[P] extends Field<infer T>
      ? T
      : never;
  } & {
    readonly [P in keyof F as F[P] extends OptionalField<unknown> ? P : never]?: F[P] extends OptionalField<
      infer T
    >
      ? T
      : never;
  }
>;

/** Entries of a document whose keys its declaration does not have. */
export interface UnknownEntries {
  readonly unknown: ReadonlyMap<CborKey, CborValue>;
}

/**
 * A map with declared keys, as a frozen object with one property for each.
 *
 * `unknown: 'reject'` (the default) refuses a key that is not declared; `'keep'` hands such entries over in the property
 * `unknown`, a map that is empty when there are none, and writes them back.
 */
export function document<const F extends Fields>(
  fields: F,
  options?: { readonly unknown?: 'reject' },
): Shape<DocumentOf<F>>;
export function document<const F extends Fields>(
  fields: F,
  options: { readonly unknown: 'keep' },
): Shape<Flat<DocumentOf<F> & UnknownEntries>>;
export function document(fields: Fields, options?: { readonly unknown?: 'reject' | 'keep' }): Shape<object> {
  const keep = options?.unknown === 'keep';
  const properties = declare(fields, keep);
  const keys: ReadonlySet<CborKey> = new Set(properties.map(({ key }) => key));

  function read(value: CborValue): object {
    if (!(value instanceof Map)) return refuseShape('a map', value);
    const entries = value as ReadonlyMap<CborKey, CborValue>;
    const target: Record<string, unknown> = {};
    let known = 0;
    for (const { name, key, shape, optional } of properties) {
      const entry = entries.get(key);
      if (entry === undefined) {
        if (!optional) refuseMissing(name);
        continue;
      }
      known += 1;
      try {
        target[name] = shape.decode(entry);
      } catch (thrown) {
        throw within(thrown, name);
      }
    }
    if (keep) target.unknown = known === entries.size ? new Map() : unknownOf(entries, keys);
    else if (known !== entries.size) refuseShape(`no keys but the ${keys.size} declared ones`, value);
    return Object.freeze(target);
  }

  function write(value: object): CborValue {
    if (typeof value !== 'object' || value === null) return refuseShape('an object', value);
    const source = value as Readonly<Record<string, unknown>>;
    const entries = new Map<CborKey, CborValue>();
    for (const { name, key, shape, optional } of properties) {
      const property = source[name];
      if (property === undefined) {
        if (!optional) refuseMissing(name);
        continue;
      }
      try {
        entries.set(key, shape.encode(property));
      } catch (thrown) {
        throw within(thrown, name);
      }
    }
    if (keep) addUnknown(entries, source.unknown, keys);
    return entries;
  }

  return defineShape<object>(read, write);
}

interface Property {
  readonly name: string;
  readonly key: number | string;
  readonly shape: Shape<unknown>;
  readonly optional: boolean;
}

/** The properties in the order of their encoded keys, so that the encoder need not sort. */
function declare(fields: Fields, keep: boolean): readonly Property[] {
  const byKey = new Map<CborKey, Property>();
  for (const [name, { key, shape, optional }] of Object.entries(fields)) {
    // `__proto__` and its like would be read from, or written to, every object.
    if (name in Object.prototype || (keep && name === 'unknown')) {
      throw new Fault('fault.internal', 'a property of a document has a reserved name', { fields: { name } });
    }
    if (byKey.has(key)) {
      throw new Fault('fault.internal', 'two properties of a document share a key', { fields: { name } });
    }
    byKey.set(key, { name, key, shape, optional });
  }
  const sorted = decode(encode(new Map([...byKey.keys()].map((key) => [key, null])))) as Map<CborKey, null>;
  return [...sorted.keys()].map((key) => byKey.get(key) as Property);
}

function refuseMissing(name: string): never {
  refuseShape('a value', undefined, name);
}

function unknownOf(
  entries: ReadonlyMap<CborKey, CborValue>,
  keys: ReadonlySet<CborKey>,
): ReadonlyMap<CborKey, CborValue> {
  return new Map([...entries].filter(([key]) => !keys.has(key)));
}

function addUnknown(entries: Map<CborKey, CborValue>, unknown: unknown, keys: ReadonlySet<CborKey>): void {
  if (!(unknown instanceof Map)) refuseShape('a map', unknown, 'unknown');
  for (const [key, value] of unknown as ReadonlyMap<CborKey, CborValue>) {
    // Under a declared key it would replace, or smuggle in, what the shape has checked.
    if (keys.has(key)) refuseShape('entries under keys that are not declared', unknown, 'unknown');
    entries.set(key, value);
  }
}
