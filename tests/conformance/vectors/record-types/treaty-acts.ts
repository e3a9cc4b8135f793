// What states do about a treaty, day by day, and how a status shows it.

import type { Item } from '../cbor-text.ts';
import type { RecordText } from '../record/text.ts';
import { arcadia, type State } from '../states.ts';
import type { Json } from '../vector.ts';
import { act, type ExpectedAct, type ExpectedState } from './norm-inputs.ts';
import { type CommitmentFields, commitment, day, type Options } from './norm-records.ts';

/** What a state did on a day, and how a status shows it. */
export interface Done {
  readonly text: RecordText;
  shown(more?: Partial<ExpectedAct>): Json;
}

export function done(
  about: RecordText,
  word: string,
  onDay: number,
  by: State = arcadia,
  fields: CommitmentFields = {},
  more: Options = {},
): Done {
  const text = commitment(about, word as Item, fields, { by, atSeconds: day(onDay), ...more });
  const { effectiveAt: _, ...visible } = fields;
  return {
    text,
    shown: (changes = {}) =>
      act({ of: text, act: word, issuedAtSeconds: day(onDay), ...visible, ...changes }),
  };
}

export const stands = (
  state: State,
  standing: string,
  since: number | undefined,
  ...acts: readonly Json[]
): ExpectedState => ({
  ...{ state, standing, acts },
  ...(since !== undefined && { since }),
});
