import { join } from 'node:path';
import { signerFromSeed } from '@comity/ed25519';
import { decodeStateCard } from '@comity/identity';
import { Store, TABLES, WriteSet } from '@comity/store';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { until } from '../federation/deadline.ts';
import { ForeignNode } from '../federation/foreign-node.ts';
import { ForeignState, nowSeconds } from '../federation/foreign-state.ts';
import { applyPolicy, type FoundedState, recognise } from '../federation/founding.ts';
import { type LogLine, NodeProcess } from '../federation/node-process.ts';
import { type OneNode, startOneNode } from '../federation/one-node.ts';
import { HostilePeer, refusalOf } from './hostile-peer.ts';

// What a recognised peer can do to a node with keys: its certificates are signed by itself, as many and as odd as it likes.
// Whatever it shows, the node serves the others, can be started again, and says what is wrong with this one.

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let suite: OneNode;
let founded: FoundedState;
let node: NodeProcess;

beforeAll(async () => {
  suite = await startOneNode();
  ({ founded, node } = suite);
});

afterAll(async () => {
  await node?.kill();
  await suite?.[Symbol.asyncDispose]();
});

async function restart(): Promise<void> {
  expect(await node.stop()).toBe(0);
  node = await NodeProcess.start(founded.home);
}

interface ShownPeer {
  readonly code: string;
  readonly connection: string;
  readonly lastFault: string | null;
  readonly notices: readonly { readonly notice: string }[];
}

async function shown(code: string): Promise<ShownPeer | undefined> {
  const { peers } = await node.call<{ peers: ShownPeer[] }>('node.status');
  return peers.find((peer) => peer.code === code);
}

const isHelloOf =
  (code: string) =>
  ({ peer, protocol }: LogLine): boolean =>
    peer === code && protocol === '/comity/hello/1';

/** A record that goes to these states. */
async function issueFor(...codes: readonly string[]): Promise<void> {
  const label = { classification: 'restricted', tlp: 'AMBER', releasableTo: codes };
  const content = { title: { en: 'A record' }, stage: 'final' };
  await node.call('record.issue', { drafts: [{ type: 'incident', label, content }] });
}

async function keyCount(code: string): Promise<number> {
  return (await node.call<{ keys: unknown[] }>('peer.show', { peer: code })).keys.length;
}

const certificatesOf = (state: ForeignState, count: number, make: () => Promise<Uint8Array>) =>
  Promise.all(Array.from({ length: count }, make)).then((further) => [...state.certificates, ...further]);

test.each([
  [
    'an address that is none',
    'exchange.bad-address',
    'XDA',
    (state: ForeignState) =>
      certificatesOf(state, 1, () => state.certify('transport', { addresses: ['/garbage/x'] })),
  ],
  [
    'more transport keys than a peer has',
    'exchange.bad-peer',
    'XDB',
    (state: ForeignState) => certificatesOf(state, 8, () => state.certify('transport')),
  ],
  [
    'more addresses than a key has',
    'exchange.bad-peer',
    'XDC',
    (state: ForeignState) => {
      const addresses = Array.from({ length: 9 }, (_, index) => `/ip4/192.0.2.${index}/tcp/1`);
      return certificatesOf(state, 1, () => state.certify('transport', { addresses }));
    },
  ],
])('a hello with %s is refused as a whole', async (_kind, code, peerCode, certificates) => {
  const state = await ForeignState.found(peerCode);
  await recognise(node, state);
  const card = state.cardWith(await certificates(state));
  {
    await using liar = await ForeignNode.start(state, founded, { hello: { card } });
    const line = await node.logged('request-refused', isHelloOf(peerCode));
    expect(line.code).toBe(code);
    expect(liar.status().state).not.toBe('live');
    expect(await keyCount(peerCode)).toBe(4);
  }
  await restart();
  await using honest = await ForeignNode.start(state, founded);
  await honest.live();
});

test('certificates that add up to too many over several hellos are refused, and the node starts again', async () => {
  const state = await ForeignState.found('XDD');
  await recognise(node, state);
  const witness = () => state.certify('witness');
  {
    const card = state.cardWith(await certificatesOf(state, 200, witness));
    await using peer = await ForeignNode.start(state, founded, { hello: { card } });
    await peer.live();
    expect(await keyCount('XDD')).toBe(204);
  }
  {
    const card = state.cardWith(await certificatesOf(state, 200, witness));
    await using _liar = await ForeignNode.start(state, founded, { hello: { card } });
    const line = await node.logged('request-refused', isHelloOf('XDD'));
    expect(line.code).toBe('identity.too-many-certificates');
    expect(await keyCount('XDD')).toBe(204);
  }
  await restart();
  await using honest = await ForeignNode.start(state, founded);
  await honest.live();
});

test('expired transport certificates make room by themselves', async () => {
  const state = await ForeignState.found('XDE');
  await recognise(node, state);
  const over = await Promise.all(
    Array.from({ length: 30 }, () => state.certify('transport', { notAfterSeconds: nowSeconds() - 1 })),
  );
  await using peer = await ForeignNode.start(state, founded, {
    hello: { card: state.cardWith([...state.certificates, ...over]) },
  });
  await peer.live();
  expect(await keyCount('XDE')).toBe(4);
});

test('a peer of which something stored is refused is set aside; the others are served; a card mends it', async () => {
  const [bad, good] = [await ForeignState.found('XDF'), await ForeignState.found('XDG')];
  await recognise(node, bad);
  await recognise(node, good);
  await applyPolicy(node, {
    comity: 'policy/1',
    rules: [{ name: 'x', to: ['XDF', 'XDG'], mode: ['push'], purpose: ['incident-response'] }],
  });
  expect(await node.stop()).toBe(0);
  // As a node left it that stored before it judged.
  const odd = [await bad.certify('transport', { addresses: ['/garbage/x'] }), await good.certify('witness')];
  await store(async (opened) => {
    const set = new WriteSet();
    for (const [index, bytes] of odd.entries())
      set.put(TABLES.documents, [bad.state, 'certificate', `${index}`.repeat(64)], {
        bytes,
        storedAtSeconds: nowSeconds(),
      });
    await opened.commit(set);
  });
  node = await NodeProcess.start(founded.home);
  expect(node.log.find(({ event }) => event === 'peer-faulty')).toMatchObject({
    peer: 'XDF',
    code: 'identity.wrong-issuer',
  });
  expect(await shown('XDF')).toMatchObject({ connection: 'faulty', lastFault: 'identity.wrong-issuer' });
  expect(await refusalOf(node, 'peer.show', { peer: 'XDF' })).toBe('peer.faulty');
  await using served = await ForeignNode.start(good, founded);
  await served.live();
  await issueFor('XDF', 'XDG');
  await served.holds(1);

  // Without the foreign certificate it can be read, and still not be reached.
  await node.stop();
  await store(async (opened) => {
    const set = new WriteSet();
    await opened.commit(set.delete(TABLES.documents, [bad.state, 'certificate', '1'.repeat(64)]));
  });
  node = await NodeProcess.start(founded.home);
  expect(await shown('XDF')).toMatchObject({ connection: 'faulty', lastFault: 'exchange.bad-address' });

  const card = Buffer.from(bad.card).toString('base64');
  expect(await refusalOf(node, 'peer.add', { card, fingerprint: bad.fingerprint })).toBe('peer.known');
  await node.call('peer.add', { card, fingerprint: bad.fingerprint, ceiling: 'restricted', renew: true });
  await using mended = await ForeignNode.start(bad, founded);
  await (await mended.live()).holds(1);
  await restart();
  expect((await shown('XDF'))?.connection).not.toBe('faulty');
});

async function store(change: (opened: Store) => Promise<void>): Promise<void> {
  const { charter } = decodeStateCard(founded.card);
  const opened = await Store.open(join(founded.home, 'store'), { state: charter.state });
  try {
    await change(opened);
  } finally {
    await opened.close();
  }
}

test('a transport certificate that expires is a status, while the node runs and when it starts', async () => {
  const state = await ForeignState.found('XDH');
  const { publicKey } = signerFromSeed(state.transportSeed);
  const others = state.certificates.slice(0, 3);
  const until6 = await state.certify('transport', { publicKey, notAfterSeconds: nowSeconds() + 6 });
  const card = state.cardWith([...others, until6]);
  await recognise(node, { card, fingerprint: state.fingerprint });
  {
    await using peer = await ForeignNode.start(state, founded, { hello: { card } });
    await peer.live();
    expect((await shown('XDH'))?.notices.map(({ notice }) => notice)).toContain('transport-key-ends');
    await until('the key has ended', async () => (await shown('XDH'))?.lastFault === 'exchange.no-valid-key');
    expect(peer.status().state).not.toBe('live');
  }
  await restart();
  await until('it has again', async () => (await shown('XDH'))?.lastFault === 'exchange.no-valid-key');
  expect((await shown('XDH'))?.notices.map(({ notice }) => notice)).toContain('transport-key-ended');

  const renewed = { card: Buffer.from(state.card).toString('base64'), fingerprint: state.fingerprint };
  await node.call('peer.add', { ...renewed, renew: true });
  await using peer = await ForeignNode.start(state, founded);
  await peer.live();
});

test('a receipt is opened with the witness key that it names', async () => {
  const state = await ForeignState.found('XDI');
  const card = state.cardWith([await state.certify('witness'), ...state.certificates]);
  await recognise(node, { card, fingerprint: state.fingerprint });
  await applyPolicy(node, {
    comity: 'policy/1',
    rules: [{ name: 'x', to: ['XDI'], mode: ['push'], purpose: ['incident-response'] }],
  });
  await issueFor('XDI');
  await using _peer = await (await ForeignNode.start(state, founded, { hello: { card } })).live();
  await node.logged('receipt', ({ peer }) => peer === 'XDI');
});

test('a peer that says something new all the time is heard so often in an hour and no more', async () => {
  const state = await ForeignState.found('XDJ');
  await recognise(node, state);
  let code: unknown;
  for (let round = 0; code === undefined && round < 30; round += 1) {
    const recognition = await state.recognise(founded.card, undefined, round);
    await using peer = await ForeignNode.start(state, founded, { hello: { recognition } });
    await until('it was heard or refused', () => {
      code = node.log.find((line) => line.event === 'request-refused' && isHelloOf('XDJ')(line))?.code;
      return code !== undefined || peer.status().state === 'live';
    });
    if (code === undefined) expect(round).toBeLessThan(16);
    else expect(round).toBe(16);
  }
  expect(code).toBe('exchange.hello-budget');
  await node.stop();
  await store(async (opened) => {
    expect((await opened.list(TABLES.documents, [state.state, 'recognition'])).length).toBe(1);
  });
  node = await NodeProcess.start(founded.home);
  // Heard again: what was known before the node started is no news.
  await using peer = await ForeignNode.start(state, founded, {
    hello: { recognition: await state.recognise(founded.card, undefined, 20) },
  });
  await peer.live();
});

test('a renewed recognition takes the place of the old one, at once and after a start', async () => {
  await using hostile = await HostilePeer.join('XDK', founded, node);
  const { state } = hostile;
  const given = { card: Buffer.from(state.card).toString('base64'), fingerprint: state.fingerprint };
  const terms = () =>
    node.call<{ ceiling: string; recognisedUntil: string; community: boolean; status: ShownPeer }>(
      'peer.show',
      { peer: 'XDK' },
    );
  await node.call('peer.add', { ...given, renew: true, community: false, validDays: 20 });
  expect(await terms()).toMatchObject({ ceiling: 'restricted', community: false });
  const notices = async () => (await shown('XDK'))?.notices.map(({ notice }) => notice);
  expect(await notices()).toContain('our-recognition-ends');
  const short = (await terms()).recognisedUntil;

  await node.call('peer.add', { ...given, renew: true, ceiling: 'confidential', validDays: 200 });
  const renewed = await terms();
  expect(renewed).toMatchObject({ ceiling: 'confidential', community: false });
  expect(renewed.recognisedUntil > short).toBe(true);
  expect(await notices()).not.toContain('our-recognition-ends');
  expect(await refusalOf(node, 'peer.add', given)).toBe('peer.known');
  const stranger = await ForeignState.found('XDL');
  const unknown = { card: Buffer.from(stranger.card).toString('base64'), fingerprint: stranger.fingerprint };
  expect(await refusalOf(node, 'peer.add', { ...unknown, renew: true })).toBe('peer.unknown');

  await restart();
  const { ceiling, community, recognisedUntil } = renewed;
  expect(await terms()).toMatchObject({ ceiling, community, recognisedUntil });
});

test('a suspension that was acknowledged holds, whatever renewal was under way', async () => {
  const state = await ForeignState.found('XKZ');
  await recognise(node, state);
  const given = { card: Buffer.from(state.card).toString('base64'), fingerprint: state.fingerprint };
  for (const [round, pauseMs] of [0, 1, 2, 4, 8, 16].entries()) {
    const renewal = node.call('peer.add', { ...given, renew: true, validDays: 100 + round });
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    expect(await node.call('peer.suspend', { peer: 'XKZ', resume: false })).toMatchObject({
      suspended: true,
    });
    await renewal;
    const peer = await node.call<{ suspended: boolean; recognisedUntil: string }>('peer.show', {
      peer: 'XKZ',
    });
    expect(peer.suspended).toBe(true);
    // Nor does the suspension take back what the renewal brought.
    expect(Date.parse(peer.recognisedUntil) / 1000 - nowSeconds()).toBeGreaterThan((99 + round) * 86_400);
    await node.call('peer.suspend', { peer: 'XKZ', resume: true });
  }
});
