import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { FLIPS, type FlipTime, fillHome } from './bit-flips.test-support.ts';
import { temporaryDirectories } from './sample.test-support.ts';

const temporaryDirectory = temporaryDirectories(afterAll);

const script = fileURLToPath(new URL('./bit-flips.test-support.ts', import.meta.url));

/** The outcomes of all flips; `aborted` where LevelDB ended the process. */
function outcomesOf(home: string, copies: string, time: FlipTime): string[] {
  const outcomes: string[] = [];
  while (outcomes.length < FLIPS[time]) {
    const range = [String(outcomes.length), String(FLIPS[time])];
    const child = spawnSync(process.execPath, ['--conditions=source', script, home, copies, time, ...range], {
      encoding: 'utf8',
    });
    outcomes.push(...child.stdout.split('\n').slice(0, -1));
    if (child.signal === 'SIGABRT') outcomes.push('aborted');
    else if (child.status !== 0) throw new Error(child.stderr);
  }
  return outcomes;
}

test.each<FlipTime>(['closed', 'open'])(
  'a bit flipped while the store is %s is noticed or harmless, and nothing wrong is ever served',
  async (time) => {
    const home = join(await temporaryDirectory(), 'store');
    await fillHome(home);
    const outcomes = outcomesOf(home, await temporaryDirectory(), time);
    const counts = Object.groupBy(outcomes, (outcome) => outcome);
    const count = (outcome: string) => counts[outcome]?.length ?? 0;
    expect(outcomes.length).toBe(FLIPS[time]);
    for (const never of ['wrong', 'absent in silence', 'refused, but fsck is content'])
      expect(count(never)).toBe(0);
    if (time === 'closed') {
      // Checked before LevelDB sees them: filling is all that may differ.
      expect(count('refused at opening: store.damaged')).toBeGreaterThan(0.95 * FLIPS[time]);
      expect(count('refused at opening: store.damaged') + count('harmless')).toBe(FLIPS[time]);
    } else {
      expect(count('right afterwards')).toBeLessThan(FLIPS[time] / 20);
      // The log is in memory by then, and so are indexes of tables: what of them is read again is found by fsck.
      expect(
        outcomes.filter((outcome) => /^refused at reading|^found by fsck/.test(outcome)).length,
      ).toBeGreaterThan(FLIPS[time] / 4);
    }
  },
  300_000,
);
