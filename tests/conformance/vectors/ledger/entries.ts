// Entries of a release ledger (ledger.md §1).

import { cbor, Entries, filled, hex, type Item, map, Raw } from '../cbor-text.ts';
import type { InvalidCase, InvalidFile, Json, ValidCase, ValidFile } from '../vector.ts';
import { digests, entryItem } from './text.ts';

const MOST = Number.MAX_SAFE_INTEGER;

const EXAMPLE: { readonly [member: string]: Json } = {
  kind: 'release',
  recordId: '01'.repeat(32),
  disclosures: ['0d'.repeat(32), '0e'.repeat(32)],
  timeSeconds: 1_795_514_400,
  mode: 'push',
  purpose: 'incident-response',
};

/** An entry that differs from the worked example in one member. */
function read(
  comment: string,
  key: number,
  value: Item,
  out: { readonly [member: string]: Json },
): ValidCase {
  return { comment, in: { entry: hex(cbor(entryItem([[key, value]]))) }, out: { ...EXAMPLE, ...out } };
}

const purpose = (comment: string, text: string): ValidCase => read(comment, 6, text, { purpose: text });

function named(comment: string, list: readonly Buffer[]): ValidCase {
  return read(comment, 3, list, { disclosures: list.map(hex) });
}

const longest = digests(512);

export function entriesFile(): ValidFile {
  return {
    topic: 'ledger',
    name: 'entries',
    op: 'ledger.entry',
    grammar: { entry: 'ledger-entry' },
    valid: [
      { comment: 'the worked example', in: { entry: hex(cbor(entryItem())) }, out: EXAMPLE },
      read('released in answer to a question', 5, 'query', { mode: 'query' }),
      read('a record of another state, handed on', 5, 'relay', { mode: 'relay' }),
      read('released at 0', 4, 0, { timeSeconds: 0 }),
      read('released at 2^53 - 1', 4, MOST, { timeSeconds: MOST }),
      read('a record id of zeros', 2, filled(0), { recordId: '00'.repeat(32) }),
      named('no disclosure', []),
      named('one disclosure', digests(1)),
      named('two digests that differ in their last byte alone', [
        filled(0),
        Buffer.concat([filled(0, 31), filled(1, 1)]),
      ]),
      named('digests that are in order as bytes and not as signed numbers', [filled(0x7f), filled(0x80)]),
      named('511 disclosures', digests(511)),
      named('512 disclosures', longest),
      purpose('a purpose of one letter', 'a'),
      purpose('a purpose of one digit', '9'),
      purpose('a purpose of 64 characters', 'p'.repeat(64)),
      purpose('a purpose with dots and hyphens, also at its end, that no registry has', 'x.9-.-'),
      {
        comment: 'the longest entry: 17541 bytes, 525 data items',
        in: {
          entry: hex(
            cbor(
              entryItem([
                [3, longest],
                [4, MOST],
                [5, 'relay'],
                [6, 'p'.repeat(64)],
              ]),
            ),
          ),
        },
        out: {
          ...EXAMPLE,
          disclosures: longest.map(hex),
          timeSeconds: MOST,
          mode: 'relay',
          purpose: 'p'.repeat(64),
        },
      },
    ],
  };
}

type Refused = readonly [clause: string, comment: string, entry: Item];

export function refusedEntriesFile(): InvalidFile {
  return {
    topic: 'ledger',
    name: 'entries',
    op: 'ledger.entry',
    invalid: [
      ...withCode('cbor.shape', shapes()),
      ...withCode('log.entry-disclosures', [
        ['1.4', 'two digests in descending order', changed(3, [filled(0x0e), filled(0x0d)])],
        ['1.4', 'a digest twice', changed(3, [filled(0x0d), filled(0x0d)])],
        [
          '1.4',
          'the last of 512 digests is smaller than the one before it',
          changed(3, [...longest.slice(0, 510), ...longest.slice(510).reverse()]),
        ],
        ['1.4', 'ascending as signed numbers', changed(3, [filled(0x80), filled(0x7f)])],
      ]),
      ...withCode('cbor.too-many-bytes', [
        ['1.1', 'an entry of 32769 bytes, by its purpose', entryOfBytes(32_769)],
        ['1.1', 'an entry of 65536 bytes, which a message would carry', entryOfBytes(65_536)],
      ]),
      ...withCode('cbor.too-deep', [
        ['1.1', 'a list among the digests', changed(3, [[]])],
        ['1.1', 'a list of lists as record id', changed(2, [[]])],
      ]),
      ...withCode('cbor.too-many-items', [
        ['1.1', '516 digests, which make 529 data items', changed(3, digests(516))],
      ]),
      ...encodings(),
    ],
  };
}

const changed = (key: Item, value: Item | undefined): Item => entryItem([[key, value]]);

function withCode(code: string, cases: readonly Refused[]): readonly InvalidCase[] {
  return cases.map(([clause, comment, entry]) => ({
    comment,
    in: { entry: hex(cbor(entry)) },
    code,
    clause,
  }));
}

/** An entry whose purpose is so long that it has this many bytes. */
function entryOfBytes(byteLength: number): Item {
  const without = cbor(changed(6, 'p'.repeat(256))).length - 256;
  return changed(6, 'p'.repeat(byteLength - without));
}

function shapes(): readonly Refused[] {
  return [
    ...[1, 2, 3, 4, 5, 6].map((key): Refused => ['1.1', `without its key ${key}`, changed(key, undefined)]),
    ['1.1', 'with a key 7', changed(7, 0)],
    ['1.1', 'with a key 0', changed(0, 0)],
    ['1.1', 'with a text as key', changed('note', 'x')],
    ['1.1', 'an array of the six values', entryItem().entries.map(([, value]) => value)],
    ['1.1', 'the entry in a byte string', cbor(entryItem())],
    ['1.1', 'an empty map', map()],
    [
      '1.1',
      'an entry of 32768 bytes, by its purpose: not too long, but none all the same',
      entryOfBytes(32_768),
    ],
    ['1.2', 'a recall, of which there is none', changed(1, 'recall')],
    ['1.2', 'a kind in capitals', changed(1, 'RELEASE')],
    ['1.2', 'a kind as number', changed(1, 1)],
    ['1.3', 'a record id of 31 bytes', changed(2, filled(1, 31))],
    ['1.3', 'a record id of 33 bytes', changed(2, filled(1, 33))],
    ['1.3', 'a record id as text', changed(2, '01'.repeat(32))],
    ['1.4', 'no list of digests: null', changed(3, null)],
    ['1.4', 'a digest of 31 bytes', changed(3, [filled(0x0d, 31)])],
    ['1.4', 'a digest as text', changed(3, ['0d'.repeat(32)])],
    ['1.4', '513 digests', changed(3, digests(513))],
    ['1.4', '515 digests, which make 528 data items', changed(3, digests(515))],
    ['1.5', 'a time below 0', changed(4, -1)],
    ['1.5', 'a time as text', changed(4, '1795514400')],
    ['1.6', 'a mode that does not exist', changed(5, 'pull')],
    ['1.6', 'a mode in capitals', changed(5, 'PUSH')],
    ['1.6', 'a mode as number', changed(5, 0)],
    ['1.7', 'no purpose: an empty text', changed(6, '')],
    ['1.7', 'a purpose of 65 characters', changed(6, 'p'.repeat(65))],
    ['1.7', 'a purpose in capitals', changed(6, 'Incident-response')],
    ['1.7', 'a purpose that begins with a hyphen', changed(6, '-response')],
    ['1.7', 'a purpose that begins with a dot', changed(6, '.response')],
    ['1.7', 'a purpose with an underscore', changed(6, 'incident_response')],
    ['1.7', 'a purpose with a space', changed(6, 'incident response')],
    ['1.7', 'a purpose with a line feed behind it', changed(6, 'incident-response\n')],
    ['1.7', 'a purpose with a letter that is not ASCII', changed(6, 'r\u00e9ponse')],
    ['1.7', 'a list of purposes', changed(6, ['incident-response'])],
  ];
}

/** What the profile of CBOR refuses in any document. */
function encodings(): readonly InvalidCase[] {
  const bytes = cbor(entryItem());
  const refused = (code: string, clause: string, comment: string, entry: Uint8Array): InvalidCase => ({
    comment,
    in: { entry: hex(entry) },
    code,
    clause: `cbor ${clause}`,
  });
  const reversed = new Entries([...entryItem().entries].reverse());
  return [
    refused('cbor.truncated', '1.1', 'without its last byte', bytes.subarray(0, -1)),
    refused('cbor.truncated', '1.1', 'no bytes', Buffer.alloc(0)),
    refused('cbor.trailing-bytes', '1.1', 'with a byte behind it', Buffer.concat([bytes, Buffer.alloc(1)])),
    refused('cbor.unsorted-keys', '3.3', 'keys in descending order', cbor(reversed)),
    refused(
      'cbor.duplicate-key',
      '3.3',
      'its last key twice',
      cbor(new Entries([...entryItem().entries, [6, 'x']])),
    ),
    refused(
      'cbor.not-shortest',
      '3.1',
      'time in eight bytes where four hold it',
      cbor(changed(4, new Raw('1b000000006b056020'))),
    ),
    refused(
      'cbor.indefinite-length',
      '3.1',
      'digests in a list of indefinite length',
      cbor(changed(3, new Raw('9fff'))),
    ),
    refused('cbor.integer-range', '2.1', 'released at 2^53', cbor(changed(4, 2n ** 53n))),
  ];
}
