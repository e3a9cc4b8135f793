import { type CborValue, encode, REDACTED, Tagged } from '@comity/cbor';
import { signerFromSeed } from '@comity/ed25519';
import type { FaultCode } from '@comity/fault';
import { describe, expect, test } from 'vitest';
import { AT_SECONDS, authorise, grant, issue, issuer, scheme, signer } from './arcadia.test-support.ts';
import {
  claims,
  craft,
  cwtClaims,
  decoy,
  digestsOf,
  type Entries,
  encodedLabel,
  fieldOf,
  having,
  mapOf,
  openLabel,
  protectedHeader,
  redacted,
  secretLabel,
  sorted,
} from './crafted.test-support.ts';
import {
  authoriseRecord,
  checkWellFormed,
  decodeRecord,
  headerOf,
  type KeyGrant,
  MAX_DISCLOSED_BYTES,
  MAX_RECORD_BYTES,
  verifyRecord,
} from './index.ts';

const wellFormed = (bytes: Uint8Array) => checkWellFormed(decodeRecord(bytes));
const verified = (bytes: Uint8Array) => verifyRecord(wellFormed(bytes), signer.publicKey);
const refuses = (action: () => unknown, code: FaultCode): void =>
  expect(action).toThrow(expect.objectContaining({ code }));

describe('decoding', () => {
  test('keeps the bytes and tells them by their digest', () => {
    const bytes = craft();
    const record = decodeRecord(bytes);
    expect(record.bytes).toBe(bytes);
    expect(record.id).toMatch(/^[0-9a-f]{64}$/);
    expect(record.disclosures).toEqual([]);
  });

  test('disclosures inside the bytes change neither id nor kept bytes', () => {
    const disclosures = [fieldOf('title', 'a'), decoy()];
    const payload = mapOf(...claims, redacted(...disclosures));
    const without = decodeRecord(craft(payload));
    const within = decodeRecord(craft(payload, protectedHeader, [[17, disclosures]]));
    expect(within.id).toBe(without.id);
    expect(within.bytes).toEqual(without.bytes);
    expect(within.disclosures).toEqual(disclosures);
  });

  test.each<[string, () => Uint8Array, FaultCode]>([
    [
      'more bytes than a full view has',
      () => new Uint8Array(MAX_RECORD_BYTES + MAX_DISCLOSED_BYTES + 1),
      'record.too-large',
    ],
    [
      'more signed bytes than a record has',
      () =>
        craft(
          mapOf(...claims, ...Array.from({ length: 5 }, (_, n) => [`f${n}`, 'x'.repeat(14_000)] as const)),
        ),
      'record.too-large',
    ],
    ['something that is no Sign1', () => encode([1, 2]), 'cose.not-sign1'],
    ['bytes after the record', () => Uint8Array.from([...craft(), 0]), 'cbor.trailing-bytes'],
    ['a payload that is a list', () => craft([1]), 'record.payload-not-map'],
    [
      'another unprotected header',
      () => craft(mapOf(...claims), protectedHeader, [[18, null]]),
      'record.unprotected-header',
    ],
    [
      'another unprotected header beside disclosures',
      () =>
        craft(mapOf(...claims), protectedHeader, [
          [17, [decoy()]],
          [394, [decoy()]],
        ]),
      'record.unprotected-header',
    ],
    [
      'an empty list of disclosures',
      () => craft(mapOf(...claims), protectedHeader, [[17, []]]),
      'record.disclosure-header',
    ],
    [
      'a text as disclosures',
      () => craft(mapOf(...claims), protectedHeader, [[17, 'x']]),
      'record.disclosure-header',
    ],
    [
      'a text among disclosures',
      () => craft(mapOf(...claims), protectedHeader, [[17, [decoy(), 'x']]]),
      'record.disclosure-header',
    ],
    [
      '513 disclosures',
      () => craft(mapOf(...claims), protectedHeader, [[17, Array.from({ length: 513 }, decoy)]]),
      'record.too-many-disclosures',
    ],
  ])('refuses %s', (_what, bytes, code) => {
    refuses(() => decodeRecord(bytes()), code);
  });

  test('a payload of more than 4,096 items is refused', () => {
    refuses(
      () => decodeRecord(craft(mapOf(...claims, ['f', new Array(4_100).fill(0)]))),
      'cbor.too-many-items',
    );
  });
});

describe('protected header', () => {
  const cwt = (...changes: Parameters<typeof having>[1][]): Entries =>
    having(protectedHeader, [15, mapOf(...having(cwtClaims, ...changes))]);

  test.each<[string, Entries, FaultCode]>([
    ['an unknown header', having(protectedHeader, [99, 1]), 'record.protected-header'],
    ['no claims', having(protectedHeader, [15, undefined]), 'record.protected-header'],
    ['no media type', having(protectedHeader, [16, undefined]), 'record.protected-header'],
    [
      'the media type of a charter',
      having(protectedHeader, [16, 'application/comity-charter+cose']),
      'record.media-type',
    ],
    ['SHA-512 digests', having(protectedHeader, [170, -44]), 'record.digest-algorithm'],
    ['a text as digest algorithm', having(protectedHeader, [170, 'sha-256']), 'record.digest-algorithm'],
    ['claims that are no map', having(protectedHeader, [15, []]), 'record.cwt-claims'],
    ['an audience among the claims', cwt([3, 'x']), 'record.cwt-claims'],
    ['no time of issue', cwt([6, undefined]), 'record.cwt-claims'],
    ['another claim in place of the nonce', cwt([7, undefined], [4, 1]), 'record.bad-nonce'],
    ['a name as issuer', cwt([1, 'Arcadia']), 'record.bad-issuer'],
    ['a number as issuer', cwt([1, 1]), 'record.bad-issuer'],
    ['an issuer in capitals', cwt([1, 'A1'.repeat(32)]), 'record.bad-issuer'],
    ['a subject without type', cwt([2, 'i-1']), 'record.bad-subject'],
    ['a subject with two slashes', cwt([2, 'incident/a/b']), 'record.bad-subject'],
    ['a subject with an empty id', cwt([2, 'incident/']), 'record.bad-subject'],
    ['a type in capitals', cwt([2, 'Incident/a']), 'record.bad-subject'],
    ['a subject of 200 characters', cwt([2, `incident/${'a'.repeat(191)}`]), 'record.bad-subject'],
    ['a number as subject', cwt([2, 5]), 'record.bad-subject'],
    ['a time before 1970', cwt([6, -1]), 'record.bad-issue-time'],
    ['a time after 9999', cwt([6, 253_402_300_800]), 'record.bad-issue-time'],
    ['a text as time', cwt([6, '2026']), 'record.bad-issue-time'],
    ['a nonce of 15 bytes', cwt([7, new Uint8Array(15)]), 'record.bad-nonce'],
    ['a text as nonce', cwt([7, 'nonce']), 'record.bad-nonce'],
  ])('refuses %s', (_what, header, code) => {
    refuses(() => wellFormed(craft(mapOf(...claims), header)), code);
  });

  test.each<[string, CborValue]>([
    ['a short key id', new Uint8Array(31)],
    ['a text as key id', 'key'],
  ])('refuses %s', (_what, kid) => {
    const { payload, signature } = decodeRecord(craft()).sign1;
    const header = mapOf([1, -19], [4, kid], ...protectedHeader);
    const bytes = encode(new Tagged(18, [encode(header), mapOf(), payload, signature]));
    refuses(() => wellFormed(bytes), 'record.bad-key-id');
  });

  test('says who issued what and when', () => {
    const { header } = wellFormed(craft());
    expect(header).toMatchObject({
      issuer,
      type: 'incident',
      subject: 'incident/i-1',
      subjectId: 'i-1',
      issuedAtSeconds: AT_SECONDS,
      label: openLabel,
      supersedes: [],
    });
    expect(header.kid).toHaveLength(32);
    expect(header.nonce).toEqual(new Uint8Array(16).fill(9));
  });
});

describe('claims of the envelope', () => {
  const ascending = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];

  test.each<[string, Entries, FaultCode]>([
    ['no version', having(claims, [1, undefined]), 'record.unsupported-version'],
    ['version 2', having(claims, [1, 2]), 'record.unsupported-version'],
    ['no label', having(claims, [2, undefined]), 'record.no-label'],
    ['a text as label', having(claims, [2, 'secret']), 'record.label-malformed'],
    [
      'a label with an unknown entry',
      having(claims, [2, mapOf([1, 'a'], [2, 'b'], [99, 1])]),
      'record.label-malformed',
    ],
    [
      'a label with redacted entries',
      having(claims, [2, mapOf([1, 'a'], [2, 'b'], redacted())]),
      'record.label-malformed',
    ],
    ['a number as exercise', having(claims, [3, 1]), 'record.bad-exercise'],
    ['an exercise with a space', having(claims, [3, 'a b']), 'record.bad-exercise'],
    ['an exercise of 65 characters', having(claims, [3, 'a'.repeat(65)]), 'record.bad-exercise'],
    ['an empty list of links', having(claims, [4, []]), 'record.bad-links'],
    ['a text as link', having(claims, [4, ['a'.repeat(64)]]), 'record.bad-links'],
    ['a link of 31 bytes', having(claims, [4, [new Uint8Array(31)]]), 'record.bad-links'],
    ['links in descending order', having(claims, [4, ascending.toReversed()]), 'record.bad-links'],
    [
      'a link twice',
      having(claims, [4, [ascending[0] as Uint8Array, ascending[0] as Uint8Array]]),
      'record.bad-links',
    ],
    [
      '65 links',
      having(claims, [4, Array.from({ length: 65 }, (_, index) => new Uint8Array(32).fill(index))]),
      'record.bad-links',
    ],
    ['a text as expiry', having(claims, [6, 'soon']), 'record.bad-expiry'],
    [
      'a retraction in an incident',
      having(claims, [5, ascending[0] as Uint8Array]),
      'record.retracts-unexpected',
    ],
    ['a redaction in an unknown claim', having(claims, [7, mapOf(redacted())]), 'record.claim-redacted'],
    [
      'a redacted element in an unknown claim',
      having(claims, [7, [new Tagged(60, new Uint8Array(32))]]),
      'record.claim-redacted',
    ],
  ])('refuses %s', (_what, entries, code) => {
    refuses(() => wellFormed(craft(mapOf(...entries))), code);
  });

  test('a retraction names what it withdraws', () => {
    const header = having(protectedHeader, [15, mapOf(...having(cwtClaims, [2, 'retraction/r-1']))]);
    refuses(() => wellFormed(craft(mapOf(...claims), header)), 'record.retracts-missing');
    refuses(() => wellFormed(craft(mapOf(...having(claims, [5, 'x'])), header)), 'record.bad-links');
    const record = wellFormed(craft(mapOf(...having(claims, [5, ascending[0] as Uint8Array])), header));
    expect(record.header.retracts).toBe('01'.repeat(32));
  });

  test('links, exercise, expiry and unknown claims are kept', () => {
    const { header } = wellFormed(
      craft(
        mapOf(
          ...having(
            claims,
            [3, 'locked-shields-2026'],
            [4, ascending],
            [6, AT_SECONDS],
            [9, [1, 'a']],
            [-1, 5],
          ),
        ),
      ),
    );
    expect(header).toMatchObject({
      exercise: 'locked-shields-2026',
      supersedes: ['01'.repeat(32), '02'.repeat(32)],
      expiresAtSeconds: AT_SECONDS,
    });
    expect(header.unknown).toEqual(
      new Map<number, unknown>([
        [9, [1, 'a']],
        [-1, 5],
      ]),
    );
  });

  test('a record of an unknown type is kept, with or without a retraction', () => {
    const header = having(protectedHeader, [15, mapOf(...having(cwtClaims, [2, 'forecast/f-1']))]);
    expect(
      wellFormed(craft(mapOf(...having(claims, [5, ascending[0] as Uint8Array])), header)).header.type,
    ).toBe('forecast');
    expect(wellFormed(craft(mapOf(...claims), header)).header.type).toBe('forecast');
  });

  test('an unknown claim in front of the label cannot lend it other bytes', () => {
    // The bytes where the label usually stands are those of another label, which is then read from its own record.
    const decoyed = having(claims, [0, [0, encodedLabel(openLabel)]], [2, encodedLabel(secretLabel)]);
    expect(wellFormed(craft(mapOf(...decoyed))).header.label).toEqual(secretLabel);
    expect(wellFormed(craft()).header.label).toEqual(openLabel);
  });

  test('the header can be read alone', () => {
    const bytes = craft(mapOf(...having(claims, [3, 'x'])));
    expect(headerOf(bytes)).toEqual(wellFormed(bytes).header);
  });
});

describe('digests of the payload', () => {
  const four = sorted(digestsOf());
  const [first, second, third, fourth] = four as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  const elements = (digests: readonly Uint8Array[]) => digests.map((digest) => new Tagged(60, digest));

  test.each<[string, Entries, FaultCode]>([
    ['an empty list', [[REDACTED, []]], 'record.bad-digest-list'],
    ['no list', [[REDACTED, first]], 'record.bad-digest-list'],
    ['a digest of 31 bytes', [[REDACTED, [first.subarray(1), second, third, fourth]]], 'record.bad-digest'],
    ['a text among digests', [[REDACTED, ['x', second, third, fourth]]], 'record.bad-digest'],
    ['digests out of order', [[REDACTED, [second, first, third, fourth]]], 'record.unsorted-digests'],
    ['a digest twice in a list', [[REDACTED, [first, first, second, third]]], 'record.duplicate-digest'],
    ['three digests', [[REDACTED, [first, second, third]]], 'record.unpadded-digests'],
    [
      'five redacted elements',
      [['list', elements([...four, ...digestsOf().slice(0, 1)])]],
      'record.unpadded-digests',
    ],
    [
      'a digest in two lists',
      [
        [REDACTED, four],
        ['map', mapOf([REDACTED, four])],
      ],
      'record.digest-placed-twice',
    ],
    [
      'a digest in a list and as element',
      [
        [REDACTED, four],
        ['list', elements(four)],
      ],
      'record.digest-placed-twice',
    ],
    ['an element twice', [['list', elements([first, first, second, third])]], 'record.digest-placed-twice'],
    [
      '516 digests',
      [[REDACTED, sorted(Array.from({ length: 129 }, () => digestsOf()).flat())]],
      'record.too-many-digests',
    ],
    [
      'a redaction below an integer key',
      [['map', mapOf([5, mapOf([REDACTED, four])])]],
      'record.bad-field-name',
    ],
    [
      'a redaction below a key with a dot',
      [['map', mapOf(['a.b', mapOf([REDACTED, four])])]],
      'record.bad-field-name',
    ],
    ['a clear field with a dot in its name', [['victim.name', 'x']], 'record.bad-field-name'],
    ['a clear field called __proto__', [['__proto__', 'x']], 'record.bad-field-name'],
    ['a clear field with a reserved name', [['issuer', 'x']], 'record.key-reserved'],
    ['an overall label in the clear', [['overall', 'x']], 'record.key-reserved'],
  ])('refuses %s', (_what, entries, code) => {
    refuses(() => wellFormed(craft(mapOf(...claims, ...entries))), code);
  });

  test('stand at any depth', () => {
    const inner = mapOf(['list', elements(digestsOf())], ['known', 1], redacted());
    const record = wellFormed(craft(mapOf(...claims, ['map', mapOf(['inner', [inner]])], redacted())));
    expect(record.bodyGroups.map(({ path }) => path)).toEqual([
      [],
      ['map', 'inner', 0],
      ['map', 'inner', 0, 'list'],
    ]);
    expect(record.digests.size).toBe(12);
  });
});

describe('verifying', () => {
  test('accepts the key that signed', () => {
    expect(verified(craft()).publicKey).toEqual(signer.publicKey);
  });

  test('refuses another key, and changed bytes', () => {
    const other = signerFromSeed(new Uint8Array(32).fill(8));
    refuses(() => verifyRecord(wellFormed(craft()), other.publicKey), 'cose.key-mismatch');
    const bytes = craft();
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] as number) ^ 1;
    expect(() => verified(bytes)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^ed25519\./) }),
    );
  });
});

describe('authorising', () => {
  const authorised = (changes: Partial<KeyGrant>, nowSeconds?: number, bytes = craft()) =>
    authoriseRecord(verified(bytes), { ...grant, ...changes }, nowSeconds);

  test('accepts a key within its scope', () => {
    const scope = { recordTypes: ['norm', 'incident'], maxClassification: 'unclassified' };
    expect(authorised({ scope }, AT_SECONDS).grant.scope).toEqual(scope);
  });

  test.each<[string, Partial<KeyGrant>, FaultCode]>([
    ['of another state', { issuer: 'b0'.repeat(32) }, 'record.key-not-granted'],
    ['of another key', { publicKey: new Uint8Array(32).fill(3) }, 'record.key-not-granted'],
    ['for transport', { usage: 'transport' }, 'record.wrong-usage'],
    ['that begins later', { notBeforeSeconds: AT_SECONDS + 1 }, 'record.key-not-yet-valid'],
    ['that ended at that second', { notAfterSeconds: AT_SECONDS }, 'record.key-expired'],
    ['for norms', { scope: { recordTypes: ['norm'] } }, 'record.type-out-of-scope'],
    ['for no type', { scope: { recordTypes: [] } }, 'record.type-out-of-scope'],
    [
      'for an unknown level',
      { scope: { maxClassification: 'public' } },
      'record.classification-out-of-scope',
    ],
    ['with another scheme', { scheme: { ...scheme, id: 'xbo-2014' } }, 'record.label-invalid'],
  ])('refuses a grant %s', (_what, changes, code) => {
    refuses(() => authorised(changes), code);
  });

  test('validity is half-open', () => {
    authorised({ notBeforeSeconds: AT_SECONDS, notAfterSeconds: AT_SECONDS + 1 });
  });

  test('an envelope label above the scope is refused, also one that comes later', () => {
    const secret = craft(mapOf(...having(claims, [2, encodedLabel(secretLabel)])));
    refuses(
      () => authorised({ scope: { maxClassification: 'restricted' } }, undefined, secret),
      'record.classification-out-of-scope',
    );
    authorised({ scope: { maxClassification: 'secret' } }, undefined, secret);
    const rising = { ...openLabel, succession: { atSeconds: AT_SECONDS + 9, label: secretLabel } };
    refuses(
      () =>
        authorised(
          { scope: { maxClassification: 'restricted' } },
          undefined,
          craft(mapOf(...having(claims, [2, encodedLabel(rising)]))),
        ),
      'record.classification-out-of-scope',
    );
  });

  test('an envelope label with an unknown level is refused', () => {
    const label = encodedLabel({ ...openLabel, classification: 'cosmic' });
    refuses(
      () => authorised({}, undefined, craft(mapOf(...having(claims, [2, label])))),
      'record.label-invalid',
    );
  });

  test('a record may be five minutes ahead of the reader, and no more', () => {
    authorised({}, AT_SECONDS - 300);
    refuses(() => authorised({}, AT_SECONDS - 301), 'record.issued-in-future');
  });

  test('what this package issues passes every rung', async () => {
    const view = await issue({
      type: 'norm',
      label: { classification: 'unclassified' },
      content: {
        title: { en: 'x' },
        kind: 'voluntary',
        provisions: [{ id: '13a', text: { en: 'cooperate' } }],
      },
    });
    expect(authorise(view.bytes).header).toEqual(view.header);
  });
});
