import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type KnownOfficer, type OfficerRole, signAct } from '@comity/approval';
import { type LocalSigner, signerFromSeed } from '@comity/ed25519';
import { decodeStateCard, fingerprint, issueRecognition, type VerifiedCharter } from '@comity/identity';
import {
  assertStateCode,
  type ClassificationScheme,
  type PlainScheme,
  type StateId,
  schemeFrom,
  textMapFrom,
} from '@comity/label';
import neutral from '@comity/protocol/registries/schemes/neutral.json' with { type: 'json' };
import { issueRecord, parseDraft, type RecordId, type View } from '@comity/record';
import { WriteSet } from '@comity/store';
import { type Home, homeAt } from './home.ts';
import { initNode } from './init.ts';
import { issueDrafts } from './issue.ts';
import { foundState } from './keys/ceremony.ts';
import { readSeed } from './keys/seed-file.ts';
import { claimOf, claimRecord } from './officers/authorship.ts';
import { enrolProven } from './officers/proven-officer.test-support.ts';
import { openSovereign } from './open.ts';
import { addPeer, type PeerAddition } from './peers/recognise.ts';
import { recognitionOf } from './peers/recognition-terms.ts';
import { applyPolicy } from './policy/policy.ts';
import type { Sovereign } from './sovereign.ts';

/** Another state that the node of a test recognises. It has keys and no node: the test signs in its place. */
export interface ScratchPeer {
  readonly code: string;
  readonly state: StateId;
  readonly signer: LocalSigner;
  readonly logSigner: LocalSigner;
  readonly scheme: ClassificationScheme;
  /** As it was recognised. */
  readonly addition: PeerAddition;
}

/** Where a scratch node lives on, so that a second one can be opened upon the same home. */
export class ScratchNode implements AsyncDisposable {
  readonly home: Home;
  readonly peers: readonly ScratchPeer[];
  readonly #directory: string;
  #author: LocalSigner | undefined;
  sovereign: Sovereign;

  private constructor(directory: string, home: Home, sovereign: Sovereign, peers: readonly ScratchPeer[]) {
    this.#directory = directory;
    this.home = home;
    this.sovereign = sovereign;
    this.peers = peers;
  }

  /** Founds the state XAA with a home in a directory of its own, opened, and lets it recognise the others up to restricted. */
  static async found(codes: readonly string[], now?: () => number): Promise<ScratchNode> {
    const directory = await mkdtemp(join(tmpdir(), 'comity-node-'));
    const home = homeAt(join(directory, 'xaa'));
    await initNode(home, {
      code: 'XAA',
      name: 'State A',
      federationName: 'scratch',
      listen: '127.0.0.1:7400',
      rootKeys: 1,
      threshold: 1,
    });
    const sovereign = await openSovereign(home, now === undefined ? {} : { now });
    const peers: ScratchPeer[] = [];
    for (const code of codes) peers.push(await recognised(sovereign, directory, code));
    return new ScratchNode(directory, home, sovereign, peers);
  }

  /** A policy, written as JSON, which is YAML. */
  async apply(policy: object): Promise<void> {
    await applyPolicy(this.sovereign, { text: JSON.stringify(policy) }, () => {});
  }

  /** Enrols Wilma, who from now on signs that she has written what is issued: as many approve it then as the rules say. */
  async enrolAuthor(): Promise<void> {
    this.#author = signerFromSeed(new Uint8Array(32).fill(0x77));
    await this.enrol('wilma', this.#author.publicKey, ['officer']);
  }

  /** Lets somebody be an officer of the own state for 300 days, as its root key has signed. */
  enrol(
    id: string,
    publicKey: Uint8Array,
    roles: readonly OfficerRole[],
    validDays = 300,
  ): Promise<KnownOfficer> {
    const sealKey = publicKey.slice().fill(0x11, 31);
    return enrolProven(this.sovereign, { id, name: `Officer ${id}`, roles, publicKey, sealKey, validDays });
  }

  /** Issues drafts as the own state, whatever their labels let others do; their ids in the same order. */
  async issue(...drafts: readonly object[]): Promise<RecordId[]> {
    const issued = await issueDrafts(this.sovereign, drafts, { acceptRelay: true }, () => {});
    const ids = issued.map(({ id }) => id as RecordId);
    const author = this.#author;
    if (author !== undefined) for (const id of ids) await this.claim(id, 'wilma', author);
    return ids;
  }

  /** An officer signs that he wrote a record. */
  async claim(record: RecordId, officer: string, signer: LocalSigner): Promise<void> {
    const { self, now } = this.sovereign;
    const act = { state: self.state, officer, ...claimOf(record), atSeconds: now() };
    await claimRecord(this.sovereign, record, await signAct(act, signer));
  }

  /** A record that another state signs; it is not stored. */
  async sign(from: ScratchPeer, draft: object): Promise<View> {
    const { now, self } = this.sovereign;
    const stateOf = (code: string): StateId | undefined =>
      code === self.charter.code ? self.state : this.peers.find((peer) => peer.code === code)?.state;
    const context = { scheme: from.scheme, atSeconds: now(), stateOf, normKindOf: () => undefined };
    const { view } = await issueRecord(parseDraft(draft, context), {
      issuer: from.state,
      scheme: from.scheme,
      atSeconds: now(),
      entropy: (byteLength) => new Uint8Array(randomBytes(byteLength)),
      signer: from.signer,
    });
    return view;
  }

  /** Stores a record that another state signs, as if it had come with that state's ledger. */
  async receive(from: ScratchPeer, draft: object): Promise<View> {
    const { store, now } = this.sovereign;
    const view = await this.sign(from, draft);
    const set = new WriteSet().putRecord({
      header: view.header,
      bytes: view.bytes,
      disclosures: [...view.disclosures.values()],
      source: { peer: from.state, receivedAtSeconds: now(), ledgerIndex: 0 },
    });
    await store.commit(set);
    return view;
  }

  /** Closes the node and opens it again upon the same home. */
  async reopen(now?: () => number): Promise<void> {
    await this.sovereign.close();
    this.sovereign = await openSovereign(this.home, now === undefined ? {} : { now });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.sovereign.close();
    await rm(this.#directory, { recursive: true });
  }
}

async function recognised(sovereign: Sovereign, directory: string, code: string): Promise<ScratchPeer> {
  assertStateCode(code);
  const keys = join(directory, code.toLowerCase());
  const scheme = schemeFrom(neutral.scheme as unknown as PlainScheme);
  const { charter, card } = await foundState({
    keys,
    code,
    names: textMapFrom({ en: `State ${code}` }),
    scheme,
    rootKeys: 1,
    threshold: 1,
    addresses: ['/ip4/127.0.0.1/tcp/7401'],
    atSeconds: sovereign.now(),
    entropy: (byteLength) => new Uint8Array(randomBytes(byteLength)),
  });
  const root = signerFromSeed(readSeed(join(keys, 'root-1.key'), 'root'));
  const addition: PeerAddition = {
    card: Buffer.from(card).toString('base64'),
    fingerprint: fingerprint(decodeStateCard(card).charter.state),
    theirs: await recognitionBy(charter, root, sovereign),
    renew: false,
    ceiling: 'restricted',
    validDays: 365,
  };
  await addPeer(sovereign, addition, () => {});
  return {
    code,
    state: charter.state,
    signer: signerFromSeed(readSeed(join(keys, 'record.key'), 'record')),
    logSigner: signerFromSeed(readSeed(join(keys, 'log.key'), 'log')),
    scheme,
    addition,
  };
}

/** What the other state has signed about this one: each level is what it is called. */
async function recognitionBy(
  charter: VerifiedCharter,
  root: LocalSigner,
  { self, now }: Sovereign,
): Promise<string> {
  const terms = { ceiling: 'restricted', validDays: 365 };
  const recognition = recognitionOf({ ours: charter, theirs: self.charter }, terms, undefined, now());
  const bytes = await issueRecognition(recognition, charter, self.charter, [root]);
  return Buffer.from(bytes).toString('base64');
}
