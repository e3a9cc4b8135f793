import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { nodeConfigJsonSchema } from '../cli/config.ts';
import { cliSchema } from './cli-schema.ts';

// Committed, so that a change of what programs rely on is seen in review. UPDATE_SCHEMAS=1 writes them anew.
test.each([
  ['cli.schema.json', cliSchema],
  ['node-config.schema.json', nodeConfigJsonSchema],
])('protocol/schemas/%s says what the code does', (file, make) => {
  const path = new URL(`../../../protocol/schemas/${file}`, import.meta.url);
  if (process.env.UPDATE_SCHEMAS === '1') writeFileSync(path, `${JSON.stringify(make(), null, 2)}\n`);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(JSON.parse(JSON.stringify(make())));
});
