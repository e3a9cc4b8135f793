import { encode } from '@comity/cbor';
import { beforeAll, expect, test } from 'vitest';

import {
  decodeStateCard,
  encodeStateCard,
  MAX_CARD_BYTES,
  MAX_CERTIFICATES_PER_STATE,
  readStateCard,
  type VerifiedCharter,
  type VerifiedKeyCertificate,
} from './index.ts';
import { arcadia, borealis, certificateFor, certify, charterOf, codeOf } from './sample.test-support.ts';

let charter: VerifiedCharter;
let certificates: VerifiedKeyCertificate[];

beforeAll(async () => {
  charter = await charterOf(arcadia);
  certificates = [];
  for (const usage of ['record', 'log', 'witness', 'transport'] as const) {
    certificates.push(await certify(arcadia, charter, certificateFor(charter, usage, `${usage} key`)));
  }
});

function cardOf(list: readonly VerifiedKeyCertificate[]): Uint8Array {
  return encodeStateCard({ charter: charter.bytes, certificates: list.map(({ bytes }) => bytes) });
}

test('a card comes back verified', () => {
  const card = decodeStateCard(cardOf(certificates));
  expect(card.charter.state).toBe(charter.state);
  expect(card.certificates.map(({ usage }) => usage)).toEqual(['record', 'log', 'witness', 'transport']);
  const again = encodeStateCard({
    charter: card.charter.bytes,
    certificates: card.certificates.map(({ bytes }) => bytes),
  });
  expect(again).toEqual(cardOf(certificates));
});

test('the documents of a card can be told without verifying them', async () => {
  const other = await charterOf(borealis);
  const foreign = await certify(borealis, other, certificateFor(other, 'record', 'their key'));
  const read = readStateCard(cardOf([...certificates, foreign]));
  expect(read.charter).toEqual(charter.bytes);
  expect(read.certificates.at(-1)).toEqual(foreign.bytes);
  expect(codeOf(() => readStateCard(new Uint8Array([1, 2])))).toMatch(/^cbor\./);
});

test('a card may come without certificates', () => {
  expect(decodeStateCard(cardOf([])).certificates).toEqual([]);
});

test('a certificate of another state does not belong into the card', async () => {
  const other = await charterOf(borealis);
  const foreign = await certify(borealis, other, certificateFor(other, 'record', 'their key'));
  expect(codeOf(() => decodeStateCard(cardOf([...certificates, foreign])))).toBe('identity.wrong-issuer');
});

test('a card that contradicts itself is refused', async () => {
  const reused = await certify(arcadia, charter, certificateFor(charter, 'witness', 'log key'));
  expect(codeOf(() => decodeStateCard(cardOf([...certificates, reused])))).toBe('identity.key-reused');
});

test('one changed bit anywhere is noticed', () => {
  const bytes = cardOf(certificates.slice(0, 1));
  for (let at = 0; at < bytes.length; at += 37) {
    const changed = Uint8Array.from(bytes);
    changed[at] = (changed[at] as number) ^ 1;
    expect(
      codeOf(() => decodeStateCard(changed)),
      `byte ${at}`,
    ).toBeDefined();
  }
});

test('what is no card is refused', () => {
  const [certificate] = certificates;
  const cases = [
    encode(new Map([[1, charter.bytes]])),
    encode(
      new Map<number, Uint8Array | Uint8Array[]>([
        [1, charter.bytes],
        [2, []],
        [3, []],
      ]),
    ),
    encode(
      new Map<number, Uint8Array | Uint8Array[]>([
        [1, charter.bytes],
        [2, new Array<Uint8Array>(MAX_CERTIFICATES_PER_STATE + 1).fill(certificate!.bytes)],
      ]),
    ),
    new Uint8Array(MAX_CARD_BYTES + 1),
    new Uint8Array(0),
    charter.bytes,
  ];
  for (const bytes of cases) expect(codeOf(() => decodeStateCard(bytes))).toMatch(/^cbor\./);
});
