import { refuseAt } from './refuse.ts';

/** An input with a place in it, and the reading of heads (RFC 8949 §3). What the heads begin is for the decoder. */
export class HeadReader {
  at = 0;
  protected readonly bytes: Uint8Array;
  protected readonly end: number;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.end = bytes.length;
  }

  protected readLength(initial: number, start: number): number {
    const length = this.readArgument(initial, start);
    if (length > this.end - this.at)
      refuseAt('cbor.truncated', start, 'string is longer than the rest of the input');
    return length;
  }

  /**
   * The argument of a head, in its shortest form (cbor.md §3.1, RFC 8949 §4.2.1). Above 2^53 it is rounded: callers
   * compare it with a limit below that.
   */
  protected readArgument(initial: number, start: number): number {
    const bytes = this.bytes;
    const information = initial & 0x1f;
    const at = this.at;
    if (information < 24) return information;
    if (information === 24 && at < this.end && (bytes[at] as number) >= 24) {
      this.at = at + 1;
      return bytes[at] as number;
    }
    if (information > 27) this.refuseInformation(initial, information, start);
    const width = 1 << (information - 24);
    if (width > this.end - at) refuseAt('cbor.truncated', start, 'input ends inside a head');
    this.at = at + width;
    let argument = bytes[at] as number;
    let smallest = 24;
    if (width > 1) {
      argument = (argument << 8) | (bytes[at + 1] as number);
      smallest = 0x100;
    }
    if (width > 2) {
      argument = ((argument << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number)) >>> 0;
      smallest = 0x1_0000;
    }
    if (width > 4) {
      const low =
        ((bytes[at + 4] as number) << 24) |
        ((bytes[at + 5] as number) << 16) |
        ((bytes[at + 6] as number) << 8) |
        (bytes[at + 7] as number);
      argument = argument * 0x1_0000_0000 + (low >>> 0);
      smallest = 0x1_0000_0000;
    }
    if (argument < smallest) refuseAt('cbor.not-shortest', start, 'head is longer than its value needs');
    return argument;
  }

  private refuseInformation(initial: number, information: number, start: number): never {
    const major = initial >> 5;
    if (information === 31 && major >= 2 && major <= 5) {
      refuseAt('cbor.indefinite-length', start, 'indefinite length');
    }
    return refuseAt('cbor.reserved', start, 'reserved additional information');
  }
}
