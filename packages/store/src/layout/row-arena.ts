const SLAB_BYTES = 256 * 1024;

let slab = new Uint8Array(SLAB_BYTES);
let used = 0;

/**
 * Fresh bytes for a key or a value of a row. Small arrays share a slab that is never reused: a typed array of its own
 * costs more than sealing what is in it, and rows live only until their batch is written.
 */
export function allocateRowBytes(byteLength: number): Uint8Array {
  if (byteLength > SLAB_BYTES / 8) return new Uint8Array(byteLength);
  if (used + byteLength > SLAB_BYTES) {
    slab = new Uint8Array(SLAB_BYTES);
    used = 0;
  }
  const bytes = slab.subarray(used, used + byteLength);
  used += byteLength;
  return bytes;
}
