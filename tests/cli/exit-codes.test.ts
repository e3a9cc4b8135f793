import { readFile } from 'node:fs/promises';
import { codes } from '@comity/fault';
import registry from '@comity/protocol/registries/exit-codes.json' with { type: 'json' };
import { expect, test } from 'vitest';
import { comity, comityJson } from '../federation/command-line.ts';

// One table of exit codes: the registry. What people read of it elsewhere is the same table.

const README = new URL('../../README.md', import.meta.url);

test('--help has the table', async () => {
  const { stdout } = await comity(['--help']);
  const rows = [...stdout.matchAll(/^ {2,3}(\d+) {2}(.*?) {2,}(.*)$/gm)].map(([, exit, name, summary]) => ({
    exit: Number(exit),
    name,
    summary,
  }));
  expect(rows).toEqual(registry.exits);
});

test('the README has the table', async () => {
  const readme = await readFile(README, 'utf8');
  const rows = [...readme.matchAll(/^\| (\d+) \| (.*) \| (.*) \|$/gm)].map(([, exit, name, summary]) => ({
    exit: Number(exit),
    name,
    summary,
  }));
  expect(rows).toEqual(registry.exits);
});

test('an exit code is explained with the error codes that lead to it', async () => {
  const explained = await comityJson<{ exit: number; name: string; codes: string[] }>(['explain', '21']);
  expect(explained).toMatchObject({ exit: 21, name: 'above clearance' });
  const leading = Object.entries(codes).filter(([, { exit }]) => exit === 21);
  expect(explained.codes.toSorted()).toEqual(leading.map(([code]) => code).toSorted());
  const unknown = await comity(['explain', '99']);
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain('no command ends with 99');
});
