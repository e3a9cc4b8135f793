import { type CborKey, type CborLimits, type CborValue, decode, encode, REDACTED } from '@comity/cbor';
import { Fault } from '@comity/fault';

/** A header map: labels are integers or texts (RFC 9052 §1.4). */
export type Header = ReadonlyMap<CborKey, CborValue>;

/** Ed25519 in the COSE registry of algorithms (RFC 9864). The older -8 leaves the curve open and is never accepted. */
export const ALG_ED25519 = -19;

/** Header labels that this package gives a meaning to (RFC 9052 §3.1, RFC 9596). */
export const HEADER_ALG = 1;
export const HEADER_CRIT = 2;
export const HEADER_KID = 4;
export const HEADER_TYP = 16;

/** The values of header 16, `typ` (RFC 9596): what a signed document is, so that none passes for another. */
export const MEDIA_TYPES = Object.freeze({
  record: 'application/comity-record+cose',
  charter: 'application/comity-charter+cose',
  keyCertificate: 'application/comity-key-certificate+cose',
  recognition: 'application/comity-recognition+cose',
  keyState: 'application/comity-key-state+cose',
  policy: 'application/comity-policy+cose',
  query: 'application/comity-query+cose',
  order: 'application/comity-order+cose',
  officer: 'application/comity-officer+cose',
  approval: 'application/comity-approval+cose',
  act: 'application/comity-act+cose',
} as const);

export type MediaType = (typeof MEDIA_TYPES)[keyof typeof MEDIA_TYPES];

const EMPTY_MAP_HEAD = 0xa0;

/** The bytes of a protected header; of an empty one none (RFC 9052 §3). */
export function encodeProtected(header: Header): Uint8Array {
  return header.size === 0 ? new Uint8Array(0) : encode(header);
}

/**
 * The map inside a protected header, decoded as strictly as everything around it.
 *
 * @throws Fault `cose.protected-header`, `cose.empty-protected-map`, `cose.header-label`, `cose.critical-header`, `cbor.*`
 */
export function decodeProtected(value: CborValue | undefined, limits?: Partial<CborLimits>): Header {
  if (!(value instanceof Uint8Array)) {
    throw new Fault('cose.protected-header', 'expected a byte string as protected header');
  }
  if (value.length === 0) return new Map();
  // RFC 9052 §3 lets a recipient take both spellings of an empty header; one of them is enough.
  if (value.length === 1 && value[0] === EMPTY_MAP_HEAD) {
    throw new Fault('cose.empty-protected-map', 'expected an empty byte string as empty protected header');
  }
  const header = decode(value, limits);
  if (!(header instanceof Map)) {
    throw new Fault('cose.protected-header', 'expected a map inside the protected header');
  }
  assertLabels(header);
  return header;
}

/** @throws Fault `cose.unprotected-header`, `cose.header-label`, `cose.critical-header` */
export function readUnprotected(value: CborValue | undefined): Header {
  if (!(value instanceof Map)) {
    throw new Fault('cose.unprotected-header', 'expected a map as unprotected header');
  }
  assertLabels(value);
  return value;
}

/** @throws Fault `cose.unprotected-header` */
export function assertNoUnprotected(value: CborValue | undefined): void {
  if (!(value instanceof Map) || value.size !== 0) {
    throw new Fault('cose.unprotected-header', 'expected an empty map as unprotected header');
  }
}

function assertLabels(header: Header): void {
  if (header.has(REDACTED)) {
    throw new Fault('cose.header-label', 'expected integers and texts as header labels');
  }
  // RFC 9052 §3.1: whoever does not understand a critical header must refuse the message. None is in use here.
  if (header.has(HEADER_CRIT)) throw new Fault('cose.critical-header', 'expected no critical headers');
}

/** @throws Fault `cose.algorithm-missing`, `cose.algorithm` */
export function assertAlgorithm(header: Header): void {
  const algorithm = header.get(HEADER_ALG);
  // The protected header only: an unsigned algorithm would let anybody choose the check.
  if (algorithm === undefined) {
    throw new Fault('cose.algorithm-missing', 'expected header 1 in the protected header');
  }
  if (algorithm !== ALG_ED25519) {
    throw new Fault('cose.algorithm', `expected algorithm ${ALG_ED25519} in header 1`);
  }
}

/** RFC 9052 §3: a label stands in one of the two maps only. */
export function assertDistinct(protectedHeader: Header, unprotectedHeader: Header): void {
  for (const label of unprotectedHeader.keys()) {
    if (protectedHeader.has(label)) {
      throw new Fault(
        'cose.duplicate-header',
        'a header stands in the protected and in the unprotected header',
      );
    }
  }
}

/** The key id of a protected header: always a thumbprint of 32 bytes (RFC 9679). @throws Fault `cose.key-id` */
export function keyIdOf(header: Header): Uint8Array {
  const kid = header.get(HEADER_KID);
  if (!(kid instanceof Uint8Array) || kid.length !== 32) {
    throw new Fault('cose.key-id', 'expected a thumbprint of 32 bytes in protected header 4');
  }
  return kid;
}
