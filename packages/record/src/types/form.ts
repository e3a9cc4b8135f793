import type { CborValue } from '@comity/cbor';
import type { StateId } from '@comity/label';
import type { DraftFaults, DraftPath } from '../draft-faults.ts';
import type { KnownStates } from '../known-states.ts';
import { MAX_TIME_SECONDS } from '../limits.ts';
import { formatTimeText, parseTimeText } from '../time-text.ts';

/** Under which code a state is known; undefined for one that is not: then it is named by its id. */
export type CodeOf = (state: StateId) => string | undefined;

/** A signed value as a person writes it. One of another form stands there as it is, for its author to see. */
export function writtenIn(form: ValueForm, value: CborValue, codeOf: CodeOf): unknown {
  return form.write === undefined || !form.accepts(value) ? value : form.write(value, codeOf);
}

/** The form of a value, for both directions: from what a person writes, and of what a peer has signed. */
export interface ValueForm {
  /** For messages: what is expected, for instance `a text map`. */
  readonly expected: string;
  /** The value to sign; undefined with one fault or more where the draft has another form. `states` resolves their codes. */
  read(value: unknown, at: DraftPath, faults: DraftFaults, states: KnownStates): CborValue | undefined;
  /** A signed value of this form as a person writes it; absent where that is the value itself. `codeOf` names states. */
  write?(value: CborValue, codeOf: CodeOf): unknown;
  /** Whether a signed value has this form. Entries that a later version may have added to a map are no objection. */
  accepts(value: CborValue): boolean;
}

/** A value that is written as it is signed. */
export function plainForm(expected: string, accepts: (value: unknown) => value is CborValue): ValueForm {
  return {
    expected,
    read: (value, at, faults) =>
      accepts(value) ? value : faults.add('record.bad-value', at, `expected ${expected}`),
    accepts,
  };
}

export const boolean: ValueForm = plainForm('true or false', (value) => typeof value === 'boolean');

/** An unsigned integer. */
export function count(max: number): ValueForm {
  return plainForm(
    `a whole number from 0 to ${max}`,
    (value): value is number =>
      Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= max,
  );
}

/** Seconds since 1970, written as such: for values that come from other systems. */
export const seconds: ValueForm = count(MAX_TIME_SECONDS);

/** A point in time: written as RFC 3339 text, signed as UTC seconds. */
export const time: ValueForm = {
  expected: 'a UTC time such as 2026-11-24T10:30:00Z',
  read(value, at, faults) {
    const parsed = typeof value === 'string' ? parseTimeText(value) : undefined;
    return parsed ?? faults.add('record.bad-time', at, `expected ${time.expected}`);
  },
  write: (value) => formatTimeText(value as number),
  accepts: seconds.accepts,
};

/** One of a few words. */
export function oneOf(...words: readonly string[]): ValueForm {
  return {
    expected: `one of ${words.join(', ')}`,
    read(value, at, faults) {
      if (typeof value === 'string' && words.includes(value)) return value;
      return faults.add('record.unknown-value', at, `expected one of ${words.join(', ')}`);
    },
    accepts: (value) => typeof value === 'string' && words.includes(value),
  };
}

/** A word that a registry lists; `registry` names it for messages. */
export function registered(registry: string, isRegistered: (word: string) => boolean): ValueForm {
  return {
    expected: `an identifier of ${registry}`,
    read(value, at, faults) {
      if (typeof value === 'string' && isRegistered(value)) return value;
      return faults.add('record.unknown-value', at, `expected an identifier of ${registry}`);
    },
    accepts: (value) => typeof value === 'string' && isRegistered(value),
  };
}
