// Messages of the exchange, each on the good side of its limits (exchange.md §5 to §9).

import { cbor, filled, hex, type Item, map, sha256 } from '../cbor-text.ts';
import { digests, entryItem, itemOf, numberedEntry, sampleLedger } from '../ledger/text.ts';
import { hospitalsNorm } from '../record/samples.ts';
import { arcadia, NOW_SECONDS } from '../states.ts';
import type { ValidFile } from '../vector.ts';
import { arcadianCard, arcadianRecognition, helloItem } from './text.ts';

const MOST = Number.MAX_SAFE_INTEGER;
const EMPTY_ROOT = sha256();
const norm = hospitalsNorm(arcadia);
const disclosures = norm.parts.map(({ bytes }) => bytes);
const bare = itemOf(numberedEntry(0));
const line = sampleLedger.receipt(2, NOW_SECONDS);
const longEntry = cbor(
  entryItem([
    [3, digests(512)],
    [6, 'p'.repeat(64)],
  ]),
);

/** A file of one message, whose documents fit its rule. */
function file(message: string, cases: readonly (readonly [string, Item])[]): ValidFile {
  return {
    topic: 'exchange',
    name: message,
    op: 'exchange.message',
    grammar: { bytes: message },
    valid: cases.map(([comment, item]) => {
      const bytes = hex(cbor(item));
      return { comment, in: { message, bytes }, out: { reencoded: bytes } };
    }),
  };
}

const request = (mode: string, size: number, root: Uint8Array, receipt?: string): Item =>
  map([1, mode], [2, size], [3, root], [4, receipt]);

const head = (size: number, note: string, proof: readonly Uint8Array[]): Item =>
  map([1, size], [2, note], [3, proof]);

const batch = (first: number, note: string, items: readonly Item[]): Item =>
  map([1, first], [2, note], [3, items]);

export function messageFiles(): readonly ValidFile[] {
  return [
    file('hello', [
      [
        'with card and recognition of Arcadia',
        helloItem([
          [3, arcadianCard],
          [4, arcadianRecognition],
        ]),
      ],
      ['with bytes that are neither card nor recognition: what they hold is not looked at', helloItem()],
      ['without a recognition', helloItem([[4, undefined]])],
      ['with capabilities that nobody knows, in any order', helloItem([[6, ['zeta/9', 'alpha/1']]])],
      ['without capabilities', helloItem([[6, []]])],
      [
        '32 capabilities of 64 bytes',
        helloItem([[6, Array.from({ length: 32 }, (_, n) => `${n}`.padEnd(64, 'c'))]]),
      ],
      ['a capability twice', helloItem([[6, ['ledger/1', 'ledger/1']]])],
      ['a capability of one letter', helloItem([[6, ['c']]])],
      ['a federation of 1 byte', helloItem([[1, 'f']])],
      ['a federation of 128 bytes', helloItem([[1, 'f'.repeat(128)]])],
      [
        'era, size and time 0',
        helloItem([
          [2, 0],
          [5, 0],
          [7, 0],
        ]),
      ],
      [
        'era, size and time 2^53 - 1',
        helloItem([
          [2, MOST],
          [5, MOST],
          [7, MOST],
        ]),
      ],
      [
        'card and recognition of 1 byte',
        helloItem([
          [3, filled(0, 1)],
          [4, filled(0, 1)],
        ]),
      ],
    ]),
    file('ledger-request', [
      ['the head alone, by one that holds nothing', request('head', 0, EMPTY_ROOT)],
      ['everything up to the head', request('pull', 0, EMPTY_ROOT)],
      [
        'everything as long as the stream is open, with a receipt',
        request('follow', 2, sampleLedger.root(2), line),
      ],
      ['size 2^53 - 1', request('pull', MOST, filled(0x77))],
      ['a receipt of 1 byte: what the line says is not looked at', request('pull', 1, filled(0x77), 'x')],
      ['a receipt of 1024 bytes', request('pull', 1, filled(0x77), 'x'.repeat(1024))],
      ['a root that is not that of size 0', request('pull', 0, filled(0x77))],
    ]),
    file('ledger-head', [
      ['size 0', head(0, sampleLedger.checkpoint(0), [])],
      ['from 3 to 9', head(9, sampleLedger.checkpoint(9), sampleLedger.proof(3, 9))],
      [
        '128 hashes: no proof has more than 63, but that is not of the form',
        head(9, 'x', Array(128).fill(filled(9))),
      ],
      ['size 2^53 - 1', head(MOST, 'x', [])],
      ['a note of 16384 bytes', head(1, 'x'.repeat(16_384), [])],
    ]),
    file('ledger-batch', [
      ['one bare item', batch(0, sampleLedger.checkpoint(1), [bare])],
      [
        'two items, of which one has a record with all its parts',
        batch(0, sampleLedger.checkpoint(2), [itemOf(numberedEntry(0), norm.message, disclosures), bare]),
      ],
      ['a record without a disclosure', batch(0, 'x', [itemOf(numberedEntry(0), norm.message)])],
      ['an item of the longest entry', batch(0, 'x', [itemOf(longEntry)])],
      ['first index 2^53 - 1', batch(MOST, 'x', [bare])],
      [
        'disclosures without a record: an item to be refused, but not for its form',
        batch(0, 'x', [itemOf(numberedEntry(0), null, disclosures)]),
      ],
    ]),
    file('ledger-receipt', [
      ['a receipt', map([1, 2], [2, line])],
      ['size 0, a line of 1 byte', map([1, 0], [2, 'x'])],
      ['size 2^53 - 1, a line of 1024 bytes', map([1, MOST], [2, 'x'.repeat(1024)])],
    ]),
    file('return-request', [
      ['nothing is there', map([1, 0])],
      ['2^53 - 1 entries are there', map([1, MOST])],
    ]),
    file('fetch-request', [
      ['one index', map([1, [0]])],
      ['any order, and one twice', map([1, [9, 3, 3, 5]])],
      ['index 2^53 - 1', map([1, [MOST]])],
      ['1024 indexes', map([1, Array.from({ length: 1024 }, (_, index) => index)])],
    ]),
    file('fetch-item', [
      ['a bare item', bare],
      ['an item with a record and its parts', itemOf(numberedEntry(0), norm.message, disclosures)],
      ['512 disclosures', itemOf(numberedEntry(0), norm.message, Array(512).fill(filled(0, 1)))],
    ]),
    file('end-body', [
      ['no message', map([1, 0])],
      ['2^53 - 1 messages', map([1, MOST])],
      ['100 answers, and there is more', map([1, 100], [2, true])],
      ['more after no answer: an answer to be refused, but not for its form', map([1, 0], [2, true])],
    ]),
    file('error-body', [
      ['a code', map([1, 'exchange.refused'])],
      ['a text that is no code, of 64 bytes', map([1, 'x'.repeat(64)])],
      ['an empty text', map([1, ''])],
    ]),
    file('witness-request', [
      ['a request to cosign: what it says is not looked at', map([1, 'add'], [2, ['x']])],
      ['256 texts to compare', map([1, 'compare'], [2, Array(256).fill('x')])],
      ['evidence of 8192 bytes', map([1, 'evidence'], [2, ['x'.repeat(8192)]])],
    ]),
    file('witness-answer', [
      ['a status without a text', map([1, 404], [2, ''])],
      ['a status that is none of witness.md, and 8192 bytes', map([1, MOST], [2, 'x'.repeat(8192)])],
    ]),
    file('query-request', [['a question of 1 byte: what it says is not looked at', map([1, filled(0, 1)])]]),
    file('query-answer', [
      ['a record without a disclosure', [norm.message, []]],
      ['a record with its parts', [norm.message, disclosures]],
    ]),
  ];
}
