import { defineConfig, mergeConfig } from 'vitest/config';
import short from './vitest.config.ts';

// What takes longer than a run of all tests should: npm run test:long.
export default mergeConfig(
  { ...short, test: { ...short.test, projects: undefined } },
  defineConfig({
    test: { include: ['tests/**/*.long.ts', 'packages/*/src/**/*.long.ts', 'node/src/**/*.long.ts'] },
  }),
);
