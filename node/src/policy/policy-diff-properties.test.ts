import { toHex } from '@comity/digest';
import { decodeLedgerEntry } from '@comity/log';
import type { RecordId } from '@comity/record';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { openStored } from '../records/stored-view.ts';
import { previewRecord } from '../release/preview.ts';
import { ScratchNode, type ScratchPeer } from '../scratch-node.test-support.ts';
import { diff, draft, EVERYBODY, PEERS } from './policy-diff.test-support.ts';

vi.setConfig({ testTimeout: 120_000 });

const someOf = <T>(values: readonly T[]) => fc.subarray([...values], { minLength: 1 });
const PATHS = ['title', 'stage', 'summary', 'victim', 'victim.name', 'indicators', 'tags', 'severity'];

const someRule = fc.record(
  {
    to: someOf(PEERS),
    mode: someOf(['push', 'query', 'relay']),
    purpose: someOf(['incident-response', 'fraud-prevention']),
    when: fc.oneof(
      fc.record({ type: someOf(['incident', 'retraction']) }),
      fc.record({ sector: someOf(['energy', 'health', 'transport/water']) }),
    ),
    parts: someOf(PATHS),
    condition: fc.constantFrom<object>(
      {},
      {},
      {},
      { effect: 'forbid' },
      { after: 'P1D' },
      { approve: { by: 'officer' } },
    ),
  },
  { requiredKeys: ['to', 'condition'] },
);
const somePolicy = fc.record({
  rules: fc
    .array(someRule, { minLength: 1, maxLength: 5 })
    .map((rules) =>
      rules.map(({ condition, ...rest }, index) => ({ name: `r${index}`, ...rest, ...condition })),
    ),
  limits: fc.array(
    fc.record({ to: someOf(PEERS), releases: fc.integer({ min: 1, max: 4 }) }).map((limit) => ({
      ...limit,
      per: 'P7D',
      then: 'hold',
    })),
    { maxLength: 1 },
  ),
});

const someLabel = fc.constantFrom<object>(
  {},
  { releasableTo: ['XAA', 'XBB', 'XCC'] },
  { classification: 'restricted' },
  { tlp: 'GREEN' },
  { tlp: 'AMBER' },
);
const someDraft = fc.record({
  title: someLabel,
  parts: someLabel,
  more: fc.record(
    {
      summary: fc.constant({ en: 'Summary' }),
      sectors: fc.constantFrom(['energy'], ['health', 'transport/water']),
      tags: fc.constantFrom(['a'], ['a', 'b', 'c']),
    },
    { requiredKeys: [] },
  ),
});

/** Label by label only ever less than the record's own, or the draft is refused. */
function draftOf({ title, parts, more }: { title: object; parts: object; more: object }): object {
  const narrow = { classification: 'restricted', tlp: 'AMBER', releasableTo: ['XAA', 'XBB'] };
  return {
    ...draft('One', more),
    label: narrow,
    envelope: EVERYBODY,
    labels: { title: { ...narrow, ...EVERYBODY, ...title }, victim: { ...narrow, ...parts } },
  };
}

/** `XBB title` → how often: parts of all records that become so for a peer. */
type Counts = Record<string, number>;

function add(counts: Counts, key: string, count = 1): void {
  counts[key] = (counts[key] ?? 0) + count;
}

const folded = (path: string): string => path.replaceAll(/\[\d+\]/g, '[*]');

interface Seen {
  /** By record, peer and path: outcome of the preview. */
  readonly outcomes: ReadonlyMap<string, { readonly key: string; readonly outcome: string }>;
  /** By record, peer and digest: path of what the ledgers say was handed over. */
  readonly given: ReadonlyMap<string, string>;
}

/** What previews and ledgers of a node say of all its records. */
async function look({ sovereign }: ScratchNode): Promise<Seen> {
  const outcomes = new Map<string, { key: string; outcome: string }>();
  const paths = new Map<string, string>();
  for await (const chunk of sovereign.store.records('real').byArrival()) {
    for (const record of chunk) {
      const view = openStored(sovereign, record);
      for (const { digest, pathText } of view.parts)
        paths.set(`${record.id} ${digest}`, `${view.header.type} ${folded(pathText)}`);
      const { peers, type } = await previewRecord(sovereign, record.id);
      for (const { peer, parts } of peers) {
        for (const { path, outcome, from } of parts) {
          const key = `${peer} ${type} ${folded(path)}`;
          outcomes.set(`${record.id} ${peer} ${path}`, {
            key,
            outcome: outcome === 'withhold' && from !== undefined ? 'embargo' : outcome,
          });
        }
      }
    }
  }
  const given = new Map<string, string>();
  for (const { state, code } of sovereign.peers.all()) {
    for await (const chunk of (await sovereign.store.log(`ledger/out/${state}`)).entries(0)) {
      for (const { leaf } of chunk) {
        const entry = decodeLedgerEntry(leaf);
        if (entry.kind !== 'release') continue;
        const record = toHex(entry.recordId) as RecordId;
        for (const digest of entry.disclosures.map(toHex))
          given.set(`${record} ${code} ${digest}`, `${code} ${paths.get(`${record} ${digest}`)}`);
      }
    }
  }
  return { outcomes, given };
}

test('a comparison is the difference of the previews before and after, and of the ledgers', async () => {
  const question = fc.record({
    first: somePolicy,
    next: somePolicy,
    // Some of them alike: what is decided about one is taken for the other.
    own: fc
      .tuple(someDraft, someDraft)
      .chain((drafts) => fc.array(fc.constantFrom(...drafts), { minLength: 1, maxLength: 5 })),
    foreign: fc.array(someDraft, { maxLength: 2 }),
    retracted: fc.boolean(),
  });
  const reached: Record<string, number> = { release: 0, hold: 0, embargo: 0, withhold: 0 };
  await fc.assert(
    fc.asyncProperty(question, async ({ first, next, own, foreign, retracted }) => {
      const nowSeconds = Math.floor(Date.now() / 1_000);
      await using node = await ScratchNode.found(PEERS, () => nowSeconds);
      await node.apply({ comity: 'policy/1', ...first });
      const ids = await node.issue(...own.map(draftOf));
      for (const each of foreign) await node.receive(node.peers[0] as ScratchPeer, draftOf(each));
      if (retracted)
        await node.issue({
          type: 'retraction',
          retracts: ids[0],
          label: EVERYBODY,
          content: { reason: { en: 'A mistake' }, requestedAction: 'delete' },
        });
      // What was received, and what limits let go, is handed on by going through all records.
      await node.apply({ comity: 'policy/1', ...first });
      const before = await look(node);
      const found = await diff(node, { comity: 'policy/1', ...next });
      // Now of all records it is noted what can be told of them, and few are opened.
      expect(await diff(node, { comity: 'policy/1', ...next })).toEqual(found);
      await node.apply({ comity: 'policy/1', ...next });
      const after = await look(node);

      // What limits let go when an embargo ends nobody can tell: of others what goes then is compared as well.
      const isTold = first.limits.length + next.limits.length === 0;
      const plain = (outcome = ''): string => (outcome === 'embargo' && !isTold ? 'withhold' : outcome);
      const expected: Counts = {};
      for (const [place, { key, outcome }] of after.outcomes) {
        const was = plain(before.outcomes.get(place)?.outcome);
        if (was !== plain(outcome)) add(expected, `${key} ${was}→${plain(outcome)}`);
      }
      const told: Counts = {};
      for (const { mode, peer, type, was, becomes, parts } of found.groups) {
        if (mode === 'query' || plain(was) === plain(becomes)) continue;
        for (const { part, count } of parts)
          add(told, `${peer} ${type} ${part} ${plain(was)}→${plain(becomes)}`, count);
      }
      expect(told).toEqual(expected);

      const handed: Counts = {};
      for (const [place, key] of after.given) if (!before.given.has(place)) add(handed, key);
      const announced: Counts = {};
      for (const { mode, peer, type, becomes, parts } of found.groups) {
        if (mode === 'query' || becomes !== 'release') continue;
        for (const { part, count } of parts) add(announced, `${peer} ${type} ${part}`, count);
      }
      expect(handed).toEqual(announced);
      for (const { becomes } of found.totals) add(reached, becomes);
    }),
    { numRuns: 20, seed: 4 },
  );
  // The draws reach what they are about.
  for (const [becomes, times] of Object.entries(reached)) expect(times, becomes).toBeGreaterThan(4);
});
