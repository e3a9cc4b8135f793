import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { Fault } from '@comity/fault';

/** @throws Fault cli.output-exists where a file is there that is not to be written over */
export function assertNewFile(path: string, { force }: { readonly force: boolean }): void {
  if (force || !existsSync(path)) return;
  throw new Fault('cli.output-exists', `${path} exists already; --force writes over it`, {
    fields: { path },
  });
}

/**
 * Writes a file as a whole or not at all: it has its name when everything is on disk. Only its owner can read it.
 *
 * @throws Fault cli.output-exists
 */
export function writeNewFile(path: string, bytes: Uint8Array, options: { readonly force: boolean }): void {
  assertNewFile(path, options);
  const draft = `${path}.${process.pid}.part`;
  const file = openSync(draft, 'wx', 0o600);
  try {
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    fsyncSync(file);
    if (options.force) renameSync(draft, path);
    else renameNew(draft, path);
  } finally {
    closeSync(file);
    rmSync(draft, { force: true });
  }
}

/** Takes the name before the file gets it, so that of two who write at once only one does. */
function renameNew(draft: string, path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    throw new Fault('cli.output-exists', `${path} exists already`, { fields: { path }, cause });
  }
  try {
    renameSync(draft, path);
  } catch (cause) {
    rmSync(path, { force: true });
    throw cause;
  }
}
