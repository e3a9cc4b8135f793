/**
 * What the run-time supplies. Two modules implement it, `engine.node.ts` and `engine.portable.ts`; the package's
 * `imports` condition chooses one, and the acceptance rule around them is the same.
 */
export interface Engine {
  /**
   * The cofactorless equation of RFC 8032 §5.1.7: whether [S]B - [k]A encodes to exactly the bytes of R, with
   * k = SHA-512(R ‖ A ‖ message) reduced modulo L. Only called with what the prechecks let through; false as well
   * where A is not a point of the curve.
   */
  readonly equationHolds: (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;
  /** Key pair of a 32-byte seed (RFC 8032 §5.1.5). */
  readonly openSeed: (seed: Uint8Array) => OpenedSeed;
}

export interface OpenedSeed {
  readonly publicKey: Uint8Array;
  readonly sign: (message: Uint8Array) => Uint8Array;
}
