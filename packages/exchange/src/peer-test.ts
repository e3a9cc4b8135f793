import { connect } from 'node:net';
import { Fault, type FaultCode, isFault } from '@comity/fault';
import type { StateId } from '@comity/label';
import type { Connection } from '@libp2p/interface';
import type { Multiaddr } from '@multiformats/multiaddr';
import type { ExchangeContext } from './context.ts';
import type { Dialler } from './dialler.ts';
import { sayHello } from './hello/client.ts';
import { pullLedger } from './ledger/client.ts';
import type { Peer } from './peer.ts';
import { socketAddress } from './peer-address.ts';
import type { KnownTransport } from './peer-entry.ts';
import { asFault } from './refusal.ts';

/** The stages of reaching a peer, in order. */
export const PEER_TEST_STAGES = ['tcp', 'psk', 'noise-identity', 'hello', 'recognition', 'ledger'] as const;

export type PeerTestStage = (typeof PEER_TEST_STAGES)[number];

/** How a stage went; stages after one that failed are not reached. */
export interface StageReport {
  readonly stage: PeerTestStage;
  readonly outcome: 'ok' | 'failed' | 'not-reached';
  /** Why it failed. */
  readonly code?: FaultCode;
  /** How long it took, in milliseconds; absent when not reached. */
  readonly elapsedMs?: number;
}

/** What a peer test found. */
export interface PeerTestReport {
  readonly peer: StateId;
  /** The address that was tested: the first to which a socket could be opened, otherwise the last that was tried. */
  readonly address: string | undefined;
  readonly ok: boolean;
  readonly stages: readonly StageReport[];
}

interface Target {
  readonly transport: KnownTransport;
  readonly address: Multiaddr;
}

/**
 * Tries to reach a peer stage by stage, over a connection of its own where there is room for one, and says where it
 * ends. Changes nothing: the ledger's head is asked for and judged, and nothing is stored.
 */
export async function testPeer(
  context: ExchangeContext,
  dialler: Dialler,
  peer: Peer,
  signal: AbortSignal,
): Promise<PeerTestReport> {
  const stages = new StageRecorder(context);
  let address: Multiaddr | undefined;
  let probe: Connection | undefined;
  try {
    const target = await stages.run('tcp', () =>
      openSocket(context, peer.transports, (tried) => {
        address = tried;
      }),
    );
    // A peer takes two connections, and after two simultaneous dials there are two for a moment.
    const usable = peer.hasRoom ? undefined : peer.current();
    if (usable === undefined) probe = await shakeHands(stages, dialler, target, signal);
    else stages.pass('psk', 'noise-identity');
    const { connection, recognised } = await stages.run('hello', () =>
      greet(context, peer, usable ?? probe, signal),
    );
    await stages.run('recognition', async () => {
      if (!recognised) throw new Fault('exchange.not-recognised', 'the peer does not recognise this state');
    });
    await stages.run('ledger', () => pullLedger(context, peer.id, connection, 'head', signal));
  } catch (thrown) {
    stages.stopAt(thrown);
  } finally {
    probe?.abort(new Fault('exchange.connection-lost', 'the test is over'));
  }
  return { peer: peer.id, address: address?.toString(), ...stages.report() };
}

/** Says hello; on the connection that is live where the peer, for want of room, closes the one it was asked on. */
async function greet(
  context: ExchangeContext,
  peer: Peer,
  connection: Connection | undefined,
  signal: AbortSignal,
): Promise<{ connection: Connection; recognised: boolean }> {
  try {
    if (connection === undefined) throw new Fault('exchange.not-admitted', 'the connection is gone');
    const { recognised } = await sayHello(context, peer.id, connection, signal);
    return { connection, recognised };
  } catch (thrown) {
    const live = peer.liveConnection;
    if (live === undefined || live === connection || !isFault(thrown, 'exchange.not-admitted')) throw thrown;
    const { recognised } = await sayHello(context, peer.id, live, signal);
    return { connection: live, recognised };
  }
}

/** Opens a TCP connection to the first address that takes one, and closes it again. */
async function openSocket(
  context: ExchangeContext,
  transports: readonly KnownTransport[],
  onTry: (address: Multiaddr) => void,
): Promise<Target> {
  let failure =
    transports.length === 0
      ? new Fault('exchange.no-valid-key', 'no transport key of the peer is valid now')
      : new Fault('exchange.no-address', 'the peer has no address to be dialled at');
  for (const transport of transports) {
    for (const address of transport.addresses) {
      onTry(address);
      try {
        await reachSocket(context, address);
        return { transport, address };
      } catch (thrown) {
        failure = asFault(thrown);
      }
    }
  }
  throw failure;
}

async function reachSocket({ clock, timings }: ExchangeContext, address: Multiaddr): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect(socketAddress(address), resolve);
  socket.on('error', (cause: NodeJS.ErrnoException) => reject(socketFault(cause)));
  const cancel = clock.schedule(timings.addressMs, () => {
    reject(new Fault('exchange.tcp-timeout', 'no answer to a TCP connection'));
  });
  try {
    await promise;
  } finally {
    cancel();
    socket.destroy();
  }
}

function socketFault(cause: NodeJS.ErrnoException): Fault {
  if (cause.code === 'ECONNREFUSED')
    return new Fault('exchange.tcp-refused', 'nothing listens there', { cause });
  if (cause.code === 'ENOTFOUND' || cause.code === 'EAI_AGAIN') {
    return new Fault('exchange.name-unknown', 'the name of the host cannot be resolved', { cause });
  }
  return new Fault('exchange.unreachable', 'the address cannot be reached', { cause });
}

/** What a dial can fail of only when the key has matched. */
const BEHIND_KEY: ReadonlySet<FaultCode> = new Set<FaultCode>([
  'exchange.handshake-failed',
  'exchange.identity-mismatch',
  'exchange.not-admitted',
  'exchange.prologue-mismatch',
]);

/** Stages `psk` and `noise-identity`: one dial, which tells when the key has matched. */
async function shakeHands(
  stages: StageRecorder,
  dialler: Dialler,
  { transport, address }: Target,
  signal: AbortSignal,
): Promise<Connection> {
  const key = Promise.withResolvers<void>();
  const target = [{ ...transport, addresses: [address] }];
  const dialled = dialler.dial(target, signal, { fresh: true, onKeyMatched: key.resolve });
  dialled.then(() => key.resolve(), key.reject);
  await stages.run('psk', async () => {
    try {
      await key.promise;
    } catch (cause) {
      if (BEHIND_KEY.has(asFault(cause).code)) return;
      // Something listens there, and an unreadable first message is often just waited for: another key, or none.
      if (!isFault(cause, 'exchange.dial-timeout')) throw cause;
      throw new Fault('exchange.psk-mismatch', 'the peer did not answer under the pre-shared key', { cause });
    }
  });
  return stages.run('noise-identity', () => dialled);
}

class StageRecorder {
  readonly #context: ExchangeContext;
  readonly #done: StageReport[] = [];
  #current: PeerTestStage = 'tcp';
  #sinceMs = 0;

  constructor(context: ExchangeContext) {
    this.#context = context;
  }

  async run<T>(stage: PeerTestStage, work: () => Promise<T>): Promise<T> {
    this.#current = stage;
    this.#sinceMs = this.#context.clock.nowMs();
    const result = await work();
    this.#done.push({ stage, outcome: 'ok', elapsedMs: this.#elapsedMs() });
    return result;
  }

  /** Stages that were passed when the connection in use was opened. */
  pass(...stages: readonly PeerTestStage[]): void {
    for (const stage of stages) this.#done.push({ stage, outcome: 'ok', elapsedMs: 0 });
  }

  stopAt(thrown: unknown): void {
    const { code } = asFault(thrown);
    this.#done.push({ stage: this.#current, outcome: 'failed', code, elapsedMs: this.#elapsedMs() });
  }

  report(): { ok: boolean; stages: readonly StageReport[] } {
    const rest = PEER_TEST_STAGES.slice(this.#done.length);
    const stages = [...this.#done, ...rest.map((stage): StageReport => ({ stage, outcome: 'not-reached' }))];
    return { ok: stages.every(({ outcome }) => outcome === 'ok'), stages };
  }

  #elapsedMs(): number {
    return this.#context.clock.nowMs() - this.#sinceMs;
  }
}
