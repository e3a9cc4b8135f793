import { Fault } from '@comity/fault';

declare const recordId: unique symbol;

/**
 * Names a record: 64 lower-case hexadecimal digits of the SHA-256 of its signed bytes without disclosures, so that all
 * views of a record have the same id.
 */
export type RecordId = string & { readonly [recordId]: true };

const RECORD_ID = /^[0-9a-f]{64}$/;

/** Whether a text has the form of a record id. */
export function isRecordId(text: unknown): text is RecordId {
  return typeof text === 'string' && text.length === 64 && RECORD_ID.test(text);
}

/** @throws Fault `record.bad-record-id` */
export function assertRecordId(text: unknown): asserts text is RecordId {
  if (!isRecordId(text)) {
    throw new Fault('record.bad-record-id', 'expected 64 lower-case hexadecimal digits');
  }
}
