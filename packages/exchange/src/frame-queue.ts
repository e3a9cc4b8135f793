import { ByteQueue } from './byte-queue.ts';
import { judgeFrameLength } from './frame.ts';
import { FRAME_LENGTH_BYTES } from './limits.ts';

/** Received bytes, cut into frames. */
export class FrameQueue {
  readonly #queue = new ByteQueue();

  get byteLength(): number {
    return this.#queue.byteLength;
  }

  /** Whether the first frame is there as a whole. */
  get isWhole(): boolean {
    const byteLength = this.#queue.peekUint32();
    return byteLength !== undefined && this.#queue.byteLength >= FRAME_LENGTH_BYTES + byteLength;
  }

  push(chunk: Uint8Array): void {
    this.#queue.push(chunk);
  }

  /**
   * Judges the length of the first frame, as soon as its four bytes are there. What is refused is not kept.
   *
   * @throws Fault `exchange.frame-too-large`, `exchange.frame-malformed`
   */
  judge(): void {
    const byteLength = this.#queue.peekUint32();
    if (byteLength === undefined) return;
    try {
      judgeFrameLength(byteLength);
    } catch (thrown) {
      this.#queue.clear();
      throw thrown;
    }
  }

  /** The first frame without its length, in a buffer of its own; undefined while it is not whole. */
  take(): Uint8Array | undefined {
    if (!this.isWhole) return undefined;
    const byteLength = this.#queue.peekUint32() as number;
    this.#queue.skip(FRAME_LENGTH_BYTES);
    return this.#queue.take(byteLength);
  }
}
