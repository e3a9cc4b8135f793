import { Fault } from '@comity/fault';
import type { Stream, StreamMessageEvent } from '@libp2p/interface';
import type { Clock } from './clock.ts';
import { FrameQueue } from './frame-queue.ts';
import { READ_HIGH_WATER_BYTES } from './limits.ts';
import type { FrameDeadlines, FrameSource } from './message-reader.ts';
import { asFault } from './refusal.ts';
import type { StreamLife } from './stream-life.ts';

/**
 * Reads frames from a stream under back-pressure: unread bytes are bounded by one frame and `READ_HIGH_WATER_BYTES`,
 * whatever the peer sends. Does not use the stream's iterator, which queues without bound.
 */
export class FrameReader implements FrameSource {
  readonly #stream: Stream;
  readonly #life: StreamLife;
  readonly #clock: Clock;
  readonly #queue = new FrameQueue();
  #ended: boolean;
  #wake: (() => void) | undefined;

  constructor(stream: Stream, life: StreamLife, clock: Clock) {
    this.#stream = stream;
    this.#life = life;
    this.#clock = clock;
    // `end`, not `remoteCloseWrite`, which fires while data may still sit in a paused buffer.
    this.#ended = stream.readableEnded;
    stream.addEventListener('end', () => {
      this.#ended = true;
      this.#wake?.();
    });
    life.signal.addEventListener('abort', () => this.#wake?.());
    stream.addEventListener('message', (event) => this.#receive(event));
  }

  /**
   * The next frame, without its length. Frames that arrived whole before the stream failed are still delivered.
   *
   * @throws Fault `exchange.read-deadline`, `exchange.truncated`, `exchange.frame-too-large`, or why the stream failed
   */
  async next({ frameMs, idleMs }: FrameDeadlines): Promise<Uint8Array> {
    let expired = false;
    let begun = idleMs === undefined;
    let cancel: (() => void) | undefined;
    const arm = (delayMs: number): void => {
      cancel?.();
      cancel = undefined;
      if (!Number.isFinite(delayMs)) return;
      cancel = this.#clock.schedule(delayMs, () => {
        expired = true;
        this.#wake?.();
      });
    };
    try {
      for (;;) {
        const frame = this.#takeFrame();
        if (frame !== undefined) return frame;
        if (this.#resume()) continue;
        if (this.#life.failure !== undefined) throw this.#life.failure;
        if (this.#ended) throw new Fault('exchange.truncated', 'the stream ended before its END frame');
        if (this.#life.signal.aborted) throw new Fault('exchange.truncated', 'the connection closed');
        if (expired) throw new Fault('exchange.read-deadline', 'no whole frame in time');
        if (!begun && this.#queue.byteLength > 0) {
          begun = true;
          arm(frameMs);
        } else if (cancel === undefined) {
          arm(idleMs ?? frameMs);
        }
        const { promise, resolve } = Promise.withResolvers<void>();
        this.#wake = resolve;
        await promise;
      }
    } finally {
      this.#wake = undefined;
      cancel?.();
    }
  }

  #receive(event: StreamMessageEvent): void {
    const { data } = event;
    if (data instanceof Uint8Array) this.#queue.push(data);
    else for (const chunk of data) this.#queue.push(chunk);
    this.#judgeNext();
    // U5: resume() dispatches what is buffered before it grants a window, and a pause made inside is undone.
    if (this.#full()) queueMicrotask(() => this.#pause());
    this.#wake?.();
  }

  #takeFrame(): Uint8Array | undefined {
    const frame = this.#queue.take();
    if (frame !== undefined) this.#judgeNext();
    return frame;
  }

  /** Judged as soon as the four bytes are there, whether anyone is reading or not. */
  #judgeNext(): void {
    try {
      this.#queue.judge();
    } catch (thrown) {
      this.#life.abort(asFault(thrown));
    }
  }

  /** A whole frame waits and enough beyond it. While a frame is incomplete the stream must go on. */
  #full(): boolean {
    return this.#queue.byteLength > READ_HIGH_WATER_BYTES && this.#queue.isWhole;
  }

  #pause(): void {
    if (this.#full() && this.#stream.readStatus === 'readable') this.#stream.pause();
  }

  /** Lets a paused stream go on. True when that brought bytes at once. */
  #resume(): boolean {
    if (this.#stream.readStatus !== 'paused') return false;
    const before = this.#queue.byteLength;
    try {
      this.#stream.resume();
    } catch {
      // It dispatched what it held, then found the connection closed: nothing to grant a window to.
    }
    return this.#queue.byteLength !== before;
  }
}
