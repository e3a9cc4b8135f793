import { toHex } from '@comity/digest';

/** Length of a public key of X25519 (RFC 7748 §5). */
export const SEAL_KEY_BYTES = 32;

/**
 * The points of small order as coordinates below the prime: with them every shared secret is zero, whatever the other key
 * (RFC 7748 §6.1). 0, 1, the two of order 8, and p - 1.
 */
const SMALL_ORDER: ReadonlySet<string> = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]);

/** Whether 32 bytes are a public key of X25519 that something may be sealed for: below 2^255 - 19 and not of small order. */
export function isSealKey(key: Uint8Array): boolean {
  return key.length === SEAL_KEY_BYTES && isBelowPrime(key) && !SMALL_ORDER.has(toHex(key));
}

/** One spelling for each coordinate, little-endian; X25519 itself would take the others modulo the prime. */
function isBelowPrime(key: Uint8Array): boolean {
  const [lowest = 0, ...others] = key;
  const highest = others.pop() ?? 0;
  if (highest !== 0x7f) return highest < 0x7f;
  return lowest < 0xed || others.some((byte) => byte !== 0xff);
}
