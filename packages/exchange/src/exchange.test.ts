import { expect, test } from 'vitest';
import { createNode, entryOf, stateId } from './federation.test-support.ts';

test('what an exchange is made of is judged before it exists', async () => {
  const refused = [
    [{ psk: new Uint8Array(31) }, 'exchange.bad-psk'],
    [{ federation: '' }, 'exchange.bad-federation'],
    [{ federation: 'x'.repeat(129) }, 'exchange.bad-federation'],
    [{ federation: 'a\u0000b' }, 'exchange.bad-federation'],
    [{ transportKey: new Uint8Array(3) }, 'exchange.bad-transport-key'],
    [{ allowedNetworks: ['nonsense'] }, 'exchange.bad-address'],
    [{ batches: { window: 0 } }, 'exchange.bad-batches'],
    [{ batches: { maxEntries: 4_097 } }, 'exchange.bad-batches'],
    [{ batches: { maxBytes: 1.5 } }, 'exchange.bad-batches'],
  ] as const;
  for (const [options, code] of refused) {
    await expect(createNode(1, options), code).rejects.toMatchObject({ code });
  }
});

test('an address that is taken already', async () => {
  const first = await createNode(1);
  await first.exchange.start();
  const listen = first.exchange.addresses.map((address) => address.replace(/\/p2p\/.*/, ''));
  const second = await createNode(2, { listen });
  await expect(second.exchange.start()).rejects.toMatchObject({ code: 'exchange.cannot-listen' });
  await first.exchange.stop();
  await second.exchange.stop();
});

test('peers are judged when they are added', async () => {
  const a = await createNode(1);
  const b = await createNode(2);
  const [transport] = entryOf(b, []).transports;
  if (transport === undefined) throw new Error('no transport');
  a.exchange.addPeer({ peer: b.id, transports: [transport] });
  const refused = [
    [{ peer: b.id, transports: [] }, 'exchange.bad-peer'],
    [{ peer: b.id, transports: Array.from({ length: 9 }, () => transport) }, 'exchange.bad-peer'],
    [{ peer: stateId(9), transports: [transport] }, 'exchange.bad-peer'],
    [entryOf(a, []), 'exchange.bad-peer'],
    [{ peer: 'nonsense' as never, transports: [transport] }, 'label.bad-state-id'],
    [
      { peer: b.id, transports: [{ ...transport, addresses: ['/ip4/1.2.3.4/udp/1'] }] },
      'exchange.bad-address',
    ],
    [
      { peer: b.id, transports: [{ ...transport, publicKey: new Uint8Array(3) }] },
      'exchange.bad-transport-key',
    ],
  ] as const;
  for (const [entry, code] of refused) {
    expect(() => a.exchange.addPeer(entry), code).toThrow(expect.objectContaining({ code }));
  }
  expect(a.exchange.peers()).toEqual([{ peer: b.id, state: 'waiting' }]);
  expect(() => a.exchange.status(stateId(9))).toThrow(
    expect.objectContaining({ code: 'exchange.peer-unknown' }),
  );
  expect(() => a.exchange.wake(stateId(9))).toThrow(
    expect.objectContaining({ code: 'exchange.peer-unknown' }),
  );
});
