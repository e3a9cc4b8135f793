import type { CborKey, CborValue } from '@comity/cbor';
import { concatBytes, fromHex, sha256 } from '@comity/digest';
import { PUBLIC_KEY_BYTES } from '@comity/ed25519';
import { Fault } from '@comity/fault';
import { ALG_ED25519 } from './header.ts';

const KEY_TYPE = 1;
const KEY_TYPE_OKP = 1;
const KEY_ALG = 3;
const KEY_CURVE = -1;
const CURVE_ED25519 = 6;
const KEY_X = -2;

/** det-CBOR of {1: 1, -1: 6, -2: x} up to the 32 bytes of x: the required members of an OKP key (RFC 9679 §4.1). */
const THUMBPRINT_PREFIX = fromHex('a301012006215820');

/**
 * COSE Key Thumbprint with SHA-256 (RFC 9679), 32 bytes: the key id of this protocol. Two keys cannot share one, so no
 * verifier ever tries several keys.
 *
 * @throws Fault `ed25519.public-key-length`
 */
export function keyThumbprint(publicKey: Uint8Array): Uint8Array {
  assertLength(publicKey);
  return sha256(concatBytes(THUMBPRINT_PREFIX, publicKey));
}

/**
 * The COSE_Key of a public key: `{1: 1, 3: -19, -1: 6, -2: x}` (RFC 9053 §7.2, RFC 9864).
 *
 * @throws Fault `ed25519.public-key-length`
 */
export function coseKeyOf(publicKey: Uint8Array): CborValue {
  assertLength(publicKey);
  return new Map<CborKey, CborValue>([
    [KEY_TYPE, KEY_TYPE_OKP],
    [KEY_ALG, ALG_ED25519],
    [KEY_CURVE, CURVE_ED25519],
    [KEY_X, publicKey],
  ]);
}

/**
 * The public key of a COSE_Key that has exactly the four members of {@link coseKeyOf}. Only the form is checked;
 * enrolment checks the point itself (`assertPublicKey` of ed25519).
 *
 * @throws Fault `cose.bad-key`
 */
export function publicKeyOf(coseKey: CborValue): Uint8Array {
  // Closed: among the members that could be there is -4, the private key.
  if (coseKey instanceof Map && coseKey.size === 4) {
    const x = coseKey.get(KEY_X);
    if (
      coseKey.get(KEY_TYPE) === KEY_TYPE_OKP &&
      coseKey.get(KEY_ALG) === ALG_ED25519 &&
      coseKey.get(KEY_CURVE) === CURVE_ED25519 &&
      x instanceof Uint8Array &&
      x.length === PUBLIC_KEY_BYTES
    ) {
      return x;
    }
  }
  throw new Fault('cose.bad-key', 'expected an Ed25519 key as {1: 1, 3: -19, -1: 6, -2: 32 bytes}');
}

function assertLength(publicKey: Uint8Array): void {
  if (publicKey.length !== PUBLIC_KEY_BYTES) {
    throw new Fault(
      'ed25519.public-key-length',
      `expected a public key of 32 bytes, got ${publicKey.length}`,
      {
        fields: { byteLength: publicKey.length },
      },
    );
  }
}
