import { keyThumbprint } from '@comity/cose';
import { type LocalSigner, signerFromSeed } from '@comity/ed25519';
import {
  encodeStateCard,
  issueCharter,
  issueKeyCertificate,
  type KeyUsage,
  type VerifiedCharter,
  type VerifiedKeyCertificate,
  type VerifiedRecognition,
  verifyCharter,
  verifyKeyCertificate,
} from '@comity/identity';
import {
  assertStateCode,
  type ClassificationScheme,
  type StateCode,
  type StateId,
  schemeFrom,
  textMapFrom,
} from '@comity/label';

import { seededEntropy } from './entropy.ts';
import type { SampleData } from './sample-data.ts';

const DAY_SECONDS = 86_400;

/** Certificates and recognitions of the sample states last a year from the day before they are made. */
export const SAMPLE_VALIDITY_SECONDS: number = 365 * DAY_SECONDS;

const USAGES: readonly KeyUsage[] = ['record', 'log', 'witness', 'transport'];

/** A state with everything it holds itself, private keys included. */
export interface SampleState {
  readonly state: StateId;
  readonly code: StateCode;
  readonly scheme: ClassificationScheme;
  readonly charter: VerifiedCharter;
  /** Three, two of which have to sign. */
  readonly rootSigners: readonly LocalSigner[];
  /** The keys that the charter commits to for the next one. */
  readonly nextRootSigners: readonly LocalSigner[];
  readonly signers: Readonly<Record<KeyUsage, LocalSigner>>;
  readonly certificates: Readonly<Record<KeyUsage, VerifiedKeyCertificate>>;
  /** The bytes of its state card: charter and certificates. */
  readonly card: Uint8Array;
  /** Its recognitions of the other sample states, by their ids. */
  readonly recognitions: ReadonlyMap<StateId, VerifiedRecognition>;
}

/** A sample state before it has recognised anybody. */
export async function foundSampleState(
  data: SampleData,
  seed: string,
  atSeconds: number,
): Promise<Omit<SampleState, 'recognitions'>> {
  const signer = (name: string): LocalSigner =>
    signerFromSeed(seededEntropy(`${seed}/${data.code}/${name}`)(32));
  const rootSigners = [1, 2, 3].map((index) => signer(`root ${index}`));
  const nextRootSigners = [1, 2, 3].map((index) => signer(`next root ${index}`));
  const code: string = data.code;
  assertStateCode(code);
  const charterBytes = await issueCharter(
    {
      version: 1,
      previous: null,
      code,
      names: textMapFrom(data.name),
      rootKeys: rootSigners.map(({ publicKey }) => publicKey),
      threshold: 2,
      nextKeyDigests: nextRootSigners.map(({ publicKey }) => keyThumbprint(publicKey)),
      nextThreshold: 2,
      algorithms: [-19],
      scheme: schemeFrom(data.scheme),
      legalProfiles: data.legalProfiles,
      contacts: data.contacts,
      issuedAtSeconds: atSeconds - DAY_SECONDS,
    },
    rootSigners,
  );
  const charter = verifyCharter(charterBytes);
  const holders = await Promise.all(
    USAGES.map(async (usage) => {
      const holder = signer(usage);
      const bytes = await issueKeyCertificate(
        {
          issuer: charter.state,
          subject: data.issuer[usage],
          usage,
          publicKey: holder.publicKey,
          notBeforeSeconds: atSeconds - DAY_SECONDS,
          notAfterSeconds: atSeconds - DAY_SECONDS + SAMPLE_VALIDITY_SECONDS,
          issuedAtSeconds: atSeconds - DAY_SECONDS,
          certificateId: seededEntropy(`${seed}/${data.code}/certificate ${usage}`)(16),
          scope: {},
          ...(usage === 'transport' && { addresses: data.addresses }),
        },
        charter,
        rootSigners,
      );
      return [usage, holder, verifyKeyCertificate(bytes, charter)] as const;
    }),
  );
  const certificates = Object.fromEntries(holders.map(([usage, , certificate]) => [usage, certificate]));
  return {
    state: charter.state,
    code,
    scheme: charter.scheme,
    charter,
    rootSigners,
    nextRootSigners,
    signers: Object.fromEntries(holders.map(([usage, holder]) => [usage, holder])) as SampleState['signers'],
    certificates: certificates as SampleState['certificates'],
    card: encodeStateCard({ charter: charter.bytes, certificates: holders.map(([, , { bytes }]) => bytes) }),
  };
}
