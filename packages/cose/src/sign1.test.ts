import { type CborKey, type CborValue, decode, encode, REDACTED, Tagged } from '@comity/cbor';
import { concatBytes, fromHex, sha256, toHex } from '@comity/digest';
import { check, type Signer, signerFromSeed } from '@comity/ed25519';
import type { FaultCode } from '@comity/fault';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeSign1,
  documentId,
  encodeSign1,
  keyThumbprint,
  MEDIA_TYPES,
  type Sign1,
  signSign1,
  signSign1Sync,
  toBeSigned1,
  verifySign1,
} from './index.ts';

const signer = signerFromSeed(fromHex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60'));
const other = signerFromSeed(new Uint8Array(32).fill(2));
const kid = keyThumbprint(signer.publicKey);
const payload = new TextEncoder().encode('This is the content.');
const typ: readonly [CborKey, CborValue] = [16, MEDIA_TYPES.query];
const draft = { protectedHeader: new Map([typ]), payload };

function refuses(action: () => unknown, code: FaultCode): void {
  expect(action).toThrow(expect.objectContaining({ code }));
}

describe('cose-wg/Examples eddsa-sig-01', () => {
  const example = fromHex(
    'd28445a201270300a10442313154546869732069732074686520636f6e74656e742e58407142fd2ff96d56db85bee905a76ba1d0b7321a95c8c4d3607c5781932b7afb8711497dfa751bf40b58b3bcc32300b1487f3db34085eef013bf08f4a44d6fef0d',
  );

  test('the same bytes are signed', () => {
    const toBeSigned = toBeSigned1(fromHex('a201270300'), payload);
    expect(toHex(toBeSigned)).toBe(
      '846a5369676e61747572653145a2012703004054546869732069732074686520636f6e74656e742e',
    );
    expect(check(signer.publicKey, toBeSigned, example.subarray(-64))).toBeUndefined();
    expect(toHex(signer.sign(toBeSigned))).toBe(toHex(example.subarray(-64)));
  });

  test('but its algorithm, -8, leaves the curve open and is refused', () => {
    refuses(() => decodeSign1(example), 'cose.algorithm');
  });

  test('an empty protected header is signed as an empty byte string', () => {
    expect(toHex(toBeSigned1(new Uint8Array(0), payload)).slice(0, 28)).toBe('846a5369676e6174757265314040');
  });
});

describe('signing', () => {
  const signed = signSign1Sync(draft, signer);

  test('adds algorithm and key id, and comes back from its bytes', () => {
    const bytes = encodeSign1(signed);
    expect(toHex(bytes.subarray(0, 2))).toBe('d284');
    const decoded = decodeSign1(bytes);
    expect(decoded).toEqual(signed);
    expect([...decoded.protectedHeader]).toEqual([[1, -19], [4, kid], typ]);
    expect(decoded.unprotectedHeader.size).toBe(0);
    expect(encodeSign1(decoded)).toEqual(bytes);
    verifySign1(decoded, signer.publicKey);
  });

  test('is the same whether the signer answers at once or later', async () => {
    const later: Signer = { publicKey: signer.publicKey, sign: async (message) => signer.sign(message) };
    expect(await signSign1(draft, signer)).toEqual(signed);
    expect(await signSign1(draft, later)).toEqual(signed);
  });

  test('takes algorithm and key id of the signer, and no others', () => {
    const named = new Map<CborKey, CborValue>([typ, [4, kid], [1, -19]]);
    expect(signSign1Sync({ ...draft, protectedHeader: named }, signer)).toEqual(signed);
    for (const wrong of [
      [4, keyThumbprint(other.publicKey)],
      [4, 'me'],
      [1, -8],
    ] as [CborKey, CborValue][]) {
      refuses(
        () => signSign1Sync({ ...draft, protectedHeader: new Map([wrong]) }, signer),
        'cose.wrong-key-id',
      );
    }
  });

  test('signs nothing that a reader would refuse', async () => {
    const crit = new Map<CborKey, CborValue>([[2, [99]]]);
    refuses(() => signSign1Sync({ ...draft, protectedHeader: crit }, signer), 'cose.critical-header');
    const both = { ...draft, unprotectedHeader: new Map([typ]) };
    refuses(() => signSign1Sync(both, signer), 'cose.duplicate-header');
    const broken: Signer = { publicKey: signer.publicKey, sign: () => new Uint8Array(63) };
    await expect(signSign1(draft, broken)).rejects.toMatchObject({ code: 'cose.signature-form' });
    const refusing: Signer = {
      publicKey: signer.publicKey,
      sign: () => Promise.reject(new Error('token removed')),
    };
    await expect(signSign1(draft, refusing)).rejects.toThrow('token removed');
  });
});

describe('documentId', () => {
  test('is the digest of the message without its unprotected header', () => {
    const signed = signSign1Sync(draft, signer);
    const withDisclosures = {
      ...signed,
      unprotectedHeader: new Map<CborKey, CborValue>([[17, [Uint8Array.of(1)]]]),
    };
    expect(documentId(withDisclosures)).toEqual(sha256(encodeSign1(signed)));
    verifySign1(decodeSign1(encodeSign1(withDisclosures)), signer.publicKey);
    expect(documentId({ ...signed, signature: other.sign(payload) })).not.toEqual(documentId(signed));
  });
});

describe('decoding', () => {
  const valid = signSign1Sync(draft, signer);
  const { protectedBytes, signature } = valid;
  const none = new Map<CborKey, CborValue>();
  const header = (...entries: [CborKey, CborValue][]): Uint8Array =>
    encode(new Map<CborKey, CborValue>(entries));

  test.each<[string, CborValue, FaultCode]>([
    ['no tag', [protectedBytes, none, payload, signature], 'cose.not-sign1'],
    ['the tag of COSE_Sign', new Tagged(98, [protectedBytes, none, payload, signature]), 'cose.not-sign1'],
    ['no array', new Tagged(18, payload), 'cose.not-sign1'],
    ['three parts', new Tagged(18, [protectedBytes, none, payload]), 'cose.not-sign1'],
    ['five parts', new Tagged(18, [protectedBytes, none, payload, signature, null]), 'cose.not-sign1'],
    [
      'a bare map as protected header',
      new Tagged(18, [none, none, payload, signature]),
      'cose.protected-header',
    ],
    [
      'an array in the protected header',
      new Tagged(18, [Uint8Array.of(0x80), none, payload, signature]),
      'cose.protected-header',
    ],
    [
      'a map a0 as empty protected header',
      new Tagged(18, [Uint8Array.of(0xa0), none, payload, signature]),
      'cose.empty-protected-map',
    ],
    [
      'an empty protected header',
      new Tagged(18, [new Uint8Array(0), none, payload, signature]),
      'cose.algorithm-missing',
    ],
    [
      'a protected header not in its shortest form',
      new Tagged(18, [fromHex('a1180132'), none, payload, signature]),
      'cbor.not-shortest',
    ],
    [
      'bytes after the protected header',
      new Tagged(18, [concatBytes(header([1, -19]), Uint8Array.of(0)), none, payload, signature]),
      'cbor.trailing-bytes',
    ],
    ['no algorithm', new Tagged(18, [header([4, kid]), none, payload, signature]), 'cose.algorithm-missing'],
    [
      'an unprotected algorithm',
      new Tagged(18, [header([4, kid]), new Map([[1, -19]]), payload, signature]),
      'cose.algorithm-missing',
    ],
    ['algorithm -8', new Tagged(18, [header([1, -8], [4, kid]), none, payload, signature]), 'cose.algorithm'],
    [
      'algorithm as text',
      new Tagged(18, [header([1, 'Ed25519']), none, payload, signature]),
      'cose.algorithm',
    ],
    [
      'a critical header',
      new Tagged(18, [header([1, -19], [2, [4]], [4, kid]), none, payload, signature]),
      'cose.critical-header',
    ],
    [
      'an unprotected critical header',
      new Tagged(18, [protectedBytes, new Map([[2, [99]]]), payload, signature]),
      'cose.critical-header',
    ],
    [
      'simple(59) as label',
      new Tagged(18, [header([1, -19], [REDACTED, []]), none, payload, signature]),
      'cose.header-label',
    ],
    [
      'simple(59) as unprotected label',
      new Tagged(18, [protectedBytes, new Map([[REDACTED, []]]), payload, signature]),
      'cose.header-label',
    ],
    [
      'an array as unprotected header',
      new Tagged(18, [protectedBytes, [], payload, signature]),
      'cose.unprotected-header',
    ],
    [
      'a header in both',
      new Tagged(18, [protectedBytes, new Map([[4, kid]]), payload, signature]),
      'cose.duplicate-header',
    ],
    ['a detached payload', new Tagged(18, [protectedBytes, none, null, signature]), 'cose.detached-payload'],
    ['a text as payload', new Tagged(18, [protectedBytes, none, 'text', signature]), 'cose.payload-type'],
    [
      'a short signature',
      new Tagged(18, [protectedBytes, none, payload, signature.subarray(1)]),
      'cose.signature-form',
    ],
    ['no signature', new Tagged(18, [protectedBytes, none, payload, null]), 'cose.signature-form'],
  ])('refuses %s', (_what, value, code) => {
    refuses(() => decodeSign1(encode(value)), code);
  });

  test('obeys the caller’s limits before parsing', () => {
    const bytes = encodeSign1(valid);
    decodeSign1(bytes, { maxBytes: bytes.length });
    refuses(() => decodeSign1(bytes, { maxBytes: bytes.length - 1 }), 'cbor.too-many-bytes');
  });
});

describe('verifying', () => {
  const valid = signSign1Sync(draft, signer);

  test('refuses another key, even where the signature is its own', () => {
    refuses(() => verifySign1(valid, other.publicKey), 'cose.key-mismatch');
    const forged: Sign1 = { ...valid, signature: other.sign(toBeSigned1(valid.protectedBytes, payload)) };
    refuses(() => verifySign1(forged, signer.publicKey), 'ed25519.bad-signature');
    refuses(() => verifySign1(forged, other.publicKey), 'cose.key-mismatch');
  });

  test.each<[string, readonly [CborKey, CborValue][]]>([
    ['missing', []],
    ['short', [[4, kid.subarray(1)]]],
    ['a text', [[4, toHex(kid)]]],
  ])('refuses a key id that is %s', (_what, entries) => {
    const protectedBytes = encode(new Map<CborKey, CborValue>([[1, -19], ...entries]));
    const sealed = signer.sign(toBeSigned1(protectedBytes, payload));
    const sign1 = decodeSign1(encode(new Tagged(18, [protectedBytes, new Map(), payload, sealed])));
    refuses(() => verifySign1(sign1, signer.publicKey), 'cose.key-id');
  });

  test('protected bytes are verified as received, whatever the order they were written in', () => {
    // Sorted by this codec, but signed by hand: the verifier must not re-encode.
    const sign1 = decodeSign1(encodeSign1(valid));
    expect(decode(sign1.protectedBytes)).toEqual(sign1.protectedHeader);
    verifySign1(
      { ...sign1, protectedHeader: new Map([...sign1.protectedHeader].toReversed()) },
      signer.publicKey,
    );
  });

  test('no changed bit of a message is accepted', () => {
    const bytes = encodeSign1(valid);
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
        const changed = Uint8Array.from(bytes);
        changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
        expect(() => verifySign1(decodeSign1(changed), signer.publicKey)).toThrow(
          expect.objectContaining({ code: expect.stringMatching(/^(cbor|cose|ed25519)\./) }),
        );
      }),
      { numRuns: 1500 },
    );
  });

  test('what is not signed is not verified', () => {
    const carrying: Sign1 = { ...valid, unprotectedHeader: new Map<CborKey, CborValue>([[17, [payload]]]) };
    verifySign1(decodeSign1(encodeSign1(carrying)), signer.publicKey);
  });
});
