export {
  type AnswerPosition,
  comesAfter,
  formatPosition,
  POSITION_TEXT,
  parsePosition,
  positionOf,
} from './answer-order.ts';
export { ExpectedAnswers } from './expected-answers.ts';
export { describeFilter, type QuestionFilter } from './filter.ts';
export { matchesFilter, matchesHeader, partsHolding } from './matches.ts';
export {
  assertFilter,
  issueQuestion,
  MAX_ANSWER_LIMIT,
  MAX_QUESTION_BYTES,
  openQuestion,
  openQuestionContent,
  type Question,
  type QuestionContext,
  type QuestionDraft,
} from './question.ts';
