/** The recipient opens it, says what it holds, and is sent what is missing. */
export const LEDGER_PROTOCOL = '/comity/ledger/1';

/** One that follows, one that replaces it after a silent loss, one of a peer test, one to spare. */
export const MAX_LEDGER_STREAMS = 4;

/** Most entries of a batch that a recipient takes, whatever the sender is configured to send. */
export const MAX_BATCH_ENTRIES = 4_096;

/** A ledger entry: record id, up to 512 digests of disclosures, time, mode, purpose. */
export const MAX_ENTRY_BYTES = 65_536;

/** A record as signed. */
export const MAX_RECORD_BYTES = 65_536;

/** Disclosures of one record, and one disclosure. */
export const MAX_DISCLOSURES = 512;
export const MAX_DISCLOSURE_BYTES = 65_536;

/** An RFC 9162 proof between sizes below 2^53 has at most as many hashes as two paths. */
export const MAX_CONSISTENCY_HASHES = 128;

/**
 * CBOR items of a batch. The largest honest one has some 190,000, as a disclosure is a salt of 16 bytes and more; one
 * made of the smallest items would have millions, and cost more to decode than to send.
 */
export const MAX_BATCH_ITEMS = 262_144;

/** What a node sends: entries and bytes of a batch, and batches under way without a receipt. */
export const DEFAULT_BATCHES = Object.freeze({ maxEntries: 256, maxBytes: 524_288, window: 4 });
