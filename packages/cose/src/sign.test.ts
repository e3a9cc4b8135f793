import { type CborKey, type CborValue, encode, Tagged } from '@comity/cbor';
import { toHex } from '@comity/digest';
import { type LocalSigner, type Signer, signerFromSeed } from '@comity/ed25519';
import type { FaultCode } from '@comity/fault';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type CoseSign,
  decodeSign,
  decodeSign1,
  encodeSign,
  keyThumbprint,
  MAX_SIGNERS,
  MEDIA_TYPES,
  signSign,
  toBeSigned,
  verifySign,
} from './index.ts';

const signers = Array.from({ length: 5 }, (_, index) =>
  signerFromSeed(new Uint8Array(32).fill(index + 1)),
).sort((a, b) => (toHex(keyThumbprint(a.publicKey)) < toHex(keyThumbprint(b.publicKey)) ? -1 : 1)) as [
  LocalSigner,
  LocalSigner,
  LocalSigner,
  LocalSigner,
  LocalSigner,
];
const keys = signers.map(({ publicKey }) => publicKey);
const [first, second, third, fourth, fifth] = signers;
const rootKeys = [first.publicKey, second.publicKey, third.publicKey];
const payload = Uint8Array.of(0xa0);
const draft = { protectedHeader: new Map<CborKey, CborValue>([[16, MEDIA_TYPES.charter]]), payload };

function refuses(action: () => unknown, code: FaultCode): void {
  expect(action).toThrow(expect.objectContaining({ code }));
}

describe('signing', () => {
  test('comes back from its bytes, in the order of key ids whatever the order of signers', async () => {
    const sign = await signSign(draft, [second, first, third]);
    expect(sign.signatures.map(({ kid }) => toHex(kid))).toEqual(
      rootKeys.map((key) => toHex(keyThumbprint(key))),
    );
    const bytes = encodeSign(sign);
    expect(toHex(bytes.subarray(0, 3))).toBe('d86284');
    expect(decodeSign(bytes)).toEqual(sign);
    expect(encodeSign(decodeSign(bytes))).toEqual(bytes);
    expect(encodeSign(await signSign(draft, [third, second, first]))).toEqual(bytes);
  });

  test('what is signed has the context and both protected headers (RFC 9052 §4.4)', () => {
    const bytes = toBeSigned(Uint8Array.of(0xa1, 0x10, 0x00), new Uint8Array(0), payload);
    expect(toHex(bytes)).toBe('85695369676e617475726543a11000404041a0');
  });

  test('an empty body header is an empty byte string', async () => {
    const sign = await signSign({ protectedHeader: new Map(), payload }, [first]);
    expect(sign.protectedBytes).toHaveLength(0);
    expect(verifySign(decodeSign(encodeSign(sign)), [first.publicKey], 1)).toHaveLength(1);
  });

  test('refuses nobody, one signer twice, and too many', async () => {
    await expect(signSign(draft, [])).rejects.toMatchObject({ code: 'cose.no-signers' });
    await expect(signSign(draft, [first, second, first])).rejects.toMatchObject({
      code: 'cose.duplicate-signer',
    });
    const crowd = new Array<Signer>(MAX_SIGNERS + 1).fill(first);
    await expect(signSign(draft, crowd)).rejects.toMatchObject({ code: 'cose.too-many-signers' });
    const silent: Signer = {
      publicKey: second.publicKey,
      sign: () => Promise.reject(new Error('token removed')),
    };
    await expect(signSign(draft, [first, silent])).rejects.toThrow('token removed');
    const broken: Signer = { publicKey: second.publicKey, sign: () => new Uint8Array(65) };
    await expect(signSign(draft, [broken])).rejects.toMatchObject({ code: 'cose.signature-form' });
  });
});

describe('verifying', () => {
  test('counts distinct keys against the threshold', async () => {
    const two = await signSign(draft, [first, third]);
    expect(verifySign(two, rootKeys, 2).map(toHex)).toEqual(
      [first, third].map((s) => toHex(keyThumbprint(s.publicKey))),
    );
    expect(verifySign(two, rootKeys, 1)).toHaveLength(2);
    refuses(() => verifySign(two, rootKeys, 3), 'cose.below-threshold');
  });

  test('a key given twice is one key', async () => {
    const one = await signSign(draft, [first]);
    refuses(() => verifySign(one, [first.publicKey, first.publicKey], 2), 'cose.bad-threshold');
    refuses(
      () => verifySign(one, [first.publicKey, first.publicKey, second.publicKey], 2),
      'cose.below-threshold',
    );
  });

  test.each([0, -1, 1.5, 4, Number.NaN])('refuses the threshold %d of three keys', async (threshold) => {
    const sign = await signSign(draft, [first, second, third]);
    refuses(() => verifySign(sign, rootKeys, threshold), 'cose.bad-threshold');
  });

  test('a signature of anybody else is a fault, also above the threshold', async () => {
    const extra = await signSign(draft, [first, second, third, fourth]);
    refuses(() => verifySign(extra, rootKeys, 2), 'cose.unknown-signer');
    expect(verifySign(extra, keys, 4)).toHaveLength(4);
  });

  test('one bad signature spoils the rest', async () => {
    const sign = await signSign(draft, [first, second, third]);
    for (let bad = 0; bad < 3; bad += 1) {
      const signatures = sign.signatures.map((entry, index) =>
        index === bad ? { ...entry, signature: fifth.sign(payload) } : entry,
      );
      refuses(() => verifySign({ ...sign, signatures }, rootKeys, 2), 'ed25519.bad-signature');
    }
  });

  test('a message put together with one signature twice does not pass', async () => {
    const one = await signSign(draft, [first]);
    const twice: CoseSign = { ...one, signatures: [...one.signatures, ...one.signatures] };
    refuses(() => verifySign(twice, rootKeys, 2), 'cose.duplicate-signer');
    refuses(() => decodeSign(encodeSign(twice)), 'cose.duplicate-signer');
  });

  test('a signature does not move to another body or payload', async () => {
    const sign = await signSign(draft, [first, second]);
    const elsewhere = await signSign({ ...draft, payload: Uint8Array.of(0xa1, 0, 0) }, [first, second]);
    const otherType = new Map<CborKey, CborValue>([[16, MEDIA_TYPES.recognition]]);
    const retyped = await signSign({ ...draft, protectedHeader: otherType }, [first, second]);
    for (const { signatures } of [elsewhere, retyped]) {
      refuses(() => verifySign({ ...sign, signatures }, rootKeys, 2), 'ed25519.bad-signature');
    }
  });

  test('no changed bit of a message is accepted', async () => {
    const bytes = encodeSign(await signSign(draft, [first, second]));
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
        const changed = Uint8Array.from(bytes);
        changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
        expect(() => verifySign(decodeSign(changed), rootKeys, 2)).toThrow(
          expect.objectContaining({ code: expect.stringMatching(/^(cbor|cose|ed25519)\./) }),
        );
      }),
      { numRuns: 1500 },
    );
  });
});

describe('decoding', async () => {
  const valid = await signSign(draft, [first, second]);
  const { protectedBytes } = valid;
  const none = new Map<CborKey, CborValue>();
  const [one, two] = valid.signatures.map((entry) => [entry.protectedBytes, none, entry.signature]) as [
    CborValue[],
    CborValue[],
  ];
  const own = one[0] as Uint8Array;
  const signature = one[2] as Uint8Array;
  const kid = keyThumbprint(first.publicKey);
  const message = (...entries: CborValue[]): CborValue =>
    new Tagged(98, [protectedBytes, none, payload, entries]);
  const signedUnder = (...entries: [CborKey, CborValue][]): CborValue =>
    message([encode(new Map<CborKey, CborValue>(entries)), none, signature]);

  test.each<[string, CborValue, FaultCode]>([
    ['no tag', [protectedBytes, none, payload, [one]], 'cose.not-sign'],
    ['the tag of COSE_Sign1', new Tagged(18, [protectedBytes, none, payload, [one]]), 'cose.not-sign'],
    ['three parts', new Tagged(98, [protectedBytes, none, payload]), 'cose.not-sign'],
    [
      'a single signature instead of a list',
      new Tagged(98, [protectedBytes, none, payload, signature]),
      'cose.not-sign',
    ],
    ['a map as protected header', new Tagged(98, [none, none, payload, [one]]), 'cose.protected-header'],
    [
      'a0 as protected header',
      new Tagged(98, [Uint8Array.of(0xa0), none, payload, [one]]),
      'cose.empty-protected-map',
    ],
    [
      'unprotected headers',
      new Tagged(98, [protectedBytes, new Map([[17, 0]]), payload, [one]]),
      'cose.unprotected-header',
    ],
    [
      'a critical header',
      new Tagged(98, [encode(new Map([[2, [16]]])), none, payload, [one]]),
      'cose.critical-header',
    ],
    ['a detached payload', new Tagged(98, [protectedBytes, none, null, [one]]), 'cose.detached-payload'],
    ['a text as payload', new Tagged(98, [protectedBytes, none, 'x', [one]]), 'cose.payload-type'],
    ['no signature', message(), 'cose.no-signers'],
    ['33 signatures', message(...new Array<CborValue>(33).fill(one)), 'cose.too-many-signers'],
    ['an entry of two parts', message([own, signature]), 'cose.signer-form'],
    ['an entry that is no array', message(signature), 'cose.signer-form'],
    [
      'unprotected headers of a signer',
      message([own, new Map([[4, kid]]), signature]),
      'cose.unprotected-header',
    ],
    ['a short signature', message([own, none, signature.subarray(1)]), 'cose.signature-form'],
    ['a signer without header', message([new Uint8Array(0), none, signature]), 'cose.algorithm-missing'],
    ['a signer with -8', signedUnder([1, -8], [4, kid]), 'cose.algorithm'],
    ['a signer without key id', signedUnder([1, -19]), 'cose.key-id'],
    ['a signer with a short key id', signedUnder([1, -19], [4, kid.subarray(1)]), 'cose.key-id'],
    ['a signer with another header', signedUnder([1, -19], [4, kid], [16, 'x']), 'cose.signer-header'],
    ['a signer with a critical header', signedUnder([1, -19], [2, [4]], [4, kid]), 'cose.critical-header'],
    ['one signer twice', message(one, one), 'cose.duplicate-signer'],
    ['signers out of order', message(two, one), 'cose.signer-order'],
  ])('refuses %s', (_what, value, code) => {
    refuses(() => decodeSign(encode(value)), code);
  });

  test('neither message type passes for the other', () => {
    refuses(() => decodeSign1(encodeSign(valid)), 'cose.not-sign1');
  });
});
