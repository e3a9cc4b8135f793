import { compareBytes } from '@comity/digest';
import { isFault } from '@comity/fault';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ARCADIA, BOREALIS, named } from '../sample.test-support.ts';
import * as keyspaces from './keyspace.ts';
import { DUE, keyspaceNameOf, parseKey, RECORD, RECORD_BY_SUBJECT, RECORD_BY_TYPE } from './keyspace.ts';

const id = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'));
const number = fc.maxSafeNat();
const realm = fc.constantFrom('real', 'exercise');
const text = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((unit) => String.fromCharCode(unit)),
  maxLength: 255,
});
const log = fc.oneof(
  fc.constant('origin'),
  fc.integer({ min: 2, max: 9 }).map((number) => `origin/${number}`),
  id.map((peer) => `ledger/out/${peer}`),
  id.map((peer) => `ledger/in/${peer}`),
);

const FIELDS: Readonly<Record<string, readonly fc.Arbitrary<unknown>[]>> = {
  META: [text],
  LOG_ENTRY: [log, number],
  LOG_TILE: [log, number, number],
  LOG_HEAD: [log],
  CHECKPOINT: [log, number],
  COSIGNATURE: [log, number, id],
  RELEASED: [id, id, number],
  DOCUMENT: [id, fc.constantFrom('charter', 'certificate', 'recognition', 'key-state', 'contradiction'), id],
  PEER: [id],
  POLICY: [number],
  AUDIT: [number],
  SETTING: [text],
  QUARANTINE: [id],
  WITNESSED: [id],
  MISSING: [id, number],
  BARE: [id, number],
  DUE: [number, id],
  OFFICER: [id, text, id],
  READ: [id, number, text],
  HOLD: [id, id],
  HOLD_ORDER: [id, number, id, id],
  APPROVAL: [id, id, id],
  REJECTION: [id, number, id, id, id],
  ORDER: [id],
  AUTHOR: [id],
  ROSTER: [number],
  LETTER: [text, id],
  SENT_LETTER: [id],
  SEALED_LETTER: [id],
  UNLOGGED: [id],
  LOGGED: [id],
  SEEN: [id, number],
  EQUIVOCATION: [id, number],
  LOG_ALARM: [fc.constantFrom('two-histories', 'frozen', 'own-log-lost'), id],
  KEY_PROOF: [id, id],
  ERASURE: [number],
  RELAY_QUEUE: [id, number],
  RECORD: [realm, number],
  RECORD_ID: [realm, id],
  RECORD_BY_TYPE: [realm, text, number, id],
  RECORD_BY_ISSUER: [realm, id, number, id],
  RECORD_BY_SUBJECT: [realm, text, number, id],
  RETRACTION: [realm, id, id],
  SUCCESSOR: [realm, id, id],
  QUERY: [realm, fc.constantFrom('asked', 'answered'), number, id],
  TOMBSTONE: [realm, id],
  SKETCH: [realm, number],
  REGISTERED: [realm, number],
};

type AnyKeyspace = keyspaces.Keyspace<readonly unknown[]>;
const all = keyspaces as unknown as Readonly<Record<string, AnyKeyspace>>;
const every = Object.entries(FIELDS).map(([name, fields]) => [name, fc.tuple(...fields)] as const);

test('every keyspace is covered here', () => {
  const exported = Object.entries(all).filter(([, value]) => typeof value === 'object' && 'parse' in value);
  expect(exported.map(([name]) => name).sort()).toEqual(Object.keys(FIELDS).sort());
});

describe.each(every)('%s', (name, values) => {
  const keyspace = all[name] as AnyKeyspace;

  test('what is built is read back', () => {
    fc.assert(
      fc.property(values, (parts) => {
        const key = keyspace.key(...parts);
        expect(keyspace.parse(key)).toEqual(parts);
        expect(parseKey(key)).toEqual(parts);
        expect(keyspaceNameOf(key)).toBe(keyspace.name);
      }),
    );
  });

  test('a key lies in the ranges of its own beginnings and in no others', () => {
    fc.assert(
      fc.property(values, values, (parts, others) => {
        const key = keyspace.key(...parts);
        for (
          let count = Number(parts[0] === 'real' || parts[0] === 'exercise');
          count <= parts.length;
          count += 1
        ) {
          const { gte, lt } = keyspace.range(...(others.slice(0, count) as [unknown]));
          const inside = compareBytes(key, gte) >= 0 && compareBytes(key, lt) < 0;
          expect(inside).toBe(
            JSON.stringify(parts.slice(0, count)) === JSON.stringify(others.slice(0, count)),
          );
        }
      }),
    );
  });

  test('any other bytes are refused', () => {
    fc.assert(
      fc.property(values, fc.uint8Array({ minLength: 1, maxLength: 8 }), fc.nat(), (parts, tail, cut) => {
        const key = keyspace.key(...parts);
        const longer = Uint8Array.from([...key, ...tail]);
        const shorter = key.slice(0, cut % key.length);
        for (const bad of [longer, shorter])
          expect(codeThrown(() => keyspace.parse(bad))).toBe('store.key-unknown');
      }),
    );
  });
});

test('keyspaces and realms do not overlap', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...every),
      fc.constantFrom(...every),
      fc.nat(),
      ([one, a], [other, b], seed) => {
        const [first] = fc.sample(a, { numRuns: 1, seed });
        const [second] = fc.sample(b, { numRuns: 1, seed: seed + 1 });
        const key = (all[one] as AnyKeyspace).key(...(first as unknown[]));
        const otherKey = (all[other] as AnyKeyspace).key(...(second as unknown[]));
        if (one !== other)
          expect(codeThrown(() => (all[other] as AnyKeyspace).parse(key))).toBe('store.key-unknown');
        if (one !== other) expect(compareBytes(key, otherKey)).not.toBe(0);
      },
    ),
  );
  const real = RECORD.range('real');
  const exercise = RECORD.key('exercise', 0);
  expect(compareBytes(exercise, real.lt)).toBeGreaterThan(0);
});

test('numbers and ids sort as keys as they do by themselves', () => {
  fc.assert(
    fc.property(number, number, id, id, (one, other, a, b) => {
      const order = compareBytes(DUE.key(one, a as never), DUE.key(other, b as never));
      const expected = one === other ? (a < b ? -1 : a > b ? 1 : 0) : one - other;
      expect(Math.sign(order)).toBe(Math.sign(expected));
    }),
  );
});

test('a text is never taken for the beginning of another', () => {
  const { gte, lt } = RECORD_BY_TYPE.range('real', 'norm');
  const longer = RECORD_BY_TYPE.key('real', 'norms', 0, '0'.repeat(64) as never);
  expect(compareBytes(longer, gte) >= 0 && compareBytes(longer, lt) < 0).toBe(false);
});

test('the bytes of the format stay what they are', () => {
  const hex = (key: Uint8Array) => Buffer.from(key).toString('hex');
  const peer = BOREALIS;
  expect(hex(RECORD.key('real', 0x0102030405))).toBe('72100000000102030405');
  expect(hex(RECORD.key('exercise', 1))).toBe('78100000000000000001');
  expect(hex(keyspaces.LOG_ENTRY.key('origin', 5))).toBe('6e01000000000000000005');
  expect(hex(keyspaces.LOG_HEAD.key('origin/2'))).toBe('6e030302');
  for (const name of ['origin/1', 'origin/10', 'origin/'] as const)
    expect(() => keyspaces.LOG_HEAD.key(name as never)).toThrow();
  expect(hex(keyspaces.LOG_HEAD.key(`ledger/in/${peer}`))).toBe(`6e0302${peer}`);
  expect(hex(keyspaces.LOG_HEAD.key(`ledger/out/${peer}`))).toBe(`6e0301${peer}`);
  expect(hex(RECORD_BY_SUBJECT.key('real', 'a/b', 1, ARCADIA as never))).toBe(
    `721503612f620000000000000001${ARCADIA}`,
  );
});

describe('a value that makes no key is refused:', () => {
  const key = Buffer.from(named('x')).toString('hex') as never;
  test.each<[string, () => unknown]>([
    ['a negative number', () => RECORD.key('real', -1)],
    ['a fraction', () => RECORD.key('real', 1.5)],
    ['a number beyond 2^53-1', () => RECORD.key('real', 2 ** 53)],
    ['a realm that there is not', () => RECORD.key('other' as never, 1)],
    ['no realm', () => RECORD.range(...([] as unknown as ['real']))],
    ['a long text', () => RECORD_BY_TYPE.key('real', 'x'.repeat(256), 1, key)],
    ['a text beyond ASCII', () => RECORD_BY_TYPE.key('real', 'é', 1, key)],
    ['a control character', () => RECORD_BY_TYPE.key('real', '\n', 1, key)],
    ['a short id', () => keyspaces.PEER.key('ab' as never)],
    ['capitals in an id', () => keyspaces.PEER.key('AB'.repeat(32) as never)],
    ['an unknown log', () => keyspaces.LOG_HEAD.key('ledger/up/x' as never)],
    ['an unknown kind of document', () => keyspaces.DOCUMENT.key(key, 'passport' as never, key)],
  ])('%s', (_what, build) => {
    expect(codeThrown(build)).toBe('store.key-invalid');
  });

  test('a key of no keyspace at all', () => {
    for (const bytes of [[], [0x6e], [0x6e, 0xff], [0x6e, 0x10, 0], [0x72, 0x01, 0], [0x00, 0x01]]) {
      expect(keyspaceNameOf(Uint8Array.from(bytes))).toBeUndefined();
      expect(codeThrown(() => parseKey(Uint8Array.from(bytes)))).toBe('store.key-unknown');
    }
  });
});

function codeThrown(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return isFault(error) ? error.code : String(error);
  }
}
