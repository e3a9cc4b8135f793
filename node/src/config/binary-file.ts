import { readFileSync, statSync } from 'node:fs';
import { Fault } from '@comity/fault';
import { type FileKind, tooLarge, unreadable } from './yaml-document.ts';

/**
 * Reads a binary file under a cap.
 *
 * @throws Fault document.unreadable, document.too-large, or config.unreadable, config.too-large
 */
export function readBinaryFile(path: string, maxBytes: number, kind: FileKind): Uint8Array {
  try {
    const { size } = statSync(path);
    if (size > maxBytes) throw tooLarge(path, size, maxBytes, kind);
    return new Uint8Array(readFileSync(path));
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw unreadable(path, cause, kind);
  }
}
