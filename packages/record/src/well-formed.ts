import { type CborKey, type CborValue, REDACTED } from '@comity/cbor';
import { Fault } from '@comity/fault';
import { type DecodedRecord, decodeRecord } from './decode-record.ts';
import { DigestCollector, type DigestGroup, type DigestGroups } from './digest-group.ts';
import { readEnvelope } from './envelope.ts';
import { isFieldName } from './field-path.ts';
import type { RecordHeader } from './header.ts';
import { readProtectedHeader } from './protected-header.ts';
import { isReservedField } from './reserved-fields.ts';
import { recordTypeOf } from './types/record-types.ts';

const wellFormed: unique symbol = Symbol('wellFormed');

/** A record whose headers, claims and digests follow the format. Nothing is known yet about who signed it. Made by `checkWellFormed` alone. */
export interface WellFormedRecord extends DecodedRecord {
  readonly [wellFormed]: true;
  readonly header: RecordHeader;
  /** Digests that stand in the signed payload, in its order. */
  readonly bodyGroups: readonly DigestGroup[];
  readonly groups: DigestGroups;
  readonly digests: ReadonlySet<string>;
}

/**
 * Second rung: closed headers, the claims of the envelope, never-redactable claims in the clear, and the digests of the
 * payload sorted, padded and each at one place.
 *
 * @throws Fault `record.*`, one code for each rule
 */
export function checkWellFormed(record: DecodedRecord): WellFormedRecord {
  const signed = readProtectedHeader(record.sign1.protectedHeader);
  const envelope = readEnvelope(record.claims, record.sign1.payload);
  const header: RecordHeader = { id: record.id, ...signed, ...envelope };
  requireLinks(header);
  requireFieldNames(record.claims);
  const collector = new DigestCollector();
  const bodyGroups = collector.collectBody(record.claims);
  return {
    ...record,
    [wellFormed]: true,
    header,
    bodyGroups,
    groups: collector,
    digests: collector.digests,
  };
}

/**
 * The header of signed bytes, without checking who signed them: for a store that verified them before it wrote them.
 *
 * @throws Fault as `decodeRecord` and `checkWellFormed`
 */
export function headerOf(bytes: Uint8Array): RecordHeader {
  const { id, sign1, claims } = decodeRecord(bytes);
  return { id, ...readProtectedHeader(sign1.protectedHeader), ...readEnvelope(claims, sign1.payload) };
}

/** A retraction names what it withdraws; a record of another known type withdraws nothing. */
function requireLinks(header: RecordHeader): void {
  const type = recordTypeOf(header.type);
  if (type === undefined) return;
  if (type.retracts && header.retracts === undefined) {
    throw new Fault('record.retracts-missing', 'expected the record that is withdrawn in claim 5');
  }
  if (!type.retracts && header.retracts !== undefined) {
    throw new Fault('record.retracts-unexpected', 'claim 5 stands in a record that is no retraction');
  }
}

/** Fields in the clear have names that no part and no claim can be mistaken for. */
function requireFieldNames(claims: ReadonlyMap<CborKey, CborValue>): void {
  for (const key of claims.keys()) {
    if (typeof key === 'number' || key === REDACTED) continue;
    if (!isFieldName(key))
      throw new Fault('record.bad-field-name', 'a field in the clear has no field name as key');
    if (isReservedField(key))
      throw new Fault('record.key-reserved', 'a field in the clear has a reserved name');
  }
}
