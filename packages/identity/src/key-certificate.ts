import { array, bytes, document, field, int, oneOf, optionalField, type Shape, text } from '@comity/cbor';
import { keyThumbprint } from '@comity/cose';
import { equalBytes } from '@comity/digest';
import type { Signer } from '@comity/ed25519';
import { type DocumentFault, DocumentFaults, Fault } from '@comity/fault';
import { type ClassificationScheme, levelOf, type StateId } from '@comity/label';

import type { VerifiedCharter } from './charter.ts';
import { chartersOf, signingCharter } from './charter-chain.ts';
import { delegationFaults, MAX_DELEGATION_DEPTH } from './delegation.ts';
import {
  confirmationShape,
  duplicateFaults,
  identifierShape,
  lineShape,
  publicKeyFault,
  recordTypeShape,
  stateClaimShape,
  timeShape,
} from './form.ts';
import { decodeDocument, type Quorum, signDocument, verifyQuorum } from './signed-document.ts';
import { validityFaults } from './validity.ts';

/** What a key of a node is for. Each key has exactly one usage (formats.md §5.2 rule 2). */
export type KeyUsage = 'record' | 'log' | 'witness' | 'transport';

/** What a key may be certified for: also to certify others, as a ministry does to which the state delegates. */
export type CertifiedUsage = KeyUsage | 'delegate';

/** What a record key may sign, and what a delegate's keys may. Empty: everything. */
export interface KeyScope {
  readonly recordTypes?: readonly string[];
  /** Level id in the issuer's scheme: the highest classification. */
  readonly maxClassification?: string;
}

/** A state's statement that a key is its own, for one usage and a limited time. */
export interface KeyCertificate {
  readonly issuer: StateId;
  /** The ministry, office or node that holds the key. */
  readonly subject: string;
  readonly usage: CertifiedUsage;
  readonly publicKey: Uint8Array;
  readonly notBeforeSeconds: number;
  /** UTC seconds; no longer valid from this second on. */
  readonly notAfterSeconds: number;
  readonly issuedAtSeconds: number;
  /** 16 bytes, unique among the certificates of the state. */
  readonly certificateId: Uint8Array;
  readonly scope: KeyScope;
  /** Multiaddrs at which the node is reached; transport keys only. */
  readonly addresses?: readonly string[];
  /** Of a delegate alone: how many certificates may stand one below the other under this one. */
  readonly depth?: number;
  /** The certificate of the delegate whose key signs; without one the root keys sign. */
  readonly delegatedBy?: Uint8Array;
}

declare const verified: unique symbol;

/** A key certificate whose signatures and content have been checked. Made by `verifyKeyCertificate` alone. */
export interface VerifiedKeyCertificate extends KeyCertificate {
  readonly [verified]: true;
  /** COSE key thumbprint of `publicKey`, 32 bytes. */
  readonly kid: Uint8Array;
  /** Of a delegated certificate, that of `delegatedBy`. */
  readonly delegator?: VerifiedKeyCertificate;
  /** Version of the charter whose root keys signed, it or the first of those above it. */
  readonly charterVersion: number;
  /** The issuer's scheme, in which `scope.maxClassification` is a level. */
  readonly scheme: ClassificationScheme;
  /** The signed document as received. */
  readonly bytes: Uint8Array;
}

/** Root keys certify operational keys for at most 13 months (formats.md §5.2 rule 2), here 400 days. */
export const MAX_CERTIFICATE_SECONDS: number = 400 * 86_400;

/**
 * Certificates of one state that are known at a time: in force, or needed to read its records. A state certifies about
 * four keys a year; this is what a peer may make others verify, keep and pass between threads.
 */
export const MAX_CERTIFICATES_PER_STATE = 256;

/** Keys on the wire: claims 1 iss, 2 sub, 4 exp, 5 nbf, 6 iat, 7 cti of CWT, 8 cnf {1: COSE_Key}, the others by name. */
/** The form of a key certificate. */
export const keyCertificateShape: Shape<KeyCertificate> = document({
  issuer: field(1, stateClaimShape),
  subject: field(2, lineShape(320)),
  notAfterSeconds: field(4, timeShape),
  notBeforeSeconds: field(5, timeShape),
  issuedAtSeconds: field(6, timeShape),
  certificateId: field(7, bytes(16)),
  publicKey: field(8, confirmationShape),
  usage: field('use', oneOf('record', 'log', 'witness', 'transport', 'delegate')),
  scope: field(
    'scope',
    document({
      recordTypes: optionalField('types', array(recordTypeShape, { min: 1, max: 64 })),
      maxClassification: optionalField('max', identifierShape),
    }),
  ),
  addresses: optionalField(
    'addrs',
    array(text({ maxBytes: 256, pattern: /^(\/[A-Za-z0-9._:%-]+)+$/ }), { min: 1, max: 16 }),
  ),
  depth: optionalField('depth', int(1, MAX_DELEGATION_DEPTH)),
  delegatedBy: optionalField('by', bytes({ min: 1, max: 8_192 })),
});

/**
 * Whom a key certificate names as its issuer, before anything of it is verified: for finding the charter to verify it with.
 *
 * @throws Fault `cbor.*`, `cose.*`, `identity.wrong-document`
 */
export function namedIssuer(bytes: Uint8Array): StateId {
  return decodeDocument('keyCertificate', keyCertificateShape, bytes).content.issuer;
}

/**
 * Which key a key certificate is for, before anything of it is verified: for telling of what the one is that is refused.
 *
 * @returns the thumbprint of the key
 * @throws Fault `cbor.*`, `cose.*`, `identity.wrong-document`
 */
export function namedKey(bytes: Uint8Array): Uint8Array {
  return keyThumbprint(decodeDocument('keyCertificate', keyCertificateShape, bytes).content.publicKey);
}

/**
 * Checks a key certificate with the charter of the state that issued it, or one before it: that whose root keys signed.
 *
 * @throws Fault `cbor.*`, `cose.*`, `identity.wrong-document`, `identity.wrong-issuer`, `identity.forged`;
 *   DocumentFaults with `identity.bad-validity`, `identity.validity-too-long`, `identity.unknown-level`,
 *   `identity.scope-without-record`, `identity.addresses-without-transport`, `identity.key-reused`,
 *   `identity.duplicate-entry`, `identity.depth-without-delegate`, `identity.delegation-*`, `identity.delegated-usage`,
 *   `identity.wrong-usage`, `ed25519.public-key-*`
 */
export function verifyKeyCertificate(bytes: Uint8Array, charter: VerifiedCharter): VerifiedKeyCertificate {
  return verifyBelow(bytes, charter, MAX_DELEGATION_DEPTH);
}

/** @param levels so many certificates may still stand above this one: what is nested deeper is not read */
function verifyBelow(bytes: Uint8Array, charter: VerifiedCharter, levels: number): VerifiedKeyCertificate {
  const decoded = decodeDocument('keyCertificate', keyCertificateShape, bytes);
  const certificate = decoded.content;
  if (certificate.issuer !== charter.state) {
    throw new Fault(
      'identity.wrong-issuer',
      'the certificate names another state as issuer than the charter is of',
    );
  }
  const { delegatedBy } = certificate;
  if (delegatedBy !== undefined && levels === 0) throw tooDeep();
  const delegator = delegatedBy && verifyBelow(delegatedBy, charter, levels - 1);
  const signing = delegator === undefined ? signingCharter(decoded, charter) : undefined;
  verifyQuorum(decoded, signing ?? quorumOf(delegator));
  const faults = [
    ...keyCertificateFaults(certificate, charter),
    ...(delegator === undefined ? [] : delegationFaults(certificate, delegator)),
  ];
  if (faults.length > 0) throw new DocumentFaults(faults);
  const kid = keyThumbprint(certificate.publicKey);
  const { scheme } = charter;
  return Object.freeze({
    ...certificate,
    kid,
    ...(delegator !== undefined && { delegator }),
    charterVersion: signing?.version ?? delegator?.charterVersion,
    scheme,
    bytes,
  }) as VerifiedKeyCertificate;
}

/**
 * Signs a key certificate with the state's root keys and gives it back as `verifyKeyCertificate` accepts it.
 *
 * @throws as `verifyKeyCertificate`, before anything is signed where the content is at fault
 */
export async function issueKeyCertificate(
  certificate: KeyCertificate,
  charter: VerifiedCharter,
  rootSigners: readonly Signer[],
): Promise<Uint8Array> {
  const faults = keyCertificateFaults(certificate, charter);
  if (faults.length > 0) throw new DocumentFaults(faults);
  const bytes = await signDocument('keyCertificate', keyCertificateShape, certificate, rootSigners);
  return verifyKeyCertificate(bytes, charter).bytes;
}

/**
 * Signs a key certificate with the key of a delegate and gives it back as `verifyKeyCertificate` accepts it.
 *
 * @throws as `verifyKeyCertificate`, before anything is signed where the content is at fault; Fault `cose.unknown-signer`
 *   where the key is not the delegate's
 */
export async function issueDelegatedCertificate(
  certificate: Omit<KeyCertificate, 'delegatedBy'>,
  delegator: VerifiedKeyCertificate,
  charter: VerifiedCharter,
  signer: Signer,
): Promise<Uint8Array> {
  const content: KeyCertificate = { ...certificate, delegatedBy: delegator.bytes };
  const faults = [...keyCertificateFaults(content, charter), ...delegationFaults(content, delegator)];
  if (faults.length > 0) throw new DocumentFaults(faults);
  const bytes = await signDocument('keyCertificate', keyCertificateShape, content, [signer]);
  return verifyKeyCertificate(bytes, charter).bytes;
}

/** What is wrong in a key certificate by itself, under this charter. */
export function keyCertificateFaults(
  certificate: KeyCertificate,
  charter: VerifiedCharter,
): readonly DocumentFault[] {
  const { usage, publicKey, scope, addresses, depth, notBeforeSeconds, notAfterSeconds } = certificate;
  const faults = [...publicKeyFault(publicKey, ['publicKey']), ...validityFaults(certificate)];
  const fault = (code: DocumentFault['code'], path: DocumentFault['path'], message: string) =>
    faults.push({ code, path, message });

  // formats.md §7.18: a root key, now or next, signs nothing but documents of the state.
  if (publicKey.length === 32 && isRootKey(publicKey, charter)) {
    fault(
      'identity.key-reused',
      ['publicKey'],
      'this key is a root key of the state, or committed to as the next one',
    );
  }
  if (notAfterSeconds - notBeforeSeconds > MAX_CERTIFICATE_SECONDS) {
    fault(
      'identity.validity-too-long',
      ['notAfterSeconds'],
      `expected at most ${MAX_CERTIFICATE_SECONDS} seconds`,
    );
  }
  if (
    usage !== 'record' &&
    usage !== 'delegate' &&
    (scope.recordTypes !== undefined || scope.maxClassification !== undefined)
  ) {
    fault(
      'identity.scope-without-record',
      ['scope'],
      'expected an empty scope for a key that signs no records',
    );
  }
  if ((usage === 'delegate') !== (depth !== undefined)) {
    fault(
      'identity.depth-without-delegate',
      ['depth'],
      'expected a depth of a delegate, and of no other key',
    );
  }
  if (usage !== 'transport' && addresses !== undefined) {
    fault(
      'identity.addresses-without-transport',
      ['addresses'],
      'expected no addresses for a key that is not for transport',
    );
  }
  if (
    scope.maxClassification !== undefined &&
    levelOf(charter.scheme, scope.maxClassification) === undefined
  ) {
    const path = ['scope', 'maxClassification'];
    fault('identity.unknown-level', path, `expected a level of the scheme ${charter.scheme.id}`);
  }
  return [
    ...faults,
    ...duplicateFaults(scope.recordTypes ?? [], 'identity.duplicate-entry', ['scope', 'recordTypes']),
    ...duplicateFaults(addresses ?? [], 'identity.duplicate-entry', ['addresses']),
  ];
}

function quorumOf(delegator: VerifiedKeyCertificate | undefined): Quorum {
  return { rootKeys: delegator === undefined ? [] : [delegator.publicKey], threshold: 1 };
}

function tooDeep(): Fault {
  return new Fault('identity.delegation-too-deep', 'more than two certificates stand above this one', {
    fields: { most: MAX_DELEGATION_DEPTH },
  });
}

function isRootKey(publicKey: Uint8Array, charter: VerifiedCharter): boolean {
  const kid = keyThumbprint(publicKey);
  return (
    chartersOf(charter).some(({ rootKeys }) => rootKeys.some((key) => equalBytes(key, publicKey))) ||
    charter.nextKeyDigests.some((digest) => equalBytes(digest, kid))
  );
}
