import { closeSync, openSync, readSync } from 'node:fs';
import { Fault } from '@comity/fault';
import { type FileKind, tooLarge, unreadable } from './yaml-document.ts';

const PIECE_BYTES = 262_144;

/**
 * The bytes of a file, of which no more are read than it may have: also what has no size, such as a pipe. `-` is standard input.
 *
 * @throws Fault document.unreadable, document.too-large, or config.unreadable, config.too-large
 */
export function readBinaryFile(path: string, maxBytes: number, kind: FileKind): Uint8Array {
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
      if (size > maxBytes) throw tooLarge(path, size, maxBytes, kind);
      pieces.push(piece.subarray(0, count));
    }
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw unreadable(path, cause, kind);
  } finally {
    if (file !== undefined && file !== 0) closeSync(file);
  }
}
