import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, getuid } from 'node:process';

const PLACES = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib64/pkcs11/libsofthsm2.so',
  '/usr/lib64/softhsm/libsofthsm2.so',
  '/usr/local/lib/softhsm/libsofthsm2.so',
];

/** A token of SoftHSM with nothing on it, in a directory of its own. */
export interface SoftToken extends Disposable {
  readonly module: string;
  readonly label: string;
  readonly pin: string;
  /** File that holds the PIN, for its owner alone. */
  readonly pinFile: string;
  /** What a process that uses it has to have in its environment. */
  readonly environment: { readonly SOFTHSM2_CONF: string };
  /** Makes another empty token beside it, with the same PIN. */
  add(label: string): void;
  /** Puts a key on the token that somebody else has made, as PKCS#8 in PEM; `id` is its CKA_ID in hexadecimal. */
  bring(pem: string, id: string): void;
}

/** @throws Error where there is no SoftHSM on this machine, and it may not be installed */
export function softToken(label = 'comity'): SoftToken {
  const module = env.COMITY_SOFTHSM ?? PLACES.find((path) => existsSync(path)) ?? installed();
  const directory = mkdtempSync(join(tmpdir(), 'comity-token-'));
  const tokens = join(directory, 'tokens');
  mkdirSync(tokens);
  const conf = join(directory, 'softhsm2.conf');
  writeFileSync(conf, `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`);
  const pin = '73910264';
  const pinFile = join(directory, 'pin');
  writeFileSync(pinFile, `${pin}\n`, { mode: 0o600 });
  const environment = { SOFTHSM2_CONF: conf };
  const run = (args: readonly string[]): void => {
    const made = spawnSync('softhsm2-util', args, { env: { ...env, ...environment }, encoding: 'utf8' });
    if (made.status !== 0) throw new Error(`softhsm2-util: ${made.stderr ?? made.error?.message}`);
  };
  const add = (name: string): void =>
    run(['--init-token', '--free', '--label', name, '--so-pin', pin, '--pin', pin]);
  const bring = (pem: string, id: string): void => {
    const file = join(directory, `brought-${id}.pem`);
    writeFileSync(file, pem, { mode: 0o600 });
    run(['--import', file, '--token', label, '--label', 'brought', '--id', id, '--pin', pin]);
  };
  add(label);
  return {
    module,
    label,
    pin,
    pinFile,
    environment,
    add,
    bring,
    [Symbol.dispose]: () => rmSync(directory, { recursive: true }),
  };
}

function installed(): string {
  if (getuid?.() === 0) {
    for (const args of [
      ['update', '-qq'],
      ['install', '-y', '-qq', '--no-install-recommends', 'softhsm2'],
    ])
      spawnSync('apt-get', args, { env: { ...env, DEBIAN_FRONTEND: 'noninteractive' }, stdio: 'ignore' });
    const found = PLACES.find((path) => existsSync(path));
    if (found !== undefined) return found;
  }
  throw new Error('These tests need SoftHSM 2 (softhsm2): install it, or name its module in COMITY_SOFTHSM.');
}
