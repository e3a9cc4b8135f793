import { toHex } from '@comity/digest';
import { Fault, type FaultCode, isFault } from '@comity/fault';
import type { KeyDirectory, VerifiedKeyCertificate } from '@comity/identity';
import { decodeLedgerEntry, type LedgerEntry } from '@comity/log';
import {
  type AuthorisedRecord,
  authoriseRecord,
  checkWellFormed,
  decodeRecord,
  type KeyGrant,
  openView,
  type View,
  verifyRecord,
} from '@comity/record';

/** One entry of a peer's ledger with what came with it, as received: hostile until judged. */
export interface ReceivedItem {
  readonly entry: Uint8Array;
  readonly record: Uint8Array | undefined;
  readonly disclosures: readonly Uint8Array[];
}

export type Judgement =
  | { readonly verdict: 'accepted'; readonly entry: LedgerEntry; readonly view: View }
  /** The sender's policy no longer allows what it once logged. */
  | { readonly verdict: 'bare'; readonly entry: LedgerEntry }
  | { readonly verdict: 'rejected'; readonly code: FaultCode }
  /** Not even the ledger entry can be read: such a ledger cannot be held, whatever comes with it. */
  | { readonly verdict: 'malformed'; readonly code: FaultCode };

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
 * Climbs the whole ladder with bytes of a record: decoded, well-formed, verified, authorised (ARCHITECTURE §1.6).
 *
 * @throws Fault cbor.*, cose.*, record.*, ed25519.*, identity.*
 */
export function authoriseBytes(
  bytes: Uint8Array,
  directory: KeyDirectory,
  nowSeconds: number,
): AuthorisedRecord {
  const wellFormed = checkWellFormed(decodeRecord(bytes));
  const { kid, issuedAtSeconds } = wellFormed.header;
  // The key must have been valid when the record was issued, by the record's own claim; revocation is asked elsewhere.
  const certificate = directory.resolve(kid, 'record', issuedAtSeconds);
  const verified = verifyRecord(wellFormed, certificate.publicKey);
  return authoriseRecord(verified, grantOf(certificate, directory), nowSeconds);
}

/** Judges one item. Pure but for the directory; never throws for what a peer can send. */
export function judgeItem(item: ReceivedItem, directory: KeyDirectory, nowSeconds: number): Judgement {
  let entry: LedgerEntry;
  try {
    entry = decodeLedgerEntry(item.entry);
  } catch (error) {
    if (isFault(error)) return { verdict: 'malformed', code: error.code };
    throw error;
  }
  try {
    if (item.record === undefined) {
      if (item.disclosures.length > 0)
        throw new Fault('node.item-mismatch', 'disclosures came without the record that they belong to');
      return { verdict: 'bare', entry };
    }
    const view = openView(authoriseBytes(item.record, directory, nowSeconds), item.disclosures);
    if (toHex(entry.recordId) !== view.header.id) {
      throw new Fault('node.item-mismatch', 'the record is not the one that the ledger entry names');
    }
    requireDisclosures(view, entry);
    return { verdict: 'accepted', entry, view };
  } catch (error) {
    if (isFault(error)) return { verdict: 'rejected', code: error.code };
    throw error;
  }
}

/** What was handed over is exactly what the ledger says was handed over: the receipt covers both. */
function requireDisclosures(view: View, entry: LedgerEntry): void {
  let index = 0;
  if (view.disclosed.size === entry.disclosures.length) {
    for (const digest of view.disclosed.keys()) {
      const named = entry.disclosures[index];
      if (named === undefined || toHex(named) !== digest) break;
      index += 1;
    }
    if (index === view.disclosed.size) return;
  }
  throw new Fault('node.item-mismatch', 'the disclosures are not those that the ledger entry names');
}
