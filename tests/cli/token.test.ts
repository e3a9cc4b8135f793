import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type SoftToken, softToken } from '@comity/testkit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { comity, comityJson, type Outcome } from '../federation/command-line.ts';
import { type FoundedState, foundStates } from '../federation/founding.ts';
import { type ScratchDirectory, scratchDirectory } from '../federation/scratch-directory.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

let soft: SoftToken;
let scratch: ScratchDirectory;
let state: FoundedState;
let environment: Record<string, string>;
beforeAll(async () => {
  soft = softToken();
  environment = { ...soft.environment, COMITY_TOKEN_PIN_FILE: soft.pinFile };
  scratch = await scratchDirectory();
  [state] = await foundStates(scratch, ['XAA']);
});
afterAll(async () => {
  await scratch[Symbol.asyncDispose]();
  soft[Symbol.dispose]();
});

const at = (...args: readonly string[]): Promise<Outcome> =>
  comity(['--home', state.home, ...args], { environment });
const json = <T>(...args: readonly string[]): Promise<T> =>
  comityJson<T>(['--home', state.home, ...args], { environment });

test('a key is made on the token, asked for, and looked for; each thing that is wrong has its code', async () => {
  const unconfigured = await at('keys', 'create', 'record');
  expect(unconfigured.code).toBe(3);
  expect(unconfigured.stderr).toContain('keys.token-not-configured');
  await appendFile(
    join(state.home, 'comity.yaml'),
    `\ntoken:\n  module: ${soft.module}\n  label: ${soft.label}\n`,
  );
  expect((await at('keys', 'create', 'transport')).code).toBe(2);
  const { keyId } = await json<{ keyId: string }>('keys', 'create', 'record');
  const request = scratch.at('new.request');
  expect(await json('state', 'request', '--usage', 'record', '-o', request)).toMatchObject({ keyId });
  expect(await json('keys', 'token')).toMatchObject({
    keys: [{ usage: 'record', keyId, standing: 'signs' }],
  });

  soft.add('other');
  const elsewhere = { ...environment, COMITY_TOKEN_LABEL: 'other' };
  const lacking = await comity(['--home', state.home, '--json', 'keys', 'token'], { environment: elsewhere });
  expect(lacking.code).toBe(3);
  expect(JSON.parse(lacking.stdout)).toMatchObject({ keys: [{ usage: 'record', standing: 'missing' }] });

  await writeFile(soft.pinFile, '00000000\n');
  const wrong = await at('keys', 'token');
  expect(wrong.code).toBe(3);
  expect(wrong.stderr).toContain('keys.token-wrong-pin');
  expect(`${wrong.stdout}${wrong.stderr}`).not.toContain('00000000');
});
