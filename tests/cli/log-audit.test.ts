import { createHash } from 'node:crypto';
import { cp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keyspaceNameOf, openLevelEngine, sealRow } from '@comity/store';
import { decode } from 'cbor2';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { comity, type Outcome } from '../federation/command-line.ts';
import { ForeignState } from '../federation/foreign-state.ts';
import { applyPolicy, type FoundedState, foundStates, recognise } from '../federation/founding.ts';
import { NodeProcess } from '../federation/node-process.ts';
import { type ScratchDirectory, scratchDirectory } from '../federation/scratch-directory.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const DAMAGED = 40;
/** Content that must stand in no line. */
const SECRETS = ['Outage of a registry', 'Registry One', 'Something was tried'];
const DRAFT = {
  type: 'incident',
  label: { classification: 'restricted', releasableTo: ['XBB'] },
  content: {
    title: { en: SECRETS[0] },
    victim: { name: SECRETS[1] },
    summary: { en: SECRETS[2] },
    stage: 'final',
  },
};
const POLICY = {
  comity: 'policy/1',
  rules: [{ name: 'warn', to: ['XBB'], mode: ['push'], purpose: ['incident-response'] }],
};

interface Line {
  readonly sequence: number;
  readonly hash: string;
  readonly previous: string;
  readonly time: string;
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly entry: string;
}

let scratch: ScratchDirectory;
let state: FoundedState;
let node: NodeProcess;
let exports = 0;

const audit = (...args: readonly string[]): Promise<Outcome> =>
  comity(['--home', state.home, 'log', 'audit', ...args]);

async function exported(
  ...args: readonly string[]
): Promise<{ outcome: Outcome; lines: Line[]; text: string }> {
  exports += 1;
  const path = scratch.at(`audit-${exports}.jsonl`);
  const outcome = await audit('--export', path, ...args);
  const text = await readFile(path, 'utf8');
  const lines = text.split('\n').slice(0, -1);
  return { outcome, text, lines: lines.map((line) => JSON.parse(line) as Line) };
}

beforeAll(async () => {
  scratch = await scratchDirectory();
  [state] = await foundStates(scratch, ['XAA']);
  const foreign = await ForeignState.found('XBB');
  node = await NodeProcess.start(state.home);
  await recognise(node, foreign);
  await applyPolicy(node, POLICY);
  await node.call('record.issue', { drafts: [DRAFT, DRAFT] });
  await node.call('peer.suspend', { peer: 'XBB' });
});

afterAll(async () => {
  await node?.kill();
  await scratch?.[Symbol.asyncDispose]();
});

describe('of a running node', () => {
  test('has one line for each thing that was done, in order, and no content', async () => {
    const { outcome, lines, text } = await exported();
    expect(outcome).toMatchObject({ code: 0, stdout: '' });
    expect(lines.map(({ event }) => event)).toEqual([
      'peer-added',
      'policy-applied',
      'record-issued',
      'released',
      'record-issued',
      'released',
      'peer-suspended',
    ]);
    expect(Object.keys(lines[3]?.fields ?? {}).sort()).toEqual([
      'mode',
      'parts',
      'peer',
      'policy',
      'purpose',
      'record',
      'rules',
    ]);
    expect(lines[3]?.fields.rules).toEqual(['warn']);
    for (const secret of SECRETS) {
      expect(text).not.toContain(secret);
      const entries = Buffer.concat(lines.map(({ entry }) => Buffer.from(entry, 'base64')));
      expect(entries.includes(secret)).toBe(false);
    }
  });

  test('has the line that somebody has kept elsewhere, or is broken', async () => {
    const { lines } = await exported();
    const { sequence, hash } = lines[4] as Line;
    expect((await audit('--expect', `${sequence}:${hash}`)).code).toBe(0);
    for (const expected of [`${sequence + 1}:${hash}`, `${lines.length + 1}:${hash}`]) {
      const outcome = await audit('--expect', expected);
      expect(outcome.code).toBe(DAMAGED);
      expect(outcome.stderr).toContain('is not the one that was expected');
    }
    expect((await audit('--expect', 'the last one')).code).toBe(2);
  });

  test('can be checked by anybody with SHA-256 and CBOR', async () => {
    const { lines } = await exported();
    let previous = Buffer.alloc(32);
    for (const [index, line] of lines.entries()) {
      const bytes = Buffer.from(line.entry, 'base64');
      const hash = createHash('sha256').update(bytes).digest();
      expect(line).toMatchObject({
        sequence: index + 1,
        hash: hash.toString('hex'),
        previous: previous.toString('hex'),
      });
      const [sequence, before, atSeconds, event, fields] =
        decode<[number, Uint8Array, number, string, Record<string, unknown>]>(bytes);
      expect(Buffer.from(before).equals(previous)).toBe(true);
      expect([sequence, event]).toEqual([line.sequence, line.event]);
      expect(new Date(atSeconds * 1_000).toISOString().replace('.000Z', 'Z')).toBe(line.time);
      expect(fields).toEqual(line.fields);
      previous = hash;
    }
  });

  test('is printed for people, from any line on', async () => {
    const { code, stdout, stderr } = await audit('--from', '7');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {5}7 {2}\S+Z {2}peer-suspended {2}peer=[0-9a-f]{12} {2}user=\S+\n$/);
    expect(stderr).toMatch(/^7 lines, each continues the one before/);
  });

  test('is exported for its owner alone, and over no other file', async () => {
    const path = scratch.at('mine.jsonl');
    expect((await audit('--export', path)).code).toBe(0);
    expect((await stat(path)).mode & 0o077).toBe(0);
    const before = await readFile(path);
    const again = await audit('--export', path);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('[cli.output-exists]');
    expect(await readFile(path)).toEqual(before);
  });

  test.each(['0', '-1', '1.5', 'x', ''])('is not read from line %j', async (from) => {
    const { code, stderr } = await audit('--from', from);
    expect(code).toBe(2);
    expect(stderr).toContain('[cli.usage]');
  });
});

describe('of a node that is stopped', () => {
  const database = (): string => join(state.home, 'store', 'db');
  const head = (): string => join(state.home, 'store', 'audit-head.json');
  const aside = (): string => scratch.at('store-as-it-was');
  const seen = (): string => join(state.home, 'audit-seen.json');

  beforeAll(async () => {
    expect(await node.stop()).toBe(0);
    await cp(join(state.home, 'store'), aside(), { recursive: true });
    await cp(seen(), `${aside()}.seen`);
  });

  async function asItWas(): Promise<void> {
    await rm(join(state.home, 'store'), { recursive: true });
    await cp(aside(), join(state.home, 'store'), { recursive: true });
    await cp(`${aside()}.seen`, seen());
  }

  /** Replaces an entry, as somebody would who knows the form of a row and writes its digest anew. */
  async function forge(sequence: number): Promise<void> {
    const engine = await openLevelEngine(database(), { create: false });
    let seen = 0;
    for await (const chunk of engine.range({ gte: Uint8Array.of(0), lt: Uint8Array.of(255) })) {
      for (const { key, value } of chunk) {
        if (keyspaceNameOf(key) !== 'audit') continue;
        seen += 1;
        if (seen !== sequence) continue;
        const payload = Uint8Array.from(value.subarray(16));
        payload[payload.length - 1] = (payload.at(-1) ?? 0) ^ 1;
        await engine.commit([sealRow(key, payload)]);
      }
    }
    await engine.close();
  }

  test('is the same', async () => {
    const { outcome, lines } = await exported();
    expect(outcome.code).toBe(0);
    expect(lines).toHaveLength(7);
    const { code, stdout } = await comity(['--home', state.home, '--json', 'log', 'audit', '--from', '6']);
    expect(code).toBe(0);
    const printed = JSON.parse(stdout) as Record<string, unknown>;
    expect(printed).toMatchObject({ version: 1, from: 6, end: { sequence: 7 }, broken: null });
    expect(printed.lines).toEqual(lines.slice(5));
  });

  test('is broken where an entry was changed: told up to there, with exit code 40', async () => {
    await forge(3);
    const { outcome, lines } = await exported();
    expect(outcome.code).toBe(DAMAGED);
    expect(outcome.stderr).toMatch(/BROKEN at line 4: .*\[store\.audit-broken\]/);
    expect(lines.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    const { code, stdout } = await comity(['--home', state.home, '--json', 'log', 'audit']);
    expect(code).toBe(DAMAGED);
    expect(JSON.parse(stdout)).toMatchObject({ broken: { code: 'store.audit-broken', sequence: 4 } });
    await asItWas();
  });

  test('is broken where its last entry was changed', async () => {
    await forge(7);
    const { code, stderr } = await audit();
    expect(code).toBe(DAMAGED);
    expect(stderr).toContain('[store.rolled-back]');
    await asItWas();
  });

  test('is broken where the database was put back to what it was before', async () => {
    const resumed = await comity(['--home', state.home, 'peer', 'suspend', 'XBB', '--resume', '--yes']);
    expect(resumed.code).toBe(0);
    expect((await exported()).lines.at(-1)?.event).toBe('peer-resumed');
    await rm(database(), { recursive: true });
    await cp(join(aside(), 'db'), database(), { recursive: true });
    const path = scratch.at('never.jsonl');
    const { code, stderr } = await audit('--export', path);
    expect(code).toBe(DAMAGED);
    expect(stderr).toMatch(/\[store\.(rolled-back|damaged)\]/);
    await expect(stat(path)).rejects.toThrow('ENOENT');
    await asItWas();
  });

  test('is not read where the file beside it that says how far it went was taken away', async () => {
    await rm(seen());
    const { code, stderr } = await audit();
    expect(code).toBe(DAMAGED);
    expect(stderr).toContain('[store.put-back]');
    await asItWas();
  });

  test('is not read where the whole store was put back, until somebody says why', async () => {
    const resumed = await comity(['--home', state.home, 'peer', 'suspend', 'XBB', '--resume', '--yes']);
    expect(resumed.code).toBe(0);
    await rm(join(state.home, 'store'), { recursive: true });
    await cp(aside(), join(state.home, 'store'), { recursive: true });
    const { code, stderr } = await audit();
    expect(code).toBe(DAMAGED);
    expect(stderr).toContain('[store.put-back]');
    const accept = [
      '--home',
      state.home,
      'log',
      'accept-restored',
      '--because',
      'A disk was replaced',
      '--yes',
    ];
    expect((await comity(accept)).code).toBe(0);
    const { lines } = await exported();
    expect(lines.at(-1)).toMatchObject({
      event: 'store-put-back',
      fields: { sequence: 8, because: 'A disk was replaced' },
    });
    await asItWas();
  });

  test('cannot be verified without the end that was written down', async () => {
    await rename(head(), `${head()}.gone`);
    const { code, stderr } = await audit();
    expect(code).toBe(DAMAGED);
    expect(stderr).toContain('[store.head-missing]');
    await writeFile(head(), '{}');
    expect((await audit()).code).toBe(DAMAGED);
    await asItWas();
    expect((await audit()).code).toBe(0);
  });
});
