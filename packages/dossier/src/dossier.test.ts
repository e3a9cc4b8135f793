import { encode } from '@comity/cbor';
import { compareBytes } from '@comity/digest';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Dossier, decodeDossier, encodeDossier, MAX_DOSSIER_BYTES, type Notification } from './index.ts';
import { issue, told, whole } from './sample.test-support.ts';

const dossier = await whole();
const other = await issue('other');
const refuses = (code: string, bytes: () => Uint8Array): void =>
  expect(() => decodeDossier(bytes())).toThrow(expect.objectContaining({ code }));

describe('one content has one spelling', () => {
  const bytes = encodeDossier(dossier);
  const records = [...dossier.records, { record: other.bytes, disclosures: [...other.disclosures.values()] }];
  const ofTwo = encodeDossier({ ...dossier, records });

  test('what is decoded encodes to the same bytes', () => {
    expect(encodeDossier(decodeDossier(bytes))).toEqual(bytes);
    expect(decodeDossier(ofTwo).records).toHaveLength(2);
  });

  test('whatever the order in which it is given, and whatever is given twice', () => {
    const shuffled = <T>(list: readonly T[]) =>
      fc.shuffledSubarray([...list, ...list.slice(0, 1)], { minLength: list.length + 1 });
    fc.assert(
      fc.property(
        shuffled(dossier.charters),
        shuffled(dossier.certificates),
        fc.shuffledSubarray(records, { minLength: 2 }),
        fc.shuffledSubarray([...told.disclosures.values()], { minLength: told.disclosures.size }),
        (charters, certificates, drawn, disclosures) => {
          const given = drawn.map((each) => (each.record === told.bytes ? { ...each, disclosures } : each));
          expect(encodeDossier({ ...dossier, charters, certificates, records: given })).toEqual(ofTwo);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('a record that is given twice is refused: what comes with it may differ', () => {
    const twice = [...dossier.records, ...dossier.records];
    expect(() => encodeDossier({ ...dossier, records: twice })).toThrow(
      expect.objectContaining({ code: 'dossier.unsorted' }),
    );
  });
});

describe('limits', () => {
  const [notification] = dossier.notifications as readonly [Notification];
  const entryOf = (index: number): Uint8Array => Uint8Array.of(index >> 8, index & 255);
  const announced = (count: number): Dossier => ({
    ...dossier,
    notifications: Array.from({ length: count }, (_, index) => ({
      ...notification,
      entry: entryOf(index),
      proof: 'x',
      receipt: 'x',
    })),
  });

  test('4096 notifications, and no more', () => {
    expect(decodeDossier(encodeDossier(announced(4_096))).notifications).toHaveLength(4_096);
    expect(() => encodeDossier(announced(4_097))).toThrow(expect.objectContaining({ code: 'cbor.shape' }));
  });

  test('4096 signature lines in all proofs and receipts together, and no more', () => {
    const line = '\u2014 \n';
    const withLines = (inProof: number, ofEntry: number, inReceipt: number): Dossier => ({
      ...dossier,
      records: dossier.records.map((each) => ({ ...each, proof: `x\n${line.repeat(inProof)}` })),
      notifications: [
        { ...notification, proof: line.repeat(ofEntry), receipt: `${line.repeat(inReceipt)} \u2014 ` },
      ],
    });
    expect(decodeDossier(encodeDossier(withLines(2_000, 2_000, 96))).records).toHaveLength(1);
    for (const [inProof, ofEntry, inReceipt] of [
      [2_001, 2_000, 96],
      [2_000, 2_001, 96],
      [2_000, 2_000, 97],
    ] as const) {
      expect(() => encodeDossier(withLines(inProof, ofEntry, inReceipt))).toThrow(
        expect.objectContaining({ code: 'cbor.too-many-items' }),
      );
    }
  });

  test('nobody is told by himself', () => {
    const toItself = { ...dossier, notifications: [{ ...notification, recipient: notification.sender }] };
    expect(() => encodeDossier(toItself)).toThrow(expect.objectContaining({ code: 'cbor.shape' }));
  });

  test('16777216 bytes: a longer file is refused before anything of it is read', () => {
    refuses('cbor.too-many-bytes', () => new Uint8Array(MAX_DOSSIER_BYTES + 1));
    const largest = Array.from({ length: 255 }, (_, index) => {
      const record = new Uint8Array(65_536);
      record[0] = index;
      return { record, disclosures: [] };
    });
    const bytes = encodeDossier({ ...dossier, records: largest });
    expect(bytes.length).toBeLessThanOrEqual(MAX_DOSSIER_BYTES);
    expect(decodeDossier(bytes).records).toHaveLength(255);
  });

  test('131072 items', () => {
    refuses('cbor.too-many-items', () =>
      encode(new Array(131_072).fill(0), { maxItems: 200_000, maxBytes: 200_000 }),
    );
  });
});

test('states and ids come out as they went in', () => {
  const read = decodeDossier(encodeDossier(dossier));
  expect(read.notifications[0]?.sender).toBe(dossier.notifications[0]?.sender);
  const [first, second] = read.charters as readonly [Uint8Array, Uint8Array];
  expect(compareBytes(first, second)).toBe(-1);
});
