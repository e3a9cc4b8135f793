import type { VectorFile } from '../vector.ts';
import { answers } from './answers.ts';
import { refusedAnswers } from './answers-refused.ts';
import { questions } from './questions.ts';
import { refusedQuestions } from './questions-refused.ts';

/** Vectors of query.md. */
export function queryVectors(): readonly VectorFile[] {
  return [...questions(), ...refusedQuestions(), ...answers(), ...refusedAnswers()];
}
