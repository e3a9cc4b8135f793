import { existsSync } from 'node:fs';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { operations } from '@comity/node';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { comity, comityJson, type Outcome } from '../federation/command-line.ts';
import { type FoundedState, foundStates } from '../federation/founding.ts';
import { NodeProcess } from '../federation/node-process.ts';
import { type ScratchDirectory, scratchDirectory } from '../federation/scratch-directory.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const EXIT = { done: 0, usage: 2, invalid: 10, untrusted: 11 };

interface Shown {
  readonly id: string;
  readonly state: string;
  readonly status: string;
  readonly roles: string[];
  readonly kid: string;
}

let scratch: ScratchDirectory;
let arcadia: FoundedState;
let borealis: FoundedState;

type Command = (...args: readonly string[]) => Promise<Outcome>;
const at =
  (state: FoundedState): Command =>
  (...args) =>
    comity(['--home', state.home, ...args]);
const jsonAt = async <T>(state: FoundedState, ...args: readonly string[]): Promise<T> => {
  const { version, ...result } = await comityJson<{ version: number }>(['--home', state.home, ...args]);
  expect(version).toBe(1);
  return result as T;
};
/** What a command prints, held against what its operation promises. */
async function promised<T>(operation: string, state: FoundedState, ...args: readonly string[]): Promise<T> {
  const result = await jsonAt<T>(state, ...args);
  expect(operations.get(operation)?.result.parse(result)).toEqual(result);
  return result;
}
const enrolling = (id: string, key: string, ...more: readonly string[]): readonly string[] => [
  ...['officer', 'enrol', id, '--name', `Officer ${id}`, '--key', scratch.at(key)],
  ...['--role', 'officer', ...more, '--first'],
];

beforeAll(async () => {
  scratch = await scratchDirectory();
  [arcadia, borealis] = await foundStates(scratch, ['XAA', 'XBB']);
  const { card, fingerprint } = borealis;
  await writeFile(scratch.at('xbb.card'), card);
  await jsonAt(arcadia, 'peer', 'add', scratch.at('xbb.card'), '--fingerprint', fingerprint, '--yes');
});

afterAll(() => scratch?.[Symbol.asyncDispose]());

test('an officer is enrolled with keys of which the node has none, shown and listed', async () => {
  const args = enrolling('anna', 'anna.key', 'release-authority', '--days', '30', '--yes');
  const enrolled = await promised<Shown>('officer.enrol', arcadia, ...args);
  expect(enrolled).toMatchObject({
    state: 'XAA',
    id: 'anna',
    name: 'Officer anna',
    roles: ['officer', 'release-authority'],
    status: 'in-force',
    endedAt: null,
  });

  expect((await stat(scratch.at('anna.key'))).mode & 0o777).toBe(0o600);
  const text = await readFile(scratch.at('anna.key'), 'utf8');
  expect(text).toMatch(/^comity-officer-key\/1\nstate [0-9a-f]{64}\nofficer anna\nsign .*\nseal .*\n$/);
  const secrets = [...text.matchAll(/^(?:sign|seal) (.*)$/gm)].map(([, hex = '']) => Buffer.from(hex, 'hex'));
  expect(secrets).toHaveLength(2);
  for (const file of await readdir(arcadia.home, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const bytes = await readFile(join(file.parentPath, file.name));
    for (const secret of secrets) {
      expect(bytes.includes(secret), file.name).toBe(false);
      expect(bytes.includes(secret.toString('hex')), file.name).toBe(false);
    }
  }

  const list = await promised<{ officers: Shown[] }>('officer.list', arcadia, 'officer', 'list');
  expect(list).toEqual({ officers: [enrolled], unreadable: [] });
  const { certificates } = await promised<{ certificates: Shown[] }>(
    'officer.show',
    arcadia,
    ...['officer', 'show', 'anna'],
  );
  expect(certificates).toMatchObject([enrolled]);
  const { stdout } = await at(arcadia)('officer', 'show', 'anna');
  for (const part of ['Officer anna', 'officer, release-authority', 'in-force', enrolled.kid])
    expect(stdout).toContain(part);
});

test('who cannot be enrolled leaves no key file, and no key file is written over', async () => {
  const refused = await at(arcadia)(...enrolling('anna', 'again.key', '--yes'));
  expect(refused.code).toBe(EXIT.usage);
  expect(refused.stderr).toContain('[officer.enrolled]');
  expect(existsSync(scratch.at('again.key'))).toBe(false);

  await writeFile(scratch.at('mine.txt'), 'mine');
  const over = await at(arcadia)(...enrolling('bruno', 'mine.txt', '--yes'));
  expect(over.code).toBe(EXIT.usage);
  expect(over.stderr).toContain('[cli.output-exists]');
  expect(await readFile(scratch.at('mine.txt'), 'utf8')).toBe('mine');
});

test.each([
  ['an id in capitals', ['ANNA'], 'id: expected 1 to 64 lower-case letters'],
  ['a role that there is not', ['bruno', '--role', 'minister'], 'roles.0: expected one of officer'],
  ['a role twice', ['bruno', '--role', 'officer', 'officer'], 'roles: expected each role once'],
  ['more days than there may be', ['bruno', '--days', '400'], 'validDays: expected at most 399'],
  ['a name of two lines', ['bruno', '--name', 'a\nb'], 'name: expected a name in one line'],
])('%s is refused in words of ours', async (_, [id = '', ...more], text) => {
  const args = ['officer', 'enrol', id, '--key', scratch.at('refused.key'), '--yes'];
  const given = (option: string): boolean => more.includes(option);
  const rest = [
    ...(given('--name') ? [] : ['--name', 'Bruno']),
    ...(given('--role') ? [] : ['--role', 'officer']),
  ];
  const { code, stderr } = await at(arcadia)(...args, ...more, ...rest);
  expect(code).toBe(EXIT.usage);
  expect(stderr).toContain(`error: ${text}`);
  expect(existsSync(scratch.at('refused.key'))).toBe(false);
});

test('nothing is done that nobody has confirmed', async () => {
  for (const args of [enrolling('bruno', 'bruno.key'), ['officer', 'end', 'anna']]) {
    const { code, stderr } = await at(arcadia)(...args);
    expect(code).toBe(EXIT.usage);
    expect(stderr).toContain('[cli.not-confirmed]');
  }
  expect(existsSync(scratch.at('bruno.key'))).toBe(false);
  const { officers } = await jsonAt<{ officers: Shown[] }>(arcadia, 'officer', 'list');
  expect(officers.map(({ id, status }) => [id, status])).toEqual([['anna', 'in-force']]);
});

test('a running node enrols and ends; an officer who was ended is enrolled again with new keys', async () => {
  const node = await NodeProcess.start(arcadia.home);
  try {
    await jsonAt(arcadia, ...enrolling('carla', 'carla.key', '--yes'));
    const end = ['officer', 'end', 'carla', '--yes'];
    const ended = await promised<{ ended: Shown[] }>('officer.end', arcadia, ...end);
    expect(ended.ended).toMatchObject([{ id: 'carla', status: 'ended' }]);
    expect((await at(arcadia)(...end)).stdout).toBe('carla was no officer any more\n');
    await jsonAt(arcadia, ...enrolling('carla', 'carla-2.key', '--yes'));
    const { certificates } = await jsonAt<{ certificates: Shown[] }>(arcadia, 'officer', 'show', 'carla');
    expect(certificates.map(({ status }) => status)).toEqual(['in-force', 'ended']);
    expect(certificates[0]?.kid).not.toBe(certificates[1]?.kid);
  } finally {
    await node.kill();
  }
  const { officers } = await jsonAt<{ officers: Shown[] }>(arcadia, 'officer', 'list');
  expect(officers.map(({ id, status }) => `${id} ${status}`)).toEqual([
    'anna in-force',
    'carla ended',
    'carla in-force',
  ]);
  const unknown = await at(arcadia)('officer', 'end', 'dora', '--yes');
  expect(unknown.code).toBe(EXIT.usage);
  expect(unknown.stderr).toContain('[officer.unknown]');
});

test('administrators sign who is an officer; root keys do so where they are, without a node', async () => {
  const by = (...files: string[]): string[] => ['--by', ...files.map((file) => scratch.at(file)), '--yes'];
  const named = (id: string, role: string): string[] => [
    ...['officer', 'enrol', id, '--name', `Officer ${id}`, '--key', scratch.at(`${id}.key`)],
    ...['--role', role, '--yes'],
  ];
  const statusOf = async (...args: string[]): Promise<string> =>
    (await jsonAt<Shown>(borealis, ...args)).status;
  expect(await statusOf(...named('eva', 'administrator'))).toBe('unproven');
  await jsonAt(borealis, 'officer', 'export', 'eva', '-o', scratch.at('eva.officer'));
  const root = [
    '--card',
    join(borealis.home, 'state.card'),
    '--root-key',
    join(borealis.home, 'keys', 'root-1.key'),
  ];
  const signed = await comity([
    'officer',
    'sign',
    scratch.at('eva.officer'),
    ...root,
    '-o',
    scratch.at('eva.act'),
    '--yes',
  ]);
  expect(signed.stdout).toContain('signed that eva is an officer of XBB');
  const confirmed = ['officer', 'confirm', 'eva', '--act', scratch.at('eva.act'), '--yes'];
  expect(await promised<Shown>('officer.confirm', borealis, ...confirmed)).toMatchObject({
    status: 'in-force',
  });

  expect(await statusOf(...named('otto', 'administrator'), ...by('eva.key'))).toBe('in-force');
  expect(await statusOf(...named('frida', 'officer'), ...by('eva.key'))).toBe('unproven');
  expect((await at(borealis)('officer', 'show', 'frida')).stdout).toContain('unproven');
  expect(await statusOf('officer', 'confirm', 'frida', ...by('otto.key'))).toBe('in-force');
  const end = ['officer', 'end', 'frida', '--yes'];
  const refused = await at(borealis)(...end);
  expect(refused.code).toBe(EXIT.untrusted);
  expect(refused.stderr).toContain('[officer.needs-administrator]');
  expect(await jsonAt(borealis, ...end, ...by('otto.key'))).toMatchObject({ ended: [{ status: 'ended' }] });
  expect((await at(borealis)('officer', 'confirm', 'frida', '--yes')).stderr).toContain('[cli.usage]');
});

test('a certificate is exported, imported by a state that knows its issuer, and by no other', async () => {
  await jsonAt(borealis, ...enrolling('boris', 'boris.key', '--yes'));
  const file = scratch.at('boris.officer');
  const exported = await jsonAt(borealis, 'officer', 'export', 'boris', '-o', file);
  expect(exported).toMatchObject({ id: 'boris', state: 'XBB', status: 'in-force', file });
  expect(exported).toMatchObject({ bytes: (await stat(file)).size });

  const imported = await promised<Shown>('officer.import', arcadia, 'officer', 'import', file);
  expect(imported).toMatchObject({ state: 'XBB', id: 'boris', status: 'in-force' });
  const show = ['officer', 'show', 'boris'];
  expect((await at(arcadia)(...show)).stderr).toContain('[officer.unknown]');
  const { certificates } = await jsonAt<{ certificates: Shown[] }>(arcadia, ...show, '--peer', 'XBB');
  expect(certificates).toMatchObject([imported]);

  await jsonAt(arcadia, 'officer', 'export', 'anna', '-o', scratch.at('anna.officer'));
  for (const [state, path, exit, code] of [
    [borealis, 'anna.officer', EXIT.untrusted, 'identity.unknown-key'],
    [arcadia, 'anna.officer', EXIT.usage, 'officer.own'],
    [arcadia, 'xbb.card', EXIT.invalid, 'cose.not-sign1'],
    [arcadia, 'anna.key', EXIT.invalid, 'cbor.'],
  ] as const) {
    const refused = await at(state)('officer', 'import', scratch.at(path));
    expect(refused.code, code).toBe(exit);
    expect(refused.stderr).toContain(code);
  }

  expect((await at(arcadia)('officer', 'end', 'boris', '--peer', 'XBB', '--yes')).stdout).toContain(
    'boris is no officer of XBB any more',
  );
  // What another state says of its officer here changes nothing there.
  const { officers } = await jsonAt<{ officers: Shown[] }>(borealis, 'officer', 'list');
  expect(officers.find(({ id }) => id === 'boris')?.status).toBe('in-force');
});
