import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { comity, comityJson } from './command-line.ts';
import { until } from './deadline.ts';
import { type FoundedState, foundStates, recognise } from './founding.ts';
import { NodeProcess, OperationRefused } from './node-process.ts';
import { type ScratchDirectory, scratchDirectory } from './scratch-directory.ts';

// Arcadia (XAA), Borealis (XBB) and Caldera (XCC) cosign each other's logs. Then Arcadia runs from two copies of its home, of
// which either meets one of the others only; and Borealis is put back to an old copy of its own.

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

const OFTEN = { COMITY_WITNESS_CHECKPOINT_SECONDS: '2', COMITY_WITNESS_BATCH_LEAVES: '4' };

interface Checkpoint {
  readonly newest: {
    readonly size: number;
    readonly note: string;
    readonly cosigners: readonly { readonly peer: string; readonly at: string }[];
    readonly reached: boolean;
    readonly trustedAt: string | null;
  } | null;
  readonly quorate: { readonly size: number; readonly trustedAt: string } | null;
  readonly quorum: { readonly needed: number; readonly of: number; readonly policy: string };
}
interface Status {
  readonly originLogSize: number;
  readonly logAlarms: readonly { readonly kind: string; readonly state: string }[];
}
interface Evidence {
  readonly evidence: readonly { readonly state: string; readonly size: number }[];
}

let scratch: ScratchDirectory;
let states: readonly [FoundedState, FoundedState, FoundedState];
const running: NodeProcess[] = [];
/** A record of Borealis in the log that it ends later. */
let issuedEarly = '';

async function start(home: string): Promise<NodeProcess> {
  const node = await NodeProcess.start(home, OFTEN);
  running.push(node);
  return node;
}

const checkpointOf = (node: NodeProcess) => node.call<Checkpoint>('log.checkpoint');
const alarmsOf = async (node: NodeProcess): Promise<string[]> => {
  const { logAlarms } = await node.call<Status>('node.status');
  return logAlarms.map(({ kind, state }) => `${kind} ${state}`);
};
const sizeOf = async (node: NodeProcess) => (await node.call<Status>('node.status')).originLogSize;
const cosignedBy = (node: NodeProcess, peer: string, beyond: number) =>
  until(`${peer} has cosigned beyond ${beyond}`, async () =>
    node.log.some(
      (line) => line.event === 'cosignature-received' && line.peer === peer && Number(line.size) > beyond,
    ),
  );

beforeAll(async () => {
  scratch = await scratchDirectory();
  states = await foundStates(scratch, ['XAA', 'XBB', 'XCC']);
  const nodes = await Promise.all(states.map(({ home }) => start(home)));
  // In the order of the states, whichever was up first.
  running.splice(0, running.length, ...nodes);
  for (const [index, node] of nodes.entries())
    for (const [other, state] of states.entries()) if (other !== index) await recognise(node, state);
});

afterAll(async () => {
  await Promise.all(running.map((node) => node.kill()));
  await scratch?.[Symbol.asyncDispose]();
});

/** A record of a state that stays at home, once it is in its log. */
async function logged(node: NodeProcess, title: string): Promise<string> {
  const label = { classification: 'unclassified' };
  const draft = { type: 'incident', label, content: { title: { en: title }, stage: 'final' } };
  const { records } = await node.call<{ records: { id: string }[] }>('record.issue', { drafts: [draft] });
  const id = records[0]?.id ?? '';
  await until(`${title} is in the log`, async () =>
    node.call('log.prove', { id }).then(
      () => true,
      (error: unknown) => {
        if (error instanceof OperationRefused && error.code === 'log.not-logged-yet') return false;
        throw error;
      },
    ),
  );
  return id;
}

test('each log is cosigned by the two other states, whether or not anything is issued', async () => {
  const [arcadia, borealis] = running as [NodeProcess, NodeProcess, NodeProcess];
  await cosignedBy(arcadia, 'XBB', 0);
  await cosignedBy(arcadia, 'XCC', 0);
  const { quorate, quorum } = await until('a checkpoint has its quorum', async () => {
    const told = await checkpointOf(arcadia);
    return told.quorate === null ? undefined : told;
  });
  expect(quorum).toMatchObject({ needed: 2, of: 2 });
  expect((quorate?.size ?? 1) % 4).toBe(0);
  expect(Math.abs(Date.parse(quorate?.trustedAt ?? '') - Date.now())).toBeLessThan(60_000);
  // What nobody has issued anything for grows all the same.
  const before = await sizeOf(borealis);
  await until('the log has grown', async () => (await sizeOf(borealis)) > before);
  expect(await alarmsOf(arcadia)).toEqual([]);
  issuedEarly = await logged(borealis, 'Before the log ended');
  // And each has shown that its charter is in the log that the others cosign.
  await borealis.logged('keys-proved', ({ peer }) => peer === 'XAA');
  await arcadia.logged('keys-proved', ({ peer }) => peer === 'XCC');
});

test('a state that keeps two histories is caught when those who saw them meet, and the evidence verifies offline', async () => {
  const [xaa, xbb, xcc] = states;
  const fork = scratch.at('xaa-fork');
  await Promise.all(running.splice(0).map((node) => node.stop()));
  await cp(xaa.home, fork, { recursive: true });
  await rm(join(fork, 'control.sock'), { force: true });

  // One history with Borealis alone, the other with Caldera alone, until both have cosigned at one size.
  const shown = new Set<number>();
  for (const [home, { home: other }, code] of [
    [xaa.home, xbb, 'XBB'],
    [fork, xcc, 'XCC'],
  ] as const) {
    const witness = await start(other);
    const arcadia = await start(home);
    const sizes = (): number[] =>
      arcadia.log
        .filter(({ event, peer }) => event === 'cosignature-received' && peer === code)
        .map(({ size }) => Number(size));
    if (home === fork)
      await until('one size in both histories', async () => sizes().some((size) => shown.has(size)));
    else {
      // The size at the start is that of both.
      const from = await sizeOf(arcadia);
      await until(
        'some sizes of the first history',
        async () => sizes().filter((size) => size > from).length >= 4,
      );
      for (const size of sizes()) if (size > from) shown.add(size);
    }
    await arcadia.stop();
    await witness.stop();
  }

  const [borealis, caldera] = [await start(xbb.home), await start(xcc.home)];
  for (const node of [borealis, caldera]) {
    await until('the evidence is held', async () => (await alarmsOf(node)).includes('two-histories XAA'));
    const { evidence } = await node.call<Evidence>('log.evidence-list');
    expect(evidence.map(({ state }) => state)).toContain('XAA');
  }
  await auditTells(borealis);

  const file = scratch.at('xaa.evidence');
  await comityJson(['--home', xbb.home, 'log', 'evidence', 'export', 'XAA', '-o', file]);
  const card = join(xaa.home, 'state.card');
  const offline = ['--home', scratch.at('nowhere'), 'log', 'evidence', 'verify'];
  expect(await comityJson([...offline, file, '--card', card])).toMatchObject({ state: 'XAA' });
  const wrongCard = await comity([...offline, file, '--card', join(xbb.home, 'state.card')]);
  expect(wrongCard.stderr).toContain('log.wrong-origin');
  const changed = scratch.at('changed.evidence');
  await writeFile(changed, (await readFile(file, 'utf8')).replace(/\n(\d+)\n/, '\n1\n'));
  expect((await comity([...offline, changed])).code).not.toBe(0);

  // It is told itself, signs no more, and is cosigned by nobody.
  const arcadia = await start(xaa.home);
  await until('Arcadia knows', async () => (await alarmsOf(arcadia)).includes('two-histories XAA'));
  const size = await sizeOf(arcadia);
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  expect(await sizeOf(arcadia)).toBe(size);
});

async function auditTells(node: NodeProcess): Promise<void> {
  const { lines } = await node.call<{ lines: { event: string }[] }>('log.audit', { from: 1 });
  const events = lines.map(({ event }) => event);
  expect(events).toContain('evidence-kept');
  expect(events).toContain('log-alarm');
}

test('a witness that is put back to an old copy does not cosign again what it cosigned since', async () => {
  const [, xbb, xcc] = states;
  await Promise.all(running.splice(0).map((node) => node.stop()));
  const copy = scratch.at('xbb-old');
  await cp(xbb.home, copy, { recursive: true });
  {
    const [borealis, caldera] = [await start(xbb.home), await start(xcc.home)];
    const sizes = [await sizeOf(borealis), await sizeOf(caldera)] as const;
    await cosignedBy(borealis, 'XCC', sizes[0]);
    await cosignedBy(caldera, 'XBB', sizes[1]);
    await borealis.stop();
    await caldera.stop();
  }
  await rm(xbb.home, { recursive: true });
  await cp(copy, xbb.home, { recursive: true });
  await rm(join(xbb.home, 'control.sock'), { force: true });
  const [borealis, caldera] = [await start(xbb.home), await start(xcc.home)];
  await until('Borealis knows what it has lost', async () =>
    (await alarmsOf(borealis)).includes('witness-lost XCC'),
  );
  const refused = await caldera.logged(
    'cosignature-refused',
    ({ peer, status }) => peer === 'XBB' && status === 410,
  );
  expect(refused.size).toBeGreaterThan(0);
  // Its own log was put back too: Caldera has cosigned more of it, and Borealis goes on with nothing.
  await until('Borealis knows that its log is put back', async () =>
    (await alarmsOf(borealis)).includes('own-log-lost XBB'),
  );
  const size = await sizeOf(borealis);
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  expect(await sizeOf(borealis)).toBe(size);
  expect(caldera.log.filter((line) => line.event === 'cosignature-received' && line.peer === 'XBB')).toEqual(
    [],
  );

  await endsItsLog(borealis, caldera);
});

interface Shown {
  readonly keyState: { readonly endedLogs: readonly { readonly size: number | null }[] } | null;
}

/** What has lost its log ends it by a ceremony, and goes on with a new one that its peers take from its beginning. */
async function endsItsLog(borealis: NodeProcess, caldera: NodeProcess): Promise<void> {
  const [, xbb, xcc] = states;
  const dir = scratch.at('ceremony');
  const [before, made] = [join(xbb.home, 'state.card'), join(dir, 'state.card')];
  const last = await checkpointOf(borealis);
  const [, size = '', root = ''] = (last.newest?.note ?? '').split('\n');
  const at = `${size}:${Buffer.from(root, 'base64').toString('hex')}`;
  const propose = ['--home', xbb.home, 'state', 'end-log', '--card', before, '--dir', dir];
  const both = await comity([...propose, '--reason', 'lost', '--at', at, '--nothing']);
  expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('[cli.usage]')]);
  // A tree that the node has not is told before anybody signs.
  const elsewhere = ['--reason', 'lost', '--at', `${size}:${'0'.repeat(64)}`, '--dry-run'];
  expect((await comity([...propose, ...elsewhere])).stdout).toContain('THIS NODE HAS NO SUCH TREE');
  const affects = { endedLogs: [{ log: 1, size: Number(size), isHeld: true }] };
  const dry = await comityJson([...propose, '--reason', 'lost', '--at', at, '--dry-run']);
  expect(dry).toMatchObject({ affects, file: null });

  await comityJson([...propose, '--reason', 'lost', '--at', at]);
  const unsigned = await comity(['state', 'combine', '--dir', dir, '-o', made]);
  expect(unsigned.stderr).toContain('[ceremony.unsigned]');
  const rootKey = join(xbb.home, 'keys', 'root-1.key');
  await comityJson(['state', 'sign', '--dir', dir, '--root-key', rootKey, '--yes']);
  await comityJson(['state', 'combine', '--dir', dir, '-o', made]);
  const apply = ['--home', xbb.home, 'state', 'apply', made];
  expect((await comity(apply)).stderr).toContain('[cli.not-confirmed]');
  expect(await comityJson([...apply, '--yes'])).toMatchObject({ isApplied: true, ...affects });

  // Caldera has cosigned more of it than stands: its people are told, and it begins with the next log.
  await until('Caldera has left the log', async () =>
    (await alarmsOf(caldera)).includes('ended-otherwise XBB'),
  );
  const { keyState } = await caldera.call<Shown>('peer.show', { peer: 'XBB' });
  expect(keyState?.endedLogs).toMatchObject([{ size: Number(size), reason: 'lost' }]);
  expect((await comity(['--home', xcc.home, 'peer', 'show', 'XBB'])).stdout).toContain('log 2 ');
  expect(await borealis.stop()).toBe(0);
  const again = await start(xbb.home);
  await cosignedBy(again, 'XCC', 0);
  const later = await logged(again, 'After the log ended');

  // What is in the log that has ended is proven there, up to its end, and what came since in the new one.
  const proofs = [issuedEarly, later].map((id) =>
    again.call<{ origin: string; size: number }>('log.prove', { id }),
  );
  const [old, fresh] = await Promise.all(proofs);
  expect(fresh?.origin).toBe(`${old?.origin}/2`);
  expect(old?.size).toBeLessThanOrEqual(Number(size));
}
