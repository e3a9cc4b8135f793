import type { LetterEntry } from '@comity/log';
import type { Grounds } from '../release/grounds.ts';
import type { ReleaseNote } from '../release/planned-release.ts';

/** What was decided in mode letter, and what goes along with it. */
export interface LetterRelease {
  readonly digests: readonly string[];
  readonly purpose: string;
  readonly grounds: Grounds;
  /** From person to person. */
  readonly note?: string;
}

/** A letter as it goes into the ledger of a peer. */
export interface PlannedLetter {
  /** SHA-256 of the letter as sealed, in hexadecimal. */
  readonly id: string;
  readonly entry: LetterEntry;
  /** Leaf data of the ledger. */
  readonly leaf: Uint8Array;
  /** As sealed. */
  readonly bytes: Uint8Array;
  readonly note: ReleaseNote;
}
