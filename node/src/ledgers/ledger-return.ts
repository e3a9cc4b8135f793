import type { LedgerBatch, ReturnPort } from '@comity/exchange';
import type { StateId } from '@comity/label';
import { TABLES } from '@comity/store';
import { assertRecognised } from '../release/served.ts';
import type { Sovereign } from '../sovereign.ts';

type Returned = Pick<LedgerBatch, 'from' | 'checkpoint' | 'items'>;

/** Checkpoints read at a time: a peer that asks for all of a long ledger takes it as slowly as it likes. */
const CHECKPOINTS_PER_READ = 16;

/** Gives peers back what is held here of their own ledgers: entries alone, to the checkpoints that they have signed. */
export class LedgerReturn implements ReturnPort {
  readonly #sovereign: Sovereign;

  constructor(sovereign: Sovereign) {
    this.#sovereign = sovereign;
  }

  async *batches(peer: StateId, from: number, signal: AbortSignal): AsyncGenerator<Returned> {
    const { store } = this.#sovereign;
    const name = `ledger/in/${peer}` as const;
    const log = await store.log(name);
    for (let at = from; at < log.size; ) {
      assertRecognised(this.#sovereign, peer);
      const ends = await store.list(TABLES.checkpoints, [name], {
        from: [name, at + 1],
        limit: CHECKPOINTS_PER_READ,
      });
      if (ends.length === 0) return;
      for (const {
        key: [, to],
        row: { note },
      } of ends) {
        if (signal.aborted) return;
        const items: Returned['items'][number][] = [];
        for await (const entries of log.entries(at, to))
          items.push(...entries.map(({ leaf }) => ({ entry: leaf, record: undefined, disclosures: [] })));
        yield { from: at, checkpoint: note, items };
        at = to;
      }
    }
  }
}
