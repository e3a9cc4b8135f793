/** Re-sends entries that were released before: after damage, or into a restored store. */
export const FETCH_PROTOCOL = '/comity/fetch/1';

/** Fetches of one connection at a time. */
export const MAX_FETCH_STREAMS = 4;

/** Fetches that this node has open to one peer: fewer than a peer takes, as one over its limit is reset unread. */
export const MAX_OPEN_FETCHES = 3;

/** Entries that one request may ask for. */
export const MAX_FETCH_INDEXES = 1_024;
