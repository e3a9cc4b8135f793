// Two states that write to each other, their officers and a record, for the tests of this package.

import { issueOfficer, type KnownOfficer, type Officer } from '@comity/approval';
import { keyThumbprint } from '@comity/cose';
import { type Entropy, sha256 } from '@comity/digest';
import { type LocalSigner, signerFromSeed } from '@comity/ed25519';
import {
  issueCharter,
  issueKeyCertificate,
  KeyDirectory,
  type VerifiedCharter,
  verifyCharter,
  verifyKeyCertificate,
} from '@comity/identity';
import { type StateCode, schemeFrom } from '@comity/label';
import { issueRecord, type View } from '@comity/record';
import { DhkemX25519HkdfSha256 } from '@hpke/core';

export const START = 1_800_000_000;
export const DAY = 86_400;

/** 32 bytes that stand for a name. */
export function named(name: string): Uint8Array {
  return sha256(new TextEncoder().encode(name));
}

/** As many bytes as are asked for, other ones each time, the same in each run. */
export function entropyOf(name: string): Entropy {
  let block = 0;
  return (length) => {
    const blocks = Array.from({ length: Math.ceil(length / 32) }, () => named(`${name} ${block++}`));
    return Uint8Array.from(blocks.flatMap((bytes) => [...bytes])).subarray(0, length);
  };
}

export interface TestState {
  readonly charter: VerifiedCharter;
  readonly recordSigner: LocalSigner;
}

/** Founds a state and makes it known. */
export async function found(code: string, directory: KeyDirectory): Promise<TestState> {
  const signerOf = (name: string): LocalSigner => signerFromSeed(named(`${code} ${name}`));
  const root = signerOf('root');
  const recordSigner = signerOf('record');
  const charter = verifyCharter(
    await issueCharter(
      {
        version: 1,
        previous: null,
        code: code as StateCode,
        names: new Map([['en', code]]),
        rootKeys: [root.publicKey],
        threshold: 1,
        nextKeyDigests: [keyThumbprint(signerOf('next').publicKey)],
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
  const certificate = await issueKeyCertificate(
    {
      issuer: charter.state,
      subject: 'record',
      usage: 'record',
      publicKey: recordSigner.publicKey,
      notBeforeSeconds: START,
      notAfterSeconds: START + 390 * DAY,
      issuedAtSeconds: START,
      certificateId: named(`${code} certificate`).subarray(0, 16),
      scope: {},
    },
    charter,
    [root],
  );
  directory.add(charter, [verifyKeyCertificate(certificate, charter)]);
  return { charter, recordSigner };
}

export interface TestOfficer {
  readonly known: KnownOfficer;
  /** X25519, 32 bytes. */
  readonly privateKey: Uint8Array;
}

/** Certifies an officer who can be written to. */
export async function enrol(
  { charter, recordSigner }: TestState,
  id: string,
  directory: KeyDirectory,
  change: Partial<Officer> = {},
): Promise<TestOfficer> {
  const kem = new DhkemX25519HkdfSha256();
  const pair = await kem.deriveKeyPair(named(`${charter.state} ${id} seal`));
  const officer = await issueOfficer(
    {
      state: charter.state,
      id,
      name: id,
      roles: ['officer'],
      publicKey: signerFromSeed(named(`${charter.state} ${id}`)).publicKey,
      sealKey: new Uint8Array(await kem.serializePublicKey(pair.publicKey)),
      notBeforeSeconds: START,
      notAfterSeconds: START + 100 * DAY,
      issuedAtSeconds: START,
      certificateId: named(id).subarray(0, 16),
      ...change,
    },
    directory,
    recordSigner,
  );
  return {
    known: { officer, endedAtSeconds: null },
    privateKey: new Uint8Array(await kem.serializePrivateKey(pair.privateKey)),
  };
}

/** An incident with a title, marked TLP:RED, and a summary. */
export async function issue({ charter, recordSigner }: TestState, title: string): Promise<View> {
  const label = { scheme: charter.scheme.id, classification: 'open', tlp: 'RED' } as const;
  const { view } = await issueRecord(
    {
      type: 'incident',
      subjectId: 'flood',
      supersedes: [],
      envelope: label,
      overall: label,
      fields: [
        { name: 'title', label, content: { kind: 'value', value: title } },
        { name: 'summary', label, content: { kind: 'value', value: 'Water in the data centre' } },
      ],
    },
    {
      issuer: charter.state,
      scheme: charter.scheme,
      atSeconds: START + DAY,
      entropy: entropyOf(title),
      signer: recordSigner,
    },
  );
  return view;
}

export { KeyDirectory };
