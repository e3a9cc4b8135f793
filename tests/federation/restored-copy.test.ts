import { join } from 'node:path';
import { listPreOpen, restorePreOpen } from '@comity/store';
import { expect, test, vi } from 'vitest';
import { comity } from './command-line.ts';
import { until } from './deadline.ts';
import { applyPolicy, foundStates, recognise } from './founding.ts';
import { NodeProcess } from './node-process.ts';
import { scratchDirectory } from './scratch-directory.ts';

// Arcadia (XAA) takes back what Borealis (XBB) holds. Borealis erases it, and then puts a copy of its database back that is
// older than the erasure, as after damage to its disk: what was erased stays erased, and the two go on.

vi.setConfig({ testTimeout: 120_000 });

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
