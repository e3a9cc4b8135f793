import { readdirSync, readFileSync } from 'node:fs';
import { sha256, toHex } from '@comity/digest';
import type { StateId } from '@comity/label';
import { keyspaceNameOf, MemoryEngine, MemoryMedium, Store, sealRow, WriteSet } from '@comity/store';
import { describe, expect, test } from 'vitest';
import { AUDIT_EVENTS } from './audit-events.ts';
import { type AuditLine, readAuditLog } from './audit-log.ts';

const STATE = 'aa'.repeat(32) as StateId;
const ENTRIES = 12;

async function madeStore(): Promise<{ store: Store; medium: MemoryMedium }> {
  const medium = new MemoryMedium();
  const store = await Store.onEngine(new MemoryEngine(medium), { state: STATE });
  for (let number = 1; number <= ENTRIES; number += 1)
    await store.commit(
      new WriteSet().audit({ atSeconds: 1_800_000_000 + number, event: 'happened', fields: { number } }),
    );
  return { store, medium };
}

const sequences = (lines: readonly AuditLine[]): number[] => lines.map(({ sequence }) => sequence);
const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

test('lines hold what was written, each with the hash of the one before', async () => {
  const { store } = await madeStore();
  const { lines, end, broken } = await readAuditLog(store, { from: 1, limit: 100 });
  expect(broken).toBeNull();
  expect(sequences(lines)).toEqual(upTo(ENTRIES));
  expect(end).toEqual({ sequence: ENTRIES, hash: lines.at(-1)?.hash });
  expect(lines[2]).toMatchObject({ event: 'happened', time: '2027-01-15T08:00:03Z', fields: { number: 3 } });
  for (const [index, line] of lines.entries()) {
    expect(line.previous).toBe(index === 0 ? '00'.repeat(32) : lines[index - 1]?.hash);
    expect(toHex(sha256(Buffer.from(line.entry, 'base64')))).toBe(line.hash);
  }
});

test.each([1, 2, 5, 11, 12, 13])(
  'pages of %i lines are the whole, and each is verified with its place in it',
  async (limit) => {
    const { store } = await madeStore();
    const whole = await readAuditLog(store, { from: 1, limit: 100 });
    const lines: AuditLine[] = [];
    for (;;) {
      const page = await readAuditLog(store, { from: lines.length + 1, limit });
      expect(page.broken).toBeNull();
      lines.push(...page.lines);
      if (page.lines.length < limit) break;
    }
    expect(lines).toEqual(whole.lines);
    expect((await readAuditLog(store, { from: 1_000, limit })).lines).toEqual([]);
  },
);

describe('a log that is not what was written is broken', () => {
  type Rows = MemoryMedium['rows'];
  const isAudit = ({ key }: Rows[number]): boolean => keyspaceNameOf(key) === 'audit';
  /** The rows with the audit entry of a sequence number replaced, as whoever knows the form of a row would do it. */
  const replaced = (rows: Rows, sequence: number, value: (row: Rows[number]) => Rows[number][]): Rows => {
    let seen = 0;
    return rows.flatMap((row) => {
      seen += isAudit(row) ? 1 : 0;
      return isAudit(row) && seen === sequence ? value(row) : [row];
    });
  };
  /** Another number in the fields, under a digest of its own. */
  const forged = ({ key, value }: Rows[number]): Rows[number][] => {
    const payload = Uint8Array.from(value.subarray(16));
    payload[payload.length - 1] = (payload.at(-1) ?? 0) ^ 1;
    return [sealRow(key, payload)];
  };
  const flipped = ({ key, value }: Rows[number]): Rows[number][] => [
    { key, value: value.map((byte, index) => (index === value.length - 1 ? byte ^ 1 : byte)) },
  ];
  const gone = (): Rows[number][] => [];

  test.each([
    ['an entry changed', 5, forged, 6, 'store.audit-broken'],
    ['its first entry changed', 1, forged, 2, 'store.audit-broken'],
    ['its last entry changed', ENTRIES, forged, ENTRIES, 'store.audit-broken'],
    ['an entry damaged', 5, flipped, 5, 'store.row-damaged'],
    ['an entry gone', 5, gone, 5, 'store.audit-broken'],
    ['its first entry gone', 1, gone, 1, 'store.audit-broken'],
    ['its end cut off', ENTRIES, gone, ENTRIES, 'store.audit-broken'],
  ] as const)('with %s', async (_what, sequence, change, brokenAt, code) => {
    for (const limit of [3, 4, 100]) {
      const { store, medium } = await madeStore();
      medium.rows = replaced(medium.rows, sequence, change);
      const lines: AuditLine[] = [];
      let broken: { code: string; sequence: number } | null = null;
      for (;;) {
        const page = await readAuditLog(store, { from: lines.length + 1, limit });
        lines.push(...page.lines);
        broken = page.broken;
        if (broken !== null || page.lines.length < limit) break;
      }
      expect(broken).toMatchObject({ code, sequence: brokenAt });
      // Everything before is told.
      expect(sequences(lines)).toEqual(upTo(brokenAt - 1));
    }
  });

  test('with two entries exchanged', async () => {
    const { store, medium } = await madeStore();
    const audit = medium.rows.filter(isAudit);
    const payload = (sequence: number): Uint8Array => audit[sequence - 1]?.value.subarray(16) as Uint8Array;
    medium.rows = replaced(
      replaced(medium.rows, 5, ({ key }) => [sealRow(key, payload(6))]),
      6,
      ({ key }) => [sealRow(key, payload(5))],
    );
    const { broken, lines } = await readAuditLog(store, { from: 1, limit: 100 });
    expect(broken).toMatchObject({ code: 'store.audit-broken', sequence: 5 });
    expect(sequences(lines)).toEqual(upTo(4));
  });
});

test('every event that is written into the chain is explained', () => {
  const written = new Set<string>();
  const sources = readdirSync(new URL('..', import.meta.url), { recursive: true, encoding: 'utf8' });
  for (const file of sources.filter((name) => name.endsWith('.ts') && !/\.test(-support)?\.ts$/.test(name))) {
    const text = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
    // From `audit(` to the fields: one name, or one of two by some condition.
    for (const [, expression = ''] of text.matchAll(/\baudit\(\{[^{}]*?\bevent: ([^,]*),/g))
      for (const [, name] of expression.matchAll(/(?:^|[?:]\s*)'([a-z-]+)'/g)) written.add(name as string);
  }
  expect(written.size).toBeGreaterThan(10);
  expect([...written].filter((event) => !Object.hasOwn(AUDIT_EVENTS, event))).toEqual([]);
});
