import { type QueryAnswer, type QueryEnd, type QueryPort, Refusal } from '@comity/exchange';
import { Fault, isFault } from '@comity/fault';
import type { StateId } from '@comity/label';
import { closeUpward, narrowView, type View } from '@comity/record';
import { type StoredRecord, TABLES, WriteSet } from '@comity/store';
import { answerCandidates } from './answer-candidates.ts';
import { matchesFilter, matchesHeader } from './matches.ts';
import { addReleases, commitReleases, planRetractionsOf } from './planned-releases.ts';
import { openQuestion, type Question } from './question.ts';
import { type Admission, QuestionBudget } from './question-budget.ts';
import { assertServed, type PlannedRelease, type ReleaseNote } from './release.ts';
import type { Sovereign } from './sovereign.ts';
import { sameDisclosures } from './stored-view.ts';
import { ViewCache } from './view-cache.ts';
import { WorkSlices } from './work-slices.ts';

/** Records whose release is written down in one commit. */
const RECORDS_PER_COMMIT = 32;

/** A record that is to be handed over, as it was decided. */
interface Answer {
  readonly record: StoredRecord;
  readonly view: View;
  /** Digests of the parts to hand over, closed upward. */
  readonly released: ReadonlySet<string>;
  readonly note: ReleaseNote;
}

/**
 * Answers questions of peers, newest first (answer-order.ts): first the decision, part by part, then the filter, on what
 * was released and on nothing else, so that a question cannot feel for what is withheld. Each answer is in the release
 * ledger before it leaves. Whether there is more is judged in the same way: by a record that would be the next answer.
 */
export class Answering implements QueryPort {
  readonly #sovereign: Sovereign;
  readonly #nowMs: () => number;
  readonly #budget: QuestionBudget;
  readonly #views: ViewCache;

  /** @param nowMs a clock that is never set back, in milliseconds from any moment */
  constructor(sovereign: Sovereign, nowMs: () => number = () => performance.now()) {
    this.#sovereign = sovereign;
    this.#nowMs = nowMs;
    this.#budget = new QuestionBudget(sovereign.config.query.workSecondsPerMinute * 1_000, nowMs);
    this.#views = new ViewCache(sovereign, nowMs);
  }

  async *answer(
    peer: StateId,
    bytes: Uint8Array,
    signal: AbortSignal,
  ): AsyncGenerator<QueryAnswer, QueryEnd, undefined> {
    // Before anything in the question is looked at: a refusal costs nothing, and leaves no trace of the question.
    const admission = await this.#admit(peer, signal);
    const slices = new WorkSlices(this.#nowMs);
    try {
      const question = this.#open(peer, bytes);
      await this.#refuseReplay(peer, question);
      return yield* this.#answerOnce(peer, question, slices, signal);
    } finally {
      admission.leave(slices.spentMs);
    }
  }

  async *#answerOnce(
    peer: StateId,
    question: Question,
    slices: WorkSlices,
    signal: AbortSignal,
  ): AsyncGenerator<QueryAnswer, QueryEnd, undefined> {
    const { events, peers } = this.#sovereign;
    let recordCount = 0;
    await this.#log(peer, question, 'open', recordCount);
    let outcome: 'answered' | 'failed' = 'failed';
    const answers = this.#answers(peer, question, slices, signal);
    try {
      let next = await answers.next();
      for (; next.done !== true; next = await answers.next()) {
        recordCount += 1;
        slices.pause();
        yield next.value;
        slices.resume();
      }
      outcome = signal.aborted ? 'failed' : 'answered';
      return next.value;
    } finally {
      await answers.return({ more: false });
      await this.#log(peer, question, outcome, recordCount);
      events.emit('question-answered', {
        peer: peers.codeOf(peer) ?? peer,
        question: question.id.slice(0, 12),
        records: recordCount,
      });
    }
  }

  /** The answers, each in the ledger already. */
  async *#answers(
    peer: StateId,
    question: Question,
    slices: WorkSlices,
    signal: AbortSignal,
  ): AsyncGenerator<QueryAnswer, QueryEnd, undefined> {
    const { maxAnswers } = this.#sovereign.config.query;
    const limit = Math.min(maxAnswers, question.limit ?? maxAnswers);
    let count = 0;
    let found: Answer[] = [];
    for await (const record of answerCandidates(this.#sovereign, peer, question)) {
      if (signal.aborted) return { more: false };
      const answer = await this.#consider(peer, question, record);
      if (answer !== undefined) {
        // Decided and met as those before it, and not handed over: that is all that `more` may tell.
        if (count >= limit) return { more: true };
        found.push(answer);
      }
      const isFull = found.length >= RECORDS_PER_COMMIT || count + found.length >= limit;
      // What was found leaves soon, also where nothing else is found for long.
      if (found.length > 0 && (isFull || slices.isOver)) {
        count += yield* this.#handAll(peer, question, found, slices);
        found = [];
      }
      await slices.rest();
    }
    yield* this.#handAll(peer, question, found, slices);
    return { more: false };
  }

  /** What would be handed over of one record; undefined where nothing is, for whatever reason. */
  async #consider(peer: StateId, question: Question, record: StoredRecord): Promise<Answer | undefined> {
    const { door } = this.#sovereign;
    const view = this.#views.open(record);
    if (view === undefined || !matchesHeader(view.header, question)) return undefined;
    const decision = door.decide(view, peer, door.answerMode(view), question.purpose);
    if (decision?.outcome !== 'release') return undefined;
    const { released } = decision;
    const note = door.noteFor(view);
    if (!matchesFilter(narrowView(view, released), question)) return undefined;
    return (await door.concerns(view, peer)) ? { record, view, released, note } : undefined;
  }

  /** Hands over what was found. A peer may take its time: what no longer stands by its turn is decided again. */
  async *#handAll(
    peer: StateId,
    question: Question,
    found: readonly Answer[],
    slices: WorkSlices,
  ): AsyncGenerator<QueryAnswer, number, undefined> {
    const { door } = this.#sovereign;
    let count = 0;
    for (const answer of await this.#account(peer, question, found, slices)) {
      const [current] = door.stillStands(peer, answer.note)
        ? [answer]
        : await this.#account(peer, question, [answer], slices);
      if (current === undefined) continue;
      count += 1;
      yield door.hand(current.view, current.released);
    }
    return count;
  }

  /**
   * Writes down in the ledger what of the answers was not released to the peer before, and gives those that may be handed
   * over. Only this takes a turn among whatever releases, and what has changed since it was decided is decided anew in it.
   */
  async #account(
    peer: StateId,
    question: Question,
    found: readonly Answer[],
    slices: WorkSlices,
  ): Promise<readonly Answer[]> {
    const { releases, door } = this.#sovereign;
    const plans = await Promise.all(found.map((answer) => this.#plan(peer, question, answer)));
    const isAllKnown = plans.every((plan) => plan === undefined);
    if (isAllKnown && found.every(({ note }) => door.stillStands(peer, note))) return found;
    return slices.during(releases.take(() => this.#accountInTurn(peer, question, found)));
  }

  async #accountInTurn(
    peer: StateId,
    question: Question,
    found: readonly Answer[],
  ): Promise<readonly Answer[]> {
    const sovereign = this.#sovereign;
    const { door, store } = sovereign;
    const stored = await store.records('real').getMany(found.map(({ record }) => record.id));
    const current: Answer[] = [];
    const planned: PlannedRelease[] = [];
    for (const [place, answer] of found.entries()) {
      const record = stored[place];
      if (record === undefined) continue;
      const stands =
        door.stillStands(peer, answer.note) && sameDisclosures(record.disclosures, answer.record.disclosures);
      const decided = stands ? answer : await this.#consider(peer, question, record);
      if (decided === undefined) continue;
      const plan = await this.#plan(peer, question, decided);
      if (plan !== undefined) planned.push(plan);
      current.push(decided);
    }
    if (planned.length > 0) {
      const set = new WriteSet();
      addReleases(sovereign, set, planned);
      const asker = sovereign.peers.get(peer);
      if (asker !== undefined) planned.push(...(await planRetractionsOf(sovereign, set, asker, planned)));
      await commitReleases(sovereign, set, planned);
    }
    return current;
  }

  /** The ledger entry for what of an answer was not released to the peer before; undefined where all of it was. */
  async #plan(
    peer: StateId,
    question: Question,
    { view, released }: Answer,
  ): Promise<PlannedRelease | undefined> {
    const { door, store } = this.#sovereign;
    const { digests } = await store.released(peer, view.header.id);
    const fresh = [...released].filter((digest) => !digests.has(digest));
    if (fresh.length === 0) return undefined;
    return door.entryFor(view, peer, [...closeUpward(view, fresh)], door.answerMode(view), question.purpose);
  }

  async #admit(peer: StateId, signal: AbortSignal): Promise<Admission> {
    try {
      assertServed(this.#sovereign, peer);
      return await this.#budget.enter(peer, signal);
    } catch (error) {
      throw this.#refusal(peer, error);
    }
  }

  #open(peer: StateId, bytes: Uint8Array): Question {
    const { self, directory, config } = this.#sovereign;
    try {
      return openQuestion(bytes, {
        asker: peer,
        audience: self.state,
        directory,
        atSeconds: this.#sovereign.now(),
        maxAgeSeconds: config.query.maxAgeSeconds,
      });
    } catch (error) {
      throw this.#refusal(peer, error);
    }
  }

  /**
   * A question is answered once: what is recorded of it must not be overwritten by whoever sends it again. One question of
   * a peer is answered at a time, so one that was begun is on disk by now.
   */
  async #refuseReplay(peer: StateId, { id, issuedAtSeconds }: Question): Promise<void> {
    const stored = await this.#sovereign.store.get(TABLES.queries, ['real', 'answered', issuedAtSeconds, id]);
    if (stored !== undefined)
      throw this.#refusal(peer, new Fault('query.replayed', 'the question has been asked already'));
  }

  /** The peer is told why: nothing in it depends on what is held here. */
  #refusal(peer: StateId, error: unknown): unknown {
    if (!isFault(error)) return error;
    const { events, peers } = this.#sovereign;
    events.emit('question-refused', { peer: peers.codeOf(peer) ?? peer, code: error.code });
    return new Refusal(error.code, error.message);
  }

  async #log(
    peer: StateId,
    { id, issuedAtSeconds, bytes, purpose }: Question,
    outcome: 'open' | 'answered' | 'failed',
    recordCount: number,
  ): Promise<void> {
    const atSeconds = this.#sovereign.now();
    const set = new WriteSet().put(TABLES.queries, ['real', 'answered', issuedAtSeconds, id], {
      peer,
      bytes,
      outcome,
      code: null,
      recordCount,
      updatedAtSeconds: atSeconds,
    });
    if (outcome !== 'open')
      set.audit({
        atSeconds,
        event: 'question-answered',
        fields: { peer, question: id, purpose, records: recordCount },
      });
    await this.#sovereign.store.commit(set);
  }
}
