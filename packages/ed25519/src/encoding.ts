import { fromHex } from '@comity/digest';

/** Length of an encoded point, of a seed and of either half of a signature (RFC 8032 §5.1.2, §5.1.5). */
export const PUBLIC_KEY_BYTES = 32;
/** Length of a signature: R, then S (RFC 8032 §5.1.6). */
export const SIGNATURE_BYTES = 64;
/** Length of the private key of RFC 8032 §5.1.5. */
export const SEED_BYTES = 32;

/** L = 2^252 + 27742317777372353535851937790883648493, the order of the base point, little-endian. */
const GROUP_ORDER = fromHex('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010');

/**
 * The y coordinates of the eight points whose order divides 8, in every 255-bit spelling, with the sign bit clear.
 *
 * With T a point of order 8, the eight points kT have only five different y: 1 (k = 0), -1 (k = 4), 0 (k = 2, 6), and
 * one each for k = 1, 7 and k = 3, 5. Of these only 0 and 1 are small enough to have a second spelling below 2^255,
 * as p and p + 1. Each of the seven spellings appears with either sign bit, which gives the 14 encodings; six of them
 * are non-canonical (y not below p, or x = 0 with the sign bit set) and are still decoded by lenient verifiers.
 */
const SMALL_ORDER_Y: readonly Uint8Array[] = [
  '0000000000000000000000000000000000000000000000000000000000000000', // 0: order 4
  '0100000000000000000000000000000000000000000000000000000000000000', // 1: order 1, the neutral element
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05', // order 8
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a', // order 8
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', // p - 1: order 2
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', // p: again 0
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', // p + 1: again 1
].map(fromHex);

const SIGN_BIT = 0x80;

/** Whether the first 32 bytes are one of the 14 encodings of a small-order point (of a signature: its R). */
export function isSmallOrder(point: Uint8Array): boolean {
  const top = point[31] as number;
  for (const y of SMALL_ORDER_Y) {
    // The first byte decides for nearly every honest point.
    if (point[0] !== y[0] || (top & ~SIGN_BIT) !== y[31]) continue;
    let index = 1;
    while (index < 31 && point[index] === y[index]) index += 1;
    if (index === 31) return true;
  }
  return false;
}

/** Whether the y coordinate in the first 32 bytes is below p = 2^255 - 19 (RFC 8032 §5.1.3 step 1). */
export function hasCanonicalY(point: Uint8Array): boolean {
  if (((point[31] as number) & ~SIGN_BIT) !== 0x7f) return true;
  for (let index = 30; index > 0; index -= 1) {
    if (point[index] !== 0xff) return true;
  }
  return (point[0] as number) < 0xed;
}

/** Whether the S half of a signature is below the group order (RFC 8032 §5.1.7 step 1). */
export function hasReducedS(signature: Uint8Array): boolean {
  for (let index = 31; index >= 0; index -= 1) {
    const digit = signature[32 + index] as number;
    const limit = GROUP_ORDER[index] as number;
    if (digit !== limit) return digit < limit;
  }
  return false;
}
