import { DEFAULT_LIMITS, decodeWith, encodeWith, type Shape } from '@comity/cbor';
import {
  decodeSign,
  encodeSign,
  HEADER_TYP,
  MEDIA_TYPES,
  type SignerSignature,
  signSign,
} from '@comity/cose';
import { compareBytes, equalBytes, toHex } from '@comity/digest';
import type { Signer } from '@comity/ed25519';
import { Fault } from '@comity/fault';

import { type Charter, charterShape } from './charter.ts';
import { type KeyCertificate, keyCertificateShape } from './key-certificate.ts';
import { type KeyState, keyStateShape } from './key-state.ts';
import { type Recognition, recognitionShape } from './recognition.ts';

/** What the holders of root keys sign one after another, each on a machine of their own. */
export interface DraftContent {
  readonly charter: Charter;
  readonly keyState: KeyState;
  readonly keyCertificate: KeyCertificate;
  readonly recognition: Recognition;
}

export type DraftKind = keyof DraftContent;

/** A document before anybody has signed it: the exact bytes that everybody signs. */
export interface Draft {
  readonly kind: DraftKind;
  readonly payload: Uint8Array;
}

const SHAPES: { readonly [K in DraftKind]: Shape<DraftContent[K]> } = {
  charter: charterShape,
  keyState: keyStateShape,
  keyCertificate: keyCertificateShape,
  recognition: recognitionShape,
};

/** The bytes of a document that is to be signed. What it says is for the caller to check. @throws Fault `cbor.*` */
export function draftOf<K extends DraftKind>(kind: K, content: DraftContent[K]): Draft {
  return { kind, payload: encodeWith(SHAPES[kind] as Shape<DraftContent[K]>, content, DEFAULT_LIMITS) };
}

/** What a draft says, strictly read. @throws Fault `cbor.*` */
export function readDraft<K extends DraftKind>(kind: K, payload: Uint8Array): DraftContent[K] {
  return decodeWith(SHAPES[kind] as Shape<DraftContent[K]>, payload, DEFAULT_LIMITS);
}

/** The document with the signature of one holder. It is below most thresholds, and counts once it is combined. */
export async function signDraft({ kind, payload }: Draft, signer: Signer): Promise<Uint8Array> {
  const protectedHeader = new Map([[HEADER_TYP, MEDIA_TYPES[kind]]]);
  return encodeSign(await signSign({ protectedHeader, payload }, [signer]));
}

/**
 * One document of several, each of which has signatures over the same bytes; of two by one key the first is taken. Whether
 * they are good, and enough, is for the verifying function of the document to say.
 *
 * @throws Fault `cbor.*`, `cose.*`; `ceremony.other-document` where one signs something else
 */
export function combineSignatures(documents: readonly Uint8Array[]): Uint8Array {
  const [first, ...others] = documents.map((bytes) => decodeSign(bytes, DEFAULT_LIMITS));
  if (first === undefined) throw new Fault('cose.no-signers', 'expected at least one signature');
  const byKid = new Map<string, SignerSignature>();
  for (const each of [first, ...others]) {
    if (!equalBytes(each.payload, first.payload) || !equalBytes(each.protectedBytes, first.protectedBytes))
      throw new Fault('ceremony.other-document', 'a signature is over another document than the others');
    for (const signature of each.signatures) {
      const kid = toHex(signature.kid);
      if (!byKid.has(kid)) byKid.set(kid, signature);
    }
  }
  const signatures = [...byKid.values()].sort((a, b) => compareBytes(a.kid, b.kid));
  return encodeSign({ ...first, signatures });
}
