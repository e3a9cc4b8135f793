import { Fault, type FaultField, isFault } from '@comity/fault';
import { decode } from '../decode.ts';
import { encode } from '../encode.ts';
import type { CborLimits } from '../limits.ts';
import { type CborValue, REDACTED, Tagged } from '../model.ts';

/**
 * One declaration of a structure, for both directions: `encode(decode(value))` equals `value`. Both directions check, so
 * that nothing is signed that a reader would refuse.
 *
 * @throws Fault `cbor.shape` with `at` (the place), `expected` and `got`; content is never quoted
 */
export interface Shape<T> {
  /** `at` names the place of the value in faults, for instance `charter`; empty for the outermost. */
  decode(value: CborValue, at?: string): T;
  encode(value: T): CborValue;
}

/** The type that a shape stands for. */
export type Infer<S> = S extends Shape<infer T> ? T : never;

/**
 * A shape from two functions, which throw `refuseShape`, or a fault of their own, on what they do not accept. For an
 * identifier with a brand: `defineShape((value) => assertStateId(idText.decode(value)), (id) => id)`.
 */
export function defineShape<T>(read: (value: CborValue) => T, write: (value: T) => CborValue): Shape<T> {
  return {
    decode(value, at) {
      if (at === undefined) return read(value);
      try {
        return read(value);
      } catch (thrown) {
        throw within(thrown, at);
      }
    },
    encode: write,
  };
}

/**
 * Refuses a value that does not fit, in either direction. `at` is the place within the shape's own value, if it is not
 * all of it.
 *
 * @throws Fault `cbor.shape`
 */
export function refuseShape(expected: string, got: unknown, at = ''): never {
  throw shapeFault(at, expected, describe(got));
}

/** The fault of a part, seen from the whole: its place gets the step in front. Other faults pass unchanged. */
export function within(thrown: unknown, step: string): unknown {
  if (!isFault(thrown, 'cbor.shape')) return thrown;
  const { at, expected, got } = thrown.fields;
  return shapeFault(joinPlace(step, text(at)), text(expected), text(got));
}

/** @throws Fault of the decoder or of the shape */
export function decodeWith<T>(shape: Shape<T>, bytes: Uint8Array, limits?: Partial<CborLimits>): T {
  return shape.decode(decode(bytes, limits));
}

/** @throws Fault of the shape or of the encoder */
export function encodeWith<T>(shape: Shape<T>, value: T, limits?: Partial<CborLimits>): Uint8Array {
  return encode(shape.encode(value), limits);
}

function shapeFault(at: string, expected: string, got: string): Fault {
  const place = at === '' ? '' : `${at}: `;
  return new Fault('cbor.shape', `${place}expected ${expected}, got ${got}`, {
    fields: { at, expected, got },
  });
}

function joinPlace(step: string, rest: string): string {
  if (step === '' || rest === '' || rest.startsWith('[')) return step + rest;
  return `${step}.${rest}`;
}

function text(field: FaultField | undefined): string {
  return typeof field === 'string' ? field : '';
}

/** Type and size of a value, never its content: it may be undisclosed. */
function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (typeof value === 'number') return value < 0 ? 'a negative number' : 'a number';
  if (typeof value === 'string') return `text of ${value.length} characters`;
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (value instanceof Map) return `a map of ${value.size}`;
  if (value instanceof Tagged) return `tag ${value.tag}`;
  if (value === REDACTED) return 'simple(59)';
  return typeof value === 'boolean' ? 'a boolean' : `a value of type ${typeof value}`;
}
