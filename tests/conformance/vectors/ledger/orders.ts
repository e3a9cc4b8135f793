// Orders that verify, and what they say (ledger.md §7).

import { cbor, filled, hex, type Item, map, record } from '../cbor-text.ts';
import { keyPair } from '../signing.ts';
import { arcadia, BEGIN_SECONDS, borealis, END_SECONDS, NOW_SECONDS } from '../states.ts';
import type { Json, ValidCase, ValidFile } from '../vector.ts';
import { knowing } from './items.ts';
import { barring, narrowing, type OrderOptions, orderInput, orderText } from './order-text.ts';
import { furtherCertificate } from './recipient.ts';
import { digests } from './text.ts';

type Members = { readonly [name: string]: Json };

/** What the order of `orderText` is read as. */
export const RECALL: Members = {
  issuer: arcadia.idText,
  kind: 'recall',
  issuedAtSeconds: NOW_SECONDS,
  recordId: '01'.repeat(32),
  reason: 'error',
};
const { recordId: _none, ...OF_STATE } = RECALL;

function verified(
  comment: string,
  options: OrderOptions = {},
  out: Members = {},
  { base = RECALL, members = {} }: { readonly base?: Members; readonly members?: Members } = {},
): ValidCase {
  const { message, id } = orderText(options);
  return { comment, in: orderInput(message, members), out: { ...base, ...out, id: hex(id) } };
}

export function ordersFile(): ValidFile {
  return {
    topic: 'ledger',
    name: 'orders',
    op: 'ledger.order',
    grammar: { order: 'order', charters: 'charter', certificates: 'key-certificate' },
    valid: [...kinds(), ...words(), ...times(), ...keys(), ...largest()],
  };
}

function kinds(): readonly ValidCase[] {
  const narrowed = (comment: string, parts: readonly Buffer[]): ValidCase =>
    verified(comment, { payload: narrowing(parts) }, { kind: 'narrow', digests: parts.map(hex) });
  const ofState = { base: OF_STATE };
  return [
    verified('a record is taken back'),
    narrowed('a part of a record is taken back', digests(1)),
    narrowed('512 parts', digests(512)),
    narrowed('parts that differ in their last byte alone', [
      filled(0),
      Buffer.concat([filled(0, 31), filled(1, 1)]),
    ]),
    narrowed('parts that are in order as bytes and not as signed numbers', [filled(0x7f), filled(0x80)]),
    verified(
      'a state is barred',
      { payload: barring(borealis.id) },
      { kind: 'bar', state: borealis.idText },
      ofState,
    ),
    verified(
      'a bar is lifted',
      { payload: barring(borealis.id, 'lift') },
      { kind: 'lift', state: borealis.idText },
      ofState,
    ),
    verified(
      'a state that nobody knows is barred',
      { payload: barring(filled(0)) },
      { kind: 'bar', state: '00'.repeat(32) },
      ofState,
    ),
    verified(
      'an order of Borealis',
      { issuer: borealis },
      { issuer: borealis.idText },
      {
        members: knowing(borealis),
      },
    ),
  ];
}

function words(): readonly ValidCase[] {
  const reason = (comment: string, word: string): ValidCase =>
    verified(comment, { payload: [[8, word]] }, { reason: word });
  const note = (comment: string, texts: { readonly [language: string]: string }): ValidCase =>
    verified(comment, { payload: [[9, record(texts)]] }, { note: texts });
  return [
    ...['court', 'consent-withdrawn', 'safety', 'superseded', 'other'].map((word) =>
      reason(`for the reason ${word}`, word),
    ),
    reason('a reason that no registry has', 'x.9-.-'),
    reason('a reason of one letter', 'a'),
    reason('a reason of 64 characters', 'r'.repeat(64)),
    note('with a note', { en: 'Named the wrong hospital.' }),
    note('with a note in three languages', { en: 'Wrong.', 'pt-BR': 'Errado.', 'zh-Hans': '\u9519' }),
    note('with a note that is empty', { en: '' }),
    note('with a note of several lines', { de: 'Zeile\n\tZeile' }),
  ];
}

function times(): readonly ValidCase[] {
  const at = (comment: string, issuedAtSeconds: number, atSeconds: number): ValidCase =>
    verified(comment, { issuedAtSeconds }, { issuedAtSeconds }, { members: { atSeconds } });
  return [
    at('300 seconds ahead of the recipient', NOW_SECONDS, NOW_SECONDS - 300),
    at('issued in the first second of its key', BEGIN_SECONDS, NOW_SECONDS),
    at('issued in the last second of its key, which has ended when it is read', END_SECONDS - 1, END_SECONDS),
    at('read long after its key has ended', NOW_SECONDS, 253_402_300_799),
  ];
}

function keys(): readonly ValidCase[] {
  const scoped = (comment: string, scope: Item): ValidCase => {
    const key = keyPair(0x61);
    const certificate = furtherCertificate(arcadia, 'record', key, [['scope', scope]]);
    return verified(comment, { key }, {}, { members: { certificates: [hex(certificate)] } });
  };
  return [
    scoped('the key may sign records of one type alone', map(['types', ['norm']])),
    scoped('the key may sign records up to the lowest level', map(['max', 'unclassified'])),
    verified('two states are known', {}, {}, { members: knowing(borealis, arcadia) }),
  ];
}

/** A note by which an order has this many bytes. */
export function noteOfBytes(byteLength: number): { readonly en: string; readonly de: string } {
  const note = (length: number) => ({ en: 'x'.repeat(16_000), de: 'y'.repeat(length) });
  const without = orderText({ payload: [[9, record(note(1_000))]] }).message.length - 1_000;
  return note(byteLength - without);
}

function largest(): readonly ValidCase[] {
  const note = noteOfBytes(24_576);
  const { message } = orderText({ payload: [[9, record(note)]] });
  if (message.length !== 24_576) throw new Error(`${message.length} bytes`);
  return [verified('24576 bytes, by its note', { payload: [[9, record(note)]] }, { note })];
}

/** The order of the worked example of ledger.md: Arcadia is 32 times a1, its record key of the seed 32 times 05. */
export function exampleOrder(): Buffer {
  const key = keyPair(0x05);
  const content = map(
    [1, filled(0xa1)],
    [2, 'recall'],
    [3, 1_795_600_800],
    [4, filled(0x09, 16)],
    [5, filled(0x01)],
    [8, 'error'],
  );
  return orderText({ key, content }).message;
}

export const exampleOrderEntry: Buffer = cbor(map([1, 'order'], [2, exampleOrder()], [4, 1_795_600_802]));
