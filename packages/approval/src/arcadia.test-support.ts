// A state with a record key, its officers and their keys, for the tests of this package.

import { keyThumbprint } from '@comity/cose';
import { sha256, toHex } from '@comity/digest';
import { type LocalSigner, signerFromSeed } from '@comity/ed25519';
import {
  issueCharter,
  issueKeyCertificate,
  type KeyCertificate,
  KeyDirectory,
  type KeyUsage,
  type VerifiedCharter,
  verifyCharter,
  verifyKeyCertificate,
} from '@comity/identity';
import { type StateCode, type StateId, schemeFrom } from '@comity/label';
import type { RecordId } from '@comity/record';
import type { Approval } from './approval.ts';
import { issueOfficer, type Officer, type VerifiedOfficer } from './officer.ts';

export const START = 1_800_000_000;
export const DAY = 86_400;

export function signerOf(name: string): LocalSigner {
  return signerFromSeed(hashOf(name));
}

/** 32 bytes that stand for a name. */
export function hashOf(name: string): Uint8Array {
  return sha256(new TextEncoder().encode(name));
}

export function hexOf(name: string): string {
  return toHex(hashOf(name));
}

export interface Arcadia {
  readonly charter: VerifiedCharter;
  readonly state: StateId;
  readonly recordSigner: LocalSigner;
  /** Knows the charter and the certificates of the record key, for all types and for one. */
  readonly directory: KeyDirectory;
  /** A record key that may sign norms only. */
  readonly normSigner: LocalSigner;
  /** Of the log. */
  readonly logSigner: LocalSigner;
}

export async function foundArcadia(code = 'XAR'): Promise<Arcadia> {
  const root = signerOf(`${code} root`);
  const next = signerOf(`${code} next`);
  const scheme = schemeFrom({
    id: `${code.toLowerCase()}-2026`,
    name: { en: 'Scheme' },
    levels: [{ id: 'open', name: { en: 'Open' }, rank: 0 }],
    categorySets: [],
  });
  const charter = verifyCharter(
    await issueCharter(
      {
        version: 1,
        previous: null,
        code: code as StateCode,
        names: new Map([['en', 'Republic']]),
        rootKeys: [root.publicKey],
        threshold: 1,
        nextKeyDigests: [keyThumbprint(next.publicKey)],
        nextThreshold: 1,
        algorithms: [-19],
        scheme,
        legalProfiles: [],
        contacts: [],
        issuedAtSeconds: START,
      },
      [root],
    ),
  );
  const certify = async (usage: KeyUsage, name: string, scope: KeyCertificate['scope'] = {}) => {
    const signer = signerOf(`${code} ${name}`);
    const bytes = await issueKeyCertificate(
      {
        issuer: charter.state,
        subject: 'node',
        usage,
        publicKey: signer.publicKey,
        notBeforeSeconds: START,
        notAfterSeconds: START + 390 * DAY,
        issuedAtSeconds: START,
        certificateId: hashOf(`${code} ${name}`).subarray(0, 16),
        scope,
      },
      charter,
      [root],
    );
    return { signer, certificate: verifyKeyCertificate(bytes, charter) };
  };
  const record = await certify('record', 'record');
  const norms = await certify('record', 'norms', { recordTypes: ['norm'] });
  const log = await certify('log', 'log');
  const directory = new KeyDirectory();
  directory.add(
    charter,
    [record, norms, log].map(({ certificate }) => certificate),
  );
  return {
    charter,
    state: charter.state,
    recordSigner: record.signer,
    normSigner: norms.signer,
    logSigner: log.signer,
    directory,
  };
}

/** What is certified of an officer; his key is `signerOf(id)`. */
export function officerOf(state: StateId, id: string, change: Partial<Officer> = {}): Officer {
  return {
    state,
    id,
    name: `Officer ${id}`,
    roles: ['officer'],
    publicKey: signerOf(id).publicKey,
    notBeforeSeconds: START,
    notAfterSeconds: START + 390 * DAY,
    issuedAtSeconds: START,
    certificateId: hashOf(id).subarray(0, 16),
    ...change,
  };
}

export function enrol(arcadia: Arcadia, id: string, change: Partial<Officer> = {}): Promise<VerifiedOfficer> {
  return issueOfficer(officerOf(arcadia.state, id, change), arcadia.directory, arcadia.recordSigner);
}

/** What an officer says, a day after the start, for ten days. */
export function approvalOf(state: StateId, officer: string, change: Partial<Approval> = {}): Approval {
  return {
    state,
    officer,
    decision: 'approve',
    recordId: hexOf('record') as RecordId,
    parts: new Set([hexOf('part 1'), hexOf('part 2')]),
    recipient: hexOf('recipient') as StateId,
    mode: 'push',
    purpose: 'coordination',
    rule: 'partners',
    ruleDigest: hexOf('rule'),
    atSeconds: START + DAY,
    notAfterSeconds: START + 11 * DAY,
    ...change,
  };
}
