import { type CborLimits, decodeWith, encodeWith, type Shape } from '@comity/cbor';
import { Fault } from '@comity/fault';

/** A message of a protocol: its shape and what a decoder may spend on it. */
export interface MessageForm<T> {
  readonly shape: Shape<T>;
  readonly limits: CborLimits;
}

export function writeMessage<T>({ shape }: MessageForm<T>, message: T): Uint8Array {
  return encodeWith(shape, message);
}

/**
 * Reads a message of a peer. Byte strings in the result are views of the bytes given.
 *
 * @throws Fault `exchange.message-malformed`, with the reason as its cause
 */
export function readMessage<T>({ shape, limits }: MessageForm<T>, bytes: Uint8Array): T {
  try {
    return decodeWith(shape, bytes, limits);
  } catch (cause) {
    throw new Fault('exchange.message-malformed', 'message that does not follow its protocol', { cause });
  }
}
