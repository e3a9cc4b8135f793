import { execFileSync } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { COMITY } from '../federation/command-line.ts';
import { type ScratchDirectory, scratchDirectory } from '../federation/scratch-directory.ts';

// In a checkout the command line runs from few files that are put together from the sources. Nobody may ever run another
// program than the sources that he sees.

vi.setConfig({ testTimeout: 60_000 });

const PROGRAM = fileURLToPath(new URL('../../.dev/program.mjs', import.meta.url));

let scratch: ScratchDirectory;

beforeEach(async () => {
  scratch = await scratchDirectory();
  for (const folder of ['node/src/cli', 'node/src/jobs', 'node_modules'])
    await mkdir(scratch.at(folder), { recursive: true });
  await writeFile(scratch.at('package.json'), '{"type":"module"}');
  await write('cli/main.ts', "import { said } from '../said.ts'; console.log(said);");
  await write('said.ts', "export const said: string = 'first';");
  await write('jobs/judge-thread.ts', 'export {};');
  await write('jobs/sorting-thread.ts', 'export {};');
});

afterEach(() => scratch[Symbol.asyncDispose]());

const write = (file: string, text: string) => writeFile(scratch.at('node/src', file), text);

const program = (): string =>
  execFileSync(process.execPath, [PROGRAM, scratch.path], { encoding: 'utf8' }).split('\n')[0] ?? '';

const printed = (main: string): string => execFileSync(process.execPath, [main], { encoding: 'utf8' }).trim();

test('the program is put together once, and anew when a source has changed', async () => {
  const first = program();
  expect(first).toContain('node_modules');
  expect(printed(first)).toBe('first');
  expect(program()).toBe(first);
  // Also one that the main file only imports.
  await write('said.ts', "export const said: string = 'changed';");
  const second = program();
  expect(printed(second)).toBe('changed');
  // A node that still runs from the older one may start a thread of it.
  expect(printed(first)).toBe('first');
  await rm(second);
  expect(printed(program())).toBe('changed');
});

test('what imports something that is not there is not put together, nor kept', async () => {
  await write('cli/main.ts', "import { said } from '@comity/nowhere'; console.log(said);");
  expect(program).toThrow(/nowhere/);
  const folder = scratch.at('node_modules/@comity/nowhere');
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}/package.json`, '{"type":"module","exports":"./index.js"}');
  await writeFile(`${folder}/index.js`, "export const said = 'found';");
  expect(printed(program())).toBe('found');
});

test('a module finds what lies beside its source', async () => {
  await write('beside.txt', 'found');
  await write(
    'said.ts',
    "import { readFileSync } from 'node:fs'; export const said = readFileSync(new URL('./beside.txt', import.meta.url), 'utf8');",
  );
  expect(printed(program())).toBe('found');
});

test('the sources run where nothing can be written', async () => {
  await writeFile(scratch.at('node_modules/.cache'), 'in the way');
  expect(program()).toBe(scratch.at('node/src/cli/main.ts'));
});

test('these suites run what is put together', () => {
  expect(COMITY.at(-1)).toMatch(/\.cache\/comity\/program-/);
});
