import { concatBytes, type Entropy, sha256 } from '@comity/digest';

/**
 * Bytes that look random and are the same in every run: SHA-256 over seed and counter. Two seeds give two streams; two
 * calls never give the same bytes. For tests alone: whoever knows the seed knows every key, salt and nonce.
 */
export function seededEntropy(seed: string | number): Entropy {
  const prefix = sha256(new TextEncoder().encode(`${typeof seed} ${seed}`));
  let block = 0;
  return (byteLength) => {
    const bytes = new Uint8Array(byteLength);
    for (let offset = 0; offset < byteLength; offset += 32) {
      const counter = new Uint8Array(8);
      new DataView(counter.buffer).setBigUint64(0, BigInt(block));
      block += 1;
      bytes.set(sha256(concatBytes(prefix, counter)).subarray(0, byteLength - offset), offset);
    }
    return bytes;
  };
}
