// The workspaces of this repository as data: what they declare, what their files really import.

import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** From the ground up. A package imports only from rows above its own in this list, never from its own row. */
const floors: readonly (readonly string[])[] = [
  ['protocol'],
  ['fault'],
  ['digest'],
  ['cbor', 'ed25519', 'merkle'],
  ['label', 'cose', 'log'],
  ['identity', 'record'],
  ['disclosure', 'registry', 'query', 'ledger', 'approval', 'fingerprint', 'interop'],
  ['dossier', 'letter'],
  ['store', 'exchange'],
  ['conformance', 'testkit', 'verifier'],
  ['node'],
];

/** Packages that run in a browser: all rows below the store. */
const firstRowWithNode = floors.findIndex((row) => row.includes('store'));
export const browserSafe: readonly string[] = floors.slice(1, firstRowWithNode).flat();

/** Row number of a package; undefined if it was given no place. */
export function floorOf(name: string): number | undefined {
  const floor = floors.findIndex((row) => row.includes(name));
  return floor === -1 ? undefined : floor;
}

/** Path from the root of the repository to text. */
export type Files = ReadonlyMap<string, string>;

export interface SourceFile {
  readonly path: string;
  readonly text: string;
  /** Module specifiers as written, of static, dynamic and type imports. */
  readonly imports: readonly string[];
}

export interface Workspace {
  /** Without the scope: `cbor`. */
  readonly name: string;
  readonly folder: string;
  readonly dependencies: readonly string[];
  readonly devDependencies: readonly string[];
  /** Names of the workspaces that tsconfig.json refers to. */
  readonly references: readonly string[];
  readonly sources: readonly SourceFile[];
  readonly tests: readonly SourceFile[];
}

export interface House {
  readonly workspaces: readonly Workspace[];
  /** Development dependencies of the root, which tests of all workspaces can import. */
  readonly sharedTools: readonly string[];
  /** Names of the workspaces that the root tsconfig.json refers to. */
  readonly references: readonly string[];
}

export const root: string = fileURLToPath(new URL('../../', import.meta.url));

const skipped = new Set(['node_modules', 'dist', 'coverage']);

export function filesOnDisk(): Files {
  const files = new Map<string, string>();
  const visit = (folder: string): void => {
    for (const entry of readdirSync(root + folder, { withFileTypes: true })) {
      const path = folder + entry.name;
      if (entry.isDirectory() && !skipped.has(entry.name)) visit(`${path}/`);
      else if (entry.isFile() && /(\.ts|package\.json|tsconfig\.json)$/.test(path)) {
        files.set(path, readFileSync(root + path, 'utf8'));
      }
    }
  };
  for (const folder of ['packages/', 'node/', 'protocol/', 'tests/']) visit(folder);
  for (const path of ['package.json', 'tsconfig.json']) files.set(path, readFileSync(root + path, 'utf8'));
  return files;
}

export function readHouse(files: Files): House {
  const workspaces = [...files.keys()]
    .filter((path) => /^(packages\/[^/]+|node|protocol|tests)\/package\.json$/.test(path))
    .map((path) => readWorkspace(path.slice(0, -'/package.json'.length), files))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    workspaces,
    sharedTools: Object.keys(readJson(files, 'package.json').devDependencies ?? {}),
    references: readReferences(files, 'tsconfig.json'),
  };
}

function readWorkspace(folder: string, files: Files): Workspace {
  const manifest = readJson(files, `${folder}/package.json`);
  const code = [...files]
    .filter(
      ([path]) => path.startsWith(folder === 'tests' ? 'tests/' : `${folder}/src/`) && path.endsWith('.ts'),
    )
    .map(([path, text]): SourceFile => {
      const imports = ts.preProcessFile(text, true, true).importedFiles.map((file) => file.fileName);
      return { path, text, imports: [...new Set(imports)] };
    });
  const isTest = (file: SourceFile): boolean =>
    folder === 'tests' || /\.(test|bench|long|test-support)\.ts$/.test(file.path);
  return {
    name: folder.split('/').at(-1) ?? folder,
    folder,
    dependencies: Object.keys(manifest.dependencies ?? {}),
    devDependencies: Object.keys(manifest.devDependencies ?? {}),
    references: readReferences(files, `${folder}/tsconfig.json`),
    sources: code.filter((file) => !isTest(file)),
    tests: code.filter(isTest),
  };
}

interface Manifest {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  references?: { path: string }[];
}

function readJson(files: Files, path: string): Manifest {
  return ts.parseConfigFileTextToJson(path, files.get(path) ?? '{}').config;
}

function readReferences(files: Files, path: string): readonly string[] {
  const references = readJson(files, path).references ?? [];
  return references.map((reference) => reference.path.split('/').at(-1) ?? '');
}

/** `cbor` for `@comity/cbor` and for `@comity/cbor/x`; undefined for anything else. */
export function workspaceOf(specifier: string): string | undefined {
  return /^@comity\/([^/]+)/.exec(specifier)?.[1];
}

/** The package that a specifier belongs to; undefined for files of the own package and for what Node brings. */
export function packageOf(specifier: string): string | undefined {
  if (/^[.#]/.test(specifier) || isBuiltin(specifier)) return undefined;
  return /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0];
}

/** Packages that a set of files imports, each once. */
export function packagesOf(files: readonly SourceFile[]): ReadonlySet<string> {
  const packages = files.flatMap((file) => file.imports.map(packageOf));
  return new Set(packages.filter((name) => name !== undefined));
}
