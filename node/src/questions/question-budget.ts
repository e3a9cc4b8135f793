import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import { classEndMs } from './answer-pace.ts';

const WINDOW_MS = 60_000;

interface Running {
  readonly signal: AbortSignal;
  readonly ended: Promise<void>;
}

/** Work charged to a peer and not yet forgiven. */
interface Account {
  readonly owedMs: number;
  readonly atMs: number;
}

/** A question that was let in. */
export interface Admission {
  /** To be called once, when nothing is done for the question any more, with the milliseconds that it was worked for. */
  leave(spentMs: number): void;
}

/**
 * How much work the questions of peers may cause: of each peer one question at a time, and so much working time a minute.
 * A question is never cut short for its cost: where it stopped would tell how much is held. What it took beyond is owed, and
 * the next ones are refused until it is forgiven, evenly over time.
 *
 * Work is charged to the end of its time class: what a refusal tells of the time that earlier questions took is no more than
 * the peer has seen of when they were answered, whatever of the work was about records that it must not know of.
 */
export class QuestionBudget {
  readonly #workMsPerMinute: number;
  readonly #nowMs: () => number;
  readonly #running = new Map<StateId, Running>();
  readonly #accounts = new Map<StateId, Account>();

  /** @param nowMs a clock that is never set back, in milliseconds from any moment */
  constructor(workMsPerMinute: number, nowMs: () => number) {
    this.#workMsPerMinute = workMsPerMinute;
    this.#nowMs = nowMs;
  }

  /**
   * Lets a question in, before anything in it is looked at.
   *
   * @param signal aborted when the peer takes no more answers
   * @throws Fault query.busy, query.budget
   */
  async enter(peer: StateId, signal: AbortSignal): Promise<Admission> {
    for (;;) {
      const running = this.#running.get(peer);
      if (running === undefined) break;
      if (!running.signal.aborted)
        throw new Fault('query.busy', 'another question of the peer is being answered');
      // The peer has given that one up, and it is about to end.
      await running.ended;
    }
    if (this.#owedMs(peer) >= this.#workMsPerMinute)
      throw new Fault('query.budget', 'the questions of the peer have taken their time of this minute');
    const { promise, resolve } = Promise.withResolvers<void>();
    const running = { signal, ended: promise };
    this.#running.set(peer, running);
    return {
      leave: (spentMs) => {
        if (this.#running.get(peer) !== running) return;
        const owedMs = this.#owedMs(peer) + classEndMs(spentMs);
        this.#accounts.set(peer, { owedMs, atMs: this.#nowMs() });
        this.#running.delete(peer);
        resolve();
      },
    };
  }

  #owedMs(peer: StateId): number {
    const account = this.#accounts.get(peer);
    if (account === undefined) return 0;
    const forgivenMs = ((this.#nowMs() - account.atMs) * this.#workMsPerMinute) / WINDOW_MS;
    return Math.max(0, account.owedMs - forgivenMs);
  }
}
