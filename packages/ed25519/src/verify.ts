import type { FaultCode } from '@comity/fault';
import { equationHolds } from '#engine';
import { hasCanonicalY, hasReducedS, isSmallOrder, PUBLIC_KEY_BYTES, SIGNATURE_BYTES } from './encoding.ts';
import type { Engine } from './engine.ts';

/**
 * The one acceptance rule, around an engine. The order of the checks is part of it: every verifier gives the same
 * code for the same input.
 */
export function checkWith(
  engine: Pick<Engine, 'equationHolds'>,
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): FaultCode | undefined {
  // RFC 8032 §5.1.7 step 1: exact lengths; some libraries ignore what follows the 64th byte.
  if (publicKey.length !== PUBLIC_KEY_BYTES) return 'ed25519.public-key-length';
  if (signature.length !== SIGNATURE_BYTES) return 'ed25519.signature-length';
  // RFC 8032 §5.1.7 step 1: S < L, or a second signature could be made from the first.
  if (!hasReducedS(signature)) return 'ed25519.s-not-reduced';
  // A small-order A makes [k]A independent of most of the message: one signature for every message.
  if (isSmallOrder(publicKey)) return 'ed25519.public-key-small-order';
  // RFC 8032 §5.1.3 step 1; OpenSSL alone would decode it.
  if (!hasCanonicalY(publicKey)) return 'ed25519.public-key-not-canonical';
  // libsodium rejects a small-order R, OpenSSL does not: the stricter one decides.
  if (isSmallOrder(signature)) return 'ed25519.r-small-order';
  if (!hasCanonicalY(signature)) return 'ed25519.r-not-canonical';
  // RFC 8032 §5.1.7 step 3, without the cofactor.
  if (!engine.equationHolds(publicKey, message, signature)) return 'ed25519.bad-signature';
  return undefined;
}

/**
 * Why a signature is not accepted, or `undefined` when it is. Never throws.
 *
 * Accepted is what every strict implementation accepts (libsodium, `verify_strict` of ed25519-dalek): exact lengths,
 * S < L, A and R canonical and not of small order, and the cofactorless equation of RFC 8032 §5.1.7, in all run-times.
 *
 * Codes, in the order of the checks: `ed25519.public-key-length`, `ed25519.signature-length`, `ed25519.s-not-reduced`,
 * `ed25519.public-key-small-order`, `ed25519.public-key-not-canonical`, `ed25519.r-small-order`,
 * `ed25519.r-not-canonical`, `ed25519.bad-signature`.
 */
export function check(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): FaultCode | undefined {
  return checkWith({ equationHolds }, publicKey, message, signature);
}

/** Whether the signature is accepted under the one rule; see {@link check} for the reason where it is not. */
export function verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  return check(publicKey, message, signature) === undefined;
}
