import { Fault, type FaultCode, isFault } from '@comity/fault';
import {
  type KeyDirectory,
  type VerifiedCharter,
  type VerifiedKeyCertificate,
  type VerifiedKeyState,
  type VerifiedRecognition,
  verifyCharters,
  verifyKeyCertificate,
  verifyKeyState,
  verifyRecognition,
} from '@comity/identity';
import type { StateCode, StateId } from '@comity/label';
import { type Store, TABLES } from '@comity/store';
import type { Self } from '../sovereign.ts';
import type { DocumentKind } from './peer-keys.ts';
import { type Peer, type PeerTable, REMOVED } from './peers.ts';
import { isRemoved } from './remove-peer.ts';

/**
 * Everything stored about peers, verified again: rows are this node's own, signatures are not. A peer of which anything is
 * refused is set aside and not served; it never keeps the node, and with it the other peers, from starting.
 */
export async function loadPeers(
  store: Store,
  self: Self,
  directory: KeyDirectory,
  peers: PeerTable,
): Promise<void> {
  const ours = await ourRecognitions(store, self);
  for (const { key, row } of await store.list(TABLES.peers, [])) {
    const [state] = key;
    const code = row.code as StateCode;
    const isGone = await isRemoved(store, state);
    const loading = new Loading(store, self, directory, state);
    const peer = await loading.load(code, row.suspended, ours.get(state));
    const { fault, certificates } = loading;
    if (isGone) peers.setRemoved({ state, code, fault: REMOVED, certificates });
    else if (fault !== undefined) peers.setFaulty({ state, code, fault, certificates });
    else if (peer !== undefined) peers.set(peer);
  }
}

/** One that does not verify is one that is missing: the peer it is about is told of. */
async function ourRecognitions(store: Store, self: Self): Promise<Map<StateId, VerifiedRecognition>> {
  const recognitions: VerifiedRecognition[] = [];
  for (const bytes of await documents(store, self.state, 'recognition')) {
    try {
      recognitions.push(verifyRecognition(bytes, self.charter));
    } catch (error) {
      if (!isFault(error)) throw error;
    }
  }
  return newestBySubject(recognitions);
}

/** What is read of one peer, and the first fault that was met. Without a fault the peer is whole. */
class Loading {
  fault: FaultCode | undefined;
  readonly certificates: VerifiedKeyCertificate[] = [];
  readonly #store: Store;
  readonly #self: Self;
  readonly #directory: KeyDirectory;
  readonly #state: StateId;

  constructor(store: Store, self: Self, directory: KeyDirectory, state: StateId) {
    this.#store = store;
    this.#self = self;
    this.#directory = directory;
    this.#state = state;
  }

  async load(
    code: StateCode,
    suspended: boolean,
    ours: VerifiedRecognition | undefined,
  ): Promise<Peer | undefined> {
    const charter = await this.#loadCharter();
    if (charter === undefined) return undefined;
    const keyState = await this.#loadKeyState(charter);
    await this.#loadCertificates(charter);
    const theirs = this.#each(await this.#documents('recognition'), (bytes) =>
      verifyRecognition(bytes, charter, this.#self.charter),
    );
    if (ours === undefined) {
      this.fault ??= 'store.row-missing';
      return undefined;
    }
    return {
      state: this.#state,
      code,
      charter,
      certificates: this.certificates,
      keyState,
      ours,
      theirs: newestBySubject(theirs).get(this.#self.state),
      suspended,
    };
  }

  async #loadCharter(): Promise<VerifiedCharter | undefined> {
    const bytes = await this.#documents('charter');
    return this.#attempt(() => {
      const charter = verifyCharters(bytes).find(({ state }) => state === this.#state);
      if (charter === undefined) throw new Fault('store.row-missing', 'a peer lacks its charter');
      this.#directory.add(charter, []);
      return charter;
    });
  }

  async #loadKeyState(charter: VerifiedCharter): Promise<VerifiedKeyState | undefined> {
    const [bytes] = await this.#documents('key-state');
    if (bytes === undefined) return undefined;
    return this.#attempt(() => {
      const keyState = verifyKeyState(bytes, charter);
      this.#directory.add(charter, [], { keyState });
      return keyState;
    });
  }

  /** Each for itself: what is wrong with one does not keep records from being read that were signed under another. */
  async #loadCertificates(charter: VerifiedCharter): Promise<void> {
    const verified = this.#each(await this.#documents('certificate'), (bytes) =>
      verifyKeyCertificate(bytes, charter),
    );
    const rank = ({ usage }: VerifiedKeyCertificate): number => (usage === 'record' ? 0 : 1);
    this.#each(
      verified.toSorted((a, b) => rank(a) - rank(b)),
      (certificate) => {
        this.#directory.add(charter, [certificate]);
        this.certificates.push(certificate);
      },
    );
  }

  async #documents(kind: DocumentKind): Promise<Uint8Array[]> {
    try {
      return await documents(this.#store, this.#state, kind);
    } catch (error) {
      this.#note(error);
      return [];
    }
  }

  #each<T, R>(items: readonly T[], step: (item: T) => R): R[] {
    const done: R[] = [];
    for (const item of items) this.#attempt(() => done.push(step(item)));
    return done;
  }

  #attempt<T>(step: () => T): T | undefined {
    try {
      return step();
    } catch (error) {
      this.#note(error);
      return undefined;
    }
  }

  #note(error: unknown): void {
    if (!isFault(error)) throw error;
    this.fault ??= error.code;
  }
}

async function documents(store: Store, state: StateId, kind: DocumentKind): Promise<Uint8Array[]> {
  return (await store.list(TABLES.documents, [state, kind])).map(({ row }) => row.bytes);
}

/** The newest recognition of each state; a later one replaces an earlier one. */
function newestBySubject(recognitions: readonly VerifiedRecognition[]): Map<StateId, VerifiedRecognition> {
  const newest = new Map<StateId, VerifiedRecognition>();
  for (const recognition of recognitions) {
    const known = newest.get(recognition.subject);
    if (known === undefined || known.issuedAtSeconds <= recognition.issuedAtSeconds)
      newest.set(recognition.subject, recognition);
  }
  return newest;
}
