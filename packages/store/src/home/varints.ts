/** Where bytes stop making sense as what they should be. */
export class BrokenFile extends Error {
  readonly atByte: number;
  readonly reason: string;

  constructor(atByte: number, reason: string) {
    super(reason);
    this.atByte = atByte;
    this.reason = reason;
  }
}

/**
 * Reads the variable-length numbers that LevelDB's files are made of, from a place to another. Throws
 * {@link BrokenFile}, which the check that uses it catches.
 */
export class Varints {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  at: number;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes;
    this.#end = end;
    this.at = start;
  }

  get done(): boolean {
    return this.at >= this.#end;
  }

  next(): number {
    let value = 0;
    for (let unit = 1; unit <= 2 ** 42; unit *= 128) {
      const byte = this.at < this.#end ? this.#bytes[this.at] : undefined;
      if (byte === undefined) throw new BrokenFile(this.at, 'number cut off');
      this.at += 1;
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) return value;
    }
    throw new BrokenFile(this.at, 'number too long');
  }

  /** Steps over a byte string that follows its length. */
  skipBytes(): void {
    const length = this.next();
    this.at += length;
  }
}
