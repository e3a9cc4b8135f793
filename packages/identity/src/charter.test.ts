import { type CborValue, decode, encode } from '@comity/cbor';
import { coseKeyOf, decodeSign, encodeSign, keyThumbprint, MEDIA_TYPES, signSign } from '@comity/cose';
import { sha256, toHex } from '@comity/digest';
import { beforeAll, expect, test } from 'vitest';

import { type Charter, fingerprint, issueCharter, type VerifiedCharter, verifyCharter } from './index.ts';
import { ARCADIAN, arcadia, charterOf, codeOf, faultsOf, signed, signerOf } from './sample.test-support.ts';

let bytes: Uint8Array;
let charter: VerifiedCharter;
let content: ReadonlyMap<string | number, CborValue>;

beforeAll(async () => {
  bytes = await issueCharter(arcadia.charter, arcadia.rootSigners);
  charter = verifyCharter(bytes);
  content = decode(decodeSign(bytes).payload) as typeof content;
});

function changed(key: string | number, value: CborValue): Promise<Uint8Array> {
  return signed(MEDIA_TYPES.charter, new Map([...content, [key, value]]), arcadia.rootSigners);
}

test('a charter comes back as it was issued', () => {
  expect(charter).toMatchObject(arcadia.charter);
  expect(charter.bytes).toBe(bytes);
  expect(Object.isFrozen(charter)).toBe(true);
});

test('the state id is the digest of the payload, whoever of the root keys signed', async () => {
  expect(charter.state).toBe(toHex(sha256(decodeSign(bytes).payload)));
  expect(toHex(charter.digest)).toBe(charter.state);
  const two = await issueCharter(arcadia.charter, arcadia.rootSigners.slice(1));
  expect(two).not.toEqual(bytes);
  expect(verifyCharter(two).state).toBe(charter.state);
});

test('a fingerprint is 16 groups of 4 digits', () => {
  expect(fingerprint(charter.state)).toMatch(/^([0-9a-f]{4} ){15}[0-9a-f]{4}$/);
  expect(fingerprint(charter.state).replaceAll(' ', '')).toBe(charter.state);
});

test('an end is optional, and has to be later than the issue', async () => {
  const limited: Charter = { ...arcadia.charter, expiresAtSeconds: arcadia.charter.issuedAtSeconds + 1 };
  expect(verifyCharter(await issueCharter(limited, arcadia.rootSigners)).expiresAtSeconds).toBe(
    limited.expiresAtSeconds,
  );
});

test('fewer signatures than the threshold are not enough', async () => {
  const one = await signed(MEDIA_TYPES.charter, content, arcadia.rootSigners.slice(0, 1));
  expect(codeOf(() => verifyCharter(one))).toBe('cose.below-threshold');
  await expect(issueCharter(arcadia.charter, arcadia.rootSigners.slice(0, 1))).rejects.toMatchObject({
    code: 'cose.below-threshold',
  });
});

test('a signature twice is one signature', async () => {
  const sign = decodeSign(await signed(MEDIA_TYPES.charter, content, arcadia.rootSigners.slice(0, 1)));
  const twice = encodeSign({ ...sign, signatures: [sign.signatures[0]!, sign.signatures[0]!] });
  expect(codeOf(() => verifyCharter(twice))).toBe('cose.duplicate-signer');
});

test('a signature of somebody else is refused, even above the threshold', async () => {
  const stranger = await signed(MEDIA_TYPES.charter, content, [...arcadia.rootSigners, signerOf('stranger')]);
  expect(codeOf(() => verifyCharter(stranger))).toBe('cose.unknown-signer');
  await expect(issueCharter(arcadia.charter, [signerOf('a'), signerOf('b')])).rejects.toMatchObject({
    code: 'cose.unknown-signer',
  });
});

test('a changed payload and a changed signature are forgeries', () => {
  const sign = decodeSign(bytes);
  const renamed = new Map([...content, ['code', 'XBO']]) as unknown as CborValue;
  expect(codeOf(() => verifyCharter(encodeSign({ ...sign, payload: encode(renamed) })))).toBe(
    'identity.forged',
  );
  const signatures = sign.signatures.map((entry, index) => {
    const signature = Uint8Array.from(entry.signature);
    signature[0] = (signature[0] as number) ^ (index === 1 ? 1 : 0);
    return { ...entry, signature };
  });
  // Two good signatures would do; a third that is bad is refused all the same.
  expect(codeOf(() => verifyCharter(encodeSign({ ...sign, signatures })))).toBe('identity.forged');
});

test('a document of another kind is no charter', async () => {
  for (const typ of [MEDIA_TYPES.recognition, MEDIA_TYPES.keyCertificate, 'application/cbor']) {
    const other = await signed(typ, content, arcadia.rootSigners);
    expect(codeOf(() => verifyCharter(other))).toBe('identity.wrong-document');
  }
});

test('the header says what the document is, and nothing else', async () => {
  const { payload } = decodeSign(bytes);
  for (const header of [
    new Map(),
    new Map<number, CborValue>([
      [16, MEDIA_TYPES.charter],
      [3, 0],
    ]),
  ]) {
    const sign = await signSign({ protectedHeader: header, payload }, arcadia.rootSigners);
    expect(codeOf(() => verifyCharter(encodeSign(sign)))).toBe('identity.wrong-document');
  }
});

test('a later version is not read', async () => {
  const second = await changed('v', 2);
  expect(codeOf(() => verifyCharter(second))).toBe('identity.charter-version');
});

test('the content is a closed map', async () => {
  const cases: [string | number, CborValue][] = [
    ['extra', 1],
    [9, 1],
    ['prev', new Uint8Array(32)],
    ['code', 'xar'],
    ['names', new Map()],
    ['keys', []],
    ['keys', [new Uint8Array(32)]],
    ['nextd', []],
    ['nextd', [new Uint8Array(31)]],
    ['algs', []],
    ['legal', ['NIS 2']],
    [
      'contacts',
      [
        new Map<number, CborValue>([
          [1, 'technical'],
          [2, 'a\nb'],
          [3, ['en']],
        ]),
      ],
    ],
    [
      'contacts',
      [
        new Map<number, CborValue>([
          [1, 'technical'],
          [2, 'a'],
          [3, ['english']],
        ]),
      ],
    ],
    [6, -1],
    [4, null],
  ];
  for (const [key, value] of cases) {
    const bad = await changed(key, value);
    expect(
      codeOf(() => verifyCharter(bad)),
      `${key}`,
    ).toMatch(/^(cbor\.shape|cose\.bad-key)$/);
  }
  for (const key of ['code', 'keys', 'k', 'scheme', 6]) {
    const fewer = await signed(
      MEDIA_TYPES.charter,
      new Map([...content].filter(([name]) => name !== key)),
      arcadia.rootSigners,
    );
    expect(
      codeOf(() => verifyCharter(fewer)),
      `${key}`,
    ).toBe('cbor.shape');
  }
});

const identityPoint = Uint8Array.from([1, ...new Array<number>(31).fill(0)]);

test.each<[string, Partial<Charter>]>([
  ['identity.bad-threshold threshold', { threshold: 0 }],
  ['identity.bad-threshold threshold', { threshold: 4 }],
  ['identity.bad-threshold nextThreshold', { nextThreshold: 3 }],
  ['identity.bad-threshold nextThreshold', { nextThreshold: 0 }],
  [
    'identity.duplicate-key rootKeys.3',
    { rootKeys: [...arcadia.charter.rootKeys, arcadia.charter.rootKeys[0]!] },
  ],
  [
    'identity.duplicate-key nextKeyDigests.1',
    { nextKeyDigests: [arcadia.charter.nextKeyDigests[0]!, arcadia.charter.nextKeyDigests[0]!] },
  ],
  [
    'identity.next-key-in-use nextKeyDigests.0',
    { nextKeyDigests: [keyThumbprint(arcadia.charter.rootKeys[1]!)] },
  ],
  ['ed25519.public-key-small-order rootKeys.3', { rootKeys: [...arcadia.charter.rootKeys, identityPoint] }],
  ['identity.unsupported-algorithm algorithms', { algorithms: [-8] }],
  ['identity.unsupported-algorithm algorithms', { algorithms: [-19, -48] }],
  ['identity.duplicate-entry legalProfiles.1', { legalProfiles: ['nis2', 'nis2'] }],
  [
    'identity.duplicate-entry contacts.0.languages.1',
    { contacts: [{ role: 'technical', reachability: 'a', languages: ['en', 'en'] }] },
  ],
  ['identity.bad-validity expiresAtSeconds', { expiresAtSeconds: arcadia.charter.issuedAtSeconds }],
  ['label.bad-rank scheme.levels.0.rank', { scheme: { ...ARCADIAN, levels: ARCADIAN.levels.slice(1) } }],
  ['label.bad-text names.en', { names: new Map([['en', ' padded ']]) }],
])('%s is refused at issue and at verification', async (fault, change) => {
  const bad: Charter = { ...arcadia.charter, ...change };
  expect(await faultsOf(() => issueCharter(bad, arcadia.rootSigners))).toContain(fault);

  // The same, from somebody who signs what he should not.
  const wire: Record<string, CborValue> = {
    ...(change.threshold !== undefined && { k: change.threshold }),
    ...(change.nextThreshold !== undefined && { nextk: change.nextThreshold }),
    ...(change.rootKeys && { keys: change.rootKeys.map(coseKeyOf) }),
    ...(change.nextKeyDigests && { nextd: change.nextKeyDigests }),
    ...(change.algorithms && { algs: change.algorithms }),
  };
  for (const [key, value] of Object.entries(wire)) {
    const forced = await changed(key, value);
    expect(await faultsOf(() => verifyCharter(forced))).toContain(fault);
  }
});

test('all faults of a charter are told at once', async () => {
  const faults = await faultsOf(() =>
    issueCharter(
      { ...arcadia.charter, threshold: 9, algorithms: [-7], legalProfiles: ['a', 'a'] },
      arcadia.rootSigners,
    ),
  );
  expect(faults).toEqual([
    'identity.bad-threshold threshold',
    'identity.unsupported-algorithm algorithms',
    'identity.duplicate-entry legalProfiles.1',
  ]);
});

test('bytes that are no COSE_Sign are refused before anything is looked at', async () => {
  for (const bad of [
    new Uint8Array(0),
    bytes.subarray(1),
    Uint8Array.from([...bytes, 0]),
    new Uint8Array(70_000),
  ]) {
    expect(codeOf(() => verifyCharter(bad))).toMatch(/^(cbor|cose)\./);
  }
  expect((await charterOf(arcadia)).state).toBe(charter.state);
});
