import { writeFile } from 'node:fs/promises';
import { operations } from '@comity/node';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { comity, comityJson, type Outcome } from '../federation/command-line.ts';
import { until } from '../federation/deadline.ts';
import { applyPolicy, type FoundedState, foundStates, recognise } from '../federation/founding.ts';
import { NodeProcess } from '../federation/node-process.ts';
import { type ScratchDirectory, scratchDirectory } from '../federation/scratch-directory.ts';
import { type DescribedCommand, describedCommands } from './help.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const EXIT = { done: 0, usage: 2, invalid: 10, refusedByPolicy: 20 };
const COMMANDS = ['release letter', 'inbox list', 'inbox read', 'inbox drop'];
/** A terminal is told to clear, to turn text around and to take a line break for the end of a row. */
const HOSTILE = 'Harmless\u001b[2J\u001b]0;owned\u0007 \u202eexe.txt\u2066\nerror: all is well\u009b31m';
// Everything that moves a cursor, starts a line or turns text around, except the line feeds between lines.
const MOVES = /[[\p{Cc}--\n]\u200e\u200f\u2028-\u202e\u2066-\u2069]/v;
const DRAFT = {
  type: 'incident',
  label: { classification: 'restricted', tlp: 'RED', releasableTo: ['XBB'] },
  // The value of an indicator may be any text: it can be the name of a hostile file.
  content: {
    title: { en: 'Outage of a registry' },
    stage: 'final',
    indicators: [{ id: 'file', type: 'filename', value: HOSTILE }],
  },
};
const POLICY = { comity: 'policy/1', rules: [{ name: 'to-persons', to: ['XBB'], mode: ['letter'] }] };
const PURPOSE = ['--purpose', 'incident-response'];

let scratch: ScratchDirectory;
let arcadia: FoundedState;
let borealis: FoundedState;
let nodes: [NodeProcess, NodeProcess];
let verbs: DescribedCommand[];
let id: string;

const at = (state: FoundedState, ...args: readonly string[]): Promise<Outcome> =>
  comity(['--home', state.home, ...args]);
const jsonAt = <T>(state: FoundedState, ...args: readonly string[]): Promise<T & { version: number }> =>
  comityJson<T & { version: number }>(['--home', state.home, ...args]);
/** What a command prints, held against what its operation promises. */
async function promised<T>(operation: string, state: FoundedState, ...args: readonly string[]): Promise<T> {
  const { version, ...result } = await jsonAt<T>(state, ...args);
  expect(version).toBe(1);
  expect(operations.get(operation)?.result.parse(result)).toEqual(result);
  return result as T;
}
const writing = (...more: readonly string[]): readonly string[] => [
  'release',
  'letter',
  id,
  ...PURPOSE,
  ...more,
];

beforeAll(async () => {
  verbs = (await describedCommands()).filter(({ commands }) => commands.length === 0);
  scratch = await scratchDirectory();
  [arcadia, borealis] = await foundStates(scratch, ['XAA', 'XBB']);
  nodes = [await NodeProcess.start(arcadia.home), await NodeProcess.start(borealis.home)];
  await recognise(nodes[0], borealis);
  await recognise(nodes[1], arcadia);
  await applyPolicy(nodes[0], POLICY);
  const named = ['--name', 'Officer Anna', '--role', 'officer'];
  await jsonAt(
    borealis,
    'officer',
    'enrol',
    'anna',
    ...named,
    '--key',
    scratch.at('anna.key'),
    '--first',
    '--yes',
  );
  await jsonAt(borealis, 'officer', 'export', 'anna', '-o', scratch.at('anna.officer'));
  await jsonAt(arcadia, 'officer', 'import', scratch.at('anna.officer'));
  await writeFile(scratch.at('draft.yaml'), JSON.stringify(DRAFT));
  const issued = await jsonAt<{ records: { id: string }[] }>(
    arcadia,
    ...['record', 'issue', scratch.at('draft.yaml'), '--yes'],
  );
  id = issued.records[0]?.id ?? '';
});

afterAll(async () => {
  for (const node of nodes ?? []) await node[Symbol.asyncDispose]();
  await scratch?.[Symbol.asyncDispose]();
});

test.each(COMMANDS)('comity %s has a help that describes it and its options', (name) => {
  const { help } = verbs.find(({ words }) => words.join(' ') === name) as DescribedCommand;
  expect(help).toMatch(new RegExp(`^Usage: comity ${name}`));
  for (const [line] of help.matchAll(/^ {2}-.*$/gm)) expect(line).toMatch(/^ {2}-\S.*? {2,}\S/);
});

test('the help of writing says that a rule has to name the mode, and shows how to write to whom', () => {
  const { help } = verbs.find(({ words }) => words.join(' ') === 'release letter') as DescribedCommand;
  expect(help).toContain('TLP:RED');
  expect(help).toContain('mode letter');
  expect(help).toMatch(/Example:\n {2}comity .*release letter/);
});

describe('a letter', () => {
  let letter: string;

  test('is not written where nobody confirms it, and shown before', async () => {
    const shown = await promised<{ letter: null; parts: { path: string; shown: boolean }[] }>(
      'release.letter',
      arcadia,
      ...writing('--to', 'XBB:anna', '--dry-run'),
    );
    expect(shown.letter).toBeNull();
    expect(shown.parts.find(({ path }) => path === 'title')?.shown).toBe(true);
    const { code, stdout, stderr } = await at(arcadia, ...writing('--to', 'XBB:anna'));
    expect(code).toBe(EXIT.usage);
    expect(stdout).toBe('');
    expect(stderr).toContain('Officer Anna');
    const list = await promised<{ letters: object[] }>(
      'inbox.list',
      borealis,
      'inbox',
      'list',
      '--as',
      'anna',
    );
    expect(list.letters).toEqual([]);
  });

  test('is written, listed, read and dropped in the shapes that the operations promise', async () => {
    const written = await promised<{ letter: string }>(
      'release.letter',
      arcadia,
      ...writing('--to', 'XBB:anna', '--yes'),
    );
    letter = written.letter;
    const list = await until('it has come', async () => {
      const inbox = ['inbox', 'list', '--as', 'anna'];
      const result = await promised<{ letters: { letter: string }[] }>('inbox.list', borealis, ...inbox);
      return result.letters.length > 0 && result;
    });
    expect(list.letters).toMatchObject([{ letter, from: 'XAA', size: 4_096, openedAt: null }]);
    const read = await jsonAt<{ record: { id: string }; parts: { path: string; value: unknown }[] }>(
      borealis,
      ...['inbox', 'read', letter.slice(0, 12), '--key', scratch.at('anna.key')],
    );
    expect(read).toMatchObject({ version: 1, purpose: 'incident-response', note: null, record: { id } });
    const indicator = read.parts.find(({ path }) => path.startsWith('indicators['));
    expect(indicator?.value).toMatchObject({ value: HOSTILE });
  });

  test('is shown with what is hostile in it escaped', async () => {
    const { code, stdout } = await at(borealis, 'inbox', 'read', letter, '--key', scratch.at('anna.key'));
    expect(code).toBe(EXIT.done);
    expect(stdout).toContain('Outage of a registry');
    expect(stdout).toMatch(/Harmless\\u\{?(00)?1b\}?\[2J/);
    expect(stdout).not.toMatch(MOVES);
    expect(stdout).not.toMatch(/^error: all is well/m);
  });

  test('is listed and told of without a word of what it says', async () => {
    for (const [state, args] of [
      [borealis, ['inbox', 'list', '--as', 'anna']],
      [borealis, ['release', 'ledger', 'XAA', '--in']],
      [arcadia, ['release', 'ledger', 'XBB']],
      [arcadia, ['record', 'audience', id]],
      [borealis, ['log', 'audit']],
    ] as const) {
      const { code, stdout } = await at(state, ...args);
      expect(code, args.join(' ')).toBe(EXIT.done);
      expect(stdout, args.join(' ')).toContain(letter.slice(0, 12));
      expect(stdout).not.toContain('Harmless');
    }
  });

  test('is dropped', async () => {
    const drop = ['inbox', 'drop', letter.slice(0, 12), '--key', scratch.at('anna.key')];
    const asked = await at(borealis, ...drop);
    expect(asked.code).toBe(EXIT.usage);
    expect(asked.stderr).toContain(`letter ${letter}\nfrom XAA, written `);
    expect(asked.stderr).toMatch(/at most \d+ KiB, opened /);
    await promised('inbox.drop', borealis, ...drop, '--yes');
    const { code, stderr } = await at(borealis, ...drop, '--yes');
    expect([code, stderr]).toEqual([EXIT.usage, expect.stringContaining('[letter.not-found]')]);
  });
});

describe('a refusal has its exit code and says what to do:', () => {
  test.each([
    ['no officer named', EXIT.usage, 'cli.usage', ['--to', 'XBB']],
    ['a peer that is not known', EXIT.usage, 'peer.unknown', ['--to', 'XZZ:anna']],
    ['an officer whom nobody knows here', EXIT.usage, 'officer.unknown', ['--to', 'XBB:bertil']],
    [
      'a part that there is not',
      EXIT.invalid,
      'record.no-such-part',
      ['--to', 'XBB:anna', '--part', 'nothing'],
    ],
    [
      'a note that is not there',
      EXIT.usage,
      'document.unreadable',
      ['--to', 'XBB:anna', '--note', '/no/note'],
    ],
  ] as const)('%s', async (_what, exit, code, args) => {
    const outcome = await at(arcadia, ...writing(...args, '--yes'));
    expect(outcome.stderr).toContain(`[${code}]`);
    expect(outcome.stderr).toContain('what to do: ');
    expect([outcome.code, outcome.stdout]).toEqual([exit, '']);
  });

  test('a record that no rule lets go so', async () => {
    await applyPolicy(nodes[0], { comity: 'policy/1', rules: [{ name: 'all', to: ['XBB'] }] });
    const outcome = await at(arcadia, ...writing('--to', 'XBB:anna', '--yes'));
    expect(outcome.stderr).toContain('[letter.not-released]');
    expect(outcome.code).toBe(EXIT.refusedByPolicy);
    await applyPolicy(nodes[0], POLICY);
  });

  test('a note that a terminal would obey', async () => {
    await writeFile(scratch.at('note.txt'), HOSTILE);
    const outcome = await at(
      arcadia,
      ...writing('--to', 'XBB:anna', '--note', scratch.at('note.txt'), '--yes'),
    );
    expect(outcome.code).toBe(EXIT.invalid);
    expect(outcome.stderr).toContain('[cbor.shape]');
    expect(outcome.stderr).not.toMatch(MOVES);
  });
});
