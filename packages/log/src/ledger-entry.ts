import {
  array,
  bytes,
  decodeWith,
  defineShape,
  document,
  encodeWith,
  field,
  literal,
  oneOf,
  type Shape,
  text,
  uint,
} from '@comity/cbor';
import { firstNotAscending } from '@comity/digest';
import { Fault } from '@comity/fault';

/** Most disclosures one entry can name: as many as a record can have (formats §2.3). */
export const MAX_ENTRY_DISCLOSURES = 512;
const MAX_ENTRY_BYTES = 32_768;
const LIMITS = { maxBytes: MAX_ENTRY_BYTES, maxDepth: 2, maxItems: 16 + MAX_ENTRY_DISCLOSURES };

/** How a record came to be released. */
export type ReleaseMode = 'push' | 'query' | 'relay';

/** One line of a release ledger: which parts of which record were handed to the recipient. */
export interface LedgerEntry {
  readonly kind: 'release';
  /** Id of the record, 32 bytes. */
  readonly recordId: Uint8Array;
  /** Digests of the disclosures handed over, 32 bytes each, strictly ascending; may be fewer than the record has. */
  readonly disclosures: readonly Uint8Array[];
  /** When it was released, UTC seconds. */
  readonly atSeconds: number;
  readonly mode: ReleaseMode;
  /** Identifier of the purpose it was released for. */
  readonly purpose: string;
}

const digests = array(bytes(32), { max: MAX_ENTRY_DISCLOSURES });

/** One spelling for a set of digests, and none named twice. */
const ascendingDigests: Shape<readonly Uint8Array[]> = defineShape(
  (value) => ascending(digests.decode(value)),
  (value) => digests.encode(ascending(value)),
);

function ascending(list: readonly Uint8Array[]): readonly Uint8Array[] {
  const misplaced = firstNotAscending(list);
  if (misplaced >= 0) {
    throw new Fault('log.entry-disclosures', 'expected digests in strictly ascending order', {
      fields: { at: misplaced },
    });
  }
  return list;
}

const ledgerEntryShape: Shape<LedgerEntry> = document({
  kind: field(1, literal('release')),
  recordId: field(2, bytes(32)),
  disclosures: field(3, ascendingDigests),
  atSeconds: field(4, uint()),
  mode: field(5, oneOf('push', 'query', 'relay')),
  purpose: field(6, text({ maxBytes: 64, pattern: /^[a-z0-9][a-z0-9.-]*$/ })),
});

/**
 * The data of a ledger leaf: det-CBOR of the entry. Both sides of a ledger compute the same bytes.
 *
 * @throws Fault `cbor.shape`, `log.entry-disclosures`
 */
export function encodeLedgerEntry(entry: LedgerEntry): Uint8Array {
  return encodeWith(ledgerEntryShape, entry, LIMITS);
}

/**
 * Reads the data of a ledger leaf; anything but the one encoding of a known entry is refused.
 *
 * @throws Fault `cbor.*`, `log.entry-disclosures`
 */
export function decodeLedgerEntry(data: Uint8Array): LedgerEntry {
  return decodeWith(ledgerEntryShape, data, LIMITS);
}
