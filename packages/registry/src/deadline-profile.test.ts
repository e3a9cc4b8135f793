// The registry of deadline profiles is data that people rely on: every word in it means something.

import registry from '@comity/protocol/registries/deadline-profiles.json' with { type: 'json' };
import sectors from '@comity/protocol/registries/sectors.json' with { type: 'json' };
import { recordTypeOf } from '@comity/record';
import { describe, expect, test } from 'vitest';
import { deadlineProfileOf, deadlineProfiles } from './index.ts';

const STAGES = ['early-warning', 'notification', 'intermediate', 'progress', 'final'];
const UNITS = ['minutes', 'hours', 'days', 'workingDays', 'months'];
const MODIFIERS = ['onRequest', 'whereNecessary', 'oralThenWritten', 'delayByAuthority'];
const SECTORS = sectors.sectors.map(({ id }) => id);
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const anchors = new Map(registry.anchors.map((anchor) => [anchor.id, anchor]));

describe('the deadline profiles', () => {
  test('stand in the order of their ids, each once', () => {
    const ids = deadlineProfiles.map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(60);
    expect(ids).toEqual([...new Set(ids)].sort());
  });

  test('count from events that an incident states', () => {
    const fields = recordTypeOf('incident')?.fields ?? {};
    const named = registry.anchors.flatMap((anchor) => ('field' in anchor ? [anchor.field as string] : []));
    expect(named).toHaveLength(registry.anchors.length - 1);
    for (const field of named) expect(fields[field]?.redaction, field).toBe('whole');
  });

  test.each(deadlineProfiles.map((profile) => [profile.id, profile] as const))('%s', (_, profile) => {
    expect(['in-force', 'pending']).toContain(profile.state);
    expect(['read', 'secondary', 'to-be-checked']).toContain(profile.checked);
    expect(profile.sources.length).toBeGreaterThan(0);
    for (const date of [profile.from, profile.until]) if (date !== undefined) expect(date).toMatch(DATE);
    for (const country of profile.countries ?? []) expect(country).toMatch(/^[A-Z]{3}$/);
    for (const sector of profile.sectors ?? []) expect(SECTORS).toContain(sector);
    for (const id of [profile.variantOf, ...(profile.displaces ?? [])])
      if (id !== undefined) expect(deadlineProfileOf(id), id).toBeDefined();
    for (const [index, stage] of profile.stages.entries()) {
      expect(anchors.has(stage.anchor)).toBe(true);
      expect(stage.reports.length).toBeGreaterThan(0);
      for (const report of stage.reports) expect(STAGES).toContain(report);
      for (const modifier of stage.modifiers ?? []) expect(MODIFIERS).toContain(modifier);
      for (const sector of stage.notFor ?? []) expect(SECTORS).toContain(sector);
      for (const period of [stage, stage.cap ?? {}] as { amount?: number; unit?: string }[]) {
        expect(period.amount === undefined).toBe(period.unit === undefined);
        if (period.unit !== undefined) expect(UNITS).toContain(period.unit);
      }
      const earlier = profile.stages.slice(0, index).map(({ id }) => id);
      expect(earlier).not.toContain(stage.id);
      if (stage.anchor === 'prior-stage-submission') expect(earlier).toContain(stage.after);
      else expect(stage.after).toBeUndefined();
    }
  });

  test('what is proposed, lapsed or unsettled is pending (domain: CIRCIA, the UK and Canadian bills, the Omnibus)', () => {
    for (const id of ['us-circia', 'uk-nis-bill', 'ca-c8', 'gdpr-omnibus', 'nis2-fr', 'nis2-cy'])
      expect(deadlineProfileOf(id)?.state, id).toBe('pending');
  });

  test('no final report of NIS2 is counted from awareness', () => {
    const finals = deadlineProfiles
      .filter(({ id, variantOf }) => id === 'nis2' || variantOf === 'nis2')
      .flatMap(({ stages }) => stages.filter(({ id }) => id === 'final'));
    expect(finals.length).toBeGreaterThan(15);
    for (const { anchor } of finals) expect(anchor).not.toBe('awareness');
  });
});
