import { Fault, type FaultCode } from '@comity/fault';
import { base64 } from '@scure/base';

const utf8Encoder = new TextEncoder();

/** UTF-8 of a text without lone surrogates. */
export function utf8(text: string): Uint8Array {
  return utf8Encoder.encode(text);
}

export function encodeBase64(bytes: Uint8Array): string {
  return base64.encode(bytes);
}

/**
 * The bytes of a base64 text (RFC 4648 §4) in its one spelling: padded, no other characters, unused bits zero.
 *
 * @throws Fault `log.bad-base64`
 */
export function decodeBase64(text: string): Uint8Array {
  try {
    // This library refuses missing padding, bits in it, white space and other alphabets, natively and in JavaScript.
    return base64.decode(text);
  } catch (cause) {
    throw new Fault('log.bad-base64', 'expected canonical base64: padded, nothing else in it', { cause });
  }
}

/** 44 characters of base64 that stand for 32 bytes; the length is checked first. */
export function decodeHash(text: string, code: FaultCode): Uint8Array {
  if (text.length !== 44) throw new Fault(code, 'expected 44 characters of base64');
  const hash = decodeBase64(text);
  if (hash.length !== 32) throw new Fault(code, `expected a hash of 32 bytes, got ${hash.length}`);
  return hash;
}

const DECIMAL = /^(?:0|[1-9][0-9]{0,15})$/;

/** A decimal number from 0 to 2^53-1 without leading zeros or signs. */
export function decodeDecimal(text: string, code: FaultCode): number {
  // 2^53-1 has 16 digits: the length bounds the work, the range check the value.
  const value = text.length <= 16 && DECIMAL.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw new Fault(code, 'expected a decimal number from 0 to 2^53-1');
  return value;
}
