import { concatBytes, fromHex, sha256 } from '@comity/digest';
import type { VerifiedCharter } from '@comity/identity';

/** What of a state a fingerprint is made of: its id, and the digest of its last charter (protocol/recognition.md 1.1). */
export type Fingerprinted = Pick<VerifiedCharter, 'state' | 'digest'>;

/** Nothing else that is hashed here begins so. */
const DOMAIN = new TextEncoder().encode('comity/fingerprint/1');
/** 128 bits: whoever wants a card of his own to show the fingerprint of another has to try some 2^128 of them. */
const FINGERPRINT_BYTES = 16;

/**
 * The short fingerprint of a state, 16 bytes. It is of one state and not of a pair: somebody in the middle who shows each of
 * two states a card of his own would need only 2^64 tries to find two whose common value is the same.
 */
export function shortFingerprint({ state, digest }: Fingerprinted): Uint8Array {
  return sha256(concatBytes(DOMAIN, fromHex(state), digest)).subarray(0, FINGERPRINT_BYTES);
}
