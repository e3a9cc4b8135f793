import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { concatBytes, fromHex } from '@comity/digest';
import type { OpenedSeed } from './engine.ts';

/** RFC 8410 §4: SubjectPublicKeyInfo of an Ed25519 key, up to the 32 bytes of the key itself. */
const SPKI_PREFIX = fromHex('302a300506032b6570032100');
/** RFC 8410 §7: PrivateKeyInfo of an Ed25519 key, up to the 32 bytes of the seed. */
const PKCS8_PREFIX = fromHex('302e020100300506032b657004220420');

/**
 * Parsing a key costs twice as much as verifying with it, and a node meets the same few keys again and again. Bounded,
 * because a peer chooses which keys it shows; 1,024 keys is far more than a federation has.
 */
const MAX_CACHED_KEYS = 1024;
const cachedKeys = new Map<string, KeyObject>();

function keyObjectOf(publicKey: Uint8Array): KeyObject {
  const name = String.fromCharCode(...publicKey);
  const cached = cachedKeys.get(name);
  if (cached !== undefined) return cached;
  const key = createPublicKey({
    key: concatBytes(SPKI_PREFIX, publicKey) as Buffer,
    format: 'der',
    type: 'spki',
  });
  if (cachedKeys.size >= MAX_CACHED_KEYS) {
    // Oldest first: a Map keeps insertion order.
    for (const oldest of cachedKeys.keys()) {
      cachedKeys.delete(oldest);
      break;
    }
  }
  cachedKeys.set(name, key);
  return key;
}

/** OpenSSL checks the cofactorless equation, comparing the bytes of R. */
export function opensslEquationHolds(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  return verify(null, message, keyObjectOf(publicKey), signature);
}

/** Key pair of a seed; the seed itself is not kept outside OpenSSL. */
export function openSeed(seed: Uint8Array): OpenedSeed {
  const pkcs8 = concatBytes(PKCS8_PREFIX, seed);
  const privateKey = createPrivateKey({ key: pkcs8 as Buffer, format: 'der', type: 'pkcs8' });
  pkcs8.fill(0);
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return {
    publicKey: Uint8Array.from(spki.subarray(SPKI_PREFIX.length)),
    sign: (message) => {
      const signature = sign(null, message, privateKey);
      return new Uint8Array(signature.buffer, signature.byteOffset, signature.byteLength);
    },
  };
}
