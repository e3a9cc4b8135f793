import { isDeepStrictEqual } from 'node:util';
import type { DriverProcess, Request, Verdict } from './driver-process.ts';
import type { Vector, VectorsOnDisk } from './vector-files.ts';

/** How a driver answered one vector. */
export interface Outcome {
  readonly path: string;
  readonly vector: Vector;
  /** `pass`; `other-code` where it refuses as it should, with another code; `fail` where the verdict or the result is wrong. */
  readonly result: 'pass' | 'other-code' | 'fail';
  readonly answer: Verdict;
}

/** How many requests are under way at once: enough to hide the pipe, few enough for its buffer. */
const WINDOW = 64;

/**
 * Puts all vectors to a driver.
 *
 * @throws DriverFailure when it dies or breaks the line protocol
 */
export async function runVectors(
  driver: Pick<DriverProcess, 'ask'>,
  files: readonly VectorsOnDisk[],
): Promise<readonly Outcome[]> {
  const cases = files.flatMap((file) => file.vectors.map((vector) => ({ file, vector })));
  const outcomes: Outcome[] = [];
  for (let from = 0; from < cases.length; from += WINDOW) {
    const window = cases.slice(from, from + WINDOW);
    const answers = await askAll(
      driver,
      window.map(({ file, vector }) => ({ op: file.op, in: vector.in })),
    );
    for (const [index, { file, vector }] of window.entries()) {
      const answer = answers[index] as Verdict;
      outcomes.push({ path: file.path, vector, result: judge(file.valid, vector, answer), answer });
    }
  }
  return outcomes;
}

/** Answers in the order of the requests. */
export function askAll(
  driver: Pick<DriverProcess, 'ask'>,
  requests: readonly Request[],
): Promise<readonly Verdict[]> {
  return Promise.all(requests.map((request) => driver.ask(request)));
}

function judge(valid: boolean, vector: Vector, answer: Verdict): Outcome['result'] {
  if (valid) return answer.ok && isDeepStrictEqual(answer.out, vector.out) ? 'pass' : 'fail';
  if (answer.ok) return 'fail';
  return answer.code === vector.code ? 'pass' : 'other-code';
}
