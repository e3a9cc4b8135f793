import { Fault } from '@comity/fault';
import { openSeed } from '#engine';
import { SEED_BYTES } from './encoding.ts';

/** Whoever holds a private key: this process, or a token that answers later. */
export interface Signer {
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/** A signer whose key is in memory, so that it answers at once. */
export interface LocalSigner extends Signer {
  sign(message: Uint8Array): Uint8Array;
}

/**
 * The signer of an RFC 8032 §5.1.5 private key (32 bytes, called seed here because the scalar is derived from it).
 * Nothing of the key is reachable through the object returned.
 *
 * @throws Fault `ed25519.seed-length`
 */
export function signerFromSeed(seed: Uint8Array): LocalSigner {
  if (seed.length !== SEED_BYTES) {
    throw new Fault('ed25519.seed-length', `expected a seed of 32 bytes, got ${seed.length}`, {
      fields: { byteLength: seed.length },
    });
  }
  const { publicKey, sign } = openSeed(seed);
  return Object.freeze({ publicKey, sign });
}
