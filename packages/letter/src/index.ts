// Letters: what only one named officer of another state may read (protocol/letter.md). Pure, without store and network.

export {
  type LetterAddress,
  type LetterContent,
  MAX_NOTE_BYTES,
} from './letter.ts';
export { type OpenedLetter, openLetter, verifyLetter } from './open.ts';
export { sealLetter } from './seal.ts';
