import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { env, getuid } from 'node:process';
import { type Browser, chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A Chromium of this machine. Where there is none and we may, Debian's package is installed. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = env.COMITY_CHROMIUM ?? PLACES.find((path) => existsSync(path)) ?? installed();
  // Root, as in a container, cannot use the sandbox of Chromium.
  const args = getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath, args });
}

function installed(): string {
  if (getuid?.() === 0) {
    for (const args of [
      ['update', '-qq'],
      ['install', '-y', '-qq', '--no-install-recommends', 'chromium'],
    ])
      spawnSync('apt-get', args, { env: { ...env, DEBIAN_FRONTEND: 'noninteractive' }, stdio: 'ignore' });
    const found = PLACES.find((path) => existsSync(path));
    if (found !== undefined) return found;
  }
  throw new Error('These tests need Chromium: install it, or name it in COMITY_CHROMIUM.');
}
