import { Fault, type FaultCode } from '@comity/fault';

const utf8Encoder = new TextEncoder();

/** UTF-8 of a text without lone surrogates. */
export function utf8(text: string): Uint8Array {
  return utf8Encoder.encode(text);
}

/** Base64 (RFC 4648 §4) of few bytes: signatures, hashes, keys, at most some thousand. */
export function encodeBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

/**
 * The bytes of a base64 text (RFC 4648 §4) in its one spelling: padded, no other characters, unused bits zero.
 *
 * @throws Fault `log.bad-base64`
 */
export function decodeBase64(text: string): Uint8Array {
  const bytes = forgiving(text);
  // What every runtime has decodes other spellings too: white space, missing padding, bits in it.
  if (bytes === undefined || btoa(bytes) !== text)
    throw new Fault('log.bad-base64', 'expected canonical base64: padded, nothing else in it');
  const decoded = new Uint8Array(bytes.length);
  for (let at = 0; at < decoded.length; at += 1) decoded[at] = bytes.charCodeAt(at);
  return decoded;
}

/** One character for each byte; undefined where no spelling of base64 is meant. */
function forgiving(text: string): string | undefined {
  try {
    return atob(text);
  } catch {
    return undefined;
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
