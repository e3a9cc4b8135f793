import { type QueryAnswer, type QueryEnd, type QueryPort, Refusal } from '@comity/exchange';
import { isFault } from '@comity/fault';
import type { StateId } from '@comity/label';
import { openQuestion, type Question } from '@comity/query';
import { WorkSlices } from './process/work-slices.ts';
import { answerCandidates } from './questions/answer-candidates.ts';
import { AnswerPace, type AnswerTiming, PROCESS_TIMING } from './questions/answer-pace.ts';
import { type Answer, AnswerRelease } from './questions/answer-release.ts';
import { AnsweredQuestions } from './questions/answered-questions.ts';
import { type Admission, QuestionBudget } from './questions/question-budget.ts';
import { RefusedQuestions } from './questions/refused-questions.ts';
import { ViewCache } from './records/view-cache.ts';
import { assertServed } from './release/served.ts';
import type { Sovereign } from './sovereign.ts';

/**
 * Stored bytes of records that wait to leave together. What comes after answers as if it had been asked for on its own, which
 * the peer can do itself.
 */
const MAX_WAITING_BYTES = 1_048_576;

/** What the answering of one question goes by. */
interface Course {
  readonly pace: AnswerPace;
  readonly slices: WorkSlices;
  readonly signal: AbortSignal;
}

/**
 * Answers questions of peers, newest first (answer-order.ts). What answers one leaves at the ends of time classes only
 * (answer-pace.ts). Whether there is more is judged as the answers are: by a record that would be the next one.
 */
export class Answering implements QueryPort {
  readonly #sovereign: Sovereign;
  readonly #timing: AnswerTiming;
  readonly #budget: QuestionBudget;
  readonly #questions: AnsweredQuestions;
  readonly #refused: RefusedQuestions;
  readonly #views: ViewCache;

  constructor(sovereign: Sovereign, timing: AnswerTiming = PROCESS_TIMING) {
    this.#sovereign = sovereign;
    this.#timing = timing;
    this.#budget = new QuestionBudget(sovereign.config.query.workSecondsPerMinute * 1_000, timing.nowMs);
    this.#questions = new AnsweredQuestions(sovereign, sovereign.config.query);
    this.#refused = new RefusedQuestions(sovereign, timing.nowMs);
    this.#views = new ViewCache(sovereign, timing.nowMs);
  }

  async *answer(
    peer: StateId,
    bytes: Uint8Array,
    signal: AbortSignal,
  ): AsyncGenerator<QueryAnswer, QueryEnd, undefined> {
    const pace = new AnswerPace(this.#timing);
    // Before anything in the question is looked at: a refusal costs next to nothing, and leaves no trace of the question.
    const admission = await this.#admit(peer, signal);
    const slices = new WorkSlices(this.#timing.nowMs);
    try {
      const question = await this.#open(peer, bytes);
      await this.#begin(peer, question);
      return yield* this.#answerOnce(peer, question, { pace, slices, signal });
    } finally {
      admission.leave(slices.spentMs);
    }
  }

  async *#answerOnce(
    peer: StateId,
    question: Question,
    course: Course,
  ): AsyncGenerator<QueryAnswer, QueryEnd, undefined> {
    const { events, peers } = this.#sovereign;
    const { pace, slices, signal } = course;
    let recordCount = 0;
    let outcome: 'answered' | 'failed' = 'failed';
    const release = new AnswerRelease(this.#sovereign, this.#views, { peer, question, slices });
    const answers = this.#answers(peer, question, release, course);
    try {
      let next = await answers.next();
      for (; next.done !== true; next = await answers.next()) {
        recordCount += 1;
        slices.pause();
        pace.leave();
        yield next.value;
        pace.resume();
        slices.resume();
      }
      outcome = signal.aborted ? 'failed' : 'answered';
      return next.value;
    } finally {
      await answers.return({ more: false });
      await this.#questions.end(peer, question, outcome, recordCount);
      // Nobody waits for it: the peer least of all.
      release.noteHeld().catch((error: unknown) => this.#notHeld(error));
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
    release: AnswerRelease,
    { pace, slices, signal }: Course,
  ): AsyncGenerator<QueryAnswer, QueryEnd, undefined> {
    const { maxAnswers } = this.#sovereign.config.query;
    const limit = Math.min(maxAnswers, question.limit ?? maxAnswers);
    let count = 0;
    let waiting = new Waiting();
    const handAll = async function* (): AsyncGenerator<QueryAnswer, void, undefined> {
      const { answers } = waiting;
      waiting = new Waiting();
      if (!signal.aborted) count += yield* release.handAll(answers);
    };
    for await (const record of answerCandidates(this.#sovereign, peer, question)) {
      if (signal.aborted) return { more: false };
      const answer = await release.consider(record);
      if (answer !== undefined) {
        if (count + waiting.answers.length >= limit) {
          await slices.during(pace.reachEnd(signal));
          yield* handAll();
          this.#sovereign.door.assertOpen(peer);
          // Decided and met as those before it, and not handed over: that is all that `more` may tell.
          if (count >= limit) return { more: true };
        }
        waiting.add(answer);
      }
      if (pace.isOver) {
        yield* handAll();
        pace.next();
      } else if (waiting.byteLength >= MAX_WAITING_BYTES) {
        await slices.during(pace.reachEnd(signal));
        yield* handAll();
        pace.restart();
      }
      await slices.rest();
    }
    await slices.during(pace.reachEnd(signal));
    yield* handAll();
    // What was left out because releases are held must not look like what is not there.
    this.#sovereign.door.assertOpen(peer);
    return { more: false };
  }

  async #admit(peer: StateId, signal: AbortSignal): Promise<Admission> {
    try {
      assertServed(this.#sovereign, peer);
      this.#sovereign.door.assertOpen(peer);
      return await this.#budget.enter(peer, signal);
    } catch (error) {
      throw await this.#refusal(peer, error);
    }
  }

  async #open(peer: StateId, bytes: Uint8Array): Promise<Question> {
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
      throw await this.#refusal(peer, error);
    }
  }

  /** A question is answered once: what is recorded of it must not be overwritten by whoever sends it again. */
  async #begin(peer: StateId, question: Question): Promise<void> {
    try {
      await this.#questions.begin(peer, question);
    } catch (error) {
      throw await this.#refusal(peer, error);
    }
  }

  /** What waits is found again by the next question. */
  #notHeld(error: unknown): void {
    const { events } = this.#sovereign;
    if (isFault(error, 'store.closed') || isFault(error, 'store.stopped')) return;
    events.emit('unexpected-error', {
      where: 'held-answers',
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }

  /** The peer is told why: nothing in it depends on what is held here. */
  async #refusal(peer: StateId, error: unknown): Promise<unknown> {
    if (!isFault(error)) return error;
    const { events, peers } = this.#sovereign;
    events.emit('question-refused', { peer: peers.codeOf(peer) ?? peer, code: error.code });
    await this.#refused.note(peer, error.code);
    return new Refusal(error.code, error.message);
  }
}

/** Answers that were found and have not left. */
class Waiting {
  readonly answers: Answer[] = [];
  byteLength = 0;

  add(answer: Answer): void {
    const { bytes, disclosures } = answer.record;
    this.answers.push(answer);
    this.byteLength += bytes.length;
    for (const disclosure of disclosures) this.byteLength += disclosure.length;
  }
}
