import { closeSync, openSync, readSync } from 'node:fs';
import { Fault } from '@comity/fault';
import { tooLarge, unreadable } from './yaml-document.ts';

const PIECE_BYTES = 1_048_576;

/**
 * The bytes of a file, of which no more are read than it may have: also a pipe ends, or is refused. `-` is standard input.
 *
 * @throws Fault document.unreadable, document.too-large
 */
export function readBoundedFile(path: string, maxBytes: number): Uint8Array {
  let file: number | undefined;
  try {
    file = path === '-' ? 0 : openSync(path, 'r');
    const pieces: Buffer[] = [];
    let size = 0;
    for (;;) {
      const piece = Buffer.allocUnsafe(PIECE_BYTES);
      const count = readSync(file, piece, 0, piece.length, null);
      if (count === 0) return new Uint8Array(Buffer.concat(pieces, size));
      size += count;
      if (size > maxBytes) throw tooLarge(path, size, maxBytes, 'document');
      pieces.push(piece.subarray(0, count));
    }
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw unreadable(path, cause, 'document');
  } finally {
    if (file !== undefined && file !== 0) closeSync(file);
  }
}
