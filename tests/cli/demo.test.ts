import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { expect, test, vi } from 'vitest';
import { COMITY, comity, environment, type Outcome } from '../federation/command-line.ts';
import { foundStates } from '../federation/founding.ts';
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

test('the commands that it prints work as they stand, and Ctrl-C ends all nodes cleanly', async () => {
  await using scratch = await scratchDirectory();
  const [program = '', ...args] = COMITY;
  const start = (given: readonly string[]) => {
    const child = spawn(program, [...args, ...given], { env: environment(), timeout: 200_000 });
    const printed = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        printed[name] += text;
      });
    }
    return { child, printed, ended: once(child, 'close') as Promise<[number | null]> };
  };
  const demo = start(['demo', '--dir', scratch.at('demo')]);
  try {
    await vi.waitFor(() => expect(demo.printed.stdout).toContain('Ctrl-C stops all'), {
      timeout: 180_000,
      interval: 100,
    });
    const commands = [...demo.printed.stdout.matchAll(/^ {2}npx comity (.*?)(?: +#.*)?$/gm)].map(
      ([, line = '']) => line.split(/ +/),
    );
    expect(commands.length).toBeGreaterThan(8);
    let again: ReturnType<typeof start> | undefined;
    for (const command of commands) {
      if (command.slice(2).join(' ') === 'node run') {
        again = start(command);
        await vi.waitFor(() => expect(again?.printed.stdout).toContain('"connection":"live"'), {
          timeout: 30_000,
          interval: 100,
        });
        continue;
      }
      const { code, stdout, stderr } = await comity(command);
      expect(code, `${command.join(' ')}: ${stderr}`).toBe(0);
      // Each of the commands is about the report that both others hold, whatever order the ids of the reports have.
      if (command.slice(2, 4).join(' ') === 'record show') expect(stdout).toContain('Four-Element Sword');
    }
    // What was issued while it was away reaches the node that has come back.
    const last = commands.at(-1) ?? [];
    await vi.waitFor(async () => expect((await comity(last)).stdout).toContain('Outage of a land registry'), {
      timeout: 30_000,
    });
    again?.child.kill('SIGINT');
    expect((await again?.ended)?.[0]).toBe(0);
  } finally {
    demo.child.kill('SIGINT');
  }
  const [code] = await demo.ended;
  expect(code, demo.printed.stderr).toBe(0);
  const exits = [...demo.printed.stderr.matchAll(/^(X\w+) has stopped \(exit code (\w+)\)/gm)];
  expect(exits.map(([, state, exit]) => `${state} ${exit}`).toSorted()).toEqual(['XAR 0', 'XBO 0', 'XCA 0']);
}, 240_000);

/**
 * A line that a demonstration prints, one that it never comes to when Ctrl-C follows, and how its nodes end. One that has not
 * been loaded yet is ended by the signal itself: it has opened nothing.
 */
const STAGES = [
  ['states are founded', ': 3 root keys (2 sign)', 'three processes are running', []],
  [
    'nodes are started',
    'their nodes are starting',
    'three processes are running',
    ['exit code 0', 'SIGTERM'],
  ],
  ['records are issued', 'XAR issues', 'XCA asked XAR', ['exit code 0']],
] as const;

test.each(STAGES)(
  'Ctrl-C while %s ends it there, with all nodes',
  async (_stage, line, never, endings) => {
    await using scratch = await scratchDirectory();
    const [program = '', ...args] = COMITY;
    // In a group of its own, as a terminal gives it: Ctrl-C reaches the whole group.
    const child = spawn(program, [...args, 'demo', '--dir', scratch.at('demo')], {
      env: environment(),
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: 100_000,
    });
    let printed = '';
    let isSent = false;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      if (isSent || !printed.includes(line)) return;
      isSent = true;
      process.kill(-(child.pid as number), 'SIGINT');
    });
    const [code] = (await once(child, 'close')) as [number | null];
    expect(code, printed).toBe(130);
    expect(printed).not.toContain('error:');
    expect(printed).not.toContain(never);
    const exits = [...printed.matchAll(/^(X\w+) has stopped \((.*?)\)/gm)];
    const ended = endings.length === 0 ? [] : ['XAR', 'XBO', 'XCA'];
    expect(exits.map(([, state]) => state).toSorted()).toEqual(ended);
    for (const [, , how] of exits) expect(endings).toContain(how);
    expect(printed.trimEnd().split('\n').at(-1)).toContain('all nodes are stopped');
  },
  110_000,
);

test('a node that was given a channel ends when it closes, however early', async () => {
  await using scratch = await scratchDirectory();
  const [{ home }] = await foundStates(scratch, ['XAA']);
  const [program = '', ...args] = COMITY;
  for (const isStarted of [false, true]) {
    const node = spawn(program, [...args, '--home', home, 'node', 'run'], {
      env: environment(),
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    if (isStarted) await once(node.stdout as NodeJS.ReadableStream, 'data');
    node.disconnect();
    const timer = setTimeout(() => node.kill('SIGKILL'), 60_000);
    expect(await once(node, 'exit')).toEqual([0, null]);
    clearTimeout(timer);
  }
}, 110_000);

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
