import {
  type CborLimits,
  decodeWith,
  document,
  encodeWith,
  field,
  literal,
  optionalField,
  text,
  uint,
} from '@comity/cbor';
import { Fault } from '@comity/fault';
import { FRAME_KIND_BYTES, FRAME_LENGTH_BYTES, MAX_FRAME_BYTES } from './limits.ts';

// A frame: 4 bytes big-endian length, 1 byte kind, body. The length counts kind and body.

/** A message, or its last part. */
export const FRAME_DATA = 0;
/** A part of a message that goes on in the next frame. */
export const FRAME_PART = 1;
/** The sender has said everything; the body counts its messages, so that a cut stream cannot pass for a short one. */
export const FRAME_END = 2;
/** The sender refuses, and the code of the reason may be known. */
export const FRAME_ERROR = 3;
/** The sender is there and has nothing to say. */
export const FRAME_STILL = 4;

export type FrameKind =
  | typeof FRAME_DATA
  | typeof FRAME_PART
  | typeof FRAME_END
  | typeof FRAME_ERROR
  | typeof FRAME_STILL;

/** Length and kind of a frame whose body has this many bytes. */
export function frameHead(kind: FrameKind, bodyBytes: number): Uint8Array {
  const byteLength = FRAME_KIND_BYTES + bodyBytes;
  const head = new Uint8Array(FRAME_LENGTH_BYTES + FRAME_KIND_BYTES);
  new DataView(head.buffer).setUint32(0, byteLength);
  head[FRAME_LENGTH_BYTES] = kind;
  return head;
}

/**
 * Judges the length of a frame before any of it is kept.
 *
 * @throws Fault `exchange.frame-too-large`, `exchange.frame-malformed`
 */
export function judgeFrameLength(byteLength: number): void {
  if (byteLength > MAX_FRAME_BYTES) {
    throw new Fault(
      'exchange.frame-too-large',
      `expected at most ${MAX_FRAME_BYTES} bytes, got ${byteLength}`,
      {
        fields: { byteLength },
      },
    );
  }
  if (byteLength < FRAME_KIND_BYTES) throw new Fault('exchange.frame-malformed', 'frame without a kind');
}

/** END and ERROR bodies are tiny; nothing larger is parsed. */
const BODY_LIMITS: CborLimits = Object.freeze({ maxBytes: 256, maxDepth: 1, maxItems: 5 });

const endShape = document(
  { count: field(1, uint()), more: optionalField(2, literal(true)) },
  { unknown: 'reject' },
);
const errorShape = document({ code: field(1, text({ maxBytes: 64 })) }, { unknown: 'reject' });

/** What an END frame says. */
export interface End {
  /** Messages that were sent. */
  readonly count: number;
  /** The answer stops at a limit, and another request may begin where it ended. */
  readonly more: boolean;
}

export function encodeEnd({ count, more }: End): Uint8Array {
  return encodeWith(endShape, { count, ...(more && { more }) });
}

/** @throws Fault `exchange.frame-malformed`, also where there is more and the protocol has no way to ask for it */
export function decodeEnd(body: Uint8Array, isPaged: boolean): End {
  const { count, more } = readBody(() => decodeWith(endShape, body, BODY_LIMITS));
  if (more === true && !isPaged)
    throw new Fault('exchange.frame-malformed', 'an answer of which there cannot be more');
  return { count, more: more === true };
}

export function encodeError(code: string): Uint8Array {
  return encodeWith(errorShape, { code });
}

/** The code that a peer gives as its reason: attacker-controlled text until looked up in the registry. */
export function decodeError(body: Uint8Array): string {
  return readBody(() => decodeWith(errorShape, body, BODY_LIMITS).code);
}

function readBody<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new Fault('exchange.frame-malformed', 'body of an END or ERROR frame', { cause });
  }
}
