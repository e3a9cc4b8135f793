#!/usr/bin/env node
// Starts the command line: from its TypeScript in a checkout, from compiled JavaScript where it is deployed.

import { existsSync } from 'node:fs';
import module from 'node:module';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const source = new URL('../src/cli/main.ts', import.meta.url);
const compiled = new URL('../dist/cli/main.js', import.meta.url);
const setup = new URL('../../.dev/setup.mjs', import.meta.url);

if (existsSync(source) && existsSync(setup)) {
  const { nodeOptions, setUpOrExit } = await import(setup.href);
  const { become } = await import(new URL('become.mjs', setup).href);
  const node = setUpOrExit();
  // The options are there when this file has already handed over once, or was started by a development command.
  if (nodeOptions.every((option) => process.execArgv.includes(option))) {
    // Most of the time of a short command goes into compiling; a cache halves it. Inside the checkout, because a folder
    // that others may write, such as the system's temporary one, would let them put code in.
    if (process.env.NODE_COMPILE_CACHE === undefined) {
      process.env.NODE_COMPILE_CACHE = fileURLToPath(
        new URL('../../node_modules/.cache/comity', import.meta.url),
      );
      module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE);
    }
    await import(source.href);
  } else {
    become(node, [...nodeOptions, fileURLToPath(import.meta.url), ...process.argv.slice(2)]);
  }
} else if (existsSync(compiled)) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 12)) {
    await import(compiled.href);
  } else {
    process.stderr.write(`Comity needs Node 22.12 or newer. This is Node ${process.versions.node}.\n`);
    process.exitCode = 3;
  }
} else {
  process.stderr.write('This copy of Comity has neither source nor compiled code. Install it again.\n');
  process.exitCode = 3;
}
