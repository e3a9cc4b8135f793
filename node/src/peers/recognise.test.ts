import { mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hello } from '@comity/exchange';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { homeAt } from '../home.ts';
import { initNode } from '../init.ts';
import { openSovereign } from '../open.ts';
import { Background } from '../process/background.ts';
import type { Sovereign } from '../sovereign.ts';
import { fingerprintForms } from './fingerprint-forms.ts';
import { Greeting } from './hello.ts';
import { addPeer, type PeerAddition, recogniseState } from './recognise.ts';
import { updatePeer } from './update-peer.ts';

// The ceremony between two states, each with a home of its own. What goes from one to the other are files.

let directory: string;
let arcadia: Sovereign;
let borealis: Sovereign;
let atSeconds = 1_795_478_400;
const silent = (): void => {};

const LOW = { unclassified: 'unclassified', restricted: 'restricted' };
const TABLE = { outbound: LOW, inbound: LOW };
const STRICTER = { outbound: { unclassified: 'unclassified', restricted: 'confidential' }, inbound: LOW };

async function founded(code: string, federation?: string): Promise<Sovereign> {
  const home = homeAt(join(directory, code));
  const options = {
    code,
    name: code,
    federationName: 'ceremony',
    listen: '127.0.0.1:7400',
    rootKeys: 1,
    threshold: 1,
  };
  await initNode(home, { ...options, ...(federation !== undefined && { federation }) }, { atSeconds });
  return openSovereign(home, { now: () => atSeconds });
}

const cardOf = async ({ home }: Sovereign): Promise<string> => (await readFile(home.card)).toString('base64');

/** What an officer of one state gives to his node about the other, with what was read out to him. */
async function given(about: Sovereign, terms: Partial<PeerAddition> = {}): Promise<PeerAddition> {
  const { digits } = fingerprintForms(about.self.charter);
  return {
    card: await cardOf(about),
    fingerprint: digits,
    ceiling: 'restricted',
    renew: false,
    validDays: 365,
    ...terms,
  };
}

const served = (node: Sovereign, about: Sovereign): boolean =>
  node.peers.isServed(about.self.state, atSeconds);
const outbound = (node: Sovereign, about: Sovereign): Record<string, string> =>
  Object.fromEntries(node.peers.equivalenceWith(about.self.state).outbound.levels);

/** One node says hello to another. */
async function greet(from: Sovereign, to: Sovereign): Promise<boolean> {
  const background = new Background(to.events);
  const hello: Hello = {
    ...(await new Greeting(from, background, silent).compose(to.self.state)),
    federation: from.federation.name,
    era: from.federation.era,
    capabilities: [],
    sentAtSeconds: atSeconds,
  };
  const { recognised } = await new Greeting(to, background, silent).receive(from.self.state, hello);
  await background.stop();
  return recognised;
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'comity-ceremony-'));
  arcadia = await founded('XAR');
  borealis = await founded('XBO', arcadia.home.federation);
});
afterAll(async () => {
  await arcadia.close();
  await borealis.close();
  await rm(directory, { recursive: true });
});

test('nothing is signed about a card of which another fingerprint was read out', async () => {
  const { digits } = fingerprintForms(arcadia.self.charter);
  const wrong = await given(borealis, { fingerprint: digits });
  await expect(recogniseState(arcadia, wrong)).rejects.toMatchObject({ code: 'peer.fingerprint-mismatch' });
  await expect(addPeer(arcadia, wrong, silent)).rejects.toMatchObject({ code: 'peer.fingerprint-mismatch' });
  await expect(addPeer(arcadia, { ...wrong, fingerprint: 'yes' }, silent)).rejects.toMatchObject({
    code: 'fingerprint.form',
  });
  expect(arcadia.peers.all()).toEqual([]);
});

test('one signs, the other confirms, and then both are served; a node needs no root key for it', async () => {
  const first = await recogniseState(arcadia, await given(borealis, { equivalence: TABLE }));
  expect(arcadia.peers.all()).toEqual([]);

  // Another table than the one that was signed is refused.
  const other = await given(arcadia, { theirs: first.ours, equivalence: STRICTER });
  await expect(addPeer(borealis, other, silent)).rejects.toMatchObject({
    code: 'identity.equivalence-not-agreed',
  });
  expect(borealis.peers.all()).toEqual([]);
  const second = await addPeer(borealis, await given(arcadia, { theirs: first.ours }), silent);
  expect(second).toMatchObject({ confirmed: true, ceiling: 'restricted' });
  expect(served(borealis, arcadia)).toBe(true);
  expect(outbound(borealis, arcadia)).toEqual(LOW);

  const roots = join(arcadia.home.keys, 'root-1.key');
  await rename(roots, `${roots}.away`);
  const added = await addPeer(arcadia, await given(borealis, { ours: first.ours }), silent);
  expect(added.confirmed).toBe(false);
  expect(served(arcadia, borealis)).toBe(false);
  const updated = await updatePeer(arcadia, { card: await cardOf(borealis), theirs: second.ours }, silent);
  expect(updated).toMatchObject({ confirmed: true, changed: true });
  expect(served(arcadia, borealis)).toBe(true);
  const again = await given(borealis, { ours: first.ours, renew: true });
  await expect(addPeer(arcadia, again, silent)).rejects.toMatchObject({ code: 'peer.recognition-older' });
  await rename(`${roots}.away`, roots);
});

test('a table is changed by both: alone nobody changes it, and what differs meanwhile is not mapped', async () => {
  atSeconds += 60;
  const alone = await given(borealis, { renew: true, equivalence: STRICTER });
  await expect(addPeer(arcadia, alone, silent)).rejects.toMatchObject({
    code: 'identity.equivalence-not-agreed',
  });
  expect(outbound(arcadia, borealis)).toEqual(LOW);
  // Its own ceiling a state changes alone.
  const ceiling = await addPeer(
    arcadia,
    await given(borealis, { renew: true, ceiling: 'unclassified' }),
    silent,
  );
  expect(ceiling).toMatchObject({ confirmed: true, ceiling: 'unclassified' });

  atSeconds += 60;
  const proposed = await recogniseState(arcadia, await given(borealis, { equivalence: STRICTER }));
  expect(outbound(arcadia, borealis)).toEqual(LOW);
  const confirming = await given(arcadia, { renew: true, theirs: proposed.ours });
  expect(await addPeer(borealis, confirming, silent)).toMatchObject({ confirmed: true });
  expect(Object.fromEntries(borealis.peers.equivalenceWith(arcadia.self.state).inbound.levels)).toEqual(
    STRICTER.outbound,
  );

  expect(await greet(borealis, arcadia)).toBe(true);
  expect(outbound(arcadia, borealis)).toEqual({ unclassified: 'unclassified' });
  expect(served(arcadia, borealis)).toBe(true);
  await addPeer(arcadia, await given(borealis, { renew: true, ours: proposed.ours }), silent);
  expect(outbound(arcadia, borealis)).toEqual(STRICTER.outbound);
});

test('two that have signed different tables at first stay unconfirmed when they meet, until one signs what the other has', async () => {
  const caldera = await founded('XCA', arcadia.home.federation);
  try {
    await addPeer(arcadia, await given(caldera, { equivalence: TABLE }), silent);
    await addPeer(caldera, await given(arcadia, { equivalence: STRICTER }), silent);
    const told = vi.fn();
    arcadia.events.on(told);
    expect(await greet(caldera, arcadia)).toBe(false);
    expect(told).toHaveBeenCalledWith('equivalence-not-agreed', {
      peer: 'XCA',
      level: 'neutral-1/restricted',
    });
    expect(served(arcadia, caldera)).toBe(false);

    atSeconds += 60;
    const { ours } = await addPeer(
      caldera,
      await given(arcadia, { renew: true, equivalence: TABLE }),
      silent,
    );
    expect(await greet(caldera, arcadia)).toBe(true);
    expect(await greet(arcadia, caldera)).toBe(true);
    expect([served(arcadia, caldera), served(caldera, arcadia)]).toEqual([true, true]);
    expect(Buffer.from(ours, 'base64')).toEqual(
      Buffer.from(arcadia.peers.get(caldera.self.state)?.theirs?.bytes ?? []),
    );
  } finally {
    await caldera.close();
  }
});
