import { signerFromSeed } from '@comity/ed25519';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import { decide, drawCase, drawPool } from './cases.test-support.ts';
import { parsePolicy } from './parse-policy.ts';
import { policyWarnings, type WarningContext } from './policy-warnings.ts';
import { STATES, stateByCode } from './world.test-support.ts';

const [arcadia, borealis] = STATES;
const context: WarningContext = {
  holder: arcadia.id,
  atSeconds: Date.parse('2026-06-01T00:00:00Z') / 1_000,
  codeOf: (state) => STATES.find(({ id }) => id === state)?.code ?? state,
  isServed: () => true,
  officersOf: () => 2,
};

/** The warnings about a policy, as `kind at path`. */
function warningsOf(text: string, change: Partial<WarningContext> = {}): string[] {
  const policy = parsePolicy({ comity: 'policy/1', ...(parse(text) as object) }, { stateOf: stateByCode });
  return policyWarnings(policy, { ...context, ...change })
    .map(({ kind, path }) => `${kind} at ${path.join('.')}`)
    .sort();
}

describe('a policy is warned of', () => {
  test.each([
    ['nothing that permits', 'rules: []', ['no-permit at rules']],
    [
      'groups and profiles that nobody names, and who is in them no longer',
      `
groups: { north: [XCA, { state: XBO, until: 2026-06-01 }], south: [XCA] }
profiles: { lean: { drop: [victim] } }
rules: [{ name: a, to: [north] }]`,
      ['membership-over at groups.north.1', 'unused at groups.south', 'unused at profiles.lean'],
    ],
    [
      'a rule and a limit for groups that nobody is in any more',
      `
groups: { gone: [{ state: XBO, until: 2026-01-01 }] }
rules: [{ name: a, to: [XBO] }, { name: b, to: [gone], parts: [title] }]
limits: [{ to: [gone], releases: 3, per: P1D, then: hold }]`,
      ['membership-over at groups.gone.0', 'over at limits.0.to', 'over at rules.1.to'],
    ],
    [
      'a rule that another forbids, whatever it permits',
      `
rules:
  - { name: a, to: [XBO], mode: push, when: { type: incident, sector: energy/gas }, parts: [victim.name] }
  - { name: b, to: [XBO, XCA], when: { sector: energy }, parts: [victim], effect: forbid }`,
      ['forbidden at rules.0'],
    ],
    [
      'a rule of which another permits all, and of two that say the same the second',
      `
rules:
  - { name: a, to: [XBO], mode: push, parts: [title], after: P1D }
  - { name: b, to: [XBO, XCA], mode: [push, query], profile: lean }
  - { name: c, to: [XCA], mode: push, parts: [tags] }
  - { name: d, to: [XCA], mode: push, parts: [tags] }
profiles: { lean: { keep: [title, victim], drop: [victim.name] } }`,
      ['adds-nothing at rules.0', 'adds-nothing at rules.3'],
    ],
    [
      'what no record of its types states or has',
      `
rules:
  - { name: a, to: [XBO], when: { type: norm, severity: { at-least: significant } } }
  - { name: b, to: [XBO], when: { type: commitment }, after: P1D, from: detected }
  - { name: c, to: [XBO], when: { type: norm }, parts: [title, victim] }
  - { name: d, to: [XCA], parts: [victim], profile: lean }
profiles: { lean: { keep: [title] } }`,
      [
        'covers-nothing at rules.3.parts',
        'field-of-no-type at rules.0.when.severity',
        'field-of-no-type at rules.1.from',
        'part-of-no-type at rules.2.parts.1',
      ],
    ],
    [
      'a rule that forbids what none permits, and a limit that nothing reaches',
      `
rules:
  - { name: a, to: [XBO], when: { type: incident } }
  - { name: b, to: [XBO], when: { type: norm }, effect: forbid }
  - { name: c, to: [XCA], when: { type: incident }, effect: forbid }
reciprocity: [{ to: [XCA], when-ratio-below: 0.2, then: hold }]`,
      ['forbids-nothing at rules.1', 'forbids-nothing at rules.2', 'never-reached at reciprocity.0.to'],
    ],
    [
      'more officers than there are',
      `
rules: [{ name: a, to: [XBO], approve: { by: officer, persons: 3 } }]
limits: [{ to: [XBO], releases: 3, per: P1D, then: hold }]`,
      ['too-few-officers at rules.0.approve'],
    ],
    ['itself', 'rules: [{ name: a, to: [XAR, XBO] }]', ['self at rules.0.to']],
  ])('%s', (_, text, expected) => {
    expect(warningsOf(text)).toEqual(expected);
  });

  test('a state that is not served, once', () => {
    const text = 'rules: [{ name: a, to: [XBO] }, { name: b, to: [XBO], mode: letter }]';
    expect(warningsOf(text, { isServed: (state) => state !== borealis.id })).toEqual([
      'not-served at rules.0.to',
    ]);
  });
});

test('nothing, where it says what it seems to say', () => {
  const text = `
groups: { north: [XBO, { state: XCA, from: 2026-01-01, until: 2027-01-01 }] }
rules:
  - { name: quick, to: [north], mode: push, when: { type: incident }, parts: [title, victim.country] }
  - { name: whole, to: [north], when: { type: incident }, after: PT6H, approve: { by: officer } }
  - { name: letters, to: [XBO], mode: letter, approve: { by: officer, persons: 2 } }
  - { name: no-names, to: [north], parts: [victim.name], effect: forbid }
  - { name: no-justice, to: [XCA], when: { sector: justice }, effect: forbid }
limits: [{ to: [XCA], releases: 50, per: P7D, then: hold }]`;
  expect(warningsOf(text)).toEqual([]);
});

test('what is said to do nothing does nothing: without that rule the same is released and held', async () => {
  const pool = await drawPool(120, signerFromSeed(new Uint8Array(32).fill(9)));
  const seen = new Map<string, number>();
  let released = 0;
  fc.assert(
    fc.property(fc.nat(0x7fff_ffff), (seed) => {
      const given = drawCase(pool, seed, false);
      const written = given.policy;
      const { holder, atSeconds } = given.situation;
      const parsed = parsePolicy(written, { stateOf: stateByCode });
      const idle = policyWarnings(parsed, { ...context, holder, atSeconds }).filter(
        ({ kind, path }) =>
          path[0] === 'rules' &&
          [
            'over',
            'field-of-no-type',
            'covers-nothing',
            'forbidden',
            'adds-nothing',
            'forbids-nothing',
          ].includes(kind),
      );
      const before = decide(given);
      released += before.released.size;
      for (const { kind, path } of idle) {
        const rules = written.rules.filter((_, index) => index !== path[1]);
        const after = decide({ ...given, policy: { ...written, rules } });
        expect([kind, after.released, after.held]).toEqual([kind, before.released, before.held]);
        seen.set(kind, (seen.get(kind) ?? 0) + 1);
      }
    }),
    { numRuns: 1_000, seed: 41 },
  );
  expect(released).toBeGreaterThan(100);
  for (const kind of ['covers-nothing', 'forbidden', 'adds-nothing'])
    expect([kind, seen.get(kind)]).toEqual([kind, expect.any(Number)]);
}, 120_000);
