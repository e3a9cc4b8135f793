// Orders with one fault each (ledger.md §7).

import { filled, hex, type Item, map, record } from '../cbor-text.ts';
import { keyPair } from '../signing.ts';
import { arcadia, BEGIN_SECONDS, borealis, drawn, END_SECONDS, NOW_SECONDS } from '../states.ts';
import type { InvalidCase, InvalidFile, Json } from '../vector.ts';
import { knowing } from './items.ts';
import { barring, narrowing, type OrderOptions, orderInput, orderText } from './order-text.ts';
import { noteOfBytes } from './orders.ts';
import { digests } from './text.ts';

type Members = { readonly [name: string]: Json };

export function refusedOrdersFile(): InvalidFile {
  return {
    topic: 'ledger',
    name: 'orders',
    op: 'ledger.order',
    invalid: [...sizes(), ...headers(), ...forms(), ...members(), ...keys(), ...signatures()],
  };
}

function refused(
  code: string,
  clause: string,
  comment: string,
  options: OrderOptions,
  changes: Members = {},
): InvalidCase {
  return { comment, in: orderInput(orderText(options).message, changes), code, clause };
}

function sizes(): readonly InvalidCase[] {
  const payload: OrderOptions['payload'] = [[9, record(noteOfBytes(24_577))]];
  return [refused('cbor.too-many-bytes', '7.1', '24577 bytes', { payload })];
}

function headers(): readonly InvalidCase[] {
  const of = (comment: string, options: OrderOptions): InvalidCase =>
    refused('order.wrong-document', '7.2', comment, options);
  return [
    of('the typ of a record', { header: [[16, 'application/comity-record+cose']] }),
    of('the typ of a question', { header: [[16, 'application/comity-query+cose']] }),
    of('a typ in another letter case', { header: [[16, 'application/Comity-order+cose']] }),
    of('a typ that is a number', { header: [[16, 60]] }),
    of('no typ at all', { header: [[16, undefined]] }),
    of('claims, which have no place here', { header: [[15, map([1, arcadia.idText])]] }),
    of('a header in place of the typ', {
      header: [
        [16, undefined],
        [3, 'application/comity-order+cose'],
      ],
    }),
    of('an entry in the unprotected header', { unprotected: map([17, [Buffer.from('80', 'hex')]]) }),
  ];
}

function forms(): readonly InvalidCase[] {
  const of = (comment: string, ...payload: NonNullable<OrderOptions['payload']>): InvalidCase =>
    refused('cbor.shape', '7.3', comment, { payload });
  const content = (comment: string, item: Item): InvalidCase =>
    refused('cbor.shape', '7.3', comment, { content: item });
  return [
    ...[1, 2, 3, 4, 8].map((key) => of(`without its key ${key}`, [key, undefined])),
    of('with a key 10', [10, 0]),
    of('with a key 0', [0, 0]),
    of('with a text as key', ['kind', 'recall']),
    content('an empty map', map()),
    content('a list', [arcadia.id, 'recall', NOW_SECONDS, drawn('order'), filled(1), 'error']),
    of('an issuer as text', [1, arcadia.idText]),
    of('an issuer of 31 bytes', [1, arcadia.id.subarray(1)]),
    of('a kind that does not exist', [2, 'erase']),
    of('a kind in capitals', [2, 'RECALL']),
    of('a kind as number', [2, 1]),
    of('issued before 1970', [3, -1]),
    of('issued in the year 10000', [3, 253_402_300_800]),
    of('a time of issue as text', [3, '2026-11-24T10:00:00Z']),
    of('15 random bytes', [4, drawn('order', 15)]),
    of('17 random bytes', [4, drawn('order', 17)]),
    of('a record id of 31 bytes', [5, filled(1, 31)]),
    of('a record id as text', [5, '01'.repeat(32)]),
    of('no record: null', [5, null]),
    of('narrowed by no part', ...narrowing([])),
    of('narrowed by 513 parts', ...narrowing(digests(513))),
    of('narrowed by a digest of 33 bytes', ...narrowing([filled(1, 33)])),
    of('narrowed by a digest as text', ...narrowing(['01'.repeat(32)])),
    of('narrowed by parts that are no list', [2, 'narrow'], [6, filled(1)]),
    of('a state of 31 bytes is barred', ...barring(filled(1, 31))),
    of('a state is barred by its code', ...barring('XBO')),
    of('no reason: an empty text', [8, '']),
    of('a reason of 65 characters', [8, 'r'.repeat(65)]),
    of('a reason in capitals', [8, 'Error']),
    of('a reason with a space', [8, 'an error']),
    of('a reason that begins with a hyphen', [8, '-error']),
    of('a reason with a line feed behind it', [8, 'error\n']),
    of('a reason as number', [8, 1]),
    of('a note that is a text', [9, 'Wrong.']),
    of('a note in no language', [9, map()]),
    of('a note whose language is none', [9, record({ English: 'Wrong.' })]),
    of('a note with a control character', [9, record({ en: 'Wrong.\u0007' })]),
    of('a note that turns the direction of writing', [9, record({ en: 'Wrong.\u202e' })]),
    of('a note of numbers', [9, map(['en', 1])]),
  ];
}

function members(): readonly InvalidCase[] {
  const of = (comment: string, ...payload: NonNullable<OrderOptions['payload']>): InvalidCase =>
    refused('order.wrong-members', '7.4', comment, { payload });
  const disorder = (comment: string, parts: readonly Buffer[]): InvalidCase =>
    refused('order.digests-not-ascending', '7.4', comment, { payload: narrowing(parts) });
  const many = digests(512);
  return [
    of('a recall of nothing', [5, undefined]),
    of('a recall with parts', [6, digests(1)]),
    of('a recall with a state', [7, borealis.id]),
    of('a record is narrowed by nothing', [2, 'narrow']),
    of('parts of no record', ...narrowing(digests(1)), [5, undefined]),
    of('a record is narrowed for a state', ...narrowing(digests(1)), [7, borealis.id]),
    of('no state is barred', ...barring(undefined as never)),
    of('a state is barred from one record', [2, 'bar'], [7, borealis.id]),
    of('a state is barred from parts', ...barring(borealis.id), [6, digests(1)]),
    of('nothing is lifted', [2, 'lift'], [5, undefined]),
    of('a bar is lifted for one record', [2, 'lift'], [7, borealis.id]),
    of('a bar is lifted for parts', ...barring(borealis.id, 'lift'), [6, digests(1)]),
    of('a state bars itself', ...barring(arcadia.id)),
    of('a state lifts a bar of itself', ...barring(arcadia.id, 'lift')),
    disorder('two parts in descending order', [filled(2), filled(1)]),
    disorder('a part twice', [filled(1), filled(1)]),
    disorder('the last of 512 parts is smaller than the one before it', [
      ...many.slice(0, 510),
      ...many.slice(510).reverse(),
    ]),
    disorder('ascending as signed numbers', [filled(0x80), filled(0x7f)]),
  ];
}

function keys(): readonly InvalidCase[] {
  const at = (code: string, comment: string, issuedAtSeconds: number): InvalidCase =>
    refused(code, 'charter 6.6', comment, { issuedAtSeconds }, { atSeconds: END_SECONDS });
  const both = knowing(arcadia, borealis);
  return [
    refused(
      'order.wrong-issuer',
      '7.7',
      'in the name of Arcadia, with the key of Borealis',
      {
        key: borealis.keys.record,
      },
      both,
    ),
    refused(
      'order.wrong-issuer',
      '7.7',
      'in the name of Borealis, with the key of Arcadia',
      {
        payload: [[1, borealis.id]],
      },
      both,
    ),
    refused('order.wrong-issuer', '7.7', 'in the name of a state that nobody knows', {
      payload: [[1, filled(0)]],
    }),
    refused(
      'order.issued-in-future',
      '7.7',
      '301 seconds ahead of the recipient',
      {},
      {
        atSeconds: NOW_SECONDS - 301,
      },
    ),
    refused('identity.unknown-key', 'charter 6.6', 'the issuer is not known', {}, knowing(borealis)),
    refused('identity.unknown-key', 'charter 6.6', 'a key without a certificate', { key: keyPair(0x77) }),
    refused('identity.wrong-usage', 'charter 6.6', 'signed with the key for logs', { key: arcadia.keys.log }),
    at('identity.expired', 'issued when its key has ended', END_SECONDS),
    at('identity.not-yet-valid', 'issued a second before its key begins', BEGIN_SECONDS - 1),
  ];
}

function signatures(): readonly InvalidCase[] {
  const { message } = orderText();
  const flipped = Buffer.from(message);
  flipped[message.length - 40] = (message[message.length - 40] ?? 0) ^ 1;
  const of = (code: string, clause: string, comment: string, bytes: Uint8Array): InvalidCase => ({
    comment,
    in: orderInput(bytes),
    code,
    clause,
  });
  const other = Buffer.from(hex(message).replace('01'.repeat(32), '02'.repeat(32)), 'hex');
  return [
    of('ed25519.bad-signature', 'keys 2.5', 'one bit of the signature changed', flipped),
    of('ed25519.bad-signature', 'keys 2.5', 'another record under the signature', other),
    refused('ed25519.bad-signature', 'keys 2.5', 'signed with another key than the header names', {
      header: [[4, arcadia.keys.record.keyId]],
      key: arcadia.keys.log,
    }),
    refused('cose.algorithm', 'keys 4.2', 'the algorithm that leaves the curve open', { header: [[1, -8]] }),
    refused('cose.key-id', 'keys 4.3', 'a key id of 31 bytes', {
      header: [[4, arcadia.keys.record.keyId.subarray(1)]],
    }),
    of('cose.not-sign1', 'keys 3.6', 'without the tag', message.subarray(1)),
    of('cbor.trailing-bytes', 'cbor 1.1', 'a byte behind it', Buffer.concat([message, Buffer.alloc(1)])),
    of('cbor.truncated', 'cbor 1.1', 'without its last byte', message.subarray(0, -1)),
    of('cbor.truncated', 'cbor 1.1', 'no bytes', Buffer.alloc(0)),
  ];
}
