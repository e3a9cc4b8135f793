/** Where the journal of erasures is kept: outside the engine, so that putting back a copy of the engine's files leaves it. */
export interface JournalFile {
  /** What it holds; undefined where there is none. */
  read(): Promise<Uint8Array | undefined>;
  /** Writes behind the first `atByte` bytes, whatever stood there, and resolves when it is on disk. */
  write(atByte: number, bytes: Uint8Array): Promise<void>;
}

/** A journal file in memory, for tests and simulations. It outlives the store, as a disk outlives a process. */
export class MemoryJournalFile implements JournalFile {
  bytes: Uint8Array | undefined;

  async read(): Promise<Uint8Array | undefined> {
    return this.bytes?.slice();
  }

  async write(atByte: number, bytes: Uint8Array): Promise<void> {
    const before = this.bytes?.subarray(0, atByte) ?? new Uint8Array(0);
    this.bytes = Uint8Array.from([...before, ...bytes]);
  }
}
