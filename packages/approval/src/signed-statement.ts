import { decodeWith, encodeWith, type Shape } from '@comity/cbor';
import {
  decodeSign1,
  encodeSign1,
  HEADER_TYP,
  keyIdOf,
  MEDIA_TYPES,
  type Sign1,
  signSign1,
} from '@comity/cose';
import type { Signer } from '@comity/ed25519';
import { Fault, type FaultCode } from '@comity/fault';

/** A kind of statement that one key signs as COSE_Sign1: what its payload is, how long it may be, how it is refused. */
export interface StatementKind<T> {
  readonly name: 'officer' | 'approval' | 'act';
  readonly shape: Shape<T>;
  readonly maxBytes: number;
  /** The code for another header than the kind has. */
  readonly wrongDocument: FaultCode;
}

/** A statement that has been decoded and not yet verified: everything in it may come from an attacker. */
export interface DecodedStatement<T> {
  readonly sign1: Sign1;
  /** Thumbprint of the key that it names, 32 bytes. */
  readonly kid: Uint8Array;
  readonly content: T;
}

/** Algorithm, key id and kind of document (approval.md 1.1). */
const HEADER_SIZE = 3;

/**
 * Decodes a statement of one kind, without verifying it.
 *
 * @throws Fault `cbor.*`, `cose.*`, the code of the kind for another document
 */
export function decodeStatement<T>(kind: StatementKind<T>, bytes: Uint8Array): DecodedStatement<T> {
  const limits = { maxBytes: kind.maxBytes };
  const sign1 = decodeSign1(bytes, limits);
  const header = sign1.protectedHeader;
  const kid = keyIdOf(header);
  if (header.get(HEADER_TYP) !== MEDIA_TYPES[kind.name] || header.size !== HEADER_SIZE) {
    throw new Fault(
      kind.wrongDocument,
      `expected a protected header of algorithm, key id and ${MEDIA_TYPES[kind.name]} as typ`,
    );
  }
  if (sign1.unprotectedHeader.size !== 0) {
    throw new Fault('cose.unprotected-header', 'expected an empty map as unprotected header');
  }
  return { sign1, kid, content: decodeWith(kind.shape, sign1.payload, limits) };
}

/** Signs a statement. Whether it says what it may, and whether the key is the right one, is for the reader's check to say. */
export async function signStatement<T>(
  kind: StatementKind<T>,
  content: T,
  signer: Signer,
): Promise<Uint8Array> {
  const payload = encodeWith(kind.shape, content, { maxBytes: kind.maxBytes });
  const protectedHeader = new Map([[HEADER_TYP, MEDIA_TYPES[kind.name]]]);
  return encodeSign1(await signSign1({ protectedHeader, payload }, signer));
}
