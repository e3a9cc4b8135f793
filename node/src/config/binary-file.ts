import { readFileSync, statSync } from 'node:fs';
import { Fault } from '@comity/fault';
import { unreadable } from './yaml-document.ts';

/** Reads a binary file under a cap. @throws Fault config.unreadable, config.too-large */
export function readBinaryFile(path: string, maxBytes: number): Uint8Array {
  try {
    const { size } = statSync(path);
    if (size > maxBytes)
      throw new Fault('config.too-large', `${path} is ${size} bytes, at most ${maxBytes} are read`, {
        fields: { path, size, maxBytes },
      });
    return new Uint8Array(readFileSync(path));
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw unreadable(path, cause);
  }
}
