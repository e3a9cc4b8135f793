import { hash } from 'node:crypto';

/** SHA-256 of the bytes, 32 bytes (FIPS 180-4). */
export function sha256(bytes: Uint8Array): Uint8Array {
  // As text of one character a byte: a Buffer from OpenSSL costs several times as much as the hash of a short input.
  const text = hash('sha256', bytes, 'binary');
  const digest = new Uint8Array(text.length);
  for (let index = 0; index < digest.length; index += 1) digest[index] = text.charCodeAt(index);
  return digest;
}

/** The same as lower-case hexadecimal. */
export function sha256Hex(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}
