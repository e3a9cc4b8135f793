import { Fault } from '@comity/fault';
import type { SealedLetter } from '@comity/ledger';
import {
  Aes128Gcm,
  CipherSuite,
  DhkemX25519HkdfSha256,
  HkdfSha256,
  HpkeError,
  NotSupportedError,
} from '@hpke/core';

/** Length of what an ephemeral key pair is derived from, and of keys. */
export const HPKE_KEY_BYTES = 32;

/** DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM: 0x0020, 0x0001, 0x0001 of RFC 9180 §7. */
const suite = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Aes128Gcm(),
});

/**
 * Seals one message in base mode, without associated data (RFC 9180 §5.1.1, §6.1).
 *
 * @param publicKey X25519, 32 bytes, not of small order
 * @param ikm what the ephemeral key pair is derived from (§7.1.3): 32 random bytes that are used for nothing else, ever
 */
export async function sealBase(
  publicKey: Uint8Array,
  info: Uint8Array,
  plaintext: Uint8Array,
  ikm: Uint8Array,
): Promise<SealedLetter> {
  const recipientPublicKey = await suite.kem.deserializePublicKey(publicKey);
  // One context for one message: the nonce of a context is its own count.
  const context = await suite.createSenderContext({ recipientPublicKey, info, ekm: ikm });
  const ciphertext = await context.seal(plaintext);
  return { enc: new Uint8Array(context.enc), ciphertext: new Uint8Array(ciphertext) };
}

/**
 * Opens one message in base mode. That the key is another, that something was changed and that it was sealed with other info
 * look alike.
 *
 * @param privateKey X25519, 32 bytes
 * @throws Fault `letter.not-opened`
 */
export async function openBase(
  privateKey: Uint8Array,
  info: Uint8Array,
  { enc, ciphertext }: SealedLetter,
): Promise<Uint8Array> {
  try {
    const recipientKey = await suite.kem.deserializePrivateKey(privateKey);
    const context = await suite.createRecipientContext({ recipientKey, info, enc });
    return new Uint8Array(await context.open(ciphertext));
  } catch (error) {
    // A machine without X25519 says nothing about the letter.
    if (!(error instanceof HpkeError) || error instanceof NotSupportedError) throw error;
    throw new Fault('letter.not-opened', 'the letter does not open with this key under this address');
  }
}
