import { Fault } from '@comity/fault';
import type { Stream } from '@libp2p/interface';
import { Uint8ArrayList } from 'uint8arraylist';
import type { Clock } from './clock.ts';
import { type FrameKind, frameHead } from './frame.ts';
import type { StreamLife } from './stream-life.ts';

/** Writes frames to a stream, one after the other, each handed to the muxer whole before the next begins. */
export class FrameWriter {
  readonly #stream: Stream;
  readonly #life: StreamLife;
  readonly #clock: Clock;
  #last: Promise<unknown> = Promise.resolve();

  constructor(stream: Stream, life: StreamLife, clock: Clock) {
    this.#stream = stream;
    this.#life = life;
    this.#clock = clock;
  }

  /**
   * Resolves when the peer's window has taken the whole frame: a slow reader slows its sender, and at most one frame
   * of the stream is queued in this process.
   *
   * @throws Fault `exchange.write-deadline`, or why the stream failed
   */
  write(kind: FrameKind, body: Uint8Array, deadlineMs: number): Promise<void> {
    const written = this.#last.then(() => this.#writeNow(kind, body, deadlineMs));
    this.#last = written.catch(() => undefined);
    return written;
  }

  /** Half-closes the stream once everything written is on its way. Never throws: a failed stream is closed already. */
  async close(deadlineMs: number): Promise<void> {
    await this.#last;
    if (this.#life.signal.aborted) return;
    const deadline = new AbortController();
    const cancel = this.#clock.schedule(deadlineMs, () => deadline.abort());
    try {
      await this.#stream.close({ signal: deadline.signal });
    } catch {
      // p-event rejects with the event, not an Error. Whatever it was, the stream is not closing cleanly.
      this.#life.abort(new Fault('exchange.write-deadline', 'the stream could not be closed'));
    } finally {
      cancel();
    }
  }

  async #writeNow(kind: FrameKind, body: Uint8Array, deadlineMs: number): Promise<void> {
    this.#throwIfGone();
    try {
      this.#stream.send(new Uint8ArrayList(frameHead(kind, body.length), body));
    } catch (cause) {
      throw this.#life.failure ?? new Fault('exchange.stream-closed', 'the stream takes no more', { cause });
    }
    if (!this.#mustWait()) return;
    let expired = false;
    let wake: (() => void) | undefined;
    const wakeUp = (): void => wake?.();
    const cancel = this.#clock.schedule(deadlineMs, () => {
      expired = true;
      wakeUp();
    });
    const { signal } = this.#life;
    this.#stream.addEventListener('drain', wakeUp);
    this.#stream.addEventListener('idle', wakeUp);
    signal.addEventListener('abort', wakeUp);
    try {
      // U3: onDrain() resolves at once after the first drain. And a drain of the socket wakes every stream of the
      // connection, also one whose own window is still empty: hence a loop.
      while (this.#mustWait()) {
        this.#throwIfGone();
        if (expired) this.#giveUp();
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        await promise;
      }
      this.#throwIfGone();
    } finally {
      cancel();
      this.#stream.removeEventListener('drain', wakeUp);
      this.#stream.removeEventListener('idle', wakeUp);
      signal.removeEventListener('abort', wakeUp);
    }
  }

  /** Half a frame is on its way: nothing that is written after it, not even a reason, would be understood. */
  #giveUp(): never {
    const fault = new Fault('exchange.write-deadline', 'the peer took no whole frame in time');
    this.#life.abort(fault);
    throw fault;
  }

  #mustWait(): boolean {
    return this.#stream.writableNeedsDrain || this.#stream.writeBufferLength > 0;
  }

  #throwIfGone(): void {
    if (this.#life.failure !== undefined) throw this.#life.failure;
    if (this.#life.signal.aborted) throw new Fault('exchange.stream-closed', 'the stream is closed');
  }
}
