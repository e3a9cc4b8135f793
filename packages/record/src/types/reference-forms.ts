// What a field refers to: states, records, norms, and documents by their digest.

import { isStateId, type StateId } from '@comity/label';
import { stateNamed } from '../known-states.ts';
import { isRecordId } from '../record-id.ts';
import { splitSubject } from '../subject.ts';
import { plainForm, type ValueForm } from './form.ts';

const DIGEST = /^[0-9a-f]{64}$/;

/** A state: written as id or as the code of a known state, signed as id. */
export const state: ValueForm = {
  expected: 'the id of a state',
  read: (value, at, faults, states) =>
    stateNamed(value, states) ??
    faults.add('record.unknown-state', at, 'expected the code or id of a known state'),
  write: (value, codeOf) => codeOf(value as StateId) ?? value,
  accepts: (value) => typeof value === 'string' && isStateId(value),
};

export const recordReference: ValueForm = plainForm('a record id', isRecordId);

export const normReference: ValueForm = plainForm(
  'a record id, or a subject such as norm/un-a-70-174',
  (value): value is string =>
    typeof value === 'string' && (isRecordId(value) || splitSubject(value)?.type === 'norm'),
);

/** SHA-256 as it is signed in a field. @param of what has this digest, for messages */
export function digestOf(of: string): ValueForm {
  return plainForm(
    `the digest of ${of}, 64 lower-case hexadecimal digits`,
    (value): value is string => typeof value === 'string' && value.length === 64 && DIGEST.test(value),
  );
}
