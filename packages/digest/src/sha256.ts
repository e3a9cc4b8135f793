import * as engine from '#sha256';

/**
 * SHA-256 of the bytes (FIPS 180-4), 32 bytes. The engine is chosen by the package's `imports` condition: OpenSSL's
 * one-shot hash in Node, @noble/hashes elsewhere.
 */
export const sha256: (bytes: Uint8Array) => Uint8Array = engine.sha256;

/** SHA-256 as lower-case hexadecimal: what digests are looked up by. Cheaper than `toHex(sha256(bytes))` in Node. */
export const sha256Hex: (bytes: Uint8Array) => string = engine.sha256Hex;
