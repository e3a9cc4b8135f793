import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type Files,
  filesOnDisk,
  floorOf,
  type House,
  packagesOf,
  readHouse,
  type Workspace,
  workspaceOf,
} from './house.ts';

/** Imports that go sideways or up, and packages without a floor. */
function climbing(house: House): string[] {
  return house.workspaces
    .filter(({ name }) => name !== 'tests')
    .flatMap(({ name, sources, tests }) => {
      const floor = floorOf(name);
      if (floor === undefined) return [`${name} has no floor`];
      const isTest = new Set(tests);
      return [...sources, ...tests].flatMap((file) =>
        file.imports.flatMap((specifier) => {
          const target = workspaceOf(specifier);
          // A test may use its own package by name: it sees what others see.
          if (target === undefined || (target === name && isTest.has(file))) return [];
          if (target === 'testkit' && !isTest.has(file))
            return [`${file.path} imports testkit outside a test`];
          return (floorOf(target) ?? Infinity) < floor ? [] : [`${file.path} imports ${target}`];
        }),
      );
    });
}

/** Relative imports that leave the folder of the package. */
function escaping(house: House): string[] {
  return house.workspaces.flatMap(({ folder, sources, tests }) =>
    [...sources, ...tests].flatMap((file) =>
      file.imports
        .filter((specifier) => specifier.startsWith('.'))
        .filter((specifier) => !posix.join(posix.dirname(file.path), specifier).startsWith(`${folder}/`))
        .map((specifier) => `${file.path} imports ${specifier}`),
    ),
  );
}

/** Differences between what a manifest declares and what the files import. */
function misdeclared(house: House): string[] {
  return house.workspaces.flatMap((workspace) => {
    const { name, dependencies, devDependencies, sources, tests } = workspace;
    const inSources = packagesOf(sources);
    const inTests = packagesOf(tests);
    const available = new Set([...dependencies, ...devDependencies, ...house.sharedTools, `@comity/${name}`]);
    const undeclared = [
      ...[...inSources].filter((used) => !dependencies.includes(used)),
      ...[...inTests].filter((used) => !available.has(used)),
    ];
    // The suites under tests/ name some packages only at run time.
    const unused =
      name === 'tests' || isEmpty(workspace)
        ? []
        : [
            ...dependencies.filter((declared) => !inSources.has(declared)),
            ...devDependencies.filter((declared) => !inTests.has(declared)),
          ];
    return [
      ...undeclared.map((other) => `${name} imports ${other} but does not declare it`),
      ...unused.map((other) => `${name} declares ${other} but does not import it`),
    ];
  });
}

/** A package that nobody has begun declares what it may need. */
function isEmpty({ sources }: Workspace): boolean {
  return sources.every((file) => file.text.trim() === 'export {};');
}

/** Differences between the references of a tsconfig.json and the workspaces that the manifest depends on. */
function misreferenced(house: House): string[] {
  const all = house.workspaces.map(({ name }) => name).filter((name) => name !== 'tests');
  return [
    ...compare('the root tsconfig.json', house.references, all),
    ...house.workspaces
      .filter(({ name }) => name !== 'tests')
      .flatMap(({ folder, references, dependencies }) =>
        compare(
          `${folder}/tsconfig.json`,
          references,
          dependencies.map(workspaceOf).filter((name) => name !== undefined),
        ),
      ),
  ];
}

function compare(where: string, present: readonly string[], wanted: readonly string[]): string[] {
  return [
    ...wanted
      .filter((name) => !present.includes(name))
      .map((name) => `${where} lacks a reference to ${name}`),
    ...present
      .filter((name) => !wanted.includes(name))
      .map((name) => `${where} refers to ${name} needlessly`),
  ];
}

describe('the house', () => {
  const house = readHouse(filesOnDisk());

  test('is read', () => {
    expect(house.workspaces.length).toBeGreaterThan(15);
    expect(house.workspaces.flatMap(({ sources }) => sources).length).toBeGreaterThan(15);
  });

  test('imports go down, never sideways', () => {
    expect(climbing(house)).toEqual([]);
  });

  test('relative imports stay in their package', () => {
    expect(escaping(house)).toEqual([]);
  });

  test('manifests declare what is imported, no more and no less', () => {
    expect(misdeclared(house)).toEqual([]);
  });

  test('TypeScript references follow the manifests', () => {
    expect(misreferenced(house)).toEqual([]);
  });
});

describe('a crooked house is noticed:', () => {
  const straight: Files = new Map([
    ['package.json', '{ "devDependencies": { "vitest": "1.0.0" } }'],
    ['tsconfig.json', '{ "references": [{ "path": "packages/cbor" }, { "path": "packages/fault" }] }'],
    ['packages/fault/package.json', '{}'],
    ['packages/fault/src/index.ts', 'export const fault = 1;'],
    ['packages/cbor/package.json', '{ "dependencies": { "@comity/fault": "workspace:*" } }'],
    ['packages/cbor/tsconfig.json', '{ "references": [{ "path": "../fault" }] }'],
    ['packages/cbor/src/index.ts', "import { fault } from '@comity/fault';\nexport const cbor = fault;"],
    ['packages/cbor/src/index.test.ts', "import 'vitest';\nimport '@comity/cbor';\nimport './index.ts';"],
  ]);
  const changed = (path: string, text: string): House => readHouse(new Map([...straight, [path, text]]));

  test('the straight one passes', () => {
    const house = readHouse(straight);
    expect([climbing, escaping, misdeclared, misreferenced].flatMap((rule) => rule(house))).toEqual([]);
  });

  test.each([
    ['upwards', 'packages/fault/src/index.ts', "import { cbor } from '@comity/cbor';", 'cbor'],
    ['to a sibling', 'packages/cbor/src/index.ts', "export * from '@comity/merkle';", 'merkle'],
    ['of types only', 'packages/cbor/src/index.ts', "import type { A } from '@comity/ed25519';", 'ed25519'],
    ['of types in place', 'packages/cbor/src/index.ts', "let a: import('@comity/log').A;", 'log'],
    ['at run time', 'packages/cbor/src/index.ts', "await import('@comity/label');", 'label'],
    ['of the node', 'packages/cbor/src/index.ts', "import '@comity/node';", 'node'],
    ['of itself by name', 'packages/cbor/src/index.ts', "import '@comity/cbor';", 'cbor'],
    ['upwards in a test', 'packages/cbor/src/index.test.ts', "import '@comity/store';", 'store'],
    ['of a package without a floor', 'packages/cbor/src/index.ts', "import '@comity/attic';", 'attic'],
  ])('an import %s', (_what, path, text, target) => {
    expect(climbing(changed(path, text))).toEqual([`${path} imports ${target}`]);
  });

  test('an import in a comment or a string is none', () => {
    const text = "// import '@comity/node';\nexport const text = \"import '@comity/node'\";";
    expect(climbing(changed('packages/cbor/src/index.ts', text))).toEqual([]);
  });

  test('a package without a floor', () => {
    expect(climbing(changed('packages/attic/package.json', '{}'))).toEqual(['attic has no floor']);
  });

  test('testkit in the sources of the node', () => {
    const path = 'node/src/index.ts';
    const house = readHouse(
      new Map([...straight, ['node/package.json', '{}'], [path, "import '@comity/testkit';"]]),
    );
    expect(climbing(house)).toEqual([`${path} imports testkit outside a test`]);
  });

  test('a relative import into another package', () => {
    const path = 'packages/cbor/src/index.ts';
    const house = changed(path, "import '../../fault/src/index.ts';");
    expect(escaping(house)).toEqual([`${path} imports ../../fault/src/index.ts`]);
  });

  test('a dependency that is not declared, and one that is not used', () => {
    expect(
      misdeclared(changed('packages/cbor/src/index.ts', "import 'yaml/x.js';\nimport 'node:fs';")),
    ).toEqual([
      'cbor imports yaml but does not declare it',
      'cbor declares @comity/fault but does not import it',
    ]);
  });

  test('a test tool that is not declared', () => {
    expect(misdeclared(changed('packages/cbor/src/index.test.ts', "import 'fast-check';"))).toEqual([
      'cbor imports fast-check but does not declare it',
    ]);
  });

  test('a reference too few and one too many', () => {
    expect(
      misreferenced(changed('packages/cbor/tsconfig.json', '{ "references": [{ "path": "../log" }] }')),
    ).toEqual([
      'packages/cbor/tsconfig.json lacks a reference to fault',
      'packages/cbor/tsconfig.json refers to log needlessly',
    ]);
    expect(misreferenced(changed('tsconfig.json', '{}'))).toHaveLength(2);
  });
});
