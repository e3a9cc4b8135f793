// Messages with one thing changed that the grammar or the limits of exchange.md §9 do not allow.

import { cbor, Entries, filled, hex, type Item, map } from '../cbor-text.ts';
import { itemOf, numberedEntry, sampleLedger } from '../ledger/text.ts';
import type { InvalidFile } from '../vector.ts';
import { batchItem, headItem, helloItem, receiptItem, requestItem } from './text.ts';

/** A message that is of no rule. */
export type Refused = readonly [message: string, comment: string, item: Item];

const MOST = Number.MAX_SAFE_INTEGER;
const tooMany = BigInt(MOST) + 1n;
const bare = itemOf(numberedEntry(0));
const entry = numberedEntry(0);
const note = sampleLedger.checkpoint(1);
const line = sampleLedger.receipt(1, 1);
const root = sampleLedger.root(1);

export function refusedMessageFiles(): readonly InvalidFile[] {
  return [
    refusedMessages('hello', hellos()),
    refusedMessages('ledger-messages', [...requests(), ...heads(), ...batches(), ...receipts()]),
    refusedMessages('fetch-and-query-messages', fetchAndQuery()),
    refusedMessages('witness-messages', witnesses()),
  ];
}

/** Clauses of exchange.md that say what each message is; query.md has the others. */
const FORMS: { readonly [message: string]: string } = {
  hello: '6.1',
  'ledger-request': '7.1',
  'ledger-head': '7.2',
  'ledger-batch': '7.4',
  'ledger-receipt': '7.5',
  'return-request': '7.9',
  'fetch-request': '8.1',
  'fetch-item': '8.2',
};
/** What comments say of a message that is too long, too deep or too many of something. */
const LIMIT = /^\d{2,} |deeper than|^(?!federation).* of (?:65|\d{4,}) bytes|than a message can have/;
/** What they say where it is no message at all: another encoding than that of cbor.md. */
const ENCODING = /order|each key|tag|behind|at all|cut off|in two bytes|indefinite|UTF-8/;

/** The clause of exchange.md that refuses a message: its limits, its encoding, or what it is. */
export function clauseOfMessage(message: string, comment: string): string {
  if (LIMIT.test(comment)) return '9';
  return ENCODING.test(comment) ? '3.7' : (FORMS[message] ?? '3.7');
}

/** A file of messages that are refused for their form. */
export function refusedMessages(name: string, cases: readonly Refused[]): InvalidFile {
  return {
    topic: 'exchange',
    name,
    op: 'exchange.message',
    invalid: cases.map(([message, comment, item]) => ({
      comment: `${message}: ${comment}`,
      in: { message, bytes: hex(cbor(item)) },
      code: 'exchange.message-malformed',
      clause: clauseOfMessage(message, comment),
    })),
  };
}

function hellos(): readonly Refused[] {
  const changed = (key: number, value: Item | undefined): Item => helloItem([[key, value]]);
  const capabilities = (...list: readonly Item[]): Item => changed(6, list);
  return [
    ...[1, 2, 3, 5, 6, 7].map((key): Refused => ['hello', `without its key ${key}`, changed(key, undefined)]),
    ['hello', 'with a key 8, which the grammar has not', changed(8, 0)],
    ['hello', 'with a text as further key', helloItem([['note', 0]])],
    ['hello', 'federation of no bytes', changed(1, '')],
    ['hello', 'federation of 129 bytes', changed(1, 'f'.repeat(129))],
    ['hello', 'federation of 129 bytes in 65 characters', changed(1, `f${'\u00e9'.repeat(64)}`)],
    ['hello', 'federation as bytes', changed(1, Buffer.from('sample'))],
    ['hello', 'era below 0', changed(2, -1)],
    ['hello', 'era of 2^53', changed(2, tooMany)],
    ['hello', 'era as text', changed(2, '1')],
    ['hello', 'card of no bytes', changed(3, Buffer.alloc(0))],
    ['hello', 'card as the document itself, not as its bytes', changed(3, map([1, filled(0)], [2, []]))],
    ['hello', 'recognition of no bytes', changed(4, Buffer.alloc(0))],
    ['hello', 'recognition null, where one that is absent is left out', changed(4, null)],
    ['hello', 'size below 0', changed(5, -1)],
    ['hello', 'time of 2^53', changed(7, tooMany)],
    ['hello', '33 capabilities', changed(6, Array(33).fill('c/1'))],
    ['hello', 'a capability of no bytes', capabilities('')],
    ['hello', 'a capability of 65 bytes', capabilities('c'.repeat(65))],
    ['hello', 'a capability that is not ASCII', capabilities('\u00e9')],
    ['hello', 'a capability with a capital', capabilities('Ledger/1')],
    ['hello', 'a capability that begins with a slash', capabilities('/1')],
    ['hello', 'a capability with a line feed', capabilities('ledger\n/1')],
    ['hello', 'a capability with a zero-width space', capabilities('ledger\u200b/1')],
    ['hello', 'a capability with a line separator', capabilities('ledger\u2028/1')],
    ['hello', 'a capability as integer', capabilities(1)],
    ['hello', 'capabilities as one text', changed(6, 'ledger/1')],
    ['hello', 'an array', [...helloItem().entries.map(([, value]) => value)]],
  ];
}

function requests(): readonly Refused[] {
  const refused = (comment: string, item: Item): Refused => ['ledger-request', comment, item];
  return [
    ...[1, 2, 3].map((key) => refused(`without its key ${key}`, requestItem([key, undefined]))),
    refused('a mode that does not exist', requestItem([1, 'push'])),
    refused('mode in capitals', requestItem([1, 'PULL'])),
    refused('size below 0', requestItem([2, -1])),
    refused('size of 2^53', requestItem([2, tooMany])),
    refused('root of 31 bytes', requestItem([3, filled(0, 31)])),
    refused('root of 33 bytes', requestItem([3, filled(0, 33)])),
    refused('receipt of no bytes', requestItem([4, ''])),
    refused('receipt of 1025 bytes', requestItem([4, 'x'.repeat(1025)])),
    refused('receipt null', requestItem([4, null])),
    refused('a key 5', requestItem([5, 0])),
  ];
}

function heads(): readonly Refused[] {
  const refused = (comment: string, item: Item): Refused => ['ledger-head', comment, item];
  return [
    ...[1, 2, 3].map((key) => refused(`without its key ${key}`, headItem([key, undefined]))),
    refused('size as text', headItem([1, '1'])),
    refused('note of no bytes', headItem([2, ''])),
    refused('note of 16385 bytes', headItem([2, 'x'.repeat(16_385)])),
    refused('note as bytes', headItem([2, Buffer.from(note)])),
    refused('129 hashes', headItem([3, Array(129).fill(root)])),
    refused('a hash of 31 bytes', headItem([3, [filled(0, 31)]])),
    refused('a hash as text', headItem([3, [root.toString('hex')]])),
    refused('a key 0', headItem([0, 0])),
  ];
}

const items = (...list: readonly Item[]): Item => batchItem([3, list]);

function batches(): readonly Refused[] {
  const refused = (comment: string, item: Item): Refused => ['ledger-batch', comment, item];
  return [
    ...[1, 2, 3].map((key) => refused(`without its key ${key}`, batchItem([key, undefined]))),
    refused('first index below 0', batchItem([1, -1])),
    refused('note of 16385 bytes', batchItem([2, 'x'.repeat(16_385)])),
    refused('no items', items()),
    refused('an item of two elements', items([entry, null])),
    refused('an item of four elements', items([entry, null, [], null])),
    refused('an item as map', items(map([1, entry]))),
    refused('an entry of no bytes', items([Buffer.alloc(0), null, []])),
    refused('no entry', items([null, null, []])),
    refused('a record of no bytes', items([entry, Buffer.alloc(0), []])),
    refused('a record as text', items([entry, 'record', []])),
    refused('a record that is false instead of null', items([entry, false, []])),
    refused('no disclosures: null instead of an empty list', items([entry, null, null])),
    refused('a disclosure of no bytes', items([entry, filled(0), [Buffer.alloc(0)]])),
    refused('a disclosure as the document itself', items([entry, filled(0), [[filled(0, 16)]]])),
    refused('513 disclosures', items([entry, filled(0), Array(513).fill(filled(0, 1))])),
    refused('a key 4', batchItem([4, 0])),
  ];
}

function receipts(): readonly Refused[] {
  const refused = (comment: string, item: Item): Refused => ['ledger-receipt', comment, item];
  return [
    ...[1, 2].map((key) => refused(`without its key ${key}`, receiptItem([key, undefined]))),
    refused('size below 0', receiptItem([1, -1])),
    refused('size of 2^53', receiptItem([1, tooMany])),
    refused('a line of no bytes', receiptItem([2, ''])),
    refused('a line of 1025 bytes', receiptItem([2, 'x'.repeat(1025)])),
    refused('a line as bytes', receiptItem([2, Buffer.from(line)])),
    refused('a key 3', receiptItem([3, 0])),
  ];
}

function fetchAndQuery(): readonly Refused[] {
  return [
    ['return-request', 'no size', map()],
    ['return-request', 'a size below 0', map([1, -1])],
    ['return-request', 'a size of 2^53', map([1, tooMany])],
    ['return-request', 'a key 2', map([1, 0], [2, 0])],
    ['fetch-request', 'no index', map([1, []])],
    ['fetch-request', '1025 indexes', map([1, Array(1025).fill(0)])],
    ['fetch-request', 'an index below 0', map([1, [0, -1]])],
    ['fetch-request', 'an index of 2^53', map([1, [tooMany]])],
    ['fetch-request', 'an index that is no list', map([1, 0])],
    ['fetch-request', 'a list without a map', [0]],
    ['fetch-request', 'a key 2', map([1, [0]], [2, 0])],
    ['fetch-item', 'an item of two elements', [entry, null]],
    ['fetch-item', 'two items', [bare, bare]],
    ['fetch-item', '513 disclosures', [entry, filled(0), Array(513).fill(filled(0, 1))]],
    ['fetch-item', 'no entry', [Buffer.alloc(0), null, []]],
    ['query-request', 'no question', map()],
    ['query-request', 'a question of no bytes', map([1, Buffer.alloc(0)])],
    ['query-request', 'a question as the document itself', map([1, new Entries([])])],
    ['query-request', 'a key 2', map([1, filled(0)], [2, 0])],
    ['query-answer', 'an answer without a record', [null, []]],
    ['query-answer', 'an answer of a record alone', [filled(0)]],
    ['query-answer', 'an item with an entry', itemOf(entry, filled(0))],
    ['query-answer', '513 disclosures', [filled(0), Array(513).fill(filled(0, 1))]],
  ];
}

function witnesses(): readonly Refused[] {
  const request = (kind: Item, texts: Item): Item => map([1, kind], [2, texts]);
  return [
    ['witness-request', 'another kind', request('remove', ['x'])],
    ['witness-request', 'no text', request('add', [])],
    ['witness-request', 'an empty text', request('add', [''])],
    ['witness-request', '257 texts', request('compare', Array(257).fill('x'))],
    ['witness-request', 'a text of 8193 bytes', request('add', ['x'.repeat(8193)])],
    ['witness-request', 'a text that is not in a list', request('add', 'x')],
    ['witness-request', 'a text as bytes', request('add', [filled(0)])],
    ['witness-request', 'a key 3', map([1, 'add'], [2, ['x']], [3, 0])],
    ['witness-answer', 'no text', map([1, 200])],
    ['witness-answer', 'a status in text', map([1, '200'], [2, ''])],
    ['witness-answer', 'a status below 0', map([1, -1], [2, ''])],
    ['witness-answer', 'a text of 8193 bytes', map([1, 200], [2, 'x'.repeat(8193)])],
    ['witness-answer', 'a key 3', map([1, 200], [2, ''], [3, 0])],
  ];
}
