import { expect, test } from 'vitest';
import { seedOf } from './federation.test-support.ts';
import { dialAddress, networkOf, peerIdOf, transportKeyOf } from './peer-address.ts';

test('addresses: TCP only, with the right PeerId or none', async () => {
  const { peerId } = await transportKeyOf(seedOf(1));
  const good = ['/ip4/192.0.2.1/tcp/4001', '/ip6/2001:db8::1/tcp/4001', '/dns4/node.example/tcp/4001'];
  for (const address of [...good, `${good[0]}/p2p/${peerId}`]) {
    expect(dialAddress(address, peerId).toString()).toBe(
      address.includes('p2p') ? address : `${address}/p2p/${peerId}`,
    );
  }
  const other = (await transportKeyOf(seedOf(2))).peerId;
  const bad = [
    '',
    'nonsense',
    '/ip4/192.0.2.1',
    '/ip4/192.0.2.1/udp/4001/quic-v1',
    '/ip4/192.0.2.1/tcp/4001/ws',
    `/ip4/192.0.2.1/tcp/4001/p2p/${other}`,
    `/ip4/192.0.2.1/tcp/4001/p2p/${other}/p2p-circuit/p2p/${peerId}`,
    '/unix/tmp%2Fsocket',
    '/dnsaddr/node.example',
  ];
  for (const address of bad) {
    expect(() => dialAddress(address, peerId), address).toThrow(
      expect.objectContaining({ code: 'exchange.bad-address' }),
    );
  }
  expect(networkOf('192.0.2.0/24')).toBe('/ip4/192.0.2.0/ipcidr/24');
  expect(networkOf('2001:db8::/32')).toBe('/ip6/2001:db8::/ipcidr/32');
  expect(() => networkOf('192.0.2.0')).toThrow(expect.objectContaining({ code: 'exchange.bad-address' }));
});

test('transport keys', async () => {
  const { peerId, key } = await transportKeyOf(seedOf(3));
  expect(peerIdOf(key.publicKey.raw)).toBe(peerId);
  expect((await transportKeyOf(key)).peerId).toBe(peerId);
  await expect(transportKeyOf(new Uint8Array(31))).rejects.toMatchObject({
    code: 'exchange.bad-transport-key',
  });
  for (const bytes of [new Uint8Array(31), new Uint8Array(33)]) {
    expect(() => peerIdOf(bytes)).toThrow(expect.objectContaining({ code: 'exchange.bad-transport-key' }));
  }
});
