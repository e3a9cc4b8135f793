// Two implementations are given the same changed documents, and may not disagree.

import { isDeepStrictEqual } from 'node:util';
import { perform } from '@comity/conformance';
import { isFault } from '@comity/fault';
import { Chance } from '@comity/testkit';
import type { DriverProcess, Request, Verdict } from './driver-process.ts';
import { bentRequest, type Corpus } from './mutation/bend-input.ts';
import { askAll } from './run-vectors.ts';

export interface Disagreement {
  /** Seed and index of the input: `disagreements(driver, corpus, { seed, first: index, count: 1 })` gives it again. */
  readonly seed: number;
  readonly index: number;
  readonly request: Request;
  readonly own: Verdict;
  readonly other: Verdict;
}

export interface Comparison {
  readonly inputs: number;
  /** How many of them were accepted: where all are refused, nothing but the first check is compared. */
  readonly accepted: number;
  /** Inputs by operation and verdict of this implementation. */
  readonly verdicts: ReadonlyMap<string, number>;
  readonly disagreements: readonly Disagreement[];
}

const BATCH = 200;

/**
 * Compares this implementation with that behind a driver on inputs `first` to `first + count - 1` of a seed. Two refusals
 * agree whatever their codes, since the order of checks is open; two acceptances agree where their results are equal.
 */
export async function compare(
  driver: Pick<DriverProcess, 'ask'>,
  corpus: Corpus,
  range: { readonly seed: number; readonly first: number; readonly count: number },
  progress: (done: number) => void = () => {},
): Promise<Comparison> {
  const verdicts = new Map<string, number>();
  const disagreements: Disagreement[] = [];
  let accepted = 0;
  for (let done = 0; done < range.count; done += BATCH) {
    const indexes = Array.from(
      { length: Math.min(BATCH, range.count - done) },
      (_, offset) => range.first + done + offset,
    );
    const requests = indexes.map((index) => bentRequest(corpus, chanceOf(range.seed, index)));
    const others = askAll(driver, requests);
    const own: Verdict[] = [];
    for (const request of requests) own.push(await verdictOf(request));
    for (const [position, other] of (await others).entries()) {
      const mine = own[position] as Verdict;
      const request = requests[position] as Request;
      const kind = `${request.op} ${mine.ok ? 'ok' : mine.code}`;
      verdicts.set(kind, (verdicts.get(kind) ?? 0) + 1);
      if (mine.ok) accepted += 1;
      if (mine.ok !== other.ok || (mine.ok && other.ok && !isDeepStrictEqual(mine.out, other.out))) {
        disagreements.push({
          seed: range.seed,
          index: indexes[position] as number,
          request,
          own: mine,
          other,
        });
      }
    }
    progress(done + indexes.length);
  }
  return { inputs: range.count, accepted, verdicts, disagreements };
}

/** Each input has a sequence of its own, so that any range of them can be run by itself. */
export function chanceOf(seed: number, index: number): Chance {
  return new Chance(Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b));
}

export async function verdictOf(request: Request): Promise<Verdict> {
  try {
    return { ok: true, out: await perform(request.op, request.in) };
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown;
    return { ok: false, code: thrown.code };
  }
}
