import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verification } from '@comity/node';
import { formatReport, timeText, trustId, verifyFile } from '@comity/verifier';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { comity } from '../federation/command-line.ts';

// The command as its users run it: a process that has no home, no node and no network.

interface Vector {
  readonly comment: string;
  readonly in: { readonly dossier: string; readonly anchors: readonly string[]; readonly atSeconds: number };
}

function vectors(name: string): readonly Vector[] {
  const path = new URL(`../../protocol/vectors/dossier/${name}.json`, import.meta.url);
  return (JSON.parse(readFileSync(path, 'utf8')) as { vectors: Vector[] }).vectors;
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'comity-verify-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const told = vectors('valid/notifications')[0] as Vector;
const forged = vectors('valid/record-faults').find(({ comment }) => /signature/.test(comment)) as Vector;

async function fileOf({ in: { dossier } }: Vector): Promise<string> {
  const path = join(folder, 'case.comity');
  await writeFile(path, Buffer.from(dossier, 'hex'));
  return path;
}

const at = ({ in: { atSeconds } }: Vector): string[] => ['--at', timeText(atSeconds)];

test('a dossier that is valid: exit code 0, and the report that a program makes of it', async () => {
  const path = await fileOf(told);
  const { code, stdout, stderr } = await comity([
    '--json',
    '--home',
    join(folder, 'nowhere'),
    'verify',
    path,
    '--trust',
    ...told.in.anchors,
    ...at(told),
  ]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const report = verifyFile(readFileSync(path), {
    trust: told.in.anchors.flatMap((anchor) => trustId(anchor) ?? []),
    atSeconds: told.in.atSeconds,
  });
  expect(stdout).toBe(formatReport(report));
  expect(verification.parse(JSON.parse(stdout))).toMatchObject({ verdict: 'VALID' });
});

test('for people, in their language, with the marking first and last', async () => {
  const path = await fileOf(told);
  const { code, stdout } = await comity([
    'verify',
    path,
    '--language',
    'es',
    '--trust',
    ...told.in.anchors,
    ...at(told),
  ]);
  expect(code).toBe(0);
  const lines = stdout.split('\n').filter((line) => line !== '');
  expect(lines[0]).toContain('TLP:GREEN');
  expect(lines.at(-1)).toBe(lines[0]);
  expect(stdout).toContain('Válido: ');
  expect(stdout).toContain('Retenidas: hasta');
  expect(stdout).toContain('El archivo no contiene prueba de ello. [no-proof]');
});

test('without trust in its issuer: exit code 14', async () => {
  const stranger = '11'.repeat(32);
  const { code, stdout } = await comity(['verify', await fileOf(told), '--trust', stranger, ...at(told)]);
  expect(code).toBe(14);
  expect(stdout).toContain('[no-anchor]');
});

test('a record that was changed: exit code 10, and the code of the check', async () => {
  const { code, stdout } = await comity([
    '--json',
    'verify',
    await fileOf(forged),
    '--trust',
    ...forged.in.anchors,
    ...at(forged),
  ]);
  expect(code).toBe(10);
  expect(verification.parse(JSON.parse(stdout)).verdict).toBe('INVALID');
  expect(stdout).toContain('dossier.forged');
});

test.each<[string, (path: string) => string[], number, string]>([
  ['no file', () => ['/nowhere/case.comity', '--trust', '11'.repeat(32)], 2, '[document.unreadable]'],
  ['a directory', () => [folder, '--trust', '11'.repeat(32)], 2, '[document.unreadable]'],
  ['a file that is no dossier', () => [import.meta.filename, '--trust', '11'.repeat(32)], 10, '[cbor.'],
  ['no trust', (path) => [path], 2, "required option '--trust <anchor...>'"],
  [
    'an anchor that is none',
    (path) => [path, '--trust', import.meta.filename],
    10,
    `${import.meta.filename}: expected a charter`,
  ],
  ['the dossier as its own anchor', (path) => [path, '--trust', path], 10, '[document.no-anchor]'],
  ['no time', (path) => [path, '--trust', '11'.repeat(32), '--at', 'yesterday'], 2, '--at: expected a time'],
  [
    'another federation',
    (path) => [path, '--trust', '11'.repeat(32), '--federation', 'other'],
    10,
    '[dossier.wrong-federation]',
  ],
])('%s', async (_what, args, exit, text) => {
  const { code, stdout, stderr } = await comity(['verify', ...args(await fileOf(told))]);
  expect({ code, stdout }).toEqual({ code: exit, stdout: '' });
  expect(stderr).toContain(text);
});

test('what is in a file is listed for whoever trusts nobody yet, and said to be unverified', async () => {
  const path = await fileOf(told);
  const { code, stdout } = await comity(['dossier', 'inspect', path]);
  expect(code).toBe(0);
  const lines = stdout.split('\n').filter((line) => line !== '');
  expect(lines[0]).toContain('NOTHING OF THIS IS VERIFIED');
  expect(lines.at(-1)).toBe(lines[0]);
  // Whose charters to ask for: first of all its issuer's.
  expect(stdout).toMatch(/charters .*XAR \([0-9a-f]{16}\)/);
  expect(stdout).not.toContain('Ransomware at a hospital');
});
