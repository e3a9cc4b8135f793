import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { Fault, isFault } from '@comity/fault';
import { decodeStateCard, KeyDirectory, MAX_CARD_BYTES } from '@comity/identity';
import { Store, TABLES } from '@comity/store';
import { type DestinationStream, pino } from 'pino';
import { AuditSeen } from './audit/audit-seen.ts';
import { noteClock, readClockRecord } from './clock/clock-hold.ts';
import { ClockWatch } from './clock/clock-watch.ts';
import { readBinaryFile } from './config/binary-file.ts';
import { readFederation } from './config/federation.ts';
import { loadNodeConfig } from './config/node-config.ts';
import { Consents } from './consents/consents.ts';
import { Events, nameOf } from './events.ts';
import type { Home } from './home.ts';
import { installNext, KEY_USAGES, nodeKeys, signersOf } from './keys/node-keys.ts';
import { givenPin } from './keys/passphrase.ts';
import { LedgerGrowth } from './ledgers/growth.ts';
import { loadOfficers } from './officers/officers.ts';
import { orderLists } from './orders/order-lists.ts';
import { loadOrders } from './orders/orders.ts';
import { loadPeers } from './peers/load-peers.ts';
import { PeerTable, REMOVED } from './peers/peers.ts';
import { loadPolicy } from './policy/policy.ts';
import { Turns } from './process/turns.ts';
import { loadPutBack } from './recovery/put-back.ts';
import { KeptRegistry } from './registry/kept-registry.ts';
import { Remarks } from './registry/remarks.ts';
import { HoldQueue } from './release/hold-queue.ts';
import { REVISION_SETTING } from './release/revision.ts';
import { ReleaseDoor } from './release.ts';
import type { Self, Sovereign } from './sovereign.ts';
import { Token } from './token/token.ts';

/** How a node is opened. A command opens it in silence; the daemon writes its log. */
export interface OpenOptions {
  readonly logTo?: DestinationStream;
  /** UTC seconds. */
  readonly now?: () => number;
  /** Milliseconds from any moment, never set. Where only `now` is given, that is taken for one that is never set. */
  readonly monotonicMs?: () => number;
  /** Goes on with a store that was put back, for this reason: a line of the audit log says so. */
  readonly putBack?: { readonly user: string; readonly because: string };
}

/**
 * Opens the node of a home: configuration, keys, store and everything known of other states, all of it verified again.
 *
 * @throws Fault node.home-missing, config.*, keys.*, store.*, identity.*; `store.put-back` where the store was put back
 */
export async function openSovereign(home: Home, options: OpenOptions = {}): Promise<Sovereign> {
  if (!existsSync(home.config))
    throw new Fault('node.home-missing', `no node at ${home.root}`, { fields: { home: home.root } });
  const { config } = loadNodeConfig(home.config, process.env);
  const federation = readFederation(home.federation);
  const card = readBinaryFile(home.card, MAX_CARD_BYTES, 'config');
  const { charter, certificates, keyState } = decodeStateCard(card);
  const self: Self = {
    state: charter.state,
    name: charter.names.get('en') ?? charter.code,
    charter,
    certificates,
    keyState,
    card,
  };
  const now = options.now ?? (() => Math.floor(Date.now() / 1000));
  const directory = new KeyDirectory();
  directory.add(charter, certificates, { keyState });
  const token = new Token(config.token, givenPin);
  let store: Store | undefined;
  try {
    const keys = await nodeKeys(home.keys, { directory, self, atSeconds: now(), token });
    store = await Store.open(home.store, { state: charter.state });
    if (options.putBack !== undefined)
      await AuditSeen.accept(home, store, { ...options.putBack, atSeconds: now() });
    const auditSeen = await AuditSeen.open(home, store);
    // As the process left it that put the card in force and ended before it was through.
    for (const usage of KEY_USAGES) if (keys[usage].isNext) installNext(home.keys, usage);
    await orderLists(store, charter.state);
    const peers = new PeerTable(charter.scheme);
    await loadPeers(store, self, directory, peers);
    const events = new Events(
      config.log.level,
      options.logTo ?? pino.destination({ dest: '/dev/null', sync: true }),
    );
    for (const { code, fault } of peers.unreadable())
      if (fault !== REMOVED) events.emit('peer-faulty', { peer: code, code: fault });
    const steady = options.now === undefined ? () => performance.now() : () => now() * 1_000;
    const clock = new ClockWatch(
      { now, monotonicMs: options.monotonicMs ?? steady },
      {
        maxJumpSeconds: config.clock.maxJumpSeconds,
        maxOfflineSeconds: config.clock.maxOfflineDays * 86_400,
      },
      await readClockRecord(store),
      config.clock.maxUnheardMinutes * 60,
    );
    if (clock.knownSeconds !== undefined)
      events.emit('clock-unheard', { seconds: clock.read().atSeconds - clock.knownSeconds });
    const sovereign: Sovereign = {
      home,
      config,
      federation,
      self,
      signers: signersOf(keys),
      transport: keys.transport,
      token,
      store,
      auditSeen,
      directory,
      peers,
      officers: await loadOfficers(store, charter.state, directory),
      holds: await HoldQueue.load(store, charter.state),
      orders: await loadOrders(store),
      consents: new Consents(),
      remarks: await Remarks.load(store),
      registry: new KeptRegistry({ store, directory, events, now }, options.monotonicMs ?? steady),
      events,
      growth: new LedgerGrowth(),
      releases: new Turns(),
      imports: new Turns(),
      retractions: new Turns(),
      door: undefined as never,
      policy: undefined,
      exchange: undefined,
      entropy: (byteLength) => new Uint8Array(randomBytes(byteLength)),
      clock,
      putBack: await loadPutBack(store),
      now,
      onDecisionError: ({ recipient, mode }) =>
        events.emit('decision-error', { peer: nameOf(recipient.state, recipient.code), mode }),
      onPeerChange: async () => {},
      onOwnChange: async () => {},
      requestStop: () => {},
      close: () => close(sovereign),
    };
    const revision = (await store.get(TABLES.settings, [REVISION_SETTING])) as number | undefined;
    const opened = Object.assign(sovereign, { door: new ReleaseDoor(sovereign, revision ?? 0) });
    opened.policy = await loadPolicy(opened);
    await opened.consents.refresh(opened);
    return opened;
  } catch (error) {
    token.close();
    await store?.close();
    throw error;
  }
}

/** What is known of the time is written down last. Where that fails, the next start knows it from a minute before. */
async function close(sovereign: Sovereign): Promise<void> {
  const { store, token } = sovereign;
  try {
    if (!store.stopped) {
      await noteClock(sovereign);
      sovereign.auditSeen.write();
    }
  } catch (error) {
    if (!isFault(error)) throw error;
  } finally {
    token.close();
    await store.close();
  }
}
