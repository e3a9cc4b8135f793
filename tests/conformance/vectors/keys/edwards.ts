// The curve of Ed25519 in plain numbers, for signatures that no library makes: with points of small order, with S that is
// not reduced, by keys that no seed gives. Slow, not constant in time, and only for the vectors.

import { createHash } from 'node:crypto';

/** The field's prime. */
export const P = 2n ** 255n - 19n;
/** Order of the base point. */
export const L = 2n ** 252n + 27742317777372353535851937790883648493n;
/** Top bit of an encoded point: the sign of x. */
export const SIGN = 2n ** 255n;

const D = modulo(-121665n * inverse(121666n));
const SQRT_MINUS_1 = power(2n, (P - 1n) / 4n);

/** A point in extended coordinates (RFC 8032 §5.1.4): x = X/Z, y = Y/Z, xy = T/Z. */
export interface Point {
  readonly X: bigint;
  readonly Y: bigint;
  readonly Z: bigint;
  readonly T: bigint;
}

const NEUTRAL: Point = { X: 0n, Y: 1n, Z: 1n, T: 0n };

export const BASE: Point = known(pointOf(modulo(4n * inverse(5n)), 0n));

/** 0, T, 2T up to 7T, where T is a point of order 8: all points whose order divides 8. */
export const SMALL_ORDER: readonly Point[] = Array.from({ length: 8 }, (_, k) =>
  multiply(BigInt(k), orderEight()),
);

/** Sum of two points; the formulas hold for equal ones too. */
export function add(a: Point, b: Point): Point {
  const A = modulo((a.Y - a.X) * (b.Y - b.X));
  const B = modulo((a.Y + a.X) * (b.Y + b.X));
  const C = modulo(2n * D * a.T * b.T);
  const E = B - A;
  const F = 2n * a.Z * b.Z - C;
  const G = 2n * a.Z * b.Z + C;
  const H = B + A;
  return { X: modulo(E * F), Y: modulo(G * H), Z: modulo(F * G), T: modulo(E * H) };
}

export function multiply(scalar: bigint, point: Point): Point {
  let sum = NEUTRAL;
  let power = point;
  for (let rest = scalar; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) sum = add(sum, power);
    power = add(power, power);
  }
  return sum;
}

/** The encoding of RFC 8032 §5.1.2, which is the canonical one. */
export function encode({ X, Y, Z }: Point): Buffer {
  const scale = inverse(Z);
  const sign = modulo(X * scale) & 1n;
  return littleEndian(modulo(Y * scale) + sign * SIGN);
}

/** The point with this y and this sign of x; undefined where the curve has none. */
export function pointOf(y: bigint, sign: bigint): Point | undefined {
  const square = modulo((y * y - 1n) * inverse(D * y * y + 1n));
  let x = power(square, (P + 3n) / 8n);
  if (modulo(x * x) !== square) x = modulo(x * SQRT_MINUS_1);
  if (modulo(x * x) !== square) return undefined;
  if ((x & 1n) !== sign) x = modulo(-x);
  return { X: x, Y: modulo(y), Z: 1n, T: modulo(x * y) };
}

/** A number as 32 bytes, the lowest first. */
export function littleEndian(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse();
}

/** k of the equation: SHA-512(R ‖ key ‖ message) modulo L. `prefix` is what the variants of Ed25519 hash before it. */
export function challenge(
  encodedR: Uint8Array,
  encodedKey: Uint8Array,
  message: Uint8Array,
  prefix: Uint8Array = Buffer.alloc(0),
): bigint {
  const hash = createHash('sha512');
  for (const part of [prefix, encodedR, encodedKey, message]) hash.update(part);
  return BigInt(`0x${hash.digest().reverse().toString('hex')}`) % L;
}

/** y of the first point of order 8: L times a point leaves its part of small order. */
function orderEight(): Point {
  for (let y = 2n; ; y += 1n) {
    const point = pointOf(y, 0n);
    if (point === undefined) continue;
    const small = multiply(L, point);
    const four = multiply(4n, small);
    if (!encode(four).equals(encode(NEUTRAL))) return small;
  }
}

function known(point: Point | undefined): Point {
  if (point === undefined) throw new Error('the base point is on the curve');
  return point;
}

function modulo(value: bigint): bigint {
  const rest = value % P;
  return rest < 0n ? rest + P : rest;
}

function power(base: bigint, exponent: bigint): bigint {
  let product = 1n;
  let square = modulo(base);
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) product = modulo(product * square);
    square = modulo(square * square);
  }
  return product;
}

/** 0 for 0. */
function inverse(value: bigint): bigint {
  return power(value, P - 2n);
}
