import { type CborValue, decode } from '@comity/cbor';
import { coseKeyOf, decodeSign, encodeSign, keyThumbprint, MEDIA_TYPES } from '@comity/cose';
import { beforeAll, expect, test } from 'vitest';

import {
  assertValidAt,
  issueKeyCertificate,
  type KeyCertificate,
  MAX_CERTIFICATE_SECONDS,
  type VerifiedCharter,
  verifyKeyCertificate,
} from './index.ts';
import {
  arcadia,
  borealis,
  certificateFor,
  charterOf,
  codeOf,
  DAY,
  faultsOf,
  START,
  signed,
  signerOf,
} from './sample.test-support.ts';

let charter: VerifiedCharter;
let other: VerifiedCharter;
let draft: KeyCertificate;
let bytes: Uint8Array;
let content: ReadonlyMap<string | number, CborValue>;

beforeAll(async () => {
  charter = await charterOf(arcadia);
  other = await charterOf(borealis);
  draft = certificateFor(charter, 'record', 'record key');
  bytes = await issueKeyCertificate(draft, charter, arcadia.rootSigners);
  content = decode(decodeSign(bytes).payload) as typeof content;
});

function changed(key: string | number, value: CborValue): Promise<Uint8Array> {
  return signed(MEDIA_TYPES.keyCertificate, new Map([...content, [key, value]]), arcadia.rootSigners);
}

test('a certificate comes back as it was issued, with key id and scheme', () => {
  const certificate = verifyKeyCertificate(bytes, charter);
  expect(certificate).toMatchObject(draft);
  expect(certificate.kid).toEqual(keyThumbprint(draft.publicKey));
  expect(certificate.scheme).toBe(charter.scheme);
  expect(certificate.bytes).toBe(bytes);
});

test('scope and addresses come back', async () => {
  const scoped: KeyCertificate = {
    ...draft,
    scope: { recordTypes: ['incident', 'norm'], maxClassification: 'restricted' },
  };
  expect(
    verifyKeyCertificate(await issueKeyCertificate(scoped, charter, arcadia.rootSigners), charter).scope,
  ).toEqual(scoped.scope);
  const transport: KeyCertificate = {
    ...draft,
    usage: 'transport',
    addresses: ['/dns4/node.example/tcp/4701', '/ip6/::1/tcp/1'],
  };
  expect(
    verifyKeyCertificate(await issueKeyCertificate(transport, charter, arcadia.rootSigners), charter)
      .addresses,
  ).toEqual(transport.addresses);
});

test('a certificate is checked with the charter of its own state', () => {
  expect(codeOf(() => verifyKeyCertificate(bytes, other))).toBe('identity.wrong-issuer');
});

test('root keys of another state cannot certify for this one', async () => {
  const forged = await signed(MEDIA_TYPES.keyCertificate, content, borealis.rootSigners);
  expect(codeOf(() => verifyKeyCertificate(forged, charter))).toBe('cose.unknown-signer');
});

test('the key that is certified cannot certify itself', async () => {
  const own = await signed(MEDIA_TYPES.keyCertificate, content, [signerOf('record key')]);
  expect(codeOf(() => verifyKeyCertificate(own, charter))).toBe('cose.unknown-signer');
});

test('the threshold counts distinct root keys', async () => {
  const one = await signed(MEDIA_TYPES.keyCertificate, content, arcadia.rootSigners.slice(0, 1));
  expect(codeOf(() => verifyKeyCertificate(one, charter))).toBe('cose.below-threshold');
  const sign = decodeSign(one);
  const twice = encodeSign({ ...sign, signatures: [sign.signatures[0]!, sign.signatures[0]!] });
  expect(codeOf(() => verifyKeyCertificate(twice, charter))).toBe('cose.duplicate-signer');
  const two = await signed(MEDIA_TYPES.keyCertificate, content, arcadia.rootSigners.slice(0, 2));
  expect(verifyKeyCertificate(two, charter).usage).toBe('record');
});

test('a changed certificate is a forgery', async () => {
  const longer = decodeSign(await changed(4, START + 390 * DAY));
  const forged = encodeSign({ ...decodeSign(bytes), payload: longer.payload });
  expect(() => verifyKeyCertificate(forged, charter)).toThrow(
    expect.objectContaining({
      code: 'identity.forged',
      fields: { document: 'keyCertificate', reason: 'ed25519.bad-signature' },
    }),
  );
});

test('a document of another kind is no certificate', async () => {
  const record = await signed(MEDIA_TYPES.record, content, arcadia.rootSigners);
  expect(codeOf(() => verifyKeyCertificate(record, charter))).toBe('identity.wrong-document');
  expect(codeOf(() => verifyKeyCertificate(charter.bytes, charter))).toBe('identity.wrong-document');
});

test('the content is a closed map', async () => {
  const cases: [string | number, CborValue][] = [
    ['extra', 1],
    [3, 'aud'],
    [1, 'XAR'],
    [2, ''],
    [2, 'a\nb'],
    [7, new Uint8Array(15)],
    [8, coseKeyOf(draft.publicKey)],
    [
      8,
      new Map<number, CborValue>([
        [1, coseKeyOf(draft.publicKey)],
        [2, 0],
      ]),
    ],
    ['use', 'root'],
    ['depth', 0],
    ['by', new Uint8Array()],
    ['use', ['record', 'log']],
    ['scope', new Map([['sectors', ['energy']]])],
    ['scope', new Map([['types', []]])],
    ['addrs', []],
    ['addrs', ['node.example:4701']],
    [4, 1.5e15],
  ];
  for (const [key, value] of cases) {
    const bad = await changed(key, value);
    expect(
      codeOf(() => verifyKeyCertificate(bad, charter)),
      `${key}`,
    ).toMatch(/^(cbor\.shape|cose\.bad-key)$/);
  }
});

const smallOrder = new Uint8Array(32);

test.each<[string, (draft: KeyCertificate) => Partial<KeyCertificate>]>([
  ['identity.bad-validity notAfterSeconds', () => ({ notAfterSeconds: START })],
  ['identity.bad-validity notAfterSeconds', () => ({ notAfterSeconds: START - 1 })],
  [
    'identity.validity-too-long notAfterSeconds',
    () => ({ notAfterSeconds: START + MAX_CERTIFICATE_SECONDS + 1 }),
  ],
  [
    'identity.unknown-level scope.maxClassification',
    () => ({ scope: { maxClassification: 'strictly-secret' } }),
  ],
  ['identity.scope-without-record scope', () => ({ usage: 'log', scope: { maxClassification: 'secret' } })],
  [
    'identity.scope-without-record scope',
    () => ({ usage: 'transport', scope: { recordTypes: ['incident'] } }),
  ],
  ['identity.addresses-without-transport addresses', () => ({ addresses: ['/dns4/node.example/tcp/1'] })],
  ['identity.duplicate-entry scope.recordTypes.1', () => ({ scope: { recordTypes: ['norm', 'norm'] } })],
  [
    'identity.duplicate-entry addresses.1',
    () => ({ usage: 'transport', addresses: ['/dns4/a/tcp/1', '/dns4/a/tcp/1'] }),
  ],
  ['identity.key-reused publicKey', () => ({ publicKey: arcadia.rootSigners[0]!.publicKey })],
  ['identity.key-reused publicKey', () => ({ publicKey: signerOf('XAR next 1').publicKey })],
  ['ed25519.public-key-small-order publicKey', () => ({ publicKey: smallOrder })],
])('%s', async (fault, change) => {
  expect(
    await faultsOf(() => issueKeyCertificate({ ...draft, ...change(draft) }, charter, arcadia.rootSigners)),
  ).toContain(fault);
});

test('what an issuer should not have signed is refused by the reader too', async () => {
  const cases: [string, string | number, CborValue][] = [
    ['identity.bad-validity', 4, START],
    ['identity.validity-too-long', 4, START + MAX_CERTIFICATE_SECONDS + 1],
    ['identity.unknown-level', 'scope', new Map([['max', 'nothing']])],
    ['identity.scope-without-record', 'use', 'log'],
    ['identity.addresses-without-transport', 'addrs', ['/dns4/a/tcp/1']],
    ['identity.key-reused', 8, new Map([[1, coseKeyOf(arcadia.rootSigners[2]!.publicKey)]])],
    ['ed25519.public-key-small-order', 8, new Map([[1, coseKeyOf(smallOrder)]])],
  ];
  const scoped = new Map([...content, ['scope', new Map([['max', 'secret']])]]);
  for (const [code, key, value] of cases) {
    const payload = new Map([
      ...(code === 'identity.scope-without-record' ? scoped : content),
      [key, value],
    ]) as ReadonlyMap<string | number, CborValue>;
    const bad = await signed(MEDIA_TYPES.keyCertificate, payload, arcadia.rootSigners);
    expect(codeOf(() => verifyKeyCertificate(bad, charter))).toBe(code);
  }
});

test('the longest validity is allowed', async () => {
  const longest: KeyCertificate = { ...draft, notAfterSeconds: START + MAX_CERTIFICATE_SECONDS };
  expect(
    verifyKeyCertificate(await issueKeyCertificate(longest, charter, arcadia.rootSigners), charter)
      .notAfterSeconds,
  ).toBe(longest.notAfterSeconds);
});

test('a certificate for another state is not issued', async () => {
  await expect(
    issueKeyCertificate({ ...draft, issuer: other.state }, charter, arcadia.rootSigners),
  ).rejects.toMatchObject({ code: 'identity.wrong-issuer' });
});

test('validity begins with its first second and ends before its last', () => {
  const validity = { notBeforeSeconds: 100, notAfterSeconds: 200 };
  expect(codeOf(() => assertValidAt(validity, 99))).toBe('identity.not-yet-valid');
  expect(codeOf(() => assertValidAt(validity, 100))).toBeUndefined();
  expect(codeOf(() => assertValidAt(validity, 199))).toBeUndefined();
  expect(codeOf(() => assertValidAt(validity, 200))).toBe('identity.expired');
  expect(codeOf(() => assertValidAt(validity, Number.NaN))).toBe('identity.not-yet-valid');
});
