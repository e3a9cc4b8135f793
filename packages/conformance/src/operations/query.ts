import { encode } from '@comity/cbor';
import { toHex } from '@comity/digest';
import { Fault, isFault } from '@comity/fault';
import { labelShape } from '@comity/label';
import {
  type AnswerPosition,
  assertFilter,
  ExpectedAnswers,
  openQuestion,
  type Question,
  type QuestionFilter,
} from '@comity/query';
import { isRecordId, mergeViews, type RecordId, type View } from '@comity/record';
import type { Input } from '../input.ts';
import { type KnownStates, knownStatesIn, stateIdIn, viewIn } from '../known-states.ts';
import type { Json, Operations } from '../operation.ts';

/** query.md §4.2: how old a question may be unless a node says otherwise. */
const MAX_AGE_SECONDS = 300;

/** query.md §7. */
export const queryOperations: Operations = {
  'query.verify': (input) => {
    const { directory } = knownStatesIn(input);
    const question = openQuestion(input.hex('question'), {
      asker: stateIdIn(input.hex('from')),
      audience: stateIdIn(input.hex('to')),
      directory,
      atSeconds: input.seconds('nowSeconds'),
      maxAgeSeconds: input.optionalNatural('maxAgeSeconds') ?? MAX_AGE_SECONDS,
    });
    const { id, issuer, issuedAtSeconds, purpose, label, limit } = question;
    return {
      ...{ id, from: issuer, issuedAtSeconds, purpose },
      label: toHex(encode(labelShape.encode(label))),
      filter: filterAsJson(question),
      ...(limit !== undefined && { limit }),
    };
  },

  'query.answers': (input) => {
    const known = knownStatesIn(input);
    const nowSeconds = input.seconds('nowSeconds');
    const held = heldIn(input, known, nowSeconds);
    const expected = new ExpectedAnswers(filterIn(input.object('filter')), input.optionalNatural('limit'));
    const records: RecordId[] = [];
    for (const answer of input.objects('answers')) {
      expected.count();
      const view = viewIn(answer, known, nowSeconds);
      expected.take(view);
      const { id } = view.header;
      held.set(id, merged(view, held.get(id)));
      records.push(id);
    }
    const next = expected.end(input.flag('more'));
    return { records, ...(next !== undefined && { next: positionAsJson(next) }) };
  },
};

function heldIn(input: Input, known: KnownStates, nowSeconds: number): Map<RecordId, View> {
  const held = new Map<RecordId, View>();
  for (const each of input.objects('held')) {
    const view = viewIn(each, known, nowSeconds);
    if (held.has(view.header.id)) throw new Fault('conformance.bad-input', 'in.held has a record twice');
    held.set(view.header.id, view);
  }
  return held;
}

/** What came and what was held before, opened together (ledger.md §4.6). */
function merged(view: View, held: View | undefined): View {
  if (held === undefined) return view;
  try {
    return mergeViews(held, view);
  } catch (cause) {
    if (!isFault(cause)) throw cause;
    throw new Fault('node.merge-refused', 'the record would no longer open with what came for it', { cause });
  }
}

function filterIn(filter: Input): QuestionFilter {
  const before = filter.optionalObject('before');
  const [indicator, text] = [filter.optionalText('indicator'), filter.optionalText('text')];
  const sinceSeconds = filter.optionalSeconds('sinceSeconds');
  const read: QuestionFilter = {
    ...(filter.has('types') && { types: filter.texts('types') }),
    ...(filter.has('sectors') && { sectors: filter.texts('sectors') }),
    ...(indicator !== undefined && { indicator }),
    ...(text !== undefined && { text }),
    ...(sinceSeconds !== undefined && { sinceSeconds }),
    ...(before !== undefined && { before: positionIn(before) }),
  };
  try {
    assertFilter(read);
  } catch (cause) {
    throw new Fault('conformance.bad-input', 'in.filter is no filter of a question', { cause });
  }
  return read;
}

function filterAsJson({ types, sectors, indicator, text, sinceSeconds, before }: Question): Json {
  return {
    ...(types !== undefined && { types }),
    ...(sectors !== undefined && { sectors }),
    ...(indicator !== undefined && { indicator }),
    ...(text !== undefined && { text }),
    ...(sinceSeconds !== undefined && { sinceSeconds }),
    ...(before !== undefined && { before: positionAsJson(before) }),
  };
}

function positionIn(input: Input): AnswerPosition {
  const issuedAtSeconds = input.seconds('issuedAtSeconds');
  const recordId = toHex(input.hex('recordId'));
  if (!isRecordId(recordId)) throw new Fault('conformance.bad-input', 'a record id has 32 bytes');
  return { issuedAtSeconds, recordId };
}

function positionAsJson({ issuedAtSeconds, recordId }: AnswerPosition): Json {
  return { issuedAtSeconds, recordId };
}
