import { concatBytes, fromHex, toHex } from '@comity/digest';
import type { FaultCode } from '@comity/fault';
import { verify as nobleVerify, Point } from '@noble/ed25519';
import { sha512 } from '@noble/hashes/sha2.js';
import { describe, expect, test } from 'vitest';
import * as nodeEngine from './engine.node.ts';
import * as portableEngine from './engine.portable.ts';
import { assertPublicKey, check, verify } from './index.ts';
import { opensslEquationHolds } from './openssl.node.ts';
import { checkWith } from './verify.ts';

const { n: L, p: P } = Point.CURVE();
const B = Point.BASE;
const SIGN_BIT = 1n << 255n;

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(Uint8Array.from(bytes).reverse())}`);
}

function bytes32(value: bigint): Uint8Array {
  return fromHex(value.toString(16).padStart(64, '0')).reverse();
}

function challenge(r: Uint8Array, a: Uint8Array, message: Uint8Array): bigint {
  return littleEndian(sha512(concatBytes(r, a, message))) % L;
}

function message(counter: number): Uint8Array {
  return new TextEncoder().encode(`message ${counter}`);
}

/** T, a point of order 8: the torsion part of the first curve point that has one. */
function orderEightPoint(): Point {
  for (let y = 2n; ; y += 1n) {
    try {
      const point = Point.fromBytes(bytes32(y));
      const torsion = point.multiplyUnsafe(L - 1n).add(point);
      if (!torsion.double().double().is0()) return torsion;
    } catch {
      // no curve point has this y
    }
  }
}

const T = orderEightPoint();
const torsionPoints = Array.from({ length: 8 }, (_, k) => T.multiplyUnsafe(BigInt(k)));
const a = 0x0123456789abcdef0123456789abcdef0123456789abcdefn; // a secret scalar
const r = 0x0fedcba987654321fedcba9876543210n; // a nonce
const A = B.multiplyUnsafe(a);
const R = B.multiplyUnsafe(r);

/** S that solves the equation for scalar parts r and a, whatever small-order parts R and A carry. */
function solve(rBytes: Uint8Array, aBytes: Uint8Array, text: Uint8Array, nonce = r): Uint8Array {
  return concatBytes(rBytes, bytes32((nonce + challenge(rBytes, aBytes, text) * a) % L));
}

/** Asserts that all engines give the same answer, and that the public surface gives it too. */
function expectCheck(
  publicKey: Uint8Array,
  text: Uint8Array,
  signature: Uint8Array,
  code: FaultCode | undefined,
): void {
  expect(checkWith(nodeEngine, publicKey, text, signature)).toBe(code);
  expect(checkWith({ equationHolds: opensslEquationHolds }, publicKey, text, signature)).toBe(code);
  expect(checkWith(portableEngine, publicKey, text, signature)).toBe(code);
  expect(check(publicKey, text, signature)).toBe(code);
  expect(verify(publicKey, text, signature)).toBe(code === undefined);
}

/** The 14 encodings, derived: every 255-bit spelling of every y of an 8-torsion point, with either sign bit. */
const smallOrderEncodings = [
  ...new Set(
    torsionPoints.flatMap((point) => {
      const { y } = point.toAffine();
      const spellings = y + P < SIGN_BIT ? [y, y + P] : [y];
      return spellings.flatMap((spelling) => [toHex(bytes32(spelling)), toHex(bytes32(spelling + SIGN_BIT))]);
    }),
  ),
];

describe('small-order encodings', () => {
  test('there are 14, of which 8 are canonical', () => {
    expect(smallOrderEncodings).toHaveLength(14);
    const canonical = new Set(torsionPoints.map((point) => toHex(point.toBytes())));
    expect(smallOrderEncodings.filter((encoding) => canonical.has(encoding))).toHaveLength(8);
  });

  test.each(smallOrderEncodings)('%s is refused as key and as R', (encoding) => {
    const small = fromHex(encoding);
    const text = message(0);
    const aBytes = A.toBytes();
    expectCheck(small, text, concatBytes(R.toBytes(), bytes32(r)), 'ed25519.public-key-small-order');
    expectCheck(aBytes, text, solve(small, aBytes, text, 0n), 'ed25519.r-small-order');
    expect(() => assertPublicKey(small)).toThrow(
      expect.objectContaining({ code: 'ed25519.public-key-small-order' }),
    );
  });

  test('a neighbour of a small-order encoding is not taken for one', () => {
    for (const encoding of smallOrderEncodings) {
      for (const bit of [0, 9, 100, 247, 254]) {
        const near = fromHex(encoding);
        near[bit >> 3] = (near[bit >> 3] as number) ^ (1 << (bit & 7));
        if (smallOrderEncodings.includes(toHex(near))) continue;
        expect(check(near, message(0), new Uint8Array(64))).not.toBe('ed25519.public-key-small-order');
      }
    }
  });

  test('the neutral element as key would sign every message', () => {
    const forged = concatBytes(bytes32(1n), bytes32(0n));
    for (let counter = 0; counter < 5; counter += 1) {
      expect(portableEngine.equationHolds(bytes32(1n), message(counter), forged)).toBe(true); // what the precheck stops
      expectCheck(bytes32(1n), message(counter), forged, 'ed25519.public-key-small-order');
    }
  });
});

describe('scalar S', () => {
  const aBytes = A.toBytes();
  const valid = solve(R.toBytes(), aBytes, message(1));

  test('valid as made, and S + L is the same signature for a lenient verifier only', () => {
    expectCheck(aBytes, message(1), valid, undefined);
    const s = littleEndian(valid.subarray(32));
    expectCheck(aBytes, message(1), concatBytes(R.toBytes(), bytes32(s + L)), 'ed25519.s-not-reduced');
  });

  test('L - 1 is the largest S that reaches the equation', () => {
    expectCheck(aBytes, message(1), concatBytes(R.toBytes(), bytes32(L - 1n)), 'ed25519.bad-signature');
    for (const s of [L, L + 1n, 1n << 253n, SIGN_BIT - 1n, 2n * SIGN_BIT - 1n]) {
      expectCheck(aBytes, message(1), concatBytes(R.toBytes(), bytes32(s)), 'ed25519.s-not-reduced');
    }
  });
});

describe('non-canonical encodings', () => {
  /** y not below p leaves y - p below 19; these are the curve points among them that are not of small order. */
  const highYs = Array.from({ length: 19 }, (_, low) => BigInt(low))
    .filter((low) => {
      try {
        return !Point.fromBytes(bytes32(low)).isSmallOrder();
      } catch {
        return false;
      }
    })
    .map((low) => low + P);

  test('there are such points', () => {
    expect(highYs.length).toBeGreaterThan(3);
  });

  test.each(highYs.flatMap((y) => [y, y + SIGN_BIT]))('y = %d is refused as key and as R', (encoded) => {
    const bytes = bytes32(encoded);
    expectCheck(bytes, message(3), concatBytes(R.toBytes(), bytes32(r)), 'ed25519.public-key-not-canonical');
    expectCheck(A.toBytes(), message(3), concatBytes(bytes, bytes32(r)), 'ed25519.r-not-canonical');
    expect(() => assertPublicKey(bytes)).toThrow(
      expect.objectContaining({ code: 'ed25519.public-key-not-canonical' }),
    );
  });

  test('all-ones is refused', () => {
    const ones = new Uint8Array(32).fill(0xff);
    expectCheck(ones, message(3), concatBytes(R.toBytes(), bytes32(r)), 'ed25519.public-key-not-canonical');
    expectCheck(A.toBytes(), message(3), concatBytes(ones, bytes32(r)), 'ed25519.r-not-canonical');
  });

  test('p - 2, the largest y that is not of small order, is canonical', () => {
    expect(check(bytes32(P - 2n), message(3), concatBytes(R.toBytes(), bytes32(r)))).toBe(
      'ed25519.bad-signature',
    );
  });
});

describe('small-order components (cofactorless equation)', () => {
  test('R = rB + kT: only the cofactored equation holds', () => {
    const aBytes = A.toBytes();
    for (const torsion of torsionPoints.slice(1)) {
      const signature = solve(R.add(torsion).toBytes(), aBytes, message(4));
      expect(nobleVerify(signature, message(4), aBytes, { zip215: false })).toBe(true); // and so not our rule
      expectCheck(aBytes, message(4), signature, 'ed25519.bad-signature');
    }
  });

  test('A = aB + kT: accepted exactly where [k]T vanishes, refused at enrolment always', () => {
    for (const torsion of torsionPoints.slice(1)) {
      const mixed = A.add(torsion).toBytes();
      let accepted = 0;
      for (let counter = 0; counter < 24; counter += 1) {
        const k = challenge(R.toBytes(), mixed, message(counter));
        const vanishes = torsion.multiplyUnsafe(k % 8n).is0();
        accepted += vanishes ? 1 : 0;
        const signature = solve(R.toBytes(), mixed, message(counter));
        expectCheck(mixed, message(counter), signature, vanishes ? undefined : 'ed25519.bad-signature');
      }
      expect(accepted).toBeGreaterThan(0);
      expect(accepted).toBeLessThan(24);
      expect(() => assertPublicKey(mixed)).toThrow(
        expect.objectContaining({ code: 'ed25519.public-key-mixed-order' }),
      );
    }
  });

  test('A and R both mixed: accepted exactly where the components cancel', () => {
    const mixed = A.add(T).toBytes();
    let accepted = 0;
    for (let counter = 0; counter < 40; counter += 1) {
      const rBytes = R.add(T).toBytes();
      const k = challenge(rBytes, mixed, message(counter));
      const cancels = k % 8n === 7n; // R has T, -[k]A has -kT
      accepted += cancels ? 1 : 0;
      expectCheck(
        mixed,
        message(counter),
        solve(rBytes, mixed, message(counter)),
        cancels ? undefined : 'ed25519.bad-signature',
      );
    }
    expect(accepted).toBeGreaterThan(0);
  });
});

describe('lengths and changed bits', () => {
  const aBytes = A.toBytes();
  const valid = solve(R.toBytes(), aBytes, message(5));

  test.each([0, 1, 31, 33, 64])('a key of %i bytes', (byteLength) => {
    const key = concatBytes(aBytes, aBytes).subarray(0, byteLength);
    expectCheck(key, message(5), valid, 'ed25519.public-key-length');
    expect(() => assertPublicKey(key)).toThrow(
      expect.objectContaining({ code: 'ed25519.public-key-length', fields: { byteLength } }),
    );
  });

  test.each([0, 1, 63, 65, 128])('a signature of %i bytes', (byteLength) => {
    expectCheck(
      aBytes,
      message(5),
      concatBytes(valid, valid).subarray(0, byteLength),
      'ed25519.signature-length',
    );
  });

  test('every bit of the signature and of the key counts', () => {
    for (let bit = 0; bit < 64 * 8; bit += 1) {
      const changed = Uint8Array.from(valid);
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(checkWith(nodeEngine, aBytes, message(5), changed)).toMatch(
        /^ed25519\.(bad-signature|s-not-reduced)$/,
      );
    }
    for (let bit = 0; bit < 32 * 8; bit += 1) {
      const changed = Uint8Array.from(aBytes);
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(checkWith(nodeEngine, changed, message(5), valid)).toBe('ed25519.bad-signature');
    }
  });

  test('a key that is not on the curve', () => {
    expectCheck(bytes32(2n), message(5), valid, 'ed25519.bad-signature');
    expect(() => assertPublicKey(bytes32(2n))).toThrow(
      expect.objectContaining({ code: 'ed25519.public-key-not-on-curve' }),
    );
  });
});
