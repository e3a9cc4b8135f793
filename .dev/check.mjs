// node .dev/check.mjs [STEP…]: the checks that need no behaviour to run. All steps run at once; each prints when it ends.

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { nodeOptions, root } from './setup.mjs';

const bin = (file) => join(root, 'node_modules', file);

const steps = {
  types: [bin('@typescript/native/bin/tsc'), '-b', '--pretty'],
  'test types': [bin('@typescript/native/bin/tsc'), '-p', 'tsconfig.tests.json', '--pretty'],
  biome: [bin('@biomejs/biome/bin/biome'), 'check', '--colors=force'],
  eslint: [bin('eslint/bin/eslint.js'), '--color', '.'],
  architecture: [bin('vitest/vitest.mjs'), 'run', 'tests/architecture'],
};

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !Object.hasOwn(steps, name));
if (unknown.length > 0) {
  process.stderr.write(`Unknown step "${unknown[0]}". There are: ${Object.keys(steps).join(', ')}\n`);
  process.exit(2);
}

const running = new Set();
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    // Ctrl-C reaches the steps by itself; a signal sent to this process alone does not.
    for (const child of running) child.kill('SIGTERM');
  });
}

function run(name) {
  const started = performance.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...nodeOptions, ...steps[name]], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    const output = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk));
    child.on('close', (code) => {
      running.delete(child);
      const passed = code === 0;
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      if (!passed) process.stdout.write(`\n${Buffer.concat(output)}\n`);
      process.stdout.write(`${passed ? 'ok    ' : 'FAILED'} ${name.padEnd(12)} ${seconds.padStart(5)} s\n`);
      resolve(passed);
    });
  });
}

const names = chosen.length > 0 ? chosen : Object.keys(steps);
const results = await Promise.all(names.map(run));
process.exitCode = results.every(Boolean) ? 0 : 1;
