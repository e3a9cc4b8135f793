import { Fault } from '@comity/fault';
import { describe, expect, test } from 'vitest';
import { faultToldBy, Refusal, toldCode } from './refusal.ts';

describe('a peer is told', () => {
  test.each([
    [
      'what it did against the protocol',
      new Fault('exchange.frame-malformed', 'x'),
      'exchange.frame-malformed',
    ],
    ['the reason that a port refuses with', new Refusal('query.busy', 'x'), 'query.busy'],
    ['the fault of a question', new Refusal('cbor.shape', 'x'), 'cbor.shape'],
  ] as const)('%s', (_what, fault, code) => {
    expect(toldCode(fault)).toBe(code);
  });

  test.each([
    ['what a port met by accident', new Fault('query.busy', 'x')],
    ['the fault of a document that was checked', new Fault('identity.forged', 'x')],
    ['in which state the store is, not even as a reason', new Refusal('store.write-failed', 'x')],
    ['what was decided, not even as a reason', new Refusal('disclosure.no-permit', 'x')],
    ['a fault of the program', new Fault('fault.internal', 'x')],
    ["a fault of this node's own in the protocol", new Fault('exchange.bad-psk', 'x')],
  ] as const)('not %s', (_what, fault) => {
    expect(toldCode(fault)).toBe('exchange.refused');
  });
});

describe('of a peer is taken over', () => {
  test('what it may say of the protocol', () => {
    expect(faultToldBy('exchange.superseded')).toMatchObject({
      code: 'exchange.superseded',
      fields: { toldByPeer: true },
    });
  });

  test.each([
    ['a fault of the own store', 'store.damaged', 'store.damaged'],
    ['a fault of the own configuration', 'exchange.bad-psk', 'exchange.bad-psk'],
    ['an answer to a question', 'query.busy', 'query.busy'],
    ['a code that there is not', 'exchange.other', null],
    ['what is no code', '__proto__', null],
  ])('not %s', (_what, code, peerCode) => {
    expect(faultToldBy(code)).toMatchObject({
      code: 'exchange.refused',
      fields: { toldByPeer: true, peerCode },
    });
  });
});
