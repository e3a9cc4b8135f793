import { type Entropy, sha256 } from '@comity/digest';
import { type LocalSigner, signerFromSeed } from '@comity/ed25519';
import {
  type ClassificationScheme,
  type PlainScheme,
  type StateCode,
  type StateId,
  schemeFrom,
} from '@comity/label';
import arcadia from '@comity/protocol/registries/samples/xar.json' with { type: 'json' };
import {
  type AuthorisedRecord,
  authoriseRecord,
  checkWellFormed,
  type DraftContext,
  decodeRecord,
  issueRecord,
  type KeyGrant,
  openView,
  parseDraft,
  type View,
  verifyRecord,
} from './index.ts';

/** The sample state Arcadia, as an issuer in tests. */
export const scheme: ClassificationScheme = schemeFrom(arcadia.scheme as PlainScheme);
export const issuer = 'a1'.repeat(32) as StateId;
export const signer: LocalSigner = signerFromSeed(new Uint8Array(32).fill(7));
/** 2026-11-24T10:00:00Z. */
export const AT_SECONDS = 1_795_514_400;

const STATES: ReadonlyMap<string, StateId> = new Map([
  ['XAR', issuer],
  ['XBO', 'b0'.repeat(32) as StateId],
  ['XCA', 'ca'.repeat(32) as StateId],
]);

export const context: DraftContext = {
  scheme,
  stateOf: (code: StateCode) => STATES.get(code),
  atSeconds: AT_SECONDS,
};

export const grant: KeyGrant = {
  issuer,
  publicKey: signer.publicKey,
  usage: 'record',
  notBeforeSeconds: AT_SECONDS - 86_400,
  notAfterSeconds: AT_SECONDS + 86_400,
  scope: {},
  scheme,
};

/** Bytes that no two calls repeat, the same in every run. */
export function seededEntropy(seed: number): Entropy {
  let block = 0;
  return (byteLength) => {
    const bytes = new Uint8Array(byteLength);
    for (let at = 0; at < byteLength; at += 32) {
      block += 1;
      const digest = sha256(Uint8Array.of(seed >> 8, seed, block >> 16, block >> 8, block));
      bytes.set(digest.subarray(0, Math.min(32, byteLength - at)), at);
    }
    return bytes;
  };
}

/** Issues a draft that a person could have written. */
export async function issue(draft: unknown, seed = 1): Promise<View> {
  const options = { issuer, scheme, atSeconds: AT_SECONDS, entropy: seededEntropy(seed), signer };
  return (await issueRecord(parseDraft(draft, context), options)).view;
}

/** All rungs of the ladder, up to the last. */
export function authorise(bytes: Uint8Array): AuthorisedRecord {
  return authoriseRecord(verifyRecord(checkWellFormed(decodeRecord(bytes)), signer.publicKey), grant);
}

/** A recipient's view: the bytes and disclosures, read anew. */
export function receive(bytes: Uint8Array, disclosures: readonly Uint8Array[]): View {
  return openView(authorise(bytes), disclosures);
}

/** The digest of the part at a path text. */
export function digestOf(view: View, pathText: string): string {
  const part = view.parts.find((each) => each.pathText === pathText);
  if (part === undefined) throw new Error(`no part ${pathText}`);
  return part.digest;
}

export const unclassified = { classification: 'unclassified', tlp: 'GREEN', releasableTo: ['XBO', 'XCA'] };

/** An incident with parts at every depth and three labels. */
export const incidentDraft = {
  type: 'incident',
  subject: '57c4445b-c548-4654-af0b-4be3950d210f',
  label: { classification: 'confidential', tlp: 'AMBER+STRICT', releasableTo: ['XBO'] },
  envelope: { classification: 'unclassified', tlp: 'GREEN', releasableTo: ['XBO', 'XCA'] },
  labels: {
    title: unclassified,
    stage: unclassified,
    indicators: unclassified,
    'indicators[type=email-src]': { classification: 'restricted', tlp: 'AMBER', releasableTo: ['XBO'] },
    victim: { classification: 'restricted', tlp: 'AMBER' },
    'victim.name': { classification: 'confidential', tlp: 'AMBER+STRICT' },
  },
  content: {
    title: { en: 'Ransomware at a hospital', fr: 'Rançongiciel dans un hôpital' },
    stage: 'notification',
    awareAt: '2026-11-23T08:15:00Z',
    classification: {
      rsitClass: 'information-content-security',
      rsitType: 'unauthorised-information-modification',
    },
    sectors: ['health', 'energy/electricity'],
    severity: { scale: 'us-nciss', value: 'high' },
    narrative: {
      external: { en: 'Systems were restored.' },
      internal: { en: 'The backup was encrypted too.' },
    },
    victim: { name: 'Hospital of Saint Alban', country: 'XAR', sector: 'health' },
    indicators: [
      { id: 'i-1', type: 'sha256', value: 'e3b0c44298fc1c149afbf4c8996fb924', toIds: true },
      { id: 'i-2', type: 'email-src', value: 'billing@xn--exmple-cua.example' },
      {
        id: 'i-3',
        type: 'ip-dst|port',
        value: '192.0.2.7|443',
        tags: ['c2'],
        object: { id: 'o-1', name: 'ip-port' },
      },
    ],
    tags: ['ransomware'],
  },
} as const;
