import type { CborKey, CborValue } from '@comity/cbor';
import { encodeSign1 } from '@comity/cose';
import { HEADER_DISCLOSURES } from './decode-record.ts';
import type { View } from './view.ts';

/**
 * A record and the disclosures of a view in one byte string: the signed bytes with the disclosures in header 17, in
 * ascending order of digests. `decodeRecord` reads it.
 */
export function encodeView(view: View): Uint8Array {
  if (view.disclosures.size === 0) return view.bytes;
  const header = new Map<CborKey, CborValue>([[HEADER_DISCLOSURES, [...view.disclosures.values()]]]);
  return encodeSign1({ ...view.record.sign1, unprotectedHeader: header });
}
