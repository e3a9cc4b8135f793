import { equalBytes } from '@comity/digest';
import { CompactTree, leafHash } from '@comity/merkle';
import type { LogName } from '../layout/key-fields.ts';
import { CHECKPOINT, LOG_ENTRY, LOG_HEAD, LOG_TILE } from '../layout/keyspace.ts';
import type { RowReader } from '../layout/row-reader.ts';
import { decodeRowValue } from '../layout/row-value.ts';
import { joinHashes } from '../log/log-state.ts';
import { TABLES } from '../tables.ts';
import type { Findings } from './findings.ts';
import { type ExpectedTile, TileBuilder } from './tile-builder.ts';

/** Heads, tiles and checkpoints of all logs, recomputed from the entries. Gives the number of entries. */
export async function checkLogs(
  rows: RowReader,
  findings: Findings,
  progress: (done: number) => void,
): Promise<number> {
  let done = 0;
  for (const log of await namesOfLogs(rows, findings)) {
    const check = new LogCheck(rows, log, findings);
    await findings.attempt({ log }, () => check.run((entries) => progress(done + entries)));
    done += check.entries;
  }
  return done;
}

/** Every log that any row is about, also where its head is gone. */
async function namesOfLogs(rows: RowReader, findings: Findings): Promise<Set<LogName>> {
  const names = new Set<LogName>();
  const collect = async (
    all: { gte: Uint8Array; lt: Uint8Array },
    of: (key: Uint8Array) => LogName,
    after: (log: LogName) => Uint8Array,
  ) => {
    await findings.attempt({}, async () => {
      let row = await rows.first(all);
      while (row !== undefined) {
        const log = of(row.key);
        names.add(log);
        row = await rows.first({ gte: after(log), lt: all.lt });
      }
    });
  };
  await collect(
    LOG_HEAD.range(),
    (key) => LOG_HEAD.parse(key)[0],
    (log) => LOG_HEAD.range(log).lt,
  );
  await collect(
    LOG_ENTRY.range(),
    (key) => LOG_ENTRY.parse(key)[0],
    (log) => LOG_ENTRY.range(log).lt,
  );
  await collect(
    LOG_TILE.range(),
    (key) => LOG_TILE.parse(key)[0],
    (log) => LOG_TILE.range(log).lt,
  );
  await collect(
    CHECKPOINT.range(),
    (key) => CHECKPOINT.parse(key)[0],
    (log) => CHECKPOINT.range(log).lt,
  );
  return names;
}

class LogCheck {
  readonly #rows: RowReader;
  readonly #log: LogName;
  readonly #findings: Findings;
  readonly #tree = new CompactTree();
  readonly #tiles = new TileBuilder();
  #checkpoints = new Map<number, Uint8Array>();

  constructor(rows: RowReader, log: LogName, findings: Findings) {
    this.#rows = rows;
    this.#log = log;
    this.#findings = findings;
  }

  get entries(): number {
    return this.#tree.size;
  }

  async run(progress: (entries: number) => void): Promise<void> {
    this.#checkpoints = await this.#readCheckpoints();
    this.#compareCheckpoint();
    for await (const chunk of this.#rows.range(LOG_ENTRY.range(this.#log))) {
      for (const { key, payload } of chunk) {
        const [, index] = LOG_ENTRY.parse(key);
        if (index !== this.#tree.size)
          return this.#find('store.log-gap', 'an entry is missing', { index: this.#tree.size });
        const hash = leafHash((decodeRowValue(payload) as [Uint8Array])[0]);
        this.#tree.append(hash);
        this.#compareCheckpoint();
        for (const tile of this.#tiles.push(hash)) await this.#compareTile(tile);
      }
      progress(this.#tree.size);
    }
    for (const tile of this.#tiles.partial()) await this.#compareTile(tile);
    await this.#compareTileCount();
    await this.#compareHead();
    for (const size of this.#checkpoints.keys()) {
      this.#find('store.log-root-mismatch', 'a checkpoint is of a size that the log does not have', { size });
    }
  }

  async #readCheckpoints(): Promise<Map<number, Uint8Array>> {
    const roots = new Map<number, Uint8Array>();
    for await (const chunk of this.#rows.range(CHECKPOINT.range(this.#log))) {
      for (const { key, payload } of chunk) {
        roots.set(CHECKPOINT.parse(key)[1], TABLES.checkpoints.decode(payload).root);
      }
    }
    return roots;
  }

  #compareCheckpoint(): void {
    const { size } = this.#tree;
    const root = this.#checkpoints.get(size);
    if (root === undefined) return;
    this.#checkpoints.delete(size);
    if (!equalBytes(root, this.#tree.root())) {
      this.#find('store.log-root-mismatch', 'a checkpoint has another root', { size });
    }
  }

  async #compareTile({ level, index, hashes }: ExpectedTile): Promise<void> {
    await this.#findings.attempt({ log: this.#log, level, index }, async () => {
      const stored = await this.#rows.get(LOG_TILE.key(this.#log, level, index));
      if (stored === undefined || !equalBytes(stored, joinHashes(hashes))) {
        this.#find('store.tile-mismatch', 'a tile is missing or differs from the entries', { level, index });
      }
    });
  }

  async #compareTileCount(): Promise<void> {
    const expected = this.#tiles.count();
    let got = 0;
    for await (const chunk of this.#rows.range(LOG_TILE.range(this.#log))) got += chunk.length;
    if (got > expected)
      this.#find('store.tile-mismatch', 'there are more tiles than the entries make', { expected, got });
  }

  async #compareHead(): Promise<void> {
    const head = await this.#rows.get(LOG_HEAD.key(this.#log));
    const [size, frontier] =
      head === undefined ? [0, []] : (decodeRowValue(head) as unknown as [number, Uint8Array[]]);
    if (size !== this.#tree.size) {
      this.#find('store.log-gap', 'the head names another size', { size, entries: this.#tree.size });
    } else if (!equalBytes(joinHashes(frontier), joinHashes(this.#tree.frontier()))) {
      this.#find('store.log-root-mismatch', 'the head has another frontier', { size });
    }
  }

  #find(
    code: 'store.log-gap' | 'store.log-root-mismatch' | 'store.tile-mismatch',
    message: string,
    fields: Record<string, number>,
  ): void {
    this.#findings.add(code, message, { log: this.#log, ...fields });
  }
}
