import { BlockList } from 'node:net';
import { Fault } from '@comity/fault';
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr';

/** Loopback and unspecified addresses: whoever dials them reaches the machine on which he is. */
const LOCAL = new BlockList();
LOCAL.addSubnet('127.0.0.0', 8, 'ipv4');
LOCAL.addSubnet('0.0.0.0', 8, 'ipv4');
LOCAL.addAddress('::1', 'ipv6');
LOCAL.addAddress('::', 'ipv6');

/** Whether an address, as its text says it, stands for the machine itself. What a name resolves to is not asked. */
export function isLocalAddress(address: Multiaddr): boolean {
  const [host] = address.getComponents();
  const value = host?.value ?? '';
  if (host?.name === 'ip4') return LOCAL.check(value, 'ipv4');
  // IPv4 in an IPv6 address is judged as IPv4.
  if (host?.name === 'ip6') return LOCAL.check(value, 'ipv6');
  // RFC 6761 §6.3: `localhost` and what is under it are names of the loopback.
  return /(^|\.)localhost\.?$/i.test(value);
}

/**
 * Whether a node listens on loopback alone: then its federation is on one machine, and its peers are there too.
 *
 * @throws Fault `exchange.bad-address`
 */
export function listensLocally(listen: readonly string[]): boolean {
  return (
    listen.length > 0 &&
    listen.every((text) => {
      try {
        const address = multiaddr(text);
        return isLocalAddress(address) && !isUnspecified(address);
      } catch (cause) {
        throw new Fault('exchange.bad-address', 'expected a multiaddr', { cause });
      }
    })
  );
}

/** A node that listens on all addresses is reached from elsewhere. */
function isUnspecified(address: Multiaddr): boolean {
  const [host] = address.getComponents();
  return host?.value === '0.0.0.0' || host?.value === '::';
}
