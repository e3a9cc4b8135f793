// Records are verified in browsers by the same code as in the node, and the lower floors compute: same input, same output.
// So they touch neither Node nor a clock, a timer or a source of randomness.

import { isBuiltin } from 'node:module';
import ts from 'typescript';
import { build } from 'vite';
import { describe, expect, test } from 'vitest';
import { browserSafe, filesOnDisk, readHouse, root } from './house.ts';

const bannedGlobals = new Set([
  ...['Buffer', 'process', 'crypto', 'performance', 'require', '__dirname', '__filename'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'],
]);
const bannedMembers = new Set([
  'Date.now',
  'Math.random',
  ...[...bannedGlobals].map((name) => `globalThis.${name}`),
]);

/**
 * What a package asks Node for by a dynamic import where there is no `globalThis.crypto`: in no browser, and in no Node that this
 * runs on. The path of who asks, and what for.
 */
const FALLBACKS: readonly (readonly [RegExp, string])[] = [[/\/@hpke\/common\/esm\/src\//, 'crypto']];

/** What a file uses that a browser-safe package may not, as `line: what`. */
function unsafeUses(text: string): string[] {
  const file = ts.createSourceFile('file.ts', text, ts.ScriptTarget.Latest, true);
  const own = declaredNames(file);
  const found: string[] = [];
  const report = (node: ts.Node, what: string): void => {
    found.push(`${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${what}`);
  };
  for (const { fileName, pos } of ts.preProcessFile(text, true, true).importedFiles) {
    if (isBuiltin(fileName)) found.push(`${file.getLineAndCharacterOfPosition(pos).line + 1}: ${fileName}`);
  }
  const visit = (node: ts.Node): void => {
    const member = memberOf(node);
    if (member !== undefined && bannedMembers.has(member)) report(node, member);
    else if (isDateWithoutArguments(node)) report(node, 'Date()');
    else if (
      ts.isIdentifier(node) &&
      bannedGlobals.has(node.text) &&
      !own.has(node.text) &&
      !isMemberName(node)
    ) {
      report(node, node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** `Date.now` for `Date.now` and for `Date['now']`. */
function memberOf(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node)) return `${node.expression.getText()}.${node.name.text}`;
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
    return `${node.expression.getText()}.${node.argumentExpression.text}`;
  }
  return undefined;
}

/** `new Date()` and `Date()` read the clock; `new Date(milliseconds)` only converts. */
function isDateWithoutArguments(node: ts.Node): boolean {
  if (!ts.isNewExpression(node) && !ts.isCallExpression(node)) return false;
  if (node.expression.getText() !== 'Date') return false;
  return ts.isCallExpression(node) || !node.arguments?.length;
}

/** The name of a property, as in `x.process` or `{ process: 1 }`, refers to no global. */
function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isQualifiedName(parent)) return parent.right === node;
  if (ts.isShorthandPropertyAssignment(parent)) return false;
  return 'name' in parent && parent.name === node;
}

function declaredNames(file: ts.SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    const declares =
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isBindingElement(node) ||
      ts.isFunctionDeclaration(node) ||
      ts.isClassDeclaration(node) ||
      ts.isImportSpecifier(node);
    if (declares && node.name && ts.isIdentifier(node.name)) names.add(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return names;
}

/** What Node brings and a browser bundle of this code would ask for, third-party packages included. */
async function builtinsInBundle(entry: string): Promise<string[]> {
  const found: string[] = [];
  await build({
    root: `${root}tests`,
    configFile: false,
    logLevel: 'silent',
    resolve: { conditions: ['source', 'browser', 'module', 'development|production'] },
    build: { write: false, minify: false, lib: { entry: 'entry', formats: ['es'], fileName: 'entry' } },
    plugins: [
      {
        name: 'watch-builtins',
        enforce: 'pre',
        resolveId(source, importer) {
          if (source.endsWith('entry') && importer === undefined) return `${root}tests/architecture/entry.js`;
          const isFallback = FALLBACKS.some(([by, what]) => by.test(importer ?? '') && what === source);
          if (isBuiltin(source) && !isFallback)
            found.push(`${importer?.replace(root, '')} asks for ${source}`);
          return null;
        },
        load: (id) => (id === `${root}tests/architecture/entry.js` ? entry : null),
      },
    ],
  });
  return found;
}

describe('browser-safe packages', () => {
  const workspaces = readHouse(filesOnDisk()).workspaces.filter(({ name }) => browserSafe.includes(name));

  test('are all there', () => {
    expect(workspaces.map(({ name }) => name)).toEqual([...browserSafe].sort());
  });

  test('use nothing of Node, no clock and no randomness, except in *.node.ts', () => {
    const files = workspaces
      .flatMap(({ sources }) => sources)
      .filter(({ path }) => !path.endsWith('.node.ts'));
    expect(files.flatMap(({ path, text }) => unsafeUses(text).map((use) => `${path}:${use}`))).toEqual([]);
  });

  test('bundle for a browser without anything of Node', async () => {
    const entry = browserSafe.map((name) => `export * as ${name} from '@comity/${name}';`).join('\n');
    expect(await builtinsInBundle(entry)).toEqual([]);
  });
});

describe('an unsafe use is noticed:', () => {
  test.each([
    ["import { createHash } from 'node:crypto';", 'node:crypto'],
    ["import fs from 'fs';", 'fs'],
    ["export { hash } from 'node:crypto';", 'node:crypto'],
    ["const path = await import('node:path');", 'node:path'],
    ['export const b = Buffer.from([]);', 'Buffer'],
    ['export function f(b: Buffer): void {}', 'Buffer'],
    ['export const e = process.env;', 'process'],
    ['export const all = { process };', 'process'],
    ['const { subtle } = crypto;', 'crypto'],
    ['const c = globalThis.crypto;', 'globalThis.crypto'],
    ["const c = globalThis['crypto'];", 'globalThis.crypto'],
    ['const t = Date.now();', 'Date.now'],
    ['const t = new Date();', 'Date()'],
    ['const t = new Date;', 'Date()'],
    ['const t = Date();', 'Date()'],
    ['const r = Math.random();', 'Math.random'],
    ['setTimeout(() => {}, 1);', 'setTimeout'],
    ['const t = performance.now();', 'performance'],
  ])('%s', (text, what) => {
    expect(unsafeUses(text)).toEqual([`1: ${what}`]);
  });

  test.each([
    'export const text = new Date(0).toISOString();',
    'export function run(process: () => void): void { process(); }',
    'export interface Step { process: string }',
    'export const step = { crypto: 1 }.crypto;',
    '// Buffer, process and Date.now() in a comment',
    "export const words = 'process.env and Buffer';",
    "import { Buffer } from './own.ts';\nexport const b = Buffer;",
  ])('but not: %s', (text) => {
    expect(unsafeUses(text)).toEqual([]);
  });

  test('a bundle that asks for Node', async () => {
    const entry = "import { createHash } from 'node:crypto';\nexport default createHash;";
    expect(await builtinsInBundle(entry)).toEqual(['tests/architecture/entry.js asks for node:crypto']);
  });
});
