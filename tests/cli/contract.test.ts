import { readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codes, isFaultCode } from '@comity/fault';
import { operations } from '@comity/node';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { comity, comityJson, type Outcome } from '../federation/command-line.ts';
import { until } from '../federation/deadline.ts';
import { releaseOf } from '../federation/foreign-ledger.ts';
import { ForeignNode } from '../federation/foreign-node.ts';
import { ForeignState } from '../federation/foreign-state.ts';
import { type FoundedState, foundStates } from '../federation/founding.ts';
import { NodeProcess } from '../federation/node-process.ts';
import { type ScratchDirectory, scratchDirectory } from '../federation/scratch-directory.ts';
import { type DescribedCommand, describedCommands } from './help.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

/** ARCHITECTURE §7. */
const EXIT = {
  done: 0,
  usage: 2,
  configuration: 3,
  invalid: 10,
  untrusted: 11,
  refusedByPolicy: 20,
  unreachable: 30,
  damaged: 40,
};

const POLICY = {
  comity: 'policy/1',
  rules: [
    {
      name: 'warn',
      to: ['XCC'],
      mode: ['push', 'query'],
      purpose: ['incident-response'],
      when: { type: 'incident' },
    },
  ],
};
const DRAFT = {
  type: 'incident',
  label: { classification: 'restricted', releasableTo: ['XCC'] },
  content: { title: { en: 'Outage of a registry' }, stage: 'final', victim: { name: 'Registry One' } },
};
/** A terminal is told to clear, to turn text around and to take a line break for the end of a row. */
const HOSTILE = 'Harmless\u001b[2J\u001b]0;owned\u0007 \u202eexe.txt\u2066\nerror: all is well\u009b31m';

let scratch: ScratchDirectory;
let state: FoundedState;
let node: NodeProcess;
let peer: ForeignNode;
let foreign: ForeignState;
let ownId: string;
let hostileId: string;
let verbs: DescribedCommand[];
let nouns: DescribedCommand[];

const at = (...args: readonly string[]): Promise<Outcome> => comity(['--home', state.home, ...args]);
const jsonAt = async (
  ...args: readonly string[]
): Promise<{ code: number | null; printed: Record<string, unknown> }> => {
  const { code, stdout } = await comity(['--home', state.home, '--json', ...args]);
  return { code, printed: JSON.parse(stdout) as Record<string, unknown> };
};

beforeAll(async () => {
  const commands = await describedCommands();
  scratch = await scratchDirectory();
  state = (await foundStates(scratch, ['XAA']))[0];
  foreign = await ForeignState.found('XCC');
  await writeFile(scratch.at('xcc.card'), foreign.card);
  await writeFile(scratch.at('policy.yaml'), JSON.stringify(POLICY));
  await writeFile(scratch.at('draft.yaml'), JSON.stringify(DRAFT));
  node = await NodeProcess.start(state.home);
  const add = [
    'peer',
    'add',
    scratch.at('xcc.card'),
    '--fingerprint',
    foreign.fingerprint,
    '--ceiling',
    'restricted',
    '--yes',
  ];
  expect((await at(...add)).code).toBe(EXIT.done);
  expect((await at('policy', 'apply', scratch.at('policy.yaml'), '--yes')).code).toBe(EXIT.done);
  const issued = await comityJson<{ records: { id: string }[] }>([
    '--home',
    state.home,
    'record',
    'issue',
    scratch.at('draft.yaml'),
    '--yes',
  ]);
  ownId = issued.records[0]?.id ?? '';
  peer = await (await ForeignNode.start(foreign, state)).live();
  const hostile = await foreign.issue(
    {
      ...DRAFT,
      label: { classification: 'restricted' },
      // The value of an indicator may be any text: it can be the name of a hostile file.
      content: { ...DRAFT.content, indicators: [{ id: 'file', type: 'filename', value: HOSTILE }] },
    },
    { title: HOSTILE },
  );
  hostileId = hostile.header.id;
  peer.ledger.append(releaseOf(hostile));
  await until('the hostile record is held', async () => {
    const { records } = await node.call<{ records: { id: string }[] }>('record.list');
    return records.some(({ id }) => id === hostileId);
  });
  verbs = commands.filter(({ commands: below }) => below.length === 0);
  nouns = commands.filter(({ commands: below }) => below.length > 0);
});

afterAll(async () => {
  await peer?.stop();
  await node?.kill();
  await scratch?.[Symbol.asyncDispose]();
});

describe('help', () => {
  test('knows every noun and verb', () => {
    const names = verbs.map(({ words }) => words.join(' '));
    for (const name of [
      'node init',
      'node run',
      'node status',
      'node fsck',
      'node clock accept',
      'demo',
      'state show',
      'state fingerprint',
      'state export',
      'peer add',
      'peer list',
      'peer show',
      'peer test',
      'peer suspend',
      'peer remove',
      'officer enrol',
      'officer list',
      'officer show',
      'officer confirm',
      'officer sign',
      'officer end',
      'officer export',
      'officer import',
      'record issue',
      'record claim',
      'record show',
      'record audience',
      'record list',
      'record find',
      'record verify',
      'record retract',
      'release preview',
      'release pending',
      'release approve',
      'release reject',
      'release approvals',
      'release ask',
      'release requests',
      'release grant',
      'release refuse',
      'release revoke',
      'release letter',
      'release ledger',
      'inbox list',
      'inbox read',
      'inbox drop',
      'policy check',
      'policy diff',
      'policy show',
      'policy list',
      'policy explain',
      'policy apply',
      'query ask',
      'import misp',
      'log audit',
      'config show',
      'config validate',
      'config schema',
    ]) {
      expect(names).toContain(name);
    }
  });

  test('says of each command what it does, and of each argument and option what it is', () => {
    for (const { words, help } of [...verbs, ...nouns]) {
      const name = `comity ${words.join(' ')}`.trim();
      const [usage, description] = help.split('\n\n');
      expect(usage).toMatch(new RegExp(`^Usage: ${name}`));
      expect(description?.trim().length, `${name} has a description`).toBeGreaterThan(10);
      for (const [line] of help.matchAll(/^ {2}-.*$/gm))
        expect(line, `${name}: option without a description`).toMatch(/^ {2}-\S.*? {2,}\S/);
    }
  });

  test('teaches: the way in, the exit codes, and examples where a command has conditions', () => {
    const root = nouns.find(({ words }) => words.length === 0)?.help ?? '';
    expect(root).toContain('First steps');
    expect(root).toContain('Exit codes');
    for (const name of [
      'node init',
      'peer add',
      'officer enrol',
      'record issue',
      'release pending',
      'release approve',
      'release reject',
      'release ask',
      'release grant',
      'release letter',
      'inbox read',
      'query ask',
    ]) {
      const { help } = verbs.find(({ words }) => words.join(' ') === name) as DescribedCommand;
      expect(help, name).toMatch(/[Ee]xample|draft names/);
    }
  });

  test('shows a draft that can be issued as it is printed', async () => {
    const { help } = verbs.find(({ words }) => words.join(' ') === 'record issue') as DescribedCommand;
    const printed = /^ {2}type: incident\n[\s\S]*$/m.exec(help)?.[0] ?? '';
    await writeFile(scratch.at('printed.yaml'), printed.replaceAll('XBB', 'XCC'));
    const result = await jsonAt('record', 'issue', scratch.at('printed.yaml'), '--dry-run');
    expect(result.printed).toMatchObject({ peers: [{ peer: 'XCC', outcome: 'release' }] });
    expect(result.code).toBe(EXIT.done);
  });

  test('is offered for what was mistyped', async () => {
    const misspelt = await at('record', 'lsit');
    expect(misspelt.code).toBe(EXIT.usage);
    expect(misspelt.stderr).toContain('Did you mean list?');
    expect(misspelt.stdout).toBe('');
    const noun = await at('recrod');
    expect(noun.code).toBe(EXIT.usage);
    expect(noun.stderr).toContain('Did you mean record?');
  });
});

test('what is to be taken back or withdrawn is said in full before it is confirmed', async () => {
  for (const args of [
    ['release', 'recall', ownId.slice(0, 12), '--reason', 'error'],
    ['record', 'retract', ownId.slice(0, 12), '--reason', 'A mistake'],
  ]) {
    const { code, stderr } = await at(...args);
    expect(code, args.join(' ')).toBe(EXIT.usage);
    expect(stderr, args.join(' ')).toMatch(/^.*RESTRICTED.*\nincident {2}Outage of a registry$/m);
    expect(stderr, args.join(' ')).toContain(`\nid ${ownId}\n`);
  }
});

describe('--json', () => {
  const cases: readonly (readonly [operation: string, args: () => readonly string[]])[] = [
    ['node.status', () => ['node', 'status']],
    ['node.clock', () => ['node', 'clock']],
    ['node.clock-accept', () => ['node', 'clock', 'accept', '--yes']],
    ['log.audit', () => ['log', 'audit', '--from', '2']],
    ['state.show', () => ['state', 'show']],
    ['peer.list', () => ['peer', 'list']],
    ['peer.show', () => ['peer', 'show', 'XCC']],
    ['record.list', () => ['record', 'list']],
    ['record.show', () => ['record', 'show', ownId.slice(0, 12), '--raw']],
    ['record.audience', () => ['record', 'audience', ownId.slice(0, 12)]],
    ['record.find', () => ['record', 'find', 'outage']],
    ['record.verify', () => ['record', 'verify', ownId.slice(0, 12)]],
    ['release.preview', () => ['release', 'preview', scratch.at('draft.yaml')]],
    ['release.preview', () => ['release', 'preview', ownId]],
    ['release.ledger', () => ['release', 'ledger', 'XCC']],
    ['release.pending', () => ['release', 'pending', '--to', 'XCC']],
    ['release.approvals', () => ['release', 'approvals', ownId.slice(0, 12)]],
    ['release.requests', () => ['release', 'requests']],
    ['policy.check', () => ['policy', 'check', scratch.at('policy.yaml')]],
    ['policy.diff', () => ['policy', 'diff', scratch.at('policy.yaml')]],
    ['policy.show', () => ['policy', 'show']],
    ['policy.show', () => ['policy', 'show', '1']],
    ['policy.list', () => ['policy', 'list']],
    ['policy.explain', () => ['policy', 'explain', ownId.slice(0, 12), 'XCC', '--part', 'title']],
    ['policy.apply', () => ['policy', 'apply', scratch.at('policy.yaml'), '--yes']],
    ['query.ask', () => ['query', 'ask', 'XCC', '--purpose', 'incident-response', '--yes']],
    ['query.list', () => ['query', 'list']],
    ['record.issue', () => ['record', 'issue', scratch.at('draft.yaml'), '--yes']],
    ['record.retract', () => ['record', 'retract', ownId.slice(0, 12), '--reason', 'A mistake', '--yes']],
  ];

  test.each(cases)(
    '%s prints one versioned object of the shape that the operation promises',
    async (name, args) => {
      const { code, printed } = await jsonAt(...args());
      expect(code).toBe(EXIT.done);
      const { version, ...result } = printed;
      expect(version).toBe(1);
      // Parsing leaves out what a schema does not name: nothing may be printed that it does not promise.
      expect(operations.get(name)?.result.parse(result)).toEqual(result);
    },
  );

  test('of other verbs prints one versioned object too', async () => {
    for (const args of [
      ['state', 'fingerprint'],
      ['config', 'show'],
      ['config', 'validate'],
      ['explain', 'record.label-below-part'],
      ['state', 'export', '-o', scratch.at('copy.card')],
    ]) {
      const { code, printed } = await jsonAt(...args);
      expect(code, args.join(' ')).toBe(EXIT.done);
      expect(printed.version, args.join(' ')).toBe(1);
    }
    const schema = await at('config', 'schema');
    expect(JSON.parse(schema.stdout)).toHaveProperty('properties');
  });

  test('prints a fault as an object with a registered code, and its exit code', async () => {
    const { code, printed } = await jsonAt('record', 'show', 'abcdef');
    expect(printed).toMatchObject({ version: 1, error: { code: 'record.not-found' } });
    expect(code).toBe(EXIT.usage);
    const { error } = printed as { error: { code: string } };
    expect(isFaultCode(error.code)).toBe(true);
  });

  test('lists all faults of a document, each with its place', async () => {
    await writeFile(
      scratch.at('faulty.yaml'),
      'type: incident\nlabel: { classification: cosmic }\ncontent:\n  titel: { en: x }\n',
    );
    const { code, printed } = await jsonAt('record', 'issue', scratch.at('faulty.yaml'), '--yes');
    expect(code).toBe(EXIT.invalid);
    const { faults } = (printed as { error: { faults: { code: string; place: string }[] } }).error;
    expect(faults.map((fault) => fault.code)).toEqual(
      expect.arrayContaining([
        'label.unknown-classification',
        'record.unknown-field',
        'record.missing-field',
      ]),
    );
    for (const { place } of faults) expect(place).toMatch(/faulty\.yaml:\d+:\d+$/);
    const { stderr } = await at('record', 'issue', scratch.at('faulty.yaml'), '--yes');
    expect(stderr).toMatch(/^error: \S*faulty\.yaml:4:3: content\.titel: there is no such field; /m);
    // Path and place stand in a line once.
    for (const line of stderr.split('\n')) expect(line.split('faulty.yaml')).not.toHaveLength(3);
    const lines = [...stderr.matchAll(/faulty\.yaml:(\d+)/g)].map(([, line]) => Number(line));
    expect(lines).toEqual(lines.toSorted((a, b) => a - b));
  });
});

describe('exit codes', () => {
  test.each([
    ['a verb without its argument', EXIT.usage, ['record', 'show']],
    ['an unknown option', EXIT.usage, ['record', 'list', '--frobnicate']],
    ['a peer that is not known', EXIT.usage, ['peer', 'show', 'XZZ']],
    ['no confirmation and no terminal', EXIT.usage, ['peer', 'suspend', 'XCC']],
    ['a time that is none', EXIT.usage, ['record', 'list', '--since', 'yesterday']],
    ['a file that is not there', EXIT.usage, ['policy', 'check', '/nowhere/policy.yaml']],
    ['a second node on the home', EXIT.configuration, ['node', 'run']],
  ] as const)('%s: %i', async (_what, exit, args) => {
    const { code, stdout, stderr } = await at(...args);
    expect(code).toBe(exit);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/error: /);
  });

  test('tell what happened and what to do', async () => {
    const { code, stderr } = await at('record', 'show', 'abcdef');
    expect(code).toBe(EXIT.usage);
    expect(stderr).toContain('[record.not-found]');
    expect(stderr).toContain(`what to do: ${codes['record.not-found'].remedy}`);
  });

  test('a fingerprint that was not read out: untrusted', async () => {
    const stranger = await ForeignState.found('XDD');
    await writeFile(scratch.at('xdd.card'), stranger.card);
    const { code, stderr } = await at(
      'peer',
      'add',
      scratch.at('xdd.card'),
      '--fingerprint',
      foreign.fingerprint,
      '--yes',
    );
    expect(code).toBe(EXIT.untrusted);
    expect(stderr).toContain('peer.fingerprint-mismatch');
    // Nor is a yes a comparison.
    const unread = await at('peer', 'add', scratch.at('xdd.card'), '--yes');
    expect(unread.code).toBe(EXIT.usage);
    expect(unread.stderr).toContain('peer.not-compared');
  });

  test('a record of another state to be retracted: refused', async () => {
    const { code, stderr } = await at('record', 'retract', hostileId.slice(0, 12), '--reason', 'x', '--yes');
    expect(code).toBe(EXIT.refusedByPolicy);
    expect(stderr).toContain('record.not-own');
  });

  test('a home without a node: configuration', async () => {
    const { code, stderr } = await comity(['--home', scratch.at('empty'), 'node', 'status']);
    expect(code).toBe(EXIT.configuration);
    expect(stderr).toContain('node.home-missing');
  });
});

describe('nothing is overwritten:', () => {
  test('not a home', async () => {
    const before = await readFile(join(state.home, 'keys', 'root-1.key'));
    const { code, stderr } = await at('node', 'init', '--code', 'XBB', '--name', 'Another');
    expect(code).toBe(EXIT.configuration);
    expect(stderr).toContain('node.home-exists');
    expect(await readFile(join(state.home, 'keys', 'root-1.key'))).toEqual(before);
  });

  test('not a file', async () => {
    const path = scratch.at('mine.card');
    await writeFile(path, 'mine');
    const { code, stderr } = await at('state', 'export', '-o', path);
    expect(code).toBe(EXIT.usage);
    expect(stderr).toContain('cli.output-exists');
    expect(await readFile(path, 'utf8')).toBe('mine');
  });

  test('and keys are for their owner alone', async () => {
    for (const name of await readdir(join(state.home, 'keys'))) {
      expect((await stat(join(state.home, 'keys', name))).mode & 0o077, name).toBe(0);
    }
    expect((await stat(join(state.home, 'federation.json'))).mode & 0o077).toBe(0);
    expect((await stat(join(state.home, 'control.sock'))).mode & 0o077).toBe(0);
  });
});

describe('hostile text in the record of a peer', () => {
  // Everything that moves a cursor, starts a line or turns text around, except the line feeds between lines.
  const MOVES = /[[\p{Cc}--\n]\u200e\u200f\u2028-\u202e\u2066-\u2069]/v;

  test.each([
    ['record show', () => ['record', 'show', hostileId.slice(0, 12)]],
    ['record show --raw', () => ['record', 'show', hostileId.slice(0, 12), '--raw']],
  ] as const)('is shown escaped by %s', async (_name, args) => {
    const { code, stdout } = await at(...args());
    expect(code).toBe(EXIT.done);
    expect(stdout).toMatch(/Harmless\\u\{?(00)?1b\}?\[2J/);
    expect(stdout).toContain('\\u{202e}exe.txt\\u{2066}');
    expect(stdout).not.toMatch(MOVES);
    expect(stdout).not.toMatch(/^error: all is well/m);
  });

  test.each([
    ['record list', () => ['record', 'list']],
    ['record find', () => ['record', 'find', 'harmless']],
    ['release ledger', () => ['release', 'ledger', 'XCC', '--in']],
    ['record audience', () => ['record', 'audience', hostileId.slice(0, 12)]],
  ] as const)('is no title for %s', async (_name, args) => {
    const { code, stdout } = await at(...args());
    expect(code).toBe(EXIT.done);
    expect(stdout).toContain(hostileId.slice(0, 12));
    expect(stdout).not.toContain('Harmless');
    expect(stdout).not.toMatch(MOVES);
  });

  test('is data for programs', async () => {
    const { printed } = await jsonAt('record', 'show', hostileId.slice(0, 12));
    const { parts } = printed as { parts: { path: string; value: unknown }[] };
    expect(parts.find(({ path }) => path === 'title')?.value).toEqual({ en: HOSTILE });
    expect(parts.find(({ path }) => path.startsWith('indicators['))?.value).toMatchObject({ value: HOSTILE });
  });
});

describe('a node that is stopped', () => {
  test('is stopped by a command, and says so', async () => {
    const { code, printed } = await jsonAt('node', 'stop');
    expect(code).toBe(EXIT.done);
    expect(operations.get('node.stop')?.result.parse(printed)).toEqual({ stopped: true });
    expect(await node.stop()).toBe(0);
  });

  test('leaves its home to commands that need no node', async () => {
    const { code, printed } = await jsonAt('node', 'status');
    expect(code).toBe(EXIT.done);
    expect(printed).toMatchObject({ running: false, pid: null });
    expect((await jsonAt('node', 'fsck')).printed).toMatchObject({ version: 1, findings: [] });
  });

  test('is missed by commands that need one', async () => {
    for (const args of [
      ['peer', 'test', 'XCC'],
      ['query', 'ask', 'XCC', '--purpose', 'incident-response', '--yes'],
      ['node', 'stop'],
    ]) {
      const { code, printed } = await jsonAt(...args);
      expect(printed).toMatchObject({ error: { code: 'node.not-running' } });
      expect(code, args.join(' ')).toBe(EXIT.unreachable);
    }
  });

  test('and whose configuration is mistyped does not start', async () => {
    const path = join(state.home, 'comity.yaml');
    const text = await readFile(path, 'utf8');
    await writeFile(path, `${text}\nlgo: { level: debug }\n`);
    for (const args of [
      ['config', 'validate'],
      ['node', 'run'],
    ]) {
      const { code, stderr } = await at(...args);
      expect(code).toBe(EXIT.configuration);
      expect(stderr).toMatch(/comity\.yaml:\d+:\d+: .*\[config\.invalid\]/);
    }
    await writeFile(path, text);
    expect((await at('config', 'validate')).code).toBe(EXIT.done);
  });

  test('and whose database is damaged says so, and does not start', async () => {
    const database = join(state.home, 'store', 'db');
    const logs = (await readdir(database)).filter((name) => /\.(log|ldb)$/.test(name));
    for (const name of logs) {
      const { size } = await stat(join(database, name));
      await truncate(join(database, name), Math.floor(size / 2));
    }
    for (const args of [
      ['node', 'fsck'],
      ['node', 'run'],
      ['record', 'list'],
    ]) {
      const { code, printed } = await jsonAt(...args);
      expect(code, args.join(' ')).toBe(EXIT.damaged);
      expect(printed).toMatchObject({ error: { code: expect.stringMatching(/^store\./) } });
    }
  });
});
