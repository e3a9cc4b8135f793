// node .dev/run.mjs NAME [arguments]: sets up if need be, then runs a development command under the pinned Node.

import { join } from 'node:path';
import process from 'node:process';
import { follow } from './become.mjs';
import { nodeOptions, root, setUpOrExit } from './setup.mjs';

/** The script behind a command of an installed package. */
const bin = (name, file) => join(root, 'node_modules', name, file);

const commands = {
  start: ['node/bin/comity.mjs', 'demo'],
  test: [bin('vitest', 'vitest.mjs'), 'run'],
  'test:long': [bin('vitest', 'vitest.mjs'), 'run', '--config', 'vitest.long.config.ts'],
  fuzz: ['tests/fuzz/run.ts'],
  bench: ['tests/bench/run.ts'],
  verifier: ['packages/verifier/src/page/write.ts'],
  vectors: ['tests/conformance/vectors/write.ts'],
  conformance: ['tests/conformance/run.ts'],
  check: ['.dev/check.mjs'],
  lint: ['.dev/check.mjs', 'biome', 'eslint'],
  format: [bin('@biomejs/biome', 'bin/biome'), 'check', '--write'],
};

const [name = '', ...rest] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (!command) {
  process.stderr.write(`Unknown command "${name}". There are: ${Object.keys(commands).join(', ')}\n`);
  process.exit(2);
}
const node = setUpOrExit();
process.chdir(root);
follow(node, [...nodeOptions, ...command, ...rest]);
