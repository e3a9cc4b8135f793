import { cbor, filled, hex, type Item, map } from '../cbor-text.ts';
import { arcadia, BEGIN_SECONDS, borealis, END_SECONDS, NOW_SECONDS } from '../states.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import { accepted, LABEL, question, questionsAccepted } from './question-text.ts';

/** Questions that are answered, with what they ask for (query.md §1, §2, 4.2). */
export function questions(): readonly VectorFile[] {
  return [questionsAccepted('questions', [...times(), ...filters(), ...largest()])];
}

const NOTHING = {};

function times(): readonly ValidCase[] {
  const at = (
    comment: string,
    issuedAtSeconds: number,
    nowSeconds: number,
    maxAgeSeconds?: number,
  ): ValidCase =>
    accepted(
      comment,
      { issuedAtSeconds },
      NOTHING,
      {},
      {
        nowSeconds,
        ...(maxAgeSeconds !== undefined && { maxAgeSeconds }),
      },
    );
  return [
    accepted('everything, issued now', {}, NOTHING),
    at('issued 300 seconds ago', NOW_SECONDS - 300, NOW_SECONDS),
    at('issued 300 seconds ahead of the clock', NOW_SECONDS + 300, NOW_SECONDS),
    at('issued a day ago, for a state that allows that', NOW_SECONDS - 86_400, NOW_SECONDS, 86_400),
    at('issued now, for a state that allows no age', NOW_SECONDS, NOW_SECONDS, 0),
    at('issued before its key was valid, which it is now', BEGIN_SECONDS - 300, BEGIN_SECONDS),
    at('the first second in which the key is valid', BEGIN_SECONDS, BEGIN_SECONDS),
    at('the last second in which the key is valid', END_SECONDS - 1, END_SECONDS - 1),
    accepted('another purpose', { payload: [[2, 'rights-fulfilment']] }, NOTHING, {
      purpose: 'rights-fulfilment',
    }),
    accepted(
      'a label that is not of the scheme of the asking state: it is kept, and nothing is decided by it',
      { payload: [[3, map([1, 'xca-2026'], [2, 'no-such-level'])]] },
      NOTHING,
      { label: hex(cbor(map([1, 'xca-2026'], [2, 'no-such-level']))) },
    ),
  ];
}

function filters(): readonly ValidCase[] {
  const recordId = filled(0x5a);
  const position = (
    seconds: number,
  ): readonly [Item, { readonly issuedAtSeconds: number; readonly recordId: string }] => [
    [seconds, recordId],
    { issuedAtSeconds: seconds, recordId: hex(recordId) },
  ];
  const names = (count: number, bytes: number): readonly string[] =>
    Array.from({ length: count }, (_, index) => `${index}`.padStart(bytes, 'n'));
  const of = (comment: string, key: number, value: Item, filter: ValidCase['out'], out = {}): ValidCase =>
    accepted(comment, { payload: [[key, value]] }, filter, out);
  const [zero, zeroRead] = position(0);
  const [latest, latestRead] = position(2 ** 53 - 1);
  return [
    of('one type', 4, ['incident'], { types: ['incident'] }),
    of('16 types of 64 bytes, none of which there is', 4, names(16, 64), { types: names(16, 64) }),
    of('a type twice: nothing forbids it', 4, ['norm', 'norm'], { types: ['norm', 'norm'] }),
    of('a type of no byte', 4, [''], { types: [''] }),
    of('one sector', 5, ['energy/oil'], { sectors: ['energy/oil'] }),
    of('32 sectors of 64 bytes, none of which there is', 5, names(32, 64), { sectors: names(32, 64) }),
    of('a sector of 64 bytes in 32 characters', 5, ['é'.repeat(32)], { sectors: ['é'.repeat(32)] }),
    of('an indicator', 6, 'mail.example', { indicator: 'mail.example' }),
    of('an indicator of 2048 bytes', 6, 'x'.repeat(2048), { indicator: 'x'.repeat(2048) }),
    of('an indicator of no byte', 6, '', { indicator: '' }),
    of('a text in several scripts', 7, 'Besançon, Αθήνα, 東京', { text: 'Besançon, Αθήνα, 東京' }),
    of('a text of 1024 bytes in 256 characters', 7, '😀'.repeat(256), { text: '😀'.repeat(256) }),
    of('a text with a line feed and a character that turns direction', 7, 'a\nb\u202e', {
      text: 'a\nb\u202e',
    }),
    of('since 1970', 8, 0, { sinceSeconds: 0 }),
    of('since the latest second that a number of the profile can name', 8, 2 ** 53 - 1, {
      sinceSeconds: 2 ** 53 - 1,
    }),
    of('after a position of the year 1970', 9, zero, { before: zeroRead }),
    of('after the latest position that a number of the profile can name', 9, latest, { before: latestRead }),
    of('one answer', 10, 1, {}, { limit: 1 }),
    of('100000 answers', 10, 100_000, {}, { limit: 100_000 }),
    accepted(
      'everything at once',
      {
        payload: [
          [4, ['incident', 'norm']],
          [5, ['health', 'energy']],
          [6, '192.0.2.7'],
          [7, 'ransom'],
          [8, BEGIN_SECONDS],
          [9, [NOW_SECONDS, recordId]],
          [10, 50],
        ],
      },
      {
        types: ['incident', 'norm'],
        sectors: ['health', 'energy'],
        indicator: '192.0.2.7',
        text: 'ransom',
        sinceSeconds: BEGIN_SECONDS,
        before: { issuedAtSeconds: NOW_SECONDS, recordId: hex(recordId) },
      },
      { limit: 50 },
    ),
  ];
}

/** A label with so many states that a question with it is near its limit, and a text that fills it up to this size. */
export function questionOfBytes(size: number): {
  readonly payload: readonly (readonly [Item, Item])[];
  readonly text: string;
  readonly label: Item;
} {
  const states = (first: number, count: number): readonly Buffer[] =>
    Array.from({ length: count }, (_, index) => Buffer.from(`${first + index}`.padStart(32, '0')));
  const label = map(
    ...LABEL.entries.filter(([key]) => key !== 5),
    [5, states(0, 256)],
    [6, states(256, 186)],
  );
  const payloadWith = (text: string): readonly (readonly [Item, Item])[] => [
    [3, label],
    [7, text],
  ];
  const empty = question({ payload: payloadWith('x'.repeat(300)) }).message.length - 300;
  const text = 'x'.repeat(size - empty);
  return { payload: payloadWith(text), text, label };
}

function largest(): readonly ValidCase[] {
  const { payload, text, label } = questionOfBytes(16_384);
  const known = { charters: [borealis, arcadia].map(({ charter }) => hex(charter)) };
  return [
    accepted('16384 bytes', { payload }, { text }, { label: hex(cbor(label)) }),
    accepted('the charters in the other order', {}, NOTHING, {}, known),
  ];
}
