import { encode } from '@comity/cbor';
import { equalBytes, sha256Hex } from '@comity/digest';
import type { StateId } from '@comity/label';
import { decodeLetter, encodeLetter, LETTER_SIZES, MAX_LETTER_BYTES, sizeOfLetter } from '@comity/ledger';
import { disclosuresFor, type View } from '@comity/record';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { sealBase } from './hpke.ts';
import { type LetterAddress, type LetterContent, openLetter, sealLetter, verifyLetter } from './index.ts';
import { encodeAddress } from './letter.ts';
import { pad, unpad } from './padding.ts';
import {
  DAY,
  enrol,
  entropyOf,
  found,
  issue,
  KeyDirectory,
  named,
  START,
  type TestOfficer,
  type TestState,
} from './states.test-support.ts';

const directory = new KeyDirectory();
let arcadia: TestState;
let borealis: TestState;
let anna: TestOfficer;
let record: View;
let address: LetterAddress;
let content: LetterContent;
const SEALED_AT = START + 2 * DAY;

beforeAll(async () => {
  arcadia = await found('XAR', directory);
  borealis = await found('XBO', directory);
  anna = await enrol(borealis, 'anna', directory);
  record = await issue(arcadia, 'Flood in the north');
  const { state, id, kid } = anna.known.officer;
  address = { sender: arcadia.charter.state, recipient: state, officer: id, kid };
  const title = record.parts.find(({ pathText }) => pathText === 'title')?.digest ?? '';
  content = {
    record: record.bytes,
    disclosures: disclosuresFor(record, new Set([title])),
    atSeconds: SEALED_AT,
    purpose: 'incident-response',
    note: 'For your eyes,\nand nobody else’s',
  };
});

const seal = (change: Partial<LetterContent> = {}, to = anna.known, name = 'seal'): Promise<Uint8Array> =>
  sealLetter({ ...content, ...change }, arcadia.charter.state, to, entropyOf(name));

const open = (letter: Uint8Array, change: Partial<LetterAddress> = {}, key = anna.privateKey) =>
  openLetter(letter, key, { ...address, ...change });

test('what was sealed is read by the officer, and verifies as a record of the sender', async () => {
  const letter = await seal();
  const opened = await open(letter);
  expect(opened).toEqual(content);
  const { view, ...said } = verifyLetter(opened, arcadia.charter.state, directory, SEALED_AT);
  expect(view.header.id).toBe(record.header.id);
  expect(view.parts.map(({ pathText }) => pathText)).toEqual(['title']);
  expect(said).toEqual({ atSeconds: SEALED_AT, purpose: 'incident-response', note: content.note });
});

test('a letter without a note has none', async () => {
  const { note: _note, ...silent } = content;
  const letter = await sealLetter(silent, arcadia.charter.state, anna.known, entropyOf('seal'));
  expect(verifyLetter(await open(letter), arcadia.charter.state, directory)).not.toHaveProperty('note');
});

test('shows nothing of the record, and is another one each time', async () => {
  const [one, same, other] = [await seal(), await seal(), await seal({}, anna.known, 'again')];
  expect(sha256Hex(one)).toBe(sha256Hex(same));
  expect(sha256Hex(one)).not.toBe(sha256Hex(other));
  const text = new TextDecoder('latin1').decode(one);
  for (const part of ['Flood', 'Water', 'incident', 'anna', 'eyes']) expect(text).not.toContain(part);
});

test('has one of six sizes, whatever it says', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 60 }),
      fc.integer({ min: 1, max: 65_536 }),
      async (count, length) => {
        const disclosures = Array.from({ length: count }, () => new Uint8Array(length));
        const letter = await seal({ disclosures });
        const size = sizeOfLetter(decodeLetter(letter));
        expect(LETTER_SIZES).toContain(size);
        // 16 bytes of tag, and the heads of the list and its two strings with the encapsulated key.
        expect(letter.length - size - 16).toBeLessThanOrEqual(40);
        expect(letter.length).toBeLessThanOrEqual(MAX_LETTER_BYTES);
        const opened = (await open(letter)).disclosures;
        expect(opened).toHaveLength(count);
        expect(opened.every((each, index) => equalBytes(each, disclosures[index] as Uint8Array))).toBe(true);
      },
    ),
    { numRuns: 30, seed: 4 },
  );
});

test('padding comes off again, and has one form', () => {
  for (const size of LETTER_SIZES.slice(0, 3)) {
    for (const length of [0, 1, size - 2, size - 1, size]) {
      const bytes = new Uint8Array(length).fill(7);
      if (length > 0) bytes[length - 1] = 0;
      const padded = pad(bytes);
      expect(padded.length).toBe(LETTER_SIZES.find((each) => each > length));
      expect(unpad(padded)).toEqual(bytes);
    }
  }
  const badPadding = expect.objectContaining({ code: 'letter.bad-padding' });
  expect(() => unpad(new Uint8Array(4_096))).toThrow(badPadding);
  expect(() => unpad(new Uint8Array(4_096).fill(1))).toThrow(badPadding);
  expect(() => unpad(new Uint8Array(16_384).fill(0x80, 0, 4_096))).toThrow(badPadding);
  expect(unpad(new Uint8Array(16_384).fill(0x80, 0, 4_097))).toHaveLength(4_096);
});

describe('does not open', () => {
  const refused = { code: 'letter.not-opened' };

  test('with any byte changed', async () => {
    const letter = await seal();
    await fc.assert(
      fc.asyncProperty(
        fc.nat(letter.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, difference) => {
          const changed = letter.with(at, (letter[at] as number) ^ difference);
          await expect(open(changed)).rejects.toMatchObject({
            code: expect.stringMatching(/^(letter\.not-opened|letter\.wrong-size|cbor\.[a-z-]+)$/),
          });
        },
      ),
      { numRuns: 200, seed: 4 },
    );
  });

  test('as a letter from another state, to another state or officer, or under another certificate', async () => {
    const letter = await seal();
    for (const change of [
      { sender: borealis.charter.state },
      { recipient: arcadia.charter.state },
      { officer: 'bruno' },
      { kid: named('other') },
    ])
      await expect(open(letter, change)).rejects.toMatchObject(refused);
  });

  test('for whoever has another key', async () => {
    const bruno = await enrol(borealis, 'bruno', directory);
    await expect(open(await seal(), {}, bruno.privateKey)).rejects.toMatchObject(refused);
    await expect(open(await seal({}, bruno.known))).rejects.toMatchObject(refused);
    await expect(open(await seal(), {}, new Uint8Array(31))).rejects.toMatchObject(refused);
  });
});

describe('is refused', () => {
  /** What nobody seals who seals with this program. */
  const sealed = async (padded: Uint8Array): Promise<Uint8Array> =>
    encodeLetter(
      await sealBase(anna.known.officer.sealKey as Uint8Array, encodeAddress(address), padded, named('ikm')),
    );

  test('where it has another size, or another form', async () => {
    await expect(open(await sealed(new Uint8Array(4_095)))).rejects.toMatchObject({
      code: 'letter.wrong-size',
    });
    await expect(open(encode([new Uint8Array(31), new Uint8Array(4_112)]))).rejects.toMatchObject({
      code: 'cbor.shape',
    });
    await expect(open(new Uint8Array(MAX_LETTER_BYTES + 1))).rejects.toMatchObject({
      code: 'cbor.too-many-bytes',
    });
    const letter = await seal();
    await expect(open(letter.subarray(0, -1))).rejects.toMatchObject({ code: 'cbor.truncated' });
  });

  test('where its content is padded otherwise, or no content', async () => {
    await expect(open(await sealed(new Uint8Array(4_096)))).rejects.toMatchObject({
      code: 'letter.bad-padding',
    });
    const empty = await sealed(pad(encode(new Map<number, number>())));
    await expect(open(empty)).rejects.toMatchObject({ code: 'cbor.shape' });
  });

  test('where the record is not the sender’s own, or does not verify', async () => {
    const foreign = await issue(borealis, 'Their own');
    const passedOn = { ...content, record: foreign.bytes, disclosures: [] };
    const verified =
      (what: LetterContent, sender: StateId = arcadia.charter.state) =>
      () =>
        verifyLetter(what, sender, directory, SEALED_AT);
    const code = (expected: string) => expect.objectContaining({ code: expected });
    expect(verified(passedOn)).toThrow(code('letter.wrong-issuer'));
    expect(verified(passedOn, borealis.charter.state)).not.toThrow();
    const changed = record.bytes.with(-1 + record.bytes.length, 0);
    expect(verified({ ...content, record: changed })).toThrow(code('ed25519.bad-signature'));
    const twice = [...content.disclosures, ...content.disclosures];
    expect(verified({ ...content, disclosures: twice })).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^record\./) }),
    );
  });
});

describe('is not sealed', () => {
  test('to somebody who is no officer when it is, or has no key for letters', async () => {
    const { officer } = anna.known;
    const ended = { officer, endedAtSeconds: SEALED_AT };
    await expect(seal({}, ended)).rejects.toMatchObject({ code: 'officer.ended' });
    await expect(seal({ atSeconds: SEALED_AT - 1 }, ended)).resolves.toBeDefined();
    await expect(seal({ atSeconds: START + 100 * DAY })).rejects.toMatchObject({ code: 'officer.expired' });
    await expect(seal({ atSeconds: START - 1 })).rejects.toMatchObject({ code: 'officer.not-yet-valid' });
    const { sealKey: _sealKey, ...mute } = officer;
    await expect(seal({}, { officer: mute as typeof officer, endedAtSeconds: null })).rejects.toMatchObject({
      code: 'letter.no-seal-key',
    });
  });

  test('where it says too much', async () => {
    const disclosures = Array.from({ length: 64 }, () => new Uint8Array(65_536));
    await expect(seal({ disclosures })).rejects.toMatchObject({ code: 'letter.too-large' });
    await expect(seal({ disclosures: disclosures.slice(1) })).rejects.toMatchObject({
      code: 'letter.too-large',
    });
    await expect(seal({ disclosures: disclosures.slice(2) })).resolves.toBeDefined();
    await expect(seal({ note: 'n'.repeat(1_001) })).rejects.toMatchObject({ code: 'cbor.shape' });
    await expect(seal({ note: 'turned \u202e round' })).rejects.toMatchObject({ code: 'cbor.shape' });
  });
});
