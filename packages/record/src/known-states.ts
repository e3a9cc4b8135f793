import { isStateCode, isStateId, type StateCode, type StateId } from '@comity/label';

/** What the reader of a draft knows of other states. */
export interface KnownStates {
  /** The id of a state that is known under a code. */
  stateOf(code: StateCode): StateId | undefined;
}

/** The state that a person has named by id or by code; undefined where it is neither, or the code of no known state. */
export function stateNamed(written: unknown, states: KnownStates): StateId | undefined {
  if (typeof written !== 'string') return undefined;
  if (isStateId(written)) return written;
  return isStateCode(written) ? states.stateOf(written) : undefined;
}
