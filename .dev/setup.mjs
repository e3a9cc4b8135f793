// Installs what the repository needs and finds the Node to run it with.
// Plain JavaScript without dependencies: it runs before anything is installed, on any Node from 20 on.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { arch, argv, env, execPath, exit, kill, pid, platform, stderr, versions } from 'node:process';
import { fileURLToPath } from 'node:url';

const PNPM = 'pnpm@12.21.0';
// The first that runs TypeScript without being asked to.
const OLDEST_NODE = [22, 18];

/** Options every command of a checkout runs with: workspace packages resolve to their TypeScript. */
export const nodeOptions = ['--conditions=source', '--disable-warning=ExperimentalWarning'];

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const stampFile = join(modules, '.comity-setup.json');
const lockFile = join(modules, '.comity-setup.lock');

export class SetupError extends Error {}

/** Installs if anything changed since the last time. Returns the path of the Node to use. */
export function setUp({ update = false } = {}) {
  const ready = update ? undefined : readyNode();
  if (ready) return ready;
  mkdirSync(modules, { recursive: true });
  return withLock(() => {
    // Another process may have finished the same work while this one waited for the lock.
    const done = update ? undefined : readyNode();
    if (done) return done;
    install(update);
    const node = chooseNode();
    writeFileSync(stampFile, JSON.stringify({ key: setUpKey(), node }));
    return node;
  });
}

function readyNode() {
  try {
    const { key, node } = JSON.parse(readFileSync(stampFile, 'utf8'));
    return key === setUpKey() && existsSync(node) ? node : undefined;
  } catch {
    return undefined;
  }
}

/** Changes with the lockfile, the workspace settings, any manifest, the machine, or a missing node_modules. */
export function setUpKey() {
  const hash = createHash('sha256').update(`${root} ${platform}-${arch}`);
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml']) hash.update(readFileSync(join(root, file)));
  for (const folder of workspaceFolders()) {
    const manifest = readFileSync(join(root, folder, 'package.json'), 'utf8');
    const needsModules = manifest.includes('"dependencies"') || manifest.includes('"devDependencies"');
    hash.update(`${folder} ${manifest} ${needsModules && existsSync(join(root, folder, 'node_modules'))}\n`);
  }
  return hash.digest('hex');
}

function workspaceFolders() {
  const packages = readdirSync(join(root, 'packages')).map((name) => `packages/${name}`);
  return ['.', 'node', 'protocol', 'tests', ...packages.sort()].filter((folder) =>
    existsSync(join(root, folder, 'package.json')),
  );
}

function install(update) {
  const frozen = !update && existsSync(join(root, 'pnpm-lock.yaml'));
  stderr.write('Setting up: installing dependencies (the first time takes up to a minute)\n');
  const started = Date.now();
  const args = [
    '--yes',
    PNPM,
    'install',
    frozen ? '--frozen-lockfile' : '--no-frozen-lockfile',
    '--reporter=append-only',
  ];
  // npx -p and npm exec leave their own options in the environment; they would change what this npx runs.
  const { npm_config_package: _package, npm_config_call: _call, ...clean } = env;
  const result = spawnSync('npx', args, {
    cwd: root,
    env: clean,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  });
  if (result.error) throw new SetupError(`npx cannot be started (${result.error.code}). It comes with npm.`);
  if (result.status !== 0) {
    stderr.write(result.stdout + result.stderr);
    const stale = `${result.stdout}${result.stderr}`.includes('ERR_PNPM_OUTDATED_LOCKFILE');
    throw new SetupError(
      stale
        ? 'A package.json or pnpm-workspace.yaml no longer agrees with pnpm-lock.yaml. Run: npm run setup -- --update'
        : `The installation failed (${result.signal ?? `exit code ${result.status}`}).`,
    );
  }
  stderr.write(`Setting up: done in ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
}

/** The pinned Node where there is one for this machine and it starts; else the running Node if it is new enough. */
function chooseNode() {
  const pinned = join(modules, `node-${platform}-${arch}`, 'bin', 'node');
  if (existsSync(pinned) && spawnSync(pinned, ['--version']).status === 0) return realpathSync(pinned);
  if (isNewEnough(versions.node)) return execPath;
  throw new SetupError(
    `Comity needs Node ${OLDEST_NODE.join('.')} or newer. This is Node ${versions.node}, ` +
      `and no Node is packaged for ${platform}-${arch}. Install a newer Node and run the command again.`,
  );
}

function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
}

function withLock(work) {
  let told = false;
  while (!takeLock()) {
    if (!told) stderr.write('Setting up: waiting for another process that does the same\n');
    told = true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
  try {
    return work();
  } finally {
    rmSync(lockFile, { force: true });
  }
}

function takeLock() {
  try {
    writeFileSync(lockFile, String(pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (isAbandoned()) rmSync(lockFile, { force: true });
    return false;
  }
}

/** A process that was killed leaves its lock behind. */
function isAbandoned() {
  try {
    const owner = Number(readFileSync(lockFile, 'utf8'));
    // Between creating the file and writing into it there is a moment without a number.
    if (!owner) return Date.now() - statSync(lockFile).mtimeMs > 5000;
    kill(owner, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

/** Ends the process with a message instead of a stack trace if set-up cannot be done. */
export function setUpOrExit(options) {
  try {
    return setUp(options);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    stderr.write(`${error.message}\n`);
    exit(3);
  }
}

if (argv[1] && realpathSync(argv[1]) === fileURLToPath(import.meta.url)) {
  setUpOrExit({ update: argv.includes('--update') });
}
