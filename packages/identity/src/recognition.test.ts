import { type CborValue, decode } from '@comity/cbor';
import { decodeSign, encodeSign, MEDIA_TYPES } from '@comity/cose';
import type { StateCode } from '@comity/label';
import { beforeAll, expect, test } from 'vitest';

import {
  checkRecognition,
  issueRecognition,
  type Recognition,
  type VerifiedCharter,
  verifyRecognition,
} from './index.ts';
import {
  ARCADIAN,
  arcadia,
  BOREAL,
  borealis,
  charterOf,
  codeOf,
  faultsOf,
  levelMap,
  recognitionOf,
  START,
  sampleOf,
  signed,
} from './sample.test-support.ts';

let ours: VerifiedCharter;
let theirs: VerifiedCharter;
let draft: Recognition;
let bytes: Uint8Array;
let content: ReadonlyMap<string | number, CborValue>;

beforeAll(async () => {
  ours = await charterOf(arcadia);
  theirs = await charterOf(borealis);
  draft = recognitionOf(ours, theirs);
  bytes = await issueRecognition(draft, ours, theirs, arcadia.rootSigners);
  content = decode(decodeSign(bytes).payload) as typeof content;
});

function found(change: Partial<Recognition>): readonly string[] {
  return checkRecognition({ ...draft, ...change }, ours, theirs).map(
    ({ code, path }) => `${code} ${path.join('.')}`,
  );
}

test('a recognition comes back as it was issued', () => {
  expect(verifyRecognition(bytes, ours)).toMatchObject(draft);
  expect(verifyRecognition(bytes, ours, theirs).bytes).toBe(bytes);
});

test('signatures are those of the issuer', async () => {
  expect(codeOf(() => verifyRecognition(bytes, theirs))).toBe('identity.wrong-issuer');
  const foreign = await signed(MEDIA_TYPES.recognition, content, borealis.rootSigners);
  expect(codeOf(() => verifyRecognition(foreign, ours))).toBe('cose.unknown-signer');
  const one = await signed(MEDIA_TYPES.recognition, content, arcadia.rootSigners.slice(0, 1));
  expect(codeOf(() => verifyRecognition(one, ours))).toBe('cose.below-threshold');
  const raised = decodeSign(
    await signed(MEDIA_TYPES.recognition, new Map([...content, ['ceiling', 'secret']]), arcadia.rootSigners),
  );
  const forged = encodeSign({ ...decodeSign(bytes), payload: raised.payload });
  expect(codeOf(() => verifyRecognition(forged, ours))).toBe('identity.forged');
  const other = await signed(MEDIA_TYPES.keyCertificate, content, arcadia.rootSigners);
  expect(codeOf(() => verifyRecognition(other, ours))).toBe('identity.wrong-document');
});

test('the content is a closed map', async () => {
  const cases: [string | number, CborValue][] = [
    ['extra', 1],
    [7, new Uint8Array(16)],
    [1, 'XAR'],
    ['code', 'xbo'],
    ['charter', new Uint8Array(31)],
    ['ceiling', 'Top Secret'],
    ['out', new Map([[1, 'xar-2021']])],
    [
      'categories',
      [
        new Map<number, CborValue>([
          [1, 'network'],
          [2, []],
        ]),
      ],
    ],
    ['community', 1],
    ['community', null],
  ];
  for (const [key, value] of cases) {
    const bad = await signed(
      MEDIA_TYPES.recognition,
      new Map([...content, [key, value]]),
      arcadia.rootSigners,
    );
    expect(
      codeOf(() => verifyRecognition(bad, ours)),
      `${key}`,
    ).toBe('cbor.shape');
  }
});

test.each<[string, (draft: Recognition) => Partial<Recognition>]>([
  ['identity.wrong-issuer issuer', ({ subject }) => ({ issuer: subject })],
  ['identity.wrong-subject subject', ({ issuer }) => ({ subject: issuer })],
  ['identity.self-recognition subject', ({ issuer }) => ({ subject: issuer })],
  ['identity.wrong-subject subjectCode', () => ({ subjectCode: 'XCA' as StateCode })],
  ['identity.wrong-subject charterDigest', () => ({ charterDigest: new Uint8Array(32) })],
  ['identity.bad-validity notAfterSeconds', () => ({ notAfterSeconds: START })],
  ['identity.unknown-level ceiling', () => ({ ceiling: 'strictly-secret' })],
  [
    'label.unknown-category-set categories.0.set',
    () => ({ categories: [{ set: 'compartment', values: ['x'] }] }),
  ],
  [
    'label.unknown-category categories.0.values.0',
    () => ({ categories: [{ set: 'network', values: ['x'] }] }),
  ],
  ['label.wrong-scheme outbound.from', () => ({ outbound: levelMap(BOREAL, BOREAL, {}) })],
  ['label.wrong-scheme inbound.from', () => ({ inbound: levelMap(ARCADIAN, ARCADIAN, {}) })],
  [
    'label.unknown-map-level outbound.levels.secret',
    () => ({ outbound: levelMap(ARCADIAN, BOREAL, { secret: 'top-secret' }) }),
  ],
  [
    'label.unknown-map-level inbound.levels.top-secret',
    () => ({ inbound: levelMap(BOREAL, ARCADIAN, { 'top-secret': 'secret' }) }),
  ],
  [
    'label.unknown-map-level outbound.levels.open',
    () => ({ outbound: levelMap(ARCADIAN, BOREAL, { open: 'open' }) }),
  ],
  [
    'label.map-not-monotone outbound.levels.secret',
    () => ({ outbound: levelMap(ARCADIAN, BOREAL, { restricted: 'secret', secret: 'reserved' }) }),
  ],
  [
    'label.map-not-monotone inbound.levels.secret',
    () => ({ inbound: levelMap(BOREAL, ARCADIAN, { reserved: 'secret', secret: 'restricted' }) }),
  ],
])('%s', async (fault, change) => {
  expect(found(change(draft))).toContain(fault);
  expect(
    await faultsOf(() => issueRecognition({ ...draft, ...change(draft) }, ours, theirs, arcadia.rootSigners)),
  ).toContain(fault);
});

test('a valid recognition has no faults, and may map fewer levels or none', () => {
  expect(found({})).toEqual([]);
  expect(
    found({
      outbound: levelMap(ARCADIAN, BOREAL, { restricted: 'reserved' }),
      inbound: levelMap(BOREAL, ARCADIAN, {}),
      categories: [],
    }),
  ).toEqual([]);
  expect(
    found({ outbound: levelMap(ARCADIAN, BOREAL, { restricted: 'secret', confidential: 'secret' }) }),
  ).toEqual([]);
});

test('without the subject, what can be checked is checked', async () => {
  const cases: [string, string | number, CborValue][] = [
    ['identity.unknown-level ceiling', 'ceiling', 'strictly-secret'],
    ['identity.unknown-level outbound.levels.open', 'out', mapOf('xar-2021', 'xbo-2014', [['open', 'open']])],
    [
      'identity.unknown-level inbound.levels.secret',
      'in',
      mapOf('xbo-2014', 'xar-2021', [['secret', 'reserved']]),
    ],
    ['identity.scheme-mismatch outbound', 'out', mapOf('xar-2021', 'xca-2009', [['secret', 'secret']])],
    ['identity.scheme-mismatch outbound', 'in', mapOf('xbo-2014', 'xbo-2014', [])],
    ['identity.self-recognition subject', 2, ours.state],
    ['identity.bad-validity notAfterSeconds', 4, START],
    [
      'label.unknown-category-set categories.0.set',
      'categories',
      [
        new Map<number, CborValue>([
          [1, 'x'],
          [2, ['y']],
        ]),
      ],
    ],
  ];
  for (const [fault, key, value] of cases) {
    const bad = await signed(
      MEDIA_TYPES.recognition,
      new Map([...content, [key, value]]),
      arcadia.rootSigners,
    );
    expect(await faultsOf(() => verifyRecognition(bad, ours))).toContain(fault);
  }
});

test('with the subject, a signed map that is not monotone is refused', async () => {
  const crooked = mapOf('xar-2021', 'xbo-2014', [
    ['restricted', 'secret'],
    ['secret', 'reserved'],
  ]);
  const bad = await signed(
    MEDIA_TYPES.recognition,
    new Map([...content, ['out', crooked]]),
    arcadia.rootSigners,
  );
  expect(await faultsOf(() => verifyRecognition(bad, ours, theirs))).toEqual([
    'label.map-not-monotone outbound.levels.secret',
  ]);
});

test('a state that takes the id of our scheme for another one is not recognised', async () => {
  const impostor = await charterOf(sampleOf('XIM', { ...BOREAL, id: ARCADIAN.id }));
  const recognition: Recognition = {
    ...recognitionOf(ours, impostor),
    outbound: levelMap(ARCADIAN, ARCADIAN, {}),
    inbound: levelMap(ARCADIAN, ARCADIAN, {}),
  };
  expect(checkRecognition(recognition, ours, impostor).map(({ code }) => code)).toEqual([
    'identity.scheme-taken',
  ]);
  const sharing = await charterOf(sampleOf('XSH', ARCADIAN));
  const shared: Recognition = {
    ...recognitionOf(ours, sharing),
    outbound: levelMap(ARCADIAN, ARCADIAN, { secret: 'secret' }),
    inbound: levelMap(ARCADIAN, ARCADIAN, { secret: 'secret' }),
  };
  expect(checkRecognition(shared, ours, sharing)).toEqual([]);
});

function mapOf(from: string, to: string, levels: [string, string][]): CborValue {
  return new Map<number, CborValue>([
    [1, from],
    [2, to],
    [3, new Map(levels)],
  ]);
}
