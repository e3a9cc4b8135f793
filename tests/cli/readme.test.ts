import { spawn } from 'node:child_process';
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../federation/free-port.ts';
import { type ScratchDirectory, scratchDirectory } from '../federation/scratch-directory.ts';

// The block of the README that a newcomer copies is run exactly as it is printed, but for its port numbers: on a developer's
// machine somebody may be listening on those.

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const MARK = '<!-- readme-test: first exchange -->';
/** The port of an address such as 127.0.0.1:7400. */
const PORT = /(?<=\d):(\d{4,5})\b/g;
const DEADLINE_MS = 150_000;

let scratch: ScratchDirectory;
let commands: string[];

beforeAll(async () => {
  scratch = await scratchDirectory();
  const readme = await readFile(`${ROOT}README.md`, 'utf8');
  const block = /```sh\n([\s\S]*?)```/.exec(readme.slice(readme.indexOf(MARK)))?.[1] ?? '';
  const printed = block.split('\n').filter((line) => line !== '');
  commands = await onFreePorts(printed);
  expect(commands.map((line) => line.replaceAll(PORT, ':PORT'))).toEqual(
    printed.map((line) => line.replaceAll(PORT, ':PORT')),
  );
  // `comity` on the PATH is what `npx comity` starts; the examples are where they are in a checkout.
  await mkdir(scratch.at('bin'));
  const launcher = `#!/bin/sh\nexec "${process.execPath}" "${ROOT}node/bin/comity.mjs" "$@"\n`;
  await writeFile(scratch.at('bin/comity'), launcher);
  await chmod(scratch.at('bin/comity'), 0o755);
  await symlink(`${ROOT}node`, scratch.at('node'));
});

afterAll(async () => {
  for (const home of ['a', 'b']) await shell(`comity --home .comity/${home} node stop || true`);
  await scratch[Symbol.asyncDispose]();
});

test('the first exchange takes under ten commands and ends with the record at the other state', async () => {
  expect(commands.length).toBeGreaterThan(0);
  expect(commands.length).toBeLessThan(10);
  // The last command is repeated until the record has arrived: on a busy machine that can take longer than a person types.
  const { output, code } = await shell(commands.slice(0, -1).join('\n'));
  expect(code, output).toBe(0);
  const last = commands.at(-1) ?? '';
  const deadline = Date.now() + DEADLINE_MS;
  let shown = await shell(last);
  while (!shown.output.includes('incident') && Date.now() < deadline) shown = await shell(last);
  expect(shown.output).toContain('Outage of a land registry');
  const record = /^([0-9a-f]{12}) /m.exec(shown.output)?.[1] ?? '';
  const held = await shell(`comity --home .comity/b record show ${record}`);
  expect(held.output).toContain('198.51.100.7');
  expect(held.output).not.toContain('Land Registry');
}, 300_000);

/** The same commands, each port that they name replaced by a free one, the same one everywhere. */
async function onFreePorts(printed: readonly string[]): Promise<string[]> {
  const named = new Set(printed.flatMap((line) => [...line.matchAll(PORT)].map(([, port]) => port)));
  expect(named.size).toBe(2);
  const free = new Map<string | undefined, number>();
  for (const port of named) free.set(port, await freePort());
  return printed.map((line) => line.replaceAll(PORT, (_, port: string) => `:${free.get(port)}`));
}

function shell(script: string): Promise<{ output: string; code: number | null }> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, PATH: `${scratch.at('bin')}${delimiter}${process.env.PATH ?? ''}` };
    const child = spawn('bash', ['-e', '-c', script], {
      cwd: scratch.at('.'),
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.once('error', reject);
    // `exit`, not `close`: the nodes that were started keep the pipes open.
    child.once('exit', (code) => resolve({ output, code }));
  });
}
