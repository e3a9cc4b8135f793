import { randomBytes } from 'node:crypto';
import { Fault } from '@comity/fault';
import type { KeyFile } from './key-file.ts';
import { decodeKeyState, encodeKeyState, type KeyState, MAX_SUBTREES, STORE_TAG_BYTES } from './key-state.ts';
import { KEY_NUMBERS, type KeySource, KeyTree, MAX_ADDED_SUBTREES, NODE_BYTES } from './key-tree.ts';

/** Called with the number of a new revision when it is on disk, before anything else happens to the keys. */
export type Confirm = (revision: number) => Promise<void>;

/** Numbers that are reserved at a time: a write of the file for so many records, and as many left out at each opening. */
const RESERVED_NUMBERS = 2 ** 16;

/**
 * The keys that contents are sealed under, one number for each, and the file that their secrets are in. What is destroyed
 * here is destroyed when the promise resolves: no state with it is left in the file.
 */
export class RecordKeys implements KeySource {
  readonly #file: KeyFile;
  #state: KeyState;
  #next: number;
  #turn: Promise<void> = Promise.resolve();
  #isClosed = false;

  private constructor(file: KeyFile, state: KeyState, next: number) {
    this.#file = file;
    this.#state = state;
    this.#next = next;
  }

  /** Keys from a fresh secret, for a new store. */
  static async create(file: KeyFile): Promise<RecordKeys> {
    const state: KeyState = {
      store: new Uint8Array(randomBytes(STORE_TAG_BYTES)),
      revision: 1,
      destroyedAtRevision: 0,
      reserved: RESERVED_NUMBERS,
      journaled: 0,
      tree: KeyTree.ofRoot(new Uint8Array(randomBytes(NODE_BYTES))),
    };
    await file.replace(encodeKeyState(state));
    return new RecordKeys(file, state, 0);
  }

  /** The keys of a store that is there. @throws Fault `store.keys-missing`, `store.keys-damaged` */
  static async open(file: KeyFile): Promise<RecordKeys> {
    const bytes = await file.read();
    if (bytes === undefined) {
      throw new Fault('store.keys-missing', 'the file of the record keys is missing');
    }
    const state = decodeKeyState(bytes);
    await file.discardLeftovers();
    return new RecordKeys(file, state, state.reserved);
  }

  /** 16 bytes that tell the keys of this store from those of another. */
  get store(): Uint8Array {
    return this.#state.store;
  }

  get revision(): number {
    return this.#state.revision;
  }

  /** The revision in which keys were destroyed last; 0 where none were. */
  get destroyedAtRevision(): number {
    return this.#state.destroyedAtRevision;
  }

  keyOf(number: number): string | undefined {
    return this.#state.tree.keyOf(number);
  }

  /** The keys as they are now, whatever is destroyed later: for whoever reads one moment of the engine. */
  ofNow(): KeySource {
    return this.#state.tree;
  }

  /** Entries that the journal of erasures had when keys were destroyed last. */
  get journaled(): number {
    return this.#state.journaled;
  }

  /** Takes numbers that nobody else gets, and gives the first. Rejects as {@link destroy}, and with `store.keys-exhausted`. */
  async claim(count: number, confirm: Confirm): Promise<number> {
    while (this.#next + count > this.#state.reserved) {
      await this.#inTurn(() => this.#reserve(count, confirm));
    }
    const first = this.#next;
    this.#next += count;
    return first;
  }

  /**
   * Destroys keys. Those that are destroyed already stay so.
   *
   * @param journaled entries that the journal of erasures has: it may never have fewer from then on
   * Rejects with `store.closed`, and with what file and `confirm` reject with; then it is unknown whether they are.
   */
  async destroy(numbers: readonly number[], journaled: number, confirm: Confirm): Promise<void> {
    await this.#inTurn(async () => {
      const revision = this.#state.revision + 1;
      await this.#replace({
        ...this.#state,
        revision,
        destroyedAtRevision: revision,
        journaled,
        tree: this.#state.tree.without(numbers),
      });
      await confirm(revision);
    });
  }

  /** That the file would still be one that can be read without these keys. @throws Fault `store.keys-exhausted` */
  requireRoom(numbers: readonly number[]): void {
    const { tree } = this.#state;
    const isSmall = tree.subtreeCount + numbers.length * MAX_ADDED_SUBTREES <= MAX_SUBTREES;
    if (isSmall || tree.countWithout(numbers) <= MAX_SUBTREES) return;
    throw new Fault('store.keys-exhausted', 'so many keys cannot be destroyed one by one', {
      fields: { count: numbers.length },
    });
  }

  /** Ends what is under way; nothing is written afterwards. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#turn;
  }

  async #reserve(count: number, confirm: Confirm): Promise<void> {
    // Whoever had the turn before may have reserved enough for both.
    if (this.#next + count <= this.#state.reserved) return;
    const reserved = this.#next + Math.max(count, RESERVED_NUMBERS);
    if (reserved > KEY_NUMBERS) {
      throw new Fault('store.keys-exhausted', `all ${KEY_NUMBERS} numbers of keys are used up`);
    }
    const revision = this.#state.revision + 1;
    await this.#replace({ ...this.#state, revision, reserved });
    await confirm(revision);
  }

  async #replace(state: KeyState): Promise<void> {
    await this.#file.replace(encodeKeyState(state));
    this.#state = state;
  }

  /** One at a time: each state is made from the one before. */
  async #inTurn(work: () => Promise<void>): Promise<void> {
    const before = this.#turn;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#turn = promise;
    try {
      await before;
      if (this.#isClosed) throw new Fault('store.closed', 'the store is closed');
      await work();
    } finally {
      resolve();
    }
  }
}
