import { type CborKey, type CborValue, encode, REDACTED } from '@comity/cbor';
import { documentId, encodeSign1, signSign1Sync } from '@comity/cose';
import { toHex } from '@comity/digest';
import { type Label, labelShape } from '@comity/label';
import { disclosureDigest } from '@comity/record';
import { entropy, type ForeignState, nowSeconds } from '../federation/foreign-state.ts';

/** A record as its issuer signed it, and the disclosures that it signed the digests of. */
export interface CraftedRecord {
  readonly id: string;
  readonly bytes: Uint8Array;
  readonly disclosures: readonly Uint8Array[];
}

/** A part by its name, with a label of its own or none. */
export interface CraftedPart {
  readonly name: string;
  readonly content: CborValue;
  readonly label?: Label;
}

/**
 * Signs a record of any parts, under its own key and with digests that are well-formed: what no honest program would put
 * together, and what nobody sees as long as the parts are not disclosed together.
 */
export function craftRecord(state: ForeignState, label: Label, parts: readonly CraftedPart[]): CraftedRecord {
  const disclosures = parts.map(({ name, content, label: own }) =>
    encode([entropy(16), [own === undefined ? null : labelShape.encode(own), content], name]),
  );
  const decoys = Array.from({ length: (4 - (parts.length % 4)) % 4 }, () => encode([entropy(16)]));
  const digests = [...disclosures, ...decoys].map(disclosureDigest).sort(Buffer.compare);
  const claims = new Map<CborKey, CborValue>([
    [1, state.state],
    [2, `incident/crafted-${toHex(entropy(4))}`],
    [6, nowSeconds()],
    [7, entropy(16)],
  ]);
  const sign1 = signSign1Sync(
    {
      protectedHeader: new Map<number, CborValue>([
        [15, claims],
        [16, 'application/comity-record+cose'],
        [170, -16],
      ]),
      payload: encode(
        new Map<CborKey, CborValue>([
          [1, 1],
          [2, labelShape.encode(label)],
          [REDACTED, digests],
        ]),
      ),
    },
    state.signer('record'),
  );
  return { id: toHex(documentId(sign1)), bytes: encodeSign1(sign1), disclosures };
}
