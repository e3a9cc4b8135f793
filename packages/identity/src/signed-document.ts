import { type CborLimits, DEFAULT_LIMITS, decodeWith, encodeWith, type Shape } from '@comity/cbor';
import {
  type CoseSign,
  decodeSign,
  encodeSign,
  HEADER_TYP,
  keyThumbprint,
  MEDIA_TYPES,
  type MediaType,
  signSign,
  verifySign,
} from '@comity/cose';
import { toHex } from '@comity/digest';
import type { Signer } from '@comity/ed25519';
import { Fault, isFault } from '@comity/fault';

/** The kinds of document that a state signs with its root keys: all by one rule, COSE_Sign and the charter's threshold. */
export type DocumentKind = 'charter' | 'keyCertificate' | 'recognition' | 'keyState';

/** A document that has been decoded and not yet verified: everything in it may come from an attacker. */
export interface DecodedDocument<T> {
  readonly kind: DocumentKind;
  readonly sign: CoseSign;
  readonly content: T;
}

/** The keys that may sign for a state, and how many of them have to. */
export interface Quorum {
  readonly rootKeys: readonly Uint8Array[];
  readonly threshold: number;
}

/** One document, like one record, within the limits of the profile (formats.md §1.4 rule 1). */
const LIMITS: CborLimits = DEFAULT_LIMITS;

/**
 * Decodes a signed document of one kind, without verifying it.
 *
 * @throws Fault `cbor.*`, `cose.*`, `identity.wrong-document`
 */
export function decodeDocument<T>(
  kind: DocumentKind,
  shape: Shape<T>,
  bytes: Uint8Array,
): DecodedDocument<T> {
  const sign = decodeSign(bytes, LIMITS);
  const mediaType: MediaType = MEDIA_TYPES[kind];
  // The header is closed: the kind of document, and nothing that only some readers would look at.
  if (sign.protectedHeader.size !== 1 || sign.protectedHeader.get(HEADER_TYP) !== mediaType) {
    throw new Fault(
      'identity.wrong-document',
      `expected a protected header with ${mediaType} as typ and nothing else`,
    );
  }
  return { kind, sign, content: decodeWith(shape, sign.payload, LIMITS) };
}

/**
 * Verifies that the threshold of distinct root keys signed, and nobody else (formats.md §5.2, §7.15).
 *
 * @throws Fault `cose.unknown-signer`, `cose.below-threshold`, `cose.duplicate-signer`, `identity.forged`
 */
export function verifyQuorum(document: DecodedDocument<unknown>, { rootKeys, threshold }: Quorum): void {
  verifySigners(document, rootKeys, threshold);
}

/**
 * As `verifyQuorum` for two sets of keys that have none in common: the threshold of each.
 *
 * @throws as `verifyQuorum`
 */
export function verifyQuora(document: DecodedDocument<unknown>, one: Quorum, other: Quorum): void {
  const all = [...one.rootKeys, ...other.rootKeys];
  const signed = new Set(verifySigners(document, all, 1).map(toHex));
  for (const { rootKeys, threshold } of [one, other]) {
    const keys = rootKeys.filter((key) => signed.has(toHex(keyThumbprint(key)))).length;
    if (keys < threshold) {
      throw new Fault('cose.below-threshold', `expected signatures of ${threshold} keys, got ${keys}`, {
        fields: { threshold, keys },
      });
    }
  }
}

function verifySigners(
  document: DecodedDocument<unknown>,
  keys: readonly Uint8Array[],
  threshold: number,
): readonly Uint8Array[] {
  try {
    return verifySign(document.sign, keys, threshold);
  } catch (cause) {
    if (!isFault(cause) || !cause.code.startsWith('ed25519.')) throw cause;
    throw new Fault('identity.forged', `a signature of the ${document.kind} is not good`, {
      fields: { document: document.kind, reason: cause.code },
      cause,
    });
  }
}

/**
 * Signs a document with root keys. Whether they are enough, and the right ones, is for the reader's check to say, which
 * each issuing function runs before it returns.
 */
export async function signDocument<T>(
  kind: DocumentKind,
  shape: Shape<T>,
  content: T,
  rootSigners: readonly Signer[],
): Promise<Uint8Array> {
  const payload = encodeWith(shape, content, LIMITS);
  return encodeSign(
    await signSign({ protectedHeader: new Map([[HEADER_TYP, MEDIA_TYPES[kind]]]), payload }, rootSigners),
  );
}
