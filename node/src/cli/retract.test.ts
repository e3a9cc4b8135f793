import { expect, test } from 'vitest';
import { notToldLines } from './retract.ts';

test.each(['approval-needed', 'limit', 'reciprocity'])(
  'what waits for officers is said to wait: %s',
  (reason) => {
    expect(notToldLines([{ peer: 'XCC', reason }])).toEqual([
      `XCC WILL NOT BE TOLD YET, though it was released some of it: ${reason} (waits for officers: 'comity release pending')`,
    ]);
  },
);

test('what nobody is asked about is said to stay', () => {
  expect(notToldLines([{ peer: 'XCC', reason: 'forbid' }])).toEqual([
    'XCC WILL NOT BE TOLD, though it was released some of it: forbid',
  ]);
});
