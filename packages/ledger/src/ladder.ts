import { Fault } from '@comity/fault';
import type { KeyDirectory, VerifiedKeyCertificate } from '@comity/identity';
import {
  type AuthorisedRecord,
  authoriseRecord,
  checkWellFormed,
  decodeRecord,
  type KeyGrant,
  verifiedBefore,
  verifyRecord,
} from '@comity/record';

/** Whether a foreign key may sign records, and for whom: from the certificates this node has verified. */
const grants = new WeakMap<VerifiedKeyCertificate, KeyGrant>();

export function grantOf(certificate: VerifiedKeyCertificate, directory: KeyDirectory): KeyGrant {
  const known = grants.get(certificate);
  if (known !== undefined) return known;
  const charter = directory.charterOf(certificate.issuer);
  if (charter === undefined) throw new Fault('identity.unknown-key', 'no charter of the issuer is known');
  const { issuer, publicKey, usage, notBeforeSeconds, notAfterSeconds, scope } = certificate;
  const grant: KeyGrant = {
    issuer,
    publicKey,
    usage,
    notBeforeSeconds,
    notAfterSeconds,
    scope,
    scheme: charter.scheme,
  };
  grants.set(certificate, grant);
  return grant;
}

/**
 * Climbs the whole ladder with bytes of a record: decoded, well-formed, verified, authorised (record.md §6).
 *
 * @param nowSeconds the reader's clock, where it has one
 * @param trustedSeconds a time at which the record was there by the word of others than its signer (key-state.md 4.4)
 * @throws Fault cbor.*, cose.*, record.*, ed25519.*, identity.*
 */
export function authoriseBytes(
  bytes: Uint8Array,
  directory: KeyDirectory,
  nowSeconds?: number,
  trustedSeconds?: number,
): AuthorisedRecord {
  return climb(bytes, directory, { nowSeconds, trustedSeconds }, verifyRecord);
}

/**
 * As `authoriseBytes`, of bytes that were authorised before and kept since where nobody else writes, sealed against change:
 * all but the equation of the signature. For whoever looks at many records of its own, and hands over nothing by what it sees.
 *
 * @throws Fault cbor.*, cose.*, record.*, identity.*
 */
export function authoriseKept(
  bytes: Uint8Array,
  directory: KeyDirectory,
  nowSeconds?: number,
  trustedSeconds?: number,
): AuthorisedRecord {
  return climb(bytes, directory, { nowSeconds, trustedSeconds }, verifiedBefore);
}

function climb(
  bytes: Uint8Array,
  directory: KeyDirectory,
  { nowSeconds, trustedSeconds }: Readonly<Record<'nowSeconds' | 'trustedSeconds', number | undefined>>,
  verify: typeof verifyRecord,
): AuthorisedRecord {
  const wellFormed = checkWellFormed(decodeRecord(bytes));
  const { kid, issuedAtSeconds } = wellFormed.header;
  // The key must have been valid when the record was issued, by the record's own claim; of a revoked key that is no word.
  const certificate = directory.resolve(kid, 'record', issuedAtSeconds, undefined, trustedSeconds);
  return authoriseRecord(
    verify(wellFormed, certificate.publicKey),
    grantOf(certificate, directory),
    nowSeconds,
  );
}
