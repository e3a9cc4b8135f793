import { logRecords } from './log-file.ts';
import { BrokenFile, Varints } from './varints.ts';

/** Which files a database consists of. */
export interface Manifest {
  /** Bytes of each table, by its number. */
  readonly tables: ReadonlyMap<number, number>;
  /** Write-ahead logs from this number on are not in the tables yet. */
  readonly logNumber: number;
}

// LevelDB's db/version_edit.cc.
const COMPARATOR = 1;
const LOG_NUMBER = 2;
const NEXT_FILE_NUMBER = 3;
const LAST_SEQUENCE = 4;
const COMPACT_POINTER = 5;
const DELETED_FILE = 6;
const NEW_FILE = 7;
const PREVIOUS_LOG_NUMBER = 9;

/** Reads a manifest that passed its checksums. Throws {@link BrokenFile} where its edits are none of LevelDB 1.20's. */
export function readManifest(bytes: Uint8Array): Manifest {
  const tables = new Map<number, number>();
  let logNumber = 0;
  for (const record of logRecords(bytes)) {
    const edit = new Varints(record, 0, record.length);
    const deleted: number[] = [];
    const added: [number, number][] = [];
    while (!edit.done) {
      const tag = edit.next();
      if (tag === LOG_NUMBER) logNumber = edit.next();
      else if (tag === NEXT_FILE_NUMBER || tag === LAST_SEQUENCE || tag === PREVIOUS_LOG_NUMBER) edit.next();
      else if (tag === COMPARATOR) edit.skipBytes();
      else if (tag === COMPACT_POINTER) {
        edit.next();
        edit.skipBytes();
      } else if (tag === DELETED_FILE) {
        edit.next();
        deleted.push(edit.next());
      } else if (tag === NEW_FILE) {
        edit.next();
        added.push([edit.next(), edit.next()]);
        edit.skipBytes();
        edit.skipBytes();
      } else throw new BrokenFile(edit.at, 'unknown edit');
    }
    // A table that moves to another level is deleted and added in one edit.
    for (const number of deleted) tables.delete(number);
    for (const [number, size] of added) tables.set(number, size);
  }
  return { tables, logNumber };
}
