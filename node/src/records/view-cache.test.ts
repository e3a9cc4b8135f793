import { randomBytes } from 'node:crypto';
import { keyThumbprint } from '@comity/cose';
import { signerFromSeed } from '@comity/ed25519';
import {
  issueCharter,
  issueKeyCertificate,
  KeyDirectory,
  verifyCharter,
  verifyKeyCertificate,
} from '@comity/identity';
import { assertStateCode, type PlainScheme, schemeFrom, textMapFrom } from '@comity/label';
import neutral from '@comity/protocol/registries/schemes/neutral.json' with { type: 'json' };
import { issueRecord, parseDraft } from '@comity/record';
import type { StoredRecord } from '@comity/store';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { Events } from '../events.ts';
import { ViewCache } from './view-cache.ts';

const entropy = (byteLength: number): Uint8Array => new Uint8Array(randomBytes(byteLength));
const AT_SECONDS = 1_795_478_400;

let directory: KeyDirectory;
let records: StoredRecord[];
let opening: { directory: KeyDirectory; events: Events; now: () => number };
let unreadable: string[];
let nowMs: number;

/** A state with a record key, in a directory, and records that it issued, as they are stored. */
beforeAll(async () => {
  const root = signerFromSeed(entropy(32));
  const signer = signerFromSeed(entropy(32));
  const scheme = schemeFrom(neutral.scheme as unknown as PlainScheme);
  const code = 'XAA';
  assertStateCode(code);
  const charter = verifyCharter(
    await issueCharter(
      {
        version: 1,
        previous: null,
        code,
        names: textMapFrom({ en: 'A state of the test' }),
        rootKeys: [root.publicKey],
        threshold: 1,
        nextKeyDigests: [keyThumbprint(signerFromSeed(entropy(32)).publicKey)],
        nextThreshold: 1,
        algorithms: [-19],
        scheme,
        legalProfiles: [],
        contacts: [],
        issuedAtSeconds: AT_SECONDS,
      },
      [root],
    ),
  );
  const certificate = await issueKeyCertificate(
    {
      issuer: charter.state,
      subject: 'a node of the test',
      usage: 'record',
      publicKey: signer.publicKey,
      notBeforeSeconds: AT_SECONDS,
      notAfterSeconds: AT_SECONDS + 3_600,
      issuedAtSeconds: AT_SECONDS,
      certificateId: entropy(16),
      scope: {},
    },
    charter,
    [root],
  );
  directory = new KeyDirectory();
  directory.add(charter, [verifyKeyCertificate(certificate, charter)]);
  records = await Promise.all(
    Array.from({ length: 6 }, async (_, arrival) => {
      const draft = parseDraft(
        {
          type: 'incident',
          label: { classification: 'unclassified' },
          content: { title: { en: `Number ${arrival}` }, summary: { en: 'Of one size' }, stage: 'final' },
        },
        { scheme, atSeconds: AT_SECONDS, stateOf: () => undefined, normKindOf: () => undefined },
      );
      const { view } = await issueRecord(draft, {
        issuer: charter.state,
        scheme,
        atSeconds: AT_SECONDS,
        entropy,
        signer,
      });
      const disclosures = [...view.disclosures.values()];
      return {
        id: view.header.id,
        realm: 'real' as const,
        arrival,
        bytes: view.bytes,
        disclosures,
        sources: [],
      };
    }),
  );
});

beforeEach(() => {
  nowMs = 0;
  unreadable = [];
  const events = new Events('silent', { write: () => {} });
  events.on((event, fields) => {
    if (event === 'record-unreadable') unreadable.push((fields as { code: string }).code);
  });
  opening = { directory, events, now: () => AT_SECONDS };
});

const sizeOf = ({ bytes, disclosures }: StoredRecord): number =>
  disclosures.reduce((sum, { length }) => sum + length, bytes.length);
const cacheOf = (count: number): ViewCache =>
  new ViewCache(opening, () => nowMs, {
    maxBytes: count * Math.max(...records.map(sizeOf)) + 1,
    keptMs: 1_000,
  });
const [first, second, third] = [0, 1, 2].map((place) => () => records[place] as StoredRecord) as [
  () => StoredRecord,
  () => StoredRecord,
  () => StoredRecord,
];
const copyOf = (record: StoredRecord): StoredRecord => ({
  ...record,
  bytes: record.bytes.slice(),
  disclosures: record.disclosures.map((disclosure) => disclosure.slice()),
});

test('a row that holds the same is opened once', () => {
  const cache = cacheOf(6);
  const view = cache.open(first());
  expect(view?.header.id).toBe(first().id);
  expect(cache.open(copyOf(first()))).toBe(view);
});

test('a row that changed is never seen as it was', () => {
  const cache = cacheOf(6);
  const record = first();
  const part = record.disclosures.slice(0, -1);
  const before = cache.open({ ...record, disclosures: part });
  const view = cache.open(record);
  expect(view).not.toBe(before);
  expect(view?.disclosures.size).toBe(record.disclosures.length);
  // A bit of a disclosure is flipped on disk: no longer one of this record.
  const [changed, ...others] = record.disclosures.map((disclosure) => disclosure.slice());
  (changed as Uint8Array)[5] = ((changed as Uint8Array)[5] as number) ^ 1;
  expect(cache.open({ ...record, disclosures: [changed as Uint8Array, ...others] })).toBeUndefined();
  expect(unreadable).toHaveLength(1);
  expect(cache.open(record)?.disclosures.size).toBe(record.disclosures.length);
});

test('a record whose key is not known any more is not seen either', () => {
  const cache = new ViewCache(opening, () => nowMs);
  expect(cache.open(first())).toBeDefined();
  opening.directory = new KeyDirectory();
  expect(cache.open(first())).toBeUndefined();
  expect(unreadable).toEqual(['identity.unknown-key']);
});

test('no more is kept than fits, and what was used lately is not given up for what comes by', () => {
  const cache = cacheOf(2);
  const kept = [cache.open(first()), cache.open(second())];
  const { byteLength } = cache;
  cache.open(third());
  expect(cache.byteLength).toBe(byteLength);
  expect([cache.open(first()), cache.open(second())]).toEqual(kept);
  expect(cache.open(first())).toBe(kept[0]);
  // Long unused, it makes room.
  nowMs += 999;
  cache.open(second());
  nowMs += 1;
  const view = cache.open(third());
  expect(cache.open(third())).toBe(view);
  expect(cache.open(second())).toBe(kept[1]);
  expect(cache.byteLength).toBe(sizeOf(second()) + sizeOf(third()));
  expect(cache.open(first())).not.toBe(kept[0]);
});
