// Finds the Python that the second implementation runs with, and installs what it needs where that is possible.
// Prints its path: node .dev/python.mjs

import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { argv, env, exit, getuid, stderr, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';

const PACKAGES = ['python3', 'python3-cryptography'];

/** A Python with the module `cryptography`; undefined if there is none and it cannot be installed. */
function setUpPython() {
  return findPython() ?? (install() ? findPython() : undefined);
}

function findPython() {
  const candidates = [env.COMITY_PYTHON, '/usr/bin/python3', 'python3'].filter(Boolean);
  return candidates.find(
    (each) =>
      spawnSync(each, ['-c', 'import sys, cryptography; assert sys.version_info >= (3, 11)']).status === 0,
  );
}

/** From Debian's packages, as root. */
function install() {
  if (getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) return false;
  stderr.write(`Setting up: installing ${PACKAGES.join(' and ')} from Debian's packages\n`);
  const options = {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
  };
  const attempt = () =>
    spawnSync('apt-get', ['install', '-y', '--no-install-recommends', ...PACKAGES], options).status === 0;
  return attempt() || (spawnSync('apt-get', ['update'], options).status === 0 && attempt());
}

if (argv[1] && realpathSync(argv[1]) === fileURLToPath(import.meta.url)) {
  const python = setUpPython();
  if (python === undefined) {
    stderr.write(
      'The second implementation needs Python 3.11 or newer with the module cryptography.\n' +
        'Install it (Debian: apt-get install python3-cryptography), or name such a Python in COMITY_PYTHON.\n',
    );
    exit(3);
  }
  stdout.write(`${python}\n`);
}
