import { existsSync, rmSync } from 'node:fs';
import { createExchange, type Exchange, type ExchangeEvent, type PeerStatus } from '@comity/exchange';
import { Fault, isFault } from '@comity/fault';
import type { StateId } from '@comity/label';
import { pino } from 'pino';
import { LedgerIntake } from './accept.ts';
import { Answering } from './answer.ts';
import { keepClock } from './clock/clock-hold.ts';
import { decideAgain } from './consents/consents.ts';
import { callControl } from './control/client.ts';
import { serveControl } from './control/server.ts';
import { nameOf } from './events.ts';
import type { Home } from './home.ts';
import { keysOf } from './jobs/judge-keys.ts';
import { Judges } from './jobs/judges.ts';
import { fetchMissingLater } from './ledgers/fetch-again.ts';
import { LedgerReturn } from './ledgers/ledger-return.ts';
import { LedgerSource } from './ledgers/ledger-source.ts';
import { keepOriginLog } from './logs/origin-log.ts';
import { Witnesses } from './logs/witnesses.ts';
import { openSovereign } from './open.ts';
import { operations } from './operations/index.ts';
import { nodeStatus } from './operations/node.ts';
import { obeyOrders } from './orders/apply-orders.ts';
import { hearPeers, noteDispute } from './peers/hear-peers.ts';
import { Greeting } from './peers/hello.ts';
import { keyEnds, peerEntryOf } from './peers/peer-keys.ts';
import type { Peer } from './peers/peers.ts';
import { Background } from './process/background.ts';
import { openWhenFree } from './process/open-when-free.ts';
import { withdrawNode, writePid } from './process/pid-file.ts';
import type { StopRequest } from './process/stop-request.ts';
import { reconcile, resumeReconcile } from './recovery/reconcile.ts';
import { watchClarifications } from './registry/clarification-watch.ts';
import { watchDuties } from './registry/duty-watch.ts';
import { relayWhenQueued } from './release/relay.ts';
import { releaseWhenDue } from './release/release-due.ts';
import type { Sovereign } from './sovereign.ts';
import { Witness } from './witness.ts';

/** Longest time that stopping may take; then the process ends, and the store is as after a crash, which loses nothing. */
const STOP_DEADLINE_MS = 10_000;

/** Room for connections: peers there may be, and be added while the node runs. */
const EXPECTED_PEERS = 200;

/** Runs the node of a home until it is told to stop, also while it starts. Resolves to the exit code. */
export async function runNode(home: Home, stop: StopRequest): Promise<number> {
  const logTo = pino.destination({ dest: 1, sync: true });
  const sovereign = await openWhenFree(async () => {
    if (stop.isMade) return undefined;
    await refuseSecond(home);
    return openSovereign(home, { logTo });
  });
  if (sovereign === undefined) return 0;
  try {
    return stop.isMade ? 0 : await runOpened(home, sovereign, stop);
  } finally {
    await sovereign.close();
  }
}

async function runOpened(home: Home, sovereign: Sovereign, stop: StopRequest): Promise<number> {
  sovereign.requestStop = () => stop.make();
  process.on('unhandledRejection', (error) => unexpected(sovereign, 'unhandled', error));
  const background = new Background(sovereign.events);
  let judges: Judges | undefined;
  let exchange: Exchange | undefined;
  try {
    judges = new Judges(sovereign.directory, sovereign.config.verification.threads, keysOf(sovereign));
    exchange = await startExchange(sovereign, judges, background);
    sovereign.exchange = exchange;
    writePid(home);
    const control = await serveControl(home.socket, sovereign, operations, {
      refused: (operation, { code }) => sovereign.events.emit('operation-refused', { operation, code }),
      unexpected: (operation, error) => unexpected(sovereign, operation, error),
    });
    sovereign.events.emit('node-started', { listen: exchange.addresses, pid: process.pid });
    // Owed from before, by a node that serves already: that it takes long or fails must not keep it from being stopped.
    background.run('reconcile', (signal) => resumeReconcile(sovereign, () => {}, signal));
    background.run('consents', () => decideAgain(sovereign, sovereign.consents.records));
    background.run('orders', (signal, succeeded) => obeyOrders(sovereign, signal, succeeded));
    background.run('relay', (signal, succeeded) => relayWhenQueued(sovereign, signal, succeeded));
    const makeGood = (signal: AbortSignal): Promise<unknown> =>
      reconcile(sovereign, sovereign.peers.all(), () => {}, signal);
    background.run('clock', (signal, succeeded) =>
      keepClock(sovereign, () => background.run('reconcile', makeGood), signal, succeeded),
    );
    const running = exchange;
    const reconnect = async (peer: Peer): Promise<void> => {
      await running.removePeer(peer.state);
      await sovereign.onPeerChange(peer);
    };
    background.run('put-back', (signal, succeeded) => hearPeers(sovereign, reconnect, signal, succeeded));
    const witnesses = new Witnesses(sovereign);
    background.run('witnesses', (signal, succeeded) => witnesses.keepAsking(signal, succeeded));
    background.run('origin-log', (signal, succeeded) =>
      keepOriginLog(sovereign, () => witnesses.isCompared, signal, succeeded),
    );
    background.run('due', (signal, succeeded) => releaseWhenDue(sovereign, signal, succeeded));
    background.run('duties', (signal, succeeded) => watchDuties(sovereign, signal, succeeded));
    background.run('clarifications', (signal, succeeded) =>
      watchClarifications(sovereign, signal, succeeded),
    );
    await Promise.race([stop.made, stoppedStore(sovereign)]);
    sovereign.events.emit('node-stopping', {});
    const deadline = setTimeout(() => process.exit(1), STOP_DEADLINE_MS);
    deadline.unref();
    await control.close();
    return sovereign.store.stopped ? 40 : 0;
  } finally {
    sovereign.exchange = undefined;
    await background.stop();
    await exchange?.stop();
    await judges?.close();
    withdrawNode(home);
    rmSync(home.socket, { force: true });
  }
}

/** After a failed write nothing may be acknowledged: the node ends, and what starts it again starts it from the disk. */
function stoppedStore({ store }: Sovereign): Promise<void> {
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (!store.stopped) return;
      clearInterval(timer);
      resolve();
    }, 250);
    timer.unref();
  });
}

async function refuseSecond(home: Home): Promise<void> {
  if (!existsSync(home.socket)) return;
  try {
    await callControl(home.socket, nodeStatus.name, {});
  } catch {
    return;
  }
  throw new Fault('node.already-running', `a node already runs at ${home.root}`, {
    fields: { home: home.root },
  });
}

async function startExchange(
  sovereign: Sovereign,
  judges: Judges,
  background: Background,
): Promise<Exchange> {
  const { config, federation, transport, events, peers } = sovereign;
  const source = new LedgerSource(sovereign);
  const learn = (): void => judges.update(keysOf(sovereign));
  const exchange = await createExchange({
    transportKey: transport.seed,
    psk: federation.psk,
    federation: federation.name,
    era: federation.era,
    listen: config.listen,
    expectedPeers: Math.max(EXPECTED_PEERS, peers.all().length),
    ports: {
      hello: new Greeting(sovereign, background, (peer) => {
        learn();
        if (!peer.suspended) letIn(sovereign, exchange, peer);
      }),
      ledgerSource: source,
      ledgerSink: new LedgerIntake(sovereign, judges),
      returns: new LedgerReturn(sovereign),
      fetch: { items: (peer, indexes, signal) => source.again(peer, indexes, signal) },
      query: new Answering(sovereign),
      witness: new Witness(sovereign),
      alarm: ({ code, peer }) => {
        events.emit('ledger-alarm', { peer: nameOf(peer, peers.codeOf(peer)), code });
        if (code === 'exchange.ledger-disputed') noteDispute(sovereign, peer);
      },
    },
  });
  exchange.on(reporter(sovereign, judges));
  sovereign.onPeerChange = async (peer) => {
    learn();
    if (peer.suspended) await exchange.removePeer(peer.state);
    else letIn(sovereign, exchange, peer);
  };
  sovereign.onOwnChange = async () => {
    learn();
    await exchange.greet();
  };
  for (const peer of peers.all()) if (!peer.suspended) letIn(sovereign, exchange, peer);
  await exchange.start();
  return exchange;
}

/** Lets a peer in. One that cannot be reached as it says of itself is told of, and is no reason to leave out the others. */
function letIn(sovereign: Sovereign, exchange: Exchange, peer: Peer): void {
  const { peers, events } = sovereign;
  const { state, code, certificates } = peer;
  try {
    exchange.addPeer(peerEntryOf(peer, sovereign.now(), keyEnds(sovereign)));
    peers.clearFaulty(state);
  } catch (error) {
    if (!isFault(error)) throw error;
    peers.setFaulty({ state, code, fault: error.code, certificates });
    events.emit('peer-faulty', { peer: code, code: error.code });
  }
}

/** Tells the log what happens in the exchange. A status also changes with every batch: only its turns are news. */
function reporter(sovereign: Sovereign, judges: Judges): (event: ExchangeEvent) => void {
  const last = new Map<StateId, PeerStatus>();
  return (event) => {
    if (event.kind !== 'status') {
      report(sovereign, event);
      return;
    }
    const { peer, state, lastFaultCode } = event.status;
    const before = last.get(peer);
    last.set(peer, event.status);
    if (before?.state === state && before.lastFaultCode === lastFaultCode) return;
    const { events, peers } = sovereign;
    events.emit('peer-status', {
      peer: nameOf(peer, peers.codeOf(peer)),
      connection: state,
      code: lastFaultCode ?? null,
    });
    if (state === 'live' && before?.state !== 'live')
      fetchMissingLater(sovereign, peer, (items) => judges.judge({ items }, sovereign.now()));
  };
}

function report(sovereign: Sovereign, event: Exclude<ExchangeEvent, { kind: 'status' }>): void {
  const { events, peers } = sovereign;
  if (event.kind === 'denied') {
    events.emit('connection-denied', { peerId: event.peerId });
    return;
  }
  if (event.kind === 'batch-accepted' || event.kind === 'receipt') return;
  // A node that stops ends what it serves: of that nobody has to be warned.
  if (sovereign.exchange === undefined && event.code === 'exchange.stream-reset') return;
  const fields = {
    peer: nameOf(event.peer, peers.codeOf(event.peer)),
    protocol: event.protocol,
    code: event.code,
  };
  events.emit(event.kind === 'served-fault' ? 'request-refused' : 'request-failed', fields);
}

function unexpected({ events }: Sovereign, where: string, error: unknown): void {
  events.emit('unexpected-error', {
    where,
    error: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
}
