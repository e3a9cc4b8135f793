import { cp, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toHex } from '@comity/digest';
import { disclosureDigestHex } from '@comity/record';
import { afterAll, describe, expect, test } from 'vitest';
import { openLevelEngine } from './engine/level-engine.ts';
import { DiskKeyFile } from './home/disk-key-file.ts';
import { listPreOpen, type NewRecord, restorePreOpen, Store, TABLES, WriteSet } from './index.ts';
import { decodeKeyState } from './keys/key-state.ts';
import { RecordKeys } from './keys/record-keys.ts';
import { keyNumberIn } from './layout/content-seal.ts';
import { RECORD } from './layout/keyspace.ts';
import {
  ARCADIA,
  BOREALIS,
  codeOf,
  named,
  sampleDisclosure,
  sampleLeaf,
  sampleRecord,
  temporaryDirectories,
} from './sample.test-support.ts';

const temporaryDirectory = temporaryDirectories(afterAll);
const WHY = { atSeconds: 1_800_000_500, order: toHex(named('order')), reason: 'consent-withdrawn' };

const inner = sampleDisclosure('inner');
const outer = sampleDisclosure('outer', inner);
const beside = sampleDisclosure('beside');
/** One that is erased, one that is narrowed, and one that stays. */
const erased = sampleRecord(1, { withheld: [outer, beside], disclosures: [outer, inner, beside] });
const narrowed = sampleRecord(2, { withheld: [outer, beside], disclosures: [outer, inner, beside] });
const kept = sampleRecord(3, { disclosures: [named('kept')] });

async function made(...records: readonly NewRecord[]): Promise<string> {
  const home = join(await temporaryDirectory(), 'store');
  await using store = await Store.create(home, { state: ARCADIA });
  await committed(store, ...records);
  return home;
}

async function committed(store: Store, ...records: readonly NewRecord[]): Promise<void> {
  for (const record of records) {
    const set = new WriteSet()
      .putRecord(record)
      .append(`ledger/in/${BOREALIS}`, [{ leaf: sampleLeaf(record) }]);
    await store.commit(set.audit({ atSeconds: 1, event: 'accepted' }));
  }
}

const destroying = () =>
  new WriteSet()
    .eraseRecord(erased.header.id, BOREALIS, WHY)
    .narrowRecord(narrowed.header.id, BOREALIS, [disclosureDigestHex(outer)]);

/** Every file below a directory. */
async function filesBelow(directory: string): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) files.set(path, await readFile(path));
  }
  return files;
}

/** As many bytes in a row say that something of a text is there. */
const WINDOW_BYTES = 12;

/** Every run of so many bytes, wherever it begins. */
function windowsOf(bytes: Uint8Array): Set<string> {
  const text = Buffer.from(bytes).toString('latin1');
  const windows = new Set<string>();
  for (let at = 0; at + WINDOW_BYTES <= text.length; at += 1) windows.add(text.slice(at, at + WINDOW_BYTES));
  return windows;
}

/** Files in which any 12 bytes of these stand in a row, but for those that are in what may stand there. */
async function filesWith(
  home: string,
  bytes: Uint8Array,
  allowed: readonly Uint8Array[] = [],
): Promise<string[]> {
  const searched = windowsOf(bytes);
  for (const each of allowed) for (const window of windowsOf(each)) searched.delete(window);
  expect(searched.size).toBeGreaterThan(0);
  const found: string[] = [];
  for (const [path, content] of [...(await filesBelow(home)), ...(await rowsOf(home))]) {
    const text = content.toString('latin1');
    for (let at = 0; at + WINDOW_BYTES <= text.length; at += 1) {
      if (!searched.has(text.slice(at, at + WINDOW_BYTES))) continue;
      found.push(path);
      break;
    }
  }
  return found;
}

/** The rows of the database of a closed store: in the files LevelDB may have compressed them. */
async function rowsOf(home: string): Promise<[string, Buffer][]> {
  const copy = join(await temporaryDirectory(), 'db');
  await cp(join(home, 'db'), copy, { recursive: true });
  const engine = await openLevelEngine(copy, { create: false });
  const rows: [string, Buffer][] = [];
  try {
    for await (const chunk of engine.range()) {
      for (const { key, value } of chunk)
        rows.push([`row ${toHex(key.subarray(0, 2))}`, Buffer.concat([key, value])]);
    }
  } finally {
    await engine.close();
  }
  return rows;
}

/** The value of a content row in the database of a closed store. */
async function contentValue(database: string, arrival: number): Promise<Uint8Array> {
  // A copy: opening changes the files.
  const copy = join(await temporaryDirectory(), 'db');
  await cp(database, copy, { recursive: true });
  const engine = await openLevelEngine(copy, { create: false });
  try {
    return (await engine.get(RECORD.key('real', arrival))) as Uint8Array;
  } finally {
    await engine.close();
  }
}

const keysOf = async (home: string) =>
  decodeKeyState(new Uint8Array(await readFile(join(home, 'record-keys')))).tree;

describe('the files of a store', () => {
  test('hold no content in the clear, at no time', async () => {
    const home = await made(erased, narrowed, kept);
    await (await Store.open(home)).close();
    const files = await filesBelow(home);
    // The search finds what is there: the id is in keys, and the keys are in the file.
    expect((await filesWith(home, Buffer.from(kept.header.id, 'hex'))).length).toBeGreaterThan(0);
    expect([...files.keys()].some((path) => path.includes('pre-open'))).toBe(true);
    for (const record of [erased, narrowed, kept]) {
      const inKeys = [Buffer.from(record.header.subject)];
      for (const bytes of [record.bytes, ...record.disclosures])
        expect(await filesWith(home, bytes, inKeys)).toEqual([]);
    }
  });

  test('hold of a record in the clear what its indexes are made of, and of the rest nothing', async () => {
    const canary = (name: string) => toHex(named(`canary ${name}`)).slice(0, 24);
    const digestOf = (bytes: Uint8Array) => Buffer.from(disclosureDigestHex(bytes), 'hex');
    const [inside, part] = [sampleDisclosure(canary('inside')), sampleDisclosure(canary('part'))];
    const other = { superseded: toHex(named('superseded')), retracted: toHex(named('retracted')) };
    const record = sampleRecord(9, {
      type: 'incident',
      subjectId: canary('subject'),
      label: [canary('scheme'), canary('classification')],
      supersedes: [other.superseded],
      retracts: other.retracted,
      withheld: [inside, part],
      disclosures: [inside, part],
    });
    const fields: Readonly<Record<string, Uint8Array>> = {
      id: Buffer.from(record.header.id, 'hex'),
      issuer: Buffer.from(BOREALIS, 'hex'),
      'type and subject': Buffer.from(`incident/${canary('subject')}`),
      superseded: Buffer.from(other.superseded, 'hex'),
      retracted: Buffer.from(other.retracted, 'hex'),
      'issuer as text': Buffer.from(BOREALIS),
      nonce: named('nonce 9').slice(0, 16),
      key: named('key'),
      signature: new Uint8Array(64).fill(9),
      scheme: Buffer.from(canary('scheme')),
      classification: Buffer.from(canary('classification')),
      'digest of inside': digestOf(inside),
      'digest of part': digestOf(part),
      'salt of part': named(`salt ${canary('part')}`).slice(0, 16),
      'text of part': Buffer.from(`the ${canary('part')} of the sample`),
      'text of inside': Buffer.from(`the ${canary('inside')} of the sample`),
    };
    const shown = async (home: string) => {
      const names: string[] = [];
      for (const [name, bytes] of Object.entries(fields))
        if ((await filesWith(home, bytes)).length > 0) names.push(name);
      return names;
    };
    const home = await made(record);
    await (await Store.open(home)).close();
    // Type, subject and issuer stand in the keys that the record is found by; the other two are records that it names.
    const allowed = ['id', 'issuer', 'type and subject', 'superseded', 'retracted'];
    expect(await shown(home)).toEqual(allowed);
    {
      await using store = await Store.open(home);
      const digests = [disclosureDigestHex(part)];
      await store.commit(new WriteSet().narrowRecord(record.header.id, BOREALIS, digests));
      await store.commit(new WriteSet().eraseRecord(record.header.id, BOREALIS, WHY));
    }
    // By its digest a part that was taken away is known again; whose the record was stays in its tombstone.
    expect(await shown(home)).toEqual([...allowed, 'issuer as text', 'digest of part']);
  });

  test('hold no key of what was erased or narrowed, whatever they still hold of it sealed', async () => {
    const home = await made(erased, narrowed, kept);
    const before = new Map<number, Uint8Array>();
    for (const arrival of [0, 1, 2]) before.set(arrival, await contentValue(join(home, 'db'), arrival));
    const numbers = [0, 1, 2].map((arrival) =>
      keyNumberIn(RECORD.key('real', arrival), before.get(arrival) as Uint8Array),
    ) as [number, number, number];
    const whole = await keysOf(home);
    const secrets = numbers.map((number) => whole.keyOf(number) as string);
    {
      await using store = await Store.open(home);
      expect(await store.commit(destroying())).toMatchObject({
        erased: [erased.header.id],
        narrowed: [narrowed.header.id],
      });
    }
    // LevelDB and its copies still have the sealed bytes: that is why the key has to go.
    expect((await filesWith(home, before.get(0)?.subarray(33) as Uint8Array)).length).toBeGreaterThan(0);
    const tree = await keysOf(home);
    expect(tree.keyOf(numbers[0])).toBeUndefined();
    expect(tree.keyOf(numbers[1])).toBeUndefined();
    expect(tree.keyOf(numbers[2])).toBe(secrets[2]);
    for (const secret of secrets.slice(0, 2)) {
      expect(await filesWith(home, Buffer.from(secret, 'latin1'))).toEqual([]);
    }
    // No name is left of an earlier state of the keys, and no copy has any.
    const names = [...(await filesBelow(home)).keys()].filter((path) => /record-keys/.test(path));
    expect(names).toEqual([join(home, 'record-keys')]);
    expect((await stat(join(home, 'record-keys'))).mode & 0o777).toBe(0o600);
    await using store = await Store.open(home);
    expect((await store.records().get(narrowed.header.id))?.disclosures).toEqual([beside]);
    expect((await store.fsck()).findings).toEqual([]);
  });
});

describe('a copy of the database from before an erasure', () => {
  /** A store whose second pre-open copy is from before, with an erasure and a record that came later. */
  async function erasedAfterCopy(): Promise<string> {
    const home = await made(erased, narrowed, kept);
    await using store = await Store.open(home);
    await store.commit(destroying());
    await committed(store, sampleRecord(4));
    return home;
  }

  test('that is put back has it erased again, and it does not come back', async () => {
    const home = await erasedAfterCopy();
    const copy = (await listPreOpen(home)).at(-1) as number;
    await restorePreOpen(home, copy);
    for (let turn = 0; turn < 2; turn += 1) {
      await using store = await Store.open(home);
      expect(await store.records().get(erased.header.id)).toBeUndefined();
      expect(await store.records().tombstone(erased.header.id)).toMatchObject(WHY);
      expect(await codeOf(store.commit(new WriteSet().putRecord(erased)))).toBe('store.record-erased');
      expect((await store.records().list()).records.map(({ id }) => id)).toEqual([kept.header.id]);
      // Of what lived on under another key nothing can be read: it is asked for again.
      expect(await store.records().tombstone(narrowed.header.id)).toBeUndefined();
      expect(await store.list(TABLES.missing, [BOREALIS])).toEqual([
        { key: [BOREALIS, 1], row: { code: null, atSeconds: 0 } },
      ]);
      expect((await store.fsck()).findings).toEqual([]);
      expect(await store.rebuildDerived()).toMatchObject({ written: 0, removed: 0, unreadable: 0 });
    }
    await using store = await Store.open(home);
    expect((await store.commit(new WriteSet().putRecord(narrowed))).records[0]).toMatchObject({
      isNew: true,
      arrival: 3,
    });
    // What was taken away stays away.
    expect(await store.records().get(narrowed.header.id)).toMatchObject({
      disclosures: [beside],
      withdrawn: [disclosureDigestHex(outer)],
    });
    expect((await store.fsck()).findings).toEqual([]);
  });

  test('keeps out what arrived and was erased or narrowed after it was made', async () => {
    const home = await made(kept);
    await (await Store.open(home)).close();
    {
      await using store = await Store.open(home);
      await committed(store, erased, narrowed);
      await store.commit(destroying());
    }
    await restorePreOpen(home, 1);
    for (let turn = 0; turn < 2; turn += 1) {
      await using store = await Store.open(home);
      expect(await store.records().tombstone(erased.header.id)).toMatchObject(WHY);
      expect(await codeOf(store.commit(new WriteSet().putRecord(erased)))).toBe('store.record-erased');
      if (turn === 0) await committed(store, narrowed);
      expect((await store.records().get(narrowed.header.id))?.disclosures).toEqual([beside]);
      expect((await store.records().list()).records.length).toBe(2);
      expect((await store.fsck()).findings).toEqual([]);
      expect(await store.rebuildDerived()).toMatchObject({ written: 0, removed: 0, unreadable: 0 });
    }
  });

  test('together with the keys of its time and the journal of now has it erased again', async () => {
    const home = await made(erased, narrowed, kept);
    await (await Store.open(home)).close();
    const keys = await readFile(join(home, 'record-keys'));
    {
      await using store = await Store.open(home);
      await store.commit(destroying());
    }
    await restorePreOpen(home, 1);
    await writeFile(join(home, 'record-keys'), keys);
    {
      await using store = await Store.open(home);
      expect(await store.records().tombstone(erased.header.id)).toMatchObject(WHY);
      expect((await store.records().get(narrowed.header.id))?.disclosures).toEqual([beside]);
      expect(await store.list(TABLES.missing, [BOREALIS])).toEqual([]);
      expect(await store.list(TABLES.erasures, [])).toEqual([]);
      expect((await store.fsck()).findings).toEqual([]);
    }
    const tree = await keysOf(home);
    for (const number of [0, 1]) expect(tree.keyOf(number)).toBeUndefined();
  });

  test('knows of a part that was not held, and was never to come', async () => {
    const later = sampleDisclosure('later');
    const facts = { withheld: [beside, later] };
    const record = sampleRecord(7, { ...facts, disclosures: [beside] });
    const home = await made(record);
    await (await Store.open(home)).close();
    const before = await keysOf(home);
    {
      await using store = await Store.open(home);
      const set = new WriteSet().narrowRecord(record.header.id, BOREALIS, [disclosureDigestHex(later)]);
      expect((await store.commit(set)).narrowed).toEqual([record.header.id]);
    }
    // Nothing went away, so no key had to: an issuer that names part after part costs no key file each time.
    expect((await keysOf(home)).subtreeCount).toBe(before.subtreeCount);
    await restorePreOpen(home, 1);
    await using store = await Store.open(home);
    await committed(store, sampleRecord(7, { ...facts, disclosures: [beside, later], peer: null }));
    expect((await store.records().get(record.header.id))?.disclosures).toEqual([beside]);
  });

  test('gives no number out twice: what came after it keeps its key to itself', async () => {
    const home = await erasedAfterCopy();
    const newer = keyNumberIn(RECORD.key('real', 3), await contentValue(join(home, 'db'), 3));
    await restorePreOpen(home, (await listPreOpen(home)).at(-1) as number);
    await using store = await Store.open(home);
    await committed(store, sampleRecord(5), sampleRecord(6));
    await store.close();
    const numbers = await Promise.all(
      [2, 3, 4].map(async (arrival) =>
        keyNumberIn(RECORD.key('real', arrival), await contentValue(join(home, 'db'), arrival)),
      ),
    );
    expect(new Set([...numbers, newer]).size).toBe(4);
  });

  test('is not swept again where nothing was erased since', async () => {
    const home = await made(kept);
    await (await Store.open(home)).close();
    await restorePreOpen(home, 1);
    await using store = await Store.open(home);
    expect((await store.records().get(kept.header.id))?.disclosures).toEqual(kept.disclosures);
  });
});

describe('the file of the keys', () => {
  test('that is missing, damaged, of another store or older than the database is refused', async () => {
    const home = await made(erased, kept);
    const path = join(home, 'record-keys');
    const bytes = await readFile(path);
    const openCode = () => codeOf(Store.open(home).then((store) => store.close()));
    await rename(path, `${path}.away`);
    expect(await openCode()).toBe('store.keys-missing');
    // Refused before anything is changed: no copy was made.
    expect(await listPreOpen(home)).toEqual([]);
    await cp(`${path}.away`, path);
    await truncate(path, bytes.length - 1);
    expect(await openCode()).toBe('store.keys-damaged');
    await rm(path);
    await cp(join(await made(kept), 'record-keys'), path);
    expect(await openCode()).toBe('store.keys-damaged');
    await rm(path);
    await cp(`${path}.away`, path);
    {
      await using store = await Store.open(home);
      await store.commit(new WriteSet().eraseRecord(erased.header.id, BOREALIS, WHY));
    }
    const current = await readFile(path);
    await rm(path);
    await cp(`${path}.away`, path);
    expect(await openCode()).toBe('store.keys-outdated');
    await writeFile(path, current);
    expect(await openCode()).toBeUndefined();
  });

  test('nor by a copy of the whole directory, with the keys of that time: what was erased since is erased again', async () => {
    const home = await made(erased, narrowed, kept);
    const copy = join(await temporaryDirectory(), 'store');
    await cp(home, copy, { recursive: true });
    {
      await using store = await Store.open(home);
      await store.commit(destroying());
    }
    await rm(home, { recursive: true });
    await cp(copy, home, { recursive: true });
    {
      await using store = await Store.open(home);
      expect(await store.records().get(erased.header.id)).toBeUndefined();
      expect(await store.records().tombstone(erased.header.id)).toMatchObject(WHY);
      expect((await store.records().get(narrowed.header.id))?.withdrawn).toEqual([
        disclosureDigestHex(outer),
      ]);
      expect(await store.records().get(kept.header.id)).toBeDefined();
    }
    // And with the keys that are there now nobody can read it from these files again.
    const value = await contentValue(join(copy, 'db'), 0);
    const keys = await RecordKeys.open(new DiskKeyFile(join(home, 'record-keys')));
    expect(keys.keyOf(keyNumberIn(RECORD.key('real', 0), value))).toBeUndefined();
  });

  test('and the journal of erasures that is missing, damaged, of another store or too short is refused', async () => {
    const home = await made(erased, narrowed, kept);
    const path = `${home}-erasure-journal`;
    const openCode = () => codeOf(Store.open(home).then((store) => store.close()));
    const empty = await readFile(path);
    {
      await using store = await Store.open(home);
      await store.commit(destroying());
    }
    const whole = await readFile(path);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await rm(path);
    expect(await openCode()).toBe('store.journal-missing');
    for (const bytes of [empty, whole.subarray(0, -1), whole.subarray(0, 20), new Uint8Array(0)]) {
      await writeFile(path, bytes);
      expect(await openCode()).toBe('store.journal-damaged');
    }
    for (let at = 0; at < whole.length; at += 7) {
      const flipped = Uint8Array.from(whole);
      flipped[at] = (flipped[at] as number) ^ (1 << (at % 8));
      await writeFile(path, flipped);
      expect(await openCode()).toBe('store.journal-damaged');
    }
    await cp(`${await made(kept)}-erasure-journal`, path);
    expect(await openCode()).toBe('store.journal-damaged');
    // What a write that was cut off has left behind the last entry is no damage, and the next entry takes its place.
    await writeFile(path, Buffer.concat([whole, whole.subarray(60, 99)]));
    {
      await using store = await Store.open(home);
      const set = new WriteSet().eraseRecord(kept.header.id, BOREALIS, WHY);
      expect((await store.commit(set)).erased).toEqual([kept.header.id]);
    }
    expect((await readFile(path)).subarray(0, whole.length)).toEqual(whole);
    await restorePreOpen(home, 1);
    await using store = await Store.open(home);
    for (const { header } of [erased, kept])
      expect(await store.records().tombstone(header.id)).toMatchObject(WHY);
  });

  test('is part of what a store is made of: a directory with one is not empty', async () => {
    const home = await made();
    for (const name of ['store.json', 'audit-head.json', 'db'])
      await rm(join(home, name), { recursive: true });
    expect(await codeOf(Store.create(home, { state: ARCADIA }))).toBe('store.exists');
    await rm(join(home, 'record-keys'));
    expect(await codeOf(Store.create(home, { state: ARCADIA }))).toBe('store.exists');
  });
});
