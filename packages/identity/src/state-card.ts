import {
  array,
  bytes,
  type CborLimits,
  decodeWith,
  document,
  encodeWith,
  field,
  type Shape,
} from '@comity/cbor';

import { type VerifiedCharter, verifyCharter } from './charter.ts';
import {
  MAX_CERTIFICATES_PER_STATE,
  type VerifiedKeyCertificate,
  verifyKeyCertificate,
} from './key-certificate.ts';
import { KeyDirectory } from './key-directory.ts';

/** What one state hands to another so that both can talk: its charter and its key certificates, as signed. */
export interface StateCard {
  readonly charter: Uint8Array;
  readonly certificates: readonly Uint8Array[];
}

/** A card in which everything has been verified. Made by `decodeStateCard` alone. */
export interface VerifiedStateCard {
  readonly charter: VerifiedCharter;
  readonly certificates: readonly VerifiedKeyCertificate[];
}

/** A charter and as many certificates as a state has, in bytes; small enough to travel in one frame. */
export const MAX_CARD_BYTES = 262_144;

const LIMITS: Partial<CborLimits> = { maxBytes: MAX_CARD_BYTES };

/** Keys on the wire: 1 charter · 2 certificates. */
const cardShape: Shape<StateCard> = document({
  charter: field(1, bytes({ min: 1, max: 65_536 })),
  certificates: field(2, array(bytes({ min: 1, max: 8_192 }), { max: MAX_CERTIFICATES_PER_STATE })),
});

/** The bytes of a card. @throws Fault `cbor.*` */
export function encodeStateCard(card: StateCard): Uint8Array {
  return encodeWith(cardShape, { charter: card.charter, certificates: card.certificates }, LIMITS);
}

/**
 * The documents of a card, not verified: for telling what of it is known already before anything costs a signature.
 *
 * @throws Fault `cbor.*`
 */
export function readStateCard(bytes: Uint8Array): StateCard {
  return decodeWith(cardShape, bytes, LIMITS);
}

/**
 * Reads a card and verifies everything in it. Whether the state is the one it is taken for is not in the card: compare
 * its `fingerprint` over another channel.
 *
 * @throws Fault as `verifyCharter`, `verifyKeyCertificate` and `KeyDirectory.add`
 */
export function decodeStateCard(bytes: Uint8Array): VerifiedStateCard {
  const card = readStateCard(bytes);
  const charter = verifyCharter(card.charter);
  const certificates = card.certificates.map((certificate) => verifyKeyCertificate(certificate, charter));
  // A card that contradicts itself is refused as a whole.
  new KeyDirectory().add(charter, certificates);
  return Object.freeze({ charter, certificates: Object.freeze(certificates) });
}
