import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { comity, comityJson } from './command-line.ts';
import { foundStates } from './founding.ts';
import { NodeProcess } from './node-process.ts';
import { scratchDirectory } from './scratch-directory.ts';

// Where the private keys of a node are: sealed on its disk, or with systemd, which hands them to the service alone.

vi.setConfig({ testTimeout: 120_000 });

test('a node with sealed keys starts with the passphrase only, from a file or from systemd', async () => {
  await using scratch = await scratchDirectory();
  const [{ home }] = await foundStates(scratch, ['XAA']);
  const passphrase = scratch.at('passphrase');
  await writeFile(passphrase, 'a passphrase of several words\n', { mode: 0o600 });
  const withFile = { COMITY_PASSPHRASE_FILE: passphrase };
  const { sealed } = await comityJson<{ sealed: string[] }>(['--home', home, 'keys', 'seal'], {
    environment: withFile,
  });
  // Root keys, those after them, and one for each use.
  expect(sealed.length).toBeGreaterThanOrEqual(6);
  expect(await readFile(join(home, 'keys', 'root-1.key'), 'utf8')).not.toContain('comity-seed/1');

  const refused = await comity(['--home', home, 'node', 'run']);
  expect(refused.code).toBe(3);
  expect(refused.stderr).toContain('keys.passphrase-missing');
  await writeFile(scratch.at('wrong'), 'another passphrase\n', { mode: 0o600 });
  const wrong = await comity(['--home', home, 'state', 'show'], {
    environment: { COMITY_PASSPHRASE_FILE: scratch.at('wrong') },
  });
  expect(wrong.code).toBe(3);
  expect(wrong.stderr).toContain('keys.wrong-passphrase');
  for (const text of [refused.stderr, wrong.stderr]) expect(text).not.toContain('passphrase of several');

  const node = await NodeProcess.start(home, withFile);
  expect(await node.stop()).toBe(0);

  const credentials = scratch.at('credentials');
  await mkdir(credentials, { mode: 0o700 });
  await rename(passphrase, join(credentials, 'comity-passphrase'));
  await chmod(join(credentials, 'comity-passphrase'), 0o400);
  // A key can be with systemd itself: then it is not in the home at all.
  await rename(join(home, 'keys', 'record.key'), join(credentials, 'record.key'));
  await using served = await NodeProcess.start(home, { CREDENTIALS_DIRECTORY: credentials });
  const draft = {
    type: 'incident',
    label: { classification: 'unclassified' },
    content: { title: { en: 'Signed with a key that systemd holds' }, stage: 'final' },
  };
  expect(
    (await served.call<{ records: unknown[] }>('record.issue', { drafts: [draft] })).records,
  ).toHaveLength(1);
});
