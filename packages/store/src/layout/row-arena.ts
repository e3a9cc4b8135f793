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

/**
 * The bytes of `first` and fresh zeros behind them, as one array: in place where `first` is what was allocated last, as the
 * key of the row that is being made is, otherwise as a copy.
 */
export function extendRowBytes(first: Uint8Array, addedBytes: number): Uint8Array {
  const start = used - first.length;
  const isLast = first.buffer === slab.buffer && first.byteOffset === start;
  if (isLast && used + addedBytes <= SLAB_BYTES) {
    used += addedBytes;
    return slab.subarray(start, used);
  }
  const joined = allocateRowBytes(first.length + addedBytes);
  joined.set(first);
  return joined;
}
