import { type CborKey, type CborLimits, type CborValue, decode, encode, Tagged } from '@comity/cbor';
import { compareBytes, toHex } from '@comity/digest';
import type { Signer } from '@comity/ed25519';
import { Fault } from '@comity/fault';
import {
  ALG_ED25519,
  assertAlgorithm,
  assertNoUnprotected,
  decodeProtected,
  encodeProtected,
  HEADER_ALG,
  HEADER_KID,
  type Header,
  keyIdOf,
} from './header.ts';
import { keyThumbprint } from './key.ts';
import { assertSigned, readPayload, readSignature } from './signature.ts';

const TAG_SIGN = 98;
const NO_BYTES = new Uint8Array(0);
const NO_HEADER: Header = new Map<CborKey, CborValue>();

/** More root keys than any charter has; bounds the number of signature checks a message can cause. */
export const MAX_SIGNERS = 32;

/** One signature of a COSE_Sign: its own protected header holds algorithm and key id, nothing else. */
export interface SignerSignature {
  readonly protectedBytes: Uint8Array;
  /** Thumbprint of the key (RFC 9679), 32 bytes. */
  readonly kid: Uint8Array;
  readonly signature: Uint8Array;
}

/** A COSE_Sign (RFC 9052 §4.1) without unprotected headers. Decoded, it is well-formed, not verified. */
export interface CoseSign {
  readonly protectedBytes: Uint8Array;
  readonly protectedHeader: Header;
  readonly payload: Uint8Array;
  /** In ascending order of key id, one for each key. */
  readonly signatures: readonly SignerSignature[];
}

/** What is to be signed. The body header has no algorithm and no key id: each signer has its own. */
export interface SignDraft {
  readonly protectedHeader: Header;
  readonly payload: Uint8Array;
}

/**
 * Decodes a COSE_Sign of this protocol: tag 98, strict CBOR inside and out, no unprotected and no critical headers,
 * payload present, 1 to 32 signatures in ascending order of key id, each with the protected header {1: -19, 4: kid}.
 *
 * @throws Fault `cbor.*`, `cose.not-sign`, `cose.protected-header`, `cose.empty-protected-map`, `cose.header-label`,
 * `cose.critical-header`, `cose.unprotected-header`, `cose.detached-payload`, `cose.payload-type`, `cose.no-signers`,
 * `cose.too-many-signers`, `cose.signer-form`, `cose.signer-header`, `cose.algorithm-missing`, `cose.algorithm`,
 * `cose.key-id`, `cose.signature-form`, `cose.duplicate-signer`, `cose.signer-order`
 */
export function decodeSign(bytes: Uint8Array, limits?: Partial<CborLimits>): CoseSign {
  const tagged = decode(bytes, limits);
  // RFC 9052 §2 makes the tag optional; here it is what tells the message types apart.
  if (!(tagged instanceof Tagged) || tagged.tag !== TAG_SIGN) throw notSign();
  const parts = tagged.value;
  if (!Array.isArray(parts) || parts.length !== 4) throw notSign();
  const [protectedBytes, unprotected, payload, entries] = parts as readonly CborValue[];
  const protectedHeader = decodeProtected(protectedBytes, limits);
  assertNoUnprotected(unprotected);
  if (!Array.isArray(entries)) throw notSign();
  if (entries.length === 0) throw new Fault('cose.no-signers', 'expected at least one signature');
  if (entries.length > MAX_SIGNERS) {
    throw new Fault(
      'cose.too-many-signers',
      `expected at most ${MAX_SIGNERS} signatures, got ${entries.length}`,
    );
  }
  const signatures = (entries as readonly CborValue[]).map(readSigner);
  assertAscending(signatures);
  return {
    protectedBytes: protectedBytes as Uint8Array,
    protectedHeader,
    payload: readPayload(payload),
    signatures,
  };
}

function notSign(): Fault {
  return new Fault(
    'cose.not-sign',
    'expected tag 98 around an array of four, the last an array of signatures',
  );
}

function readSigner(entry: CborValue): SignerSignature {
  if (!Array.isArray(entry) || entry.length !== 3) {
    throw new Fault('cose.signer-form', 'expected an array of three as signature entry');
  }
  const [protectedBytes, unprotected, signature] = entry as readonly CborValue[];
  const header = decodeProtected(protectedBytes);
  assertNoUnprotected(unprotected);
  assertAlgorithm(header);
  const kid = keyIdOf(header);
  // Closed: algorithm and key id, and nothing that only some readers would look at.
  if (header.size !== 2) throw new Fault('cose.signer-header', 'expected only headers 1 and 4 of a signer');
  return { protectedBytes: protectedBytes as Uint8Array, kid, signature: readSignature(signature) };
}

/** One spelling for a set of signatures, and no key twice (formats §5.1: thresholds count keys, not signatures). */
function assertAscending(signatures: readonly SignerSignature[]): void {
  for (let index = 1; index < signatures.length; index += 1) {
    const order = compareBytes(
      (signatures[index - 1] as SignerSignature).kid,
      (signatures[index] as SignerSignature).kid,
    );
    if (order === 0) throw new Fault('cose.duplicate-signer', 'two signatures have the same key id');
    if (order > 0) throw new Fault('cose.signer-order', 'expected signatures in ascending order of key id');
  }
}

/** The bytes of a message, its protected headers verbatim. @throws Fault `cbor.*` */
export function encodeSign(sign: CoseSign): Uint8Array {
  const { protectedBytes, payload, signatures } = sign;
  const entries = signatures.map((entry) => [entry.protectedBytes, NO_HEADER, entry.signature]);
  return encode(new Tagged(TAG_SIGN, [protectedBytes, NO_HEADER, payload, entries]));
}

/** The Sig_structure of RFC 9052 §4.4 with context "Signature" and no external data: what each signer signs. */
export function toBeSigned(
  bodyProtectedBytes: Uint8Array,
  signerProtectedBytes: Uint8Array,
  payload: Uint8Array,
): Uint8Array {
  return encode(['Signature', bodyProtectedBytes, signerProtectedBytes, NO_BYTES, payload]);
}

/**
 * Signs a payload with several keys. The order of the signers does not matter: the message has their signatures in
 * the order of key ids.
 *
 * @throws Fault `cose.no-signers`, `cose.too-many-signers`, `cose.duplicate-signer`, `cose.critical-header`, `cbor.*`;
 * whatever a signer throws
 */
export async function signSign(draft: SignDraft, signers: readonly Signer[]): Promise<CoseSign> {
  if (signers.length === 0) throw new Fault('cose.no-signers', 'expected at least one signer');
  if (signers.length > MAX_SIGNERS) {
    throw new Fault(
      'cose.too-many-signers',
      `expected at most ${MAX_SIGNERS} signers, got ${signers.length}`,
    );
  }
  const protectedBytes = encodeProtected(draft.protectedHeader);
  const protectedHeader = decodeProtected(protectedBytes);
  const signatures = await Promise.all(
    signers.map(async (signer): Promise<SignerSignature> => {
      const kid = keyThumbprint(signer.publicKey);
      const own = encodeProtected(
        new Map<CborKey, CborValue>([
          [HEADER_ALG, ALG_ED25519],
          [HEADER_KID, kid],
        ]),
      );
      const signature = readSignature(await signer.sign(toBeSigned(protectedBytes, own, draft.payload)));
      return { protectedBytes: own, kid, signature };
    }),
  );
  signatures.sort((a, b) => compareBytes(a.kid, b.kid));
  assertAscending(signatures);
  return { protectedBytes, protectedHeader, payload: draft.payload, signatures };
}

/**
 * Verifies that at least `threshold` of these keys signed, and nobody else: every signature must be of one of the keys
 * and must be good. Counts distinct keys. Returns the key ids that signed, ascending.
 *
 * @throws Fault `cose.bad-threshold`, `cose.unknown-signer`, `cose.below-threshold`, `cose.duplicate-signer`,
 * `cose.signer-order`, `ed25519.*`
 */
export function verifySign(
  sign: CoseSign,
  keys: readonly Uint8Array[],
  threshold: number,
): readonly Uint8Array[] {
  const keyOf = new Map(keys.map((publicKey) => [toHex(keyThumbprint(publicKey)), publicKey]));
  if (!Number.isInteger(threshold) || threshold < 1 || threshold > keyOf.size) {
    throw new Fault('cose.bad-threshold', `expected a threshold from 1 to ${keyOf.size}`, {
      fields: { threshold },
    });
  }
  assertAscending(sign.signatures);
  const signed = sign.signatures.map((entry) => {
    const publicKey = keyOf.get(toHex(entry.kid));
    if (publicKey === undefined) {
      throw new Fault('cose.unknown-signer', 'a signature is of a key that may not sign');
    }
    return { ...entry, publicKey };
  });
  if (signed.length < threshold) {
    throw new Fault(
      'cose.below-threshold',
      `expected signatures of ${threshold} keys, got ${signed.length}`,
      {
        fields: { threshold, keys: signed.length },
      },
    );
  }
  for (const { publicKey, protectedBytes, signature } of signed) {
    assertSigned(publicKey, toBeSigned(sign.protectedBytes, protectedBytes, sign.payload), signature);
  }
  return signed.map(({ kid }) => kid);
}
