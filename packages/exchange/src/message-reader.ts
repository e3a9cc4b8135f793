import { concatBytes } from '@comity/digest';
import { Fault } from '@comity/fault';
import type { Clock } from './clock.ts';
import {
  decodeEnd,
  decodeError,
  type End,
  FRAME_DATA,
  FRAME_END,
  FRAME_ERROR,
  FRAME_PART,
  FRAME_STILL,
} from './frame.ts';
import { MAX_BODY_BYTES, MAX_MESSAGE_BYTES } from './limits.ts';
import { faultToldBy } from './refusal.ts';
import { StillBudget } from './still-budget.ts';
import type { Timings } from './timings.ts';

/** How long a reader waits for a frame. */
export interface FrameDeadlines {
  /** For the frame: from now, or, where silence is allowed, from its first byte. */
  readonly frameMs: number;
  /** Silence allowed before the first byte; `Infinity` for any. Absent: the frame is due at once. */
  readonly idleMs?: number;
}

/** Where frames come from: a stream of the network, or bytes that are there. */
export interface FrameSource {
  /**
   * The next frame, without its length.
   *
   * @throws Fault `exchange.truncated`, `exchange.frame-too-large`, `exchange.frame-malformed`, or why there is none
   */
  next(deadlines: FrameDeadlines): Promise<Uint8Array>;
}

/** What a peer says: a message, whose bytes have a buffer of their own, or that it has said everything. */
export type Received =
  | { readonly kind: 'data'; readonly bytes: Uint8Array }
  | ({ readonly kind: 'end' } & End);

/** Messages out of frames (exchange.md §3). */
export class MessageReader {
  readonly #source: FrameSource;
  readonly #timings: Timings;
  readonly #stillBudget: StillBudget;

  constructor(source: FrameSource, clock: Clock, timings: Timings) {
    this.#source = source;
    this.#timings = timings;
    this.#stillBudget = new StillBudget(clock, timings.stillEveryMs);
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
    for (;;) {
      const frame = await this.#source.next(limits);
      const kind = frame[0];
      const body = frame.subarray(1);
      if (kind === FRAME_DATA) return { kind: 'data', bytes: body };
      if (kind === FRAME_PART) return { kind: 'data', bytes: await this.#wholeOf(body, frameMs) };
      if (kind === FRAME_ERROR) throw faultToldBy(decodeError(body));
      if (kind === FRAME_END) return { kind: 'end', ...decodeEnd(body, isPaged) };
      if (kind !== FRAME_STILL || onStill === undefined) throw unexpected(kind);
      if (body.length > 0) throw new Fault('exchange.frame-malformed', 'STILL frame that says something');
      this.#stillBudget.spend();
      onStill();
    }
  }

  /**
   * The next message, where anything else is against the protocol.
   *
   * @throws Fault those of {@link MessageReader.read}
   */
  async readData(deadlines?: Partial<FrameDeadlines>): Promise<Uint8Array> {
    const received = await this.read(deadlines);
    if (received.kind === 'data') return received.bytes;
    throw new Fault('exchange.frame-unexpected', 'END frame instead of a message');
  }

  /** A message that began with this part. No other frame stands between its parts. */
  async #wholeOf(first: Uint8Array, frameMs: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let byteLength = 0;
    let body = first;
    for (let kind: number | undefined = FRAME_PART; ; ) {
      byteLength += body.length;
      if (byteLength > MAX_MESSAGE_BYTES) {
        throw new Fault(
          'exchange.message-too-large',
          `expected at most ${MAX_MESSAGE_BYTES} bytes in a message`,
        );
      }
      parts.push(body);
      if (kind === FRAME_DATA) {
        // The other half of one spelling: parts are followed by the rest of the message, never by nothing.
        if (body.length === 0) throw new Fault('exchange.frame-malformed', 'last part that is empty');
        return concatBytes(...parts);
      }
      // One spelling for each message, and no endless row of tiny parts.
      if (body.length !== MAX_BODY_BYTES)
        throw new Fault('exchange.frame-malformed', 'part that is not full');
      const frame = await this.#source.next({ frameMs });
      kind = frame[0];
      if (kind !== FRAME_DATA && kind !== FRAME_PART) throw unexpected(kind);
      body = frame.subarray(1);
    }
  }
}

function unexpected(kind: number | undefined): Fault {
  return new Fault('exchange.frame-unexpected', 'frame of a kind that has no place here', {
    fields: { kind: kind ?? null },
  });
}
