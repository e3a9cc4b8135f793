import type { Fault } from '@comity/fault';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { evidenceOf, found, textCanary } from '../federation/canary.ts';
import { comity } from '../federation/command-line.ts';
import { until } from '../federation/deadline.ts';
import { itemOf, releaseOf } from '../federation/foreign-ledger.ts';
import { ForeignNode } from '../federation/foreign-node.ts';
import { questionOf } from '../federation/foreign-question.ts';
import { entropy, ForeignState, nowSeconds } from '../federation/foreign-state.ts';
import { applyPolicy, type FoundedState, recognise } from '../federation/founding.ts';
import { freePort } from '../federation/free-port.ts';
import type { NodeProcess } from '../federation/node-process.ts';
import { type OneNode, startOneNode } from '../federation/one-node.ts';
import { flipped } from './flipped.ts';
import { draftOf, HostilePeer, holds, POISON, refusalOf } from './hostile-peer.ts';
import { rawConnection } from './raw-connection.ts';

// One node in a process of its own, and peers that it recognises, with valid keys, on real sockets, which send what they
// should not. After each bad input the next good one must work; in the end nothing of the bad ones is in the home.

// For a machine with more to do than this suite; alone the slowest test takes a few seconds.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let suite: OneNode;
let founded: FoundedState;
let node: NodeProcess;
/** Every code that a bad input got, to see that no two kinds share one. */
const seen = new Map<string, string>();

beforeAll(async () => {
  suite = await startOneNode();
  ({ founded, node } = suite);
});

afterAll(async () => {
  await suite?.[Symbol.asyncDispose]();
});

/** Each kind of bad input has a code of its own. */
function distinct(code: string, kind: string): void {
  expect(seen.get(code) ?? kind, `${code} for two kinds of bad input`).toBe(kind);
  seen.set(code, kind);
}

describe('a recognised peer releases', () => {
  test.each([
    [
      'a record with a wrong signature',
      'ed25519.bad-signature',
      'XBA',
      async ({ state }: HostilePeer) => {
        const { header, bytes } = await state.issue(draftOf(POISON));
        return itemOf(header.id, flipped(bytes, bytes.length - 1), []);
      },
    ],
    [
      'a record in the name of another state',
      'record.key-not-granted',
      'XBB',
      async ({ state, node: { other } }: HostilePeer) =>
        releaseOf(await state.issue(draftOf(POISON), { issuer: other.state })),
    ],
    [
      'a record signed with a key that nobody has certified',
      'identity.unknown-key',
      'XBC',
      async (_peer: HostilePeer) => releaseOf(await (await ForeignState.found('XZZ')).issue(draftOf(POISON))),
    ],
    [
      'a tampered disclosure',
      'record.orphan-disclosure',
      'XBD',
      async ({ state }: HostilePeer) => {
        const { header, bytes, disclosures } = await state.issue(draftOf(POISON));
        const [first, ...others] = [...disclosures.values()] as [Uint8Array, ...Uint8Array[]];
        return itemOf(header.id, bytes, [flipped(first, 3), ...others]);
      },
    ],
    [
      'disclosures that its ledger does not name',
      'node.item-mismatch',
      'XBE',
      async ({ state }: HostilePeer) => {
        const { header, bytes, disclosures } = await state.issue(draftOf(POISON));
        const all = [...disclosures.values()];
        return itemOf(header.id, bytes, all, all.slice(0, 1));
      },
    ],
    [
      'something that is not CBOR',
      'cbor.truncated',
      'XBF',
      async (_peer: HostilePeer) => itemOf('ab'.repeat(32), Buffer.from(`\x7b${POISON}`, 'latin1'), []),
    ],
    [
      'a document that is not a record',
      'record.protected-header',
      'XBG',
      async ({ state, node: { other } }: HostilePeer) =>
        itemOf('ab'.repeat(32), await questionOf(state, other.state, { text: POISON }), []),
    ],
    [
      'a record from the future',
      'record.issued-in-future',
      'XBH',
      async ({ state }: HostilePeer) =>
        releaseOf(await state.issue(draftOf(POISON), { atSeconds: nowSeconds() + 86_400 })),
    ],
  ] as const)('%s', async (kind, code, peerCode, make) => {
    await using peer = await HostilePeer.join(peerCode, founded, node);
    await peer.node.live();
    const before = await quarantined();
    const item = await make(peer);
    await peer.sendsBad(item, code);
    distinct(code, kind);
    expect(await quarantined()).toBe(before + 1);
    const good = await peer.sendsGood();
    expect(await recordsOf(peerCode)).toEqual([good.header.id]);
  });

  test('an entry that is no ledger entry', async () => {
    await using peer = await HostilePeer.join('XBI', founded, node);
    await peer.node.live();
    const first = await peer.sendsGood();
    const items = [...peer.node.ledger.items];
    const good = releaseOf(await peer.state.issue(draftOf(POISON)));
    peer.node.ledger.append(good, { entry: Buffer.from(POISON), record: undefined, disclosures: [] });
    const { code } = await node.logged('request-failed', ({ peer: of }) => of === 'XBI');
    expect(code).toBe('cbor.truncated');
    distinct('cbor.truncated of an entry', 'an entry that is no ledger entry');
    // Refused with everything that came with it; the ledger is held as far as it could be read.
    const { size } = await node.call<{ size: number }>('release.ledger', { peer: 'XBI', direction: 'in' });
    expect(size).toBe(1);
    expect(await recordsOf('XBI')).toEqual([first.header.id]);
    peer.node.ledger.rewrite(items);
    await peer.sendsGood();
  });

  test('a ledger that rewrites history', async () => {
    await using peer = await HostilePeer.join('XBJ', founded, node);
    await peer.node.live();
    const good = await peer.sendsGood();
    const items = [...peer.node.ledger.items];
    const poison = releaseOf(await peer.state.issue(draftOf(POISON)));
    peer.node.ledger.rewrite([poison, poison]);
    // What is followed does not fit what is held; asked for again, the ledger turns out to be another one.
    const { code: followed } = await node.logged('request-failed', ({ peer: of }) => of === 'XBJ');
    expect(followed).toBe('exchange.batch-mismatch');
    distinct('exchange.batch-mismatch', 'entries that are not those of the checkpoint held');
    const { code } = await node.logged('ledger-alarm', ({ peer: of }) => of === 'XBJ');
    expect(code).toBe('exchange.ledger-rewritten');
    distinct('exchange.ledger-rewritten', 'a ledger that rewrites history');
    const { size } = await node.call<{ size: number }>('release.ledger', { peer: 'XBJ', direction: 'in' });
    expect(size).toBe(1);
    expect(await recordsOf('XBJ')).toEqual([good.header.id]);
    // Back to the history that was receipted, the next connection goes on from there.
    peer.node.ledger.rewrite(items);
    await peer.node.stop();
    await using again = await ForeignNode.start(peer.state, founded);
    again.ledger.rewrite(items);
    await again.live();
    const next = await peer.state.issue(draftOf('A good record after a rewritten ledger'));
    again.ledger.append(releaseOf(next));
    await until('the next good record is shown', () => holds(node, next.header.id));
  });

  test('a checkpoint under another key than its own', async () => {
    const stranger = await ForeignState.found('XZY');
    await using peer = await HostilePeer.join('XBK', founded, node, { checkpointsBy: stranger });
    const { code } = await node.logged('request-failed', ({ peer: of }) => of === 'XBK');
    expect(code).toBe('log.no-log-signature');
    distinct('log.no-log-signature', 'a checkpoint under another key');
    await peer.node.stop();
    await using honest = await ForeignNode.start(peer.state, founded);
    await honest.live();
    const view = await peer.state.issue(draftOf('A good record under a good checkpoint'));
    honest.ledger.append(releaseOf(view));
    await until('the good record is shown', () => holds(node, view.header.id));
  });
});

describe('a hello with', () => {
  test.each([
    [
      'a forged key certificate',
      'identity.forged',
      'XCA',
      (state: ForeignState) =>
        state.cardWith(
          state.certificates.map((bytes, index) => (index === 0 ? flipped(bytes, bytes.length - 1) : bytes)),
        ),
    ],
    [
      'the card of another state',
      'identity.wrong-issuer',
      'XCB',
      async () => (await ForeignState.found('XZX')).card,
    ],
    ['a card that is none', 'cbor.truncated', 'XCC', async () => Buffer.from(POISON)],
  ] as const)('%s', async (kind, code, peerCode, card) => {
    const state = await ForeignState.found(peerCode);
    await recognise(node, state);
    const known = await keysOf(peerCode);
    {
      await using liar = await ForeignNode.start(state, founded, { hello: { card: await card(state) } });
      const line = await node.logged(
        'request-refused',
        ({ peer, protocol }) => peer === peerCode && protocol === '/comity/hello/1',
      );
      expect(line.code).toBe(code);
      distinct(code === 'cbor.truncated' ? `${code} in a hello` : code, kind);
      expect(liar.status().state).not.toBe('live');
      expect(await keysOf(peerCode)).toEqual(known);
    }
    await honestAfterwards(state);
  });

  test('a recognition of us that nobody signed', async () => {
    const state = await ForeignState.found('XCD');
    await recognise(node, state, { isConfirmed: false });
    const recognition = await state.recognise(founded.card);
    {
      await using _liar = await ForeignNode.start(state, founded, {
        hello: { recognition: flipped(recognition, recognition.length - 1) },
      });
      const line = await node.logged('request-refused', ({ peer }) => peer === 'XCD');
      expect(line.code).toBe('identity.forged');
      expect(await recognisesUs('XCD')).toBe(false);
    }
    await honestAfterwards(state);
    expect(await recognisesUs('XCD')).toBe(true);
  });
});

describe('a connection', () => {
  test('of a state that is not known', async () => {
    const state = await ForeignState.found('XDA');
    {
      await using stranger = await ForeignNode.start(state, founded);
      await node.logged('connection-denied', ({ peerId }) => peerId === stranger.exchange.peerId);
      await until(
        'it learns nothing but that',
        () => stranger.status().lastFaultCode === 'exchange.not-admitted',
      );
      distinct('exchange.not-admitted', 'an unknown peer');
      expect(stranger.hellos).toEqual([]);
    }
    await recognise(node, state);
    await honestAfterwards(state);
  });

  test.each([
    ['without the pre-shared key', 'exchange.psk-mismatch', 'XDB', { psk: entropy(32) }],
    ['of another federation', 'exchange.prologue-mismatch', 'XDC', { federation: 'another' }],
  ] as const)('%s', async (kind, code, peerCode, difference) => {
    const port = await freePort();
    const listen = [`/ip4/127.0.0.1/tcp/${port}`];
    const state = await ForeignState.found(peerCode, { addresses: listen });
    {
      await using outsider = await ForeignNode.start(state, founded, { ...difference, listen });
      await recognise(node, state);
      await node.logged('peer-status', ({ peer, code: said }) => peer === peerCode && said === code);
      distinct(code, kind);
      expect(outsider.hellos).toEqual([]);
      const { stages } = await node.call<{ stages: { stage: string; code: string | null }[] }>('peer.test', {
        peer: peerCode,
      });
      expect(stages.find((stage) => stage.code !== null)?.code).toBe(code);
    }
    await honestAfterwards(state);
  });

  test('with an oversized frame', async () => {
    const state = await ForeignState.found('XDD');
    await recognise(node, state);
    {
      await using raw = await rawConnection(state, founded);
      await raw.write('/comity/hello/1', Buffer.from(`\x7f\xff\xff\xff${POISON}`, 'latin1'));
      const line = await node.logged('request-refused', ({ peer }) => peer === 'XDD');
      expect(line.code).toBe('exchange.frame-too-large');
      distinct('exchange.frame-too-large', 'an oversized frame');
      await raw.write('/comity/query/1', Buffer.from('\x00\x00\x00\x02\x00\xa0', 'latin1'));
      const early = await node.logged(
        'request-refused',
        ({ peer, protocol }) => peer === 'XDD' && protocol === '/comity/query/1',
      );
      expect(early.code).toBe('exchange.hello-required');
    }
    await honestAfterwards(state);
  });
});

describe('a question', () => {
  test('that is replayed, stale, borrowed, meant for another or malformed is refused, each with its own code', async () => {
    await using peer = await HostilePeer.join('XEA', founded, node);
    await using third = await HostilePeer.join('XEB', founded, node);
    await peer.node.live();
    await third.node.live();
    const { state, node: asker } = peer;
    const stranger = await ForeignState.found('XEC');
    const us = asker.other.state;
    const asked = await questionOf(state, us);
    expect(await asker.ask(asked)).toEqual([]);
    for (const [kind, code, ask] of [
      ['replayed', 'query.replayed', async () => asker.ask(asked)],
      ['replayed by another state', 'query.wrong-issuer', async () => third.node.ask(asked)],
      // The same code for both: otherwise a peer could learn whom this node knows.
      [
        'signed with the key of a third state, which is known',
        'identity.unknown-key of a third state',
        async () => asker.ask(await questionOf(third.state, us, { issuer: state.state })),
      ],
      [
        'signed with a key that nobody knows',
        'identity.unknown-key of a stranger',
        async () => asker.ask(await questionOf(stranger, us, { issuer: state.state })),
      ],
      [
        'for another state',
        'query.not-for-us',
        async () => asker.ask(await questionOf(state, third.state.state)),
      ],
      [
        'too old',
        'query.too-old',
        async () => asker.ask(await questionOf(state, us, { issuedAtSeconds: nowSeconds() - 3_600 })),
      ],
      [
        'wrongly signed',
        'ed25519.bad-signature of a question',
        async () => {
          const bytes = await questionOf(state, us);
          return asker.ask(flipped(bytes, bytes.length - 1));
        },
      ],
      [
        'for a purpose that does not exist',
        'query.malformed',
        async () => asker.ask(await questionOf(state, us, { purpose: 'curiosity' })),
      ],
      [
        'without the random bytes that make it another',
        'query.malformed without random bytes',
        async () => asker.ask(await questionOf(state, us, { nonceBytes: 15 })),
      ],
      ['no question', 'cbor.truncated of a question', async () => asker.ask(Buffer.from(POISON))],
    ] as const) {
      const before = node.log.length;
      const told = await ask().then(
        () => 'answered',
        ({ fields }: Fault) => fields.peerCode,
      );
      const [plain = ''] = code.split(' ');
      expect(told, kind).toBe(plain);
      distinct(code, `a question that is ${kind}`);
      await until(`${plain} is logged`, () =>
        node.log.slice(before).some((line) => line.event === 'question-refused' && line.code === plain),
      );
    }
    expect(await asker.ask(await questionOf(state, us))).toEqual([]);
    const { queries } = await node.call<{ queries: { direction: string }[] }>('query.list');
    expect(queries.filter(({ direction }) => direction === 'answered')).toHaveLength(2);
  });
});

describe('a person gives', () => {
  const label = { classification: 'restricted' };
  const good = { type: 'incident', label, content: { title: { en: 'Fine' }, stage: 'final' } };

  test.each([
    [
      'a draft with a field that does not exist',
      'record.unknown-field',
      'record.issue',
      { drafts: [{ ...good, content: { ...good.content, poison: POISON } }] },
    ],
    [
      'a draft without what it needs',
      'record.missing-field',
      'record.issue',
      { drafts: [{ ...good, content: {} }] },
    ],
    [
      'a draft of an unknown type',
      'record.unknown-type',
      'record.issue',
      { drafts: [{ ...good, type: 'rumour' }] },
    ],
    [
      'a label below a part',
      'record.label-below-part',
      'record.issue',
      { drafts: [{ ...good, labels: { title: { classification: 'secret' } } }] },
    ],
    [
      'an unknown level',
      'label.unknown-classification',
      'record.issue',
      { drafts: [{ ...good, label: { classification: 'cosmic' } }] },
    ],
    [
      'an unknown category',
      'label.unknown-category-set',
      'record.issue',
      { drafts: [{ ...good, label: { ...label, categories: [{ set: 'caveat', values: ['x'] }] } }] },
    ],
    [
      'a recipient that nobody knows',
      'record.unknown-state',
      'record.issue',
      { drafts: [{ ...good, label: { ...label, releasableTo: ['XYZ'] } }] },
    ],
    [
      'a policy with an unknown key',
      'policy.unknown-key',
      'policy.apply',
      { text: JSON.stringify({ comity: 'policy/1', rulez: [] }) },
    ],
    [
      'a policy with a rule for nobody',
      'policy.unknown-recipient',
      'policy.apply',
      { text: JSON.stringify({ comity: 'policy/1', rules: [{ name: 'a', to: ['nobody'] }] }) },
    ],
    [
      'a policy of a later version',
      'policy.unsupported',
      'policy.apply',
      {
        text: JSON.stringify({
          comity: 'policy/1',
          rules: [{ name: 'site', to: ['XAA'], mode: ['publish'] }],
        }),
      },
    ],
    [
      'a card that is none',
      'cbor.truncated',
      'peer.add',
      { card: Buffer.from(POISON).toString('base64'), fingerprint: 'x' },
    ],
    [
      'a fingerprint that is not read from the card',
      'peer.fingerprint-mismatch',
      'peer.add',
      () => ({ card: Buffer.from(founded.card).toString('base64'), fingerprint: 'ab'.repeat(32) }),
    ],
    [
      'a yes in the place of a fingerprint',
      'fingerprint.form',
      'peer.add',
      () => ({ card: Buffer.from(founded.card).toString('base64'), fingerprint: 'yes' }),
    ],
    [
      'the own card',
      'peer.self',
      'peer.add',
      () => ({ card: Buffer.from(founded.card).toString('base64'), fingerprint: founded.fingerprint }),
    ],
    [
      'a file that is no MISP event',
      'interop.not-a-misp-event',
      'import.misp',
      { events: [{ name: 'x.json', event: { Rumour: POISON } }], dryRun: false },
    ],
    ['a request that is none', 'node.control-request', 'record.show', { id: 'not hexadecimal' }],
  ] as const)('%s', async (kind, code, operation, args) => {
    const before = await status();
    const logged = node.log.length;
    expect(await refusalOf(node, operation, typeof args === 'function' ? args() : args)).toBe(code);
    distinct(code === 'cbor.truncated' ? `${code} in a card` : code, kind);
    await until(`${code} is logged`, () =>
      node.log
        .slice(logged)
        .some(
          (line) => line.event === 'operation-refused' && line.code === code && line.operation === operation,
        ),
    );
    expect(await status()).toEqual(before);
    const { records } = await node.call<{ records: { id: string }[] }>('record.issue', { drafts: [good] });
    expect(await holds(node, records[0]?.id ?? '')).toBe(true);
  });

  test('a level that no equivalence carries over: withheld, never guessed', async () => {
    const state = await ForeignState.found('XFA', { scheme: SCHEME_WITHOUT_RESTRICTED as never });
    const inbound = { open: 'unclassified', closed: 'restricted' };
    // A raised label must never release more, so nothing goes above a level that the other state has nothing for.
    const gap = { outbound: { unclassified: 'open', confidential: 'closed' }, inbound };
    const refused = recognise(node, state, { ceiling: 'confidential', equivalence: gap });
    await expect(refused).rejects.toMatchObject({ code: 'peer.equivalence-gap' });
    const equivalence = { outbound: { unclassified: 'open', restricted: 'closed' }, inbound };
    await recognise(node, state, { ceiling: 'confidential', equivalence });
    await applyPolicy(node, {
      comity: 'policy/1',
      rules: [
        {
          name: 'all',
          to: ['XFA'],
          mode: ['push'],
          purpose: ['incident-response'],
          when: { type: 'incident' },
        },
      ],
    });
    const outcomes = await Promise.all(
      ['unclassified', 'restricted', 'confidential', 'secret'].map(async (classification) => {
        const draft = { ...good, label: { classification, releasableTo: ['XFA'] } };
        const { peers } = await node.call<{
          peers: { peer: string; outcome: string; envelope: { reason: string } }[];
        }>('release.preview', { draft, peers: ['XFA'] });
        return [peers[0]?.outcome, peers[0]?.envelope.reason];
      }),
    );
    expect(outcomes).toEqual([
      ['release', 'permit'],
      ['release', 'permit'],
      // Within the ceiling: the other state has nothing that it corresponds to.
      ['withhold', 'M3 classification'],
      ['withhold', 'M3 classification'],
    ]);
  });
});

describe('the command line', () => {
  test.each([
    ['a draft that is no YAML', 'document.syntax', 10, ['record', 'issue', '-', '--yes'], 'type: [incident'],
    [
      'a draft that names a key twice',
      'document.syntax',
      10,
      ['record', 'issue', '-', '--yes'],
      'type: incident\ntype: norm\n',
    ],
    ['a policy that is no YAML', 'document.syntax', 10, ['policy', 'check', '-'], '{'],
    ['a MISP event that is no JSON', 'document.syntax', 10, ['import', 'misp', '-', '--yes'], '{'],
    ['a draft that is not there', 'document.unreadable', 2, ['record', 'issue', '/nowhere', '--yes'], ''],
    ['a policy that is a directory', 'document.unreadable', 2, ['policy', 'check', '/'], ''],
    ['an event that is not there', 'document.unreadable', 2, ['import', 'misp', '/nowhere', '--yes'], ''],
    ['a card that is not there', 'document.unreadable', 2, ['peer', 'add', '/nowhere', '--yes'], ''],
    ['a draft of many megabytes', 'document.too-large', 10, ['record', 'issue', process.execPath], ''],
  ] as const)('given %s', async (_kind, code, exit, args, input) => {
    const { code: ended, stdout } = await comity(['--json', '--home', founded.home, ...args], { input });
    const { error } = JSON.parse(stdout) as { error: { code: string } };
    expect(error.code).toBe(code);
    expect(ended).toBe(exit);
  });

  test.each([
    ['peer.suspend', { peer: 'XCC', suspended: true, now: 1 }, 'no such argument: suspended, now'],
    ['peer.suspend', {}, 'peer: expected a text, and it is missing'],
    ['peer.suspend', [], 'the arguments: expected a map'],
    ['query.ask', { peers: ['XCC'], purpose: 'p', filter: { typ: 1 } }, 'filter: no such argument: typ'],
  ])('is told what is wrong with the arguments of %s', async (operation, args, text) => {
    await expect(node.call(operation, args)).rejects.toMatchObject({
      code: 'node.control-request',
      fault: { message: `${operation}: ${text}` },
    });
  });

  test('refuses a second node on the same home', async () => {
    const { code, stderr } = await comity(['--home', founded.home, 'node', 'run']);
    expect(code).toBe(3);
    expect(stderr).toContain('node.already-running');
    expect((await status()).running).toBe(true);
  });
});

describe('a peer that is suspended', () => {
  test('while its ledger streams is cut off at once', async () => {
    const state = await ForeignState.found('XGA');
    await recognise(node, state);
    await applyPolicy(node, {
      comity: 'policy/1',
      rules: [
        {
          name: 'all',
          to: ['XGA'],
          mode: ['push', 'query'],
          purpose: ['incident-response'],
          when: { type: 'incident' },
        },
      ],
    });
    const total = 1_500;
    const drafts = Array.from({ length: total }, (_, index) => ({
      type: 'incident',
      label: { classification: 'restricted', releasableTo: ['XGA'] },
      content: { title: { en: `Streamed ${index}` }, stage: 'final' },
    }));
    await node.call('record.issue', { drafts });
    const receipts = Promise.withResolvers<void>();
    await using peer = await ForeignNode.start(state, founded, { receiptsAfter: receipts.promise });
    await until('the ledger streams', () => peer.heldSize > 0);
    await node.call('peer.suspend', { peer: 'XGA' });
    await until('the stream is cut', () => peer.streamsEnded > 0);
    const got = peer.heldSize;
    expect(got).toBeLessThan(total);
    receipts.resolve();
    // Whatever it tries from now on, it is a stranger.
    await until('it is turned away', () => peer.status().lastFaultCode === 'exchange.not-admitted');
    await node.logged('connection-denied', ({ peerId }) => peerId === peer.exchange.peerId);
    await expect(peer.ask(await questionOf(state, peer.other.state))).rejects.toThrow();
    expect(peer.heldSize).toBe(got);
    const ledger = await node.call<{ receipt: unknown }>('release.ledger', { peer: 'XGA', limit: 1 });
    expect(ledger.receipt).toBeNull();

    await node.call('peer.suspend', { peer: 'XGA', resume: true });
    await peer.holds(total);
    const entries = peer.batches.flatMap(({ items }) =>
      items.map(({ entry }) => Buffer.from(entry).toString('hex')),
    );
    expect(new Set(entries).size).toBe(total);
    expect(entries).toHaveLength(total);
  });
});

describe('after all of this', () => {
  test('the node has not failed, and nothing bad is in its home', async () => {
    expect(node.running).toBe(true);
    const events = new Set(node.log.map(({ event }) => event));
    expect(events).not.toContain('unexpected-error');
    expect(events).not.toContain('decision-error');
    expect(node.output).not.toContain(POISON);
    expect(await node.stop()).toBe(0);
    const poison = textCanary('poison', POISON);
    expect(found([poison], await evidenceOf(founded.home))).toEqual([]);
    const { code, stdout } = await comity(['--json', '--home', founded.home, 'node', 'fsck']);
    expect(JSON.parse(stdout)).toMatchObject({ findings: [] });
    expect(code).toBe(0);
  });

  test('a command that needs a node says that none runs', async () => {
    const { code, stdout } = await comity(['--json', '--home', founded.home, 'peer', 'test', 'XGA']);
    expect(JSON.parse(stdout)).toMatchObject({ version: 1, error: { code: 'node.not-running' } });
    expect(code).toBe(30);
  });
});

const SCHEME_WITHOUT_RESTRICTED = {
  id: 'two-levels-1',
  name: { en: 'Two levels' },
  levels: ['open', 'closed'].map((id, rank) => ({ id, name: { en: id }, rank })),
  categorySets: [],
};

interface Status {
  readonly running: boolean;
  readonly records: { readonly own: number; readonly quarantined: number };
  readonly policy: unknown;
  readonly peers: readonly { readonly code: string; readonly recognisesUs: boolean }[];
}

/** What the node says of itself, without what changes by itself. */
async function status(): Promise<Pick<Status, 'running' | 'records' | 'policy'> & { peers: string[] }> {
  const { running, records, policy, peers } = await node.call<Status>('node.status');
  return { running, records, policy, peers: peers.map(({ code }) => code) };
}

async function quarantined(): Promise<number> {
  return (await status()).records.quarantined;
}

async function recognisesUs(code: string): Promise<boolean | undefined> {
  const { peers } = await node.call<Status>('node.status');
  return peers.find((peer) => peer.code === code)?.recognisesUs;
}

async function recordsOf(code: string): Promise<string[]> {
  const { records } = await node.call<{ records: { id: string }[] }>('record.list', { issuer: code });
  return records.map(({ id }) => id);
}

async function keysOf(code: string): Promise<unknown> {
  return (await node.call<{ keys: unknown }>('peer.show', { peer: code })).keys;
}

/** The same state as it should be: it connects, and what it releases arrives. */
async function honestAfterwards(state: ForeignState): Promise<void> {
  await using honest = await ForeignNode.start(state, founded);
  await honest.live();
  const view = await state.issue(draftOf('A good record after a bad beginning'));
  honest.ledger.append(releaseOf(view));
  await until(`a good record of ${state.code} is shown`, () => holds(node, view.header.id));
}
