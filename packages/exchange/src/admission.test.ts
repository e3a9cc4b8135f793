import { expect, test } from 'vitest';
import { AdmissionSet } from './admission.ts';
import { stateId } from './federation.test-support.ts';
import { VirtualClock } from './virtual-clock.test-support.ts';

test('admission holds from its first to before its last second, and its end is told', async () => {
  const clock = new VirtualClock();
  const revoked: string[] = [];
  const admission = new AdmissionSet(clock, (peerId) => revoked.push(peerId));
  const now = clock.nowMs() / 1_000;
  admission.admit('x', { peer: stateId(1), notBeforeSeconds: now + 10, notAfterSeconds: now + 20 });
  admission.admit('y', { peer: stateId(1), notBeforeSeconds: 0, notAfterSeconds: now + 10_000_000 });
  expect(admission.peerOf('x')).toBeUndefined();
  await clock.advance(10_000);
  expect(admission.peerOf('x')).toBe(stateId(1));
  expect(admission.peerIdsOf(stateId(1))).toEqual(['x', 'y']);
  await clock.advance(9_999);
  expect(admission.peerOf('x')).toBe(stateId(1));
  await clock.advance(1);
  expect(admission.peerOf('x')).toBeUndefined();
  expect(revoked).toEqual(['x']);
  admission.revoke('y');
  admission.revoke('y');
  admission.revoke('nobody');
  expect(revoked).toEqual(['x', 'y']);
  expect(admission.peerOf('y')).toBeUndefined();
  admission.close();
  expect(clock.pending).toBe(0);
});
