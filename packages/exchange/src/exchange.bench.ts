// How fast does a ledger arrive, how soon is an entry that is added acknowledged, and what does a question cost? Two nodes
// in one process over loopback, ports in memory: network, framing and protocol, without store and signatures.
//
//   node --conditions=source packages/exchange/src/exchange.bench.ts

import { setTimeout as sleep } from 'node:timers/promises';
import {
  collect,
  connectAll,
  createNodes,
  stopAll,
  type TestNode,
  until,
} from './federation.test-support.ts';
import type { LedgerItem } from './index.ts';
import { itemBytes } from './ledger/batcher.ts';
import { sampleItem, sampleItems } from './memory-ports.test-support.ts';

/** Processor time of this process in milliseconds: what else the machine does at the moment does not count. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

function quantile(values: readonly number[], at: number): string {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.floor(sorted.length * at)] ?? Number.NaN).toFixed(2);
}

async function withPair(run: (a: TestNode, b: TestNode) => Promise<void>): Promise<void> {
  const nodes = await createNodes(2);
  await connectAll(nodes);
  await run(...(nodes as [TestNode, TestNode]));
  await stopAll(nodes);
}

async function stream(name: string, items: readonly LedgerItem[]): Promise<void> {
  await withPair(async (a, b) => {
    const ledger = a.ports.ledgerFor(b.id);
    const [sinceMs, sinceCpuMs] = [performance.now(), cpuMs()];
    ledger.append(...items);
    await until(() => ledger.receipts.has(items.length), 300_000);
    const [elapsedMs, spentMs] = [performance.now() - sinceMs, cpuMs() - sinceCpuMs];
    const mib = items.reduce((sum, item) => sum + itemBytes(item), 0) / 1_048_576;
    const rate = `${((1_000 * mib) / elapsedMs).toFixed(1)} MiB/s, ${((1_000 * mib) / spentMs).toFixed(1)} MiB per CPU second`;
    console.log(
      `${name}: ${items.length} entries, ${mib.toFixed(1)} MiB in ${elapsedMs.toFixed(0)} ms: ${rate}`,
    );
  });
}

async function follow(): Promise<void> {
  await withPair(async (a, b) => {
    const accepted: number[] = [];
    const receipted: number[] = [];
    for (let index = 0; index < 400; index += 1) {
      const [seen, acknowledged] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      b.ports.onBatch = async () => seen.resolve();
      a.ports.onReceipt = () => acknowledged.resolve();
      const sinceMs = performance.now();
      a.ports.ledgerFor(b.id).append(sampleItem(index));
      await seen.promise;
      accepted.push(performance.now() - sinceMs);
      await acknowledged.promise;
      receipted.push(performance.now() - sinceMs);
      await sleep(2);
    }
    const spread = (values: readonly number[]): string =>
      `p50 ${quantile(values, 0.5)} ms, p95 ${quantile(values, 0.95)}, p99 ${quantile(values, 0.99)}`;
    console.log(`follow: with the sink ${spread(accepted)}; receipted ${spread(receipted)}`);
    await ask(a, b, spread);
  });
}

async function ask(a: TestNode, b: TestNode, spread: (values: readonly number[]) => string): Promise<void> {
  b.ports.onAnswer = async function* (question) {
    yield { record: question, disclosures: [] };
  };
  const one: number[] = [];
  for (let index = 0; index < 400; index += 1) {
    const sinceMs = performance.now();
    await collect(a.exchange.ask(b.id, new Uint8Array(100)));
    one.push(performance.now() - sinceMs);
  }
  const [sinceMs, sinceCpuMs] = [performance.now(), cpuMs()];
  await Promise.all(Array.from({ length: 2_000 }, () => collect(a.exchange.ask(b.id, new Uint8Array(100)))));
  const rates = [performance.now() - sinceMs, cpuMs() - sinceCpuMs].map((ms) => (2_000_000 / ms).toFixed(0));
  console.log(`questions: one at a time ${spread(one)}; many ${rates[0]}/s, ${rates[1]} per CPU second`);
}

await stream('warm-up', sampleItems(5_000));
await stream('typical', sampleItems(40_000));
await stream(
  'bulk',
  Array.from({ length: 3_000 }, (_, index) => sampleItem(index, 60_000, 4, 5_000)),
);
await follow();
