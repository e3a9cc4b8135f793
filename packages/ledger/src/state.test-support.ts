// A state with a record key that orders are signed with, for the tests of this package.

import { keyThumbprint } from '@comity/cose';
import { sha256 } from '@comity/digest';
import { type LocalSigner, signerFromSeed } from '@comity/ed25519';
import {
  issueCharter,
  issueKeyCertificate,
  type KeyDirectory,
  type KeyUsage,
  verifyCharter,
  verifyKeyCertificate,
} from '@comity/identity';
import { type StateCode, type StateId, schemeFrom } from '@comity/label';

export const START = 1_800_000_000;
export const DAY = 86_400;
/** Until when keys are valid. */
export const END: number = START + 100 * DAY;

export interface TestState {
  readonly state: StateId;
  readonly signers: Readonly<Record<'record' | 'log', LocalSigner>>;
}

/** 32 bytes that stand for a name. */
export function named(name: string): Uint8Array {
  return sha256(new TextEncoder().encode(name));
}

/** Founds a state and makes it known. */
export async function found(code: string, directory: KeyDirectory): Promise<TestState> {
  const signer = (name: string): LocalSigner => signerFromSeed(named(`${code} ${name}`));
  const root = signer('root');
  const charter = verifyCharter(
    await issueCharter(
      {
        version: 1,
        previous: null,
        code: code as StateCode,
        names: new Map([['en', code]]),
        rootKeys: [root.publicKey],
        threshold: 1,
        nextKeyDigests: [keyThumbprint(signer('next').publicKey)],
        nextThreshold: 1,
        algorithms: [-19],
        scheme: schemeFrom({
          id: `${code.toLowerCase()}-2026`,
          name: { en: code },
          levels: [{ id: 'open', name: { en: 'Open' }, rank: 0 }],
          categorySets: [],
        }),
        legalProfiles: [],
        contacts: [],
        issuedAtSeconds: START,
      },
      [root],
    ),
  );
  const certify = async (usage: KeyUsage & ('record' | 'log')) => {
    const certificate = {
      issuer: charter.state,
      subject: `key for ${usage}`,
      usage,
      publicKey: signer(usage).publicKey,
      notBeforeSeconds: START,
      notAfterSeconds: END,
      issuedAtSeconds: START,
      certificateId: named(`${code} certificate ${usage}`).subarray(0, 16),
      scope: usage === 'record' ? { recordTypes: ['norm'] } : {},
    };
    return verifyKeyCertificate(await issueKeyCertificate(certificate, charter, [root]), charter);
  };
  directory.add(charter, [await certify('record'), await certify('log')]);
  return { state: charter.state, signers: { record: signer('record'), log: signer('log') } };
}
