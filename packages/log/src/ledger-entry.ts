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
  optionalField,
  type Shape,
  text,
  uint,
  variant,
} from '@comity/cbor';
import { firstNotAscending } from '@comity/digest';
import { Fault } from '@comity/fault';

/** Most disclosures one entry can name: as many as a record can have (formats §2.3). */
export const MAX_ENTRY_DISCLOSURES = 512;
/** Longest order that an entry carries, as it is signed (ledger.md §1.8). */
export const MAX_ORDER_BYTES = 24_576;
const MAX_ENTRY_BYTES = 32_768;
const LIMITS = { maxBytes: MAX_ENTRY_BYTES, maxDepth: 2, maxItems: 16 + MAX_ENTRY_DISCLOSURES };

/** How a record came to be released. */
export type ReleaseMode = 'push' | 'query' | 'relay';

/** Which parts of which record were handed to the recipient. */
export interface ReleaseEntry {
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

/** An originator's order, which the ledger carries and says nothing of: it is signed, and verified by itself. */
export interface OrderEntry {
  readonly kind: 'order';
  /** The order as signed, 1 to 24576 bytes. */
  readonly order: Uint8Array;
  /** When it was passed on, UTC seconds. */
  readonly atSeconds: number;
}

/** What the state whose ledger it is has done about an order that the recipient passed to it. */
export interface ReportEntry {
  readonly kind: 'report';
  /** SHA-256 of the order as signed, 32 bytes. */
  readonly orderDigest: Uint8Array;
  /** When it was done, UTC seconds. */
  readonly atSeconds: number;
  readonly outcome: ReportOutcome;
  /** Why it was refused (protocol/registries/report-reasons.json); with `refused`, and only then. */
  readonly reason?: string;
}

export type ReportOutcome = 'acknowledged' | 'applied' | 'refused';

/** That something was written to one named officer of the recipient. What, only the officer can read. */
export interface LetterEntry {
  readonly kind: 'letter';
  /** What his state calls the officer. */
  readonly officer: string;
  /** SHA-256 of the letter as sealed, 32 bytes. */
  readonly letterDigest: Uint8Array;
  /** When it was written, UTC seconds. */
  readonly atSeconds: number;
}

/** One line of a release ledger. */
export type LedgerEntry = ReleaseEntry | OrderEntry | ReportEntry | LetterEntry;

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

/** Lower-case letters, digits, dots and hyphens. Not compared with a registry: a later one makes no older ledger unreadable. */
const word = text({ maxBytes: 64, pattern: /^[a-z0-9][a-z0-9.-]*$/ });

const releaseShape = document({
  kind: field(1, literal('release')),
  recordId: field(2, bytes(32)),
  disclosures: field(3, ascendingDigests),
  atSeconds: field(4, uint()),
  mode: field(5, oneOf('push', 'query', 'relay')),
  purpose: field(6, word),
});

const orderShape = document({
  kind: field(1, literal('order')),
  order: field(2, bytes({ min: 1, max: MAX_ORDER_BYTES })),
  atSeconds: field(4, uint()),
});

const reportDocument = document({
  kind: field(1, literal('report')),
  orderDigest: field(2, bytes(32)),
  atSeconds: field(4, uint()),
  outcome: field(5, oneOf('acknowledged', 'applied', 'refused')),
  reason: optionalField(6, word),
});

const letterShape = document({
  kind: field(1, literal('letter')),
  officer: field(2, word),
  letterDigest: field(3, bytes(32)),
  atSeconds: field(4, uint()),
});

const reportShape: Shape<ReportEntry> = defineShape(
  (value) => reasoned(reportDocument.decode(value)),
  (value) => reportDocument.encode(reasoned(value)),
);

function reasoned(report: ReportEntry): ReportEntry {
  if ((report.outcome === 'refused') !== (report.reason !== undefined))
    throw new Fault('log.entry-reason', 'expected a reason with what is refused, and with nothing else');
  return report;
}

const ledgerEntryShape: Shape<LedgerEntry> = variant(
  { property: 'kind', key: 1 },
  { release: releaseShape, order: orderShape, report: reportShape, letter: letterShape },
);

/**
 * The data of a ledger leaf: det-CBOR of the entry. Both sides of a ledger compute the same bytes.
 *
 * @throws Fault `cbor.shape`, `log.entry-disclosures`, `log.entry-reason`
 */
export function encodeLedgerEntry(entry: LedgerEntry): Uint8Array {
  return encodeWith(ledgerEntryShape, entry, LIMITS);
}

/**
 * Reads the data of a ledger leaf; anything but the one encoding of a known kind of entry is refused. What an order says is
 * not looked at.
 *
 * @throws Fault `cbor.*`, `log.entry-disclosures`, `log.entry-reason`
 */
export function decodeLedgerEntry(data: Uint8Array): LedgerEntry {
  return decodeWith(ledgerEntryShape, data, LIMITS);
}
