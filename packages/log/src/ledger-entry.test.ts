import { type CborKey, type CborValue, encode } from '@comity/cbor';
import { sha256, toHex } from '@comity/digest';
import type { FaultCode } from '@comity/fault';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeLedgerEntry,
  encodeLedgerEntry,
  type LetterEntry,
  MAX_ENTRY_DISCLOSURES,
  MAX_ORDER_BYTES,
  type OrderEntry,
  type ReleaseEntry,
  type ReportEntry,
} from './index.ts';

const digests = Array.from({ length: 5 }, (_, number) => sha256(Uint8Array.of(number))).sort((a, b) =>
  toHex(a) < toHex(b) ? -1 : 1,
);
const entry: ReleaseEntry = {
  kind: 'release',
  recordId: sha256(new Uint8Array(1)),
  disclosures: digests,
  atSeconds: 1_763_980_000,
  mode: 'push',
  purpose: 'incident-response',
};

function refuses(action: () => unknown, code: FaultCode): void {
  expect(action).toThrow(expect.objectContaining({ code }));
}

const valid = new Map<CborKey, CborValue>([
  [1, 'release'],
  [2, entry.recordId],
  [3, digests],
  [4, entry.atSeconds],
  [5, 'push'],
  [6, 'incident-response'],
]);
const changed = (key: CborKey, value: CborValue): Uint8Array => encode(new Map([...valid, [key, value]]));
const without = (key: CborKey): Uint8Array => encode(new Map([...valid].filter(([each]) => each !== key)));

describe('ledger entries', () => {
  test('are a closed map under small integers', () => {
    expect(encodeLedgerEntry(entry)).toEqual(encode(valid));
    expect(decodeLedgerEntry(encode(valid))).toEqual(entry);
  });

  test('come back from their bytes', () => {
    const digest = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const set = fc.uniqueArray(digest, { maxLength: 20, selector: toHex });
    const arbitrary = fc.record({
      kind: fc.constant('release' as const),
      recordId: digest,
      disclosures: set.map((list) => list.sort((a, b) => (toHex(a) < toHex(b) ? -1 : 1))),
      atSeconds: fc.maxSafeNat(),
      mode: fc.constantFrom('push' as const, 'query' as const, 'relay' as const),
      purpose: fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,63}$/),
    });
    fc.assert(
      fc.property(arbitrary, (each) => {
        expect(decodeLedgerEntry(encodeLedgerEntry(each))).toEqual(each);
      }),
    );
  });

  test('may name no disclosures, and as many as a record can have', () => {
    expect(decodeLedgerEntry(encodeLedgerEntry({ ...entry, disclosures: [] }))).toEqual({
      ...entry,
      disclosures: [],
    });
    const most = Array.from({ length: MAX_ENTRY_DISCLOSURES }, (_, number) => {
      const digest = new Uint8Array(32);
      new DataView(digest.buffer).setUint16(0, number);
      return digest;
    });
    expect(decodeLedgerEntry(encodeLedgerEntry({ ...entry, disclosures: most }))).toEqual({
      ...entry,
      disclosures: most,
    });
    refuses(
      () => encodeLedgerEntry({ ...entry, disclosures: [...most, new Uint8Array(32).fill(0xff)] }),
      'cbor.shape',
    );
  });

  test('have their digests in one order, each once', () => {
    const [a, b] = digests as [Uint8Array, Uint8Array];
    for (const disclosures of [
      [b, a],
      [a, a],
      [a, b, b],
    ]) {
      refuses(() => encodeLedgerEntry({ ...entry, disclosures }), 'log.entry-disclosures');
      refuses(() => decodeLedgerEntry(changed(3, disclosures)), 'log.entry-disclosures');
    }
  });

  test.each<[string, Uint8Array, FaultCode]>([
    ['another kind', changed(1, 'recall'), 'cbor.shape'],
    ['a short record id', changed(2, entry.recordId.subarray(1)), 'cbor.shape'],
    ['a record id as text', changed(2, toHex(entry.recordId)), 'cbor.shape'],
    ['a short digest', changed(3, [new Uint8Array(31)]), 'cbor.shape'],
    ['a time before 1970', changed(4, -1), 'cbor.shape'],
    ['another mode', changed(5, 'shout'), 'cbor.shape'],
    ['a purpose in capitals', changed(6, 'Espionage'), 'cbor.shape'],
    ['no purpose text', changed(6, ''), 'cbor.shape'],
    ['a long purpose', changed(6, 'a'.repeat(65)), 'cbor.shape'],
    ['another key', changed(7, 0), 'cbor.shape'],
    ['a text key', changed('note', 'x'), 'cbor.shape'],
    ['a list', encode([...valid.values()]), 'cbor.shape'],
    ['bytes after it', Uint8Array.of(...encode(valid), 0), 'cbor.trailing-bytes'],
    ['nothing', new Uint8Array(0), 'cbor.truncated'],
    ['far too much', new Uint8Array(40_000), 'cbor.too-many-bytes'],
  ])('refuse %s', (_what, data, code) => {
    refuses(() => decodeLedgerEntry(data), code);
  });

  test.each([1, 2, 3, 4, 5, 6])('refuse to be without key %i', (key) => {
    refuses(() => decodeLedgerEntry(without(key)), 'cbor.shape');
  });
});

describe('entries that release nothing', () => {
  const order: OrderEntry = { kind: 'order', order: Uint8Array.of(0xd2, 0), atSeconds: 7 };
  const report: ReportEntry = {
    kind: 'report',
    orderDigest: entry.recordId,
    atSeconds: 7,
    outcome: 'applied',
  };
  const letter: LetterEntry = {
    kind: 'letter',
    officer: 'anna',
    letterDigest: entry.recordId,
    atSeconds: 7,
  };

  test('are closed maps under small integers', () => {
    expect(encodeLedgerEntry(order)).toEqual(
      encode(
        new Map<CborKey, CborValue>([
          [1, 'order'],
          [2, order.order],
          [4, 7],
        ]),
      ),
    );
    expect(encodeLedgerEntry({ ...report, outcome: 'refused', reason: 'evidence' })).toEqual(
      encode(
        new Map<CborKey, CborValue>([
          [1, 'report'],
          [2, entry.recordId],
          [4, 7],
          [5, 'refused'],
          [6, 'evidence'],
        ]),
      ),
    );
    expect(encodeLedgerEntry(letter)).toEqual(
      encode(
        new Map<CborKey, CborValue>([
          [1, 'letter'],
          [2, 'anna'],
          [3, entry.recordId],
          [4, 7],
        ]),
      ),
    );
    const largest = { ...order, order: new Uint8Array(MAX_ORDER_BYTES) };
    for (const each of [order, largest, letter, report, { ...report, outcome: 'acknowledged' as const }])
      expect(decodeLedgerEntry(encodeLedgerEntry(each))).toEqual(each);
  });

  test.each<[string, OrderEntry]>([
    ['no order', { ...order, order: new Uint8Array(0) }],
    ['an order that is too long', { ...order, order: new Uint8Array(MAX_ORDER_BYTES + 1) }],
    ['a time before 1970', { ...order, atSeconds: -1 }],
  ])('refuse %s', (_what, each) => {
    refuses(() => encodeLedgerEntry(each), 'cbor.shape');
  });

  test.each<[string, Partial<LetterEntry>]>([
    ['to nobody', { officer: '' }],
    ['to somebody whose id is none', { officer: 'Anna' }],
    ['to somebody with a long id', { officer: 'a'.repeat(65) }],
    ['with a short digest', { letterDigest: new Uint8Array(31) }],
    ['before 1970', { atSeconds: -1 }],
  ])('refuse a letter %s', (_what, change) => {
    refuses(() => encodeLedgerEntry({ ...letter, ...change }), 'cbor.shape');
  });

  test('have a reason with a refusal, and with nothing else', () => {
    refuses(() => encodeLedgerEntry({ ...report, outcome: 'refused' }), 'log.entry-reason');
    refuses(() => encodeLedgerEntry({ ...report, reason: 'evidence' }), 'log.entry-reason');
    const unreasoned = new Map<CborKey, CborValue>([
      [1, 'report'],
      [2, entry.recordId],
      [4, 7],
      [5, 'refused'],
    ]);
    refuses(() => decodeLedgerEntry(encode(unreasoned)), 'log.entry-reason');
  });

  test('have the keys of their own kind alone', () => {
    const release = new Map<CborKey, CborValue>([...valid, [1, 'order']]);
    refuses(() => decodeLedgerEntry(encode(release)), 'cbor.shape');
    const asRelease = new Map<CborKey, CborValue>([
      [1, 'release'],
      [2, order.order],
      [4, 7],
    ]);
    refuses(() => decodeLedgerEntry(encode(asRelease)), 'cbor.shape');
  });
});
