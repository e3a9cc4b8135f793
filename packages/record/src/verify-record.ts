import { verifySign1 } from '@comity/cose';
import type { WellFormedRecord } from './well-formed.ts';

const verified: unique symbol = Symbol('verified');

/** A record whose signature holds under a key. Whether that key may sign for the issuer is not known yet. Made in this file alone. */
export interface VerifiedRecord extends WellFormedRecord {
  readonly [verified]: true;
  readonly publicKey: Uint8Array;
}

/**
 * Third rung: the key named in the record is this key, and its signature holds.
 *
 * @throws Fault `cose.key-mismatch`, `ed25519.*`
 */
export function verifyRecord(record: WellFormedRecord, publicKey: Uint8Array): VerifiedRecord {
  verifySign1(record.sign1, publicKey);
  return { ...record, [verified]: true, publicKey };
}

/**
 * A record that climbed this rung before and was kept since where nobody else writes, sealed against change: its signature is
 * taken to hold and not computed again. For whoever looks at many records of its own, and hands over nothing by what it sees.
 */
export function verifiedBefore(record: WellFormedRecord, publicKey: Uint8Array): VerifiedRecord {
  return { ...record, [verified]: true, publicKey };
}
