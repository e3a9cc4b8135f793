import { cp, mkdir, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openLevelEngine } from '../engine/level-engine.ts';
import { listPreOpen, restorePreOpen, Store, type StoreOptions, TABLES, WriteSet } from '../index.ts';
import { ARCADIA, BOREALIS, codeOf, sampleRecord, temporaryDirectories } from '../sample.test-support.ts';
import { readAuditHead } from './audit-head.ts';
import { STORE_FORMAT } from './marker.ts';

const temporaryDirectory = temporaryDirectories(afterAll);

async function made(options: Partial<StoreOptions> = {}): Promise<string> {
  const home = join(await temporaryDirectory(), 'store');
  await (await Store.create(home, { state: ARCADIA, ...options })).close();
  return home;
}

/** Opens, commits this many records with an audit entry each, and closes. */
async function used(home: string, from: number, count: number): Promise<void> {
  await using store = await Store.open(home);
  for (let number = from; number < from + count; number += 1) {
    await store.commit(
      new WriteSet().putRecord(sampleRecord(number)).audit({ atSeconds: number, event: 'accepted' }),
    );
  }
}

const openCode = (home: string, options?: StoreOptions) =>
  codeOf(Store.open(home, options).then((store) => store.close()));

async function recordCount(home: string): Promise<number> {
  await using store = await Store.open(home);
  let count = 0;
  for await (const chunk of store.records().byArrival()) count += chunk.length;
  return count;
}

const db = (home: string) => join(home, 'db');
const filesOf = async (directory: string, form: RegExp) =>
  (await readdir(directory)).filter((name) => form.test(name));

describe('making and finding a store', () => {
  test('a store is made once, where there is none', async () => {
    const home = await made();
    expect(await codeOf(Store.create(home, { state: ARCADIA }))).toBe('store.exists');
    expect(await codeOf(Store.create(home, { state: BOREALIS }))).toBe('store.exists');
    expect(await openCode(home)).toBeUndefined();
  });

  test('what a creation that was cut off left behind is neither opened nor made again', async () => {
    const home = await made();
    await rm(join(home, 'store.json'));
    expect(await openCode(home)).toBe('store.not-found');
    expect(await codeOf(Store.create(home, { state: ARCADIA }))).toBe('store.exists');
  });

  test('a path without a store is left as it is', async () => {
    const home = join(await temporaryDirectory(), 'nothing');
    expect(await openCode(home)).toBe('store.not-found');
    await expect(stat(home)).rejects.toThrow('ENOENT');
    await mkdir(home);
    expect(await openCode(home)).toBe('store.not-found');
    expect(await readdir(home)).toEqual([]);
  });

  test('a store of another state, of another format or with another marker is refused', async () => {
    const home = await made();
    expect(await openCode(home, { state: BOREALIS })).toBe('store.wrong-state');
    expect(await openCode(home, { state: ARCADIA })).toBeUndefined();
    const marker = join(home, 'store.json');
    for (const [text, code] of [
      [JSON.stringify({ format: STORE_FORMAT + 1, state: ARCADIA }), 'store.format-unsupported'],
      [JSON.stringify({ format: STORE_FORMAT - 1, state: ARCADIA }), 'store.format-unsupported'],
      [JSON.stringify({ format: STORE_FORMAT, state: BOREALIS }), 'store.wrong-state'],
      [JSON.stringify({ format: STORE_FORMAT }), 'store.damaged'],
      ['not json', 'store.damaged'],
      ['null', 'store.damaged'],
    ] as const) {
      await writeFile(marker, text);
      expect(await openCode(home)).toBe(code);
    }
  });

  test('a store is open once', async () => {
    const home = await made();
    const store = await Store.open(home);
    const before = await listPreOpen(home);
    expect(await openCode(home)).toBe('store.locked');
    expect(await codeOf(restorePreOpen(home, before[0] as number))).toBe('store.locked');
    // Who was refused has neither copied nor removed anything.
    expect(await listPreOpen(home)).toEqual(before);
    await store.commit(new WriteSet().put(TABLES.settings, ['a'], 1));
    await store.close();
    expect(await openCode(home)).toBeUndefined();
  });

  test('a store that is being made is not made a second time beside it', async () => {
    const home = join(await temporaryDirectory(), 'store');
    const results = await Promise.all(
      [1, 2, 3].map(() => codeOf(Store.create(home, { state: ARCADIA }).then((store) => store.close()))),
    );
    expect(results.filter((code) => code === undefined).length).toBe(1);
    for (const code of results) expect([undefined, 'store.locked', 'store.exists']).toContain(code);
  });

  test('a damaged lock is no reason to stay closed', async () => {
    const home = await made();
    for (const name of await filesOf(join(home, 'lock'), /^MANIFEST/))
      await truncate(join(home, 'lock', name), 5);
    await writeFile(join(home, 'lock', 'CURRENT'), 'rubbish');
    expect(await openCode(home)).toBeUndefined();
  });
});

describe('the copies made before opening', () => {
  test('are the last three, numbered on', async () => {
    const home = await made();
    for (let turn = 0; turn < 6; turn += 1) await used(home, turn, 1);
    expect(await listPreOpen(home)).toEqual([4, 5, 6]);
    expect(await readdir(join(home, 'pre-open'))).toEqual(['4', '5', '6']);
  });

  test('link the tables instead of copying them', async () => {
    const home = await made();
    await used(home, 0, 5);
    await used(home, 5, 5);
    await used(home, 10, 1);
    const tables = await filesOf(join(home, 'pre-open', '3'), /\.ldb$/);
    expect(tables.length).toBeGreaterThan(0);
    const inodes = await Promise.all(tables.map(async (name) => (await stat(join(db(home), name))).ino));
    const copied = await Promise.all(
      tables.map(async (name) => (await stat(join(home, 'pre-open', '3', name))).ino),
    );
    expect(copied).toEqual(inodes);
    // LevelDB's own log of what it does is not a file of the database.
    expect(await filesOf(join(home, 'pre-open', '3'), /^LO/)).toEqual([]);
  });

  test('can each be restored, and what they replace is set aside', async () => {
    const home = await made();
    await used(home, 0, 5);
    await used(home, 5, 5);
    await used(home, 10, 5);
    const report = await restorePreOpen(home, 2);
    expect(report).toMatchObject({
      copy: 2,
      head: { auditSequence: 5 },
      replacedHead: { auditSequence: 15 },
    });
    expect(await recordCount(home)).toBe(5);
    expect(await filesOf(join(report.setAside, 'db'), /^CURRENT$/)).toEqual(['CURRENT']);
    // The copy is still there, and a later one too; the restored store goes on.
    await used(home, 20, 2);
    expect(await recordCount(home)).toBe(7);
    await using store = await Store.open(home);
    expect((await store.fsck()).findings).toEqual([]);
  });

  test('that are not there are not restored', async () => {
    const home = await made();
    await used(home, 0, 1);
    expect(await codeOf(restorePreOpen(home, 7))).toBe('store.no-such-copy');
    expect(await codeOf(restorePreOpen(home, 0))).toBe('store.no-such-copy');
    expect(await recordCount(home)).toBe(1);
  });

  test('can be restored again after the work was cut off anywhere', async () => {
    for (const cut of ['built', 'moved', 'swapped'] as const) {
      const home = await made();
      await used(home, 0, 5);
      await used(home, 5, 5);
      // What the steps before the cut have done.
      await cp(join(home, 'pre-open', '2'), join(home, 'db.restored'), { recursive: true });
      if (cut !== 'built') {
        await mkdir(join(home, 'set-aside', '1'), { recursive: true });
        await rename(db(home), join(home, 'set-aside', '1', 'db'));
      }
      if (cut === 'swapped') await rename(join(home, 'db.restored'), db(home));
      if (cut !== 'built') expect(await openCode(home)).toMatch(/^store\.(damaged|rolled-back)$/);
      await restorePreOpen(home, 2);
      expect(await recordCount(home)).toBe(5);
    }
  });
});

describe('a store that lost files or parts of them', () => {
  /** Ten records in tables and ten in the log, with copies of both. */
  async function filled(): Promise<string> {
    const home = await made();
    await used(home, 0, 10);
    await used(home, 10, 10);
    return home;
  }

  const damages: [string, string[], (home: string) => Promise<unknown>][] = [
    ['CURRENT', ['store.damaged'], (home) => rm(join(db(home), 'CURRENT'))],
    ['the content of CURRENT', ['store.damaged'], (home) => truncate(join(db(home), 'CURRENT'), 0)],
    ['the manifest', ['store.damaged'], (home) => eachFile(home, /^MANIFEST/, (path) => rm(path))],
    [
      'half of the manifest',
      ['store.damaged'],
      (home) => eachFile(home, /^MANIFEST/, async (path) => truncate(path, (await stat(path)).size >> 1)),
    ],
    [
      'the end of the manifest',
      ['store.damaged'],
      (home) => eachFile(home, /^MANIFEST/, async (path) => truncate(path, (await stat(path)).size - 1)),
    ],
    [
      'a table',
      ['store.damaged'],
      async (home) => rm(join(db(home), (await filesOf(db(home), /\.ldb$/))[0] as string)),
    ],
    ['the log', ['store.rolled-back'], (home) => eachFile(home, /\.log$/, (path) => rm(path))],
    [
      'half of the log',
      ['store.damaged'],
      (home) => eachFile(home, /\.log$/, async (path) => truncate(path, (await stat(path)).size >> 1)),
    ],
    [
      'the last byte of the log',
      ['store.damaged'],
      (home) => eachFile(home, /\.log$/, async (path) => truncate(path, (await stat(path)).size - 1)),
    ],
    ['the whole database', ['store.damaged'], (home) => rm(db(home), { recursive: true })],
  ];

  async function eachFile(
    home: string,
    form: RegExp,
    change: (path: string) => Promise<unknown>,
  ): Promise<void> {
    for (const name of await filesOf(db(home), form)) await change(join(db(home), name));
  }

  test.each(damages)(
    '%s: is refused, again and again, and comes back from a copy',
    async (_what, codes, damage) => {
      const home = await filled();
      await damage(home);
      for (let turn = 0; turn < 5; turn += 1) expect(codes).toContain(await openCode(home));
      // Refusals have not pushed out what can be restored.
      const copies = await listPreOpen(home);
      expect(copies).toEqual([1, 2]);
      await restorePreOpen(home, copies.at(-1) as number);
      expect(await recordCount(home)).toBe(10);
    },
  );

  test('the files are kept as they were before LevelDB opened what it should not have', async () => {
    const home = await filled();
    await eachFile(home, /\.log$/, (path) => rm(path));
    expect(await openCode(home)).toBe('store.rolled-back');
    expect(await openCode(home)).toBe('store.rolled-back');
    const kept = await filesOf(join(home, 'pre-open', 'failed'), /\.ldb$|^CURRENT$|^MANIFEST/);
    expect(kept.length).toBeGreaterThan(2);
  });

  test('an older state of the whole database is noticed', async () => {
    const home = await made();
    await used(home, 0, 5);
    await cp(db(home), join(home, 'older'), { recursive: true });
    await used(home, 5, 1);
    await rm(db(home), { recursive: true });
    await rename(join(home, 'older'), db(home));
    expect(await openCode(home)).toBe('store.rolled-back');
  });

  test('a database without anything in it is noticed, although LevelDB finds it in order', async () => {
    const home = await filled();
    await rm(db(home), { recursive: true });
    await (await openLevelEngine(db(home), { create: true })).close();
    expect(await openCode(home)).toBe('store.rolled-back');
  });
});

describe('the head beside the database', () => {
  test('names what was committed, from opening to closing', async () => {
    const home = await made({ headIntervalMs: 0 });
    const path = join(home, 'audit-head.json');
    expect(await readAuditHead(path)).toMatchObject({
      commits: 0,
      auditSequence: 0,
      auditHash: '00'.repeat(32),
    });
    await used(home, 0, 3);
    const head = await readAuditHead(path);
    expect(head).toMatchObject({ commits: 3, auditSequence: 3 });
    expect(head.files.map(({ name }) => name.replace(/\d+/, 'n')).sort()).toEqual(['MANIFEST-n', 'n.log']);
  });

  test('follows within its interval while the store is open', async () => {
    const home = await made();
    await using store = await Store.open(home, { headIntervalMs: 20 });
    await store.commit(new WriteSet().audit({ atSeconds: 1, event: 'x' }));
    await expect
      .poll(async () => (await readAuditHead(join(home, 'audit-head.json'))).auditSequence, {
        timeout: 5_000,
      })
      .toBe(1);
    // Not after every commit: the file costs two synchronisations.
    const { ino } = await stat(join(home, 'audit-head.json'));
    await store.commit(new WriteSet().audit({ atSeconds: 1, event: 'x' }));
    expect((await stat(join(home, 'audit-head.json'))).ino).toBe(ino);
  });

  test('that is missing or no head is refused, and one from a copy serves', async () => {
    const home = await made();
    await used(home, 0, 3);
    await used(home, 3, 3);
    const path = join(home, 'audit-head.json');
    for (const text of [
      undefined,
      '',
      '{}',
      'null',
      '{"commits":1,"auditSequence":1,"auditHash":"x","files":[]}',
      '[]',
    ]) {
      if (text === undefined) await rm(path);
      else await writeFile(path, text);
      expect(await openCode(home)).toBe('store.head-missing');
    }
    await cp(join(home, 'pre-open', '2', 'audit-head.json'), path);
    expect(await recordCount(home)).toBe(6);
  });

  test('that names another entry than the chain has is refused', async () => {
    const home = await made();
    await used(home, 0, 3);
    const path = join(home, 'audit-head.json');
    const head = await readAuditHead(path);
    for (const change of [
      { auditHash: 'ab'.repeat(32) },
      { auditSequence: 2 },
      { auditSequence: 4 },
      { auditSequence: 0, auditHash: 'ab'.repeat(32) },
      { commits: head.commits + 1 },
    ]) {
      await writeFile(path, JSON.stringify({ ...head, ...change }));
      expect(await openCode(home)).toBe('store.rolled-back');
    }
    await writeFile(path, JSON.stringify(head));
    expect(await openCode(home)).toBeUndefined();
  });

  test('that cannot be written stops the store', async () => {
    const home = await made();
    const store = await Store.open(home, { headIntervalMs: 1 });
    // A directory in the place of the temporary file.
    await mkdir(join(home, 'audit-head.json.new'));
    await store.commit(new WriteSet().put(TABLES.settings, ['a'], 1));
    await expect.poll(() => store.stopped, { timeout: 5_000 }).toBe(true);
    expect(await codeOf(store.commit(new WriteSet().put(TABLES.settings, ['a'], 2)))).toBe('store.stopped');
    await store.close();
    await rm(join(home, 'audit-head.json.new'), { recursive: true });
    expect(await openCode(home)).toBeUndefined();
  });

  test('tells how far the chain was when it was written, and is read anew each time', async () => {
    const home = await made();
    await used(home, 0, 3);
    await using store = await Store.open(home, { headIntervalMs: 1 });
    expect(await store.witnessedAuditTip()).toEqual(store.auditTip);
    await store.commit(new WriteSet().audit({ atSeconds: 1, event: 'x' }));
    await expect
      .poll(async () => (await store.witnessedAuditTip())?.sequence, { timeout: 5_000 })
      .toBe(store.auditTip.sequence);
    await rm(join(home, 'audit-head.json'));
    expect(await codeOf(store.witnessedAuditTip())).toBe('store.head-missing');
  });

  test('entries that were committed after it must continue the chain', async () => {
    const home = await made();
    await used(home, 0, 3);
    const older = await readFile(join(home, 'audit-head.json'));
    await used(home, 3, 3);
    const engine = await openLevelEngine(db(home), { create: false });
    const { AUDIT } = await import('../layout/keyspace.ts');
    await engine.commit([{ type: 'del', key: AUDIT.key(5) }]);
    await engine.close();
    await writeFile(join(home, 'audit-head.json'), older);
    expect(await openCode(home)).toBe('store.audit-broken');
  });
});

test('the directory is for the owner of the process alone', async () => {
  const home = await made();
  await used(home, 0, 1);
  expect((await stat(home)).mode & 0o077).toBe(0);
});
