import { array, document, field, oneOf, optionalField, type Shape, text, uint } from '@comity/cbor';

import { IDENTIFIER } from './identifier.ts';
import type { Pap } from './pap.ts';
import { type StateId, stateIdShape } from './state-id.ts';
import type { Tlp } from './tlp.ts';

/** The categories of one set that a label carries. */
export interface LabelCategories {
  readonly set: string;
  readonly values: readonly string[];
}

/** The label that replaces another one from a date on. */
export interface Succession {
  /** UTC seconds; applies from this second on. */
  readonly atSeconds: number;
  readonly label: Label;
}

/**
 * The confidentiality label of a part or of a record, after STANAG 4774. Lists are sets: their order says nothing, and
 * none is empty.
 */
export interface Label {
  /** Id of the scheme that defines `classification` and `categories`: that of the originating state. */
  readonly scheme: string;
  readonly classification: string;
  /** Absent: no TLP statement. */
  readonly tlp?: Tlp;
  readonly pap?: Pap;
  /** States it may be handed to. Absent: the originating state only (domain.md §1.4, caution). */
  readonly releasableTo?: readonly StateId[];
  /** States it may be shown to but not handed to. */
  readonly displayOnlyTo?: readonly StateId[];
  readonly categories?: readonly LabelCategories[];
  /** Purposes it may be used for. Absent: no limit. */
  readonly purposes?: readonly string[];
  /** A note for readers, never used to decide. */
  readonly privacyMark?: string;
  /** Rules of handling that the recipient accepts with the part, such as `no-print`. */
  readonly handling?: readonly string[];
  readonly createdAtSeconds?: number;
  /** When a person should look at the label again. Nothing happens by itself at this time. */
  readonly reviewAtSeconds?: number;
  readonly succession?: Succession;
}

/** Successors in a row: history beyond that belongs into a new record. */
export const MAX_SUCCESSIONS = 4;

/** States in one list: more than there are in the world. */
export const MAX_STATES = 256;

export const MAX_LABEL_CATEGORY_SETS = 32;
export const MAX_LABEL_CATEGORIES = 128;
export const MAX_PURPOSES = 32;
export const MAX_HANDLING = 32;

/** Latest time that a label can name, in UTC seconds: the year 9999, so that every reader can print it. */
export const MAX_TIME_SECONDS = 253_402_300_799;

const identifier = text({ maxBytes: 64, pattern: IDENTIFIER });
const states = array(stateIdShape, { min: 1, max: MAX_STATES });
const time = uint(MAX_TIME_SECONDS);

/*
 * Keys on the wire
 *   label        1 scheme · 2 classification · 3 tlp? · 4 pap? · 5 releasableTo? · 6 displayOnlyTo? · 7 categories? ·
 *                8 purposes? · 9 privacyMark? · 10 handling? · 11 createdAt? · 12 reviewAt? · 13 succession?
 *   categories   1 set · 2 values
 *   succession   1 at · 2 label
 */
const members = {
  scheme: field(1, identifier),
  classification: field(2, identifier),
  tlp: optionalField(3, oneOf('CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED')),
  pap: optionalField(4, oneOf('CLEAR', 'GREEN', 'AMBER', 'RED')),
  releasableTo: optionalField(5, states),
  displayOnlyTo: optionalField(6, states),
  categories: optionalField(
    7,
    array(
      document({
        set: field(1, identifier),
        values: field(2, array(identifier, { min: 1, max: MAX_LABEL_CATEGORIES })),
      }),
      { min: 1, max: MAX_LABEL_CATEGORY_SETS },
    ),
  ),
  purposes: optionalField(8, array(identifier, { min: 1, max: MAX_PURPOSES })),
  privacyMark: optionalField(9, text({ maxBytes: 640, minBytes: 1, display: true })),
  handling: optionalField(10, array(identifier, { min: 1, max: MAX_HANDLING })),
  createdAtSeconds: optionalField(11, time),
  reviewAtSeconds: optionalField(12, time),
};

// One shape for each length of chain, instead of a recursive one: no input makes the decoder go deeper.
function labelWithSuccessions(count: number): Shape<Label> {
  if (count === 0) return document(members);
  const succession = document({
    atSeconds: field(1, time),
    label: field(2, labelWithSuccessions(count - 1)),
  });
  return document({ ...members, succession: optionalField(13, succession) });
}

/** Label on the wire. What depends on the scheme, `checkLabel` tells. */
export const labelShape: Shape<Label> = labelWithSuccessions(MAX_SUCCESSIONS);
