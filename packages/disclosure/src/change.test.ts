import { signerFromSeed } from '@comity/ed25519';
import type { View } from '@comity/record';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';

import { compiled, drawCase, drawPool } from './cases.test-support.ts';
import { earliestChange } from './change.ts';
import { decideRecord } from './decide.ts';
import { CALDERA, issueIncident, NOW, policyOf, recognition, statement } from './incident.test-support.ts';
import { Draw, type SampleRecord } from './world.test-support.ts';

const signer = signerFromSeed(new Uint8Array(32).fill(9));
const HOUR = 3_600;
const DAY = 24 * HOUR;

describe('the next change of a decision', () => {
  let view: View;
  beforeAll(async () => {
    view = await issueIncident(signer);
  });

  test('is the end of an embargo of a rule about the recipient', () => {
    const policy = policyOf([
      { after: 'PT6H' },
      { after: 'PT1H', to: ['XCA'] },
      { after: 'PT2H', from: 'aware' },
    ]);
    const { state: recipient } = recognition();
    expect(earliestChange(view, NOW, { policy, recipient })).toBe(NOW + 6 * HOUR);
    expect(earliestChange(view, NOW, { policy, recipient: CALDERA.id })).toBe(NOW + HOUR);
    expect(earliestChange(view, NOW, { policy })).toBe(NOW + HOUR);
    expect(earliestChange(view, NOW + 6 * HOUR, { policy, recipient })).toBeUndefined();
    expect(earliestChange(view, NOW)).toBeUndefined();
  });

  test('is that of a group with the recipient in it, also for a limit', () => {
    const groups = { a: [{ state: 'XBO', from: '2026-01-02', until: '2026-01-03' }], b: ['XCA'] };
    const policy = policyOf([{ to: ['a', 'b'] }], undefined, {
      groups,
      limits: [{ to: ['a'], releases: 1, per: 'P1D', then: 'hold' }],
    });
    const { state: recipient } = recognition();
    const next = (atSeconds: number): number | undefined =>
      earliestChange(view, atSeconds, { policy, recipient });
    expect([NOW, NOW + DAY, NOW + 2 * DAY].map(next)).toEqual([NOW + DAY, NOW + 2 * DAY, undefined]);
    expect(earliestChange(view, NOW, { policy, recipient: CALDERA.id })).toBeUndefined();
  });

  test('is the beginning or end of what officers said, by its own date or by the rule', () => {
    const policy = policyOf([{ approve: { by: 'officer', within: 'P2D' } }]);
    const approvals = [statement(policy, 'rule-1', [])];
    expect(earliestChange(view, NOW - 2 * HOUR, { policy, approvals })).toBe(NOW - HOUR);
    expect(earliestChange(view, NOW, { policy, approvals })).toBe(NOW - HOUR + 2 * DAY);
    expect(earliestChange(view, NOW, { approvals })).toBe(NOW + 7 * DAY);
  });

  test('is the beginning or end of a consent', () => {
    const consents = [
      {
        recordId: view.header.id,
        parts: 'all',
        holder: CALDERA.id,
        thirdParty: CALDERA.id,
        purposes: [],
        fromSeconds: NOW,
        untilSeconds: NOW + DAY,
        grant: '',
      } as const,
    ];
    const next = (atSeconds: number): number | undefined => earliestChange(view, atSeconds, { consents });
    expect([NOW - 1, NOW, NOW + DAY].map(next)).toEqual([NOW, NOW + DAY, undefined]);
  });
});

describe('before the next change', () => {
  let pool: SampleRecord[];
  beforeAll(async () => {
    pool = await drawPool(240, signer);
  });

  test('a decision stays what it is, whatever the time', () => {
    const seen = { changing: 0, changed: 0 };
    fc.assert(
      fc.property(fc.nat(0x7fff_ffff), (seed) => {
        const { view, policy, recipient, situation } = drawCase(pool, seed, false);
        const ready = compiled(policy);
        // What fell into the time of a limit stays in it.
        const account = { already: new Set<string>(), releasesSince: () => seed % 3, given: 1, received: 0 };
        const at = (atSeconds: number): string => {
          const { policy: _, ...decision } = JSON.parse(
            JSON.stringify(decideRecord(view, recipient, { ...situation, account, atSeconds }, ready)),
          );
          return JSON.stringify(decision);
        };
        const { atSeconds, approvals = [], consents = [] } = situation;
        const passing = { policy: ready, recipient: recipient.state, approvals, consents };
        const next = earliestChange(view, atSeconds, passing);
        const draw = new Draw(seed);
        const last = (next ?? atSeconds + 1_000_000) - 1;
        const now = at(atSeconds);
        for (const later of [last, atSeconds + draw.below(last - atSeconds + 1)]) expect(at(later)).toBe(now);
        if (next === undefined) return;
        seen.changing += 1;
        if (at(next) !== now) seen.changed += 1;
      }),
      { numRuns: 2_500, seed: 41 },
    );
    expect(seen.changing).toBeGreaterThan(500);
    expect(seen.changed).toBeGreaterThan(50);
  }, 120_000);
});
