import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { comity, comityJson, type Outcome } from '../federation/command-line.ts';
import { type FoundedState, foundStates } from '../federation/founding.ts';
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
  state = (await foundStates(scratch, ['XAA']))[0] as FoundedState;
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
  const given = ['--label', scratch.at('labels.yaml'), '--overrule', 'tlp', '--yes'];
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
