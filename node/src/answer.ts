import { type QueryAnswer, type QueryEnd, type QueryPort, Refusal } from '@comity/exchange';
import { Fault, isFault } from '@comity/fault';
import type { StateId } from '@comity/label';
import { closeUpward, narrowView, type View } from '@comity/record';
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
  /** Questions that are being answered and may not be on disk yet. */
  readonly #taken = new Set<string>();

  constructor(sovereign: Sovereign) {
    this.#sovereign = sovereign;
  }

  async *answer(
    peer: StateId,
    bytes: Uint8Array,
    signal: AbortSignal,
  ): AsyncGenerator<QueryAnswer, QueryEnd, undefined> {
    const sovereign = this.#sovereign;
    const question = this.#open(peer, bytes);
    await this.#refuseReplay(peer, question);
    const { store, config, peers, events } = sovereign;
    const code = peers.codeOf(peer) ?? peer;
    let recordCount = 0;
    const log = async (outcome: 'open' | 'answered' | 'failed'): Promise<void> => {
      const atSeconds = sovereign.now();
      const set = new WriteSet().put(
        TABLES.queries,
        ['real', 'answered', question.issuedAtSeconds, question.id],
        { peer, bytes, outcome, code: null, recordCount, updatedAtSeconds: atSeconds },
      );
      if (outcome !== 'open')
        set.audit({
          atSeconds,
          event: 'question-answered',
          fields: { peer, question: question.id, purpose: question.purpose, records: recordCount },
        });
      await store.commit(set);
    };
    await log('open');
    let outcome: 'answered' | 'failed' = 'failed';
    try {
      for await (const chunk of store.records('real').byArrival()) {
        for (const record of chunk) {
          if (signal.aborted || recordCount >= config.query.maxAnswers) break;
          const handover = await sovereign.releases.take(() => this.#consider(peer, question, record));
          if (handover === undefined) continue;
          recordCount += 1;
          yield handover;
        }
        if (signal.aborted || recordCount >= config.query.maxAnswers) break;
        // A chunk without answers must not hold up everything else this node does.
        await new Promise((resolve) => setImmediate(resolve));
      }
      outcome = signal.aborted ? 'failed' : 'answered';
      return { more: false };
    } finally {
      this.#taken.delete(question.id);
      await log(outcome);
      events.emit('question-answered', {
        peer: code,
        question: question.id.slice(0, 12),
        records: recordCount,
      });
    }
  }

  /** A question is answered once: what is recorded of it must not be overwritten by whoever sends it again. */
  async #refuseReplay(peer: StateId, { id, issuedAtSeconds }: Question): Promise<void> {
    const stored = await this.#sovereign.store.get(TABLES.queries, ['real', 'answered', issuedAtSeconds, id]);
    if (stored !== undefined || this.#taken.has(id))
      throw this.#refusal(peer, new Fault('query.replayed', 'the question has been asked already'));
    this.#taken.add(id);
  }

  #open(peer: StateId, bytes: Uint8Array): Question {
    const { self, directory, config } = this.#sovereign;
    try {
      assertServed(this.#sovereign, peer);
      return openQuestion(bytes, {
        asker: peer,
        audience: self.state,
        directory,
        atSeconds: this.#sovereign.now(),
        maxAgeSeconds: config.query.maxAgeSeconds,
      });
    } catch (error) {
      if (!isFault(error)) throw error;
      throw this.#refusal(peer, error);
    }
  }

  /** The peer is told why: nothing in it depends on what is held here. */
  #refusal(peer: StateId, { code, message }: Fault): Refusal {
    const { events, peers } = this.#sovereign;
    events.emit('question-refused', { peer: peers.codeOf(peer) ?? peer, code });
    return new Refusal(code, message);
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
      const planned = [door.entryFor(view, peer, [...closeUpward(view, fresh)], mode, question.purpose)];
      const set = new WriteSet();
      addReleases(sovereign, set, planned);
      await store.commit(set);
      announceReleases(sovereign, planned);
    }
    return door.hand(view, decision.released);
  }
}
