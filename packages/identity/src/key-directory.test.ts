import { keyThumbprint } from '@comity/cose';
import type { StateCode } from '@comity/label';
import { beforeAll, beforeEach, expect, test } from 'vitest';

import {
  type Charter,
  issueCharter,
  KeyDirectory,
  MAX_CERTIFICATES_PER_STATE,
  type VerifiedCharter,
  type VerifiedKeyCertificate,
  verifyCharter,
} from './index.ts';
import {
  ARCADIAN,
  arcadia,
  BOREAL,
  borealis,
  certificateFor,
  certify,
  charterOf,
  codeOf,
  DAY,
  START,
  sampleOf,
  signerOf,
} from './sample.test-support.ts';

let ours: VerifiedCharter;
let theirs: VerifiedCharter;
let record: VerifiedKeyCertificate;
let log: VerifiedKeyCertificate;
let directory: KeyDirectory;

beforeAll(async () => {
  ours = await charterOf(arcadia);
  theirs = await charterOf(borealis);
  record = await certify(arcadia, ours, certificateFor(ours, 'record', 'record key'));
  log = await certify(arcadia, ours, certificateFor(ours, 'log', 'log key'));
});

beforeEach(() => {
  directory = new KeyDirectory();
  directory.add(ours, [record, log]);
});

function refusal(
  usage: 'record' | 'log' | 'witness' | 'transport',
  atSeconds: number,
  kid = record.kid,
): string | undefined {
  return codeOf(() => directory.resolve(kid, usage, atSeconds));
}

test('a key is resolved to its certificate', () => {
  expect(directory.resolve(record.kid, 'record', START)).toBe(record);
  expect(directory.resolve(Uint8Array.from(log.kid), 'log', START + DAY)).toBe(log);
});

test('each refusal has its reason', () => {
  expect(refusal('record', START, keyThumbprint(signerOf('nobody').publicKey))).toBe('identity.unknown-key');
  expect(refusal('record', START, record.kid.subarray(0, 31))).toBe('identity.unknown-key');
  expect(refusal('record', START, new Uint8Array(0))).toBe('identity.unknown-key');
  expect(refusal('log', START)).toBe('identity.wrong-usage');
  expect(refusal('witness', START)).toBe('identity.wrong-usage');
});

test("where a state must hold the key, another's is not known, whatever else is wrong with it", () => {
  expect(directory.resolve(record.kid, 'record', START, ours.state)).toBe(record);
  for (const [usage, atSeconds] of [
    ['record', START],
    ['log', START],
    ['record', record.notAfterSeconds],
  ] as const) {
    const resolve = () => directory.resolve(record.kid, usage, atSeconds, theirs.state);
    expect(codeOf(resolve)).toBe('identity.unknown-key');
  }
});

test('a root key is no operational key', () => {
  expect(refusal('record', START, keyThumbprint(arcadia.rootSigners[0]!.publicKey))).toBe(
    'identity.unknown-key',
  );
});

test('validity is half-open', () => {
  expect(refusal('record', START - 1)).toBe('identity.not-yet-valid');
  expect(refusal('record', START)).toBeUndefined();
  expect(refusal('record', record.notAfterSeconds - 1)).toBeUndefined();
  expect(refusal('record', record.notAfterSeconds)).toBe('identity.expired');
  expect(refusal('record', Number.NaN)).toBe('identity.not-yet-valid');
});

test('a renewed certificate continues the old one, and a gap is a gap', async () => {
  const renewed = await certify(arcadia, ours, {
    ...certificateFor(ours, 'record', 'record key'),
    certificateId: new Uint8Array(16).fill(1),
    notBeforeSeconds: record.notAfterSeconds + DAY,
    notAfterSeconds: record.notAfterSeconds + 2 * DAY,
  });
  directory.add(ours, [renewed]);
  expect(directory.resolve(record.kid, 'record', START)).toBe(record);
  expect(refusal('record', record.notAfterSeconds + 1)).toBe('identity.expired');
  expect(directory.resolve(record.kid, 'record', record.notAfterSeconds + DAY)).toBe(renewed);
  expect(refusal('record', renewed.notAfterSeconds)).toBe('identity.expired');
  expect(refusal('record', START - 1)).toBe('identity.not-yet-valid');
});

test('keys of an expired charter do not count any more', async () => {
  const limited: Charter = { ...arcadia.charter, expiresAtSeconds: START + 10 };
  const charter = verifyCharter(await issueCharter(limited, arcadia.rootSigners));
  const certificate = await certify(arcadia, charter, certificateFor(charter, 'record', 'record key'));
  directory = new KeyDirectory();
  directory.add(charter, [certificate]);
  expect(refusal('record', START + 9)).toBeUndefined();
  expect(refusal('record', START + 10)).toBe('identity.charter-expired');
});

test('of several valid certificates of a key the first to begin counts, then the lowest id, in whatever order they came', async () => {
  const certificateOf = (id: number, notBeforeSeconds: number) => {
    const certificateId = new Uint8Array(16).fill(id);
    const certificate = { ...certificateFor(ours, 'record', 'renewed'), certificateId, notBeforeSeconds };
    return certify(arcadia, ours, certificate);
  };
  const [lowest, first] = [await certificateOf(1, START + 5), await certificateOf(3, START)];
  const namesake = await certificateOf(2, START);
  for (const each of [lowest, first, namesake]) {
    const fresh = new KeyDirectory();
    fresh.add(ours, [each]);
    fresh.add(ours, [namesake, first, lowest]);
    expect(fresh.resolve(first.kid, 'record', START + 6)).toBe(namesake);
  }
});

test('states are found by id and by code', () => {
  expect(directory.charterOf(ours.state)).toBe(ours);
  expect(directory.charterOf(theirs.state)).toBeUndefined();
  expect(directory.stateOf('XAR' as StateCode)).toBe(ours.state);
  expect(directory.stateOf('XBO' as StateCode)).toBeUndefined();
  directory.add(theirs, []);
  expect(directory.statesKnown()).toEqual([ours.state, theirs.state]);
  expect(directory.stateOf('XBO' as StateCode)).toBe(theirs.state);
});

test('adding the same again changes nothing', () => {
  directory.add(ours, [record, log]);
  directory.add(ours, []);
  expect(directory.statesKnown()).toEqual([ours.state]);
  expect(directory.resolve(record.kid, 'record', START)).toBe(record);
});

test('one key for two usages is refused, in one addition and in two', async () => {
  const second = await certify(arcadia, ours, certificateFor(ours, 'witness', 'record key'));
  expect(codeOf(() => directory.add(ours, [second]))).toBe('identity.key-reused');
  expect(codeOf(() => new KeyDirectory().add(ours, [record, second]))).toBe('identity.key-reused');
  expect(codeOf(() => new KeyDirectory().add(ours, [second, record]))).toBe('identity.key-reused');
});

test('one key for two states is refused', async () => {
  const same = await certify(borealis, theirs, certificateFor(theirs, 'record', 'record key'));
  expect(codeOf(() => directory.add(theirs, [same]))).toBe('identity.key-reused');
});

test("a root key of one state is no key of another, and no other state's root key", async () => {
  const borrowed = await certify(borealis, theirs, {
    ...certificateFor(theirs, 'record', 'x'),
    publicKey: arcadia.rootSigners[1]!.publicKey,
  });
  expect(codeOf(() => directory.add(theirs, [borrowed]))).toBe('identity.key-reused');

  const twin: Charter = { ...sampleOf('XTW', BOREAL).charter, rootKeys: arcadia.charter.rootKeys };
  const twinCharter = verifyCharter(await issueCharter(twin, arcadia.rootSigners));
  expect(codeOf(() => directory.add(twinCharter, []))).toBe('identity.key-reused');

  const rooted: Charter = {
    ...sampleOf('XRT', BOREAL).charter,
    rootKeys: [signerOf('record key').publicKey],
    threshold: 1,
  };
  const rootedCharter = verifyCharter(await issueCharter(rooted, [signerOf('record key')]));
  expect(codeOf(() => directory.add(rootedCharter, []))).toBe('identity.key-reused');
});

test('certificates are added with the charter of their own state', () => {
  expect(codeOf(() => directory.add(theirs, [record]))).toBe('identity.wrong-issuer');
});

test('two certificates with one id are refused, one certificate twice is not', async () => {
  const namesake = await certify(arcadia, ours, {
    ...certificateFor(ours, 'log', 'other key'),
    certificateId: record.certificateId,
  });
  expect(codeOf(() => directory.add(ours, [namesake]))).toBe('identity.certificate-id-reused');
  expect(codeOf(() => new KeyDirectory().add(ours, [record, namesake]))).toBe(
    'identity.certificate-id-reused',
  );
  expect(codeOf(() => new KeyDirectory().add(ours, [record, record]))).toBeUndefined();
});

test('a code has one state', async () => {
  const impostor = await charterOf(sampleOf('XIM', BOREAL));
  const { rootSigners, charter } = sampleOf('XIM', BOREAL);
  const claims = verifyCharter(await issueCharter({ ...charter, code: 'XAR' as StateCode }, rootSigners));
  expect(codeOf(() => directory.add(claims, []))).toBe('identity.code-taken');
  expect(codeOf(() => directory.add(impostor, []))).toBeUndefined();
});

test('a scheme id has one scheme', async () => {
  const changed = await charterOf(sampleOf('XIM', { ...ARCADIAN, levels: ARCADIAN.levels.slice(0, 2) }));
  expect(codeOf(() => directory.add(changed, []))).toBe('identity.scheme-taken');
  const shared = await charterOf(sampleOf('XSH', ARCADIAN));
  expect(codeOf(() => directory.add(shared, []))).toBeUndefined();
});

test('a refused addition leaves no trace', async () => {
  const good = await certify(borealis, theirs, certificateFor(theirs, 'record', 'their key'));
  const bad = await certify(borealis, theirs, certificateFor(theirs, 'log', 'record key'));
  expect(codeOf(() => directory.add(theirs, [good, bad]))).toBe('identity.key-reused');
  expect(directory.statesKnown()).toEqual([ours.state]);
  expect(directory.stateOf('XBO' as StateCode)).toBeUndefined();
  expect(refusal('record', START, good.kid)).toBe('identity.unknown-key');
  directory.add(theirs, [good]);
  expect(directory.resolve(good.kid, 'record', START)).toBe(good);
});

test('a state has so many certificates and no more; what is refused changes nothing', async () => {
  const further = await Promise.all(
    Array.from({ length: MAX_CERTIFICATES_PER_STATE - 1 }, (_, index) =>
      certify(arcadia, ours, certificateFor(ours, 'transport', `transport ${index}`)),
    ),
  );
  const last = further.at(-1) as VerifiedKeyCertificate;
  expect(codeOf(() => directory.add(ours, further))).toBe('identity.too-many-certificates');
  expect(refusal('transport', START, last.kid)).toBe('identity.unknown-key');
  directory.add(ours, further.slice(0, -1));
  expect(codeOf(() => directory.add(ours, [last]))).toBe('identity.too-many-certificates');
  // What is known already does not count again; and another state has a count of its own.
  directory.add(ours, further.slice(0, -1));
  directory.add(theirs, [await certify(borealis, theirs, certificateFor(theirs, 'log', 'their log'))]);
});

test('a certificate that is dropped makes room and resolves nothing; of a refused addition nothing is dropped', async () => {
  const further = await Promise.all(
    Array.from({ length: MAX_CERTIFICATES_PER_STATE - 1 }, (_, index) =>
      certify(arcadia, ours, certificateFor(ours, 'transport', `transport ${index}`)),
    ),
  );
  const [first, second] = further as [VerifiedKeyCertificate, VerifiedKeyCertificate];
  const last = further.at(-1) as VerifiedKeyCertificate;
  directory.add(ours, further.slice(0, -1));
  const foreign = await certify(borealis, theirs, certificateFor(theirs, 'log', 'their log'));
  expect(codeOf(() => directory.add(ours, [foreign], { dropped: [first] }))).toBe('identity.wrong-issuer');
  expect(directory.resolve(first.kid, 'transport', START)).toBe(first);
  directory.add(ours, [last], { dropped: [first] });
  expect(refusal('transport', START, first.kid)).toBe('identity.unknown-key');
  expect(directory.resolve(last.kid, 'transport', START)).toBe(last);
  expect(directory.resolve(second.kid, 'transport', START)).toBe(second);
  // Dropped twice, or dropped in the name of another state, it makes no room.
  const another = await certify(arcadia, ours, certificateFor(ours, 'witness', 'another'));
  expect(codeOf(() => directory.add(ours, [another], { dropped: [first, foreign] }))).toBe(
    'identity.too-many-certificates',
  );
});
