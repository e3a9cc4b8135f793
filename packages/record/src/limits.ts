/** Longest signed record without its disclosures, checked before parsing (profile §1.4.1). */
export const MAX_RECORD_BYTES = 65_536;

/**
 * All disclosures of one view together. Apart from the record's own limit, because 370 indicators of a real report are
 * 80 KiB when all of them are disclosed while the signed record stays below 20 KiB; four records still fit a 1 MiB frame.
 */
export const MAX_DISCLOSED_BYTES = 262_144;

/** One disclosure is one CBOR item with the limits of a record. */
export const MAX_DISCLOSURE_BYTES = 65_536;

/** Data items of one decoded byte string: the record, its payload, each disclosure (profile §1.4.1). */
export const MAX_ITEMS = 4_096;

/** Digests of one record at all depths, decoys included (formats §2.3, DoS). */
export const MAX_DIGESTS = 512;

/** Disclosures of one view, decoys included (formats §2.3, DoS). */
export const MAX_DISCLOSURES = 512;

/** A list of digests is padded with decoys to a multiple of this (formats §2.3, count of hidden fields). */
export const DIGEST_PADDING = 4;

export const DIGEST_BYTES = 32;

/** Length of the salt of each disclosure: 128 bits, fresh for each node (formats §2.3). */
export const SALT_BYTES = 16;

/** Length of the claim `cti`, which makes two issues of one draft two records. */
export const NONCE_BYTES = 16;

/** Records that one record may supersede. */
export const MAX_LINKS = 64;

/** Steps from the root of a record to a part. */
export const MAX_PATH_STEPS = 16;

/** How far an issuer's clock may be ahead of ours. */
export const CLOCK_SKEW_SECONDS = 300;

/** 9999-12-31T23:59:59Z, the last second that RFC 3339 can write. */
export const MAX_TIME_SECONDS = 253_402_300_799;
