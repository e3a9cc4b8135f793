import { bytes, type CborLimits, decodeWith, document, encodeWith, field, type Shape } from '@comity/cbor';
import { Fault, isFault } from '@comity/fault';
import type { StateId } from '@comity/label';

import { contradictoryVersion, longerChain } from './charter-chain.ts';
import { currentKeyState } from './newer-key-state.ts';
import {
  cardOf,
  decodeStateCard,
  encodeStateCard,
  MAX_CARD_BYTES,
  type VerifiedStateCard,
} from './state-card.ts';

/** What two documents that a state has signed cannot both say. */
export interface Contradiction {
  readonly state: StateId;
  readonly between: 'charters' | 'key-states';
  /** Of charters the first version in which they differ, of key states the lower of their versions. */
  readonly version: number;
}

/** Two cards and what frames them. */
export const MAX_CONTRADICTION_BYTES: number = 2 * MAX_CARD_BYTES + 16;

const LIMITS: Partial<CborLimits> = { maxBytes: MAX_CONTRADICTION_BYTES, maxDepth: 1, maxItems: 5 };
const cardBytes = bytes({ min: 1, max: MAX_CARD_BYTES });

/** Keys on the wire: 1 one card · 2 the other. */
const evidenceShape: Shape<{ readonly one: Uint8Array; readonly other: Uint8Array }> = document({
  one: field(1, cardBytes),
  other: field(2, cardBytes),
});

/** Whether two states' documents of one state exclude each other, and in what (key-state.md §5). */
export function contradictionBetween(
  one: VerifiedStateCard,
  other: VerifiedStateCard,
): Contradiction | undefined {
  const { state } = one.charter;
  if (other.charter.state !== state) return undefined;
  const version = contradictoryVersion(one.charter, other.charter);
  if (version !== undefined) return { state, between: 'charters', version };
  const current = longerChain(one.charter, other.charter);
  try {
    currentKeyState(current, one.keyState, other.keyState);
    return undefined;
  } catch (error) {
    if (!isFault(error, 'identity.key-states-contradict')) throw error;
    const versions = [one.keyState?.version ?? 0, other.keyState?.version ?? 0];
    return { state, between: 'key-states', version: Math.min(...versions) };
  }
}

/** Evidence that anybody can check, without the certificates of the two cards. */
export function encodeContradiction(one: VerifiedStateCard, other: VerifiedStateCard): Uint8Array {
  const bare = (card: VerifiedStateCard): Uint8Array =>
    encodeStateCard({ ...cardOf(card), certificates: [] });
  return encodeWith(evidenceShape, { one: bare(one), other: bare(other) }, LIMITS);
}

/**
 * Checks evidence that a state has signed what cannot both be true: both cards, and that they exclude each other.
 *
 * @throws Fault as `decodeStateCard`; `identity.no-contradiction`
 */
export function verifyContradiction(evidence: Uint8Array): Contradiction {
  const { one, other } = decodeWith(evidenceShape, evidence, LIMITS);
  const found = contradictionBetween(decodeStateCard(one), decodeStateCard(other));
  if (found === undefined)
    throw new Fault('identity.no-contradiction', 'the two cards can both be true, or are of two states');
  return found;
}
