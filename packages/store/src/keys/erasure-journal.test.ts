import { toHex } from '@comity/digest';
import type { StateId } from '@comity/label';
import type { RecordId } from '@comity/record';
import { expect, test } from 'vitest';
import { encodeRowValue } from '../layout/row-value.ts';
import { codeOf, codeThrownBy, named } from '../sample.test-support.ts';
import { TABLES, type TombstoneRow } from '../tables.ts';
import { ErasureJournal, entryOfRow, type JournalEntry, MAX_JOURNAL_BYTES } from './erasure-journal.ts';
import { MemoryJournalFile } from './journal-file.ts';

/** Magic and tag of the store. */
const HEAD_BYTES = 25 + 16;
const STORE = named('store').slice(0, 16);
const id = (name: string) => toHex(named(name)) as RecordId;
const WHY = { atSeconds: 1_800_000_500, order: toHex(named('order')), reason: 'court' };
const TOMBSTONE: TombstoneRow = {
  ...WHY,
  issuer: toHex(named('issuer')) as StateId,
  sources: [
    [null, 1_800_000_100, null],
    [toHex(named('peer')) as StateId, 1_800_000_200, 7],
  ],
};
const erasing = (name: string): JournalEntry => ({
  realm: 'real',
  record: id(name),
  tombstone: TOMBSTONE,
  withdrawn: [],
});
const narrowing = (name: string, ...parts: readonly string[]): JournalEntry => ({
  realm: 'exercise',
  record: id(name),
  tombstone: null,
  withdrawn: parts.map((part) => toHex(named(part))),
});
const ENTRIES = [
  narrowing('a', 'p'),
  erasing('b'),
  narrowing('a', 'p', 'q'),
  narrowing('c', 'r'),
  erasing('c'),
];

async function made() {
  const file = new MemoryJournalFile();
  const journal = await ErasureJournal.create(file, STORE);
  const ends: number[] = [];
  for (const entry of ENTRIES) {
    await journal.append([entry]);
    ends.push(file.bytes?.length ?? 0);
  }
  return { file, journal, ends };
}

test('what was appended is there when it is opened again, in its order, one by one or together', async () => {
  const { file, journal } = await made();
  const together = new MemoryJournalFile();
  await (await ErasureJournal.create(together, STORE)).append(ENTRIES);
  expect(together.bytes).toEqual(file.bytes);
  const opened = await ErasureJournal.open(file);
  for (const each of [journal, opened]) {
    expect(each.count).toBe(ENTRIES.length);
    expect(each.store).toEqual(STORE);
    expect([...(each.withdrawnOf(id('a')) ?? [])]).toEqual(['p', 'q'].map((part) => toHex(named(part))));
    // Of what was erased nothing is to be left out any more: it does not come back at all.
    for (const name of ['b', 'c', 'd']) expect(each.withdrawnOf(id(name))).toBeUndefined();
  }
  expect(opened.takeEntries(1)).toEqual(ENTRIES.slice(1));
  expect(opened.takeEntries(0)).toEqual([]);
});

test('cut anywhere it has the whole entries before the cut, and goes on behind them', async () => {
  const { file, ends } = await made();
  const whole = file.bytes as Uint8Array;
  for (let length = 0; length <= whole.length; length += 1) {
    const cut = new MemoryJournalFile();
    cut.bytes = whole.subarray(0, length);
    if (length < HEAD_BYTES) {
      expect(await codeOf(ErasureJournal.open(cut))).toBe('store.journal-damaged');
      continue;
    }
    const journal = await ErasureJournal.open(cut);
    const count = ends.filter((end) => end <= length).length;
    expect(journal.count).toBe(count);
    expect(codeThrownBy(() => journal.requireCount(count))).toBeUndefined();
    expect(codeThrownBy(() => journal.requireCount(count + 1))).toBe('store.journal-damaged');
    await journal.append(ENTRIES.slice(count));
    expect(cut.bytes).toEqual(whole);
  }
  expect(await codeOf(ErasureJournal.open(new MemoryJournalFile()))).toBe('store.journal-missing');
});

test('with any bit flipped it ends before that entry, or is another store’s', async () => {
  const { file, ends } = await made();
  const whole = file.bytes as Uint8Array;
  for (let at = 0; at < whole.length; at += 1) {
    const flipped = new MemoryJournalFile();
    flipped.bytes = whole.slice();
    flipped.bytes[at] = (whole[at] as number) ^ (1 << (at % 8));
    const journal = await ErasureJournal.open(flipped).catch(() => undefined);
    const before = ends.filter((end) => end <= at).length;
    // The checksums go on from the head: what is not of this store has no entry.
    expect(journal === undefined || journal.count <= before).toBe(true);
  }
});

test('what a journal could not hold is refused before anything is done', async () => {
  const { journal } = await made();
  const digests = new Array<string>(Math.ceil(MAX_JOURNAL_BYTES / 34)).fill('00'.repeat(32));
  const entry = { ...narrowing('a'), withdrawn: digests };
  expect(codeThrownBy(() => journal.requireRoom([entry]))).toBe('store.keys-exhausted');
  expect(codeThrownBy(() => journal.requireRoom(ENTRIES))).toBeUndefined();
});

test('an erasure that was written before issuer and sources were kept is read as knowing nothing of them', () => {
  const before = [WHY.atSeconds, WHY.order, WHY.reason];
  const unknown = { ...WHY, issuer: null, sources: [] };
  expect(entryOfRow(['real', named('b'), before, []])).toEqual({ ...erasing('b'), tombstone: unknown });
  expect(TABLES.tombstones.decode(encodeRowValue(before))).toEqual(unknown);
  expect(TABLES.tombstones.decode(TABLES.tombstones.encode(TOMBSTONE))).toEqual(TOMBSTONE);
});
