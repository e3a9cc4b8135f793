// Vectors of key-state.md §3: which of several key states counts.

import { hex, type Item } from '../cbor-text.ts';
import { FIRST_CHARTER } from '../charter/chain-forms.ts';
import { type Change, DAY_SECONDS } from '../charter/forms.ts';
import { arcadia, BEGIN_SECONDS } from '../states.ts';
import type { InvalidCase, ValidCase, VectorFile } from '../vector.ts';
import { after, ended, entry, idsOf, type KeyStateDocument, keyStateOf } from './forms.ts';

const { record, log } = arcadia.keys;
const STOLEN_SECONDS = BEGIN_SECONDS + 5 * DAY_SECONDS;

const FIRST = keyStateOf(arcadia);
const REPLACED = after(FIRST, ended(record, 'superseded', entry(record, STOLEN_SECONDS)));
const REVOKED = after(REPLACED, [
  ['superseded', []],
  ['revoked', [entry(record, STOLEN_SECONDS - 1, 'compromised')]],
]);
const RENEWED = after(REVOKED, [
  [6, STOLEN_SECONDS + 20 * DAY_SECONDS],
  [4, STOLEN_SECONDS + 40 * DAY_SECONDS],
]);
const EARLIER = after(RENEWED, [['revoked', [entry(record, STOLEN_SECONDS - DAY_SECONDS, 'lost')]]]);

const ROOT = Buffer.alloc(32, 7);
const LOG_END: Item = [[5, ROOT], STOLEN_SECONDS, 'compromised'];
const RENEWED_LOG = after(FIRST, [['logs', [LOG_END]]]);
const TWICE = after(RENEWED_LOG, [['logs', [LOG_END, [null, STOLEN_SECONDS, 'lost']]]]);

const inOf = (documents: readonly KeyStateDocument[]): ValidCase['in'] => ({
  charters: [hex(FIRST_CHARTER.message)],
  keyStates: documents.map(({ message }) => hex(message)),
});
function counts(
  comment: string,
  last: KeyStateDocument,
  ...documents: readonly KeyStateDocument[]
): ValidCase {
  const version = last.payload.entries.find(([key]) => key === 'v')?.[1] as number;
  return { comment, in: inOf(documents), out: { version, digest: hex(last.digest) } };
}

const VALID: readonly ValidCase[] = [
  counts('3.1: one', FIRST, FIRST),
  counts('3.1: a second, by which a key is superseded', REPLACED, FIRST, REPLACED),
  counts('3.3: a superseded key is revoked from an earlier time', REVOKED, FIRST, REPLACED, REVOKED),
  counts('3.1: versions that were never seen', EARLIER, FIRST, EARLIER),
  counts('3.1: an earlier one comes later', EARLIER, EARLIER, FIRST),
  counts('3.1: all, in another order', EARLIER, REPLACED, RENEWED, FIRST, EARLIER, REVOKED),
  counts('3.3: revoked from an earlier time than was said, for another reason', EARLIER, RENEWED, EARLIER),
  counts('3.2: the same twice', FIRST, FIRST, FIRST),
  counts('3.3: a log ends, and the next one too', TWICE, FIRST, RENEWED_LOG, TWICE),
];

const refused = (comment: string, ...documents: readonly KeyStateDocument[]): InvalidCase => ({
  comment,
  in: inOf(documents),
  code: 'identity.key-states-contradict',
  clause: '3.3',
});
const next = (...changes: readonly Change[]): KeyStateDocument => after(RENEWED, changes);
const all = idsOf(Object.values(arcadia.keys));

const REFUSED: readonly InvalidCase[] = [
  refused(
    'two of one version, one of which revokes a key',
    FIRST,
    keyStateOf(arcadia, FIRST_CHARTER, ended(log, 'revoked', entry(log, 0, 'lost'))),
  ),
  refused(
    'two of one version with different ends',
    FIRST,
    keyStateOf(arcadia, FIRST_CHARTER, [[4, STOLEN_SECONDS + 14 * DAY_SECONDS]]),
  ),
  refused(
    'the second with another digest than that of the first',
    FIRST,
    after(FIRST, [['prev', Buffer.alloc(32)]]),
  ),
  refused('a revoked key is live again', RENEWED, next(['live', all], ['revoked', []])),
  refused(
    'a revoked key is only superseded',
    RENEWED,
    next(['revoked', []], ['superseded', [entry(record, 0)]]),
  ),
  refused('a revoked key is missing', RENEWED, next(['revoked', []])),
  refused(
    'revoked from a later time than was said',
    RENEWED,
    next(['revoked', [entry(record, STOLEN_SECONDS, 'lost')]]),
  ),
  refused('a live key is missing', FIRST, after(FIRST, [['live', all.slice(1)]])),
  refused(
    'a superseded key is live again',
    REPLACED,
    after(REPLACED, [
      ['live', all],
      ['superseded', []],
    ]),
  ),
  refused(
    'superseded from a later time than was said',
    REPLACED,
    after(REPLACED, [['superseded', [entry(record, STOLEN_SECONDS + 1)]]]),
  ),
  refused(
    'a superseded key is revoked, and counts for longer by that',
    REPLACED,
    after(REPLACED, [
      ['superseded', []],
      ['revoked', [entry(record, STOLEN_SECONDS + 1, 'lost')]],
    ]),
  ),
  refused(
    'a key that was never seen to be revoked is live again, versions later',
    REVOKED,
    next(['v', 9], ['live', all], ['revoked', []]),
  ),
  refused('a log that has ended goes on', RENEWED_LOG, after(RENEWED_LOG, [['logs', undefined]])),
  refused(
    'a log ends elsewhere than was said',
    RENEWED_LOG,
    after(RENEWED_LOG, [['logs', [[[6, ROOT], STOLEN_SECONDS, 'compromised']]]]),
  ),
  refused(
    'nothing of a log stands of which something stood',
    RENEWED_LOG,
    after(RENEWED_LOG, [['logs', [[null, STOLEN_SECONDS, 'compromised']]]]),
  ),
  refused(
    'a log ended at another time than was said',
    RENEWED_LOG,
    after(RENEWED_LOG, [['logs', [[[5, ROOT], STOLEN_SECONDS - 1, 'compromised']]]]),
  ),
  refused(
    'a log ended for another reason than was said',
    RENEWED_LOG,
    after(RENEWED_LOG, [['logs', [[[5, ROOT], STOLEN_SECONDS, 'lost']]]]),
  ),
  refused(
    'of two logs that have ended the first is missing',
    TWICE,
    after(TWICE, [['logs', [[null, STOLEN_SECONDS, 'lost']]]]),
  ),
  refused('two of one version, by one of which a log has ended', after(FIRST, []), RENEWED_LOG),
  refused('what takes back comes first', next(['live', all], ['revoked', []]), RENEWED),
];

export const successionVectors: readonly VectorFile[] = [
  { topic: 'key-state', name: 'succession', op: 'key-state.follow', valid: VALID },
  { topic: 'key-state', name: 'succession', op: 'key-state.follow', invalid: REFUSED },
];
