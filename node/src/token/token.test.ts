import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check, signerFromSeed } from '@comity/ed25519';
import { type FaultCode, isFault } from '@comity/fault';
import { type SoftToken, softToken } from '@comity/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { homeAt } from '../home.ts';
import { initNode } from '../init.ts';
import { issueDrafts } from '../issue.ts';
import { adoptOnToken, createOnToken, readRequest, requestText, waitingKey } from '../keys/key-request.ts';
import { givenPin } from '../keys/passphrase.ts';
import { proposeCertificates } from '../keys/propose.ts';
import { sealFiles, seedFilesIn } from '../keys/seal-files.ts';
import { readSeed } from '../keys/seed-file.ts';
import { combineProposal, signProposal } from '../keys/sign-proposal.ts';
import { readTokenKey, type TokenUsage, tokenKeyOf } from '../keys/token-key-file.ts';
import { proveRecord } from '../logs/log-proof.ts';
import { keepOriginLog } from '../logs/origin-log.ts';
import { openSovereign } from '../open.ts';
import { applyCard } from '../peers/own-card.ts';
import { ScratchNode } from '../scratch-node.test-support.ts';
import { Token, type TokenConfig, type TokenKey } from './token.ts';

let soft: SoftToken;
let config: TokenConfig;
beforeAll(() => {
  soft = softToken();
  config = { module: soft.module, label: soft.label };
});
afterAll(() => soft[Symbol.dispose]());
beforeEach(() => {
  vi.stubEnv('SOFTHSM2_CONF', soft.environment.SOFTHSM2_CONF);
  vi.stubEnv('COMITY_TOKEN_PIN_FILE', soft.pinFile);
});
const opened: Token[] = [];
afterEach(() => {
  for (const token of opened.splice(0)) token.close();
  vi.unstubAllEnvs();
});

function tokenOf(changes: Partial<TokenConfig> = {}, pin: () => Uint8Array = givenPin): Token {
  const token = new Token({ ...config, ...changes }, pin);
  opened.push(token);
  return token;
}
const text = (words: string): Uint8Array => new TextEncoder().encode(words);

async function codeOf(doing: Promise<unknown>): Promise<FaultCode | undefined> {
  try {
    await doing;
    return undefined;
  } catch (error) {
    if (!isFault(error)) throw error;
    return error.code;
  }
}

test('a key is made on the token, signs there, and is found again by another process', async () => {
  const token = tokenOf();
  const key = await token.create('comity test');
  const message = new Uint8Array(100_000).fill(7);
  const signature = await token.signer(key).sign(message);
  expect(check(key.publicKey, message, signature)).toBeUndefined();
  expect(check(key.publicKey, text('another'), signature)).toBeDefined();
  // As RFC 8032 has it, so that a signature can be made again without harm.
  const again = tokenOf();
  await again.find(key);
  expect(await again.signer(key).sign(message)).toEqual(signature);
  const other = await token.create('comity test');
  expect(other.publicKey).not.toEqual(key.publicKey);
});

test('a key that somebody else has made on the token is taken as it is', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  soft.bring(privateKey.export({ type: 'pkcs8', format: 'pem' }) as string, '01');
  const token = tokenOf();
  const key = await token.adopt(Uint8Array.of(1));
  expect(Buffer.from(key.publicKey)).toEqual(publicKey.export({ type: 'spki', format: 'der' }).subarray(-32));
  const message = text('comity');
  expect(check(key.publicKey, message, await token.signer(key).sign(message))).toBeUndefined();
  expect(await codeOf(token.adopt(Uint8Array.of(2)))).toBe('keys.token-key-missing');
  // Its file names it as one that was made here, whatever the length of its id.
  await using node = await ScratchNode.found([]);
  const adopted = await adoptOnToken(node.home.keys, 'record', key.keyId, token);
  expect(adopted).toEqual(key.publicKey);
  const path = join(node.home.keys, 'record.next.key');
  expect(readTokenKey(path, 'record')).toMatchObject(key);
  expect(await codeOf(adoptOnToken(node.home.keys, 'record', key.keyId, token))).toBe('keys.waiting');
});

test('a state is founded with its keys on a token, and its node signs with them', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'comity-founded-'));
  const home = homeAt(join(directory, 'xaa'));
  const options = { code: 'XAA', name: 'State A', federationName: 'scratch', listen: '127.0.0.1:7400' };
  const keys = { rootKeys: 1, threshold: 1 };
  // A token that is not there leaves nothing behind.
  const absent = { ...config, label: 'elsewhere' };
  expect(await codeOf(initNode(home, { ...options, ...keys, token: absent }))).toBe('keys.token-absent');
  expect(existsSync(home.config)).toBe(false);
  await initNode(home, { ...options, ...keys, token: config });
  for (const usage of ['record', 'log', 'witness'] as const)
    expect(readTokenKey(join(home.keys, `${usage}.key`), usage)).toMatchObject({ usage });
  const sovereign = await openSovereign(home);
  try {
    const draft = {
      type: 'incident',
      label: { classification: 'restricted' },
      content: { title: { en: 'On a token' }, stage: 'final' },
    };
    expect(await issueDrafts(sovereign, [draft], { acceptRelay: true }, () => {})).toHaveLength(1);
  } finally {
    await sovereign.close();
    await rm(directory, { recursive: true });
  }
});

test('what goes wrong has a code of its own', async () => {
  const unused: TokenKey = { publicKey: new Uint8Array(32), keyId: new Uint8Array(16).fill(9) };
  const refusal = (token: Token): Promise<FaultCode | undefined> => codeOf(token.find(unused));
  expect(await refusal(tokenOf())).toBe('keys.token-key-missing');
  expect(await refusal(tokenOf({ label: 'elsewhere' }))).toBe('keys.token-absent');
  expect(await refusal(tokenOf({ module: '/nowhere/module.so' }))).toBe('keys.token-module');
  expect(await refusal(tokenOf({ module: '/etc/passwd' }))).toBe('keys.token-module');
  expect(await refusal(new Token(undefined, givenPin))).toBe('keys.token-not-configured');
  // Two tokens of one label: nobody knows which is meant.
  soft.add('twice');
  soft.add('twice');
  expect(await refusal(tokenOf({ label: 'twice' }))).toBe('keys.token-absent');
});

test('a PIN that is refused is not tried a second time', async () => {
  let given = 0;
  const token = tokenOf({}, () => {
    given += 1;
    return text('00000000');
  });
  for (let time = 0; time < 3; time += 1)
    expect(await codeOf(token.create('comity test'))).toBe('keys.token-wrong-pin');
  expect(given).toBe(1);
  // The right one still opens it.
  expect(await codeOf(tokenOf().create('comity test'))).toBeUndefined();
});

test('the PIN comes from a file that its owner alone can read', async () => {
  vi.stubEnv('COMITY_TOKEN_PIN_FILE', '');
  expect(await codeOf(tokenOf().create('comity test'))).toBe('keys.token-pin-missing');
  vi.stubEnv('COMITY_TOKEN_PIN_FILE', soft.pinFile);
  await chmod(soft.pinFile, 0o644);
  expect(await codeOf(tokenOf().create('comity test'))).toBe('keys.permissions');
  await chmod(soft.pinFile, 0o600);
  expect(new TextDecoder().decode(givenPin())).toBe(soft.pin);
});

/** What this process has started that holds the token. */
function tokenProcesses(): { readonly pid: number; readonly shown: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const shown =
          readFileSync(`/proc/${name}/cmdline`, 'latin1') + readFileSync(`/proc/${name}/environ`, 'latin1');
        const parent = /^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${name}/status`, 'latin1'))?.[1];
        return parent === String(process.pid) && shown.includes('token-process')
          ? [{ pid: Number(name), shown }]
          : [];
      } catch {
        // It ended meanwhile.
        return [];
      }
    });
}

test('the PIN shows in no list of processes; a process that ends is followed by another', async () => {
  const token = tokenOf();
  const key = await token.create('comity test');
  const [running, ...others] = tokenProcesses();
  expect(others).toEqual([]);
  expect(running?.shown).not.toContain(soft.pin);
  process.kill(running?.pid as number, 'SIGKILL');
  const sign = async (words: string): Promise<Uint8Array> => token.signer(key).sign(text(words));
  const [, second = new Uint8Array()] = await Promise.all([sign('one'), sign('two')]);
  expect(check(key.publicKey, text('two'), second)).toBeUndefined();
  token.close();
  await vi.waitFor(() => expect(tokenProcesses()).toEqual([]), { timeout: 20_000 });
});

test('a signature that does not verify is not given out', async () => {
  const token = tokenOf();
  const [one, two] = [await token.create('comity test'), await token.create('comity test')];
  const mixed = token.signer({ publicKey: one.publicKey, keyId: two.keyId });
  expect(await codeOf(Promise.resolve(mixed.sign(text('signed'))))).toBe('keys.token-failed');
});

test('a node whose keys are on a token issues, logs and starts again; without the token it does not start', async () => {
  await using node = await ScratchNode.found([]);
  const { home } = node;
  await node.sovereign.close();
  const settings = await readFile(home.config, 'utf8');
  const withToken = (label: string): Promise<void> =>
    writeFile(home.config, `${settings}\ntoken: { module: ${soft.module}, label: ${label} }\n`);
  await withToken(soft.label);
  await node.reopen();
  const { token, self } = node.sovereign;
  const atSeconds = node.sovereign.now();
  const usages: readonly TokenUsage[] = ['record', 'log', 'witness'];
  const certificates = [];
  for (const [index, usage] of usages.entries()) {
    await createOnToken(home.keys, usage, self.state, token);
    expect(await codeOf(createOnToken(home.keys, usage, self.state, token))).toBe('keys.waiting');
    const signer = waitingKey(home.keys, usage, token);
    // The request proves that the token holds the key.
    const request = readRequest(await requestText({ state: self.state, usage, addresses: [] }, signer));
    certificates.push({
      issuer: request.state,
      subject: 'node',
      usage,
      publicKey: request.publicKey,
      notBeforeSeconds: atSeconds - 300,
      notAfterSeconds: atSeconds + 86_400,
      issuedAtSeconds: atSeconds,
      certificateId: new Uint8Array(16).fill(index + 1),
      scope: {},
    });
  }
  const before = new Uint8Array(await readFile(home.card));
  const proposal = proposeCertificates(before, certificates, { atSeconds, validDays: 30 }, atSeconds);
  const root = signerFromSeed(readSeed(join(home.keys, 'root-1.key'), 'root'));
  const card = combineProposal(proposal, [await signProposal(proposal, root)]);
  expect(await applyCard(node.sovereign, card, false, () => {})).toMatchObject({ newKeys: [...usages] });
  const draft = {
    type: 'incident',
    label: { classification: 'unclassified' },
    content: { title: { en: 'Signed on a token' }, stage: 'final' },
  };
  const [issued = ''] = await node.issue(draft);
  const logged = new AbortController();
  const keeping = keepOriginLog(
    node.sovereign,
    () => true,
    logged.signal,
    () => logged.abort(),
  );
  await expect(keeping).rejects.toMatchObject({ name: 'AbortError' });
  // Proved with the keys that the card certifies.
  expect(await proveRecord(node.sovereign, issued)).toMatchObject({ record: issued });

  // What is in the home of these keys is no secret, and sealing it is no use.
  for (const usage of usages) {
    const path = join(home.keys, `${usage}.key`);
    const named = tokenKeyOf(await readFile(path, 'utf8'));
    expect(named?.publicKey).toEqual(node.sovereign.signers[usage].publicKey);
    expect(sealFiles([path], text('passphrase'))).toEqual([]);
  }
  expect(seedFilesIn(home.keys)).toContain(join(home.keys, 'log.key'));
  expect(() => readTokenKey(join(home.keys, 'log.key'), 'record')).toThrowError(
    expect.objectContaining({ code: 'keys.malformed' }),
  );
  await node.reopen();
  await node.issue(draft);

  await writeFile(home.config, settings);
  expect(await codeOf(node.reopen())).toBe('keys.token-not-configured');
  await withToken('lost');
  expect(await codeOf(node.reopen())).toBe('keys.token-absent');
  expect(existsSync(home.pid)).toBe(false);
  await withToken(soft.label);
  // The token has lost its keys: that is known before anything is signed.
  await rm(join(home.keys, 'log.key'));
  await writeFile(join(home.keys, 'log.key'), missingKey(node), { mode: 0o600 });
  expect(await codeOf(node.reopen())).toBe('keys.token-key-missing');
}, 60_000);

/** The reference to the log key of a node, with another id. */
function missingKey(node: ScratchNode): string {
  const publicKey = Buffer.from(node.sovereign.signers.log.publicKey).toString('hex');
  return `comity-token-key/1 log ${publicKey} ${'0'.repeat(32)}\n`;
}
