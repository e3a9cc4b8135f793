import { createRequire } from 'node:module';

interface Sodium {
  crypto_sign_verify_detached(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;
}

/**
 * The equation as libsodium checks it, in about six tenths of OpenSSL's time; undefined where its binary is not installed,
 * as it is an optional dependency. libsodium checks more than the equation, and nothing that the prechecks let through: small
 * order, canonical encodings and S < L come before any engine. It ignores what follows the 64th byte, so length does too.
 */
export const sodiumEquationHolds = load();

function load():
  | ((publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean)
  | undefined {
  let sodium: Sodium;
  try {
    sodium = createRequire(import.meta.url)('sodium-native') as Sodium;
  } catch {
    // Not installed, or no binary for this system: OpenSSL gives the same answers.
    return undefined;
  }
  return (publicKey, message, signature) => sodium.crypto_sign_verify_detached(signature, message, publicKey);
}
