import { toHex } from '@comity/digest';
import type { FaultCode } from '@comity/fault';
import { KeyDirectory } from '@comity/identity';
import type { StateId } from '@comity/label';
import type { RecordId } from '@comity/record';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  barsInForce,
  issueOrder,
  ORDER_REASONS,
  type Order,
  type OrderSubject,
  readOrder,
  verifyOrder,
} from './index.ts';
import { END, found, named, START, type TestState } from './state.test-support.ts';

const directory = new KeyDirectory();
let arcadia: TestState;
let borealis: TestState;

beforeAll(async () => {
  arcadia = await found('XAR', directory);
  borealis = await found('XBO', directory);
});

const record = toHex(named('record')) as RecordId;
const recall: OrderSubject = { kind: 'recall', record };
const at = START + 1_000;
const nonce = (byteLength: number): Uint8Array => named('nonce').subarray(0, byteLength);

function order(
  subject: OrderSubject = recall,
  {
    by = arcadia,
    seconds = at,
    reason = 'error',
    note = undefined as ReadonlyMap<string, string> | undefined,
  } = {},
): Promise<Order> {
  const draft = { ...subject, issuer: by.state, reason, ...(note !== undefined && { note }) };
  return issueOrder(draft, by.signers.record, seconds, nonce);
}

function refuses(action: () => unknown, code: FaultCode): void {
  expect(action).toThrow(expect.objectContaining({ code }));
}

describe('an order', () => {
  test('says after it is verified what was signed', async () => {
    const parts = ['a', 'b', 'c'].map((name) => toHex(named(name))).sort();
    const note = new Map([['en', 'Named the wrong hospital.']]);
    const subjects: readonly OrderSubject[] = [
      recall,
      { kind: 'narrow', record, digests: parts },
      { kind: 'bar', state: borealis.state },
      { kind: 'lift', state: borealis.state },
    ];
    for (const subject of subjects) {
      const signed = await order(subject, { note });
      expect(signed).toMatchObject({
        ...subject,
        issuer: arcadia.state,
        issuedAtSeconds: at,
        reason: 'error',
        note,
      });
      expect(verifyOrder(signed.bytes, directory, at)).toEqual(signed);
      expect(readOrder(signed.bytes)).toEqual(signed);
    }
  });

  test('keeps nothing of the bytes that it came in', async () => {
    const { bytes } = await order();
    const whole = new Uint8Array(bytes.length + 1_000);
    whole.set(bytes, 500);
    const read = verifyOrder(whole.subarray(500, 500 + bytes.length), directory, at);
    expect(read.bytes.buffer.byteLength).toBe(bytes.length);
    whole.fill(0);
    expect(read.bytes).toEqual(bytes);
  });

  test('may be signed with a key whose scope is records of one type, and is read after the key has ended', async () => {
    const { bytes, id } = await order(recall, { seconds: END - 1 });
    expect(verifyOrder(bytes, directory, END + 1_000_000).id).toBe(id);
    expect(verifyOrder(bytes, directory).id).toBe(id);
  });

  test('of which one bit is changed does not verify', async () => {
    const { bytes } = await order();
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
        const changed = bytes.slice();
        changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
        expect(() => verifyOrder(changed, directory, at)).toThrow();
      }),
      { numRuns: 300, seed: 4 },
    );
  });

  test('of a key that was not valid, is of another use or of another state does not verify', async () => {
    const late = await order(recall, { seconds: END });
    refuses(() => verifyOrder(late.bytes, directory, END), 'identity.expired');
    const early = await order(recall, { seconds: START - 1 });
    refuses(() => verifyOrder(early.bytes, directory, at), 'identity.not-yet-valid');
    const draft = { ...recall, issuer: arcadia.state, reason: 'error' } as const;
    const byLog = await issueOrder(draft, arcadia.signers.log, at, nonce);
    refuses(() => verifyOrder(byLog.bytes, directory, at), 'identity.wrong-usage');
    const byOther = await issueOrder(draft, borealis.signers.record, at, nonce);
    refuses(() => verifyOrder(byOther.bytes, directory, at), 'order.wrong-issuer');
    refuses(() => verifyOrder(byOther.bytes, new KeyDirectory(), at), 'identity.unknown-key');
  });

  test('is not from the future, where the reader has a clock', async () => {
    const { bytes } = await order();
    expect(verifyOrder(bytes, directory, at - 300).issuedAtSeconds).toBe(at);
    refuses(() => verifyOrder(bytes, directory, at - 301), 'order.issued-in-future');
  });

  test('is not signed where a recipient would refuse it', async () => {
    const [high, low] = ['ff'.repeat(32), '00'.repeat(32)];
    await expect(order(recall, { reason: 'whim' })).rejects.toMatchObject({ code: 'order.unknown-reason' });
    await expect(order({ kind: 'narrow', record, digests: [high, low] })).rejects.toMatchObject({
      code: 'order.digests-not-ascending',
    });
    await expect(order({ kind: 'narrow', record, digests: [] })).rejects.toMatchObject({
      code: 'cbor.shape',
    });
    await expect(order({ kind: 'bar', state: arcadia.state })).rejects.toMatchObject({
      code: 'order.wrong-members',
    });
    const note = new Map([
      ['en', 'x'.repeat(16_384)],
      ['de', 'x'.repeat(16_384)],
    ]);
    await expect(order(recall, { note })).rejects.toMatchObject({ code: 'cbor.too-many-bytes' });
    for (const reason of ORDER_REASONS.keys()) expect((await order(recall, { reason })).reason).toBe(reason);
  });
});

describe('bars in force', () => {
  const states = ['north', 'south'].map((name) => toHex(named(name)) as StateId);

  test('are by the latest order, and by the bar of two of one second, in whichever order they came', async () => {
    const steps = fc.record({
      kind: fc.constantFrom('bar' as const, 'lift' as const),
      state: fc.constantFrom(...states),
      by: fc.boolean(),
      seconds: fc.integer({ min: at, max: at + 3 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(steps, { maxLength: 12 }),
        fc.infiniteStream(fc.nat()),
        async (list, shuffle) => {
          const orders = await Promise.all(
            list.map(({ kind, state, by, seconds }) =>
              order({ kind, state }, { by: by ? arcadia : borealis, seconds }),
            ),
          );
          const expected = [arcadia, borealis].flatMap(({ state: issuer }) =>
            states
              .filter((state) => {
                const about = orders.filter(
                  (each) => each.issuer === issuer && 'state' in each && each.state === state,
                );
                const newest = Math.max(...about.map(({ issuedAtSeconds }) => issuedAtSeconds));
                return about.some(
                  ({ kind, issuedAtSeconds }) => kind === 'bar' && issuedAtSeconds === newest,
                );
              })
              .map((state) => `${issuer} ${state}`),
          );
          const shuffled = orders.map((each) => ({ each, place: shuffle.next().value as number }));
          shuffled.sort((a, b) => a.place - b.place);
          const bars = barsInForce([...shuffled.map(({ each }) => each), await order()]);
          const found = [...bars].flatMap(([issuer, barred]) =>
            [...barred].map((state) => `${issuer} ${state}`),
          );
          expect(found.sort()).toEqual(expected.sort());
          expect([...bars.values()].every(({ size }) => size > 0)).toBe(true);
        },
      ),
      { numRuns: 100, seed: 4 },
    );
  });
});
