import { expect, test } from 'vitest';
import { leftLines } from './left-lines.ts';

const NOTHING = { records: 0, parts: 0, unanswered: [], waiting: 0, retractions: [], byConsent: [] };
const idOf = (digit: string): string => digit.repeat(64);

test('before a state is let go people are told what stays there, what ends, and how others are told', () => {
  expect(leftLines(NOTHING, true)).toEqual([]);
  const left = {
    records: 2,
    parts: 7,
    unanswered: [idOf('a')],
    waiting: 3,
    retractions: [idOf('b')],
    byConsent: [idOf('c')],
  };
  expect(leftLines(left, false)).toEqual([
    'it keeps 7 parts of 2 records that it was handed',
    'it has not answered 1 order (aaaaaaaaaaaa), and no answer will be taken',
    'what waits for it leaves the queue: 3 records, the retraction bbbbbbbbbbbb among them',
    'others may still hand it cccccccccccc by a consent in force',
    'others may go on passing it records of this state: --everywhere orders them not to',
  ]);
});
