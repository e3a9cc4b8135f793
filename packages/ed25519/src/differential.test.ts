import { concatBytes } from '@comity/digest';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as portableEngine from './engine.portable.ts';
import * as openssl from './openssl.node.ts';
import { sodiumEquationHolds } from './sodium.node.ts';
import { checkWith } from './verify.ts';

const nodeEngine = { equationHolds: openssl.opensslEquationHolds, openSeed: openssl.openSeed };
/** libsodium is optional for users, not for this test: what is not compared could differ. */
const sodiumEngine = { equationHolds: sodiumEquationHolds ?? absent() };

function absent(): never {
  throw new Error('sodium-native is not installed');
}

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const seed = fc.nat(15).map((number) => new Uint8Array(32).fill(number));
const message = fc.uint8Array({ maxLength: 300 });

/** One way to damage a signed message: which of the three byte strings, where, and how. */
const mutation = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), target: fc.nat(2), bit: fc.nat(1023) }),
  fc.record({ kind: fc.constant('replace' as const), target: fc.nat(2), half: fc.nat(1), by: bytes32 }),
  fc.record({
    kind: fc.constant('fill' as const),
    target: fc.nat(2),
    half: fc.nat(1),
    by: fc.constantFrom(0, 1, 0x7f, 0x80, 0xff),
  }),
  fc.record({ kind: fc.constant('other key' as const), seed }),
  fc.record({ kind: fc.constant('length' as const), target: fc.constantFrom(0, 2), byteLength: fc.nat(70) }),
  fc.constant({ kind: 'none' as const }),
);
type Mutation = typeof mutation extends fc.Arbitrary<infer M> ? M : never;
type Signed = [publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array];

function mutate(signed: Signed, how: Mutation): Signed {
  const changed = signed.map((bytes) => Uint8Array.from(bytes)) as Signed;
  if (how.kind === 'none') return changed;
  if (how.kind === 'other key') {
    changed[0] = nodeEngine.openSeed(how.seed).publicKey;
    return changed;
  }
  const bytes = changed[how.target] as Uint8Array;
  if (how.kind === 'length') {
    changed[how.target] = concatBytes(bytes, new Uint8Array(70)).subarray(0, how.byteLength);
  } else if (how.kind === 'flip') {
    if (bytes.length > 0) {
      const bit = how.bit % (8 * bytes.length);
      bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
    }
  } else {
    const half = bytes.subarray(32 * how.half, 32 * how.half + 32);
    half.set(
      how.kind === 'fill' ? new Uint8Array(half.length).fill(how.by) : how.by.subarray(0, half.length),
    );
  }
  return changed;
}

describe('all engines', () => {
  test('agree on 2,400 signed messages, damaged and not, with the same code', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(seed, message, mutation, (seedBytes, text, how) => {
        const { publicKey, sign } = nodeEngine.openSeed(seedBytes);
        const signed = mutate([publicKey, text, sign(text)], how);
        const code = checkWith(nodeEngine, ...signed);
        expect(checkWith(portableEngine, ...signed)).toBe(code);
        expect(checkWith(sodiumEngine, ...signed)).toBe(code);
        if (how.kind === 'none') expect(code).toBeUndefined();
        seen.set(code ?? 'accepted', (seen.get(code ?? 'accepted') ?? 0) + 1);
      }),
      { numRuns: 2400 },
    );
    // The generator reaches both sides of the rule, or the agreement above says little.
    for (const outcome of [
      'accepted',
      'ed25519.bad-signature',
      'ed25519.s-not-reduced',
      'ed25519.signature-length',
    ]) {
      expect(seen.get(outcome) ?? 0, outcome).toBeGreaterThan(20);
    }
  });

  test('make the same key and signature of a seed', () => {
    fc.assert(
      fc.property(bytes32, message, (seedBytes, text) => {
        const node = nodeEngine.openSeed(seedBytes);
        const portable = portableEngine.openSeed(seedBytes);
        expect(portable.publicKey).toEqual(node.publicKey);
        const signature = portable.sign(text);
        expect(signature).toEqual(node.sign(text));
        expect(checkWith(nodeEngine, node.publicKey, text, signature)).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });

  test('the key cache forgets and never mixes keys up', () => {
    const text = new Uint8Array(8);
    const keys = Array.from({ length: 1100 }, (_, number) => {
      const seedBytes = new Uint8Array(32);
      new DataView(seedBytes.buffer).setUint32(0, number);
      const { publicKey, sign } = nodeEngine.openSeed(seedBytes);
      return { publicKey, signature: sign(text) };
    });
    for (const { publicKey, signature } of [...keys, ...keys.slice(0, 100)]) {
      expect(checkWith(nodeEngine, publicKey, text, signature)).toBeUndefined();
    }
    const [first, second] = keys;
    if (first === undefined || second === undefined) throw new Error('unreachable');
    expect(checkWith(nodeEngine, first.publicKey, text, second.signature)).toBe('ed25519.bad-signature');
  });
});
