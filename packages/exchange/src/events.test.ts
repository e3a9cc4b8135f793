import { once } from 'node:events';
import { expect, test } from 'vitest';
import { EventHub } from './events.ts';

test('a listener that throws disturbs no other, and does not go unnoticed', async () => {
  const hub = new EventHub();
  const seen: string[] = [];
  const off = hub.on(() => {
    seen.push('first');
    throw new TypeError('a listener is broken');
  });
  hub.on(() => seen.push('second'));
  const warned = once(process, 'warning');
  hub.emit({ kind: 'denied', peerId: 'x' });
  expect(await warned).toMatchObject([{ message: 'a listener is broken' }]);
  off();
  hub.emit({ kind: 'denied', peerId: 'x' });
  expect(seen).toEqual(['first', 'second', 'second']);
});
