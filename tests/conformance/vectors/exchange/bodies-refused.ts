// What the profile of CBOR refuses in any message, and the bodies of END and ERROR.

import { cbor, Entries, hex, type Item, map, Tag } from '../cbor-text.ts';
import { numberedEntry } from '../ledger/text.ts';
import type { InvalidCase, InvalidFile } from '../vector.ts';
import { type Refused, refusedMessages } from './messages-refused.ts';
import { batchItem, headItem, helloItem, receiptItem, requestItem } from './text.ts';

export function refusedEncodingsAndBodies(): readonly InvalidFile[] {
  return [refusedMessages('encodings', encodings()), bodies()];
}

/** What the profile of CBOR refuses, a message refuses. */
function encodings(): readonly Refused[] {
  const unsorted = (item: Item): Item => new Entries([...(item as Entries).entries].reverse());
  const twice = (item: Item): Item => new Entries((item as Entries).entries.flatMap((each) => [each, each]));
  return [
    ['ledger-receipt', 'keys in descending order', unsorted(receiptItem())],
    ['ledger-receipt', 'each key twice', twice(receiptItem())],
    ['ledger-receipt', 'a tag around it', new Tag(18, receiptItem())],
    ['ledger-head', 'deeper than 2: a list in the list of hashes', headItem([3, [[]]])],
    ['ledger-request', 'deeper than 1: a list as root', requestItem([3, []])],
    [
      'ledger-batch',
      'deeper than 4: a list among the disclosures',
      batchItem([3, [[numberedEntry(0), null, [[]]]]]),
    ],
    ['fetch-request', 'deeper than 2: a list among the indexes', map([1, [[]]])],
    ['hello', 'deeper than 2: a list among the capabilities', helloItem([[6, [[]]]])],
  ];
}

function bodies(): InvalidFile {
  const end = (comment: string, item: Item, clause = '3.3'): InvalidCase =>
    body('end-body', comment, cbor(item), clause);
  const error = (comment: string, item: Item, clause = '3.3'): InvalidCase =>
    body('error-body', comment, cbor(item), clause);
  return {
    topic: 'exchange',
    name: 'bodies',
    op: 'exchange.message',
    invalid: [
      end('END without a count', map([2, true])),
      end('END that counts below 0', map([1, -1])),
      end('END that counts 2^53', map([1, 2n ** 53n])),
      end('END that counts in text', map([1, '1'])),
      end('END with 2: false, where what is not so is left out', map([1, 1], [2, false])),
      end('END with 2: 1', map([1, 1], [2, 1])),
      end('END with a key 3', map([1, 1], [3, true])),
      end('END deeper than 1', map([1, []])),
      end('END of more than 5 data items', map([1, 1], [2, true], [3, true])),
      end(
        'END with keys in descending order',
        new Entries([
          [2, true],
          [1, 1],
        ]),
      ),
      end('END as a number alone', 1),
      body('end-body', 'END of no bytes', Buffer.alloc(0), '3.3'),
      body(
        'end-body',
        'END with a byte behind it',
        Buffer.concat([cbor(map([1, 1])), Buffer.alloc(1)]),
        '3.3',
      ),
      error('ERROR without a code', map()),
      error('ERROR with a code as number', map([1, 404])),
      error('ERROR with a message beside the code', map([1, 'exchange.refused'], [2, 'go away'])),
      error('ERROR as a text alone', 'exchange.refused'),
      error('ERROR with a code of 65 bytes', map([1, 'x'.repeat(65)]), '5.2'),
      error('ERROR with a code of 66 bytes in 33 characters', map([1, '\u00e9'.repeat(33)]), '5.2'),
      error('ERROR of more than 256 bytes', map([1, 'x'.repeat(253)]), '3.3'),
    ],
  };
}

function body(message: string, comment: string, bytes: Uint8Array, clause: string): InvalidCase {
  return { comment, in: { message, bytes: hex(bytes) }, code: 'exchange.frame-malformed', clause };
}
