import { Fault } from '@comity/fault';
import type { Connection, Libp2p } from '@libp2p/interface';
import type { AdmissionSet } from './admission.ts';
import type { Clock } from './clock.ts';
import type { HandshakeWatch } from './handshake-watch.ts';
import type { KnownTransport } from './peer-entry.ts';
import { stopping } from './supervisor.ts';
import type { Timings } from './timings.ts';

/** How a dial may differ from the ordinary one. */
export interface DialOptions {
  /** Opens another connection even where there is one. */
  readonly fresh?: boolean;
  /** Told when the peer has answered under the pre-shared key. */
  readonly onKeyMatched?: () => void;
}

interface Progress {
  keyMatched: boolean;
  authenticated: boolean;
  reason: 'identity' | 'prologue' | 'lost' | undefined;
}

/** Dials peers at the addresses of their certificates, and says what a dial failed of. */
export class Dialler {
  readonly #node: Libp2p;
  readonly #admission: AdmissionSet;
  readonly #watch: HandshakeWatch;
  readonly #clock: Clock;
  readonly #timings: Timings;

  constructor(node: Libp2p, admission: AdmissionSet, watch: HandshakeWatch, clock: Clock, timings: Timings) {
    this.#node = node;
    this.#admission = admission;
    this.#watch = watch;
    this.#clock = clock;
    this.#timings = timings;
  }

  /**
   * Dials a peer: its transport keys in order, with all addresses of each.
   *
   * @throws Fault `exchange.no-address`, `exchange.no-valid-key`, `exchange.unreachable`, `exchange.dial-timeout`,
   *   `exchange.psk-mismatch`, `exchange.prologue-mismatch`, `exchange.identity-mismatch`, `exchange.handshake-failed`,
   *   `exchange.not-admitted`, `exchange.stopping`
   */
  async dial(
    transports: readonly KnownTransport[],
    signal: AbortSignal,
    options?: DialOptions,
  ): Promise<Connection> {
    // Told before whether there are addresses: a peer that only dials does not get in either.
    if (!transports.some(({ peerId }) => this.#admission.peerOf(peerId) !== undefined)) {
      throw new Fault('exchange.no-valid-key', 'no transport key of the peer is valid now');
    }
    let failure = new Fault('exchange.no-address', 'the peer has no address to be dialled at');
    for (const transport of transports) {
      if (transport.addresses.length === 0) continue;
      if (this.#admission.peerOf(transport.peerId) === undefined) {
        failure = new Fault('exchange.no-valid-key', 'no transport key of the peer is valid now');
        continue;
      }
      const progress: Progress = { keyMatched: false, authenticated: false, reason: undefined };
      try {
        return await this.#dialTransport(transport, progress, signal, options ?? {});
      } catch (thrown) {
        if (signal.aborted) throw stopping();
        failure = dialFault(thrown, progress);
      }
    }
    throw failure;
  }

  async #dialTransport(
    { peerId, addresses }: KnownTransport,
    progress: Progress,
    signal: AbortSignal,
    { fresh = false, onKeyMatched }: DialOptions,
  ): Promise<Connection> {
    if (signal.aborted) throw stopping();
    const dialling = new AbortController();
    const abort = (): void => dialling.abort();
    // Addresses are tried one after the other; the last must get its turn though the first ones do not answer.
    const dialMs = this.#timings.dialMs + (addresses.length - 1) * this.#timings.addressMs;
    const cancel = this.#clock.schedule(dialMs, abort);
    signal.addEventListener('abort', abort);
    const unobserve = this.#watch.observe(peerId, {
      keyMatched: () => {
        progress.keyMatched = true;
        onKeyMatched?.();
      },
      authenticated: () => {
        progress.authenticated = true;
      },
      failed: (reason) => {
        progress.reason = reason;
      },
    });
    try {
      return await this.#node.dial([...addresses], { signal: dialling.signal, force: fresh });
    } finally {
      unobserve();
      cancel();
      signal.removeEventListener('abort', abort);
    }
  }
}

function dialFault(cause: unknown, { keyMatched, authenticated, reason }: Progress): Fault {
  const causes: readonly unknown[] = cause instanceof AggregateError ? cause.errors : [cause];
  const names = new Set(causes.map((each) => (each instanceof Error ? each.name : '')));
  if (authenticated) {
    return new Fault('exchange.not-admitted', 'the peer closed the connection after the handshake', {
      cause,
    });
  }
  if (reason === 'identity') {
    return new Fault('exchange.identity-mismatch', 'another PeerId answers at the address', { cause });
  }
  if (reason === 'prologue') {
    return new Fault('exchange.prologue-mismatch', 'the peer is of another federation or era', { cause });
  }
  if (keyMatched || reason === 'lost')
    return new Fault('exchange.handshake-failed', 'the handshake was broken off', { cause });
  if (names.has('EncryptionFailedError')) {
    return new Fault('exchange.psk-mismatch', 'the peer did not answer under the pre-shared key', { cause });
  }
  if (names.has('TimeoutError') || names.has('AbortError')) {
    return new Fault('exchange.dial-timeout', 'the peer did not answer in time', { cause });
  }
  return new Fault('exchange.unreachable', 'no address of the peer could be reached', { cause });
}
