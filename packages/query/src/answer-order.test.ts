import type { RecordId } from '@comity/record';
import { expect, test } from 'vitest';
import { comesAfter, formatPosition, parsePosition } from './answer-order.ts';

const at = (issuedAtSeconds: number, digit: string) => ({
  issuedAtSeconds,
  recordId: digit.repeat(64) as RecordId,
});

test('answers go from the newest to the oldest, and of one second from the greater id to the smaller', () => {
  const order = [at(9, '0'), at(8, 'f'), at(8, 'a'), at(8, '9'), at(0, 'f')];
  for (const [place, one] of order.entries())
    for (const [otherPlace, other] of order.entries())
      expect(comesAfter(one, other)).toBe(place > otherPlace);
});

test('a position is one text, and no other text is a position', () => {
  for (const position of [at(0, '0'), at(1_795_478_400, 'c')])
    expect(parsePosition(formatPosition(position))).toEqual(position);
  const id = 'a'.repeat(64);
  for (const text of [
    '',
    id,
    `-${id}`,
    `01-${id}`,
    `1-${id}0`,
    `1-${id.toUpperCase()}`,
    ` 1-${id}`,
    `1e3-${id}`,
    `${'9'.repeat(16)}-${id}`,
  ])
    expect(() => parsePosition(text), text).toThrow(expect.objectContaining({ code: 'query.malformed' }));
});
