import { type Bench, type Figure, quantile } from './bench.ts';
import { foundWithRecords } from './found-with-records.ts';
import type { NodeProcess } from './node-process.ts';

const WAITING = 100_000;
const PEERS = 20;
const REPETITIONS = 5;
const PAGE = 100;

/** Peers that the label of a record names, on average. */
const NAMED = 20 / 3;

/** Everything waits for an officer, for everybody. */
function asking(codes: readonly string[]): object {
  return {
    comity: 'policy/1',
    rules: [
      { name: 'all', to: codes, purpose: ['incident-response'], mode: ['push'], approve: { by: 'officer' } },
    ],
  };
}

interface Page {
  readonly total: number;
  readonly pending: readonly { readonly record: string }[];
  readonly next: string | null;
}

/** Asked of a running node. Each line of a page is decided again, and its record opened. */
export const pending: Bench = {
  name: 'pending',
  question: 'What does a page of 100 of the hold queue cost when 100,000 releases wait?',
  async run(run) {
    const records = Math.max(Math.round((WAITING * run.scale) / NAMED), PAGE);
    await using founded = await foundWithRecords(records, PEERS, true, (done) =>
      run.note(`pending: ${done} records issued`),
    );
    const { node, codes } = founded;
    await node.call('policy.apply', { text: JSON.stringify(asking(codes)) });
    const [first, middle] = [await page(node, {}), await placeInside(node)];
    const pages = {
      'first page': {},
      'page from the middle on': { after: middle },
      'first page of one peer': { peer: codes.at(-1) },
      'all that waits of one record': { record: first.pending[0]?.record.slice(0, 16) },
    };
    const figures: Figure[] = [{ name: 'records and peers that wait', value: first.total, unit: '' }];
    for (const [name, asked] of Object.entries(pages))
      figures.push({ name, value: await medianMs(() => page(node, asked)), unit: 'ms' });
    return figures;
  },
};

async function page(node: NodeProcess, asked: object): Promise<Page> {
  return (await node.call('release.pending', { limit: PAGE, ...asked })) as unknown as Page;
}

/** A place after 2,000 others, which people get to by going from page to page. */
async function placeInside(node: NodeProcess): Promise<string> {
  let place: string | null = null;
  for (let pages = 0; pages < 20; pages += 1) {
    const { next }: Page = await page(node, { limit: PAGE, ...(place !== null && { after: place }) });
    if (next === null) break;
    place = next;
  }
  if (place === null) throw new Error('expected more than one page');
  return place;
}

async function medianMs(ask: () => Promise<unknown>): Promise<number> {
  const timesMs: number[] = [];
  for (let repetition = 0; repetition < REPETITIONS; repetition += 1) {
    const sinceMs = performance.now();
    await ask();
    timesMs.push(performance.now() - sinceMs);
  }
  return quantile(timesMs, 0.5);
}
