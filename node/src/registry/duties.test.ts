// Duties as a node shows them, from what it holds: under its own law, and who was told of it, by ledger and receipt.

import type { PlainScheme } from '@comity/label';
import neutral from '@comity/protocol/registries/schemes/neutral.json' with { type: 'json' };
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { issueDrafts } from '../issue.ts';
import { dutyList, dutyResult } from '../operations/duty.ts';
import { nodeStatus } from '../operations/node.ts';
import { formatTime } from '../operations/shapes.ts';
import { applyPolicy } from '../policy/policy.ts';
import { World, type WorldNode } from '../world.test-support.ts';
import { type OpenDuty, openDuties } from './duties.ts';
import { alertsBetween, watchDuties } from './duty-watch.ts';

const HOUR = 3_600;
const states = ['XAA', 'XBB'].map((code) => ({ code, scheme: neutral.scheme as unknown as PlainScheme }));
const POLICY = {
  comity: 'policy/1',
  rules: [
    { name: 'warn', to: ['XBB'], mode: ['push'], purpose: ['incident-response'], parts: ['title', 'stage'] },
  ],
};

let world: World;
let ours: WorldNode;
let theirs: WorldNode;
let awareSeconds: number;

beforeAll(async () => {
  world = await World.found(states, () => ({ ceiling: 'restricted' }), { seed: 11, differ: false });
  [ours, theirs] = world.nodes as [WorldNode, WorldNode];
  await applyPolicy(ours.sovereign, { text: JSON.stringify(POLICY) }, () => {});
  Object.assign(ours.sovereign.config.duties, { profiles: ['nis2', 'us-circia', 'xaa-act'] });
  awareSeconds = world.atSeconds;
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

async function issue(stage: string, more: object = {}): Promise<string> {
  const draft = {
    type: 'incident',
    subject: 'outage-1',
    label: { classification: 'restricted', releasableTo: ['XBB'] },
    content: {
      title: { en: 'Outage of a registry' },
      ...{ stage, sectors: ['health'], awareAt: formatTime(awareSeconds) },
      ...more,
    },
  };
  const [issued] = await issueDrafts(ours.sovereign, [draft], { acceptRelay: true }, () => {});
  return issued?.id ?? '';
}

async function list({ sovereign }: WorldNode, args: object = {}) {
  const found = await dutyList.run(
    sovereign,
    dutyList.args.parse(args),
    () => {},
    new AbortController().signal,
  );
  return dutyResult.parse(found).incidents;
}

const status = async () =>
  nodeStatus.result.parse(await nodeStatus.run(ours.sovereign, {}, () => {}, new AbortController().signal))
    .duties;

describe('the duties of a node', () => {
  test('are those of its law; each report says which peer was told, when, and whether it has a receipt', async () => {
    world.turnTo(awareSeconds + HOUR);
    const warning = await issue('early-warning');
    const [before] = await list(ours);
    expect(before?.duties[0]?.told).toEqual([
      { peer: 'XBB', at: formatTime(awareSeconds + HOUR), entry: 0, receipted: false },
    ]);
    await world.hand(ours, theirs);
    const [incident, ...others] = await list(ours, { incident: warning });
    expect(others).toEqual([]);
    expect(incident).toMatchObject({
      issuer: 'XAA',
      incident: 'incident/outage-1',
      title: 'Outage of a registry',
    });
    expect(incident?.unknown).toEqual([]);
    expect(incident?.profiles.map(({ profile, standing }) => [profile, standing])).toEqual([
      ['nis2', 'applies'],
      ['us-circia', 'pending'],
      ['xaa-act', 'unregistered'],
    ]);
    const shown = incident?.duties.map(({ profile, stage, status: how, dueAt }) => [
      profile,
      stage,
      how,
      dueAt,
    ]);
    expect(shown).toEqual([
      ['nis2', 'early-warning', 'met', formatTime(awareSeconds + 24 * HOUR)],
      ['nis2', 'notification', 'pending', formatTime(awareSeconds + 72 * HOUR)],
      ['nis2', 'intermediate', 'no-clock', null],
      ['nis2', 'final', 'not-started', null],
      ['us-circia', 'report', 'no-clock', null],
      ['us-circia', 'payment', 'no-clock', null],
      ['us-circia', 'supplement', 'no-clock', null],
    ]);
    expect(incident?.duties[0]).toMatchObject({
      ...{ event: 'awareness', countedFrom: formatTime(awareSeconds), checked: 'read', jurisdiction: 'EU' },
      report: { record: warning, at: formatTime(awareSeconds + HOUR) },
      told: [{ peer: 'XBB', receipted: true }],
    });
    expect(incident?.duties[1]).toMatchObject({ secondsLeft: 71 * HOUR, told: [] });
  });

  test('of a peer are shown as far as its records are held, under the law that it names', async () => {
    const [incident] = await list(theirs, { state: 'XAA' });
    expect(incident).toMatchObject({ issuer: 'XAA', profiles: [], duties: [] });
    expect(await list(theirs)).toEqual([]);
    // What XBB was not shown may be there: the law that the incident names is one of these.
    expect(incident?.unknown).toContain('legalProfiles');
  });

  test('are counted in the status, before the limit and after it', async () => {
    expect(await status()).toEqual({ soon: 0, missed: 0, nextAt: formatTime(awareSeconds + 72 * HOUR) });
    world.turnTo(awareSeconds + 49 * HOUR);
    expect(await status()).toMatchObject({ soon: 1, missed: 0 });
    world.turnTo(awareSeconds + 73 * HOUR);
    expect(await status()).toEqual({ soon: 0, missed: 1, nextAt: null });
  });

  test('that nobody has met are told of at the start, and a report ends that', async () => {
    const told: string[] = [];
    const stopListening = ours.sovereign.events.on((event, fields) => {
      if (event === 'duty-missed' || event === 'duty-due') told.push(`${event} ${JSON.stringify(fields)}`);
    });
    const look = async (): Promise<void> => {
      const stopping = new AbortController();
      await watchDuties(ours.sovereign, stopping.signal, () => stopping.abort()).catch((error: unknown) => {
        if (!stopping.signal.aborted) throw error;
      });
    };
    await look();
    const dueAt = formatTime(awareSeconds + 72 * HOUR);
    expect(told).toEqual([
      `duty-missed ${JSON.stringify({ incident: 'incident/outage-1', profile: 'nis2', stage: 'notification', dueAt })}`,
    ]);
    await issue('notification');
    expect((await openDuties(ours.sovereign)).map(({ stage }) => stage)).toEqual(['final']);
    await look();
    expect(told).toHaveLength(1);
    stopListening();
  });
});

describe('alerts', () => {
  const duty: OpenDuty = { incident: 'incident/1', profile: 'nis2', stage: 'final', dueAtSeconds: 100_000 };
  const leads = [1_000, 100];
  const kinds = (lookedSeconds: number | undefined, nowSeconds: number) =>
    alertsBetween([duty], lookedSeconds, nowSeconds, leads).map(({ kind }) => kind);

  test('come once for each lead time and once after the limit, however far apart the looks are', () => {
    let lookedSeconds: number | undefined;
    const told: [number, string][] = [];
    for (let nowSeconds = 98_000; nowSeconds < 101_000; nowSeconds += 7) {
      for (const kind of kinds(lookedSeconds, nowSeconds)) told.push([nowSeconds, kind]);
      lookedSeconds = nowSeconds;
    }
    expect(told).toEqual([
      [99_001, 'due'],
      [99_904, 'due'],
      [100_002, 'missed'],
    ]);
  });

  test('at the first look are of what has begun', () => {
    expect([98_999, 99_000, 100_000, 100_001].map((at) => kinds(undefined, at))).toEqual([
      [],
      ['due'],
      ['due'],
      ['missed'],
    ]);
  });

  test('of two lead times that begin between two looks are one', () => {
    expect(kinds(98_000, 99_950)).toEqual(['due']);
    expect(kinds(98_000, 100_001)).toEqual(['missed']);
    expect(kinds(100_001, 200_000)).toEqual([]);
  });
});
