import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { listPreOpen, restorePreOpen } from '@comity/store';
import { expect, test, vi } from 'vitest';
import { comity } from './command-line.ts';
import { until } from './deadline.ts';
import { applyPolicy, foundStates, recognise } from './founding.ts';
import { NodeProcess } from './node-process.ts';
import { scratchDirectory } from './scratch-directory.ts';

// Arcadia (XAA) takes back what Borealis (XBB) holds. Borealis erases it, and then puts a copy of its database back that is
// older than the erasure, as after damage to its disk: what was erased stays erased, and the two go on. Then Arcadia does the
// same: it has forgotten that it took something back, and Caldera (XCC), which never had it, does not get it.

vi.setConfig({ testTimeout: 300_000 });

const PUSH = {
  comity: 'policy/1',
  rules: [
    { name: 'push', to: ['XBB'], mode: ['push'], purpose: ['incident-response'], when: { type: 'incident' } },
  ],
};

test('an older copy of the database does not bring back what was recalled, and receiving goes on', async () => {
  await using scratch = await scratchDirectory();
  const [xaa, xbb] = await foundStates(scratch, ['XAA', 'XBB']);
  await using arcadia = await NodeProcess.start(xaa.home);
  const issue = async (title: string): Promise<string> => {
    const draft = {
      type: 'incident',
      label: { classification: 'unclassified', tlp: 'GREEN', releasableTo: ['XBB'] },
      content: { title: { en: title }, stage: 'final' },
    };
    const { records } = await arcadia.call<{ records: { id: string }[] }>('record.issue', {
      drafts: [draft],
    });
    return records[0]?.id ?? '';
  };
  const holds = async (node: NodeProcess, id: string): Promise<boolean> => {
    try {
      await node.call('record.show', { id });
      return true;
    } catch (error) {
      if ((error as { code?: string }).code === 'record.not-found') return false;
      throw error;
    }
  };
  const heldBy = (node: NodeProcess, id: string) => until(`${id.slice(0, 8)} is held`, () => holds(node, id));

  let recalled: string;
  let kept: string;
  {
    await using borealis = await NodeProcess.start(xbb.home);
    await recognise(arcadia, xbb);
    await recognise(borealis, xaa);
    await applyPolicy(arcadia, PUSH);
    recalled = await issue('to be taken back');
    kept = await issue('to be kept');
    await heldBy(borealis, recalled);
    await heldBy(borealis, kept);
  }
  {
    // Opening makes the copy, with both records.
    await using borealis = await NodeProcess.start(xbb.home);
    expect(await holds(borealis, recalled)).toBe(true);
    await arcadia.call('release.recall', { id: recalled, reason: 'court' });
    await until('Borealis has erased it', async () => !(await holds(borealis, recalled)));
    await borealis.stop();
  }
  const store = join(xbb.home, 'store');
  await restorePreOpen(store, (await listPreOpen(store)).at(-1) as number);
  // The node notices by itself that it is an older one, and goes on when somebody says so.
  const refused = await comity(['--home', xbb.home, 'node', 'status']);
  expect(refused.stderr).toContain('[store.put-back]');
  const accept = ['--home', xbb.home, 'log', 'accept-restored', '--because', 'A disk was replaced', '--yes'];
  expect((await comity(accept)).code).toBe(0);
  {
    await using borealis = await NodeProcess.start(xbb.home);
    expect(await holds(borealis, recalled)).toBe(false);
    expect(await holds(borealis, kept)).toBe(true);
    const later = await issue('issued afterwards');
    await heldBy(borealis, later);
    expect(await holds(borealis, recalled)).toBe(false);
  }
});

interface Restored {
  readonly held: boolean;
  readonly confirmed: boolean;
  readonly unheard: readonly { readonly peer: string; readonly awaited: boolean }[];
}

const restoredAt = (node: NodeProcess): Promise<Restored> => node.call<Restored>('log.restored', {});

test('what a state took back before its own store was put back is not released anew, to nobody', async () => {
  await using scratch = await scratchDirectory();
  const [xaa, xbb, xcc] = await foundStates(scratch, ['XAA', 'XBB', 'XCC']);
  const issued = async (node: NodeProcess, title: string): Promise<string> => {
    const draft = {
      type: 'incident',
      label: { classification: 'unclassified', tlp: 'GREEN', releasableTo: ['XBB', 'XCC'] },
      content: { title: { en: title }, stage: 'final' },
    };
    const arguments_ = { drafts: [draft], acceptRelay: true };
    const { records } = await node.call<{ records: { id: string }[] }>('record.issue', arguments_);
    return records[0]?.id ?? '';
  };
  const holds = async (node: NodeProcess, id: string): Promise<boolean> => {
    const { records } = await node.call<{ records: { id: string }[] }>('record.list', {});
    return records.some((record) => record.id === id);
  };
  const heldBy = (node: NodeProcess, id: string) => until(`${id.slice(0, 8)} is held`, () => holds(node, id));
  const heard = (node: NodeProcess, count: number) =>
    until('the peers are heard', async () => (await restoredAt(node)).unheard.length === count);
  const toBoth = { ...PUSH, rules: [{ ...PUSH.rules[0], to: ['XBB', 'XCC'] }] };

  await using caldera = await NodeProcess.start(xcc.home);
  await recognise(caldera, xaa);
  let recalled: string;
  let kept: string;
  {
    await using borealis = await NodeProcess.start(xbb.home);
    await recognise(borealis, xaa);
    {
      await using arcadia = await NodeProcess.start(xaa.home);
      for (const state of [xbb, xcc]) await recognise(arcadia, state);
      await applyPolicy(arcadia, PUSH);
      recalled = await issued(arcadia, 'to be taken back');
      kept = await issued(arcadia, 'to be kept');
      await heldBy(borealis, recalled);
      await heldBy(borealis, kept);
    }
    // Opening makes the copy, in which nothing was taken back.
    await using arcadia = await NodeProcess.start(xaa.home);
    await arcadia.call('release.recall', { id: recalled, reason: 'court' });
    await until('Borealis has erased it', async () => !(await holds(borealis, recalled)));
    await arcadia.stop();
  }
  const store = join(xaa.home, 'store');
  const seen = join(xaa.home, 'audit-seen.json');
  await restorePreOpen(store, (await listPreOpen(store)).at(-1) as number);
  const accept = ['--home', xaa.home, 'log', 'accept-restored', '--because', 'A disk was replaced', '--yes'];
  expect((await comity(accept)).code).toBe(0);
  const status = await comity(['--home', xaa.home, 'log', 'restored']);
  expect(status.code).toBe(14);
  expect(status.stdout).toContain('waiting for XBB, XCC');
  {
    await using arcadia = await NodeProcess.start(xaa.home);
    await applyPolicy(arcadia, toBoth);
    // Caldera is there and has nothing to give back. Borealis, which alone knows of the recall, is not.
    await heard(arcadia, 1);
    await arcadia.call('log.restored-confirm', {});
    expect(await restoredAt(arcadia)).toMatchObject({
      held: true,
      confirmed: true,
      unheard: [{ peer: 'XBB', awaited: true }],
    });
    const { parts } = await arcadia.call<{ parts: object[] }>('policy.explain', {
      record: kept,
      peer: 'XCC',
    });
    expect(parts[0]).toMatchObject({ reason: 'put-back-held' });

    await using borealis = await NodeProcess.start(xbb.home);
    await heard(arcadia, 0);
    await heldBy(caldera, kept);
    expect(await holds(caldera, recalled)).toBe(false);
    const { orders } = await arcadia.call<{ orders: object[] }>('release.orders', { record: recalled });
    expect(orders).toMatchObject([{ kind: 'recall', state: 'issued', peers: [{ peer: 'XBB' }] }]);
    // The ledger goes on from what Borealis holds.
    const later = await issued(arcadia, 'issued afterwards');
    await heldBy(borealis, later);
    await heldBy(caldera, later);
    expect(await holds(caldera, recalled)).toBe(false);
    expect(await restoredAt(arcadia)).toMatchObject({ held: false, unheard: [] });

    // Put back with everything that would tell: what the peers hold tells.
    await arcadia.stop();
    await cp(store, scratch.at('store-of-then'), { recursive: true });
    await cp(seen, scratch.at('seen-of-then'));
    {
      await using again = await NodeProcess.start(xaa.home);
      await again.call('release.recall', { id: later, reason: 'court' });
      await until('both have erased it', async () =>
        (await Promise.all([borealis, caldera].map((node) => holds(node, later)))).every((held) => !held),
      );
      await again.stop();
    }
    await rm(store, { recursive: true });
    await cp(scratch.at('store-of-then'), store, { recursive: true });
    await cp(scratch.at('seen-of-then'), seen);
    await using unaware = await NodeProcess.start(xaa.home);
    await until('it notices', async () => !(await restoredAt(unaware)).confirmed);
    await heard(unaware, 0);
    const known = await unaware.call<{ orders: object[] }>('release.orders', { record: later });
    expect(known.orders).toMatchObject([{ kind: 'recall', state: 'issued' }]);
    expect((await restoredAt(unaware)).held).toBe(true);
  }
});
