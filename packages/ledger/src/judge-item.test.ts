import { KeyDirectory } from '@comity/identity';
import { encodeLedgerEntry } from '@comity/log';
import { expect, test } from 'vitest';
import { judgeItem } from './judge-item.ts';

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
