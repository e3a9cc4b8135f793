import { filled, hex, type Item, map } from '../cbor-text.ts';
import { arcadia, NOW_SECONDS } from '../states.ts';
import type { InvalidCase } from '../vector.ts';
import { LABEL, refused } from './question-text.ts';

/** Payloads of questions that have another form than query.md 1.4, 1.5 and §2 give them. */
export function payloads(): readonly InvalidCase[] {
  return [...members(), ...filters()];
}

function members(): readonly InvalidCase[] {
  const of = (comment: string, key: Item, value: Item | undefined): InvalidCase =>
    refused('cbor.shape', '1.4', comment, { payload: [[key, value]] });
  return [
    of('no state that is asked', 1, undefined),
    of('the state asked as text', 1, arcadia.idText),
    of('a state id of 31 bytes', 1, filled(0xa1, 31)),
    of('no purpose', 2, undefined),
    of('a purpose that is a list', 2, ['incident-response']),
    of('a purpose of 65 bytes', 2, 'p'.repeat(65)),
    of('no label', 3, undefined),
    of('a label that is null', 3, null),
    of('a label without a level', 3, map([1, 'xbo-2026'])),
    of('a label with a key that labels have not', 3, map(...LABEL.entries, [14, true])),
    of('a key 11', 11, 'limit'),
    of('a key that is 0', 0, 1),
    of('a key that is a text', 'types', ['incident']),
    refused('cbor.shape', '1.4', 'the payload is a list', {
      content: [arcadia.id, 'incident-response', LABEL],
    }),
    refused('cbor.shape', '1.4', 'the payload is an empty map', { content: map() }),
    refused('query.malformed', '1.5', 'a purpose that is not registered', { payload: [[2, 'curiosity']] }),
    refused('query.malformed', '1.5', 'a purpose in another letter case', {
      payload: [[2, 'Incident-Response']],
    }),
    refused('query.malformed', '1.5', 'a purpose of no byte', { payload: [[2, '']] }),
    refused('query.malformed', '1.5', 'a name that objects have anyway', { payload: [[2, 'constructor']] }),
  ];
}

function filters(): readonly InvalidCase[] {
  const of = (clause: string, comment: string, key: number, value: Item): InvalidCase =>
    refused('cbor.shape', clause, comment, { payload: [[key, value]] });
  const names = (count: number): readonly string[] =>
    Array.from({ length: count }, (_, index) => `n${index}`);
  const recordId = filled(0x5a);
  return [
    of('2.2', 'an empty list of types: it would not be told whether none or all', 4, []),
    of('2.2', '17 types', 4, names(17)),
    of('2.2', 'a type of 65 bytes', 4, ['t'.repeat(65)]),
    of('2.2', 'a single type that is not in a list', 4, 'incident'),
    of('2.2', 'a type that is a number', 4, [1]),
    of('2.2', 'types that are null: what is absent is left out', 4, null),
    of('2.3', 'an empty list of sectors', 5, []),
    of('2.3', '33 sectors', 5, names(33)),
    of('2.3', 'a sector of 65 bytes in 33 characters', 5, [`${'é'.repeat(32)}s`]),
    of('2.4', 'an indicator of 2049 bytes', 6, 'x'.repeat(2049)),
    of('2.4', 'an indicator that is a byte string', 6, Buffer.from('mail.example')),
    of('2.4', 'two indicators', 6, ['a', 'b']),
    of('2.5', 'a text of 1025 bytes', 7, `${'😀'.repeat(256)}x`),
    of('2.5', 'a text that is a number', 7, 7),
    of('2.6', 'since a second before 1970', 8, -1),
    of('2.6', 'since a time as text', 8, '2026-11-24T10:00:00Z'),
    of('2.7', 'a position of the time alone', 9, [NOW_SECONDS]),
    of('2.7', 'a position of the record alone', 9, recordId),
    of('2.7', 'a position in the other order', 9, [recordId, NOW_SECONDS]),
    of('2.7', 'a position with a record id of 31 bytes', 9, [NOW_SECONDS, recordId.subarray(1)]),
    of('2.7', 'a position with a record id as text', 9, [NOW_SECONDS, hex(recordId)]),
    of('2.7', 'a position before 1970', 9, [-1, recordId]),
    of('2.7', 'a position with a third element', 9, [NOW_SECONDS, recordId, 1]),
    of('2.8', '100001 answers', 10, 100_001),
    of('2.8', 'a negative number of answers', 10, -1),
    of('2.8', 'a number of answers that is true', 10, true),
    refused('query.malformed', '2.8', 'no answer', { payload: [[10, 0]] }),
  ];
}
