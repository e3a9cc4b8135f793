import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { comity, type Outcome } from '../federation/command-line.ts';
import { scratchDirectory } from '../federation/scratch-directory.ts';

interface DemoResult {
  readonly version: number;
  readonly states: readonly {
    readonly code: string;
    readonly records: readonly {
      readonly id: string;
      readonly type: string;
      readonly title: string;
      readonly parts: readonly { readonly path: string; readonly seen: boolean; readonly rule: string }[];
    }[];
  }[];
  readonly differences: readonly unknown[];
}

test('demo --once --json: three states hold what was decided and what the scenario expects', async () => {
  await using scratch = await scratchDirectory();
  const outcome = await comityDemo(scratch.at('demo'));
  expect(outcome.code, outcome.stderr).toBe(0);
  const result = JSON.parse(outcome.stdout) as DemoResult;
  expect(result.version).toBe(1);
  expect(result.differences).toEqual([]);
  expect(result.states.map(({ code }) => code)).toEqual(['XAR', 'XBO', 'XCA']);

  const seen = (code: string, title: string): string[] => {
    const record = result.states
      .find((state) => state.code === code)
      ?.records.find((each) => each.title.includes(title));
    return record?.parts.filter((part) => part.seen).map(({ path }) => path) ?? [];
  };
  for (const { records } of result.states) {
    expect(records.map(({ type }) => type).sort()).toEqual([
      'commitment',
      'commitment',
      'incident',
      'incident',
      'incident',
      'incident',
      'incident',
      'norm',
    ]);
  }
  // All 370 attributes are parts of their own; four of them are for Borealis alone.
  const attributes = (paths: readonly string[]): number =>
    paths.filter((path) => /^indicators\[\d+\]$/.test(path)).length;
  expect(attributes(seen('XAR', 'Four-Element Sword'))).toBe(370);
  expect(attributes(seen('XBO', 'Four-Element Sword'))).toBe(370);
  expect(attributes(seen('XCA', 'Four-Element Sword'))).toBe(366);
  // Caldera does not learn that this record exists.
  expect(seen('XCA', 'SunOrcal')).toEqual([]);
  expect(seen('XBO', 'SunOrcal')).toContain('title');

  expect(outcome.stderr).toContain('three processes are running');
}, 240_000);

test('a directory that is no demonstration is not emptied', async () => {
  await using scratch = await scratchDirectory();
  await writeFile(scratch.at('precious'), 'x');
  const outcome = await comityDemo(scratch.path);
  expect(outcome.code).toBe(3);
  expect(outcome.stdout).toContain('node.home-exists');
}, 60_000);

function comityDemo(directory: string): Promise<Outcome> {
  return comity(['--json', 'demo', '--once', '--dir', directory]);
}
