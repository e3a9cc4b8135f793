import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { comity, comityJson, type Outcome } from '../federation/command-line.ts';
import { type FoundedState, foundStates } from '../federation/founding.ts';
import { NodeProcess } from '../federation/node-process.ts';
import { type ScratchDirectory, scratchDirectory } from '../federation/scratch-directory.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

/** What `import misp --json` prints. */
interface Imported {
  readonly events: readonly {
    readonly records: readonly { readonly id: string; readonly released: readonly unknown[] }[];
    readonly losses: readonly { readonly reason: string; readonly detail: string }[];
  }[];
}

let scratch: ScratchDirectory;
let state: FoundedState;

const at = (...args: readonly string[]): Promise<Outcome> => comity(['--home', state.home, ...args]);
const jsonAt = <T>(...args: readonly string[]): Promise<T> => comityJson<T>(['--home', state.home, ...args]);
const shown = (id: string): Promise<{ record: { exercise: string | null; label: string } }> =>
  jsonAt('record', 'show', id);

beforeAll(async () => {
  scratch = await scratchDirectory();
  state = (await foundStates(scratch, ['XAA']))[0];
  const event = (Tag: readonly string[]): string =>
    JSON.stringify({
      Event: {
        uuid: '5a3c2fd0-0000-4000-8000-00000a000001',
        info: 'Phishing wave',
        analysis: '2',
        Tag: Tag.map((name) => ({ name })),
      },
    });
  await writeFile(scratch.at('amber.json'), event(['tlp:amber']));
  await writeFile(scratch.at('played.json'), event(['exercise:cyber-europe="2026"']));
  await writeFile(scratch.at('labels.yaml'), 'label: { classification: unclassified, tlp: CLEAR }\n');
});

afterAll(() => scratch?.[Symbol.asyncDispose]());

test('a tag that is stricter than the labels given applies, and the loss report says so', async () => {
  const { events } = await jsonAt<Imported>(
    'import',
    'misp',
    scratch.at('amber.json'),
    '--label',
    scratch.at('labels.yaml'),
    '--yes',
  );
  const losses = events[0]?.losses.filter(({ reason }) => reason.startsWith('marking'));
  expect(losses).toMatchObject([{ reason: 'marking-raised', detail: 'tlp AMBER applies, not CLEAR' }]);
  expect((await shown(events[0]?.records[0]?.id ?? '')).record.label).toContain('TLP:AMBER');
});

test('--overrule lets the labels apply, and the loss report says so', async () => {
  const given = ['--label', scratch.at('labels.yaml'), '--overrule', 'tlp', '--again', '--yes'];
  const { events } = await jsonAt<Imported>('import', 'misp', scratch.at('amber.json'), ...given);
  const losses = events[0]?.losses.filter(({ reason }) => reason.startsWith('marking'));
  expect(losses).toMatchObject([
    { reason: 'marking-overruled', detail: 'tlp AMBER is overruled by the looser CLEAR' },
  ]);
  expect((await shown(events[0]?.records[0]?.id ?? '')).record.label).toContain('TLP:CLEAR');
  const unknown = await at('import', 'misp', scratch.at('amber.json'), '--overrule', 'classification');
  expect(unknown.code).toBe(2);
});

test('an event of an exercise is refused until the exercise is named, and then kept apart', async () => {
  const list = async (): Promise<number> =>
    (await jsonAt<{ records: unknown[] }>('record', 'list')).records.length;
  const before = await list();
  const refused = await at('import', 'misp', scratch.at('played.json'), '--yes');
  expect(refused.code).toBe(10);
  expect(refused.stderr).toContain('played.json: the event is tagged as part of an exercise');
  expect(refused.stderr).toMatch(/\[interop\.exercise-event\]\n.*--exercise/);

  const named = await at(
    'import',
    'misp',
    scratch.at('played.json'),
    '--exercise',
    'cyber-europe-2026',
    '--yes',
  );
  expect(named.code).toBe(0);
  const id = /[0-9a-f]{64}/.exec(named.stdout)?.[0] ?? '';
  expect((await shown(id)).record.exercise).toBe('cyber-europe-2026');
  expect(await list()).toBe(before);

  const unusable = await at('import', 'misp', scratch.at('played.json'), '--exercise', 'A B', '--yes');
  expect(unusable.code).toBe(2);
  expect(unusable.stderr).toContain('expected the id of an exercise');
});

test('an event that is held already is refused, and with --again becomes a separate record', async () => {
  const event = { uuid: '5a3c2fd0-0000-4000-8000-00000a000002', info: 'Watering hole', analysis: '2' };
  for (const name of ['once.json', 'copy.json'])
    await writeFile(scratch.at(name), JSON.stringify({ Event: event }));
  const both = await at('import', 'misp', scratch.at('once.json'), scratch.at('copy.json'), '--yes');
  expect(both.code).toBe(2);
  expect(both.stderr).toContain(
    `copy.json: the event ${event.uuid} is in once.json too [import.held-already]`,
  );

  const { events } = await jsonAt<Imported>('import', 'misp', scratch.at('once.json'), '--yes');
  const id = events[0]?.records[0]?.id ?? '';
  const refused = await at('import', 'misp', scratch.at('copy.json'), '--yes');
  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(
    new RegExp(
      `the event ${event.uuid} is held already: record ${id.slice(0, 12)} of 20.*Z \\[import.held-already`,
    ),
  );
  expect(refused.stderr).toContain('--again');
  const tried = await at('import', 'misp', scratch.at('copy.json'), '--dry-run');
  expect(tried.code).toBe(0);
  expect(tried.stdout).toContain(`held already, record ${id.slice(0, 12)}`);
  expect(tried.stdout).toContain('not imported unless with --again');

  const again = await at('import', 'misp', scratch.at('copy.json'), '--again', '--yes');
  expect(again.code).toBe(0);
  expect(again.stdout).toContain(`held already, record ${id.slice(0, 12)}`);
  expect(again.stdout).toContain('became a new, separate record');

  // What has been withdrawn is not held any more.
  const { records } = await jsonAt<{ records: { id: string; subject: string }[] }>('record', 'list');
  const held = records.filter(({ subject }) => subject.endsWith(event.uuid));
  expect(held).toHaveLength(2);
  for (const each of held)
    expect((await at('record', 'retract', each.id, '--reason', 'wrong', '--yes')).code).toBe(0);
  expect((await at('import', 'misp', scratch.at('copy.json'), '--yes')).code).toBe(0);
});

test('of several who import an event at once, one does', async () => {
  await using node = await NodeProcess.start(state.home);
  const event = { uuid: '5a3c2fd0-0000-4000-8000-00000a000003', info: 'Defacement', analysis: '2' };
  const outcomes = await Promise.all(
    ['one.json', 'two.json', 'three.json'].map((name) =>
      node.call('import.misp', { events: [{ name, event: { Event: event } }] }).then(
        () => 'imported',
        ({ code }: { code: string }) => code,
      ),
    ),
  );
  expect(outcomes.toSorted()).toEqual(['import.held-already', 'import.held-already', 'imported']);
});

test('a file that is no JSON is refused without a place that is not shown', async () => {
  await writeFile(scratch.at('event.yaml'), 'Event: none\n');
  const refused = await at('import', 'misp', scratch.at('event.yaml'), '--yes');
  expect(refused.code).toBe(10);
  expect(refused.stderr).toContain('event.yaml is not JSON, as MISP exports events [document.syntax]');
});
