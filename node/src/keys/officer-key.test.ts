import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromHex, toHex } from '@comity/digest';
import { verify } from '@comity/ed25519';
import type { StateId } from '@comity/label';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOfficerKey, readOfficerKey } from './officer-key.ts';

const STATE = 'a9'.repeat(32) as StateId;
/** RFC 8032 §7.1 test 1, and Alice of RFC 7748 §6.1. */
const SIGN = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';
const SIGN_PUBLIC = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';
const SEAL = '77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a';
const SEAL_PUBLIC = '8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a';
const TEXT = `comity-officer-key/1\nstate ${STATE}\nofficer anna\nsign ${SIGN}\nseal ${SEAL}\n`;

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'comity-officer-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function written(name: string, text: string, mode = 0o600): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, text);
  await chmod(path, mode);
  return path;
}

test('keys are written for their owner alone, say what they are, and are read back', async () => {
  const path = join(directory, 'new.key');
  const seeds = [fromHex(SIGN), fromHex(SEAL)];
  const made = createOfficerKey(path, STATE, 'anna', () => seeds.shift() as Uint8Array);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readFile(path, 'utf8')).toBe(TEXT);
  const read = readOfficerKey(path);
  for (const { state, officer, signer, seal } of [made, read]) {
    expect({ state, officer }).toEqual({ state: STATE, officer: 'anna' });
    expect(toHex(signer.publicKey)).toBe(SIGN_PUBLIC);
    expect(toHex(seal.publicKey)).toBe(SEAL_PUBLIC);
    expect(toHex(seal.privateKey)).toBe(SEAL);
  }
  const message = new Uint8Array([1]);
  verify(made.signer.publicKey, message, read.signer.sign(message));
});

test('a file that is there is never written over', async () => {
  const path = await written('old.key', 'something else');
  const create = () => createOfficerKey(path, STATE, 'anna', (byteLength) => new Uint8Array(byteLength));
  expect(create).toThrow(expect.objectContaining({ code: 'cli.output-exists' }));
  expect(await readFile(path, 'utf8')).toBe('something else');
});

test('a key that others can read is not used', async () => {
  for (const mode of [0o640, 0o604, 0o660, 0o602]) {
    const path = await written(`shared-${mode.toString(8)}.key`, TEXT, mode);
    expect(() => readOfficerKey(path)).toThrow(expect.objectContaining({ code: 'keys.permissions' }));
  }
});

test.each([
  ['the key of a node', `comity-seed/1 record ${SIGN}\n`],
  ['another version', TEXT.replace('key/1', 'key/2')],
  ['an officer in capitals', TEXT.replace('anna', 'ANNA')],
  ['a key in capitals', TEXT.replace(SIGN, SIGN.toUpperCase())],
  ['a key of 31 bytes', TEXT.replace(SEAL, SEAL.slice(2))],
  ['without the last line', TEXT.slice(0, TEXT.indexOf('seal'))],
  ['more behind it', `${TEXT}\n`],
  ['nothing', ''],
  ['more than a key file has', TEXT.padEnd(513, '\n')],
])('%s is no key of an officer', async (name, text) => {
  const path = await written(`${name.replaceAll(' ', '-')}.key`, text);
  expect(() => readOfficerKey(path)).toThrow(expect.objectContaining({ code: 'keys.malformed' }));
});

test('a key that is not there is missing', () => {
  expect(() => readOfficerKey(join(directory, 'nowhere.key'))).toThrow(
    expect.objectContaining({ code: 'keys.missing' }),
  );
});
