import { sha256 as engine } from '#sha256';

/**
 * SHA-256 of the bytes (FIPS 180-4), 32 bytes. The engine is chosen by the package's `imports` condition: OpenSSL's
 * one-shot hash in Node, @noble/hashes elsewhere.
 */
export const sha256: (bytes: Uint8Array) => Uint8Array = engine;
