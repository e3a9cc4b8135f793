import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Home } from '../home.ts';

/** Says that this process is about to be the node of a home, unless another one is. */
export function announceNode(home: Home): void {
  if (!existsSync(home.config) || isNodeAlive(home)) return;
  try {
    writePid(home);
  } catch {
    // What keeps it from being written keeps the node from starting, and is reported there.
  }
}

/** Says that this process is the node of a home: whoever has its store open is. */
export function writePid(home: Home): void {
  writeFileSync(home.pid, `${process.pid}\n`);
}

/** Takes back what this process has said; what another one has said stays. */
export function withdrawNode(home: Home): void {
  if (pidOf(home) === process.pid) rmSync(home.pid, { force: true });
}

/** Whether the process that has said that it is the node, or is about to be, is there. */
export function isNodeAlive(home: Home): boolean {
  const pid = pidOf(home);
  if (pid === undefined) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is there as well.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function pidOf({ pid: path }: Home): number | undefined {
  try {
    // What a crash has left of the file names nobody.
    const pid = Number(readFileSync(path, 'utf8').trim());
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}
