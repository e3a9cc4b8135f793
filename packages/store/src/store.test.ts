import { sha256, toHex } from '@comity/digest';
import { isFault } from '@comity/fault';
import { disclosureDigestHex, type RecordId } from '@comity/record';
import { afterAll, describe, expect, test } from 'vitest';
import { MemoryEngine, MemoryMedium } from './engine/memory-engine.ts';
import { STORE_FORMAT } from './home/marker.ts';
import { Store, sealRow, TABLES, WriteSet } from './index.ts';
import { RECORD, RECORD_BY_ISSUER, SETTING } from './layout/keyspace.ts';
import { encodeRowValue } from './layout/row-value.ts';
import {
  ARCADIA,
  BOREALIS,
  CALDERA,
  codeOf,
  contentRowOn,
  named,
  sampleLeaf,
  sampleRecord,
  temporaryDirectories,
} from './sample.test-support.ts';

const temporaryDirectory = temporaryDirectories(afterAll);

async function emptyStore(): Promise<Store> {
  return Store.onEngine(new MemoryEngine(), { state: ARCADIA });
}

const ids = (records: readonly { readonly id: RecordId }[]) => records.map(({ id }) => id);

describe('records', () => {
  test('a record comes back as it was put, and an unknown id does not', async () => {
    const store = await emptyStore();
    const record = sampleRecord(1, { disclosures: [named('a'), named('b')] });
    const { records } = await store.commit(new WriteSet().putRecord(record));
    expect(records).toEqual([
      { id: record.header.id, realm: 'real', arrival: 0, isNew: true, isChanged: true },
    ]);
    expect(await store.records().get(record.header.id)).toEqual({
      id: record.header.id,
      realm: 'real',
      arrival: 0,
      bytes: record.bytes,
      disclosures: record.disclosures,
      sources: [record.source],
    });
    expect(await store.records().get(sampleRecord(2).header.id)).toBeUndefined();
  });

  test('bytes that are not those of the id are refused, and leave no trace', async () => {
    const store = await emptyStore();
    const { header } = sampleRecord(1);
    const set = new WriteSet().putRecord({ ...sampleRecord(2), header }).audit({ atSeconds: 1, event: 'x' });
    expect(await codeOf(store.commit(set))).toBe('store.record-id-mismatch');
    expect(store.auditTip.sequence).toBe(0);
    expect((await store.records().list()).records).toEqual([]);
  });

  test('a second arrival adds its disclosures and its source, whichever came first', async () => {
    const [a, b, c] = [named('a'), named('b'), named('c')];
    const first = sampleRecord(1, { disclosures: [a, b] });
    const second = sampleRecord(1, { disclosures: [b, c], peer: CALDERA });
    const store = await emptyStore();
    await store.commit(new WriteSet().putRecord(first));
    const { records } = await store.commit(new WriteSet().putRecord(second));
    expect(records[0]).toMatchObject({ isNew: false, isChanged: true, arrival: 0 });
    const stored = await store.records().get(first.header.id);
    expect(stored?.disclosures).toEqual([a, b, c]);
    // From here on it is known who brought which parts, also those that were held already.
    const digests = (...parts: Uint8Array[]): string[] => parts.map(disclosureDigestHex).sort();
    expect(stored?.sources).toEqual([
      { ...first.source, parts: digests(a, b) },
      { ...second.source, parts: digests(b, c) },
    ]);
    // What brings nothing new writes nothing.
    const again = await store.commit(new WriteSet().putRecord(second));
    expect(again.records[0]).toMatchObject({ isNew: false, isChanged: false });
    expect((await store.records().list()).records.length).toBe(1);
  });

  test('two views of a record in one set, and in two commits at once, are one record', async () => {
    const [a, b, c] = [named('a'), named('b'), named('c')];
    const view = (disclosure: Uint8Array) => sampleRecord(1, { disclosures: [disclosure] });
    const store = await emptyStore();
    const [both] = await Promise.all([
      store.commit(new WriteSet().putRecord(view(a)).putRecord(view(b))),
      store.commit(new WriteSet().putRecord(view(c))),
    ]);
    expect(both.records.map(({ arrival }) => arrival)).toEqual([0, 0]);
    expect((await store.records().get(view(a).header.id))?.disclosures).toEqual([a, b, c]);
    expect((await store.records().list()).records.length).toBe(1);
    expect((await store.fsck()).findings).toEqual([]);
  });

  test('exercise records are in a realm of their own', async () => {
    const store = await emptyStore();
    const [real, exercise] = [sampleRecord(1), sampleRecord(2, { exercise: 'northern-light' })];
    await store.commit(new WriteSet().putRecord(real).putRecord(exercise));
    expect(await store.records().get(exercise.header.id)).toBeUndefined();
    expect(await store.records('exercise').get(real.header.id)).toBeUndefined();
    expect(ids((await store.records().list()).records)).toEqual([real.header.id]);
    expect(ids((await store.records('exercise').list()).records)).toEqual([exercise.header.id]);
    expect(await store.realmOf(real.header.id)).toBe('real');
    expect(await store.realmOf(exercise.header.id)).toBe('exercise');
    expect(await store.realmOf(sampleRecord(3).header.id)).toBeUndefined();
    expect(await store.records('exercise').bySubject(real.header.subject)).toEqual([]);
  });

  test('are found by subject, by what they withdraw and by what they supersede', async () => {
    const store = await emptyStore();
    const first = sampleRecord(1, { subjectId: 'thing' });
    const second = sampleRecord(2, { subjectId: 'thing', supersedes: [first.header.id] });
    const retraction = sampleRecord(3, { type: 'retraction', retracts: second.header.id });
    // Arrival in any order gives the same answers.
    for (const record of [retraction, second, first]) await store.commit(new WriteSet().putRecord(record));
    const records = store.records();
    expect(ids(await records.bySubject('incident/thing'))).toEqual(ids([first.header, second.header]));
    expect(ids(await records.successorsOf(first.header.id))).toEqual([second.header.id]);
    expect(ids(await records.retractionsOf(second.header.id))).toEqual([retraction.header.id]);
    expect(await records.retractionsOf(first.header.id)).toEqual([]);
    expect(await records.bySubject('incident/other')).toEqual([]);
  });

  test('are read in the order of arrival from any number on', async () => {
    const store = await emptyStore();
    for (let number = 0; number < 5; number += 1)
      await store.commit(new WriteSet().putRecord(sampleRecord(9 - number)));
    const found: number[] = [];
    for await (const chunk of store.records().byArrival(2))
      found.push(...chunk.map(({ arrival }) => arrival));
    expect(found).toEqual([2, 3, 4]);
  });
});

describe('lists of records', async () => {
  const store = await emptyStore();
  const all = Array.from({ length: 60 }, (_, number) =>
    sampleRecord(number, {
      issuer: number % 3 === 0 ? CALDERA : BOREALIS,
      type: number % 4 === 0 ? 'norm' : 'incident',
      // Several in each second, so that the id decides.
      issuedAtSeconds: 1_700_000_000 + Math.floor(number / 7),
    }),
  );
  for (const record of all.toSorted((a, b) => (a.header.id < b.header.id ? -1 : 1))) {
    await store.commit(new WriteSet().putRecord(record));
  }
  const sorted = all
    .map(({ header }) => header)
    .sort((a, b) => a.issuedAtSeconds - b.issuedAtSeconds || (a.id < b.id ? -1 : 1));

  test.each([
    {},
    { type: 'norm' },
    { issuer: CALDERA },
    { type: 'norm', issuer: CALDERA },
    { type: 'clarification' },
    { sinceSeconds: 1_700_000_003 },
    { type: 'incident', sinceSeconds: 1_700_000_003 },
    { issuer: BOREALIS, type: 'norm', sinceSeconds: 1_700_000_002 },
    { type: [] },
    { type: ['norm'] },
    { type: ['norm', 'clarification', 'incident'] },
    { type: ['norm', 'incident'], sinceSeconds: 1_700_000_003 },
    { type: ['norm', 'incident', 'norm'], issuer: CALDERA },
  ])('with %j are whole and in order, in pages of any size and in both directions', async (query) => {
    const expected = sorted.filter(
      ({ type, issuer, issuedAtSeconds }) =>
        (query.type === undefined || [query.type].flat().includes(type)) &&
        (query.issuer ?? issuer) === issuer &&
        issuedAtSeconds >= (query.sinceSeconds ?? 0),
    );
    for (const reverse of [false, true]) {
      for (const limit of [1, 7, 100]) {
        const found: RecordId[] = [];
        let after: string | undefined;
        do {
          const page = await store
            .records()
            .list({ ...query, reverse, limit, ...(after === undefined ? {} : { after }) });
          expect(page.records.length).toBeLessThanOrEqual(limit);
          found.push(...ids(page.records));
          after = page.next;
        } while (after !== undefined);
        expect(found).toEqual(ids(reverse ? expected.toReversed() : expected));
      }
    }
  });

  test('of a rare type by a busy issuer end a page early, and go on from there', async () => {
    const medium = new MemoryMedium();
    const busy = await Store.onEngine(new MemoryEngine(medium), { state: ARCADIA });
    const id = (number: number) => number.toString(16).padStart(64, '0') as RecordId;
    const index = Array.from({ length: 20_001 }, (_, number) =>
      sealRow(
        RECORD_BY_ISSUER.key('real', CALDERA, number, id(number)),
        encodeRowValue([number, 'incident']),
      ),
    );
    await new MemoryEngine(medium).commit(index);
    const page = await busy.records().list({ issuer: CALDERA, type: 'norm' });
    expect(page).toEqual({ records: [], next: `19999-${id(19_999)}` });
    expect(await busy.records().list({ issuer: CALDERA, type: 'norm', after: page.next as string })).toEqual({
      records: [],
    });
  });

  test('refuse a cursor that none of them gave', async () => {
    for (const after of ['', 'x', '1-ab', `${'9'.repeat(400)}-${'0'.repeat(64)}`, `-1-${'0'.repeat(64)}`]) {
      expect(await codeOf(store.records().list({ after }))).toBe('store.key-invalid');
    }
  });
});

describe('tables', () => {
  test('rows of every table come back, are listed by the beginning of their keys, and go', async () => {
    const store = await emptyStore();
    const peer = { code: 'XBO', addresses: ['/ip4/127.0.0.1/tcp/1'], suspended: false, addedAtSeconds: 5 };
    const policy = {
      digest: toHex(named('policy')),
      text: 'comity: policy/1',
      appliedAtSeconds: 3,
      appliedBy: 'officer',
    };
    const document = (text: string) => ({ bytes: named(text), storedAtSeconds: 1 });
    const digest = toHex(named('document'));
    const query = {
      peer: BOREALIS,
      bytes: named('question'),
      outcome: 'refused',
      code: 'store.closed',
      recordCount: 0,
      updatedAtSeconds: 9,
    } as const;
    const refused = { code: 'cbor.not-shortest', peer: null, byteLength: 7, atSeconds: 8 } as const;
    const witnessed = { size: 3, root: named('root'), note: 'note', line: 'line', atSeconds: 4 };
    await store.commit(
      new WriteSet()
        .put(TABLES.peers, [BOREALIS], peer)
        .put(TABLES.peers, [CALDERA], { ...peer, code: 'XCA', suspended: true })
        .put(TABLES.policies, [1], policy)
        .put(TABLES.policies, [2], { ...policy, text: 'second' })
        .put(TABLES.documents, [BOREALIS, 'charter', digest], document('charter'))
        .put(TABLES.documents, [BOREALIS, 'recognition', digest], document('recognition'))
        .put(TABLES.documents, [CALDERA, 'charter', digest], document('other'))
        .put(TABLES.queries, ['real', 'asked', 7, digest], query)
        .put(TABLES.quarantine, [digest], refused)
        .put(TABLES.witnessed, [BOREALIS], witnessed)
        .put(TABLES.missing, [BOREALIS, 3], { code: null, atSeconds: 5 })
        .put(TABLES.missing, [BOREALIS, 300], { code: 'cbor.not-shortest', atSeconds: 6 })
        .put(TABLES.missing, [CALDERA, 4], { code: null, atSeconds: 7 })
        .put(TABLES.relayQueue, [sampleRecord(1).header.id, 5], 8)
        .put(TABLES.settings, ['console.languages'], ['en', new Map([['fr', 1]])]),
    );
    expect(await store.get(TABLES.peers, [BOREALIS])).toEqual(peer);
    expect((await store.list(TABLES.peers, [])).length).toBe(2);
    expect(await store.list(TABLES.policies, [], { reverse: true, limit: 1 })).toEqual([
      { key: [2], row: { ...policy, text: 'second' } },
    ]);
    expect((await store.list(TABLES.documents, [BOREALIS])).map(({ row }) => row)).toEqual([
      document('charter'),
      document('recognition'),
    ]);
    expect(await store.list(TABLES.documents, [CALDERA, 'recognition'])).toEqual([]);
    expect(await store.get(TABLES.queries, ['real', 'asked', 7, digest])).toEqual(query);
    expect(await store.list(TABLES.queries, ['exercise'])).toEqual([]);
    expect(await store.get(TABLES.quarantine, [digest])).toEqual(refused);
    expect(await store.get(TABLES.witnessed, [BOREALIS])).toEqual(witnessed);
    expect(await store.list(TABLES.missing, [BOREALIS], { from: [BOREALIS, 4] })).toEqual([
      { key: [BOREALIS, 300], row: { code: 'cbor.not-shortest', atSeconds: 6 } },
    ]);
    expect((await store.list(TABLES.missing, [BOREALIS])).map(({ key }) => key[1])).toEqual([3, 300]);
    expect(await store.list(TABLES.relayQueue, [])).toEqual([
      { key: [sampleRecord(1).header.id, 5], row: 8 },
    ]);
    expect(await store.get(TABLES.settings, ['console.languages'])).toEqual(['en', new Map([['fr', 1]])]);
    await store.commit(new WriteSet().delete(TABLES.quarantine, [digest]));
    expect(await store.get(TABLES.quarantine, [digest])).toBeUndefined();
    expect((await store.fsck()).findings).toEqual([]);
  });
});

describe('the audit chain', () => {
  test('links every entry to the one before, also of commits that run at once', async () => {
    const store = await emptyStore();
    const commits = Array.from({ length: 40 }, (_, number) =>
      store.commit(
        new WriteSet().audit({
          atSeconds: number,
          event: 'happened',
          fields: { number, list: [1, 'a', null] },
        }),
      ),
    );
    await Promise.all(commits);
    const entries = [];
    for await (const chunk of store.audit()) entries.push(...chunk);
    expect(entries.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 40 }, (_, index) => index + 1),
    );
    for (const [index, entry] of entries.entries()) {
      expect(toHex(entry.previousHash)).toBe(
        index === 0 ? '00'.repeat(32) : toHex(entries[index - 1]?.hash as Uint8Array),
      );
      expect(toHex(sha256(entry.bytes))).toBe(toHex(entry.hash));
      expect(entry.fields).toEqual(
        new Map<string, unknown>([
          ['number', index],
          ['list', [1, 'a', null]],
        ]),
      );
    }
    expect(store.auditTip).toEqual({ sequence: 40, hash: entries.at(-1)?.hash });
    expect(store.commits).toBe(40);
    const some = [];
    for await (const chunk of store.audit(7, 3)) some.push(...chunk);
    expect(some).toEqual(entries.slice(6, 9));
    expect(await store.witnessedAuditTip()).toBeUndefined();
  });

  test('a chain with an entry changed, missing or exchanged is noticed on the way', async () => {
    for (const damage of ['change', 'remove', 'swap'] as const) {
      const medium = new MemoryMedium();
      const store = await Store.onEngine(new MemoryEngine(medium), { state: ARCADIA });
      for (let number = 0; number < 4; number += 1) {
        await store.commit(new WriteSet().audit({ atSeconds: number, event: 'happened' }));
      }
      const at = medium.rows.findIndex(({ key }) => key[1] === 0x0a) + 1;
      const rows = [...medium.rows];
      const row = rows[at] as (typeof rows)[number];
      const payload = (index: number) => rows[index]?.value.subarray(16) as Uint8Array;
      if (damage === 'change')
        rows[at] = sealRow(
          row.key,
          payload(at).map((byte, index) => (index === 4 ? byte ^ 1 : byte)),
        );
      if (damage === 'remove') rows.splice(at, 1);
      if (damage === 'swap') rows[at] = sealRow(row.key, payload(at + 1));
      medium.rows = rows;
      const reading = (async () => {
        for await (const _ of store.audit());
      })();
      expect(await codeOf(reading)).toBe('store.audit-broken');
      expect((await store.fsck()).findings.map(({ code }) => code)).toContain('store.audit-broken');
    }
  });
});

describe('a damaged row', () => {
  test('is never served, whatever way leads to it', async () => {
    const medium = new MemoryMedium();
    const store = await Store.onEngine(new MemoryEngine(medium), { state: ARCADIA });
    const record = sampleRecord(1);
    const log = `ledger/in/${BOREALIS}` as const;
    await store.commit(
      new WriteSet()
        .putRecord(record)
        .append(log, [{ leaf: sampleLeaf(record) }])
        .put(TABLES.settings, ['a'], 'b'),
    );
    medium.rows = medium.rows.map(({ key, value }) => ({
      key,
      value: value.map((byte, at) => (at === value.length - 1 ? byte ^ 1 : byte)),
    }));
    const reader = await codeOf(store.log(log));
    expect(reader).toBeUndefined();
    const log1 = await store.log(log);
    for (const read of [
      () => store.records().get(record.header.id),
      () => store.records().list(),
      () => store.records().list({ type: 'incident' }),
      () => store.records().bySubject(record.header.subject),
      () => store.records().byArrival().next(),
      () => store.get(TABLES.settings, ['a']),
      () => store.list(TABLES.settings, []),
      () => log1.entry(0),
      () => store.realmOf(record.header.id),
    ]) {
      expect(await codeOf(read())).toBe('store.row-damaged');
    }
  });

  test('an index that leads to another record, or to none, is noticed', async () => {
    const medium = new MemoryMedium();
    const store = await Store.onEngine(new MemoryEngine(medium), { state: ARCADIA });
    const [one, other] = [sampleRecord(1), sampleRecord(2)];
    await store.commit(new WriteSet().putRecord(one).putRecord(other));
    const engine = new MemoryEngine(medium);
    await engine.commit([await contentRowOn(medium, 0, other.bytes)]);
    expect(await codeOf(store.records().get(one.header.id))).toBe('store.record-id-mismatch');
    await engine.commit([{ type: 'del', key: RECORD.key('real', 0) }]);
    expect(await codeOf(store.records().get(one.header.id))).toBe('store.row-missing');
  });
});

describe('a store', () => {
  test('upon an engine of another state is refused, and so is one of another format', async () => {
    const medium = new MemoryMedium();
    await Store.onEngine(new MemoryEngine(medium), { state: ARCADIA });
    expect(await codeOf(Store.onEngine(new MemoryEngine(medium), { state: BOREALIS }))).toBe(
      'store.wrong-state',
    );
    const engine = new MemoryEngine(medium);
    await engine.commit(new WriteSet().put(TABLES.meta, ['format'], STORE_FORMAT + 1).ops);
    expect(await codeOf(Store.onEngine(engine, { state: ARCADIA }))).toBe('store.format-unsupported');
  });

  test('does nothing for a set that is empty', async () => {
    const store = await emptyStore();
    expect(await store.commit(new WriteSet())).toEqual({
      records: [],
      logs: new Map(),
      erased: [],
      narrowed: [],
    });
    expect(store.commits).toBe(0);
  });

  test('refuses everything once it is closed', async () => {
    const store = await Store.create(await temporaryDirectory(), { state: ARCADIA });
    await store.close();
    await store.close();
    expect(await codeOf(store.commit(new WriteSet().put(TABLES.settings, ['a'], 1)))).toBe('store.closed');
    expect(await codeOf(store.records().list())).toBe('store.closed');
    expect(await codeOf(store.fsck())).toBe('store.closed');
  });

  test('reads what it wrote after it was opened again', async () => {
    const directory = await temporaryDirectory();
    const records = Array.from({ length: 20 }, (_, number) => sampleRecord(number));
    {
      await using store = await Store.create(directory, { state: ARCADIA });
      const set = new WriteSet()
        .audit({ atSeconds: 1, event: 'accepted' })
        .append('origin', [{ leaf: named('x') }]);
      for (const record of records) set.putRecord(record);
      await store.commit(set);
    }
    await using store = await Store.open(directory, { state: ARCADIA });
    expect(store.state).toBe(ARCADIA);
    expect(store.commits).toBe(1);
    expect(ids((await store.records().list()).records).sort()).toEqual(
      records.map(({ header }) => header.id).sort(),
    );
    const next = await store.commit(new WriteSet().putRecord(sampleRecord(99)));
    expect(next.records[0]?.arrival).toBe(20);
    expect((await store.fsck()).findings).toEqual([]);
  });

  test('a fault names no content', async () => {
    const medium = new MemoryMedium();
    const store = await Store.onEngine(new MemoryEngine(medium), { state: ARCADIA });
    await store.commit(new WriteSet().put(TABLES.settings, ['secret-name'], 'secret value'));
    await new MemoryEngine(medium).commit([
      { type: 'put', key: SETTING.key('secret-name'), value: named('secret') },
    ]);
    const error = await store.get(TABLES.settings, ['secret-name']).catch((thrown: unknown) => thrown);
    expect(isFault(error, 'store.row-damaged')).toBe(true);
    expect(JSON.stringify(error)).not.toMatch(/secret/);
    expect(JSON.stringify(await store.fsck())).not.toMatch(/secret/);
  });
});
