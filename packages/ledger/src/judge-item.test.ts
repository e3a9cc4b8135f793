import { KeyDirectory } from '@comity/identity';
import { encodeLedgerEntry } from '@comity/log';
import type { RecordId } from '@comity/record';
import { expect, test } from 'vitest';
import { judgeItem } from './judge-item.ts';
import { issueOrder } from './order.ts';
import { found, named, START } from './state.test-support.ts';

const entry = encodeLedgerEntry({
  kind: 'release',
  recordId: new Uint8Array(32),
  disclosures: [],
  atSeconds: 1,
  mode: 'push',
  purpose: 'incident-response',
});

test('an entry that comes bare says so, and one that comes with disclosures alone is refused', () => {
  const judged = (disclosures: readonly Uint8Array[]) =>
    judgeItem({ entry, record: undefined, disclosures }, new KeyDirectory(), 1);
  expect(judged([])).toMatchObject({ verdict: 'bare' });
  expect(judged([Uint8Array.of(0x80)])).toEqual({ verdict: 'rejected', code: 'node.item-mismatch' });
});

test('an entry that cannot be read is malformed, whatever comes with it', () => {
  const judged = judgeItem(
    { entry: Uint8Array.of(0xa0), record: undefined, disclosures: [] },
    new KeyDirectory(),
    1,
  );
  expect(judged).toEqual({ verdict: 'malformed', code: 'cbor.shape' });
});

test('an order is verified whoever passes it on, and rejected where it does not verify', async () => {
  const directory = new KeyDirectory();
  const arcadia = await found('XAR', directory);
  const draft = {
    kind: 'recall',
    record: '01'.repeat(32) as RecordId,
    issuer: arcadia.state,
    reason: 'court',
  } as const;
  const order = await issueOrder(draft, arcadia.signers.record, START, (count) =>
    named('n').subarray(0, count),
  );
  const judged = (bytes: Uint8Array, known = directory, disclosures: readonly Uint8Array[] = []) => {
    const carried = encodeLedgerEntry({ kind: 'order', order: bytes, atSeconds: 7 });
    return judgeItem({ entry: carried, record: undefined, disclosures }, known, START);
  };
  expect(judged(order.bytes)).toEqual({ verdict: 'order', order });
  expect(judged(order.bytes, new KeyDirectory())).toEqual({
    verdict: 'rejected',
    code: 'identity.unknown-key',
  });
  expect(judged(order.bytes.subarray(1)).verdict).toBe('rejected');
  expect(judged(order.bytes, directory, [Uint8Array.of(0x80)])).toEqual({
    verdict: 'rejected',
    code: 'node.item-mismatch',
  });
});

test('a report is judged by its form, and comes with nothing', () => {
  const report = { kind: 'report', orderDigest: named('order'), atSeconds: 7, outcome: 'applied' } as const;
  const judged = (record?: Uint8Array) =>
    judgeItem({ entry: encodeLedgerEntry(report), record, disclosures: [] }, new KeyDirectory(), START);
  expect(judged()).toEqual({ verdict: 'report', report });
  expect(judged(Uint8Array.of(0x80))).toEqual({ verdict: 'rejected', code: 'node.item-mismatch' });
});
