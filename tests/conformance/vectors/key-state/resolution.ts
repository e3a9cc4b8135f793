// Vectors of key-state.md §4: what a key counts for.

import { hex } from '../cbor-text.ts';
import { type ChainLink, FIRST_CHARTER, SECOND_CHARTER } from '../charter/chain-forms.ts';
import { certified, DAY_SECONDS, keyNamed, member } from '../charter/forms.ts';
import type { KeyPair } from '../signing.ts';
import { arcadia, BEGIN_SECONDS, certificatePayload, type Usage } from '../states.ts';
import type { InvalidCase, Json, ValidCase, VectorFile } from '../vector.ts';
import {
  after,
  ended,
  entry,
  ISSUED_SECONDS,
  KEY_STATE_DAYS,
  type KeyStateDocument,
  keyStateOf,
} from './forms.ts';

const { record, log } = arcadia.keys;
const END_SECONDS = BEGIN_SECONDS + 5 * DAY_SECONDS;
const LATE = keyNamed('key that a thief has certified');
const RENEWED = keyNamed('new record key');

const LIVE = keyStateOf(arcadia);
const SUPERSEDED = after(LIVE, ended(record, 'superseded', entry(record, END_SECONDS)));
const REVOKED = after(LIVE, ended(record, 'revoked', entry(record, END_SECONDS, 'compromised')));
const UNDER_SECOND = keyStateOf(arcadia, SECOND_CHARTER);
const both = [FIRST_CHARTER, SECOND_CHARTER];

interface Question {
  readonly keyStates: readonly KeyStateDocument[];
  readonly charters?: readonly ChainLink[];
  readonly more?: readonly Buffer[];
  readonly key?: KeyPair;
  readonly usage?: Usage;
  readonly at?: number;
  readonly trusted?: number;
  readonly now?: number;
}

const asked = ({
  keyStates,
  charters = [FIRST_CHARTER],
  more = [],
  key = record,
  usage = 'record',
  at = END_SECONDS - 1,
  trusted,
  now = ISSUED_SECONDS + DAY_SECONDS,
}: Question): ValidCase['in'] => ({
  charters: charters.map(({ message }) => hex(message)),
  certificates: [...Object.values(arcadia.certificates), ...more].map(hex),
  keyStates: keyStates.map(({ message }) => hex(message)),
  keyId: hex(key.keyId),
  usage,
  atSeconds: at,
  ...(trusted !== undefined && { trustedSeconds: trusted }),
  nowSeconds: now,
});

function found(comment: string, standing: string, question: Question, keyState?: Json): ValidCase {
  const { key = record, usage = 'record' } = question;
  const drawn = member(certificatePayload(arcadia.idText, usage, key), 7) as Uint8Array;
  return {
    comment,
    in: asked(question),
    out: { certificateId: hex(drawn), standing, ...(keyState !== undefined && { keyState }) },
  };
}
const age = (version: number, ageSeconds = DAY_SECONDS, stale = false): Json => ({
  version,
  ageSeconds,
  stale,
});
const last = ISSUED_SECONDS + KEY_STATE_DAYS * DAY_SECONDS;
const byNewRoot = certified(arcadia, 'record', RENEWED, [], SECOND_CHARTER.rootKeys);

const VALID: readonly ValidCase[] = [
  found('4.1: without a key state', 'live', { keyStates: [] }),
  found('4.2: a live key', 'live', { keyStates: [LIVE] }, age(1)),
  found(
    '4.3: a superseded key, a second before its end',
    'superseded',
    { keyStates: [LIVE, SUPERSEDED] },
    age(2),
  ),
  found(
    '4.4: a revoked key, with a trusted time a second before the theft',
    'revoked',
    { keyStates: [LIVE, REVOKED], trusted: END_SECONDS - 1 },
    age(2),
  ),
  found(
    '4.4: a revoked key whose document names a later time than the theft, which trusted time shows to be wrong',
    'revoked',
    { keyStates: [REVOKED], at: END_SECONDS + 100, trusted: END_SECONDS - 1 },
    age(2),
  ),
  found(
    '4.4: another key than the one that is revoked',
    'live',
    { keyStates: [REVOKED], key: log, usage: 'log' },
    age(2),
  ),
  found(
    '4.6: a second before the end',
    'live',
    { keyStates: [LIVE], now: last - 1 },
    age(1, KEY_STATE_DAYS * DAY_SECONDS - 1),
  ),
  found(
    '4.6: stale at its end, and decided by',
    'live',
    { keyStates: [LIVE], now: last },
    age(1, KEY_STATE_DAYS * DAY_SECONDS, true),
  ),
  found('4.6: issued in the future', 'live', { keyStates: [LIVE], now: ISSUED_SECONDS - 1 }, age(1, 0)),
  found(
    '3.1: an earlier one that comes later changes nothing',
    'superseded',
    { keyStates: [SUPERSEDED, LIVE] },
    age(2),
  ),
  found(
    '4.2: a key that the first charter certified and the key state under the second names',
    'live',
    { charters: both, keyStates: [UNDER_SECOND] },
    age(1),
  ),
  found('4.1: a key that the second charter has certified, where no key state is known', 'live', {
    charters: both,
    keyStates: [],
    more: [byNewRoot],
    key: RENEWED,
  }),
];

const refused = (code: string, clause: string, comment: string, question: Question): InvalidCase => ({
  comment,
  in: asked(question),
  code: `identity.${code}`,
  clause,
});
const foreign = certified(arcadia, 'record', LATE);

const REFUSED: readonly InvalidCase[] = [
  refused('key-not-listed', '4.2', 'certified, and not named by the state', {
    keyStates: [LIVE],
    more: [foreign],
    key: LATE,
  }),
  refused('key-not-listed', '4.2', 'certified by the first charter, and no key state under the second', {
    charters: both,
    keyStates: [],
  }),
  refused('key-not-listed', '4.2', 'certified by the first charter, after the second', {
    charters: both,
    keyStates: [UNDER_SECOND],
    more: [foreign],
    key: LATE,
  }),
  refused('key-superseded', '4.3', 'in the second of its end', { keyStates: [SUPERSEDED], at: END_SECONDS }),
  refused('key-superseded', '4.3', 'after its end, whatever trusted time there is', {
    keyStates: [SUPERSEDED],
    at: END_SECONDS + 5,
    trusted: END_SECONDS - 5,
  }),
  refused('key-revoked', '4.4', 'no trusted time, and a document that names an early one', {
    keyStates: [REVOKED],
    at: BEGIN_SECONDS,
  }),
  refused('key-revoked', '4.4', 'a trusted time in the second of the theft', {
    keyStates: [REVOKED],
    trusted: END_SECONDS,
  }),
  refused('key-revoked', '4.4', 'a trusted time after the theft', {
    keyStates: [REVOKED],
    trusted: END_SECONDS + DAY_SECONDS,
  }),
  refused('key-revoked', '4.4', 'a stale key state revokes too', {
    keyStates: [REVOKED],
    now: last + 365 * DAY_SECONDS,
  }),
];

export const resolutionVectors: readonly VectorFile[] = [
  { topic: 'key-state', name: 'resolution', op: 'key-state.resolve', valid: VALID },
  { topic: 'key-state', name: 'resolution', op: 'key-state.resolve', invalid: REFUSED },
];
