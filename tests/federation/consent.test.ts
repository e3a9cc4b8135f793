import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { comity, comityJson, type Outcome } from './command-line.ts';
import { until } from './deadline.ts';
import { releaseOf } from './foreign-ledger.ts';
import { ForeignNode } from './foreign-node.ts';
import { ForeignState, nowSeconds } from './foreign-state.ts';
import { applyPolicy, type FoundedState, foundStates, recognise } from './founding.ts';
import { NodeProcess } from './node-process.ts';
import { type ScratchDirectory, scratchDirectory } from './scratch-directory.ts';

// Arcadia (XAA) issues for Borealis (XBB) alone. Borealis would hand on to Caldera (XCC), which is never connected to Arcadia.
// Doria (XDD) is in the hands of the test, and forges.

vi.setConfig({ testTimeout: 150_000, hookTimeout: 180_000 });

const HELD = ['overall', 'stage', 'summary', 'title', 'victim', 'victim.name'];
const EXIT = { invalid: 10, refused: 20 };

const rule = (
  name: string,
  to: readonly string[],
  mode: readonly string[],
  type: readonly string[],
): object => ({
  name,
  to,
  mode,
  purpose: ['incident-response'],
  when: { type },
});
const POLICIES = {
  XAA: [
    rule('incidents', ['XBB'], ['push'], ['incident']),
    rule('consents', ['XBB'], ['push'], ['release-grant', 'retraction']),
  ],
  XBB: [
    rule('requests', ['XAA'], ['push'], ['release-request']),
    rule('hand-on', ['XCC'], ['relay'], ['incident']),
  ],
};

interface Issued {
  readonly record: { readonly id: string; readonly released: readonly { readonly peer: string }[] };
  readonly notTold: readonly { readonly peer: string; readonly reason: string }[];
  /** Of a request. */
  readonly onward?: object;
}

interface Request {
  readonly request: string;
  readonly direction: string;
  readonly by: string;
  readonly record: string;
  readonly to: string;
  readonly state: string;
  readonly answer: string | null;
  readonly parts: readonly string[] | null;
  readonly reason: string;
  readonly answerReason: string | null;
}

let scratch: ScratchDirectory;
let xaa: FoundedState;
let xbb: FoundedState;
let xcc: FoundedState;
let arcadia: NodeProcess;
let borealis: NodeProcess;
let caldera: NodeProcess;
let doria: ForeignState;

const at = (state: FoundedState, ...args: readonly string[]): Promise<Outcome> =>
  comity(['--home', state.home, ...args]);
const jsonAt = <T>(state: FoundedState, ...args: readonly string[]): Promise<T> =>
  comityJson<T>(['--home', state.home, ...args]);

const timeText = (atSeconds: number): string => `${new Date(atSeconds * 1_000).toISOString().slice(0, 19)}Z`;
const inSeconds = (seconds: number): string => timeText(nowSeconds() + seconds);

async function issue(title: string, label: object = {}): Promise<string> {
  const { records } = await arcadia.call<{ records: { id: string }[] }>('record.issue', {
    drafts: [
      {
        type: 'incident',
        label: { classification: 'restricted', releasableTo: ['XBB'], ...label },
        content: {
          title: { en: title },
          stage: 'final',
          summary: { en: 'A registry is down' },
          victim: { name: 'Registry One' },
        },
      },
    ],
  });
  const id = records[0]?.id ?? '';
  await until(`Borealis holds ${title}`, async () => (await heldBy(borealis, id)).length > 0);
  return id;
}

/** Paths of the parts that a node holds of a record. */
async function heldBy(node: NodeProcess, record: string): Promise<readonly string[]> {
  try {
    const { parts } = await node.call<{ parts: { path: string }[] }>('record.show', { id: record });
    return parts.map(({ path }) => path).sort();
  } catch (error) {
    expect((error as { code?: string }).code).toBe('record.not-found');
    return [];
  }
}

/** Entries of the ledger from Borealis to Caldera about a record, and whether they went out with content. */
async function handedOn(record: string): Promise<readonly { readonly content: boolean }[]> {
  const { entries } = await borealis.call<{ entries: { record: string; content: boolean }[] }>(
    'release.ledger',
    {
      peer: 'XCC',
      limit: 10_000,
    },
  );
  return entries.filter((entry) => entry.record === record);
}

/** What Borealis would do now with a record of Arcadia's, for Caldera. */
const outcomeAtBorealis = async (record: string): Promise<string> =>
  (await borealis.call<{ outcome: string }>('policy.explain', { record, peer: 'XCC' })).outcome;

const ask = (record: string, ...more: readonly string[]): Promise<Issued> =>
  jsonAt<Issued>(
    xbb,
    ...['release', 'ask', record.slice(0, 16), '--for', 'XCC', '--purpose', 'incident-response'],
    ...['--reason', 'The same registry serves Caldera', ...more, '--yes'],
  );

async function requestAt(node: NodeProcess, id: string): Promise<Request> {
  return until(`request ${id} is known`, async () => {
    const { requests } = await node.call<{ requests: Request[] }>('release.requests', {});
    return requests.find(({ request }) => request === id);
  });
}

const grant = (request: string, seconds: number, ...more: readonly string[]): Promise<Issued> =>
  jsonAt<Issued>(
    xaa,
    'release',
    'grant',
    request.slice(0, 16),
    '--until',
    inSeconds(seconds),
    ...more,
    '--yes',
  );

/** What a person at Caldera finds out about a record: whoever brought it, Arcadia has signed it. */
async function verifiedAtCaldera(record: string): Promise<void> {
  const verified = await jsonAt<{ verdict: string; record: { issuer: string } }>(
    xcc,
    'record',
    'verify',
    record,
  );
  expect(verified.verdict).toBe('VALID');
  expect(await caldera.call('record.show', { id: record })).toMatchObject({
    record: { issuer: 'XAA' },
    sources: ['XBB'],
  });
}

beforeAll(async () => {
  scratch = await scratchDirectory();
  [xaa, xbb, xcc] = await foundStates(scratch, ['XAA', 'XBB', 'XCC']);
  doria = await ForeignState.found('XDD');
  arcadia = await NodeProcess.start(xaa.home);
  borealis = await NodeProcess.start(xbb.home);
  caldera = await NodeProcess.start(xcc.home);
  // Arcadia has Caldera's card, as it has to say which state it means; the nodes never meet.
  for (const state of [xbb, xcc]) await recognise(arcadia, state);
  for (const state of [xaa, xcc, doria]) await recognise(borealis, state);
  for (const state of [xaa, xbb]) await recognise(caldera, state);
  await arcadia.call('peer.suspend', { peer: 'XCC' });
  await applyPolicy(arcadia, { comity: 'policy/1', rules: POLICIES.XAA });
  await applyPolicy(borealis, { comity: 'policy/1', rules: POLICIES.XBB });
});

afterAll(async () => {
  for (const node of [arcadia, borealis, caldera]) await node?.kill();
  await scratch?.[Symbol.asyncDispose]();
});

test('a record is handed to nobody else until its originator consents; then it is, with the consent', async () => {
  const id = await issue('For Borealis');
  expect(await handedOn(id)).toEqual([]);
  const asked = await ask(id);
  expect(asked).toMatchObject({
    record: { released: [{ peer: 'XAA' }] },
    notTold: [],
    onward: { parts: HELD.length, held: 0, reason: null },
  });
  const request = asked.record.id;
  expect(await requestAt(arcadia, request)).toMatchObject({
    direction: 'received',
    by: 'XBB',
    record: id,
    to: 'XCC',
    state: 'open',
    parts: HELD,
    reason: 'The same registry serves Caldera',
  });
  expect(await requestAt(borealis, request)).toMatchObject({ direction: 'asked', by: 'XBB', state: 'open' });
  // Asking changes nothing.
  expect(await handedOn(id)).toEqual([]);
  expect(await outcomeAtBorealis(id)).toBe('withhold');
  // Nobody grants for somebody else, and least of all who asks.
  const own = await at(xbb, 'release', 'grant', request, '--until', inSeconds(60), '--yes');
  expect(own.code).toBe(EXIT.refused);
  expect(own.stderr).toContain('[record.not-own]');

  const granted = await grant(request, 3_600, '--conditions', 'Not to be published');
  expect(granted).toMatchObject({ record: { released: [{ peer: 'XBB' }] }, notTold: [] });
  await until('Caldera holds the record', async () => (await heldBy(caldera, id)).length > 0);
  await until('Caldera holds the consent', async () => (await heldBy(caldera, granted.record.id)).length > 0);
  expect(await heldBy(caldera, id)).toEqual(HELD);
  await verifiedAtCaldera(id);
  await verifiedAtCaldera(granted.record.id);
  for (const node of [arcadia, borealis])
    expect(await requestAt(node, request)).toMatchObject({
      state: 'granted',
      answer: granted.record.id,
      answerText: 'Not to be published',
    });
  const listed = await at(xaa, 'release', 'requests');
  expect(listed.stdout).toContain(request.slice(0, 12));
  expect(listed.stdout).toContain('granted');
});

test('a request is refused with a reason, and nothing is handed on', async () => {
  const id = await issue('Refused');
  const useless = await ask(id, '--purpose', 'public-security');
  expect(useless.onward).toEqual({ parts: 0, held: 0, reason: 'no-permit' });
  const asked = await ask(id, '--reply-by', inSeconds(3_600));
  await requestAt(arcadia, asked.record.id);
  const reason = ['--reason', 'The registry has asked us to wait'];
  const refused = await jsonAt<Issued>(
    xaa,
    'release',
    'refuse',
    asked.record.id.slice(0, 16),
    ...reason,
    '--yes',
  );
  expect(refused).toMatchObject({ record: { released: [{ peer: 'XBB' }] }, notTold: [] });
  const known = await until('Borealis is told', async () => {
    const request = await requestAt(borealis, asked.record.id);
    return request.state === 'refused' && request;
  });
  expect(known).toMatchObject({ answer: refused.record.id, answerText: 'The registry has asked us to wait' });
  expect(await handedOn(id)).toEqual([]);
  // A refusal is no consent that could be taken back.
  const revoked = await at(xaa, 'release', 'revoke', refused.record.id, '--yes');
  expect(revoked.stderr).toContain('[consent.no-grant]');
});

test('a consent to some parts lets these go, with what they stand in, and no others', async () => {
  const id = await issue('In parts');
  const asked = await ask(id, '--part', 'title', 'victim.name');
  const request = asked.record.id;
  expect((await requestAt(arcadia, request)).parts).toEqual(['title', 'victim', 'victim.name']);
  const beyond = await at(
    xaa,
    ...['release', 'grant', request, '--until', inSeconds(60), '--part', 'title', 'summary', '--yes'],
  );
  expect(beyond.code).toBe(EXIT.invalid);
  expect(beyond.stderr).toContain('[consent.not-asked]');
  const unknown = await at(
    xbb,
    'release',
    'ask',
    id,
    '--for',
    'XCC',
    '--part',
    'nothing',
    '--purpose',
    'incident-response',
    '--reason',
    'No',
    '--yes',
  );
  expect(unknown.stderr).toContain('[record.no-such-part]');
  await grant(request, 3_600, '--part', 'title');
  await until('Caldera holds the title', async () => (await heldBy(caldera, id)).length > 0);
  expect(await heldBy(caldera, id)).toEqual(['title']);
  // A second consent, to the rest of what was asked for.
  await grant(request, 3_600);
  await until('Caldera holds the name', async () => (await heldBy(caldera, id)).length > 1);
  expect(await heldBy(caldera, id)).toEqual(['title', 'victim', 'victim.name']);
  await verifiedAtCaldera(id);
});

test('what is in force is what both nodes show, whatever was said after it', async () => {
  const id = await issue('Granted twice');
  const asked = await ask(id);
  const request = asked.record.id;
  await requestAt(arcadia, request);
  const first = await grant(request, 3_600);
  await until('Caldera holds it', async () => (await heldBy(caldera, id)).length > 0);
  const refusal = await at(xaa, 'release', 'refuse', request, '--reason', 'Changed our mind', '--yes');
  expect(refusal.code).toBe(EXIT.refused);
  expect(refusal.stderr).toContain('[consent.granted]');
  // What a person is shown before is uncut, and says what stands.
  expect(refusal.stderr).toContain('reason: The same registry serves Caldera');
  expect(refusal.stderr).toContain(`in force: grant ${first.record.id.slice(0, 12)}`);

  const endSeconds = nowSeconds() + 15;
  const second = await at(
    xaa,
    ...['release', 'grant', request, '--until', timeText(endSeconds), '--part', 'title', '--yes'],
  );
  expect(second.stdout).toContain(`still in force beside it: grant ${first.record.id.slice(0, 12)}`);
  await until('the second grant has ended', () => nowSeconds() > endSeconds);
  for (const node of [arcadia, borealis])
    expect(await requestAt(node, request)).toMatchObject({
      state: 'granted',
      answer: first.record.id,
      standing: [{ grant: first.record.id, parts: HELD }],
    });
  await at(xaa, 'release', 'revoke', first.record.id, '--yes');
  await until('Borealis knows', async () => (await requestAt(borealis, request)).state === 'ended');
  const refused = await at(xaa, 'release', 'refuse', request, '--reason', 'Changed our mind', '--yes');
  expect(refused.code).toBe(0);
  await until('Borealis is told', async () => (await requestAt(borealis, request)).state === 'refused');
});

test('a consent that its holder does not know to be over is not shown as ended', async () => {
  const id = await issue('Held back');
  const asked = await ask(id);
  await requestAt(arcadia, asked.record.id);
  const granted = await grant(asked.record.id, 3_600);
  await until('Caldera holds it', async () => (await heldBy(caldera, id)).length > 0);
  const told = await at(xaa, 'record', 'audience', id);
  expect(told.stdout).toContain('XCC: was given none of it by this node');
  expect(told.stdout).toContain('may be handed it by XBB until');
  expect(told.stdout).toContain(`(grant ${granted.record.id.slice(0, 12)})`);
  const [incidents] = POLICIES.XAA;
  const silence = { ...rule('silence', ['XBB'], ['push'], ['release-grant']), effect: 'forbid' };
  await applyPolicy(arcadia, { comity: 'policy/1', rules: [incidents, silence] });
  const revoked = await at(xaa, 'release', 'revoke', granted.record.id, '--yes');
  expect(revoked.stdout).toContain('NOT IN EFFECT: until XBB is told');
  expect(revoked.code).toBe(EXIT.refused);
  expect((await requestAt(arcadia, asked.record.id)).state).toBe('ending');
  expect((await requestAt(borealis, asked.record.id)).state).toBe('granted');
  // No rule permits it and a limit is reached: what takes a consent back goes all the same.
  const limits = [{ to: ['XBB'], releases: 1, per: 'P1D', then: 'hold' }];
  await applyPolicy(arcadia, { comity: 'policy/1', rules: [incidents], limits });
  for (const node of [borealis, arcadia])
    await until('both know', async () => (await requestAt(node, asked.record.id)).state === 'ended');
  // So does what gives one, in a later second than what took it back.
  const endedSeconds = nowSeconds();
  await until('that second is over', () => nowSeconds() > endedSeconds);
  expect(await grant(asked.record.id, 3_600)).toMatchObject({
    record: { released: [{ peer: 'XBB' }] },
    notTold: [],
  });
  await until('Borealis knows', async () => (await requestAt(borealis, asked.record.id)).state === 'granted');
});

test('a consent is to what was held when it was asked for, and not to what is released later', async () => {
  const [consents] = POLICIES.XAA.slice(1);
  const narrow = {
    ...rule('incidents', ['XBB'], ['push'], ['incident']),
    parts: ['title', 'stage', 'summary'],
  };
  await applyPolicy(arcadia, { comity: 'policy/1', rules: [narrow, consents] });
  const id = await issue('Wider later');
  const before = await heldBy(borealis, id);
  expect(before).not.toContain('victim.name');
  const asked = await ask(id);
  expect((await requestAt(arcadia, asked.record.id)).parts).toEqual(before);
  await grant(asked.record.id, 3_600);
  await until('Caldera holds it', async () => (await heldBy(caldera, id)).length > 0);
  await applyPolicy(arcadia, { comity: 'policy/1', rules: POLICIES.XAA });
  await until('Borealis holds the name', async () => (await heldBy(borealis, id)).includes('victim.name'));
  const later = await ask(id, '--part', 'victim.name');
  await requestAt(arcadia, later.record.id);
  expect(await heldBy(caldera, id)).toEqual(before);
  const explained = await borealis.call<{ parts: { path: string; outcome: string }[] }>('policy.explain', {
    record: id,
    peer: 'XCC',
  });
  const wouldGo = explained.parts.filter(({ outcome }) => outcome === 'release').map(({ path }) => path);
  expect(wouldGo.sort()).toEqual(['envelope', ...before]);
});

test('a state that was released nothing of a record is granted nothing of it, unless parts are named', async () => {
  const elsinore = await ForeignState.found('XEE');
  await recognise(arcadia, elsinore);
  const id = await issue('Not for Elsinore');
  const reason = `${'A long and friendly reason '.repeat(4)}, and it may be printed in the press`;
  const asked = await elsinore.issue({
    type: 'release-request',
    label: { classification: 'restricted' },
    content: {
      record: id,
      parts: 'all',
      thirdParty: await stateOf(xbb),
      purpose: 'incident-response',
      reason: { en: reason },
    },
  });
  await using peer = await (await ForeignNode.start(elsinore, xaa)).live();
  peer.ledger.append(releaseOf(asked));
  await requestAt(arcadia, asked.header.id);
  const shown = await at(xaa, 'release', 'requests', asked.header.id);
  expect(shown.stdout).toContain(reason);
  expect(shown.stdout).toMatch(/victim\.name {2}.*NOT RELEASED TO IT/);
  const until60 = ['--until', inSeconds(60), '--yes'];
  const refused = await at(xaa, 'release', 'grant', asked.header.id, ...until60);
  expect(refused.code).toBe(EXIT.refused);
  expect(refused.stderr).toContain('[consent.not-handed]');
  const named = await at(xaa, 'release', 'grant', asked.header.id, '--part', 'title', ...until60);
  // It goes to whoever asked, though no rule of the policy is for Elsinore.
  expect(named.code).toBe(0);
  expect(named.stdout).toContain('warning: not released to the holder by this node: title');
});

test('nobody is asked to let its own record come back to it, or to whoever asks', async () => {
  const id = await issue('Nowhere to go');
  for (const to of ['XAA', 'XBB']) {
    const asked = await at(
      xbb,
      ...['release', 'ask', id, '--for', to, '--purpose', 'incident-response', '--reason', 'No', '--yes'],
    );
    expect(asked.code).toBe(EXIT.invalid);
    expect(asked.stderr).toContain('[consent.same-state]');
  }
});

test('only the originator answers, also when the record is no longer held', async () => {
  const freedonia = await ForeignState.found('XFF');
  await recognise(borealis, freedonia);
  const id = await issue('To be recalled');
  const asked = await ask(id);
  await requestAt(arcadia, asked.record.id);
  await at(xaa, 'release', 'recall', id, '--reason', 'error', '--yes');
  await until('Borealis holds it no longer', async () => (await heldBy(borealis, id)).length === 0);
  const forged = await freedonia.issue({
    type: 'release-grant',
    label: { classification: 'unclassified' },
    content: {
      decision: 'refuse',
      record: id,
      parts: 'all',
      holder: await stateOf(xbb),
      thirdParty: await stateOf(xcc),
      purposes: ['incident-response'],
      request: asked.record.id,
      reason: { en: 'Words of Freedonia' },
    },
  });
  await using peer = await (await ForeignNode.start(freedonia, xbb)).live();
  peer.ledger.append(releaseOf(forged));
  await until('Borealis holds it', async () => (await heldBy(borealis, forged.header.id)).length > 0);
  expect(await requestAt(borealis, asked.record.id)).toMatchObject({
    state: 'open',
    answer: null,
    answers: [],
  });
});

test('TLP:AMBER goes further than to whom it was given by its source’s consent alone', async () => {
  const id = await issue('Amber', { tlp: 'AMBER', releasableTo: ['XBB', 'XCC'] });
  expect(await outcomeAtBorealis(id)).toBe('withhold');
  const asked = await ask(id);
  await requestAt(arcadia, asked.record.id);
  await grant(asked.record.id, 3_600);
  await until('Caldera holds it', async () => (await heldBy(caldera, id)).length > 0);
  expect(await heldBy(caldera, id)).toEqual(HELD);
  await verifiedAtCaldera(id);
});

test('when a consent has ended nothing more is handed over, not what was written down before either', async () => {
  const id = await issue('For a moment');
  const asked = await ask(id);
  await requestAt(arcadia, asked.record.id);
  await caldera.kill();
  const endSeconds = nowSeconds() + 8;
  await grant(asked.record.id, 8);
  await until('Borealis has it in its ledger', async () => (await handedOn(id)).length > 0);
  await until('the consent has ended', () => nowSeconds() > endSeconds);
  caldera = await NodeProcess.start(xcc.home);
  await until('Borealis says that it went without content', async () =>
    (await handedOn(id)).every(({ content }) => !content),
  );
  expect((await requestAt(borealis, asked.record.id)).state).toBe('ended');
  expect(await heldBy(caldera, id)).toEqual([]);
});

test('a consent that is taken back ends at once, also for whoever asks again for what he was handed', async () => {
  await recognise(arcadia, doria);
  await applyPolicy(borealis, {
    comity: 'policy/1',
    rules: [...POLICIES.XBB, rule('hand-on-to-doria', ['XDD'], ['relay'], ['incident'])],
  });
  const id = await issue('Taken back');
  await using peer = await (await ForeignNode.start(doria, xbb)).live();
  const asked = await jsonAt<Issued>(
    xbb,
    ...[
      'release',
      'ask',
      id,
      '--for',
      'XDD',
      '--purpose',
      'incident-response',
      '--reason',
      'Why not',
      '--yes',
    ],
  );
  await requestAt(arcadia, asked.record.id);
  const granted = await grant(asked.record.id, 3_600);
  const sent = async (): Promise<readonly { record: string; index: number }[]> =>
    (
      await borealis.call<{ entries: { record: string; index: number }[] }>('release.ledger', {
        peer: 'XDD',
        limit: 10_000,
      })
    ).entries;
  await until('Borealis hands it on', async () => (await sent()).length >= 2);
  await peer.holds(2);
  const indexes = (await sent()).map(({ index }) => index);
  const again = async (): Promise<boolean[]> => {
    const items: boolean[] = [];
    for await (const { item } of peer.exchange.fetch(peer.other.state, indexes))
      items.push(item.record !== undefined);
    return items;
  };
  expect(await again()).toEqual([true, true]);

  const revoked = await jsonAt<Issued>(
    xaa,
    'release',
    'revoke',
    granted.record.id,
    '--reason',
    'No more',
    '--yes',
  );
  // Arcadia tells Doria too, to which it is connected.
  expect(revoked).toMatchObject({ record: { released: [{ peer: 'XBB' }, { peer: 'XDD' }] }, notTold: [] });
  await until('Borealis knows', async () => (await requestAt(borealis, asked.record.id)).state === 'ended');
  // The consent that was given stays one that may be shown; what it was about does not go out again.
  const about = (await sent()).map(({ record }) => record);
  expect(await again()).toEqual(about.slice(0, 2).map((record) => record !== id));
  await until(
    'Arcadia has its receipt',
    async () => (await requestAt(arcadia, asked.record.id)).state === 'ended',
  );
});

test('what others say to the handing on of a record opens nothing', async () => {
  const id = await issue('Forged');
  const draft = {
    type: 'release-grant',
    label: { classification: 'unclassified' },
    content: {
      decision: 'grant',
      record: id,
      parts: 'all',
      holder: await stateOf(xbb),
      thirdParty: await stateOf(xcc),
      purposes: ['incident-response'],
      notBefore: timeText(nowSeconds()),
      notAfter: inSeconds(3_600),
    },
  };
  const own = await doria.issue(draft);
  const inItsName = await doria.issue(draft, { issuer: (await stateOf(xaa)) as never });
  await using peer = await (await ForeignNode.start(doria, xbb)).live();
  peer.ledger.append(releaseOf(own), releaseOf(inItsName));
  await borealis.logged('item-rejected', ({ peer: from, index }) => from === 'XDD' && index === 1);
  await until(
    'Borealis holds the one that Doria has signed',
    async () => (await heldBy(borealis, own.header.id)).length > 0,
  );
  // Whatever follows has been decided about as well: the answer to another request comes later and goes through.
  const asked = await ask(await issue('Not forged'));
  await requestAt(arcadia, asked.record.id);
  const granted = await grant(asked.record.id, 3_600);
  await until(
    'Caldera holds what was granted',
    async () => (await heldBy(caldera, granted.record.id)).length > 0,
  );
  expect(await handedOn(id)).toEqual([]);
  expect(await heldBy(caldera, id)).toEqual([]);
  expect(await outcomeAtBorealis(id)).toBe('withhold');
});

async function stateOf(state: FoundedState): Promise<string> {
  return (await jsonAt<{ state: string }>(state, 'state', 'show')).state;
}
