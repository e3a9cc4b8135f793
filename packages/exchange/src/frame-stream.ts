import { Fault } from '@comity/fault';
import type { Stream } from '@libp2p/interface';
import type { Clock } from './clock.ts';
import {
  encodeEnd,
  encodeError,
  FRAME_DATA,
  FRAME_END,
  FRAME_ERROR,
  FRAME_PART,
  FRAME_STILL,
} from './frame.ts';
import { FrameReader } from './frame-reader.ts';
import { FrameWriter } from './frame-writer.ts';
import { MAX_BODY_BYTES, MAX_MESSAGE_BYTES } from './limits.ts';
import { type FrameDeadlines, MessageReader, type Received } from './message-reader.ts';
import { asFault, isToldByPeer, toldCode } from './refusal.ts';
import { StreamLife } from './stream-life.ts';
import type { Timings } from './timings.ts';

const NOTHING = new Uint8Array(0);

/** Messages over one libp2p stream: framed, bounded, with a deadline each, and with an explicit end. */
export class FrameStream {
  readonly #life: StreamLife;
  readonly #reader: MessageReader;
  readonly #writer: FrameWriter;
  readonly #clock: Clock;
  readonly #timings: Timings;

  constructor(stream: Stream, clock: Clock, timings: Timings) {
    this.#life = new StreamLife(stream);
    this.#reader = new MessageReader(new FrameReader(stream, this.#life, clock), clock, timings);
    this.#writer = new FrameWriter(stream, this.#life, clock);
    this.#clock = clock;
    this.#timings = timings;
  }

  /** Aborted when the stream is gone, so that whatever produces for it stops. */
  get signal(): AbortSignal {
    return this.#life.signal;
  }

  /** The next message, or that the peer has said everything: see {@link MessageReader.read}. */
  read(deadlines?: Partial<FrameDeadlines>, onStill?: () => void, isPaged = false): Promise<Received> {
    return this.#reader.read(deadlines, onStill, isPaged);
  }

  /** The next message, where anything else is against the protocol. */
  readData(deadlines?: Partial<FrameDeadlines>): Promise<Uint8Array> {
    return this.#reader.readData(deadlines);
  }

  /** Writes a message, in as many frames as it needs. The bytes must not change until this resolves. */
  async write(bytes: Uint8Array): Promise<void> {
    if (bytes.length > MAX_MESSAGE_BYTES) {
      throw new Fault(
        'exchange.message-too-large',
        `expected at most ${MAX_MESSAGE_BYTES} bytes in a message`,
      );
    }
    const { frameMs } = this.#timings;
    // All parts are in line before anything else can be: a keep-alive between two of them would break the message.
    const written: Promise<void>[] = [];
    let at = 0;
    for (; bytes.length - at > MAX_BODY_BYTES; at += MAX_BODY_BYTES) {
      written.push(this.#writer.write(FRAME_PART, bytes.subarray(at, at + MAX_BODY_BYTES), frameMs));
    }
    written.push(this.#writer.write(FRAME_DATA, bytes.subarray(at), frameMs));
    await Promise.all(written);
  }

  async writeEnd(count: number, more = false): Promise<void> {
    await this.#writer.write(FRAME_END, encodeEnd({ count, more }), this.#timings.frameMs);
  }

  async writeStill(): Promise<void> {
    await this.#writer.write(FRAME_STILL, NOTHING, this.#timings.frameMs);
  }

  /** Half-closes: this side has written everything. */
  async closeWrite(): Promise<void> {
    await this.#writer.close(this.#timings.frameMs);
  }

  /** Closes, waits a little for the other side to close too, and resets what is left: no stream outlives its use. */
  async finish(): Promise<void> {
    await this.#writer.close(this.#timings.lingerMs);
    if (this.signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#clock.schedule(this.#timings.lingerMs, resolve);
    this.signal.addEventListener('abort', resolve as () => void);
    await promise;
    this.signal.removeEventListener('abort', resolve as () => void);
    cancel();
    this.abort(new Fault('exchange.stream-closed', 'the peer did not close the stream'));
  }

  /** Tells the peer what may be told, then closes. Never throws. */
  async refuse(thrown: unknown): Promise<void> {
    const fault = asFault(thrown);
    if (this.#life.failure === undefined && !this.signal.aborted && !isToldByPeer(fault)) {
      try {
        await this.#writer.write(FRAME_ERROR, encodeError(toldCode(fault)), this.#timings.lingerMs);
        await this.finish();
      } catch {
        // Told or not, the stream ends here.
      }
    }
    this.abort(fault);
  }

  /** Resets the stream at once. Frees it on both sides. */
  abort(fault: Fault): void {
    this.#life.abort(fault);
  }
}
