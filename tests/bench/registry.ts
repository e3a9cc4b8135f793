import { type Bench, quantile } from './bench.ts';
import { foundWithRecords } from './found-with-records.ts';
import type { NodeProcess } from './node-process.ts';
import { VariedDrafts } from './varied-drafts.ts';

const RECORDS = 100_000;
const BUILDS = 3;
const ASKED = 200;
const PEERS = 5;

/** Asked of a running node over its control socket. What the way there takes is measured by asking again where nothing has changed. */
export const registry: Bench = {
  name: 'registry',
  question: 'How long does it take to build the registry of 100,000 records, and to take one more into it?',
  async run(run) {
    const wanted = Math.max(Math.round(RECORDS * run.scale), 1);
    await using founded = await foundWithRecords(wanted, PEERS, false, (done) =>
      run.note(`registry: ${done} records issued`),
    );
    const { node, codes } = founded;
    const builds: number[] = [];
    let digest: string | undefined;
    for (let build = 0; build < BUILDS; build += 1) {
      await node.stop();
      await node.start();
      const told = (await node.call('registry.digest', {})) as unknown as Told;
      if (told.records !== wanted) throw new Error(`${wanted} records expected, not ${told.records}`);
      if (build > 0 && told.digest !== digest) throw new Error('the same records have another digest');
      digest = told.digest;
      builds.push(told.builtMs);
      run.note(`registry: ${told.builtMs} ms`);
    }
    const drafts = new VariedDrafts(codes);
    const [changed, unchanged]: [number[], number[]] = [[], []];
    for (let asked = 0; asked < ASKED; asked += 1) {
      await node.call('record.issue', { drafts: [drafts.next()], acceptRelay: true });
      changed.push(await msOf(node));
      unchanged.push(await msOf(node));
    }
    const [withOne, without] = [quantile(changed, 0.5), quantile(unchanged, 0.5)];
    return [
      {
        name: 'built, best of three',
        value: Math.min(...builds) / 1_000,
        unit: 's',
        target: 'under 5 at scale 1',
      },
      { name: 'built, median of three', value: quantile(builds, 0.5) / 1_000, unit: 's' },
      { name: 'one record more, median', value: withOne - without, unit: 'ms', target: 'under 1' },
      { name: 'asked where nothing changed, median', value: without, unit: 'ms' },
    ];
  },
};

interface Told {
  readonly records: number;
  readonly digest: string;
  readonly builtMs: number;
}

async function msOf(node: NodeProcess): Promise<number> {
  const sinceMs = performance.now();
  await node.call('registry.digest', {});
  return performance.now() - sinceMs;
}
