import { open, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { journalDamaged, MAX_JOURNAL_BYTES } from '../keys/erasure-journal.ts';
import type { JournalFile } from '../keys/journal-file.ts';
import { isMissing, syncPath } from './durable-file.ts';

/** The journal of erasures of a store's home. */
export class DiskJournalFile implements JournalFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** @throws Fault `store.journal-damaged` where the file is longer than any journal */
  async read(): Promise<Uint8Array | undefined> {
    try {
      const { size } = await stat(this.#path);
      if (size > MAX_JOURNAL_BYTES) throw journalDamaged('is too long');
      return new Uint8Array(await readFile(this.#path));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async write(atByte: number, bytes: Uint8Array): Promise<void> {
    const isNew = atByte === 0;
    const file = await open(this.#path, isNew ? 'w' : 'r+', 0o600);
    try {
      // What a write that was cut off has left: otherwise it would stand behind a shorter one.
      await file.truncate(atByte);
      let written = 0;
      while (written < bytes.length) {
        const { bytesWritten } = await file.write(bytes, written, bytes.length - written, atByte + written);
        written += bytesWritten;
      }
      await file.sync();
    } finally {
      await file.close();
    }
    if (isNew) await syncPath(dirname(this.#path));
  }
}
