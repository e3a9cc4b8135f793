import { Fault } from '@comity/fault';
import type { View } from '@comity/record';
import { type AnswerPosition, comesAfter, positionOf } from './answer-order.ts';
import type { QuestionFilter } from './filter.ts';
import { matchesFilter } from './matches.ts';

/**
 * What the asking side expects of the answers to one question, query.md §5: as many as it asked for at most, each of a real
 * record, meeting the filter on exactly what came, and each after the one before it. The peer has judged the filter on the
 * very parts that it sends.
 */
export class ExpectedAnswers {
  readonly #filter: QuestionFilter;
  readonly #limit: number;
  #count = 0;
  #last: AnswerPosition | undefined;

  /** @param limit answers asked for; without it any number */
  constructor(filter: QuestionFilter, limit = Number.POSITIVE_INFINITY) {
    this.#filter = filter;
    this.#limit = limit;
  }

  /** Position of the last answer that was expected. */
  get last(): AnswerPosition | undefined {
    return this.#last;
  }

  /** Counts an answer before anything of it is opened. @throws Fault `query.too-many-answers` */
  count(): void {
    this.#count += 1;
    if (this.#count > this.#limit)
      throw new Fault('query.too-many-answers', `expected at most ${this.#limit} answers`, {
        fields: { limit: this.#limit },
      });
  }

  /** @throws Fault `query.answer-unasked`, `query.answer-out-of-order` */
  take(view: View): void {
    const { header } = view;
    const fields = { record: header.id };
    // A question is about real records.
    if (header.exercise !== undefined || !matchesFilter(view, this.#filter))
      throw new Fault('query.answer-unasked', 'an answer does not meet the filter of the question', {
        fields,
      });
    const position = positionOf(header);
    // Strictly: so no record comes twice, and whoever goes on after the last one comes to an end.
    if (this.#last !== undefined && !comesAfter(position, this.#last))
      throw new Fault('query.answer-out-of-order', 'an answer does not come after the one before it', {
        fields,
      });
    this.#last = position;
  }

  /**
   * The position from which a further question goes on; undefined where there is nothing more.
   *
   * @param more what the end of the answers said
   * @throws Fault `query.more-without-answers`
   */
  end(more: boolean): AnswerPosition | undefined {
    if (more && this.#last === undefined)
      throw new Fault('query.more-without-answers', 'there is more to answer, and nothing was answered');
    return more ? this.#last : undefined;
  }
}
