/** Where the state of the keys is kept: outside the engine, so that no copy of the engine's files has it. */
export interface KeyFile {
  /** What was written last; undefined where nothing was. */
  read(): Promise<Uint8Array | undefined>;
  /** Replaces it as a whole: afterwards, and after a power cut at any moment, the old state or the new one is there. */
  replace(bytes: Uint8Array): Promise<void>;
  /** Destroys what a replacement that was cut off has left of other states. */
  discardLeftovers(): Promise<void>;
}

/** A key file in memory, for tests and simulations. It outlives the store, as a disk outlives a process. */
export class MemoryKeyFile implements KeyFile {
  bytes: Uint8Array | undefined;

  async read(): Promise<Uint8Array | undefined> {
    return this.bytes?.slice();
  }

  async replace(bytes: Uint8Array): Promise<void> {
    this.bytes = bytes.slice();
  }

  async discardLeftovers(): Promise<void> {}
}
