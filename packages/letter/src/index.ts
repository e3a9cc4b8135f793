// Letters: what only one named officer of another state may read (protocol/letter.md). Pure, without store and network.

export {
  type LetterAddress,
  type LetterContent,
  MAX_LETTER_BYTES,
  MAX_NOTE_BYTES,
  sizeOfLetter,
} from './letter.ts';
export { type OpenedLetter, openLetter, verifyLetter } from './open.ts';
export { LETTER_SIZES } from './padding.ts';
export { sealLetter } from './seal.ts';
