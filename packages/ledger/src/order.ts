import {
  array,
  bytes,
  decodeWith,
  document,
  encodeWith,
  field,
  type Infer,
  oneOf,
  optionalField,
  text,
  uint,
} from '@comity/cbor';
import {
  decodeSign1,
  encodeSign1,
  HEADER_TYP,
  keyIdOf,
  MEDIA_TYPES,
  type Sign1,
  signSign1,
  verifySign1,
} from '@comity/cose';
import { type Entropy, firstNotAscending, fromHex, sha256Hex, toHex } from '@comity/digest';
import type { Signer } from '@comity/ed25519';
import { Fault } from '@comity/fault';
import type { KeyDirectory } from '@comity/identity';
import { type StateId, stateIdShape, type TextMap, textMapShape } from '@comity/label';
import { MAX_ENTRY_DISCLOSURES, MAX_ORDER_BYTES } from '@comity/log';
import { CLOCK_SKEW_SECONDS, type RecordId } from '@comity/record';
import { ORDER_REASONS } from './reasons.ts';

const LIMITS = { maxBytes: MAX_ORDER_BYTES };
const NONCE_BYTES = 16;
/** 9999-12-31T23:59:59Z. */
const MAX_TIME_SECONDS = 253_402_300_799;
/** Protected header 1, 4 and 16. */
const HEADERS = 3;

const orderShape = document({
  issuer: field(1, stateIdShape),
  kind: field(2, oneOf('recall', 'narrow', 'bar', 'lift')),
  issuedAtSeconds: field(3, uint(MAX_TIME_SECONDS)),
  nonce: field(4, bytes(NONCE_BYTES)),
  recordId: optionalField(5, bytes(32)),
  digests: optionalField(6, array(bytes(32), { min: 1, max: MAX_ENTRY_DISCLOSURES })),
  state: optionalField(7, stateIdShape),
  reason: field(8, text({ maxBytes: 64, pattern: /^[a-z0-9][a-z0-9.-]*$/ })),
  note: optionalField(9, textMapShape),
});

type OrderContent = Infer<typeof orderShape>;

/** What is ordered: a record taken back whole, parts of it taken back, or a state to which no record may be passed on any more. */
export type OrderSubject =
  | { readonly kind: 'recall'; readonly record: RecordId }
  /** `digests`: of disclosures, in hexadecimal, strictly ascending, 1 to 512. */
  | { readonly kind: 'narrow'; readonly record: RecordId; readonly digests: readonly string[] }
  | { readonly kind: 'bar' | 'lift'; readonly state: StateId };

declare const verified: unique symbol;

/** An originator's signed order about what it has shared (ledger.md §7). Made by `verifyOrder`, `issueOrder` and `readOrder` alone. */
export type Order = OrderSubject & {
  readonly [verified]: true;
  /** SHA-256 of the order as signed, in hexadecimal: what reports name it by. */
  readonly id: string;
  readonly issuer: StateId;
  readonly issuedAtSeconds: number;
  /** An identifier; of the registry where it is known here. */
  readonly reason: string;
  readonly note?: TextMap;
  /** As signed. */
  readonly bytes: Uint8Array;
};

/** An order to be signed. */
export type OrderDraft = OrderSubject & {
  readonly issuer: StateId;
  /** One of `ORDER_REASONS`. */
  readonly reason: string;
  readonly note?: TextMap;
};

/**
 * Signs an order with the record key of the originator.
 *
 * @throws Fault `order.unknown-reason`, `order.wrong-members`, `order.digests-not-ascending`, `cbor.*`, and what the signer
 *   throws
 */
export async function issueOrder(
  draft: OrderDraft,
  signer: Signer,
  atSeconds: number,
  entropy: Entropy,
): Promise<Order> {
  const { issuer, kind, reason, note } = draft;
  if (!ORDER_REASONS.has(reason))
    throw new Fault('order.unknown-reason', 'expected a reason of the registry');
  const content: OrderContent = {
    issuer,
    kind,
    issuedAtSeconds: atSeconds,
    nonce: entropy(NONCE_BYTES),
    ...(draft.kind === 'recall' && { recordId: fromHex(draft.record) }),
    ...(draft.kind === 'narrow' && {
      recordId: fromHex(draft.record),
      digests: draft.digests.map(fromHex),
    }),
    ...((draft.kind === 'bar' || draft.kind === 'lift') && { state: draft.state }),
    reason,
    ...(note !== undefined && { note }),
  };
  subjectOf(content);
  const protectedHeader = new Map([[HEADER_TYP, MEDIA_TYPES.order]]);
  const sign1 = await signSign1(
    { protectedHeader, payload: encodeWith(orderShape, content, LIMITS) },
    signer,
  );
  // Read back, so that nothing is sent that a recipient would refuse.
  return readOrder(encodeSign1(sign1));
}

/**
 * Verifies an order as a record is verified: with the key of its issuer, of use record, that was valid when it was issued, by
 * its own claim (ledger.md §7.7). What the key's certificate says of types and classifications does not limit it.
 *
 * @param nowSeconds the reader's clock, where it has one: UTC seconds
 * @throws Fault `order.*`, `identity.*`, `cose.*`, `ed25519.*`, `cbor.*`
 */
export function verifyOrder(order: Uint8Array, directory: KeyDirectory, nowSeconds?: number): Order {
  const sign1 = decodeOrder(order);
  const content = readContent(sign1);
  const { issuer, issuedAtSeconds } = content;
  const key = directory.resolve(keyIdOf(sign1.protectedHeader), 'record', issuedAtSeconds);
  verifySign1(sign1, key.publicKey);
  if (key.issuer !== issuer)
    throw new Fault('order.wrong-issuer', 'the order is signed with a key of another state than its issuer');
  if (nowSeconds !== undefined && issuedAtSeconds > nowSeconds + CLOCK_SKEW_SECONDS) {
    throw new Fault(
      'order.issued-in-future',
      `the order is dated more than ${CLOCK_SKEW_SECONDS} seconds ahead`,
    );
  }
  return orderOf(content, order);
}

/**
 * Reads an order again that was verified before it was stored.
 *
 * @throws Fault as `verifyOrder`, but `identity.*`, `ed25519.*`, `order.wrong-issuer` and `order.issued-in-future`
 */
export function readOrder(order: Uint8Array): Order {
  return orderOf(readContent(decodeOrder(order)), order);
}

/** The headers are closed: nothing that only some readers would look at. */
function decodeOrder(order: Uint8Array): Sign1 {
  const sign1 = decodeSign1(order, LIMITS);
  const { protectedHeader, unprotectedHeader } = sign1;
  if (
    protectedHeader.size !== HEADERS ||
    protectedHeader.get(HEADER_TYP) !== MEDIA_TYPES.order ||
    unprotectedHeader.size !== 0
  ) {
    throw new Fault('order.wrong-document', 'expected the headers of an order');
  }
  keyIdOf(protectedHeader);
  return sign1;
}

function readContent({ payload }: Sign1): OrderContent {
  const content = decodeWith(orderShape, payload, LIMITS);
  subjectOf(content);
  return content;
}

/** A copy of what was read: the bytes that came may be a view of more. */
function orderOf(content: OrderContent, order: Uint8Array): Order {
  const { issuer, issuedAtSeconds, reason, note } = content;
  return Object.freeze({
    ...subjectOf(content),
    id: sha256Hex(order),
    issuer,
    issuedAtSeconds,
    reason,
    ...(note !== undefined && { note }),
    bytes: order.slice(),
  }) as Order;
}

/** What an order is about: what its kind needs, and nothing else. */
function subjectOf({ kind, issuer, recordId, digests, state }: OrderContent): OrderSubject {
  if (kind === 'recall' && recordId !== undefined && digests === undefined && state === undefined)
    return { kind, record: toHex(recordId) as RecordId };
  if (kind === 'narrow' && recordId !== undefined && digests !== undefined && state === undefined) {
    requireAscending(digests);
    return { kind, record: toHex(recordId) as RecordId, digests: digests.map(toHex) };
  }
  const isAboutState = kind === 'bar' || kind === 'lift';
  if (isAboutState && recordId === undefined && digests === undefined && state !== undefined) {
    if (state !== issuer) return { kind, state };
    throw new Fault('order.wrong-members', 'a state does not bar itself');
  }
  throw new Fault('order.wrong-members', 'expected what an order of this kind is about, and nothing else', {
    fields: { kind },
  });
}

function requireAscending(digests: readonly Uint8Array[]): void {
  const misplaced = firstNotAscending(digests);
  if (misplaced < 0) return;
  throw new Fault('order.digests-not-ascending', 'expected digests in strictly ascending order', {
    fields: { at: misplaced },
  });
}
