import { Buffer } from 'node:buffer';

/** Digests and ids, of which there are many: a Buffer for each would cost more than its text. */
const SHORT_BYTES = 64;
const short = Buffer.alloc(SHORT_BYTES);

/** Lower-case hexadecimal, two characters a byte. */
export function toHex(bytes: Uint8Array): string {
  if (bytes.length > SHORT_BYTES)
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
  short.set(bytes);
  return short.toString('hex', 0, bytes.length);
}
