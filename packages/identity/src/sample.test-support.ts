// States for the tests of this package. testkit has richer ones, and stands on this package.

import { type CborValue, encode } from '@comity/cbor';
import { encodeSign, HEADER_TYP, keyThumbprint, type MediaType, signSign } from '@comity/cose';
import { sha256 } from '@comity/digest';
import { type LocalSigner, type Signer, signerFromSeed } from '@comity/ed25519';
import { type ClassificationScheme, type LevelMap, type StateCode, schemeFrom } from '@comity/label';

import { type Charter, issueCharter, type VerifiedCharter, verifyCharter } from './charter.ts';
import {
  issueKeyCertificate,
  type KeyCertificate,
  type KeyUsage,
  type VerifiedKeyCertificate,
  verifyKeyCertificate,
} from './key-certificate.ts';
import type { Recognition } from './recognition.ts';

export const START: number = 1_800_000_000;
export const DAY: number = 86_400;

export function signerOf(name: string): LocalSigner {
  return signerFromSeed(sha256(new TextEncoder().encode(name)));
}

function schemeOf(id: string, levels: readonly string[]): ClassificationScheme {
  return schemeFrom({
    id,
    name: { en: id },
    levels: levels.map((level, rank) => ({ id: level, name: { en: level }, rank })),
    categorySets: [
      { id: 'network', type: 'permissive', values: [{ id: 'csirt', name: { en: 'CSIRT network' } }] },
    ],
  });
}

export const ARCADIAN: ClassificationScheme = schemeOf('xar-2021', [
  'unclassified',
  'restricted',
  'confidential',
  'secret',
]);
export const BOREAL: ClassificationScheme = schemeOf('xbo-2014', [
  'open',
  'reserved',
  'secret',
  'strictly-secret',
]);

export interface Sample {
  readonly code: StateCode;
  readonly rootSigners: readonly LocalSigner[];
  readonly charter: Charter;
}

/** A state with three root keys, two of which have to sign. */
export function sampleOf(code: string, scheme: ClassificationScheme): Sample {
  const rootSigners = [1, 2, 3].map((index) => signerOf(`${code} root ${index}`));
  const charter: Charter = {
    version: 1,
    previous: null,
    code: code as StateCode,
    names: new Map([['en', `State ${code}`]]),
    rootKeys: rootSigners.map(({ publicKey }) => publicKey),
    threshold: 2,
    nextKeyDigests: [1, 2].map((index) => keyThumbprint(signerOf(`${code} next ${index}`).publicKey)),
    nextThreshold: 1,
    algorithms: [-19],
    scheme,
    legalProfiles: ['nis2'],
    contacts: [{ role: 'technical', reachability: 'mailto:duty@csirt.example', languages: ['en'] }],
    issuedAtSeconds: START,
  };
  return { code: code as StateCode, rootSigners, charter };
}

export const arcadia: Sample = sampleOf('XAR', ARCADIAN);
export const borealis: Sample = sampleOf('XBO', BOREAL);

export async function charterOf(sample: Sample): Promise<VerifiedCharter> {
  return verifyCharter(await issueCharter(sample.charter, sample.rootSigners));
}

export function certificateFor(charter: VerifiedCharter, usage: KeyUsage, name: string): KeyCertificate {
  return {
    issuer: charter.state,
    subject: 'National CSIRT',
    usage,
    publicKey: signerOf(name).publicKey,
    notBeforeSeconds: START,
    notAfterSeconds: START + 365 * DAY,
    issuedAtSeconds: START,
    certificateId: sha256(new TextEncoder().encode(`${name} ${usage}`)).subarray(0, 16),
    scope: {},
  };
}

export async function certify(
  sample: Sample,
  charter: VerifiedCharter,
  certificate: KeyCertificate,
): Promise<VerifiedKeyCertificate> {
  return verifyKeyCertificate(await issueKeyCertificate(certificate, charter, sample.rootSigners), charter);
}

export function levelMap(
  from: ClassificationScheme,
  to: ClassificationScheme,
  levels: Record<string, string>,
): LevelMap {
  return { from: from.id, to: to.id, levels: new Map(Object.entries(levels)) };
}

export function recognitionOf(issuer: VerifiedCharter, subject: VerifiedCharter): Recognition {
  const ranked = subject.scheme.levels.map(
    ({ id }, rank) => [issuer.scheme.levels[rank]?.id ?? '', id] as const,
  );
  return {
    issuer: issuer.state,
    subject: subject.state,
    subjectCode: subject.code,
    charterDigest: subject.digest,
    ceiling: issuer.scheme.levels[2]?.id ?? '',
    outbound: levelMap(issuer.scheme, subject.scheme, Object.fromEntries(ranked)),
    inbound: levelMap(
      subject.scheme,
      issuer.scheme,
      Object.fromEntries(ranked.map(([own, other]) => [other, own])),
    ),
    categories: [{ set: 'network', values: ['csirt'] }],
    community: true,
    issuedAtSeconds: START,
    notBeforeSeconds: START,
    notAfterSeconds: START + 365 * DAY,
  };
}

/** Any payload, signed by anybody: what an attacker, or a careless implementation, would send. */
export async function signed(
  mediaType: MediaType | string,
  payload: CborValue,
  signers: readonly Signer[],
): Promise<Uint8Array> {
  const protectedHeader = new Map([[HEADER_TYP, mediaType]]);
  return encodeSign(await signSign({ protectedHeader, payload: encode(payload) }, signers));
}

/** The code that a call is refused with. */
export function codeOf(call: () => unknown): string | undefined {
  try {
    call();
    return undefined;
  } catch (thrown) {
    return (thrown as { code?: string }).code;
  }
}

/** Code and place of each fault that a call is refused with. */
export async function faultsOf(call: () => unknown): Promise<readonly string[]> {
  try {
    await call();
    return [];
  } catch (thrown) {
    const faults = (thrown as { faults?: readonly { code: string; path: readonly unknown[] }[] }).faults;
    if (faults === undefined) throw thrown;
    return faults.map(({ code, path }) => `${code} ${path.join('.')}`);
  }
}
