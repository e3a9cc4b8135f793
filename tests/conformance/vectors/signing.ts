// Keys and COSE messages for the vectors, signed by OpenSSL through node:crypto and framed by the writer of this folder.

import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { cbor, Entries, filled, type Item, map, sha256, Tag } from './cbor-text.ts';

export interface KeyPair {
  readonly publicKey: Buffer;
  /** Key id: the COSE Key Thumbprint (keys.md §1.4). */
  readonly keyId: Buffer;
  /** Signature over these bytes, 64 bytes. */
  sign(message: Uint8Array): Buffer;
}

/** The key pair of a seed of 32 bytes; a number stands for 32 times this byte. */
export function keyPair(seed: number | Uint8Array): KeyPair {
  const bytes = typeof seed === 'number' ? filled(seed) : Buffer.from(seed);
  const privateKey: KeyObject = createPrivateKey({
    key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), bytes]),
    format: 'der',
    type: 'pkcs8',
  });
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32);
  return { publicKey, keyId: keyIdOf(publicKey), sign: (message) => sign(null, message, privateKey) };
}

export function keyIdOf(publicKey: Uint8Array): Buffer {
  return sha256(cbor(map([1, 1], [-1, 6], [-2, publicKey])));
}

export function coseKey(publicKey: Uint8Array): Entries {
  return map([1, 1], [3, -19], [-1, 6], [-2, publicKey]);
}

/** A header map as the byte string of a protected header holds it: empty where the map is. */
export function protect(header: Item): Buffer {
  return header instanceof Entries && header.entries.length === 0 ? Buffer.alloc(0) : cbor(header);
}

export interface Sign1 {
  readonly protected: Buffer;
  readonly payload: Buffer;
  readonly signature: Buffer;
  /** Tag 18 with an empty unprotected header. */
  readonly message: Buffer;
  readonly id: Buffer;
}

/** COSE_Sign1 (keys.md §4) over these headers beside 1 and 4. `header` replaces the protected header as a whole. */
export function sign1(
  key: KeyPair,
  payload: Uint8Array,
  more: readonly (readonly [Item, Item])[],
  header: Item = map([1, -19], [4, key.keyId], ...more),
): Sign1 {
  const protectedHeader = protect(header);
  const content = Buffer.from(payload);
  const signature = key.sign(cbor(['Signature1', protectedHeader, Buffer.alloc(0), content]));
  const message = cbor(new Tag(18, [protectedHeader, map(), content, signature]));
  return { protected: protectedHeader, payload: content, signature, message, id: sha256(message) };
}

/** COSE_Sign (keys.md §5) by these keys, in the order of their key ids. */
export function signMany(keys: readonly KeyPair[], payload: Uint8Array, body: Item): Buffer {
  const bodyHeader = protect(body);
  const signatures = [...keys]
    .sort((a, b) => Buffer.compare(a.keyId, b.keyId))
    .map((key): Item => {
      const signer = cbor(map([1, -19], [4, key.keyId]));
      const signed = cbor(['Signature', bodyHeader, signer, Buffer.alloc(0), payload]);
      return [signer, map(), key.sign(signed)];
    });
  return cbor(new Tag(98, [bodyHeader, map(), payload, signatures]));
}
