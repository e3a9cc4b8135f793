import { type FileHandle, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Fault } from '@comity/fault';
import type { KeyFile } from '../keys/key-file.ts';
import { MAX_KEY_FILE_BYTES } from '../keys/key-state.ts';
import { isMissing, syncPath } from './durable-file.ts';

/** Written over a file at a time. */
const ZEROS = new Uint8Array(64 * 1024);

/**
 * The key file of a store's home. A state that is replaced is overwritten before its name goes: what is only unlinked stays
 * on the disk until something else happens to be written there.
 *
 * A replacement makes `.new` whole, renames the state to `.old` and `.new` to the state, and destroys `.old`. So where the
 * state is missing and `.old` is there, a whole `.new` is too, unless the directory lost both renames.
 */
export class DiskKeyFile implements KeyFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** @throws Fault `store.keys-damaged` where the file is longer than any state */
  async read(): Promise<Uint8Array | undefined> {
    if (!(await isThere(this.#path))) await this.#recover();
    try {
      const { size } = await stat(this.#path);
      if (size > MAX_KEY_FILE_BYTES) {
        const reason = 'is too long';
        throw new Fault('store.keys-damaged', `the file of the record keys ${reason}`, {
          fields: { reason },
        });
      }
      return new Uint8Array(await readFile(this.#path));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async replace(bytes: Uint8Array): Promise<void> {
    await this.discardLeftovers();
    const file = await open(this.#new, 'wx', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    // The name too: once the state has another name, this one has to be found.
    await syncPath(dirname(this.#path));
    if (await isThere(this.#path)) await rename(this.#path, this.#old);
    await rename(this.#new, this.#path);
    await syncPath(dirname(this.#path));
    await destroy(this.#old);
  }

  async discardLeftovers(): Promise<void> {
    await destroy(this.#new);
    await destroy(this.#old);
  }

  /** Finishes a replacement that was cut off between its two renames. */
  async #recover(): Promise<void> {
    if (!(await isThere(this.#old))) return;
    await rename((await isThere(this.#new)) ? this.#new : this.#old, this.#path);
    await syncPath(dirname(this.#path));
  }

  get #new(): string {
    return `${this.#path}.new`;
  }

  get #old(): string {
    return `${this.#path}.old`;
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** Overwrites a file, and removes it when that is on disk. */
async function destroy(path: string): Promise<void> {
  let file: FileHandle;
  try {
    file = await open(path, 'r+');
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  try {
    const { size } = await file.stat();
    for (let at = 0; at < size; at += ZEROS.length) {
      await file.write(ZEROS, 0, Math.min(ZEROS.length, size - at), at);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  await rm(path);
  await syncPath(dirname(path));
}
