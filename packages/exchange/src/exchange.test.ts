import { expect, test } from 'vitest';
import { createNode, entryOf, stateId, until } from './federation.test-support.ts';
import { checkPeerEntry } from './index.ts';

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

test('addresses of this machine itself: only for a node that listens on loopback alone', async () => {
  const own = [
    '/ip4/127.0.0.1/tcp/1',
    '/ip4/127.9.9.9/tcp/1',
    '/ip4/0.0.0.0/tcp/1',
    '/ip6/::1/tcp/1',
    '/ip6/::/tcp/1',
  ];
  const names = ['/dns4/localhost/tcp/1', '/dns/node.LOCALHOST/tcp/1', '/ip6/::ffff:127.0.0.1/tcp/1'];
  const other = ['/ip4/192.0.2.1/tcp/1', '/ip6/2001:db8::1/tcp/1', '/dns4/localhost.example/tcp/1'];
  const b = await createNode(2);
  const entry = (address: string) => entryOf(b, [address]);
  for (const address of [...own, ...names]) {
    expect(() => checkPeerEntry(entry(address), false), address).toThrow(
      expect.objectContaining({ code: 'exchange.local-address' }),
    );
    checkPeerEntry(entry(address), true);
  }
  for (const address of other) checkPeerEntry(entry(address), false);

  for (const [listen, dialled] of [
    [['/ip4/127.0.0.1/tcp/0'], true],
    [['/ip4/127.0.0.1/tcp/0', '/ip6/::1/tcp/0'], true],
    [['/ip4/127.0.0.1/tcp/0', '/ip4/0.0.0.0/tcp/0'], false],
    [['/ip4/0.0.0.0/tcp/0'], false],
    [[], false],
  ] as const) {
    const node = await createNode(1, { listen });
    const add = (): void => node.exchange.addPeer(entry('/ip4/127.0.0.1/tcp/1'));
    if (dialled) add();
    else expect(add, listen.join()).toThrow(expect.objectContaining({ code: 'exchange.local-address' }));
    await node.exchange.stop();
  }
  await b.exchange.stop();
});

test('a peer of which no key is left is a status, not a fault; with a new key it is reached again', async () => {
  const a = await createNode(1);
  const b = await createNode(2);
  await Promise.all([a.exchange.start(), b.exchange.start()]);
  a.exchange.addPeer({ peer: b.id, transports: [] });
  b.exchange.addPeer(entryOf(a));
  await until(() => a.exchange.status(b.id).lastFaultCode === 'exchange.no-valid-key');
  expect((await a.exchange.testPeer(b.id)).stages[0]).toMatchObject({
    outcome: 'failed',
    code: 'exchange.no-valid-key',
  });
  expect(b.exchange.status(a.id).state).not.toBe('live');
  a.exchange.addPeer(entryOf(b));
  await until(() => a.exchange.status(b.id).state === 'live' && b.exchange.status(a.id).state === 'live');
  expect(a.exchange.status(b.id).lastFaultCode).toBeUndefined();
  a.exchange.addPeer({ peer: b.id, transports: [] });
  await until(() => a.exchange.status(b.id).lastFaultCode === 'exchange.no-valid-key');
  expect(a.exchange.status(b.id).state).not.toBe('live');
  await Promise.all([a.exchange.stop(), b.exchange.stop()]);
});
