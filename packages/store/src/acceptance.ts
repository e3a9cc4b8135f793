import { deepEqual, equal, notEqual, ok, rejects } from 'node:assert/strict';
import type { Engine, EngineEntry, EngineOp, EngineRange, EngineReader } from './engine/engine.ts';

/** An engine under test and the medium below it. */
export interface EngineBench {
  readonly engine: Engine;
  /** Closes the engine and opens another one upon the same medium. */
  reopen(): Promise<Engine>;
  /** Removes the medium, after the engine was closed. */
  remove(): Promise<void>;
}

/** One thing that an engine has to do. */
export interface EngineCase {
  readonly name: string;
  run(): Promise<void>;
}

/**
 * What stands behind the engine port must pass all of these, each on an empty engine of its own.
 *
 * @example
 *   for (const { name, run } of engineAcceptance(openBench)) test(name, run);
 */
export function engineAcceptance(open: () => Promise<EngineBench>): readonly EngineCase[] {
  return Object.entries(CASES).map(([name, body]) => ({
    name,
    run: async () => {
      const bench = await open();
      const used = { engine: bench.engine };
      try {
        await body(used.engine, async () => {
          used.engine = await bench.reopen();
          return used.engine;
        });
      } finally {
        await used.engine.close();
        await bench.remove();
      }
    },
  }));
}

type Body = (engine: Engine, reopen: () => Promise<Engine>) => Promise<void>;

const CASES: Readonly<Record<string, Body>> = {
  'a key that was never put is absent': async (engine) => {
    equal(await engine.get(bytes('a')), undefined);
    deepEqual(await engine.getMany([bytes('a'), bytes('b')]), [undefined, undefined]);
    deepEqual(await engine.getMany([]), []);
    deepEqual(await keysIn(engine, {}), []);
  },

  'a value comes back byte for byte': async (engine) => {
    const every = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    await engine.commit([put('a', every), put('empty', new Uint8Array(0))]);
    deepEqual(plain(await engine.get(bytes('a'))), plain(every));
    deepEqual(plain(await engine.get(bytes('empty'))), []);
  },

  'values come in the order of the keys that were asked for': async (engine) => {
    await engine.commit([put('a', bytes('1')), put('b', bytes('2'))]);
    const values = await engine.getMany([bytes('b'), bytes('x'), bytes('a'), bytes('b')]);
    deepEqual(values.map(plain), [plain(bytes('2')), undefined, plain(bytes('1')), plain(bytes('2'))]);
  },

  'a later value replaces an earlier one, and a deletion removes it': async (engine) => {
    await engine.commit([put('a', bytes('1')), put('b', bytes('1'))]);
    await engine.commit([put('a', bytes('2')), del('b'), del('never')]);
    deepEqual(plain(await engine.get(bytes('a'))), plain(bytes('2')));
    deepEqual(await keysIn(engine, {}), ['a']);
  },

  'in one batch the later change counts': async (engine) => {
    await engine.commit([
      put('a', bytes('1')),
      del('a'),
      put('a', bytes('2')),
      put('b', bytes('1')),
      del('b'),
    ]);
    deepEqual(plain(await engine.get(bytes('a'))), plain(bytes('2')));
    deepEqual(await keysIn(engine, {}), ['a']);
  },

  'keys sort bytewise, a prefix before what it starts': async (engine) => {
    const sorted = [[0], [0, 0], [0, 1], [1], [0x7f], [0x80], [0x80, 0], [0xff], [0xff, 0xff]];
    await engine.commit(
      sorted.toReversed().map((key) => ({ type: 'put', key: Uint8Array.from(key), value: bytes('') })),
    );
    const rows = await rowsIn(engine, {});
    deepEqual(
      rows.map(({ key }) => plain(key)),
      sorted,
    );
    const reversed = await rowsIn(engine, { reverse: true });
    deepEqual(
      reversed.map(({ key }) => plain(key)),
      sorted.toReversed(),
    );
  },

  'a range has a first key, an end and a limit': async (engine) => {
    await engine.commit(['a', 'b', 'c', 'd', 'e'].map((key) => put(key, bytes(key))));
    deepEqual(await keysIn(engine, { gte: bytes('b'), lt: bytes('d') }), ['b', 'c']);
    deepEqual(await keysIn(engine, { gte: bytes('b'), lt: bytes('d'), reverse: true }), ['c', 'b']);
    deepEqual(await keysIn(engine, { gte: bytes('bb'), limit: 2 }), ['c', 'd']);
    deepEqual(await keysIn(engine, { lt: bytes('bb'), limit: 1, reverse: true }), ['b']);
    deepEqual(await keysIn(engine, { gte: bytes('d'), lt: bytes('b') }), []);
    deepEqual(await keysIn(engine, { gte: bytes('f') }), []);
    deepEqual(await keysIn(engine, { limit: 0 }), []);
  },

  'a long range comes in chunks, whole and in order, in both directions': async (engine) => {
    const count = 5_000;
    const names = Array.from({ length: count }, (_, index) => String(index).padStart(6, '0'));
    await engine.commit(names.map((name) => put(name, bytes(name.repeat(20)))));
    let chunks = 0;
    for await (const chunk of engine.range()) {
      ok(chunk.length > 0, 'no chunk is empty');
      chunks += 1;
    }
    ok(chunks > 1, 'more than one chunk');
    deepEqual(await keysIn(engine, {}), names);
    deepEqual(await keysIn(engine, { reverse: true }), names.toReversed());
    deepEqual(await keysIn(engine, { limit: 1_500 }), names.slice(0, 1_500));
  },

  'a range shows the moment of the call': async (engine) => {
    await engine.commit(Array.from({ length: 2_000 }, (_, index) => put(String(index), bytes('old'))));
    const range = engine.range();
    await engine.commit(Array.from({ length: 2_000 }, (_, index) => put(String(index), bytes('new'))));
    await engine.commit([put('later', bytes('new')), del('1')]);
    let rows = 0;
    for await (const chunk of range) {
      for (const { value } of chunk) equal(text(value), 'old');
      rows += chunk.length;
    }
    equal(rows, 2_000);
  },

  'a range can be left early': async (engine) => {
    await engine.commit(Array.from({ length: 3_000 }, (_, index) => put(String(index), bytes('x'))));
    for await (const chunk of engine.range()) {
      ok(chunk.length > 0);
      break;
    }
    await engine.commit([put('after', bytes('1'))]);
    equal(text(await engine.get(bytes('after'))), '1');
  },

  'a snapshot keeps one moment for all kinds of reads': async (engine) => {
    await engine.commit([put('a', bytes('1')), put('b', bytes('1'))]);
    const snapshot = engine.snapshot();
    await engine.commit([put('a', bytes('2')), del('b'), put('c', bytes('2'))]);
    equal(text(await snapshot.get(bytes('a'))), '1');
    deepEqual((await snapshot.getMany([bytes('b'), bytes('c')])).map(text), ['1', undefined]);
    deepEqual(await keysIn(snapshot, {}), ['a', 'b']);
    deepEqual(await keysIn(engine, {}), ['a', 'c']);
    await snapshot.release();
  },

  'what is handed in and given out belongs to the caller': async (engine) => {
    const value = bytes('1234');
    const op = put('a', value);
    await engine.commit([op]);
    value.fill(0);
    op.key.fill(0);
    const first = await engine.get(bytes('a'));
    equal(text(first), '1234');
    first?.fill(0);
    for (const row of await rowsIn(engine, {})) row.value.fill(0);
    equal(text(await engine.get(bytes('a'))), '1234');
  },

  'what was committed is there after reopening': async (engine, reopen) => {
    await engine.commit([put('a', bytes('1')), put('b', bytes('1'))]);
    await engine.commit([del('b'), put('c', bytes('2'))]);
    const reopened = await reopen();
    notEqual(reopened, engine);
    deepEqual(await keysIn(reopened, {}), ['a', 'c']);
    await reopened.commit([put('d', bytes('3'))]);
    deepEqual(await keysIn(await reopen(), {}), ['a', 'c', 'd']);
  },

  'commits that are made at once are all done, in order': async (engine) => {
    const rounds = Array.from({ length: 200 }, (_, index) => index);
    await Promise.all(
      rounds.map((round) => engine.commit([put('last', bytes(String(round))), put(`k${round}`, bytes('x'))])),
    );
    equal(text(await engine.get(bytes('last'))), '199');
    equal((await keysIn(engine, { gte: bytes('k'), lt: bytes('l') })).length, 200);
  },

  'an empty batch is nothing': async (engine) => {
    await engine.commit([]);
    deepEqual(await keysIn(engine, {}), []);
  },

  'a large batch is whole': async (engine) => {
    const large = new Uint8Array(300_000).fill(7);
    await engine.commit(Array.from({ length: 20 }, (_, index) => put(`k${index}`, large)));
    const rows = await rowsIn(engine, {});
    equal(rows.length, 20);
    ok(rows.every(({ value }) => value.length === large.length && value.every((byte) => byte === 7)));
  },

  'a closed engine refuses': async (engine) => {
    await engine.close();
    await rejects(async () => engine.get(bytes('a')));
    await rejects(async () => engine.getMany([bytes('a')]));
    await rejects(async () => rowsIn(engine, {}));
    await rejects(async () => engine.commit([put('a', bytes('1'))]));
    await engine.close();
  },
};

function bytes(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}

function text(content: Uint8Array | undefined): string | undefined {
  return content === undefined ? undefined : new TextDecoder().decode(content);
}

/** Engines may answer with any kind of byte array: only the bytes are compared. */
function plain(content: Uint8Array | undefined): number[] | undefined {
  return content === undefined ? undefined : [...content];
}

function put(key: string, value: Uint8Array): EngineOp {
  return { type: 'put', key: bytes(key), value };
}

function del(key: string): EngineOp {
  return { type: 'del', key: bytes(key) };
}

async function rowsIn(reader: EngineReader, range: EngineRange): Promise<EngineEntry[]> {
  const rows: EngineEntry[] = [];
  for await (const chunk of reader.range(range)) rows.push(...chunk);
  return rows;
}

async function keysIn(reader: EngineReader, range: EngineRange): Promise<string[]> {
  return (await rowsIn(reader, range)).map(({ key }) => new TextDecoder().decode(key));
}
