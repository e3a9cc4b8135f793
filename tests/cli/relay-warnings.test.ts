import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { comity, comityJson, type Outcome } from '../federation/command-line.ts';
import { ForeignState } from '../federation/foreign-state.ts';
import { type FoundedState, foundStates } from '../federation/founding.ts';
import { type ScratchDirectory, scratchDirectory } from '../federation/scratch-directory.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const UNKNOWN_STATE = 'a7'.repeat(32);
const LABELS_EXCEED_CLEARANCE = 21;

let scratch: ScratchDirectory;
let state: FoundedState;

const at = (...args: readonly string[]): Promise<Outcome> => comity(['--home', state.home, ...args]);
const jsonAt = <T>(...args: readonly string[]): Promise<T> => comityJson<T>(['--home', state.home, ...args]);
const recordsHeld = async (): Promise<number> =>
  (await jsonAt<{ records: unknown[] }>('record', 'list')).records.length;

beforeAll(async () => {
  scratch = await scratchDirectory();
  state = (await foundStates(scratch, ['XAA']))[0];
  for (const [code, ceiling] of [
    ['XCC', 'restricted'],
    ['XDD', 'confidential'],
  ] as const) {
    const peer = await ForeignState.found(code);
    const card = scratch.at(`${code}.card`);
    await writeFile(card, peer.card);
    await jsonAt('peer', 'add', card, '--fingerprint', peer.fingerprint, '--ceiling', ceiling, '--yes');
  }
  await writeFile(
    scratch.at('draft.yaml'),
    `type: incident
label: { classification: confidential, releasableTo: [XDD] }
envelope: { classification: restricted, releasableTo: [XCC, XDD] }
labels:
  title: { releasableTo: [XCC, XDD] }
  classification: { releasableTo: [XCC, XDD] }
  stage: { classification: restricted, releasableTo: [XCC, XDD] }
content:
  title: { en: Outage of a registry }
  stage: final
  classification: { rsitClass: availability }
  victim: { name: Registry One }
`,
  );
  await writeFile(
    scratch.at('stranger.yaml'),
    `type: incident
label: { classification: unclassified, releasableTo: [XDD, ${UNKNOWN_STATE}] }
content: { title: { en: A }, stage: final, classification: { rsitClass: availability } }
`,
  );
});

afterAll(() => scratch?.[Symbol.asyncDispose]());

test('a preview warns of each part and state to which others may hand what this state would not', async () => {
  const { relay } = await jsonAt<{ relay: object[] }>('release', 'preview', scratch.at('draft.yaml'));
  expect(relay).toEqual([
    {
      code: 'release.relay-above-ceiling',
      state: 'XCC',
      parts: ['title', 'classification'],
      from: null,
    },
  ]);
  const shown = await at('record', 'issue', scratch.at('draft.yaml'), '--dry-run');
  expect(shown.code).toBe(0);
  expect(shown.stdout).toContain(
    'warning: the label lets others hand title, classification to XCC, for which they are above the ceiling',
  );
  expect(shown.stdout).toContain('[release.relay-above-ceiling]');
});

test('a state that is not known here is named by its id', async () => {
  const { relay } = await jsonAt<{ relay: { code: string; state: string; parts: string[] }[] }>(
    'release',
    'preview',
    scratch.at('stranger.yaml'),
  );
  expect(relay).toMatchObject([{ code: 'release.relay-unrecognised', state: UNKNOWN_STATE }]);
  expect(relay[0]?.parts).toEqual(expect.arrayContaining(['envelope', 'title']));
});

test('it is not issued with --yes alone, and nothing is signed', async () => {
  const refused = await at('record', 'issue', scratch.at('draft.yaml'), '--yes');
  expect(refused.code).toBe(LABELS_EXCEED_CLEARANCE);
  expect(refused.stderr).toMatch(
    /draft\.yaml:9:3: content\.title: the label lets others hand title, classification to XCC/,
  );
  expect(refused.stderr).toMatch(/\[release\.relay-above-ceiling\]\n.*--accept-relay/);
  expect(await recordsHeld()).toBe(0);
});

test('it is issued where that is accepted, and the record still warns; a retraction needs no further leave', async () => {
  const { records } = await jsonAt<{ records: { id: string }[] }>(
    'record',
    'issue',
    scratch.at('draft.yaml'),
    '--yes',
    '--accept-relay',
  );
  const id = records[0]?.id ?? '';
  const { relay } = await jsonAt<{ relay: { parts: string[] }[] }>('release', 'preview', id);
  expect(relay[0]?.parts.toSorted()).toEqual(['classification', 'title']);
  await jsonAt('record', 'retract', id, '--reason', 'A mistake', '--yes');
  expect(await recordsHeld()).toBe(2);
});

test('an import is refused as a whole before anything is issued', async () => {
  const before = await recordsHeld();
  const event = (uuid: string, info: string): string =>
    JSON.stringify({ Event: { uuid, info, analysis: '2' } });
  await writeFile(scratch.at('one.json'), event('5a3c2fd0-0000-4000-8000-00000a000001', 'One'));
  await writeFile(scratch.at('two.json'), event('5a3c2fd0-0000-4000-8000-00000a000002', 'Two'));
  await writeFile(
    scratch.at('labels.yaml'),
    'label: { classification: confidential, releasableTo: [XCC, XDD] }\n',
  );
  const args = ['import', 'misp', scratch.at('one.json'), scratch.at('two.json'), '--label'];
  const refused = await at(...args, scratch.at('labels.yaml'), '--yes');
  expect(refused.code).toBe(LABELS_EXCEED_CLEARANCE);
  expect(refused.stderr).toContain('to XCC');
  expect(await recordsHeld()).toBe(before);
  expect((await at(...args, scratch.at('labels.yaml'), '--yes', '--accept-relay')).code).toBe(0);
  expect(await recordsHeld()).toBe(before + 2);
});
