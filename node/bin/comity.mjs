#!/usr/bin/env node
// Starts the command line: from its TypeScript in a checkout, from compiled JavaScript where it is deployed.

import { existsSync } from 'node:fs';
import module from 'node:module';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const source = new URL('../src/cli/main.ts', import.meta.url);
const compiled = new URL('../dist/cli/main.js', import.meta.url);
const setup = new URL('../../.dev/setup.mjs', import.meta.url);

if (existsSync(source) && existsSync(setup)) {
  const { nodeOptions, setUpOrExit } = await import(setup.href);
  const { become } = await import(new URL('become.mjs', setup).href);
  const node = setUpOrExit();
  // The options are there when this file has already handed over once, or was started by a development command.
  if (nodeOptions.every((option) => process.execArgv.includes(option))) {
    const { compileCacheOf, program } = await import(new URL('program.mjs', setup).href);
    const main = await program();
    // Most of what is left of a short command's time goes into compiling; a cache halves it.
    if (process.env.NODE_COMPILE_CACHE === undefined) {
      process.env.NODE_COMPILE_CACHE = compileCacheOf(main);
      module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE);
    }
    await import(pathToFileURL(main).href);
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
