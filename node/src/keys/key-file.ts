import { closeSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { Fault } from '@comity/fault';

const MAX_KEY_FILE_BYTES = 512;

/** Writes a private key for its owner only; never over an existing file. */
export function writeKeyText(path: string, text: string): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * Reads a private key that nobody but its owner may read.
 *
 * @param what names the key in a fault
 * @param isCredential whether systemd has put it there: what it lets the user of a service read by an access list shows as
 *   readable by the group
 * @throws Fault keys.missing, keys.permissions, keys.malformed where it is too large to be one
 */
export function readKeyText(
  path: string,
  what: string,
  { isCredential = false }: { readonly isCredential?: boolean } = {},
): string {
  let mode: number;
  let text: string;
  try {
    const info = statSync(path);
    mode = info.mode;
    if (info.size > MAX_KEY_FILE_BYTES)
      throw new Fault('keys.malformed', `${path} is no key file`, { fields: { path } });
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw new Fault('keys.missing', `cannot read ${what} at ${path}`, { fields: { path }, cause });
  }
  if ((mode & (isCredential ? 0o037 : 0o077)) !== 0) {
    throw new Fault('keys.permissions', `${path} can be read by others`, {
      fields: { path, mode: (mode & 0o777).toString(8) },
    });
  }
  return text;
}
