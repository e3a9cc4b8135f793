import { statSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Suites of whole processes take longest; browsers, properties and corpora follow. Earlier here starts earlier. */
const LONGEST = [
  'tests/crash/',
  'tests/federation/',
  'tests/cli/',
  'tests/adversary/',
  'tests/browser/',
  'tests/fuzz/',
  'node/src/release/preview-reality',
  'packages/disclosure/',
  'packages/store/',
  'tests/',
  'node/',
];

/** Suites across packages that only read and compute. */
const PURE = ['tests/architecture/**/*.test.ts', 'tests/conformance/**/*.test.ts'];

/**
 * Starts what takes longest first, also where no earlier run has left its times: a long file that starts last runs alone while
 * the other processors wait. Within a folder the larger file comes first.
 */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const ranked = files.map((file) => ({ file, rank: rankOf(file), bytes: statSync(file.moduleId).size }));
    return ranked.sort((a, b) => a.rank - b.rank || b.bytes - a.bytes).map(({ file }) => file);
  }
}

function rankOf({ moduleId }: TestSpecification): number {
  const rank = LONGEST.findIndex((part) => moduleId.includes(`/${part}`));
  return rank === -1 ? LONGEST.length : rank;
}

// 'source' makes workspace packages resolve to their TypeScript, so that no build precedes a test.
const conditions = ['source', 'node', 'module', 'development|production'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    projects: [
      // What starts processes or opens sockets has a process of its own for each file.
      {
        extends: true,
        test: {
          name: 'alone',
          include: ['packages/exchange/src/**/*.test.ts', 'tests/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...PURE],
        },
      },
      // The others keep no state in their modules, which are loaded once per worker then: half of the time of these files.
      {
        extends: true,
        test: {
          name: 'together',
          include: ['packages/*/src/**/*.test.ts', 'node/src/**/*.test.ts', ...PURE],
          exclude: ['**/node_modules/**', 'packages/exchange/**'],
          isolate: false,
        },
      },
    ],
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
