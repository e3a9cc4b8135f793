import type { LevelMap, StateId } from '@comity/label';
import { type PlainScheme, schemeFrom } from '@comity/label';
import neutral from '@comity/protocol/registries/schemes/neutral.json' with { type: 'json' };
import type { View } from '@comity/record';
import { expect, test } from 'vitest';
import { Orders } from '../orders/orders.ts';
import { assertRecognised, assertServed } from '../release/served.ts';
import { ReleaseDoor } from '../release.ts';
import type { Sovereign } from '../sovereign.ts';
import { type Peer, PeerTable } from './peers.ts';

const [own, originator, recipient] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [
  StateId,
  StateId,
  StateId,
];
const scheme = schemeFrom(neutral.scheme as unknown as PlainScheme);
const levels = new Map(scheme.levels.map(({ id }) => [id, id]));
const map: LevelMap = { from: scheme.id, to: scheme.id, levels };

interface Term {
  readonly from: number;
  readonly to: number;
}

/** A peer with a recognition of it, and its own of this state where one is given, each with its term. */
function peerOf(state: StateId, ours: Term, theirs?: Term, suspended: boolean = false): Peer {
  const recognition = (issuer: StateId, subject: StateId, { from, to }: Term): object => ({
    issuer,
    subject,
    ceiling: scheme.levels[1]?.id,
    outbound: map,
    inbound: map,
    categories: [],
    community: true,
    notBeforeSeconds: from,
    notAfterSeconds: to,
  });
  return {
    state,
    code: 'XBB',
    charter: { scheme },
    certificates: [],
    ours: recognition(own, state, ours),
    theirs: theirs === undefined ? undefined : recognition(state, own, theirs),
    suspended,
  } as unknown as Peer;
}

function tableOf(...all: readonly Peer[]): PeerTable {
  const peers = new PeerTable(scheme);
  for (const peer of all) peers.set(peer);
  return peers;
}

const LONG = { from: 0, to: 1_000 };
const SHORT = { from: 10, to: 20 };

test.each([
  ['ours', peerOf(originator, SHORT, LONG)],
  ['theirs', peerOf(originator, LONG, SHORT)],
])('levels of a state are read while %s recognition is valid, and at no other time', (_, peer) => {
  const peers = tableOf(peer);
  const seconds = [9, 10, 19, 20];
  expect(seconds.map((atSeconds) => peers.inboundOf(originator, atSeconds)?.levels.size ?? 0)).toEqual([
    0,
    levels.size,
    levels.size,
    0,
  ]);
});

test('levels are read of a state that has confirmed, of one that has not, is suspended or unknown not at all', () => {
  expect(tableOf(peerOf(originator, LONG, LONG)).inboundOf(originator, 5)?.levels).toEqual(levels);
  expect(tableOf(peerOf(originator, LONG)).inboundOf(originator, 5)).toBeUndefined();
  expect(tableOf(peerOf(originator, LONG, LONG, true)).inboundOf(originator, 5)).toBeUndefined();
  expect(tableOf().inboundOf(originator, 5)).toBeUndefined();
});

test('a state that has not confirmed may say hello, and is served nothing', () => {
  const peers = tableOf(peerOf(originator, LONG));
  expect(peers.isRecognised(originator, 5)).toBe(true);
  expect(peers.isServed(originator, 5)).toBe(false);
  const sovereign = { peers, now: () => 5 } as unknown as Sovereign;
  expect(() => assertRecognised(sovereign, originator)).not.toThrow();
  expect(() => assertServed(sovereign, originator)).toThrow(
    expect.objectContaining({ code: 'peer.not-confirmed' }),
  );
});

test.each([
  ['ours', peerOf(originator, SHORT, LONG)],
  ['theirs', peerOf(originator, LONG, SHORT)],
])('what was handed on is decided again once %s recognition has ended', (_, peer) => {
  let atSeconds = 15;
  const sovereign = {
    self: { state: own, charter: { scheme } },
    peers: tableOf(peer, peerOf(recipient, LONG, LONG)),
    clock: { isHeld: false },
    putBack: { isShut: () => false, lacksLedger: () => false },
    orders: new Orders(),
    now: () => atSeconds,
  } as unknown as Sovereign;
  const door = new ReleaseDoor(sovereign, 1);
  const viewOf = (issuer: StateId): View =>
    ({
      header: { issuer, label: { scheme: scheme.id, classification: 'restricted' } },
      parts: [],
    }) as unknown as View;
  const relayed = door.noteFor(viewOf(originator), recipient, {});
  const issued = door.noteFor(viewOf(own), recipient, {});
  const stands = (): boolean[] => [relayed, issued].map((note) => door.stillStands(recipient, note));
  expect(stands()).toEqual([true, true]);
  atSeconds = 19;
  expect(stands()).toEqual([true, true]);
  atSeconds = 20;
  expect(stands()).toEqual([false, true]);
  // Decided then, not when the equivalence was computed.
  expect(door.situation('relay', 'incident-response').inboundOf(originator)).toBeUndefined();
});
