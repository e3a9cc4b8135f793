import type { KeyState } from '@comity/identity';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { until } from '../federation/deadline.ts';
import { releaseOf } from '../federation/foreign-ledger.ts';
import { ForeignNode } from '../federation/foreign-node.ts';
import { ForeignState, nowSeconds } from '../federation/foreign-state.ts';
import { type FoundedState, recognise } from '../federation/founding.ts';
import { type LogLine, NodeProcess } from '../federation/node-process.ts';
import { type OneNode, startOneNode } from '../federation/one-node.ts';
import { draftOf, holds } from './hostile-peer.ts';

// What a recognised peer can do to a node with what it says of its keys, and what whoever has stolen one cannot.

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let suite: OneNode;
let founded: FoundedState;
let node: NodeProcess;

beforeAll(async () => {
  suite = await startOneNode();
  ({ founded, node } = suite);
});

afterAll(async () => {
  await node?.kill();
  await suite?.[Symbol.asyncDispose]();
});

interface Shown {
  readonly keyState: { readonly version: number } | null;
  readonly contradictions: number;
}
const shown = (code: string): Promise<Shown> => node.call<Shown>('peer.show', { peer: code });
const refusedHello =
  (code: string) =>
  ({ peer, protocol }: LogLine): boolean =>
    peer === code && protocol === '/comity/hello/1';
const without = (state: ForeignState, usage: 'record' | 'transport'): Uint8Array[] =>
  (['record', 'log', 'witness', 'transport'] as const)
    .filter((each) => each !== usage)
    .map((each) => state.kid(each))
    .sort(Buffer.compare);
const revoking = (state: ForeignState, usage: 'record' | 'transport'): Partial<KeyState> => ({
  live: without(state, usage),
  revoked: [{ kid: state.kid(usage), fromSeconds: nowSeconds() - 60, reason: 'compromised' }],
});

test('of a revoked record key nothing more comes in, and what the others sign does', async () => {
  const state = await ForeignState.found('XKA');
  await recognise(node, state);
  const hello = { card: state.card };
  await using peer = await ForeignNode.start(state, founded, { hello });
  await peer.live();
  const before = await state.issue(draftOf('Before the theft was known'));
  peer.ledger.append(releaseOf(before));
  await until('the record is held', () => holds(node, before.header.id));

  // Said anew on the connection that stands.
  hello.card = state.cardWith(state.certificates, await state.keyState(revoking(state, 'record')));
  await peer.exchange.greet();
  await node.logged('keys-learnt', ({ peer: of, revoked }) => of === 'XKA' && revoked === 1);
  const late = await state.issue(draftOf('POISONED by a stolen key'));
  peer.ledger.append(releaseOf(late));
  const line = await node.logged('item-rejected', ({ peer: of }) => of === 'XKA');
  expect(line.code).toBe('identity.key-revoked');
  expect(await holds(node, late.header.id)).toBe(false);
  // Dated back before the theft it is none the better: the date is the thief's word.
  const dated = await state.issue(draftOf('POISONED and dated back'), { atSeconds: nowSeconds() - 600 });
  peer.ledger.append(releaseOf(dated));
  await node.logged('item-rejected', ({ peer: of, index }) => of === 'XKA' && index === 2);
  expect(await holds(node, dated.header.id)).toBe(false);
});

test('a key state that is not the state’s own is refused, and changes nothing', async () => {
  const [state, other] = [await ForeignState.found('XKB'), await ForeignState.found('XKC')];
  await recognise(node, state);
  const foreign = state.cardWith(state.certificates, await state.keyState({}, other));
  {
    await using _liar = await ForeignNode.start(state, founded, { hello: { card: foreign } });
    const line = await node.logged('request-refused', refusedHello('XKB'));
    expect(line.code).toBe('identity.wrong-issuer');
  }
  expect((await shown('XKB')).keyState).toBeNull();
  await using honest = await ForeignNode.start(state, founded);
  await honest.live();
});

test('of two that cannot both be true the first stays, people are told, and the node starts again', async () => {
  const state = await ForeignState.found('XKD');
  await recognise(node, state);
  const [one, other] = await Promise.all([
    state.keyState(),
    state.keyState({ ...revoking(state, 'record') }),
  ]);
  const hello = { card: state.cardWith(state.certificates, one) };
  await using peer = await ForeignNode.start(state, founded, { hello });
  await peer.live();
  hello.card = state.cardWith(state.certificates, other);
  await peer.exchange.greet();
  const alarm = await node.logged('keys-contradict', ({ peer: of }) => of === 'XKD');
  expect(alarm).toMatchObject({ level: 'error', code: 'identity.key-states-contradict' });
  await peer.stop();
  expect(await node.stop()).toBe(0);
  node = await NodeProcess.start(founded.home);
  expect(await shown('XKD')).toMatchObject({ keyState: { version: 1 }, contradictions: 1 });
  const view = await state.issue(draftOf('By a key that is live'));
  await using honest = await ForeignNode.start(state, founded, {
    hello: { card: state.cardWith(state.certificates, one) },
  });
  await honest.live();
  honest.ledger.append(releaseOf(view));
  await until('the record is held', () => holds(node, view.header.id));
});

test('whoever revokes the key of his own connection is cut off, and let in under no name', async () => {
  const state = await ForeignState.found('XKE');
  await recognise(node, state);
  const card = state.cardWith(state.certificates, await state.keyState(revoking(state, 'transport')));
  await using peer = await ForeignNode.start(state, founded, { hello: { card } });
  await node.logged('keys-learnt', ({ peer: of }) => of === 'XKE');
  await until('the connection is cut', () => peer.status().state !== 'live');
  await node.logged('connection-denied');
  expect((await shown('XKE')).keyState).toMatchObject({ version: 1 });
});
