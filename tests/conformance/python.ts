import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/**
 * The shell command of the second implementation. Where there is no Python for it, it is installed if that is possible, as
 * for every other part of the set-up; otherwise this throws with what to do.
 */
export function pythonDriver(): string {
  const found = spawnSync(process.execPath, [path('../../.dev/python.mjs')], { encoding: 'utf8' });
  if (found.status !== 0) throw new Error(found.stderr);
  return `"${found.stdout.trim()}" -B "${path('./python/driver.py')}"`;
}
