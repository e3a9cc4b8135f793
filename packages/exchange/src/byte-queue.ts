/** Received bytes that no frame has claimed yet, in the chunks in which they came. */
export class ByteQueue {
  #chunks: Uint8Array[] = [];
  /** Bytes of the first chunk that were taken already. */
  #taken = 0;
  #byteLength = 0;

  get byteLength(): number {
    return this.#byteLength;
  }

  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#byteLength += chunk.length;
  }

  /** The first four bytes as a big-endian number, without taking them; undefined while fewer are there. */
  peekUint32(): number | undefined {
    if (this.#byteLength < 4) return undefined;
    let value = 0;
    let chunk = 0;
    let at = this.#taken;
    for (let index = 0; index < 4; index += 1) {
      while (at === (this.#chunks[chunk] as Uint8Array).length) {
        chunk += 1;
        at = 0;
      }
      value = value * 256 + ((this.#chunks[chunk] as Uint8Array)[at] as number);
      at += 1;
    }
    return value;
  }

  /**
   * Takes bytes from the front, copied into an array whose buffer holds nothing else: the socket's buffers are shared
   * and reused, and whoever gets a message may transfer it to a worker.
   */
  take(byteLength: number): Uint8Array {
    const out = new Uint8Array(byteLength);
    this.#advance(byteLength, out);
    return out;
  }

  skip(byteLength: number): void {
    this.#advance(byteLength, undefined);
  }

  clear(): void {
    this.#chunks = [];
    this.#taken = 0;
    this.#byteLength = 0;
  }

  #advance(byteLength: number, out: Uint8Array | undefined): void {
    if (byteLength > this.#byteLength) throw new RangeError('more bytes asked for than are queued');
    let filled = 0;
    let whole = 0;
    while (filled < byteLength) {
      const chunk = this.#chunks[whole] as Uint8Array;
      const size = Math.min(chunk.length - this.#taken, byteLength - filled);
      out?.set(chunk.subarray(this.#taken, this.#taken + size), filled);
      filled += size;
      this.#taken += size;
      if (this.#taken === chunk.length) {
        whole += 1;
        this.#taken = 0;
      }
    }
    if (whole > 0) this.#chunks.splice(0, whole);
    this.#byteLength -= byteLength;
  }
}
