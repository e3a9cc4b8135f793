import { concatBytes, equalBytes, toHex } from '@comity/digest';
import { getPublicKey, hashes, Point, sign } from '@noble/ed25519';
import { sha512 } from '@noble/hashes/sha2.js';
import type { OpenedSeed } from './engine.ts';

hashes.sha512 = sha512;

const GROUP_ORDER = Point.CURVE().n;

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(Uint8Array.from(bytes).reverse())}`);
}

/**
 * The cofactorless equation on points. Not noble's own `verify`: with either of its options that one multiplies by the
 * cofactor, and so accepts signatures that OpenSSL and libsodium reject (formats: one rule for every verifier).
 */
export function equationHolds(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const r = signature.subarray(0, 32);
  let a: Point;
  try {
    a = Point.fromBytes(publicKey);
  } catch {
    return false; // RFC 8032 §5.1.7 step 1: A does not decode
  }
  const k = littleEndian(sha512(concatBytes(r, publicKey, message))) % GROUP_ORDER;
  const s = littleEndian(signature.subarray(32));
  // R is never decoded: its bytes are compared with the one canonical encoding of what it has to be.
  return equalBytes(Point.BASE.multiplyUnsafe(s).subtract(a.multiplyUnsafe(k)).toBytes(), r);
}

/** Key pair of a seed. JavaScript integers are not constant-time: for tools and tests, not for a node's own keys. */
export function openSeed(seed: Uint8Array): OpenedSeed {
  const secretKey = Uint8Array.from(seed);
  return { publicKey: getPublicKey(secretKey), sign: (message) => sign(message, secretKey) };
}
