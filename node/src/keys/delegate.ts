import { equalBytes, toHex } from '@comity/digest';
import type { Signer } from '@comity/ed25519';
import { Fault } from '@comity/fault';
import {
  cardOf,
  decodeStateCard,
  encodeStateCard,
  issueDelegatedCertificate,
  KeyDirectory,
  type KeyScope,
  MAX_DELEGATED_SECONDS,
  type VerifiedKeyCertificate,
  type VerifiedStateCard,
} from '@comity/identity';
import type { KeyRequest } from './key-request.ts';

/** What a delegate certifies a key for; what is absent is as in its own certificate. */
export interface Delegation {
  readonly subject?: string | undefined;
  readonly scope: KeyScope;
  /** How far a delegate that is certified may delegate. */
  readonly depth: number;
  readonly atSeconds: number;
  /** How long it is valid; as long as it can be where it is absent. */
  readonly validSeconds?: number | undefined;
  /** How far it begins before now: clocks differ. */
  readonly toleranceSeconds: number;
  /** 16 bytes. */
  readonly certificateId: Uint8Array;
}

/**
 * The certificate by which a delegate certifies keys: of those in the card that are for its key and valid, the one that ends
 * last.
 *
 * @throws Fault keys.not-in-use where the state does not stand by the key, ceremony.no-such-key where no certificate is for it
 */
export function delegatorIn(
  { charter, certificates, keyState }: VerifiedStateCard,
  publicKey: Uint8Array,
  atSeconds: number,
): VerifiedKeyCertificate {
  const [found] = certificates
    .filter(
      (each) =>
        each.usage === 'delegate' &&
        equalBytes(each.publicKey, publicKey) &&
        atSeconds >= each.notBeforeSeconds &&
        atSeconds < each.notAfterSeconds,
    )
    .toSorted((a, b) => b.notAfterSeconds - a.notAfterSeconds);
  if (found === undefined)
    throw new Fault('ceremony.no-such-key', 'no certificate of a delegate in the card is for this key now');
  const known = new KeyDirectory();
  known.add(charter, certificates, { keyState });
  const standing = known.standingOf(found.kid)?.standing ?? 'not-listed';
  if (standing !== 'live') {
    throw new Fault('keys.not-in-use', 'the state does not stand by the key of this delegate any more', {
      fields: { usage: 'delegate', standing },
    });
  }
  return found;
}

/** A delegated certificate, with the card that has it. */
export interface Delegated {
  readonly certificate: VerifiedKeyCertificate;
  readonly card: Uint8Array;
}

/**
 * Has a delegate certify a key that was asked for, and puts the certificate into the card of the state. The card is whole:
 * whoever puts it in force verifies it as every other one.
 *
 * @throws Fault as `delegatorIn`, `issueDelegatedCertificate` and `decodeStateCard`; identity.wrong-issuer where the request
 *   is to another state
 */
export async function delegate(
  bytes: Uint8Array,
  { state, usage, publicKey }: KeyRequest,
  { subject, scope, depth, atSeconds, validSeconds, toleranceSeconds, certificateId }: Delegation,
  signer: Signer,
): Promise<Delegated> {
  const base = decodeStateCard(bytes);
  if (state !== base.charter.state)
    throw new Fault('identity.wrong-issuer', 'the request is to another state than the one of the card');
  const delegator = delegatorIn(base, signer.publicKey, atSeconds);
  const notBeforeSeconds = Math.max(atSeconds - toleranceSeconds, delegator.notBeforeSeconds);
  const longest = Math.min(notBeforeSeconds + MAX_DELEGATED_SECONDS, delegator.notAfterSeconds);
  const certificate = await issueDelegatedCertificate(
    {
      ...{ issuer: state, usage, publicKey, certificateId, notBeforeSeconds },
      subject: subject ?? delegator.subject,
      notAfterSeconds: validSeconds === undefined ? longest : atSeconds + validSeconds,
      issuedAtSeconds: atSeconds,
      scope: { ...delegator.scope, ...scope },
      ...(usage === 'delegate' && { depth }),
    },
    delegator,
    base.charter,
    signer,
  );
  const card = cardOf(base);
  const made = encodeStateCard({ ...card, certificates: [...card.certificates, certificate] });
  const found = decodeStateCard(made).certificates.find((each) => toHex(each.bytes) === toHex(certificate));
  return { certificate: found as VerifiedKeyCertificate, card: made };
}
