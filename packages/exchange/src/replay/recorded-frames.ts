import { Fault } from '@comity/fault';
import { FrameQueue } from '../frame-queue.ts';
import type { FrameSource } from '../message-reader.ts';

/** Frames of a stream whose bytes are all there, and which is closed behind them. */
export class RecordedFrames implements FrameSource {
  readonly #queue = new FrameQueue();

  constructor(bytes: Uint8Array) {
    this.#queue.push(bytes);
  }

  next(): Promise<Uint8Array> {
    // The queue throws at once; whoever waits for a frame is told by the promise.
    return Promise.resolve().then(() => this.#take());
  }

  #take(): Uint8Array {
    this.#queue.judge();
    const frame = this.#queue.take();
    if (frame === undefined) throw new Fault('exchange.truncated', 'the stream ended before its END frame');
    return frame;
  }
}
