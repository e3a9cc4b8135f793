import {
  array,
  bytes,
  type CborLimits,
  decodeWith,
  document,
  encodeWith,
  field,
  optionalField,
  type Shape,
} from '@comity/cbor';
import { Fault } from '@comity/fault';

import { MAX_CHARTERS, type VerifiedCharter } from './charter.ts';
import { chartersOf, verifyCharterChain } from './charter-chain.ts';
import {
  MAX_CERTIFICATES_PER_STATE,
  type VerifiedKeyCertificate,
  verifyKeyCertificate,
} from './key-certificate.ts';
import { KeyDirectory } from './key-directory.ts';
import { type VerifiedKeyState, verifyKeyState } from './key-state.ts';

/** What one state hands to another so that both can talk: its charter, key certificates and key state, as signed. */
export interface StateCard {
  /** The first charter of the state. */
  readonly charter: Uint8Array;
  /** Those after it, in the order of their versions. */
  readonly laterCharters?: readonly Uint8Array[];
  readonly certificates: readonly Uint8Array[];
  readonly keyState?: Uint8Array;
}

/** A card in which everything has been verified. Made by `decodeStateCard` alone. */
export interface VerifiedStateCard {
  /** The last one, with those before it. */
  readonly charter: VerifiedCharter;
  readonly certificates: readonly VerifiedKeyCertificate[];
  readonly keyState?: VerifiedKeyState;
}

/** A charter and as many certificates as a state has, in bytes; small enough to travel in one frame. */
export const MAX_CARD_BYTES = 262_144;

const LIMITS: Partial<CborLimits> = { maxBytes: MAX_CARD_BYTES };

/** Keys on the wire: 1 charter · 2 certificates · 3 key state · 4 later charters. */
const cardShape: Shape<StateCard> = document({
  charter: field(1, bytes({ min: 1, max: 65_536 })),
  certificates: field(2, array(bytes({ min: 1, max: 8_192 }), { max: MAX_CERTIFICATES_PER_STATE })),
  keyState: optionalField(3, bytes({ min: 1, max: 65_536 })),
  laterCharters: optionalField(4, array(bytes({ min: 1, max: 65_536 }), { min: 1, max: MAX_CHARTERS - 1 })),
});

/** A card of verified documents. */
export function cardOf({ charter, certificates, keyState }: VerifiedStateCard): StateCard {
  const [first, ...later] = chartersOf(charter).map(({ bytes: each }) => each);
  return {
    charter: first as Uint8Array,
    certificates: certificates.map(({ bytes: each }) => each),
    ...(later.length > 0 && { laterCharters: later }),
    ...(keyState !== undefined && { keyState: keyState.bytes }),
  };
}

/** The bytes of a card. @throws Fault `cbor.*` */
export function encodeStateCard(card: StateCard): Uint8Array {
  return encodeWith(cardShape, card, LIMITS);
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
 * @throws Fault as `verifyCharterChain`, `verifyKeyCertificate`, `verifyKeyState` and `KeyDirectory.add`
 */
export function decodeStateCard(bytes: Uint8Array): VerifiedStateCard {
  const card = readStateCard(bytes);
  const charter = verifyCharterChain([card.charter, ...(card.laterCharters ?? [])]);
  const certificates = card.certificates.map((certificate) => verifyKeyCertificate(certificate, charter));
  const keyState = card.keyState === undefined ? undefined : verifyKeyState(card.keyState, charter);
  if (charter.version > 1 && keyState === undefined) {
    throw new Fault(
      'identity.key-state-missing',
      'expected a key state under the charter, which is not the first',
    );
  }
  // A card that contradicts itself is refused as a whole.
  new KeyDirectory().add(charter, certificates);
  return Object.freeze({
    charter,
    certificates: Object.freeze(certificates),
    ...(keyState !== undefined && { keyState }),
  });
}
