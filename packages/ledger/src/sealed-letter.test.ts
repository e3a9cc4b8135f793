import { concatBytes, equalBytes, sha256 } from '@comity/digest';
import { KeyDirectory } from '@comity/identity';
import { encodeLedgerEntry } from '@comity/log';
import { describe, expect, test } from 'vitest';
import {
  decodeLetter,
  encodeLetter,
  judgeItem,
  LETTER_SIZES,
  MAX_LETTER_BYTES,
  piecesOfLetter,
} from './index.ts';
import { named } from './state.test-support.ts';

function letterOf(size: number): Uint8Array {
  return encodeLetter({ enc: named('enc'), ciphertext: new Uint8Array(size + 16).fill(size % 251) });
}

function judged(pieces: readonly Uint8Array[], letter: Uint8Array, record?: Uint8Array) {
  const entry = { kind: 'letter', officer: 'anna', letterDigest: sha256(letter), atSeconds: 7 } as const;
  const item = { entry: encodeLedgerEntry(entry), record, disclosures: pieces };
  return { entry, judgement: judgeItem(item, new KeyDirectory(), 7) };
}

test.each(LETTER_SIZES)('a letter of %i bytes comes in pieces and is put together again', (size) => {
  const letter = letterOf(size);
  expect(letter.length).toBeLessThanOrEqual(MAX_LETTER_BYTES);
  const pieces = piecesOfLetter(letter);
  expect(equalBytes(concatBytes(...pieces), letter)).toBe(true);
  expect(pieces.slice(0, -1).every(({ length }) => length === 65_536)).toBe(true);
  const { entry, judgement } = judged(pieces, letter);
  expect(judgement).toMatchObject({ verdict: 'letter', entry });
  const came = judgement.verdict === 'letter' ? judgement.letter : undefined;
  expect(came !== undefined && equalBytes(came, letter)).toBe(true);
});

test('the largest letter is as long as a letter may be', () => {
  expect(letterOf(LETTER_SIZES.at(-1) as number).length).toBe(MAX_LETTER_BYTES);
});

test('a letter that is not handed over leaves the entry alone', () => {
  const { entry, judgement } = judged([], letterOf(4_096));
  expect(judgement).toEqual({ verdict: 'letter', entry, letter: undefined });
});

describe('a letter is rejected', () => {
  const letter = letterOf(262_144);
  const pieces = piecesOfLetter(letter);
  const [first = new Uint8Array(0), ...others] = pieces;
  const rejected = (code: string) => ({ verdict: 'rejected', code });

  test.each<[string, readonly Uint8Array[]]>([
    ['in pieces of another size', [first.subarray(0, 1), first.subarray(1), ...others]],
    ['with an empty piece', [...pieces, new Uint8Array(0)]],
    ['with a piece of which nothing is left', pieces.slice(1)],
    ['in another order', [...pieces.slice(1, 3), first, ...pieces.slice(3)]],
    ['with a byte changed', [first.with(99, 1), ...others]],
    ['with a byte more', [...others, Uint8Array.of(0)]],
    ['that is longer than any', Array.from({ length: 64 }, () => first)],
  ])('%s', (_what, changed) => {
    expect(judged(changed, letter).judgement).toEqual(rejected('node.item-mismatch'));
  });

  test('with a record', () => {
    expect(judged(pieces, letter, first).judgement).toEqual(rejected('node.item-mismatch'));
    expect(judged([], letter, first).judgement).toEqual(rejected('node.item-mismatch'));
  });

  test('of another form, also where the ledger names it', () => {
    const odd = encodeLetter({ enc: named('enc'), ciphertext: new Uint8Array(4_096) });
    expect(judged([odd], odd).judgement).toEqual(rejected('letter.wrong-size'));
    const none = Uint8Array.of(0x80);
    expect(judged([none], none).judgement).toEqual(rejected('cbor.shape'));
    expect(() => decodeLetter(new Uint8Array(MAX_LETTER_BYTES + 1))).toThrow(
      expect.objectContaining({ code: 'cbor.too-many-bytes' }),
    );
  });
});
