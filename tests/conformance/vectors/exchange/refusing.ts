// A side that refuses, and what its reader takes over of the reason (exchange.md §5).

import { filled } from '../cbor-text.ts';
import type { ValidCase, ValidFile } from '../vector.ts';
import {
  fetchAnswering,
  fetched,
  head9,
  helloSide,
  queryAnswering,
  recipient,
  says,
  sender,
  streams,
} from './streams.ts';
import { data, error, requestItem, still } from './text.ts';

export function refusingFile(): ValidFile {
  return streams('refusing', refusals());
}

/** The codes that a reader takes over (exchange.md 5.2). */
const TOLD = [
  'batch-mismatch',
  'batch-out-of-order',
  'count-mismatch',
  'frame-malformed',
  'frame-too-large',
  'frame-unexpected',
  'hello-budget',
  'hello-required',
  'ledger-rewritten',
  'message-malformed',
  'message-too-large',
  'other-era',
  'other-federation',
  'read-deadline',
  'receipt-deadline',
  'receipt-unexpected',
  'still-flood',
  'stopping',
  'superseded',
  'refused',
].map((name) => `exchange.${name}`);

/** The codes that whoever has asked a question takes over besides (exchange.md 5.3). */
const TOLD_OF_QUESTIONS = [
  'query.budget',
  'query.busy',
  'query.malformed',
  'query.not-for-us',
  'query.replayed',
  'query.too-old',
  'query.wrong-issuer',
];

/** Codes and texts that say nothing more than that the peer refuses (exchange.md 5.3). */
const NOT_TAKEN_OVER: readonly (readonly [string, string])[] = [
  ['a code of a node\u2019s own people', 'exchange.bad-psk'],
  ['the code of a damaged store', 'store.damaged'],
  ['a code about records', 'record.orphan-disclosure'],
  ['a code about questions, which only who has asked one takes over', 'query.busy'],
  ['a code that does not exist', 'exchange.unheard-of'],
  ['no code at all', ''],
  ['64 bytes', 'x'.repeat(64)],
];

function refusals(): readonly ValidCase[] {
  const head = data(head9);
  return [
    ...TOLD.map((code) =>
      says(`a sender refuses with ${code}`, sender(3), [head, error(code)], { messages: 1, refused: code }),
    ),
    ...NOT_TAKEN_OVER.map(([what, code]) =>
      says(`a sender refuses with ${what}`, sender(3), [head, error(code)], {
        messages: 1,
        refused: 'exchange.refused',
      }),
    ),
    says('instead of a hello', helloSide, [error('exchange.refused')], {
      messages: 0,
      refused: 'exchange.refused',
    }),
    says('instead of HEAD', sender(3), [error('exchange.hello-required')], {
      messages: 0,
      refused: 'exchange.hello-required',
    }),
    says(
      'a recipient, after its request',
      recipient(3),
      [data(requestItem()), error('exchange.ledger-rewritten')],
      { messages: 1, refused: 'exchange.ledger-rewritten' },
    ),
    says('instead of an item', fetchAnswering(2), [data(fetched), error('exchange.refused')], {
      messages: 1,
      refused: 'exchange.refused',
    }),
    ...TOLD_OF_QUESTIONS.map((code) =>
      says(`a question is refused with ${code}`, queryAnswering, [error(code)], {
        messages: 0,
        refused: code,
      }),
    ),
    says(
      'the asking side says what only an answer says',
      { protocol: 'query', side: 'asking' },
      [error('query.busy')],
      { messages: 0, refused: 'exchange.refused' },
    ),
    says('a question is refused with a code of the asking side', queryAnswering, [error('query.timeout')], {
      messages: 0,
      refused: 'exchange.refused',
    }),
    says('after STILL', queryAnswering, [still, error('exchange.stopping')], {
      messages: 0,
      refused: 'exchange.stopping',
    }),
    says('what stands behind ERROR is not read', queryAnswering, [error('exchange.stopping'), filled(0xff)], {
      messages: 0,
      refused: 'exchange.stopping',
    }),
  ];
}
