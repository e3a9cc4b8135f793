/** Every wait of the exchange, in milliseconds. */
export interface Timings {
  /** From the opening of a stream to the end of its request frame. Silence and half a frame are cut here. */
  readonly requestMs: number;
  /** For one frame, from when it is awaited, or from its first byte where silence is allowed; and for writing one. */
  readonly frameMs: number;
  /** From a batch being written to its receipt: the peer verifies it and syncs it to disk in between. */
  readonly receiptMs: number;
  /** A followed ledger that has nothing to say says so this often. */
  readonly stillEveryMs: number;
  /** A followed ledger that says nothing at all for this long is given up. Three times `stillEveryMs`. */
  readonly stillWithinMs: number;
  /** Longest pause between two answers to a question, also of a peer that says meanwhile that it is still there. */
  readonly answerWithinMs: number;
  /** For opening a stream: one round trip of protocol negotiation. */
  readonly openMs: number;
  /** For the other side to close after us, before a finished stream is reset. */
  readonly lingerMs: number;
  /** For one address of a dial. A wrong pre-shared key is not answered at all, so this is how long it takes to show. */
  readonly addressMs: number;
  /** For a dial with all its addresses. */
  readonly dialMs: number;
  /** For an inbound handshake. */
  readonly upgradeMs: number;
  /** How long the side with the higher PeerId waits to be dialled before it dials. */
  readonly graceMs: number;
  /** First and shortest pause between two attempts. */
  readonly backoffMinMs: number;
  /** Longest pause between two attempts; attempts never end. */
  readonly backoffMaxMs: number;
  /** After this long with an accepted hello the pauses begin at the shortest again. */
  readonly healthyMs: number;
  /** How often a second, idle connection to a peer is looked for, to be closed. */
  readonly duplicateMs: number;
  /** A connection is replaced at this age: fresh keys, and no nonce counter comes near its end. */
  readonly connectionAgeMs: number;
  /** How often a connection is probed for being alive. */
  readonly pingEveryMs: number;
  /** Shortest wait for the answer to a probe; adapts upwards to the round trip. */
  readonly pingMinMs: number;
  /** Longest wait for the answer to a probe. */
  readonly pingMaxMs: number;
}

/** What a node uses. Tests pass shorter ones explicitly. */
export const DEFAULT_TIMINGS: Timings = Object.freeze({
  requestMs: 5_000,
  frameMs: 15_000,
  receiptMs: 60_000,
  stillEveryMs: 15_000,
  stillWithinMs: 45_000,
  answerWithinMs: 120_000,
  openMs: 5_000,
  lingerMs: 1_000,
  addressMs: 4_000,
  dialMs: 10_000,
  upgradeMs: 5_000,
  graceMs: 2_000,
  backoffMinMs: 1_000,
  backoffMaxMs: 60_000,
  healthyMs: 30_000,
  duplicateMs: 5_000,
  connectionAgeMs: 86_400_000,
  pingEveryMs: 10_000,
  pingMinMs: 3_000,
  pingMaxMs: 10_000,
});
