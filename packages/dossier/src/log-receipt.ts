import {
  array,
  bytes,
  type CborLimits,
  type CborValue,
  decode,
  decodeWith,
  document,
  encode,
  encodeWith,
  field,
  literal,
  Tagged,
  text,
  tuple,
  uint,
} from '@comity/cbor';
import {
  ALG_ED25519,
  decodeSign1,
  HEADER_ALG,
  HEADER_KID,
  keyThumbprint,
  type Sign1,
  signSign1,
  verifySign1,
} from '@comity/cose';
import { equalBytes } from '@comity/digest';
import { PUBLIC_KEY_BYTES, type Signer } from '@comity/ed25519';
import { Fault, type FaultCode, isFault } from '@comity/fault';
import { MAX_NAME_BYTES } from '@comity/log';
import { type InclusionPath, leafHash, MAX_PROOF_HASHES, MAX_TREE_SIZE, rootFrom } from '@comity/merkle';

// Receipts of RFC 9942 for leaves of a log (protocol/log.md §14).

/** What a receipt says of a leaf. */
export interface LogReceipt {
  /** Name of the log. */
  readonly origin: string;
  readonly index: number;
  /** Leaves of the tree that the receipt is of. */
  readonly size: number;
  /** Root of that tree, computed from the leaf. */
  readonly root: Uint8Array;
}

/** log.md 14.2: more than its parts add up to. */
export const MAX_RECEIPT_BYTES = 4_096;
const LIMITS: Partial<CborLimits> = { maxBytes: MAX_RECEIPT_BYTES, maxDepth: 5, maxItems: 256 };

const TAG_SIGN1 = 18;
/** CWT claims in a header (RFC 9597), verifiable data structure and its proofs (RFC 9942). */
const HEADER_CLAIMS = 15;
const HEADER_VDS = 395;
const HEADER_VDP = 396;
const CLAIM_ISSUER = 1;
/** The structure and the kind of proof: RFC9162_SHA256, inclusion. */
const RFC9162_SHA256 = 1;
const INCLUSION = -1;
/** Header of this protocol: RFC 9942 leaves the size of the tree unsigned. */
const HEADER_SIZE = 'tree-size';

const protectedShape = document({
  algorithm: field(HEADER_ALG, literal(ALG_ED25519)),
  kid: field(HEADER_KID, bytes(32)),
  claims: field(
    HEADER_CLAIMS,
    document({ log: field(CLAIM_ISSUER, text({ minBytes: 1, maxBytes: MAX_NAME_BYTES })) }),
  ),
  structure: field(HEADER_VDS, literal(RFC9162_SHA256)),
  size: field(HEADER_SIZE, uint(MAX_TREE_SIZE)),
});

const inclusionShape = tuple(
  uint(MAX_TREE_SIZE),
  uint(MAX_TREE_SIZE),
  array(bytes(32), { min: 1, max: MAX_PROOF_HASHES }),
);

const unprotectedShape = document({
  proofs: field(
    HEADER_VDP,
    document({ inclusion: field(INCLUSION, array(bytes({ max: MAX_RECEIPT_BYTES }), { min: 1, max: 1 })) }),
  ),
});

/**
 * Signs a receipt for a leaf: a COSE_Sign1 whose payload, the root, is detached.
 *
 * @param signer the key of the log
 * @throws Fault `merkle.*` where the path is none; `log.receipt-form` for a tree of one leaf, which has no path
 */
export async function signReceipt(
  leaf: Uint8Array,
  origin: string,
  { index, size, proof }: Omit<InclusionPath, 'leafHash'>,
  signer: Signer,
): Promise<Uint8Array> {
  const root = rootFrom({ leafHash: leafHash(leaf), index, size, proof });
  const path = orFault('log.receipt-form', () => encodeWith(inclusionShape, [size, index, proof], LIMITS));
  const signed = await signSign1(
    {
      protectedHeader: new Map<number | string, CborValue>([
        [HEADER_CLAIMS, new Map([[CLAIM_ISSUER, origin]])],
        [HEADER_VDS, RFC9162_SHA256],
        [HEADER_SIZE, size],
      ]),
      payload: root,
    },
    signer,
  );
  const proofs = new Map([[HEADER_VDP, new Map([[INCLUSION, [path]]])]]);
  return encode(new Tagged(TAG_SIGN1, [signed.protectedBytes, proofs, null, signed.signature]));
}

/**
 * Verifies a receipt for a leaf with the key of its log. The root is computed from the leaf, and the size of the tree is the one
 * that was signed.
 *
 * @param leaf the data of the leaf, not its hash
 * @throws Fault `log.receipt-form`, `log.wrong-origin`, `log.receipt-size`, `log.no-known-signature`, `log.bad-signature`,
 *   `merkle.index-beyond-size`, `merkle.proof-length`, `ed25519.public-key-length`
 */
export function verifyReceipt(
  receipt: Uint8Array,
  leaf: Uint8Array,
  trust: { readonly origin: string; readonly publicKey: Uint8Array },
): LogReceipt {
  if (trust.publicKey.length !== PUBLIC_KEY_BYTES)
    throw new Fault('ed25519.public-key-length', 'expected a public key of 32 bytes');
  const { head, inclusion, withPayload } = orFault('log.receipt-form', () => readReceipt(receipt));
  if (head.claims.log !== trust.origin)
    throw new Fault('log.wrong-origin', 'the receipt is of another log than expected');
  if (!equalBytes(head.kid, keyThumbprint(trust.publicKey)))
    throw new Fault('log.no-known-signature', 'the receipt is signed with another key');
  const [size, index, proof] = inclusion;
  if (size !== head.size)
    throw new Fault(
      'log.receipt-size',
      'the tree of the proof has another size than the one that was signed',
    );
  const root = rootFrom({ leafHash: leafHash(leaf), index, size, proof });
  const message = orFault('log.receipt-form', () => withPayload(root));
  orFault('log.bad-signature', () => verifySign1(message, trust.publicKey));
  return { origin: head.claims.log, index, size, root };
}

function readReceipt(receipt: Uint8Array) {
  const tagged = decode(receipt, LIMITS);
  const parts = tagged instanceof Tagged && tagged.tag === TAG_SIGN1 ? tagged.value : undefined;
  if (!Array.isArray(parts) || parts.length !== 4) throw formFault('expected tag 18 around an array of four');
  const [protectedBytes, unprotected, payload, signature] = parts as readonly CborValue[];
  if (payload !== null) throw formFault('expected a detached payload');
  if (!(protectedBytes instanceof Uint8Array)) throw formFault('expected a protected header');
  const head = decodeWith(protectedShape, protectedBytes, LIMITS);
  const { proofs } = unprotectedShape.decode(unprotected as CborValue);
  const [path] = proofs.inclusion;
  const inclusion = decodeWith(inclusionShape, path as Uint8Array, LIMITS);
  const withPayload = (root: Uint8Array): Sign1 =>
    decodeSign1(encode(new Tagged(TAG_SIGN1, [protectedBytes, new Map(), root, signature as CborValue])));
  // Its form does not depend on the root: refused before anything is computed.
  withPayload(new Uint8Array(32));
  return { head, inclusion, withPayload };
}

function formFault(message: string): Fault {
  return new Fault('log.receipt-form', message);
}

/** One code, whichever rule of another chapter was found broken first. */
function orFault<T>(code: FaultCode, act: () => T): T {
  try {
    return act();
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown;
    throw new Fault(code, thrown.message, { cause: thrown });
  }
}
