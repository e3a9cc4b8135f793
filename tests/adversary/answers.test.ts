import type { QueryAnswer } from '@comity/exchange';
import type { View } from '@comity/record';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { until } from '../federation/deadline.ts';
import { ForeignNode } from '../federation/foreign-node.ts';
import { ForeignState } from '../federation/foreign-state.ts';
import { type FoundedState, foundStates, recognise } from '../federation/founding.ts';
import { NodeProcess } from '../federation/node-process.ts';
import { type ScratchDirectory, scratchDirectory } from '../federation/scratch-directory.ts';
import { craftRecord } from './crafted-record.ts';
import { draftOf, holds } from './hostile-peer.ts';

// A recognised peer is asked, and answers with what it should not. What it sent before that is kept, as it was asked for.

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const MAX_ANSWERS = 20;

let scratch: ScratchDirectory;
let founded: FoundedState;
let node: NodeProcess;

beforeAll(async () => {
  scratch = await scratchDirectory();
  founded = (await foundStates(scratch, ['XAA']))[0] as FoundedState;
  node = await NodeProcess.start(founded.home, { COMITY_QUERY_MAX_ANSWERS: String(MAX_ANSWERS) });
});

afterAll(async () => {
  await node?.kill();
  await scratch?.[Symbol.asyncDispose]();
});

interface Outcome {
  readonly outcome: string;
  readonly code: string | null;
  readonly records: readonly { readonly id: string }[];
}

const answerOf = ({ bytes, disclosures }: View): QueryAnswer => ({
  record: bytes,
  disclosures: [...disclosures.values()],
});

/** Lets a state answer with these, and asks it; `isOver` tells when the peer was told that nobody listens any more. */
async function askedOf(state: ForeignState, answers: () => AsyncIterable<QueryAnswer>, filter: object) {
  await recognise(node, state);
  let isOver = false;
  await using peer = await ForeignNode.start(state, founded, {
    answers: async function* () {
      try {
        yield* answers();
      } finally {
        isOver = true;
      }
    },
  });
  await peer.live();
  const { answers: outcomes } = await node.call<{ answers: Outcome[] }>('query.ask', {
    peers: [state.code],
    purpose: 'incident-response',
    filter,
  });
  await until('the peer has stopped answering', () => isOver);
  return outcomes[0] as Outcome;
}

async function* each(views: readonly (View | QueryAnswer)[]): AsyncGenerator<QueryAnswer> {
  for (const view of views) yield 'header' in view ? answerOf(view) : view;
}

test('answers that meet the question are kept, each with its summary', async () => {
  const state = await ForeignState.found('XBA');
  const views = await Promise.all(
    Array.from({ length: MAX_ANSWERS }, (_, index) => state.issue(draftOf(`wanted ${index}`))),
  );
  const { outcome, code, records } = await askedOf(state, () => each(views), { text: 'wanted' });
  expect({ outcome, code }).toEqual({ outcome: 'answered', code: null });
  expect(records.map(({ id }) => id)).toEqual(views.map(({ header }) => header.id));
});

test.each([
  ['a record without the text', 'XCA', { text: 'wanted' }, draftOf('something else')],
  ['a record of another type', 'XCB', { types: ['norm'] }, draftOf('wanted')],
  [
    'a record of an exercise',
    'XCC',
    { text: 'wanted' },
    { ...draftOf('wanted in an exercise'), exercise: 'cyber-2026' },
  ],
])('%s ends the answers', async (_kind, peerCode, filter, draft) => {
  const state = await ForeignState.found(peerCode);
  const wanted = 'types' in filter ? [] : [await state.issue(draftOf('wanted'))];
  const unasked = await state.issue(draft);
  const after = await state.issue(draftOf('wanted as well'));
  const { outcome, code, records } = await askedOf(state, () => each([...wanted, unasked, after]), filter);
  expect({ outcome, code }).toEqual({ outcome: 'failed', code: 'query.answer-unasked' });
  expect(records.map(({ id }) => id)).toEqual(wanted.map(({ header }) => header.id));
  expect(await holds(node, unasked.header.id)).toBe(false);
  expect(await holds(node, after.header.id)).toBe(false);
});

test('more answers than this node takes are cut off', async () => {
  const state = await ForeignState.found('XCD');
  let sent = 0;
  const { outcome, code, records } = await askedOf(
    state,
    async function* () {
      for (;;) {
        yield answerOf(await state.issue(draftOf(`wanted ${sent}`)));
        sent += 1;
      }
    },
    { text: 'wanted' },
  );
  expect({ outcome, code }).toEqual({ outcome: 'failed', code: 'query.too-many-answers' });
  expect(records).toHaveLength(MAX_ANSWERS);
});

test('parts that exclude each other end the answers, and what was held stays', async () => {
  const state = await ForeignState.found('XCE');
  const label = {
    scheme: state.scheme.id,
    classification: state.scheme.levels[0]?.id ?? '',
    tlp: 'GREEN',
  } as const;
  const { id, bytes, disclosures } = craftRecord(
    state,
    label,
    ['first', 'second'].map((title) => ({ name: 'title', content: new Map([['en', `wanted ${title}`]]) })),
  );
  const { outcome, code } = await askedOf(
    state,
    () => each(disclosures.map((disclosure) => ({ record: bytes, disclosures: [disclosure] }))),
    { text: 'wanted' },
  );
  expect({ outcome, code }).toEqual({ outcome: 'failed', code: 'node.merge-refused' });
  expect(await node.call('record.show', { id })).toMatchObject({ record: { title: 'wanted first' } });
  expect(node.log.map(({ event }) => event)).not.toContain('unexpected-error');
});
