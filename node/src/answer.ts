import { type QueryAnswer, type QueryPort, Refusal } from '@comity/exchange';
import { isFault } from '@comity/fault';
import type { StateId } from '@comity/label';
import { narrowView, type View } from '@comity/record';
import { type StoredRecord, TABLES, WriteSet } from '@comity/store';
import { matchesFilter } from './matches.ts';
import { openQuestion, type Question } from './question.ts';
import { addReleases, announceReleases } from './reconcile.ts';
import type { Handover } from './release.ts';
import { assertServed } from './release.ts';
import type { Sovereign } from './sovereign.ts';
import { openStored } from './stored-view.ts';

/**
 * Answers questions of peers: first the decision, part by part, then the filter, on what was released and on nothing else,
 * so that a question cannot feel for what is withheld. Each answer is in the release ledger before it leaves.
 */
export class Answering implements QueryPort {
  readonly #sovereign: Sovereign;

  constructor(sovereign: Sovereign) {
    this.#sovereign = sovereign;
  }

  async *answer(peer: StateId, bytes: Uint8Array, signal: AbortSignal): AsyncGenerator<QueryAnswer> {
    const sovereign = this.#sovereign;
    const question = this.#open(peer, bytes);
    const { store, config, peers, events } = sovereign;
    const code = peers.codeOf(peer) ?? peer;
    let recordCount = 0;
    const log = async (outcome: 'open' | 'answered' | 'failed'): Promise<void> => {
      const atSeconds = sovereign.now();
      const set = new WriteSet().put(TABLES.queries, ['real', 'answered', question.issuedAtSeconds, question.id], { peer, bytes, outcome, code: null, recordCount, updatedAtSeconds: atSeconds });
      if (outcome !== 'open') set.audit({ atSeconds, event: 'question-answered', fields: { peer, question: question.id, purpose: question.purpose, records: recordCount } });
      await store.commit(set);
    };
    await log('open');
    let outcome: 'answered' | 'failed' = 'failed';
    try {
      for await (const chunk of store.records('real').byArrival()) {
        for (const record of chunk) {
          if (signal.aborted || recordCount >= config.query.maxAnswers) break;
          const handover = await this.#consider(peer, question, record);
          if (handover === undefined) continue;
          recordCount += 1;
          yield handover;
        }
        if (signal.aborted || recordCount >= config.query.maxAnswers) break;
        // A chunk without answers must not hold up everything else this node does.
        await new Promise((resolve) => setImmediate(resolve));
      }
      outcome = signal.aborted ? 'failed' : 'answered';
    } finally {
      await log(outcome);
      events.emit('question-answered', { peer: code, question: question.id.slice(0, 12), records: recordCount });
    }
  }

  #open(peer: StateId, bytes: Uint8Array): Question {
    const { self, directory, config, events, peers } = this.#sovereign;
    try {
      assertServed(this.#sovereign, peer);
      return openQuestion(bytes, { asker: peer, audience: self.state, directory, atSeconds: this.#sovereign.now(), maxAgeSeconds: config.query.maxAgeSeconds });
    } catch (error) {
      if (!isFault(error)) throw error;
      events.emit('question-refused', { peer: peers.codeOf(peer) ?? peer, code: error.code });
      throw new Refusal(error.code, error.message);
    }
  }

  /** What is handed over of one record, recorded in the ledger; undefined where nothing is, for whatever reason. */
  async #consider(peer: StateId, question: Question, record: StoredRecord): Promise<Handover | undefined> {
    const sovereign = this.#sovereign;
    const { door, store } = sovereign;
    const view: View = openStored(sovereign, record);
    const mode = door.answerMode(view);
    const decision = door.decide(view, peer, mode, question.purpose);
    if (decision?.outcome !== 'release') return undefined;
    if (!matchesFilter(narrowView(view, decision.released), question)) return undefined;
    const released = [...decision.released];
    const { digests } = await store.released(peer, record.id);
    const fresh = released.filter((digest) => !digests.has(digest));
    if (fresh.length > 0) {
      const planned = [door.entryFor(view, peer, fresh, mode, question.purpose)];
      const set = new WriteSet();
      addReleases(sovereign, set, planned);
      await store.commit(set);
      announceReleases(sovereign, planned);
    }
    return door.hand(view, decision.released);
  }
}
