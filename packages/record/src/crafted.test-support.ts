import { type CborKey, type CborValue, encode, REDACTED } from '@comity/cbor';
import { encodeSign1, signSign1Sync } from '@comity/cose';
import { type Label, labelShape } from '@comity/label';
import { AT_SECONDS, issuer, signer } from './arcadia.test-support.ts';
import { disclosureDigest } from './index.ts';

/** Records and disclosures put together by hand, with the faults that an issuer of this package cannot make. */
export type Entries = readonly (readonly [CborKey, CborValue])[];

export const openLabel: Label = { scheme: 'xar-2021', classification: 'unclassified', tlp: 'GREEN' };
export const secretLabel: Label = { scheme: 'xar-2021', classification: 'secret', tlp: 'AMBER' };

export const encodedLabel = (label: Label): CborValue => labelShape.encode(label);

export function mapOf(...entries: Entries): ReadonlyMap<CborKey, CborValue> {
  return new Map(entries);
}

export const cwtClaims: Entries = [
  [1, issuer],
  [2, 'incident/i-1'],
  [6, AT_SECONDS],
  [7, new Uint8Array(16).fill(9)],
];

export const protectedHeader: Entries = [
  [15, mapOf(...cwtClaims)],
  [16, 'application/comity-record+cose'],
  [170, -16],
];

export const claims: Entries = [
  [1, 1],
  [2, encodedLabel(openLabel)],
];

/** The entries with some of them replaced, added, or (undefined) left out. */
export function having(
  entries: Entries,
  ...changes: readonly (readonly [CborKey, CborValue | undefined])[]
): Entries {
  const changed = new Map<CborKey, CborValue | undefined>([...entries, ...changes]);
  return [...changed].filter((entry): entry is [CborKey, CborValue] => entry[1] !== undefined);
}

/** A signed record with this payload and header. */
export function craft(
  payload: CborValue = mapOf(...claims),
  header: Entries = protectedHeader,
  unprotected: Entries = [],
): Uint8Array {
  const sign1 = signSign1Sync({ protectedHeader: mapOf(...header), payload: encode(payload) }, signer);
  return encodeSign1({ ...sign1, unprotectedHeader: mapOf(...unprotected) });
}

let salts = 0;

/** A salt that no other disclosure of the test has. */
export function salt(): Uint8Array {
  salts += 1;
  return Uint8Array.from({ length: 16 }, (_, index) => (salts >> (8 * (index % 4))) & 0xff);
}

export const fieldOf = (name: CborValue, content: CborValue, label: Label | null = null): Uint8Array =>
  encode([salt(), [label === null ? null : encodedLabel(label), content], name]);

export const elementOf = (content: CborValue, label: Label | null = null): Uint8Array =>
  encode([salt(), [label === null ? null : encodedLabel(label), content]]);

export const decoy = (): Uint8Array => encode([salt()]);

export function sorted(digests: readonly Uint8Array[]): Uint8Array[] {
  return digests.toSorted((a, b) => (hex(a) < hex(b) ? -1 : 1));
}

const hex = (bytes: Uint8Array): string =>
  bytes.reduce((text, byte) => text + byte.toString(16).padStart(2, '0'), '');

/** The digests of disclosures, filled up with those of decoys nobody discloses. */
export function digestsOf(...disclosures: readonly Uint8Array[]): Uint8Array[] {
  const digests = disclosures.map(disclosureDigest);
  while (digests.length === 0 || digests.length % 4 !== 0) digests.push(disclosureDigest(decoy()));
  return digests;
}

/** The list under simple(59) for disclosures. */
export const redacted = (...disclosures: readonly Uint8Array[]): readonly [CborKey, CborValue] => [
  REDACTED,
  sorted(digestsOf(...disclosures)),
];

/** A record whose body holds the digests of these disclosures. */
export const recordOf = (...disclosures: readonly Uint8Array[]): Uint8Array =>
  craft(mapOf(...claims, redacted(...disclosures)));
