import { concatBytes } from '@comity/digest';
import { Fault } from '@comity/fault';
import type { Stream } from '@libp2p/interface';
import type { Clock } from './clock.ts';
import {
  decodeEnd,
  decodeError,
  type End,
  encodeEnd,
  encodeError,
  FRAME_DATA,
  FRAME_END,
  FRAME_ERROR,
  FRAME_PART,
  FRAME_STILL,
} from './frame.ts';
import { type FrameDeadlines, FrameReader } from './frame-reader.ts';
import { FrameWriter } from './frame-writer.ts';
import { MAX_BODY_BYTES, MAX_MESSAGE_BYTES } from './limits.ts';
import { asFault, faultToldBy, isToldByPeer, toldCode } from './refusal.ts';
import { StillBudget } from './still-budget.ts';
import { StreamLife } from './stream-life.ts';
import type { Timings } from './timings.ts';

/** What a peer says: a message, whose bytes have a buffer of their own, or that it has said everything. */
export type Received =
  | { readonly kind: 'data'; readonly bytes: Uint8Array }
  | ({ readonly kind: 'end' } & End);

const NOTHING = new Uint8Array(0);

/** Messages over one libp2p stream: framed, bounded, with a deadline each, and with an explicit end. */
export class FrameStream {
  readonly #life: StreamLife;
  readonly #reader: FrameReader;
  readonly #writer: FrameWriter;
  readonly #clock: Clock;
  readonly #timings: Timings;
  readonly #stillBudget: StillBudget;

  constructor(stream: Stream, clock: Clock, timings: Timings) {
    this.#life = new StreamLife(stream);
    this.#reader = new FrameReader(stream, this.#life, clock);
    this.#writer = new FrameWriter(stream, this.#life, clock);
    this.#clock = clock;
    this.#timings = timings;
    this.#stillBudget = new StillBudget(clock, timings.stillEveryMs);
  }

  /** Aborted when the stream is gone, so that whatever produces for it stops. */
  get signal(): AbortSignal {
    return this.#life.signal;
  }

  /**
   * The next message. `onStill` allows the peer to say that it is still there, and is told when it does; `isPaged` allows
   * it to say at the end that there is more.
   *
   * @throws Fault what the peer's ERROR frame said, `exchange.truncated`, `exchange.read-deadline`,
   *   `exchange.frame-*`, `exchange.message-too-large`, `exchange.still-flood`, or why the stream failed
   */
  async read(deadlines?: Partial<FrameDeadlines>, onStill?: () => void, isPaged = false): Promise<Received> {
    const { frameMs = this.#timings.frameMs, idleMs } = deadlines ?? {};
    const limits: FrameDeadlines = idleMs === undefined ? { frameMs } : { frameMs, idleMs };
    const parts: Uint8Array[] = [];
    let byteLength = 0;
    for (;;) {
      const frame = await this.#reader.next(parts.length === 0 ? limits : { frameMs });
      const kind = frame[0];
      const body = frame.subarray(1);
      byteLength += body.length;
      if (kind === FRAME_DATA || kind === FRAME_PART) {
        if (byteLength > MAX_MESSAGE_BYTES) {
          throw new Fault(
            'exchange.message-too-large',
            `expected at most ${MAX_MESSAGE_BYTES} bytes in a message`,
          );
        }
        if (kind === FRAME_DATA) {
          // The other half of one spelling: parts are followed by the rest of the message, never by nothing.
          if (parts.length > 0 && body.length === 0)
            throw new Fault('exchange.frame-malformed', 'last part that is empty');
          return { kind: 'data', bytes: parts.length === 0 ? body : concatBytes(...parts, body) };
        }
        // One spelling for each message, and no endless row of tiny parts.
        if (body.length !== MAX_BODY_BYTES)
          throw new Fault('exchange.frame-malformed', 'part that is not full');
        parts.push(body);
      } else if (kind === FRAME_ERROR) {
        throw faultToldBy(decodeError(body));
      } else if (kind === FRAME_END && parts.length === 0) {
        return { kind: 'end', ...decodeEnd(body, isPaged) };
      } else if (kind === FRAME_STILL && parts.length === 0 && body.length === 0 && onStill !== undefined) {
        this.#stillBudget.spend();
        onStill();
      } else {
        throw new Fault('exchange.frame-unexpected', 'frame of a kind that has no place here', {
          fields: { kind: kind ?? null },
        });
      }
    }
  }

  /** The next message, where anything else is against the protocol. */
  async readData(deadlines?: Partial<FrameDeadlines>): Promise<Uint8Array> {
    const received = await this.read(deadlines);
    if (received.kind === 'data') return received.bytes;
    throw new Fault('exchange.frame-unexpected', 'END frame instead of a message');
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
