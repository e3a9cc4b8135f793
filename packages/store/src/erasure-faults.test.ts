import { disclosureDigestHex } from '@comity/record';
import { expect, test } from 'vitest';
import { MemoryEngine, MemoryMedium } from './engine/memory-engine.ts';
import {
  FaultyEngine,
  type JournalFile,
  type KeyFile,
  Store,
  TABLES,
  type WriteFailure,
  WriteSet,
} from './index.ts';
import { decodeKeyState } from './keys/key-state.ts';
import { keyNumberIn } from './layout/content-seal.ts';
import { RECORD } from './layout/keyspace.ts';
import { ARCADIA, BOREALIS, codeOf, sampleDisclosure, sampleRecord } from './sample.test-support.ts';

const WHY = { atSeconds: 1_800_000_500, order: null, reason: 'error' };
const outer = sampleDisclosure('outer');
const beside = sampleDisclosure('beside');
const facts = { withheld: [outer, beside], disclosures: [outer, beside] };
const [erased, narrowed, kept] = [1, 2, 3].map((number) => sampleRecord(number, facts)) as [
  ReturnType<typeof sampleRecord>,
  ReturnType<typeof sampleRecord>,
  ReturnType<typeof sampleRecord>,
];

/** Which write fails, and how: one of the engine, of the key file or of the journal. */
interface Failure {
  readonly of: 'engine' | 'key file' | 'journal';
  readonly at: number;
  readonly failure: WriteFailure;
}

class FaultyKeyFile implements KeyFile {
  replacements = 0;
  readonly #inner: KeyFile;
  readonly #failure: Failure;

  constructor(inner: KeyFile, failure: Failure) {
    this.#inner = inner;
    this.#failure = failure;
  }

  read(): Promise<Uint8Array | undefined> {
    return this.#inner.read();
  }

  discardLeftovers(): Promise<void> {
    return this.#inner.discardLeftovers();
  }

  async replace(bytes: Uint8Array): Promise<void> {
    this.replacements += 1;
    const { of, at, failure } = this.#failure;
    if (of !== 'key file' || this.replacements !== at) return this.#inner.replace(bytes);
    if (failure === 'unconfirmed') await this.#inner.replace(bytes);
    throw new Error('EIO: i/o error, fsync');
  }
}

class FaultyJournalFile implements JournalFile {
  writes = 0;
  readonly #inner: JournalFile;
  readonly #failure: Failure;

  constructor(inner: JournalFile, failure: Failure) {
    this.#inner = inner;
    this.#failure = failure;
  }

  read(): Promise<Uint8Array | undefined> {
    return this.#inner.read();
  }

  async write(atByte: number, bytes: Uint8Array): Promise<void> {
    this.writes += 1;
    const { of, at, failure } = this.#failure;
    if (of !== 'journal' || this.writes !== at) return this.#inner.write(atByte, bytes);
    // A part of it gets there either way: the first entry of two, or all but the end of the second.
    const end = failure === 'unconfirmed' ? bytes.length : bytes.length - 1;
    await this.#inner.write(atByte, bytes.subarray(0, end));
    throw new Error('EIO: i/o error, fsync');
  }
}

interface Attempt {
  readonly medium: MemoryMedium;
  /** Numbers of the keys that are to be destroyed. */
  readonly numbers: readonly number[];
  readonly isConfirmed: boolean;
  /** Whether the fault was reached. */
  readonly hasFailed: boolean;
}

/** Erases one record and narrows another, with a write that fails between opening and closing. */
async function attempt(fault: Failure): Promise<Attempt> {
  const medium = new MemoryMedium();
  const store = await Store.onEngine(new MemoryEngine(medium), { state: ARCADIA });
  await store.commit(new WriteSet().putRecord(erased).putRecord(narrowed).putRecord(kept));
  await store.close();
  const numbers = [0, 1].map((arrival) => {
    const row = medium.rows.find(({ key }) => Buffer.from(key).equals(RECORD.key('real', arrival)));
    return keyNumberIn(row?.key as Uint8Array, row?.value as Uint8Array);
  });

  const engineFault = fault.of === 'engine' ? { atWrite: fault.at, failure: fault.failure } : undefined;
  const engine = new FaultyEngine(new MemoryEngine(medium), engineFault);
  const keyFile = new FaultyKeyFile(medium.keyFile, fault);
  const journalFile = new FaultyJournalFile(medium.journalFile, fault);
  const faulty = await Store.onEngine(engine, { state: ARCADIA, keyFile, journalFile });
  const set = new WriteSet()
    .eraseRecord(erased.header.id, BOREALIS, WHY)
    .narrowRecord(narrowed.header.id, BOREALIS, [disclosureDigestHex(outer)]);
  const code = await codeOf(faulty.commit(set));
  const writes = { engine: engine.writes, 'key file': keyFile.replacements, journal: journalFile.writes };
  const hasFailed = writes[fault.of] >= fault.at;
  if (hasFailed) {
    // Nothing more is acknowledged, and nothing more is read.
    expect(code).toBe('store.write-failed');
    expect(await codeOf(faulty.commit(new WriteSet().putRecord(sampleRecord(9))))).toBe('store.stopped');
    expect(await codeOf(faulty.records().get(kept.header.id))).toBe('store.stopped');
  } else expect(code).toBeUndefined();
  await faulty.close();
  return { medium, numbers, isConfirmed: code === undefined, hasFailed };
}

test.each<[Failure['of'], WriteFailure]>([
  ['engine', 'lost'],
  ['engine', 'unconfirmed'],
  ['key file', 'lost'],
  ['key file', 'unconfirmed'],
  ['journal', 'lost'],
  ['journal', 'unconfirmed'],
])(
  'at every write of the %s that is %s, what is erased ends erased or was never touched',
  async (of, failure) => {
    let erasedBy = 0;
    let at = 1;
    for (; ; at += 1) {
      const { medium, numbers, isConfirmed, hasFailed } = await attempt({ of, at, failure });
      for (let turn = 0; turn < 2; turn += 1) {
        const store = await Store.onEngine(new MemoryEngine(medium), { state: ARCADIA });
        const isErased = (await store.records().tombstone(erased.header.id)) !== undefined;
        if (isConfirmed) expect(isErased).toBe(true);
        expect((await store.records().get(erased.header.id)) === undefined).toBe(isErased);
        expect((await store.records().get(narrowed.header.id))?.disclosures).toEqual(
          isErased ? [beside] : [outer, beside],
        );
        expect((await store.records().get(kept.header.id))?.disclosures).toEqual([outer, beside]);
        const { tree } = decodeKeyState((await medium.keyFile.read()) as Uint8Array);
        for (const number of numbers) expect(tree.keyOf(number) === undefined).toBe(isErased);
        expect(await store.list(TABLES.erasures, [])).toEqual([]);
        expect((await store.fsck()).findings).toEqual([]);
        // It goes on, with numbers of its own.
        await store.commit(new WriteSet().putRecord(sampleRecord(20 + turn)));
        expect(await store.records().get(sampleRecord(20 + turn).header.id)).toBeDefined();
        await store.close();
        if (turn === 0 && isErased) erasedBy += 1;
      }
      if (!hasFailed) break;
    }
    // The claim of a number, the batch, the destruction and its confirmation each were the one that failed.
    expect(at).toBeGreaterThan({ engine: 3, 'key file': 2, journal: 1 }[of]);
    expect(erasedBy).toBeGreaterThan(1);
  },
);

test('an opening that fails while it finishes an erasure leaves it to the next one', async () => {
  for (const failure of ['lost', 'unconfirmed'] as const) {
    const { medium, numbers } = await attempt({ of: 'key file', at: 2, failure: 'lost' });
    expect(medium.rows.some(({ key }) => key[1] === 0x36)).toBe(true);
    const keyFile = new FaultyKeyFile(medium.keyFile, { of: 'key file', at: 1, failure });
    const { journalFile } = medium;
    await expect(Store.onEngine(new MemoryEngine(medium), { state: ARCADIA, keyFile })).rejects.toThrow(
      'EIO',
    );
    const engine = new FaultyEngine(new MemoryEngine(medium), { atWrite: 1, failure });
    expect(
      await codeOf(Store.onEngine(engine, { state: ARCADIA, keyFile: medium.keyFile, journalFile })),
    ).toBe('store.write-failed');
    const store = await Store.onEngine(new MemoryEngine(medium), { state: ARCADIA });
    const { tree } = decodeKeyState((await medium.keyFile.read()) as Uint8Array);
    for (const number of numbers) expect(tree.keyOf(number)).toBeUndefined();
    expect(await store.list(TABLES.erasures, [])).toEqual([]);
    expect(await store.records().tombstone(erased.header.id)).toMatchObject(WHY);
    expect((await store.records().get(narrowed.header.id))?.disclosures).toEqual([beside]);
    expect((await store.fsck()).findings).toEqual([]);
  }
});
