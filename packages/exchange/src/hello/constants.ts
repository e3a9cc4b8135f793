/** The application-level "accepted": a connection that libp2p reports as open may have been denied already. */
export const HELLO_PROTOCOL = '/comity/hello/1';

/** Hellos of one connection at a time: one in each attempt, and one of a peer test. */
export const MAX_HELLO_STREAMS = 4;

/** A state card: charter and key certificates. */
export const MAX_CARD_BYTES = 262_144;

/** A recognition is a document of at most the size of a record. */
export const MAX_RECOGNITION_BYTES = 65_536;

/** Capabilities that one hello may name. */
export const MAX_CAPABILITIES = 32;

/** Length of the name of a capability. */
export const MAX_CAPABILITY_BYTES = 64;

/** What this implementation can do. */
export const CAPABILITIES: readonly string[] = Object.freeze([
  'fetch/1',
  'ledger/1',
  'query/1',
  'return/1',
  'witness/1',
]);
