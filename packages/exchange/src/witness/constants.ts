/** Cosignatures asked for, checkpoints compared, evidence handed on. */
export const WITNESS_PROTOCOL = '/comity/witness/1';

/** Requests of one connection at a time. */
export const MAX_WITNESS_STREAMS = 4;

/** Requests that this node has open to one peer: fewer than a peer takes, as one over its limit is reset unread. */
export const MAX_OPEN_WITNESS = 3;

/** Texts of one request: a checkpoint of each state that both may witness. */
export const MAX_WITNESS_TEXTS = 256;

/** A text of a request, or of an answer, in bytes. */
export const MAX_WITNESS_TEXT_BYTES = 8_192;
