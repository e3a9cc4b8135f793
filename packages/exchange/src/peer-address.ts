import { Fault } from '@comity/fault';
import { generateKeyPairFromSeed, publicKeyFromRaw } from '@libp2p/crypto/keys';
import type { PrivateKey } from '@libp2p/interface';
import { peerIdFromPrivateKey, peerIdFromPublicKey } from '@libp2p/peer-id';
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr';

/** Where a socket can be opened to. */
export interface SocketAddress {
  readonly host: string;
  readonly port: number;
}

const PUBLIC_KEY_BYTES = 32;
const SEED_BYTES = 32;
const HOSTS: ReadonlySet<string> = new Set(['ip4', 'ip6', 'dns', 'dns4', 'dns6']);

/**
 * The PeerId of a transport key, as text. It holds the raw Ed25519 key, so neither direction needs a look-up.
 *
 * @throws Fault `exchange.bad-transport-key`
 */
export function peerIdOf(publicKey: Uint8Array): string {
  if (publicKey.length !== PUBLIC_KEY_BYTES) {
    throw new Fault('exchange.bad-transport-key', `expected 32 bytes of public key, got ${publicKey.length}`);
  }
  try {
    return peerIdFromPublicKey(publicKeyFromRaw(publicKey)).toString();
  } catch (cause) {
    throw new Fault('exchange.bad-transport-key', 'expected an Ed25519 public key', { cause });
  }
}

/**
 * The transport key of this node: 32 bytes of Ed25519 seed, or a key object that only signs (an HSM, an agent).
 *
 * @throws Fault `exchange.bad-transport-key`
 */
export async function transportKeyOf(
  key: Uint8Array | PrivateKey,
): Promise<{ key: PrivateKey; peerId: string }> {
  let privateKey: PrivateKey;
  if (key instanceof Uint8Array) {
    if (key.length !== SEED_BYTES) {
      throw new Fault('exchange.bad-transport-key', `expected 32 bytes of seed, got ${key.length}`);
    }
    privateKey = await generateKeyPairFromSeed('Ed25519', key);
  } else {
    privateKey = key;
  }
  if (privateKey.type !== 'Ed25519') {
    throw new Fault('exchange.bad-transport-key', 'expected an Ed25519 key');
  }
  return { key: privateKey, peerId: peerIdFromPrivateKey(privateKey).toString() };
}

/**
 * An address of a peer as this node dials it: TCP to an IP address or a name, with the peer's PeerId at its end.
 *
 * @throws Fault `exchange.bad-address`
 */
export function dialAddress(address: string, peerId: string): Multiaddr {
  const parsed = parse(address);
  const [host, port, claimed, ...rest] = parsed.getComponents();
  const isTcp = host !== undefined && HOSTS.has(host.name) && port?.name === 'tcp' && rest.length === 0;
  if (!isTcp) throw new Fault('exchange.bad-address', 'expected /ip4, /ip6 or /dns, then /tcp');
  if (claimed === undefined) return parsed.encapsulate(`/p2p/${peerId}`);
  if (claimed.name !== 'p2p' || claimed.value !== peerId) {
    throw new Fault('exchange.bad-address', 'the address names another PeerId than the transport key');
  }
  return parsed;
}

/** Host and port of an address that `dialAddress` has accepted. */
export function socketAddress(address: Multiaddr): SocketAddress {
  const [host, port] = address.getComponents();
  return { host: host?.value ?? '', port: Number(port?.value ?? 0) };
}

/**
 * An allow-list entry for the addresses from which peers connect, in the form the connection manager reads.
 *
 * @throws Fault `exchange.bad-address`
 */
export function networkOf(cidr: string): string {
  const [host = '', bits = ''] = cidr.split('/');
  return parse(`/${host.includes(':') ? 'ip6' : 'ip4'}/${host}/ipcidr/${bits}`).toString();
}

function parse(address: string): Multiaddr {
  try {
    return multiaddr(address);
  } catch (cause) {
    throw new Fault('exchange.bad-address', 'expected a multiaddr', { cause });
  }
}
