import { decode, REDACTED } from '@comity/cbor';
import { equalBytes } from '@comity/digest';
import { type Signer, signerFromSeed } from '@comity/ed25519';
import type { FaultCode } from '@comity/fault';
import type { Label } from '@comity/label';
import { describe, expect, test } from 'vitest';
import {
  AT_SECONDS,
  context,
  incidentDraft,
  issue,
  issuer,
  scheme,
  seededEntropy,
  signer,
} from './arcadia.test-support.ts';
import {
  type DraftField,
  isAboutRecord,
  issueRecord,
  lookup,
  parseDraft,
  type RecordDraft,
  recordTypes,
} from './index.ts';

const label = (classification: string, more: Partial<Label> = {}): Label => ({
  scheme: scheme.id,
  classification,
  ...more,
});
const value = (name: string, content: string | number = 1, own = label('unclassified')): DraftField => ({
  name,
  label: own,
  content: { kind: 'value', value: content },
});
const draft = (changes: Partial<RecordDraft> = {}): RecordDraft => ({
  type: 'incident',
  supersedes: [],
  envelope: label('unclassified'),
  overall: label('secret'),
  fields: [value('title')],
  ...changes,
});
const options = { issuer, scheme, atSeconds: AT_SECONDS, entropy: seededEntropy(1), signer };
const refuses = (changes: Partial<RecordDraft>, code: FaultCode, more: Partial<typeof options> = {}) =>
  expect(issueRecord(draft(changes), { ...options, ...more })).rejects.toMatchObject({ code });

/** As `refuses`, before anything is signed: a signature on it could not be taken back. */
async function refusesUnsigned(changes: Partial<RecordDraft>, code: FaultCode): Promise<void> {
  let asked = 0;
  const counting = {
    publicKey: signer.publicKey,
    sign(message: Uint8Array): Uint8Array {
      asked += 1;
      return signer.sign(message);
    },
  };
  await refuses(changes, code, { signer: counting });
  expect(asked).toBe(0);
}

describe('issuing', () => {
  test('says in the envelope what the draft says', async () => {
    const { view } = await issueRecord(
      draft({
        type: 'retraction',
        subjectId: 'r-1',
        exercise: 'locked-shields-2026',
        supersedes: ['02'.repeat(32), '01'.repeat(32)] as never,
        retracts: '03'.repeat(32) as never,
        expiresAtSeconds: AT_SECONDS + 60,
      }),
      options,
    );
    expect(view.header).toMatchObject({
      issuer,
      type: 'retraction',
      subject: 'retraction/r-1',
      issuedAtSeconds: AT_SECONDS,
      exercise: 'locked-shields-2026',
      supersedes: ['01'.repeat(32), '02'.repeat(32)],
      retracts: '03'.repeat(32),
      expiresAtSeconds: AT_SECONDS + 60,
      label: label('unclassified'),
    });
    expect(view.overall).toEqual(label('secret'));
  });

  test('gives a fresh subject and nonce where the draft names none', async () => {
    const [one, two] = [await issueRecord(draft(), options), await issueRecord(draft(), options)];
    expect(one.view.header.subjectId).toMatch(/^[0-9a-f]{32}$/);
    expect(one.view.header.subjectId).not.toBe(two.view.header.subjectId);
    expect(equalBytes(one.view.header.nonce, two.view.header.nonce)).toBe(false);
    expect(one.view.header.id).not.toBe(two.view.header.id);
  });

  test('puts no field in the clear', async () => {
    const view = await issue(incidentDraft);
    expect([...view.record.claims.keys()]).toEqual([1, 2, REDACTED]);
  });

  test('writes a label only where a part does not inherit it', async () => {
    const nested: DraftField = {
      name: 'victim',
      label: label('restricted'),
      content: { kind: 'fields', fields: [value('name', 1, label('restricted')), value('city', 1)] },
    };
    const { view } = await issueRecord(draft({ fields: [value('title'), nested] }), options);
    const written = (pathText: string) => {
      const part = view.parts.find((each) => each.pathText === pathText);
      const [, wrapper] = decode(view.disclosures.get(part?.digest ?? '') as Uint8Array) as unknown as [
        unknown,
        [unknown],
      ];
      return wrapper[0];
    };
    expect(written('title')).toBeNull();
    expect(written('victim')).not.toBeNull();
    expect(written('victim.name')).toBeNull();
    expect(written('victim.city')).not.toBeNull();
    expect(written('overall')).not.toBeNull();
  });

  test('shuffles the elements of a list', async () => {
    const indicators = Array.from({ length: 8 }, (_, index) => ({
      id: `i-${index}`,
      type: 'url',
      value: `u${index}`,
    }));
    const orders = new Set<string>();
    for (let seed = 0; seed < 6; seed += 1) {
      const view = await issue(
        { ...incidentDraft, labels: {}, content: { ...incidentDraft.content, indicators } },
        seed,
      );
      const found = Array.from({ length: 8 }, (_, at) => lookup(view, `indicators[${at}].id`));
      const ids = found.map((each) => (each.status === 'known' ? each.value : each.status));
      expect(ids.toSorted()).toEqual(indicators.map(({ id }) => id));
      orders.add(ids.join());
    }
    expect(orders.size).toBe(6);
  });

  test('takes a signer that answers later', async () => {
    const token: Signer = { publicKey: signer.publicKey, sign: async (message) => signer.sign(message) };
    expect((await issueRecord(draft(), { ...options, signer: token as never })).view.parts).toHaveLength(2);
  });

  test('of the same draft with the same randomness gives the same bytes', async () => {
    expect((await issue(incidentDraft, 4)).bytes).toEqual((await issue(incidentDraft, 4)).bytes);
  });

  test('seals a report of 370 indicators into one record', async () => {
    const indicators = Array.from({ length: 370 }, (_, index) => ({
      id: `57c4445b-c548-4654-af0b-${String(index).padStart(12, '0')}`,
      type: 'sha256',
      value: String(index).padStart(64, 'a'),
      category: 'Payload delivery',
    }));
    const view = await issue({
      ...incidentDraft,
      labels: {},
      content: { ...incidentDraft.content, indicators },
    });
    expect(view.parts.filter((part) => part.pathText.startsWith('indicators['))).toHaveLength(370);
    expect(view.bytes.length).toBeLessThan(2_000);
  });
});

describe('issuing refuses', () => {
  test('an overall label below a part or the envelope', async () => {
    await refusesUnsigned({ fields: [value('title', 1, label('top-secret'))] }, 'record.label-below-part');
    await refusesUnsigned({ envelope: label('top-secret') }, 'record.label-below-envelope');
    await refusesUnsigned(
      { overall: label('unclassified'), envelope: label('unclassified', { tlp: 'GREEN' }) },
      'record.label-below-envelope',
    );
    const inner = value('name', 1, label('top-secret'));
    const outer: DraftField = {
      name: 'victim',
      label: label('secret'),
      content: { kind: 'fields', fields: [inner] },
    };
    await refusesUnsigned({ fields: [outer] }, 'record.label-below-part');
    const list: DraftField = {
      name: 'list',
      label: label('secret'),
      content: { kind: 'elements', elements: [inner] },
    };
    await refusesUnsigned({ fields: [list] }, 'record.label-below-part');
  });

  test('labels that the scheme does not know', async () => {
    await refusesUnsigned({ overall: label('cosmic') }, 'record.label-invalid');
    await refusesUnsigned({ envelope: label('unclassified', { purposes: ['fun'] }) }, 'record.label-invalid');
    const category = label('secret', { categories: [{ set: 'nothing', values: ['x'] }] });
    await refusesUnsigned({ fields: [value('title', 1, category)] }, 'record.label-invalid');
    await refusesUnsigned({ overall: { ...label('secret'), scheme: 'xbo-2014' } }, 'record.label-invalid');
  });

  test('field names that are reserved, malformed or repeated', async () => {
    await refusesUnsigned({ fields: [value('issuer')] }, 'record.key-reserved');
    await refusesUnsigned({ fields: [value('overall')] }, 'record.key-reserved');
    await refusesUnsigned({ fields: [value('a.b')] }, 'record.bad-field-name');
    await refusesUnsigned({ fields: [value('a'), value('a')] }, 'record.key-present');
  });

  test('a malformed envelope', async () => {
    await refuses({ type: 'Incident' }, 'record.bad-subject');
    await refuses({ subjectId: 'a/b' }, 'record.bad-subject');
    await refuses({ exercise: 'a b' }, 'record.bad-exercise');
    await refuses({ type: 'retraction' }, 'record.retracts-missing');
    await refuses({ supersedes: ['01'.repeat(32), '01'.repeat(32)] as never }, 'record.bad-links');
    await refuses({}, 'record.bad-issuer', { issuer: 'Arcadia' as never });
    await refuses({}, 'record.bad-issue-time', { atSeconds: -1 });
  });

  test('more than 512 parts and decoys', async () => {
    const elements = (count: number): DraftField => ({
      name: 'list',
      label: label('unclassified'),
      content: { kind: 'elements', elements: new Array(count).fill(value('x')) },
    });
    // 508 elements and 4 digests of the body.
    expect((await issueRecord(draft({ fields: [elements(508)] }), options)).view.disclosures.size).toBe(512);
    await refusesUnsigned({ fields: [elements(509)] }, 'record.too-many-digests');
  });

  test('more than 256 KiB of disclosures, and one of more than 64 KiB', async () => {
    const fields = (count: number) =>
      Array.from({ length: count }, (_, index) => value(`f${index}`, 'x'.repeat(60_000)));
    expect((await issueRecord(draft({ fields: fields(4) }), options)).view.parts).toHaveLength(5);
    await refuses({ fields: fields(5) }, 'record.too-large');
    await refuses({ fields: [value('f', 'x'.repeat(65_536))] }, 'cbor.too-many-bytes');
  });

  test('randomness that repeats itself or gives too little', async () => {
    await refuses({}, 'record.bad-entropy', { entropy: (byteLength) => new Uint8Array(byteLength) });
    await refuses({}, 'record.bad-entropy', { entropy: () => new Uint8Array(15) });
    let calls = 0;
    const short = (byteLength: number) => {
      calls += 1;
      return calls > 4 ? new Uint8Array(8) : seededEntropy(calls)(byteLength);
    };
    await refuses({}, 'record.bad-nonce', { entropy: short });
  });

  test('what its own signer did not sign', async () => {
    const other = signerFromSeed(new Uint8Array(32).fill(9));
    await refuses({}, 'ed25519.bad-signature', { signer: { publicKey: signer.publicKey, sign: other.sign } });
  });

  test('nothing that a parsed draft says', async () => {
    for (const { id: type } of recordTypes) {
      const content = {
        incident: incidentDraft.content,
        norm: { title: { en: 'x' }, kind: 'treaty', provisions: [{ id: '1', text: { en: 'x' } }] },
        commitment: { norm: 'norm/n-1', act: 'endorse' },
        retraction: { reason: { en: 'x' }, requestedAction: 'none' },
        'release-request': {
          ...{ record: '01'.repeat(32), parts: 'all', thirdParty: 'XCA', purpose: 'public-security' },
          reason: { en: 'x' },
        },
        'release-grant': {
          ...{ decision: 'revoke', record: '01'.repeat(32), parts: 'all', holder: 'XBO', thirdParty: 'XCA' },
        },
        sighting: { kind: 'expired' },
        annotation: { kind: 'accept' },
        attribution: {
          ...{ actor: { kind: 'unknown' }, likelihood: 'likely', confidence: 'low' },
          basis: { en: 'x' },
        },
        guideline: { title: { en: 'x' }, status: 'draft', body: { en: 'x' } },
        implementation: {
          ...{ of: issuer, catalogue: 'cis-ig1', item: '1.1', assessor: 'self', finding: 'claimed' },
        },
        review: { status: 'open' },
        measure: {
          ...{ title: { en: 'x' }, legalBasis: { en: 'x' }, necessity: { en: 'x' }, proclaimedBy: 'x' },
          ...{ scope: { en: 'x' }, oversightBody: 'x', judicialRoute: { en: 'x' }, remedyRoute: { en: 'x' } },
          ...{ startsAt: '2026-11-24T10:00:00Z', reviewBy: '2026-12-01T10:00:00Z' },
        },
        assessment: {
          ...{ title: { en: 'x' }, kind: 'sector-risk', status: 'draft', sectors: ['health'] },
          ...{ likelihood: 'likely', impact: 'high' },
        },
        clarification: { kind: 'question', to: 'XBO', text: { en: 'x' } },
        contact: {
          ...{ name: { en: 'x' }, role: 'policy', ways: [], confirmEveryDays: 1 },
          confirmedAt: '2020-01-01T00:00:00Z',
        },
        exercise: {
          ...{ title: { en: 'x' }, status: 'planned', scenario: { en: 'x' }, players: ['XBO', 'XCA'] },
          ...{ startsAt: '2026-11-24T10:00:00Z', endsAt: '2026-11-24T12:00:00Z' },
        },
        dispute: { title: { en: 'x' }, parties: ['XBO', 'XCA'], stage: 'filed' },
        notice: { title: { en: 'x' }, text: { en: 'x' } },
      }[type];
      const parsed = parseDraft(
        {
          type,
          label: { classification: 'restricted', tlp: 'RED', releasableTo: ['XBO'] },
          content,
          ...(type === 'retraction' && { retracts: '01'.repeat(32) }),
          ...(isAboutRecord(type) && { subject: '01'.repeat(32) }),
          ...(type === 'measure' && { expiresAt: '2026-12-24T10:00:00Z' }),
          ...(type === 'exercise' && { exercise: 'storm-1' }),
        },
        context,
      );
      expect((await issueRecord(parsed, options)).view.header.type).toBe(type);
    }
  });
});
