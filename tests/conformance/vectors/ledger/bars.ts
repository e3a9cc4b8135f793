// Which bars are in force (ledger.md 7.11).

import { filled, hex } from '../cbor-text.ts';
import { arcadia, borealis, NOW_SECONDS, type State } from '../states.ts';
import type { InvalidCase, Json, ValidCase, VectorFile } from '../vector.ts';
import { knowing } from './items.ts';
import { barring, narrowing, type OrderText, orderText } from './order-text.ts';
import { digests } from './text.ts';

/** States that are no more than ids. */
const [north, south] = [filled(0x0a), filled(0x0b)] as const;

function order(kind: 'bar' | 'lift', state: Buffer, hoursAgo: number, issuer: State = arcadia): OrderText {
  return orderText({
    issuer,
    payload: barring(state, kind),
    issuedAtSeconds: NOW_SECONDS - hoursAgo * 3_600,
  });
}

const bar = (state: Buffer, hoursAgo: number, issuer?: State): OrderText =>
  order('bar', state, hoursAgo, issuer);
const lift = (state: Buffer, hoursAgo: number, issuer?: State): OrderText =>
  order('lift', state, hoursAgo, issuer);

type Bars = readonly (readonly [issuer: State, states: readonly Buffer[]])[];

function input(orders: readonly OrderText[]): { readonly [name: string]: Json } {
  return {
    orders: orders.map(({ message }) => hex(message)),
    ...knowing(arcadia, borealis),
    atSeconds: NOW_SECONDS,
  };
}

function inForce(comment: string, orders: readonly OrderText[], bars: Bars): ValidCase {
  const listed = bars.map(([issuer, states]) => ({ issuer: issuer.idText, states: states.map(hex) }));
  return { comment, in: input(orders), out: { bars: listed } };
}

export function barsFiles(): readonly VectorFile[] {
  const form = { topic: 'ledger', name: 'bars', op: 'ledger.bars' };
  return [
    { ...form, grammar: { orders: 'order' }, valid: valid() },
    { ...form, invalid: invalid() },
  ];
}

function valid(): readonly ValidCase[] {
  const byId = [arcadia, borealis].sort((a, b) => Buffer.compare(a.id, b.id));
  return [
    inForce('no orders', [], []),
    inForce('a bar', [bar(north, 1)], [[arcadia, [north]]]),
    inForce('a bar twice', [bar(north, 1), bar(north, 1)], [[arcadia, [north]]]),
    inForce('a bar that was lifted later', [bar(north, 2), lift(north, 1)], []),
    inForce('the same, the lifting first', [lift(north, 1), bar(north, 2)], []),
    inForce('a bar after an earlier lifting', [lift(north, 2), bar(north, 1)], [[arcadia, [north]]]),
    inForce('the same, the bar first', [bar(north, 1), lift(north, 2)], [[arcadia, [north]]]),
    inForce(
      'barred, lifted, barred again, in any order',
      [lift(north, 2), bar(north, 1), bar(north, 3)],
      [[arcadia, [north]]],
    ),
    inForce('a bar and its lifting in one second', [bar(north, 1), lift(north, 1)], [[arcadia, [north]]]),
    inForce('the same, the lifting first', [lift(north, 1), bar(north, 1)], [[arcadia, [north]]]),
    inForce('a lifting of what was never barred', [lift(north, 1)], []),
    inForce('two states, the greater id first', [bar(south, 2), bar(north, 1)], [[arcadia, [north, south]]]),
    inForce('one of two is lifted', [bar(south, 2), bar(north, 2), lift(south, 1)], [[arcadia, [north]]]),
    inForce(
      'the lifting of another originator counts for nothing',
      [bar(north, 2), lift(north, 1, borealis)],
      [[arcadia, [north]]],
    ),
    inForce(
      'two originators bar one state',
      [...byId].reverse().map((issuer) => bar(north, 1, issuer)),
      byId.map((issuer) => [issuer, [north]] as const),
    ),
    inForce(
      'two originators bar each other',
      [bar(borealis.id, 1), bar(arcadia.id, 1, borealis)],
      byId.map((issuer) => [issuer, [issuer === arcadia ? borealis.id : arcadia.id]] as const),
    ),
    inForce(
      'orders about records bar nobody',
      [orderText(), orderText({ payload: narrowing(digests(2)) }), bar(south, 1)],
      [[arcadia, [south]]],
    ),
  ];
}

function invalid(): readonly InvalidCase[] {
  const forged = orderText({ payload: barring(north), key: borealis.keys.record });
  const ahead = orderText({ payload: barring(north), issuedAtSeconds: NOW_SECONDS + 301 });
  const itself = orderText({ payload: barring(arcadia.id) });
  return [
    {
      comment: 'one of two is forged',
      in: input([bar(south, 1), forged]),
      code: 'order.wrong-issuer',
      clause: '7.7',
    },
    { comment: 'a bar from the future', in: input([ahead]), code: 'order.issued-in-future', clause: '7.7' },
    { comment: 'a state bars itself', in: input([itself]), code: 'order.wrong-members', clause: '7.4' },
  ];
}
