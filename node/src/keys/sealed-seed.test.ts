import crypto from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromHex } from '@comity/digest';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { requestText, waitingKey } from './key-request.ts';
import { givenPassphrase, usablePassphrase } from './passphrase.ts';
import { sealFiles, seedFilesIn } from './seal-files.ts';
import { openSeed, SealingKeys, sealSeed } from './sealed-seed.ts';
import { readSeed, writeSeed } from './seed-file.ts';

// Stretching a passphrase is slow on purpose.
vi.setConfig({ testTimeout: 120_000 });

const SEED = new Uint8Array(32).fill(7);
const PASSPHRASE = usablePassphrase('correct horse battery staple\n');
const fixed = (byteLength: number) => new Uint8Array(byteLength).fill(3);
const keys = new SealingKeys();
const codeOf = (call: () => unknown): string | undefined => {
  try {
    call();
    return undefined;
  } catch (error) {
    return (error as { code: string }).code;
  }
};

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'comity-custody-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
});
afterAll(() => rm(directory, { recursive: true }));

const sealed = (): string => sealSeed({ purpose: 'root', seed: SEED }, PASSPHRASE, fixed(16), fixed, keys);
const open = (text: string, passphrase = PASSPHRASE, purpose: 'root' | 'log' = 'root'): Uint8Array =>
  openSeed(text, { path: 'a.key', purpose }, () => passphrase, keys);

test('a sealed seed opens for the passphrase, and says what it costs to guess', () => {
  const text = sealed();
  expect(open(text)).toEqual(SEED);
  expect(text).toMatch(/^comity-sealed-seed\/1 root argon2id 65536 3 4 (03){16} (03){12} [0-9a-f]{96}\n$/);
  expect(text).not.toContain('07'.repeat(8));
  // Known once, it opens for ever: the format is what it is, whatever this program becomes.
  expect(text).toBe(KNOWN);
  expect(codeOf(() => open(text, usablePassphrase('correct horse battery stable')))).toBe(
    'keys.wrong-passphrase',
  );
});

test('it is the same where OpenSSL has no argon2id', () => {
  const missing = vi.spyOn(crypto, 'argon2Sync').mockImplementation(() => {
    throw new Error('no argon2id');
  });
  expect(sealSeed({ purpose: 'root', seed: SEED }, PASSPHRASE, fixed(16), fixed)).toBe(KNOWN);
  expect(missing).toHaveBeenCalledOnce();
  missing.mockRestore();
});

test.each([
  [
    'another purpose in the file',
    (text: string) => text.replace(' root ', ' log '),
    'log',
    'keys.wrong-passphrase',
  ],
  ['another purpose than asked for', (text: string) => text, 'log', 'keys.malformed'],
  ['fewer passes', (text: string) => text.replace(' 3 4 ', ' 2 4 '), 'root', 'keys.wrong-passphrase'],
  [
    'another salt',
    (text: string) => text.replace('03'.repeat(16), '04'.repeat(16)),
    'root',
    'keys.wrong-passphrase',
  ],
  [
    'more memory than is waited for',
    (text: string) => text.replace('65536', '999999'),
    'root',
    'keys.malformed',
  ],
  [
    'more passes than are waited for',
    (text: string) => text.replace(' 3 4 ', ' 99 4 '),
    'root',
    'keys.malformed',
  ],
  ['less memory than lanes need', (text: string) => text.replace('65536', '9'), 'root', 'keys.malformed'],
  ['no line end', (text: string) => text.trimEnd(), 'root', 'keys.malformed'],
  ['another version', (text: string) => text.replace('seed/1', 'seed/2'), 'root', 'keys.malformed'],
] as const)('%s is refused', (_, change, purpose, code) => {
  expect(codeOf(() => open(change(sealed()), PASSPHRASE, purpose))).toBe(code);
});

test('files are sealed in place, once, and read with the passphrase that is given', async () => {
  const home = await mkdtemp(join(directory, 'home-'));
  for (const purpose of ['record', 'log'] as const) writeSeed(join(home, `${purpose}.key`), purpose, SEED);
  const passphraseFile = join(directory, 'passphrase');
  await writeFile(passphraseFile, 'correct horse battery staple\n', { mode: 0o600 });
  expect(sealFiles(seedFilesIn(home), PASSPHRASE)).toHaveLength(2);
  expect(await readdir(home)).toEqual(['log.key', 'record.key']);
  const text = await readFile(join(home, 'record.key'), 'utf8');
  expect(sealFiles(seedFilesIn(home), PASSPHRASE)).toEqual([]);
  expect(await readFile(join(home, 'record.key'), 'utf8')).toBe(text);

  const read = () => readSeed(join(home, 'record.key'), 'record');
  expect(codeOf(read)).toBe('keys.passphrase-missing');
  vi.stubEnv('COMITY_PASSPHRASE_FILE', passphraseFile);
  expect(read()).toEqual(SEED);
  // The key that takes its place is not left open either.
  const next = waitingKey(home, 'record');
  expect(await readFile(join(home, 'record.next.key'), 'utf8')).toMatch(/^comity-sealed-seed/);
  const request = { state: 'a'.repeat(64) as never, usage: 'record' as const, addresses: [] };
  expect(await requestText(request, next)).toContain('record');
  await chmod(passphraseFile, 0o644);
  expect(codeOf(givenPassphrase)).toBe('keys.permissions');
  await chmod(passphraseFile, 0o600);
  await writeFile(passphraseFile, '\n');
  expect(codeOf(givenPassphrase)).toBe('keys.passphrase-missing');
});

test('a passphrase is a credential of systemd, which its access list shows as readable by the group', async () => {
  const credentials = await mkdtemp(join(directory, 'credentials-'));
  const path = join(credentials, 'comity-passphrase');
  await writeFile(path, 'correct horse battery staple');
  await chmod(path, 0o440);
  vi.stubEnv('CREDENTIALS_DIRECTORY', credentials);
  expect(givenPassphrase()).toEqual(PASSPHRASE);
  await chmod(path, 0o444);
  expect(codeOf(givenPassphrase)).toBe('keys.permissions');
});

test('a file that is no seed is not sealed, nor are those beside it', async () => {
  const home = await mkdtemp(join(directory, 'mixed-'));
  writeSeed(join(home, 'a.key'), 'root', SEED);
  await writeFile(join(home, 'b.key'), 'something else', { mode: 0o600 });
  const before = await readFile(join(home, 'a.key'), 'utf8');
  expect(codeOf(() => sealFiles(seedFilesIn(home), PASSPHRASE))).toBe('keys.malformed');
  expect(await readFile(join(home, 'a.key'), 'utf8')).toBe(before);
  expect(fromHex(before.slice(-65, -1))).toEqual(SEED);
});

const KNOWN = `comity-sealed-seed/1 root argon2id 65536 3 4 03030303030303030303030303030303 030303030303030303030303 c58c02bb3eab748d85ab91ad294a5b9b969ca3fcfe77a066e16a1b2f5063f30d8fa909061cfc3ba2dec53adad821fa2a\n`;
