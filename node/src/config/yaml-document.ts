import { readFileSync, statSync } from 'node:fs';
import { type DocumentFault, DocumentFaults, Fault } from '@comity/fault';
import {
  type Alias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';

/** A human-written YAML (or JSON) file: its plain value, and where each path of it stands. */
export interface HumanDocument {
  readonly name: string;
  readonly value: unknown;
  /** Line and column (from 1) of the value at a path, or of its nearest ancestor that exists. */
  locate(path: readonly (string | number)[]): { line: number; column: number };
}

/** Drafts, policies and configuration are written by people; nothing they write is near this size. */
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;

const WHY_UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a directory',
};

/** What a file is: the configuration of a node, or one of the documents that commands are given. */
export type FileKind = 'config' | 'document';

const CODES = {
  config: { unreadable: 'config.unreadable', tooLarge: 'config.too-large', syntax: 'config.syntax' },
  document: { unreadable: 'document.unreadable', tooLarge: 'document.too-large', syntax: 'document.syntax' },
} as const;

/** A file that the system does not give us, and why. */
export function unreadable(path: string, cause: unknown, kind: FileKind): Fault {
  const why = cause instanceof Error && 'code' in cause ? String(cause.code) : 'error';
  const fields = { path, why };
  return new Fault(CODES[kind].unreadable, `cannot read ${path}: ${WHY_UNREADABLE[why] ?? why}`, {
    fields,
    cause,
  });
}

/** Reads a YAML or JSON file. @throws Fault as `readTextFile`; DocumentFaults document.syntax, config.syntax */
export function readHumanDocument(path: string, kind: FileKind = 'document'): HumanDocument {
  return parseHumanDocument(readTextFile(path, MAX_DOCUMENT_BYTES, kind), path, kind);
}

/**
 * Reads a text file under a cap, `-` being standard input.
 *
 * @throws Fault document.unreadable, document.too-large, or config.unreadable, config.too-large
 */
export function readTextFile(path: string, maxBytes: number, kind: FileKind = 'document'): string {
  try {
    if (path !== '-') {
      const size = statSync(path).size;
      if (size > maxBytes) throw tooLarge(path, size, maxBytes, kind);
    }
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw unreadable(path, cause, kind);
  }
}

export function tooLarge(path: string, size: number, maxBytes: number, kind: FileKind): Fault {
  return new Fault(CODES[kind].tooLarge, `${path} is ${size} bytes, at most ${maxBytes} are read`, {
    fields: { path, size, maxBytes },
  });
}

/**
 * Parses YAML 1.2 text: duplicate keys, unknown tags and alias bombs are refused.
 *
 * @throws DocumentFaults document.syntax, config.syntax
 */
export function parseHumanDocument(text: string, name: string, kind: FileKind = 'document'): HumanDocument {
  const code = CODES[kind].syntax;
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: true,
    strict: true,
    version: '1.2',
  });
  if (document.errors.length > 0 || document.warnings.length > 0) {
    // What else is wrong where the parser gave up follows from that.
    const gaveUp = document.errors.filter((error) => error.code === 'RESOURCE_EXHAUSTION').slice(-1);
    const told = gaveUp.length > 0 ? gaveUp : [...document.errors, ...document.warnings];
    const faults = told.map((error): DocumentFault => {
      const { line, col } = lines.linePos(error.pos[0]);
      return {
        code,
        path: [],
        message: syntaxText(error),
        place: `${name}:${line}:${col}`,
      };
    });
    throw new DocumentFaults(faults);
  }
  // An alias in a file of ours is a mistake or an attack, never a need.
  const alias = firstAlias(document.contents);
  if (alias !== undefined) {
    const { line, col } = lines.linePos(offsetOf(alias));
    const message = 'aliases are not allowed';
    throw new DocumentFaults([{ code, path: [], message, place: `${name}:${line}:${col}` }]);
  }
  const value: unknown = document.toJS({ maxAliasCount: 0 });
  return {
    name,
    value,
    locate(path) {
      let node: unknown = document.contents;
      let offset = 0;
      for (const step of path) {
        const next = child(node, step);
        if (next === undefined) break;
        offset = next.offset;
        node = next.node;
      }
      const { line, col } = lines.linePos(offset);
      return { line, column: col };
    },
  };
}

function child(node: unknown, step: string | number): { node: unknown; offset: number } | undefined {
  if (isMap(node)) {
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
    if (pair === undefined) return undefined;
    return { node: pair.value, offset: offsetOf(pair.key as Node) };
  }
  if (isSeq(node) && typeof step === 'number') {
    const item = node.items[step];
    return item === undefined ? undefined : { node: item, offset: offsetOf(item as Node) };
  }
  return undefined;
}

function offsetOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

function firstAlias(contents: Node | null): Alias | undefined {
  let first: Alias | undefined;
  visit(contents, {
    Alias: (_, alias) => {
      first = alias;
      return visit.BREAK;
    },
  });
  return first;
}

/** What the parser says in words for programmers, in words for people. */
const PLAIN_WORDS: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  MULTIPLE_DOCS: 'the file holds more than one document',
  RESOURCE_EXHAUSTION: 'the file is nested too deeply',
};

/** The parser's own words otherwise, in one line, without their place: that stands in front. */
function syntaxText({ code, message }: YAMLError): string {
  const line = message.split('\n')[0] ?? '';
  const bare = line.replace(/ at line \d+, column \d+:?$/, '');
  return PLAIN_WORDS[code] ?? `${bare.charAt(0).toLowerCase()}${bare.slice(1)}`;
}

/** The same faults, each with its place as `file:line:column`, for people and editors, from the first line to the last. */
export function placeFaults(document: HumanDocument, faults: DocumentFaults): DocumentFaults {
  const placed = faults.faults.map((fault) => ({ fault, at: document.locate(fault.path) }));
  placed.sort((a, b) => a.at.line - b.at.line || a.at.column - b.at.column);
  return new DocumentFaults(
    placed.map(({ fault, at }) => ({ ...fault, place: `${document.name}:${at.line}:${at.column}` })),
  );
}
