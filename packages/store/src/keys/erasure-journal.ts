import { equalBytes, fromHex, sha256, toHex } from '@comity/digest';
import { Fault } from '@comity/fault';
import type { RecordId } from '@comity/record';
import type { Realm } from '../layout/keyspace.ts';
import { decodeRowValue, encodeRowValue, type RowValue } from '../layout/row-value.ts';
import type { TombstoneRow } from '../tables.ts';
import type { JournalFile } from './journal-file.ts';
import { STORE_TAG_BYTES } from './key-state.ts';

/** What was erased or taken away. */
export interface JournalEntry {
  readonly realm: Realm;
  readonly record: RecordId;
  /** Of a record that was erased; null where parts were taken away. */
  readonly tombstone: TombstoneRow | null;
  /** Digests of the parts that were taken away, in hexadecimal. */
  readonly withdrawn: readonly string[];
}

/** Longest journal that is read, in bytes: some seven million erasures. */
export const MAX_JOURNAL_BYTES = 2 ** 30;

const MAGIC = new TextEncoder().encode('comity erasure-journal 1\n');
const HEAD_BYTES = MAGIC.length + STORE_TAG_BYTES;
const LENGTH_BYTES = 4;
const CHECKSUM_BYTES = 32;
/** Longest entry without its digests, with a reason of one word, and what each digest adds. */
const MAX_ENTRY_BYTES = 512;
const DIGEST_BYTES = 34;
/** What each place that a record had come from adds: an id in hexadecimal and two numbers. */
const SOURCE_BYTES = 86;

/**
 * What was erased, outside the engine: an older copy of the engine's files that is put back knows nothing of it, and neither
 * records nor parts may come back by that way. It holds no content and no secret, and is only ever appended to.
 *
 * The file: `comity erasure-journal 1` and a line feed; the 16 bytes of the store; then of each entry its length (4 bytes,
 * big-endian), the entry, and SHA-256 of the checksum before and the entry. The first follows SHA-256 of the head.
 */
export class ErasureJournal {
  /** 16 bytes that tell the keys of its store from those of another. */
  readonly store: Uint8Array;
  readonly #file: JournalFile;
  readonly #withdrawn = new Map<RecordId, Set<string>>();
  #entries: JournalEntry[] = [];
  #count = 0;
  #endByte: number;
  #checksum: Uint8Array;

  private constructor(file: JournalFile, head: Uint8Array) {
    this.store = head.slice(MAGIC.length);
    this.#file = file;
    this.#endByte = head.length;
    this.#checksum = sha256(head);
  }

  /** An empty one, for a new store. @param store what the keys of the store tell it by */
  static async create(file: JournalFile, store: Uint8Array): Promise<ErasureJournal> {
    const head = headOf(store);
    await file.write(0, head);
    return new ErasureJournal(file, head);
  }

  /**
   * The journal of a store that is there. What a write that was cut off has left at its end is passed over.
   *
   * @throws Fault `store.journal-missing`, `store.journal-damaged`
   */
  static async open(file: JournalFile): Promise<ErasureJournal> {
    const bytes = await file.read();
    if (bytes === undefined) throw new Fault('store.journal-missing', 'the journal of erasures is missing');
    const head = bytes.slice(0, HEAD_BYTES);
    if (head.length < HEAD_BYTES || !equalBytes(head.subarray(0, MAGIC.length), MAGIC)) {
      throw journalDamaged('is not one of this version');
    }
    const journal = new ErasureJournal(file, head);
    journal.#read(bytes);
    return journal;
  }

  /** Entries that it has. */
  get count(): number {
    return this.#count;
  }

  /** @throws Fault `store.journal-damaged` where it has fewer entries: some were lost, or it is an older one */
  requireCount(count: number): void {
    if (this.#count < count) throw journalDamaged('ends too early');
  }

  /** Digests of the parts that were taken away from a record; undefined where none were. */
  withdrawnOf(record: RecordId): ReadonlySet<string> | undefined {
    return this.#withdrawn.get(record);
  }

  /** The entries from a number on, once: then they are no longer in memory. */
  takeEntries(from: number): readonly JournalEntry[] {
    const entries = this.#entries.slice(from);
    this.#entries = [];
    return entries;
  }

  /** That it would still be one that can be read with these entries. @throws Fault `store.keys-exhausted` */
  requireRoom(entries: readonly JournalEntry[]): void {
    const digests = entries.reduce((sum, { withdrawn }) => sum + withdrawn.length, 0);
    const sources = entries.reduce((sum, { tombstone }) => sum + (tombstone?.sources.length ?? 0), 0);
    const atMost = entries.length * MAX_ENTRY_BYTES + digests * DIGEST_BYTES + sources * SOURCE_BYTES;
    if (this.#endByte + atMost <= MAX_JOURNAL_BYTES) return;
    throw new Fault('store.keys-exhausted', 'the journal of erasures has no room for so many', {
      fields: { count: entries.length },
    });
  }

  /** Resolves when the entries are on disk. One call after the other. Rejects with what the file rejects with. */
  async append(entries: readonly JournalEntry[]): Promise<void> {
    const pieces: Uint8Array[] = [];
    let checksum = this.#checksum;
    for (const entry of entries) {
      const payload = encodeRowValue(rowOfEntry(entry));
      const length = Buffer.alloc(LENGTH_BYTES);
      length.writeUInt32BE(payload.length);
      checksum = sha256(Buffer.concat([checksum, payload]));
      pieces.push(length, payload, checksum);
    }
    const bytes = Buffer.concat(pieces);
    await this.#file.write(this.#endByte, bytes);
    this.#endByte += bytes.length;
    this.#checksum = checksum;
    for (const entry of entries) this.#note(entry);
  }

  #read(bytes: Uint8Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    while (this.#endByte + LENGTH_BYTES <= bytes.length) {
      const payloadAt = this.#endByte + LENGTH_BYTES;
      const payloadEnd = payloadAt + view.getUint32(this.#endByte);
      const end = payloadEnd + CHECKSUM_BYTES;
      if (end > bytes.length) return;
      const payload = bytes.subarray(payloadAt, payloadEnd);
      const checksum = sha256(Buffer.concat([this.#checksum, payload]));
      if (!equalBytes(checksum, bytes.subarray(payloadEnd, end))) return;
      const entry = entryOfRow(decodeRowValue(payload));
      this.#entries.push(entry);
      this.#note(entry);
      this.#checksum = checksum;
      this.#endByte = end;
    }
  }

  #note({ record, tombstone, withdrawn }: JournalEntry): void {
    this.#count += 1;
    // A tombstone keeps out all of it.
    if (tombstone !== null) this.#withdrawn.delete(record);
    else this.#withdrawn.set(record, new Set([...(this.#withdrawn.get(record) ?? []), ...withdrawn]));
  }
}

/** An entry as it is written. */
export function rowOfEntry({ realm, record, tombstone, withdrawn }: JournalEntry): RowValue {
  const why = tombstone && [
    tombstone.atSeconds,
    tombstone.order,
    tombstone.reason,
    tombstone.issuer,
    tombstone.sources,
  ];
  return [realm, fromHex(record), why, withdrawn.map(fromHex)];
}

/** What {@link rowOfEntry} wrote, read back under its checksum; one from before says nothing of issuer and sources. */
export function entryOfRow(row: RowValue): JournalEntry {
  const [realm, record, why, withdrawn] = row as unknown as [
    Realm,
    Uint8Array,
    [number, string | null, string, TombstoneRow['issuer']?, TombstoneRow['sources']?] | null,
    Uint8Array[],
  ];
  const tombstone = why && {
    atSeconds: why[0],
    order: why[1],
    reason: why[2],
    issuer: why[3] ?? null,
    sources: why[4] ?? [],
  };
  return { realm, record: toHex(record) as RecordId, tombstone, withdrawn: withdrawn.map(toHex) };
}

function headOf(store: Uint8Array): Uint8Array {
  return Uint8Array.from([...MAGIC, ...store]);
}

export function journalDamaged(reason: string): Fault {
  return new Fault('store.journal-damaged', `the journal of erasures ${reason}`, { fields: { reason } });
}
