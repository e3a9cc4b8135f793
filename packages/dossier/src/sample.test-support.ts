// Two states, a record, its log and the ledger in which it was released: everything that a dossier can hold.

import { keyThumbprint } from '@comity/cose';
import { compareBytes, fromHex, sha256 } from '@comity/digest';
import { type LocalSigner, signerFromSeed } from '@comity/ed25519';
import {
  issueCharter,
  issueKeyCertificate,
  issueKeyState,
  type KeyUsage,
  type VerifiedCharter,
  verifyCharter,
} from '@comity/identity';
import { type StateCode, type StateId, schemeFrom } from '@comity/label';
import {
  addSignatureLine,
  cosign,
  encodeLedgerEntry,
  formatCheckpoint,
  formatProof,
  formatVkey,
  ledgerLogName,
  noteVerifier,
  originLogName,
  signCheckpoint,
  witnessName,
} from '@comity/log';
import { inclusionProof, leafHash, rootOf } from '@comity/merkle';
import { issueRecord, type RecordDraft, type View } from '@comity/record';
import type { Dossier, Notification } from './index.ts';

export const AT_SECONDS = 1_795_514_400;
const DAY = 86_400;
const FEDERATION = 'sample';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const signerOf = (name: string): LocalSigner => signerFromSeed(sha256(utf8(name)));

export interface Sample {
  readonly state: StateId;
  readonly charter: VerifiedCharter;
  readonly certificates: readonly Uint8Array[];
  /** All its keys are in use. */
  readonly keyState: Uint8Array;
  readonly keys: Readonly<Record<KeyUsage, LocalSigner>>;
}

async function found(code: string): Promise<Sample> {
  const root = signerOf(`${code} root`);
  const scheme = schemeFrom({
    id: `${code.toLowerCase()}-2026`,
    name: { en: code },
    levels: [{ id: 'open', name: { en: 'Open' }, rank: 0 }],
    categorySets: [],
  });
  const charter = verifyCharter(
    await issueCharter(
      {
        version: 1,
        previous: null,
        code: code as StateCode,
        names: new Map([['en', code]]),
        rootKeys: [root.publicKey],
        threshold: 1,
        nextKeyDigests: [keyThumbprint(signerOf(`${code} next`).publicKey)],
        nextThreshold: 1,
        algorithms: [-19],
        scheme,
        legalProfiles: [],
        contacts: [],
        issuedAtSeconds: AT_SECONDS - DAY,
      },
      [root],
    ),
  );
  const keyOf = (usage: KeyUsage): LocalSigner => signerOf(`${code} ${usage}`);
  const keys = {
    record: keyOf('record'),
    log: keyOf('log'),
    witness: keyOf('witness'),
    transport: keyOf('transport'),
  };
  const certify = (usage: KeyUsage): Promise<Uint8Array> =>
    issueKeyCertificate(
      {
        issuer: charter.state,
        subject: usage,
        usage,
        publicKey: keys[usage].publicKey,
        notBeforeSeconds: AT_SECONDS - DAY,
        notAfterSeconds: AT_SECONDS + 300 * DAY,
        issuedAtSeconds: AT_SECONDS - DAY,
        certificateId: sha256(utf8(`${code} ${usage}`)).subarray(0, 16),
        scope: {},
      },
      charter,
      [root],
    );
  const certificates = await Promise.all((['record', 'log', 'witness'] as const).map(certify));
  const keyState = await issueKeyState(
    {
      issuer: charter.state,
      charterDigest: charter.digest,
      version: 1,
      previous: null,
      live: Object.values(keys)
        .map(({ publicKey }) => keyThumbprint(publicKey))
        .toSorted(compareBytes),
      superseded: [],
      revoked: [],
      issuedAtSeconds: AT_SECONDS - DAY,
      expiresAtSeconds: AT_SECONDS + 10 * DAY,
    },
    charter,
    [root],
  );
  return { state: charter.state, charter, certificates, keyState, keys };
}

export const arcadia: Sample = await found('XAR');
export const borealis: Sample = await found('XBO');

/** An incident of Arcadia, or a record of its that withdraws another. */
export async function issue(name: string, more: Partial<RecordDraft> = {}): Promise<View> {
  const label = { scheme: arcadia.charter.scheme.id, classification: 'open' };
  let block = 0;
  const { view } = await issueRecord(
    {
      type: 'incident',
      subjectId: name,
      supersedes: [],
      envelope: label,
      overall: label,
      fields: [{ name: 'title', label, content: { kind: 'value', value: name } }],
      ...more,
    },
    {
      issuer: arcadia.state,
      scheme: arcadia.charter.scheme,
      atSeconds: AT_SECONDS,
      entropy: (length) => sha256(utf8(`${name} ${block++}`)).subarray(0, length),
      signer: arcadia.keys.record,
    },
  );
  return view;
}

const lastLine = (note: string): string => note.slice(note.lastIndexOf('\u2014'));

/** A log proof of one of these leaves, cosigned where a line is added. */
async function proofOf(
  origin: string,
  leaves: readonly Uint8Array[],
  index: number,
  cosignature: (text: string) => Promise<string | undefined>,
): Promise<{ readonly proof: string; readonly text: string }> {
  const hashes = leaves.map(leafHash);
  const checkpoint = { origin, size: leaves.length, root: rootOf(hashes) };
  const text = formatCheckpoint(checkpoint);
  const signed = await signCheckpoint(checkpoint, arcadia.keys.log);
  const line = await cosignature(text);
  const lines = [lastLine(signed), ...(line === undefined ? [] : [line])].toSorted();
  const [first = '', ...others] = lines;
  const note = others.reduce((so, each) => addSignatureLine(so, each), `${text}\n${first}`);
  const reader = (level: number, at: number): Uint8Array =>
    rootOf(hashes.slice(at * 2 ** level, (at + 1) * 2 ** level));
  return {
    proof: formatProof({
      index,
      hashes: await inclusionProof(index, leaves.length, reader),
      checkpoint: note,
    }),
    text,
  };
}

export const told: View = await issue('hospital');
const id = (view: View): Uint8Array => fromHex(view.header.id);

export const RECEIVED_SECONDS = AT_SECONDS - 10;

/** A dossier in which nothing is wrong. */
export async function whole(): Promise<Dossier> {
  const others = [await issue('a'), await issue('b')];
  const leaves = [...others.map(id), id(told)];
  const byBorealis = (text: string): Promise<string> =>
    cosign(text, RECEIVED_SECONDS, witnessName(FEDERATION, borealis.state), borealis.keys.witness);
  const logged = await proofOf(originLogName(FEDERATION, arcadia.state), leaves, 2, byBorealis);
  const entry = encodeLedgerEntry({
    kind: 'release',
    recordId: id(told),
    disclosures: [...told.disclosures.keys()].map(fromHex),
    atSeconds: AT_SECONDS - 20,
    mode: 'push',
    purpose: 'incident-response',
  });
  const ledger = ledgerLogName(FEDERATION, arcadia.state, borealis.state);
  const released = await proofOf(ledger, [entry], 0, () => Promise.resolve(undefined));
  const notification: Notification = {
    sender: arcadia.state,
    recipient: borealis.state,
    entry,
    proof: released.proof,
    receipt: await byBorealis(released.text),
  };
  return {
    federation: FEDERATION,
    charters: [arcadia.charter.bytes, borealis.charter.bytes],
    certificates: [...arcadia.certificates, ...borealis.certificates],
    records: [{ record: told.bytes, disclosures: [...told.disclosures.values()], proof: logged.proof }],
    notifications: [notification],
    keyStates: [arcadia.keyState],
  };
}

/** Borealis is enough. */
export const POLICY = `witness borealis ${formatVkey(
  noteVerifier(witnessName(FEDERATION, borealis.state), 'cosignature', borealis.keys.witness.publicKey),
)}\nquorum borealis\n`;
