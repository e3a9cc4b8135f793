import type { CborValue } from '@comity/cbor';
import {
  decodeSign1,
  encodeSign1,
  HEADER_KID,
  HEADER_TYP,
  keyThumbprint,
  MEDIA_TYPES,
  type Sign1,
  signSign1,
  verifySign1,
} from '@comity/cose';
import { equalBytes } from '@comity/digest';
import { Fault, isFault } from '@comity/fault';
import { TABLES } from '@comity/store';
import type { Self, Sovereign } from '../sovereign.ts';

/** Claims of a CWT, as a header (RFC 9597). */
const HEADER_CWT = 15;

/** Name of the setting that holds a version as it was signed. */
export function signedSetting(version: number): string {
  return `policy-signed/${version}`;
}

/** The same, signed with a later key. */
export function signedAgainSetting(version: number): string {
  return `policy-signed-again/${version}`;
}

/** A policy is at most one MiB of text; the rest is header and signature. */
const MAX_SIGNED_BYTES = 1_048_576 + 4_096;

/**
 * A version as it was signed: with the record key in use, or with one that counted when it was applied, by this node's own
 * record of that where the key was revoked later. Signed again with a later key, that counts as well.
 */
export async function signedVersion(
  sovereign: Sovereign,
  version: number,
  appliedAtSeconds: number,
): Promise<Sign1> {
  let refusal: Fault | undefined;
  for (const setting of [signedSetting(version), signedAgainSetting(version)]) {
    const signed = await sovereign.store.get(TABLES.settings, [setting]);
    if (!(signed instanceof Uint8Array)) continue;
    try {
      const sign1 = decodeSign1(signed, { maxBytes: MAX_SIGNED_BYTES });
      verifySign1(sign1, recordKeyOf(sovereign, sign1, appliedAtSeconds));
      return sign1;
    } catch (error) {
      if (!isFault(error)) throw error;
      refusal ??= error;
    }
  }
  throw refusal ?? new Fault('policy.not-as-signed', 'the policy in force is not signed');
}

function recordKeyOf(
  { directory, self, signers }: Sovereign,
  sign1: Sign1,
  appliedAtSeconds: number,
): Uint8Array {
  const { publicKey } = signers.record;
  const kid = sign1.protectedHeader.get(HEADER_KID) as Uint8Array;
  if (equalBytes(kid, keyThumbprint(publicKey))) return publicKey;
  const atSeconds = signedAt(sign1) ?? appliedAtSeconds;
  return directory.resolve(kid, 'record', atSeconds, self.state, atSeconds).publicKey;
}

/** When it was signed, by the node's own word in what it signed. */
export function signedAt({ protectedHeader }: Sign1): number | undefined {
  const claims = protectedHeader.get(HEADER_CWT);
  const seconds = claims instanceof Map ? claims.get(6) : undefined;
  return typeof seconds === 'number' ? seconds : undefined;
}

/** Signs the text of a version with the record key of the state. */
export async function signVersion(
  { self, signers }: { readonly self: Self; readonly signers: Pick<Sovereign['signers'], 'record'> },
  version: number,
  text: string,
  atSeconds: number,
): Promise<Uint8Array> {
  const claims = new Map<number, CborValue>([
    [1, self.state],
    [2, `policy/${version}`],
    [6, atSeconds],
  ]);
  const protectedHeader = new Map<number, CborValue>([
    [HEADER_CWT, claims],
    [HEADER_TYP, MEDIA_TYPES.policy],
  ]);
  const payload = new TextEncoder().encode(text);
  return encodeSign1(await signSign1({ protectedHeader, payload }, signers.record));
}
