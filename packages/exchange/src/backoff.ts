import type { Entropy } from '@comity/digest';

/**
 * Pauses between attempts with decorrelated jitter: each is drawn between the shortest and three times the one before,
 * up to a ceiling. Peers that lost the same node at the same instant do not come back at the same instant.
 */
export class Backoff {
  readonly #minMs: number;
  readonly #maxMs: number;
  readonly #entropy: Entropy;
  #previousMs: number;

  constructor(minMs: number, maxMs: number, entropy: Entropy) {
    this.#minMs = minMs;
    this.#maxMs = maxMs;
    this.#entropy = entropy;
    this.#previousMs = minMs;
  }

  /** The next pause, in milliseconds. */
  next(): number {
    const span = 3 * this.#previousMs - this.#minMs;
    this.#previousMs = Math.min(this.#maxMs, Math.round(this.#minMs + this.#fraction() * span));
    return this.#previousMs;
  }

  /** Begins at the shortest again. */
  reset(): void {
    this.#previousMs = this.#minMs;
  }

  /** Uniform in [0, 1). */
  #fraction(): number {
    const bytes = this.#entropy(4);
    return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0) / 2 ** 32;
  }
}
