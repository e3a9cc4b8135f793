import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { toHex } from './hex.portable.ts';

/** SHA-256 of the bytes, 32 bytes (FIPS 180-4). */
export function sha256(bytes: Uint8Array): Uint8Array {
  return nobleSha256(bytes);
}

/** The same as lower-case hexadecimal. */
export function sha256Hex(bytes: Uint8Array): string {
  return toHex(nobleSha256(bytes));
}
