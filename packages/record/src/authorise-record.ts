import { equalBytes } from '@comity/digest';
import { Fault } from '@comity/fault';
import type { ClassificationScheme } from '@comity/label';
import { judgementsOf } from './label-judgement.ts';
import { CLOCK_SKEW_SECONDS } from './limits.ts';
import type { VerifiedRecord } from './verify-record.ts';

const authorised: unique symbol = Symbol('authorised');

/** What a state's certificate says about a key, and the classification scheme of that state. */
export interface KeyGrant {
  /** State id. */
  readonly issuer: string;
  readonly publicKey: Uint8Array;
  readonly usage: string;
  readonly notBeforeSeconds: number;
  /** Exclusive. */
  readonly notAfterSeconds: number;
  /** What is absent is not limited. */
  readonly scope: { readonly recordTypes?: readonly string[]; readonly maxClassification?: string };
  readonly scheme: ClassificationScheme;
}

/** A record that its issuer's key was allowed to sign. Made by `authoriseRecord` alone. */
export interface AuthorisedRecord extends VerifiedRecord {
  readonly [authorised]: true;
  readonly grant: KeyGrant;
}

/**
 * Fourth rung: the key belongs to the issuer, is for records, was valid when the record was issued, and its scope covers
 * type and label. `nowSeconds` is the reader's clock; without it a record may be dated in the future.
 *
 * The time is the record's own claim: whether the key was revoked before the record was logged is asked elsewhere.
 *
 * @throws Fault `record.key-not-granted`, `record.wrong-usage`, `record.key-not-yet-valid`, `record.key-expired`,
 *   `record.type-out-of-scope`, `record.label-invalid`, `record.classification-out-of-scope`, `record.issued-in-future`
 */
export function authoriseRecord(
  record: VerifiedRecord,
  grant: KeyGrant,
  nowSeconds?: number,
): AuthorisedRecord {
  requireGrantedKey(record, grant);
  requireValidity(record.header.issuedAtSeconds, grant, nowSeconds);
  const { recordTypes } = grant.scope;
  if (recordTypes !== undefined && !recordTypes.includes(record.header.type)) {
    throw new Fault('record.type-out-of-scope', 'the key may not sign records of this type');
  }
  judgementsOf(grant).requireGranted(record.header.label, 'envelope');
  return { ...record, [authorised]: true, grant };
}

function requireGrantedKey(record: VerifiedRecord, grant: KeyGrant): void {
  if (record.header.issuer !== grant.issuer || !equalBytes(record.publicKey, grant.publicKey)) {
    throw new Fault(
      'record.key-not-granted',
      'the key is not granted by the state that the record names as issuer',
    );
  }
  // Formats §1.1: separate keys for records, logs, witnessing and transport.
  if (grant.usage !== 'record') {
    throw new Fault('record.wrong-usage', 'the key is granted for another usage than records');
  }
}

/** Formats §5.2.5: validity is half-open, [not before, not after). */
function requireValidity(issuedAtSeconds: number, grant: KeyGrant, nowSeconds: number | undefined): void {
  if (issuedAtSeconds < grant.notBeforeSeconds) {
    throw new Fault('record.key-not-yet-valid', 'the record is dated before its key was valid');
  }
  if (issuedAtSeconds >= grant.notAfterSeconds) {
    throw new Fault('record.key-expired', 'the record is dated after its key had expired');
  }
  if (nowSeconds !== undefined && issuedAtSeconds > nowSeconds + CLOCK_SKEW_SECONDS) {
    throw new Fault(
      'record.issued-in-future',
      `the record is dated more than ${CLOCK_SKEW_SECONDS} seconds ahead`,
    );
  }
}
