/** A signed question; the records it may see stream back. */
export const QUERY_PROTOCOL = '/comity/query/1';

/** Questions of one connection that are answered at a time. */
export const MAX_QUERY_STREAMS = 16;

/** Questions that this node has open to one peer: fewer than a peer takes, as one over its limit is reset unread. */
export const MAX_OPEN_QUERIES = 12;

/** A question as signed. */
export const MAX_QUESTION_BYTES = 65_536;
