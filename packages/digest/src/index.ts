export { compareBytes, concatBytes, equalBytes, firstNotAscending } from './bytes.ts';
export type { Entropy } from './entropy.ts';
export { fromHex, toHex } from './hex.ts';
export { sha256, sha256Hex } from './sha256.ts';
