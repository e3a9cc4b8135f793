import { Fault } from '@comity/fault';
import { LETTER_SIZES } from '@comity/ledger';

const MARK = 0x80;

/** Longest content: one byte of the largest size is the mark. */
export const MAX_CONTENT_BYTES: number = (LETTER_SIZES.at(-1) as number) - 1;

/**
 * Pads a content to the smallest size that has room for it and the mark behind it.
 *
 * @throws Fault `letter.too-large`
 */
export function pad(content: Uint8Array): Uint8Array {
  const size = LETTER_SIZES.find((each) => content.length < each);
  if (size === undefined) {
    throw new Fault('letter.too-large', `a letter holds at most ${MAX_CONTENT_BYTES} bytes`, {
      fields: { bytes: content.length },
    });
  }
  const padded = new Uint8Array(size);
  padded.set(content);
  padded[content.length] = MARK;
  return padded;
}

/**
 * The content of what was padded.
 *
 * @throws Fault `letter.bad-padding` where no mark stands behind it, or more was padded than had to be
 */
export function unpad(padded: Uint8Array): Uint8Array {
  const end = padded.findLastIndex((byte) => byte !== 0);
  const smaller = LETTER_SIZES.findLast((size) => size < padded.length) ?? 0;
  if (padded[end] !== MARK || end < smaller) {
    throw new Fault('letter.bad-padding', 'the content is not padded to the size that it needs');
  }
  return padded.subarray(0, end);
}
