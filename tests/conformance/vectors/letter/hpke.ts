// HPKE for the vectors (RFC 9180): base mode of DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, by node:crypto alone.

import {
  createCipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  type KeyObject,
} from 'node:crypto';

/** What another implementation could do otherwise, each a mistake. */
export interface HpkeOptions {
  /** Default 0x0001, AES-128-GCM. */
  readonly aead?: 0x0001 | 0x0002;
  readonly aad?: Uint8Array;
  /** Number of the message in its context. Default 0. */
  readonly sequence?: number;
  /** Base mode is 0. */
  readonly mode?: number;
  /** In place of the encapsulated key, once everything is derived. */
  readonly enc?: Buffer;
}

const PKCS8 = Buffer.from('302e020100300506032b656e04220420', 'hex');
const SPKI = Buffer.from('302a300506032b656e032100', 'hex');
const NONE = Buffer.alloc(0);

export function privateKeyOf(raw: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8, raw]), format: 'der', type: 'pkcs8' });
}

export function publicKeyOf(raw: Uint8Array): Buffer {
  return createPublicKey(privateKeyOf(raw)).export({ format: 'der', type: 'spki' }).subarray(-32);
}

/** Everything on the way from a message to what is sent, each step as RFC 9180 names it. */
export interface Sealing {
  readonly skE: Buffer;
  readonly enc: Buffer;
  readonly sharedSecret: Buffer;
  readonly key: Buffer;
  readonly baseNonce: Buffer;
  readonly ciphertext: Buffer;
}

/** Seals one message for a public key; the ephemeral key pair is derived from `ikm` (§7.1.3). */
export function seal(
  publicKey: Uint8Array,
  info: Uint8Array,
  message: Uint8Array,
  ikm: Uint8Array,
  { aead = 1, aad = NONE, sequence = 0, mode = 0, enc: sent }: HpkeOptions = {},
): Sealing {
  const kem = Buffer.concat([Buffer.from('KEM'), number(0x0020, 2)]);
  const suite = Buffer.concat([Buffer.from('HPKE'), number(0x0020, 2), number(0x0001, 2), number(aead, 2)]);
  const keyBytes = aead === 1 ? 16 : 32;
  const skE = expand(kem, extract(kem, NONE, 'dkp_prk', ikm), 'sk', NONE, 32);
  const enc = publicKeyOf(skE);
  const recipient = createPublicKey({
    key: Buffer.concat([SPKI, publicKey]),
    format: 'der',
    type: 'spki',
  });
  const dh = diffieHellman({ privateKey: privateKeyOf(skE), publicKey: recipient });
  const kemContext = Buffer.concat([enc, publicKey]);
  const sharedSecret = expand(kem, extract(kem, NONE, 'eae_prk', dh), 'shared_secret', kemContext, 32);
  const context = Buffer.concat([
    number(mode, 1),
    extract(suite, NONE, 'psk_id_hash', NONE),
    extract(suite, NONE, 'info_hash', info),
  ]);
  const secret = extract(suite, sharedSecret, 'secret', NONE);
  const key = expand(suite, secret, 'key', context, keyBytes);
  const baseNonce = expand(suite, secret, 'base_nonce', context, 12);
  const nonce = Buffer.from(baseNonce);
  nonce[11] = (nonce[11] as number) ^ sequence;
  const cipher = createCipheriv(aead === 1 ? 'aes-128-gcm' : 'aes-256-gcm', key, nonce);
  cipher.setAAD(aad);
  const ciphertext = Buffer.concat([cipher.update(message), cipher.final(), cipher.getAuthTag()]);
  return { skE, enc: sent ?? enc, sharedSecret, key, baseNonce, ciphertext };
}

function number(value: number, bytes: number): Buffer {
  const out = Buffer.alloc(bytes);
  out.writeUIntBE(value, 0, bytes);
  return out;
}

const LABEL = Buffer.from('HPKE-v1');

/** LabeledExtract (RFC 9180 §4). */
function extract(suite: Buffer, salt: Uint8Array, label: string, ikm: Uint8Array): Buffer {
  const text = Buffer.concat([LABEL, suite, Buffer.from(label), ikm]);
  return createHmac('sha256', salt.length === 0 ? Buffer.alloc(32) : salt)
    .update(text)
    .digest();
}

/** LabeledExpand (RFC 9180 §4); one block of SHA-256 is enough for every length here. */
function expand(suite: Buffer, prk: Buffer, label: string, info: Uint8Array, bytes: number): Buffer {
  const text = Buffer.concat([number(bytes, 2), LABEL, suite, Buffer.from(label), info]);
  return createHmac('sha256', prk).update(text).update(number(1, 1)).digest().subarray(0, bytes);
}
