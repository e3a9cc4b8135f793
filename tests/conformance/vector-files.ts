import { readdirSync, readFileSync } from 'node:fs';
import type { Json } from './vectors/vector.ts';

const PROTOCOL = new URL('../../protocol/', import.meta.url);

export interface Vector {
  readonly comment: string;
  readonly clause?: string;
  readonly in: { readonly [name: string]: Json };
  readonly out?: Json;
  readonly code?: string;
}

/** A file of vectors as it stands in the tree (protocol/conformance.md §3). */
export interface VectorsOnDisk {
  /** Below protocol/. */
  readonly path: string;
  readonly topic: string;
  readonly valid: boolean;
  readonly op: string;
  readonly grammar?: { readonly [member: string]: string };
  readonly vectors: readonly Vector[];
}

/** Lines to a driver with their answers (protocol/conformance.md §6); all other files hold vectors of operations. */
const LINES = 'vectors/lines.json';

export function driverLines(): readonly {
  readonly comment: string;
  readonly line: string;
  readonly answer: object;
}[] {
  return JSON.parse(textOfProtocol(LINES)).lines;
}

/** Every file with vectors of protocol/vectors, in the order of their paths. */
export function vectorFiles(): readonly VectorsOnDisk[] {
  return pathsBelow('vectors/')
    .filter((path) => path !== LINES)
    .sort()
    .map((path) => {
      const [, topic = '', kind] = path.split('/');
      return { ...JSON.parse(textOfProtocol(path)), path, topic, valid: kind === 'valid' };
    });
}

export function textOfProtocol(path: string): string {
  return readFileSync(new URL(path, PROTOCOL), 'utf8');
}

function pathsBelow(folder: string): string[] {
  return readdirSync(new URL(folder, PROTOCOL), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? pathsBelow(`${folder}${entry.name}/`) : [`${folder}${entry.name}`],
  );
}
