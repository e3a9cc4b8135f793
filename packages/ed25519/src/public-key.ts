import { toHex } from '@comity/digest';
import { Fault } from '@comity/fault';
import { Point } from '@noble/ed25519';
import { hasCanonicalY, isSmallOrder, PUBLIC_KEY_BYTES } from './encoding.ts';

/**
 * Enrolment check of a public key, made when a charter or certificate brings it in (about a millisecond the first time).
 *
 * Stricter than verification: the point must also be on the curve and torsion-free, which is true of each key made by
 * RFC 8032 §5.1.5. A key with a small-order component could sign what some verifiers accept and others refuse.
 *
 * @throws Fault `ed25519.public-key-length`, `ed25519.public-key-small-order`, `ed25519.public-key-not-canonical`,
 * `ed25519.public-key-not-on-curve`, `ed25519.public-key-mixed-order`
 */
export function assertPublicKey(publicKey: Uint8Array): void {
  if (publicKey.length !== PUBLIC_KEY_BYTES) {
    throw new Fault(
      'ed25519.public-key-length',
      `expected a public key of 32 bytes, got ${publicKey.length}`,
      {
        fields: { byteLength: publicKey.length },
      },
    );
  }
  if (isSmallOrder(publicKey)) {
    throw new Fault('ed25519.public-key-small-order', 'the public key is a point of small order');
  }
  if (!hasCanonicalY(publicKey)) {
    throw new Fault(
      'ed25519.public-key-not-canonical',
      'the y coordinate of the public key is not below 2^255-19',
    );
  }
  const name = toHex(publicKey);
  if (passed.has(name)) return;
  if (!pointOf(publicKey).isTorsionFree()) {
    throw new Fault('ed25519.public-key-mixed-order', 'the public key has a component of small order');
  }
  if (passed.size >= MAX_PASSED) passed.clear();
  passed.add(name);
}

/**
 * Keys that were found good: the same few come again with every card, certificate and hello of a state, and the arithmetic is
 * what takes the millisecond. Bounded, because a peer chooses what it shows.
 */
const passed = new Set<string>();
const MAX_PASSED = 1_024;

function pointOf(publicKey: Uint8Array): Point {
  try {
    return Point.fromBytes(publicKey);
  } catch (cause) {
    // RFC 8032 §5.1.3 step 2: no x belongs to this y.
    throw new Fault('ed25519.public-key-not-on-curve', 'the public key is not a point of the curve', {
      cause,
    });
  }
}
