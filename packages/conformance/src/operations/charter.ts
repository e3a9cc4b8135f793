import { toHex } from '@comity/digest';
import { Fault } from '@comity/fault';
import {
  agreedEquivalence,
  decodeStateCard,
  delegatorsOf,
  fingerprint,
  type KeyScope,
  type KeyUsage,
  type VerifiedCharter,
  verifyCharter,
  verifyCharterChain,
  verifyKeyCertificate,
  verifyRecognition,
} from '@comity/identity';
import type { LevelMap } from '@comity/label';
import type { Input } from '../input.ts';
import { knownStatesIn } from '../known-states.ts';
import type { Json, Operations } from '../operation.ts';

/** charter.md §10. */
export const charterOperations: Operations = {
  'charter.verify': (input) => {
    const charter = charterIn(input, 'charter');
    const { expiresAtSeconds } = charter;
    return {
      state: charter.state,
      fingerprint: fingerprint(charter.state),
      code: charter.code,
      names: Object.fromEntries(charter.names),
      keys: charter.rootKeys.map(toHex),
      threshold: charter.threshold,
      nextKeyIds: charter.nextKeyDigests.map(toHex),
      nextThreshold: charter.nextThreshold,
      schemeId: charter.scheme.id,
      legal: charter.legalProfiles,
      contacts: charter.contacts.map(({ role, reachability, languages }) => ({
        role,
        address: reachability,
        languages,
      })),
      issuedAtSeconds: charter.issuedAtSeconds,
      ...(expiresAtSeconds !== undefined && { expiresAtSeconds }),
    };
  },

  'charter.chain': (input) => {
    const charters = input.hexes('charters');
    if (charters.length === 0) throw new Fault('conformance.bad-input', 'in.charters is empty');
    const charter = verifyCharterChain(charters);
    const { state, version, threshold, nextThreshold } = charter;
    return {
      ...{ state, version, threshold, nextThreshold },
      digest: toHex(charter.digest),
      keys: charter.rootKeys.map(toHex),
      nextKeyIds: charter.nextKeyDigests.map(toHex),
    };
  },

  'certificate.verify': (input) => {
    const charter = charterIn(input, 'charter');
    const certificate = verifyKeyCertificate(input.hex('certificate'), charter);
    const { issuer, subject, usage, addresses, depth } = certificate;
    const delegatorIds = delegatorsOf(certificate).map(({ certificateId }) => toHex(certificateId));
    const { issuedAtSeconds, notBeforeSeconds, notAfterSeconds } = certificate;
    return {
      ...{ issuer, subject, usage, issuedAtSeconds, notBeforeSeconds, notAfterSeconds },
      publicKey: toHex(certificate.publicKey),
      keyId: toHex(certificate.kid),
      certificateId: toHex(certificate.certificateId),
      scope: scopeAsJson(certificate.scope),
      ...(addresses !== undefined && { addresses }),
      ...(depth !== undefined && { depth }),
      ...(delegatorIds.length > 0 && { delegatorIds }),
    };
  },

  'recognition.verify': (input) => {
    const issuerCharter = charterIn(input, 'issuer');
    const subjectCharter = input.has('subject') ? charterIn(input, 'subject') : undefined;
    const recognition = verifyRecognition(input.hex('recognition'), issuerCharter, subjectCharter);
    const { issuer, subject, subjectCode, charterDigest, ceiling, categories, community } = recognition;
    const { issuedAtSeconds, notBeforeSeconds, notAfterSeconds } = recognition;
    return {
      ...{ issuer, subject, ceiling, community, issuedAtSeconds, notBeforeSeconds, notAfterSeconds },
      code: subjectCode,
      charterDigest: toHex(charterDigest),
      categories: categories.map(({ set, values }) => ({ set, values })),
      // Without the subject's charter nobody relies on the maps (charter.md 4.6).
      ...(subjectCharter !== undefined && {
        outbound: levelsAsJson(recognition.outbound),
        inbound: levelsAsJson(recognition.inbound),
      }),
    };
  },

  'equivalence.agree': (input) => {
    const [issuer, subject] = [charterIn(input, 'issuer'), charterIn(input, 'subject')];
    const own = verifyRecognition(input.hex('own'), issuer, subject);
    const otherBytes = input.optionalHex('other');
    const other = otherBytes === undefined ? undefined : verifyRecognition(otherBytes, subject);
    const agreed = agreedEquivalence(own, other, { ours: issuer.scheme, theirs: subject.scheme });
    return {
      outbound: levelsAsJson(agreed.outbound),
      inbound: levelsAsJson(agreed.inbound),
      disputed: agreed.disputed,
    };
  },

  'card.verify': (input) => {
    const { charter, certificates, keyState } = decodeStateCard(input.hex('card'));
    return {
      state: charter.state,
      certificateIds: certificates.map(({ certificateId }) => toHex(certificateId)),
      ...(keyState !== undefined && { keyStateVersion: keyState.version }),
      ...(charter.version > 1 && { charterVersion: charter.version }),
    };
  },

  'key.resolve': (input) => {
    const { directory } = knownStatesIn(input);
    const found = directory.resolve(input.hex('keyId'), usageIn(input), input.seconds('atSeconds'));
    return {
      state: found.issuer,
      publicKey: toHex(found.publicKey),
      certificateId: toHex(found.certificateId),
      scope: scopeAsJson(found.scope),
    };
  },
};

const USAGES: ReadonlySet<string> = new Set<KeyUsage>(['record', 'log', 'witness', 'transport']);

export function usageIn(input: Input): KeyUsage {
  const usage = input.text('usage');
  if (!USAGES.has(usage)) throw new Fault('conformance.bad-input', 'in.usage is no usage of a key');
  return usage as KeyUsage;
}

function charterIn(input: Input, name: string): VerifiedCharter {
  return verifyCharter(input.hex(name));
}

function scopeAsJson({ recordTypes, maxClassification }: KeyScope): Json {
  return {
    ...(recordTypes !== undefined && { types: recordTypes }),
    ...(maxClassification !== undefined && { max: maxClassification }),
  };
}

export function levelsAsJson({ levels }: LevelMap): Json {
  return Object.fromEntries(levels);
}
