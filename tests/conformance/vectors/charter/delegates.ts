// Ministries of Arcadia to which it delegates, and the keys that they certify.

import type { Item } from '../cbor-text.ts';
import { record } from '../cbor-text.ts';
import type { KeyPair } from '../signing.ts';
import { arcadia, BEGIN_SECONDS, END_SECONDS } from '../states.ts';
import { type Change, certified, DAY_SECONDS, keyNamed } from './forms.ts';

/** A delegate signs for at most 90 days. */
export const DELEGATED_SECONDS: number = 90 * DAY_SECONDS;

export const MINISTRY: KeyPair = keyNamed('ministry');
export const AGENCY: KeyPair = keyNamed('agency of the ministry');
export const OFFICE: KeyPair = keyNamed('record key of an office');

export const scopeOf = (max?: Item, types?: Item): Change => ['scope', record({ types, max })];

const SHORT: readonly Change[] = [[4, BEGIN_SECONDS + DELEGATED_SECONDS]];

/** The certificate of a delegate by the root keys of Arcadia. */
export const delegate = (key: KeyPair, depth: Item, changes: readonly Change[] = []): Buffer =>
  certified(arcadia, 'record', key, merged([['use', 'delegate'], ['depth', depth], ...changes]));

/** A record key that a delegate certifies. */
export const delegated = (
  key: KeyPair,
  by: Item,
  signers: readonly KeyPair[],
  changes: readonly Change[] = [],
): Buffer => certified(arcadia, 'record', key, membersBelow(by, changes), signers);

/** A delegate that a delegate certifies. */
export const subDelegate = (
  key: KeyPair,
  by: Item,
  signers: readonly KeyPair[],
  changes: readonly Change[] = [],
): Buffer => delegated(key, by, signers, [['use', 'delegate'], ['depth', 1], ...changes]);

/** What `delegated` changes of the payload of a certificate. */
export const membersBelow = (by: Item, changes: readonly Change[] = []): readonly Change[] =>
  merged([...SHORT, ['by', by], ...changes]);

/** Of two changes of one member the last counts. */
const merged = (changes: readonly Change[]): readonly Change[] => [...new Map(changes)];

/** The ministry may certify record keys, everything else is as in the certificate of a record key. */
export const MINISTRY_ONE: Buffer = delegate(MINISTRY, 1);
/** The ministry may certify delegates too. */
export const MINISTRY_TWO: Buffer = delegate(MINISTRY, 2);
/** An agency under it. */
export const AGENCY_ONE: Buffer = subDelegate(AGENCY, MINISTRY_TWO, [MINISTRY]);
/** The record key of an office, by the ministry. */
export const OFFICE_ONE: Buffer = delegated(OFFICE, MINISTRY_ONE, [MINISTRY]);
/** The same by the agency. */
export const OFFICE_TWO: Buffer = delegated(OFFICE, AGENCY_ONE, [AGENCY]);

export const LAST_BEGIN: number = END_SECONDS - DELEGATED_SECONDS;
