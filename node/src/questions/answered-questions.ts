import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import type { Question } from '@comity/query';
import { TABLES, WriteSet } from '@comity/store';
import type { Sovereign } from '../sovereign.ts';

/** Rows read at a time, and taken away in one commit at most. */
const ROWS_AT_A_TIME = 256;
/** As much of a question's id as its audit line names: the line stays for good, also where the question does not. */
const AUDITED_ID_LENGTH = 16;

/** A question that is kept. */
interface Kept {
  readonly issuedAtSeconds: number;
  readonly id: string;
}

export interface AnsweredQuestionLimits {
  /** Questions of one peer that are kept. */
  readonly keptQuestions: number;
  /** How old a question may be when it arrives. */
  readonly maxAgeSeconds: number;
}

/**
 * The questions of peers that were answered, as they were signed: so many of each peer, of which the oldest go first. One that
 * could still be sent again is never among those that go, since it is known again by being kept.
 */
export class AnsweredQuestions {
  readonly #store: Sovereign['store'];
  readonly #now: () => number;
  readonly #limits: AnsweredQuestionLimits;
  /** Of each peer the oldest first. */
  #kept: Promise<Map<StateId, Kept[]>> | undefined;

  constructor({ store, now }: Pick<Sovereign, 'store' | 'now'>, limits: AnsweredQuestionLimits) {
    this.#store = store;
    this.#now = now;
    this.#limits = limits;
  }

  /**
   * Notes a question that is going to be answered. A peer is answered one question at a time.
   *
   * @throws Fault query.replayed; query.budget where as many as are kept could still be sent again
   */
  async begin(peer: StateId, question: Question): Promise<void> {
    const { id, issuedAtSeconds } = question;
    const all = await this.#all();
    const kept = all.get(peer) ?? [];
    all.set(peer, kept);
    if (kept.some((each) => each.id === id))
      throw new Fault('query.replayed', 'the question has been asked already');
    const excess = Math.min(kept.length + 1 - this.#limits.keptQuestions, ROWS_AT_A_TIME);
    const oldest = excess > 0 ? kept.slice(0, excess) : [];
    if (oldest.some((each) => this.#canComeAgain(each)))
      throw new Fault('query.budget', 'the peer has asked as much as is kept of it in so short a time');
    const set = this.#put(peer, question, 'open', 0);
    for (const each of oldest) set.delete(TABLES.queries, keyOf(each));
    await this.#store.commit(set);
    kept.splice(0, oldest.length);
    const place = kept.findLastIndex((each) => each.issuedAtSeconds <= issuedAtSeconds) + 1;
    kept.splice(place, 0, { issuedAtSeconds, id });
  }

  /** Notes how a question ended. */
  async end(
    peer: StateId,
    question: Question,
    outcome: 'answered' | 'failed',
    recordCount: number,
  ): Promise<void> {
    const { id, purpose } = question;
    const set = this.#put(peer, question, outcome, recordCount).audit({
      atSeconds: this.#now(),
      event: 'question-answered',
      fields: { peer, question: id.slice(0, AUDITED_ID_LENGTH), purpose, records: recordCount },
    });
    await this.#store.commit(set);
  }

  #put(
    peer: StateId,
    { id, issuedAtSeconds, bytes }: Question,
    outcome: 'open' | 'answered' | 'failed',
    recordCount: number,
  ): WriteSet {
    return new WriteSet().put(TABLES.queries, keyOf({ issuedAtSeconds, id }), {
      peer,
      bytes,
      outcome,
      code: null,
      recordCount,
      updatedAtSeconds: this.#now(),
    });
  }

  #canComeAgain({ issuedAtSeconds }: Kept): boolean {
    return issuedAtSeconds >= this.#now() - this.#limits.maxAgeSeconds;
  }

  /** Read when the first question comes. */
  #all(): Promise<Map<StateId, Kept[]>> {
    this.#kept ??= this.#read().catch((error: unknown) => {
      this.#kept = undefined;
      throw error;
    });
    return this.#kept;
  }

  async #read(): Promise<Map<StateId, Kept[]>> {
    const all = new Map<StateId, Kept[]>();
    let last: Kept | undefined;
    for (;;) {
      const rows = await this.#store.list(TABLES.queries, ['real', 'answered'], {
        limit: ROWS_AT_A_TIME,
        ...(last !== undefined && { from: keyOf(last) }),
      });
      for (const {
        key: [, , issuedAtSeconds, id],
        row: { peer },
      } of rows) {
        // The first of a page is the last of the one before.
        if (id === last?.id) continue;
        const kept = all.get(peer) ?? [];
        all.set(peer, kept);
        kept.push({ issuedAtSeconds, id });
      }
      const end = rows.at(-1);
      if (end === undefined || rows.length < ROWS_AT_A_TIME) return all;
      last = { issuedAtSeconds: end.key[2], id: end.key[3] };
    }
  }
}

function keyOf({ issuedAtSeconds, id }: Kept): ['real', 'answered', number, string] {
  return ['real', 'answered', issuedAtSeconds, id];
}
