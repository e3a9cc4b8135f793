import type { CborKey, CborValue } from '@comity/cbor';
import { equalBytes } from '@comity/digest';
import { check, SIGNATURE_BYTES } from '@comity/ed25519';
import { Fault } from '@comity/fault';
import { ALG_ED25519, HEADER_ALG, HEADER_KID, type Header } from './header.ts';

/** @throws Fault `cose.detached-payload`, `cose.payload-type` */
export function readPayload(value: CborValue | undefined): Uint8Array {
  // RFC 9052 §4.2 allows nil for a payload sent elsewhere; here the signed bytes travel together.
  if (value === null) throw new Fault('cose.detached-payload', 'expected the payload inside the message');
  if (!(value instanceof Uint8Array)) {
    throw new Fault('cose.payload-type', 'expected a byte string as payload');
  }
  return value;
}

/** @throws Fault `cose.signature-form` */
export function readSignature(value: CborValue | undefined): Uint8Array {
  if (!(value instanceof Uint8Array) || value.length !== SIGNATURE_BYTES) {
    throw new Fault('cose.signature-form', 'expected a byte string of 64 bytes as signature');
  }
  return value;
}

/** @throws Fault `ed25519.*`, the reason that the acceptance rule gives */
export function assertSigned(publicKey: Uint8Array, toBeSigned: Uint8Array, signature: Uint8Array): void {
  const code = check(publicKey, toBeSigned, signature);
  if (code !== undefined) throw new Fault(code, 'the signature of the message is not accepted');
}

/**
 * A protected header with algorithm and key id of the signer in it.
 *
 * @throws Fault `cose.wrong-key-id` where the caller put others there
 */
export function withSigner(header: Header, kid: Uint8Array): Header {
  const algorithm = header.get(HEADER_ALG);
  const named = header.get(HEADER_KID);
  if (algorithm !== undefined && algorithm !== ALG_ED25519) {
    throw new Fault('cose.wrong-key-id', `expected algorithm ${ALG_ED25519} or none in the header to sign`);
  }
  if (named !== undefined && !(named instanceof Uint8Array && equalBytes(named, kid))) {
    throw new Fault('cose.wrong-key-id', 'expected the key id of the signer or none in the header to sign');
  }
  return new Map<CborKey, CborValue>([...header, [HEADER_ALG, ALG_ED25519], [HEADER_KID, kid]]);
}
