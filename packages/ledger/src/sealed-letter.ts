import { bytes, decodeWith, encodeWith, tuple } from '@comity/cbor';
import { concatBytes, equalBytes, sha256 } from '@comity/digest';
import { Fault } from '@comity/fault';

/** Lengths that the padded content of a letter can have, in bytes: all that is seen of how much it says (letter.md 2.5). */
export const LETTER_SIZES: readonly number[] = [4_096, 16_384, 65_536, 262_144, 1_048_576, 4_128_768];

/** What the cipher of letters adds to a content, and the length of what it encapsulates a key in (RFC 9180 §7). */
const TAG_BYTES = 16;
const ENC_BYTES = 32;
const MAX_CIPHERTEXT_BYTES = (LETTER_SIZES.at(-1) as number) + TAG_BYTES;

/** Longest letter as it is sealed: a list of two byte strings. */
export const MAX_LETTER_BYTES: number = 1 + (2 + ENC_BYTES) + (5 + MAX_CIPHERTEXT_BYTES);

/** Bytes of each piece that a letter travels in, but the last. */
const PIECE_BYTES = 65_536;

/** A letter that only the officer it is for can read. */
export interface SealedLetter {
  /** The encapsulated key, 32 bytes. */
  readonly enc: Uint8Array;
  /** As long as one of `LETTER_SIZES` and a tag of 16 bytes. */
  readonly ciphertext: Uint8Array;
}

const LIMITS = { maxBytes: MAX_LETTER_BYTES, maxDepth: 1, maxItems: 8 };
const sealedShape = tuple(bytes(ENC_BYTES), bytes({ min: 1, max: MAX_CIPHERTEXT_BYTES }));

/** A letter as it travels, and as its digest is made of. */
export function encodeLetter({ enc, ciphertext }: SealedLetter): Uint8Array {
  return encodeWith(sealedShape, [enc, ciphertext], LIMITS);
}

/**
 * Looks at the form of a letter: all that can be looked at without the key.
 *
 * @throws Fault `cbor.*`, `letter.wrong-size`
 */
export function decodeLetter(letter: Uint8Array): SealedLetter {
  const [enc, ciphertext] = decodeWith(sealedShape, letter, LIMITS);
  const sealed = { enc, ciphertext };
  if (LETTER_SIZES.includes(sizeOf(sealed))) return sealed;
  throw new Fault('letter.wrong-size', 'the ciphertext has not the length of that of a letter', {
    fields: { bytes: ciphertext.length },
  });
}

/** How much a letter can say at most, in bytes: one of `LETTER_SIZES`. */
export function sizeOf({ ciphertext }: SealedLetter): number {
  return ciphertext.length - TAG_BYTES;
}

/** A letter cut into the pieces that an item has in place of disclosures (ledger.md 3.7). */
export function piecesOfLetter(letter: Uint8Array): Uint8Array[] {
  const count = Math.ceil(letter.length / PIECE_BYTES);
  return Array.from({ length: count }, (_, piece) =>
    letter.subarray(piece * PIECE_BYTES, (piece + 1) * PIECE_BYTES),
  );
}

/**
 * The letter that came in pieces, as its sender's ledger names it.
 *
 * @param digest SHA-256 of the letter, from the entry
 * @throws Fault `node.item-mismatch` where it is cut otherwise or is another one, `cbor.*`, `letter.wrong-size`
 */
export function joinLetter(pieces: readonly Uint8Array[], digest: Uint8Array): Uint8Array {
  const isCutRight = pieces.every(
    ({ length }, index) =>
      length === PIECE_BYTES || (index === pieces.length - 1 && length > 0 && length < PIECE_BYTES),
  );
  const byteLength = pieces.reduce((sum, { length }) => sum + length, 0);
  if (!isCutRight || byteLength > MAX_LETTER_BYTES)
    throw new Fault('node.item-mismatch', 'a letter comes in pieces of 65536 bytes, the last one shorter');
  const letter = concatBytes(...pieces);
  if (!equalBytes(sha256(letter), digest))
    throw new Fault('node.item-mismatch', 'the letter is not the one that the ledger entry names');
  decodeLetter(letter);
  return letter;
}
