// Vectors of key-state.md §5: evidence that a state has signed what cannot both be true.

import { cbor, hex, map } from '../cbor-text.ts';
import { FIRST_CHARTER, SECOND_CHARTER, second } from '../charter/chain-forms.ts';
import { nested } from '../charter/forms.ts';
import { arcadia, borealis } from '../states.ts';
import type { InvalidCase, Json, ValidCase, VectorFile } from '../vector.ts';
import { after, bareCard, ended, entry, evidenceOf, keyStateOf } from './forms.ts';

const { record } = arcadia.keys;
const LIVE = keyStateOf(arcadia);
const REVOKED = after(LIVE, ended(record, 'revoked', entry(record, 0, 'compromised')));
const TAKEN_BACK = after(REVOKED, [
  ['live', LIVE.payload.entries.find(([key]) => key === 'live')?.[1]],
  ['revoked', []],
]);
const OTHER_SECOND = second([['legal', []]]);
const UNDER_SECOND = keyStateOf(arcadia, SECOND_CHARTER);
const UNDER_OTHER = keyStateOf(arcadia, OTHER_SECOND);

const first = (keyState?: typeof LIVE): Buffer => bareCard([FIRST_CHARTER], keyState);
const twoSeconds = evidenceOf(
  bareCard([FIRST_CHARTER, SECOND_CHARTER], UNDER_SECOND),
  bareCard([FIRST_CHARTER, OTHER_SECOND], UNDER_OTHER),
);

const proves = (comment: string, evidence: Buffer, between: string, version: number): ValidCase => ({
  comment,
  in: { evidence: hex(evidence) },
  out: { state: arcadia.idText, between, version } satisfies Json,
});

const VALID: readonly ValidCase[] = [
  proves('5.1: two second charters', twoSeconds, 'charters', 2),
  proves(
    '5.1: two key states of version 2',
    evidenceOf(first(REVOKED), first(after(LIVE, []))),
    'key-states',
    2,
  ),
  proves(
    '5.1: a key that was revoked is live again',
    evidenceOf(first(TAKEN_BACK), first(REVOKED)),
    'key-states',
    2,
  ),
];

const refused = (code: string, clause: string, comment: string, evidence: Uint8Array): InvalidCase => ({
  comment,
  in: { evidence: hex(evidence) },
  code,
  clause,
});
const none = (comment: string, one: Buffer, other: Buffer): InvalidCase =>
  refused('identity.no-contradiction', '5.1', comment, evidenceOf(one, other));

const REFUSED: readonly InvalidCase[] = [
  none('one card twice', first(LIVE), first(LIVE)),
  none('two key states that follow each other', first(LIVE), first(REVOKED)),
  none('a card without a key state', first(), first(LIVE)),
  none(
    'a charter, and one that follows it',
    first(LIVE),
    bareCard([FIRST_CHARTER, SECOND_CHARTER], UNDER_SECOND),
  ),
  none('two states', first(LIVE), cbor(map([1, borealis.charter], [2, []]))),
  none(
    'a key state under the first charter takes back nothing of one under the second',
    first(REVOKED),
    bareCard([FIRST_CHARTER, SECOND_CHARTER], UNDER_SECOND),
  ),
  refused('cbor.shape', '5.2', 'one card only', cbor(map([1, first(LIVE)]))),
  refused('cbor.shape', '5.2', 'a card under another key', cbor(map([1, first(LIVE)], [3, first(REVOKED)]))),
  refused('cbor.too-deep', '5.2', 'a list in the place of a card', evidenceOf(first(LIVE), nested(1))),
  refused('cbor.too-many-items', '5.2', 'six items', cbor([0, 0, 0, 0, 0])),
  refused(
    'cbor.too-many-bytes',
    '5.2',
    '524305 bytes',
    evidenceOf(Buffer.alloc(262_145), Buffer.alloc(262_148)),
  ),
  refused(
    'cose.below-threshold',
    '1.1',
    '5.2: a key state that one root key of two has signed proves nothing',
    evidenceOf(first(REVOKED), first(after(LIVE, [], FIRST_CHARTER, arcadia.rootKeys.slice(0, 1)))),
  ),
];

export const contradictionVectors: readonly VectorFile[] = [
  {
    topic: 'key-state',
    name: 'contradictions',
    op: 'key-state.contradiction',
    grammar: { evidence: 'contradiction' },
    valid: VALID,
  },
  { topic: 'key-state', name: 'contradictions', op: 'key-state.contradiction', invalid: REFUSED },
];
