/** The owner of a ledger opens it, says how much it has of it, and is given back what the peer holds beyond that. */
export const RETURN_PROTOCOL = '/comity/return/1';

/** Requests of one connection at a time: one, and one to spare that takes its place after a silent loss. */
export const MAX_RETURN_STREAMS = 2;

/** Requests that this node has open to one peer. */
export const MAX_OPEN_RETURNS = 1;
