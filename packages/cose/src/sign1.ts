import { type CborKey, type CborLimits, type CborValue, decode, encode, Tagged } from '@comity/cbor';
import { equalBytes, sha256 } from '@comity/digest';
import type { LocalSigner, Signer } from '@comity/ed25519';
import { Fault } from '@comity/fault';
import {
  assertAlgorithm,
  assertDistinct,
  decodeProtected,
  encodeProtected,
  type Header,
  keyIdOf,
  readUnprotected,
} from './header.ts';
import { keyThumbprint } from './key.ts';
import { assertSigned, readPayload, readSignature, withSigner } from './signature.ts';

const TAG_SIGN1 = 18;
const NO_BYTES = new Uint8Array(0);
const NO_HEADER: Header = new Map<CborKey, CborValue>();

/** A COSE_Sign1 (RFC 9052 §4.2). Decoded, it is well-formed, not verified: attacker-controlled until then. */
export interface Sign1 {
  /** The protected header as it was signed, byte for byte; empty for an empty header. */
  readonly protectedBytes: Uint8Array;
  readonly protectedHeader: Header;
  /** Not covered by the signature. */
  readonly unprotectedHeader: Header;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
}

/** What is to be signed. Headers 1 and 4 are filled in from the signer. */
export interface Sign1Draft {
  readonly protectedHeader: Header;
  readonly payload: Uint8Array;
  readonly unprotectedHeader?: Header;
}

/**
 * Decodes a COSE_Sign1 of this protocol: tag 18, strict CBOR inside and out, algorithm -19 in the protected header, no
 * critical headers, no label in both headers, payload present, signature of 64 bytes. Which other headers there may be
 * is for the caller to say. Byte strings are views of the input.
 *
 * @throws Fault `cbor.*`, `cose.not-sign1`, `cose.protected-header`, `cose.empty-protected-map`, `cose.header-label`,
 * `cose.critical-header`, `cose.algorithm-missing`, `cose.algorithm`, `cose.unprotected-header`,
 * `cose.duplicate-header`, `cose.detached-payload`, `cose.payload-type`, `cose.signature-form`
 */
export function decodeSign1(bytes: Uint8Array, limits?: Partial<CborLimits>): Sign1 {
  const tagged = decode(bytes, limits);
  // RFC 9052 §2 makes the tag optional; here it is what tells the message types apart.
  if (!(tagged instanceof Tagged) || tagged.tag !== TAG_SIGN1) throw notSign1();
  const parts = tagged.value;
  if (!Array.isArray(parts) || parts.length !== 4) throw notSign1();
  const [protectedBytes, unprotected, payload, signature] = parts as readonly CborValue[];
  const protectedHeader = decodeProtected(protectedBytes, limits);
  assertAlgorithm(protectedHeader);
  const unprotectedHeader = readUnprotected(unprotected);
  assertDistinct(protectedHeader, unprotectedHeader);
  return {
    protectedBytes: protectedBytes as Uint8Array,
    protectedHeader,
    unprotectedHeader,
    payload: readPayload(payload),
    signature: readSignature(signature),
  };
}

function notSign1(): Fault {
  return new Fault('cose.not-sign1', 'expected tag 18 around an array of four');
}

/** The bytes of a message, its protected header verbatim. @throws Fault `cbor.*` */
export function encodeSign1(sign1: Sign1): Uint8Array {
  const { protectedBytes, unprotectedHeader, payload, signature } = sign1;
  return encode(new Tagged(TAG_SIGN1, [protectedBytes, unprotectedHeader, payload, signature]));
}

/** The Sig_structure of RFC 9052 §4.4 with context "Signature1" and no external data: what is signed. */
export function toBeSigned1(protectedBytes: Uint8Array, payload: Uint8Array): Uint8Array {
  return encode(['Signature1', protectedBytes, NO_BYTES, payload]);
}

/**
 * SHA-256 of the message with an empty unprotected header: the same for every view of a document, and bound to its
 * signature. 32 bytes.
 */
export function documentId(sign1: Sign1): Uint8Array {
  return sha256(encodeSign1({ ...sign1, unprotectedHeader: NO_HEADER }));
}

/** @throws Fault `cose.wrong-key-id`, `cose.duplicate-header`, `cbor.*` */
function prepare(
  draft: Sign1Draft,
  signer: Signer,
): { readonly toBeSigned: Uint8Array; readonly unsigned: Omit<Sign1, 'signature'> } {
  const { payload, unprotectedHeader = NO_HEADER } = draft;
  const protectedHeader = withSigner(draft.protectedHeader, keyThumbprint(signer.publicKey));
  assertDistinct(protectedHeader, unprotectedHeader);
  const protectedBytes = encodeProtected(protectedHeader);
  return {
    toBeSigned: toBeSigned1(protectedBytes, payload),
    // Read back, so that the header is in the order of its bytes and refused here if a reader would refuse it.
    unsigned: {
      protectedBytes,
      protectedHeader: decodeProtected(protectedBytes),
      unprotectedHeader,
      payload,
    },
  };
}

/**
 * Signs a payload. Algorithm and key id (the signer's thumbprint) are added to the protected header.
 *
 * @throws Fault `cose.wrong-key-id`, `cose.duplicate-header`, `cose.critical-header`, `cbor.*`; whatever the signer throws
 */
export async function signSign1(draft: Sign1Draft, signer: Signer): Promise<Sign1> {
  const { toBeSigned, unsigned } = prepare(draft, signer);
  return { ...unsigned, signature: readSignature(await signer.sign(toBeSigned)) };
}

/** {@link signSign1} with a key in memory. */
export function signSign1Sync(draft: Sign1Draft, signer: LocalSigner): Sign1 {
  const { toBeSigned, unsigned } = prepare(draft, signer);
  return { ...unsigned, signature: readSignature(signer.sign(toBeSigned)) };
}

/**
 * Verifies that this key signed the message and that the message says so in its key id. What the key may sign is for
 * the caller to decide.
 *
 * @throws Fault `cose.key-id`, `cose.key-mismatch`, `ed25519.*`
 */
export function verifySign1(sign1: Sign1, publicKey: Uint8Array): void {
  // Formats §1.1: the key id is a hint for the look-up, and must then be the thumbprint of the key found.
  if (!equalBytes(keyIdOf(sign1.protectedHeader), keyThumbprint(publicKey))) {
    throw new Fault('cose.key-mismatch', 'the key id is not the thumbprint of the key');
  }
  assertSigned(publicKey, toBeSigned1(sign1.protectedBytes, sign1.payload), sign1.signature);
}
