import { readFileSync } from 'node:fs';
import { fromHex, sha256, toHex } from '@comity/digest';
import { DocumentFaults } from '@comity/fault';
import type { StateId } from '@comity/label';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import { parsePolicy } from './parse-policy.ts';
import { ALWAYS, addresses, type PolicyRule, ruleDigestOf } from './policy.ts';
import { policyDigest } from './policy-digest.ts';
import { STATES, stateByCode } from './world.test-support.ts';

const context = { stateOf: stateByCode };
const [arcadia, borealis, caldera] = STATES;
const DAY = 86_400;
const whenever = (...states: readonly { readonly id: StateId }[]): PolicyRule['states'] =>
  new Map(states.map(({ id }) => [id, [ALWAYS]]));

/** The faults of a document as `code at path`. */
function faultsOf(value: unknown): string[] {
  try {
    parsePolicy(value, context);
  } catch (error) {
    if (error instanceof DocumentFaults)
      return error.faults.map(({ code, path }) => `${code} at ${path.join('.')}`);
    throw error;
  }
  return [];
}

// The example of DISCLOSURE §2, with `classification` named as a whole: it is one part.
const EXAMPLE = parse(`
comity: policy/1
groups:
  northern: [XBO, XCA]
profiles:
  technical: { keep: [summary, classification, indicators, techniques], drop: [victim, narrative.internal] }
rules:
  - name: energy-warning
    to: [northern]
    mode: [push, query]
    purpose: [incident-response]
    when: { type: incident, sector: [energy], severity: { at-least: significant } }
    profile: technical
    after: PT6H
  - name: named-victims
    to: [XBO]
    mode: [query]
    when: { type: incident }
    parts: [victim]
    approve: { by: release-authority, persons: 2 }
  - name: no-justice-to-xca
    to: [XCA]
    when: { sector: [justice] }
    effect: forbid
limits:
  - { to: [XCA], releases: 50, per: P7D, then: hold }
reciprocity:
  - { to: [XCA], when-ratio-below: 0.2, then: hold }
`);

describe('a policy', () => {
  test('is read as it is written', () => {
    const policy = parsePolicy(EXAMPLE, context);
    expect([...policy.groups]).toEqual([
      [
        'northern',
        [
          { code: 'XBO', ...ALWAYS },
          { code: 'XCA', ...ALWAYS },
        ],
      ],
    ]);
    expect(policy.digest).toBe(policyDigest(EXAMPLE));
    const technical = {
      name: 'technical',
      keep: ['summary', 'classification', 'indicators', 'techniques'],
      drop: ['victim', 'narrative.internal'],
    };
    expect(policy.rules).toEqual([
      {
        name: 'energy-warning',
        digest: policyDigest(EXAMPLE.rules[0]),
        effect: 'permit',
        to: ['northern'],
        states: whenever(borealis, caldera),
        modes: ['push', 'query'],
        purposes: ['incident-response'],
        when: {
          type: ['incident'],
          sector: ['energy'],
          severity: { scale: 'uk-ncsc', atLeast: 'significant' },
        },
        profile: technical,
        embargo: { anchor: 'issued', afterSeconds: 6 * 3_600 },
      },
      {
        name: 'named-victims',
        digest: policyDigest(EXAMPLE.rules[1]),
        effect: 'permit',
        to: ['XBO'],
        states: whenever(borealis),
        modes: ['query'],
        when: { type: ['incident'] },
        parts: ['victim'],
        approve: { by: 'release-authority', persons: 2, withinSeconds: 30 * DAY },
      },
      {
        name: 'no-justice-to-xca',
        digest: policyDigest(EXAMPLE.rules[2]),
        effect: 'forbid',
        to: ['XCA'],
        states: whenever(caldera),
        when: { sector: ['justice'] },
      },
    ]);
    const entry = {
      to: ['XCA'],
      states: whenever(caldera),
      approve: { by: 'release-authority', persons: 1, withinSeconds: 30 * DAY },
    };
    expect(policy.limits).toEqual([
      {
        name: 'limits[0]',
        digest: policyDigest(EXAMPLE.limits[0]),
        ...entry,
        releases: 50,
        perSeconds: 7 * DAY,
      },
    ]);
    expect(policy.reciprocity).toEqual([
      {
        name: 'reciprocity[0]',
        digest: policyDigest(EXAMPLE.reciprocity[0]),
        ...entry,
        releases: 1,
        belowHundredths: 20,
      },
    ]);
  });

  test('gives the digest of a rule or an entry by the name under which it is cited', () => {
    const policy = parsePolicy(EXAMPLE, context);
    expect(ruleDigestOf(policy, 'named-victims')).toBe(policyDigest(EXAMPLE.rules[1]));
    expect(ruleDigestOf(policy, 'limits[0]')).toBe(policyDigest(EXAMPLE.limits[0]));
    expect(ruleDigestOf(policy, 'reciprocity[0]')).toBe(policyDigest(EXAMPLE.reciprocity[0]));
    expect(ruleDigestOf(policy, 'limits[1]')).toBeUndefined();
  });

  test('has groups in which states are for a time', () => {
    const policy = parsePolicy(
      {
        comity: 'policy/1',
        groups: {
          summit: [
            'XAR',
            { state: 'XBO', from: '2026-01-01', until: '2026-01-02T12:00:00Z' },
            { state: 'XCA', until: '2026-01-01T00:00:00Z' },
          ],
          later: [{ state: 'XBO', from: '2027-01-01' }],
        },
        rules: [{ name: 'a', to: ['summit', 'later', 'XCA'] }],
      },
      context,
    );
    const [rule] = policy.rules as [PolicyRule];
    const [y2026, y2027] = [1_767_225_600, 1_798_761_600];
    expect(rule.states).toEqual(
      new Map([
        [arcadia.id, [ALWAYS]],
        [
          borealis.id,
          [
            { fromSeconds: y2026, untilSeconds: y2026 + 36 * 3_600 },
            { fromSeconds: y2027, untilSeconds: Number.POSITIVE_INFINITY },
          ],
        ],
        [caldera.id, [{ fromSeconds: 0, untilSeconds: y2026 }, ALWAYS]],
      ]),
    );
    const at = (seconds: number): boolean => addresses(rule, borealis.id, seconds);
    expect([y2026 - 1, y2026, y2026 + 36 * 3_600 - 1, y2026 + 36 * 3_600, y2027].map(at)).toEqual([
      false,
      true,
      true,
      false,
      true,
    ]);
  });

  test.each([
    ['PT1S', 1],
    ['PT90M', 5_400],
    ['P2W', 14 * DAY],
    ['P1DT2H3M4S', DAY + 2 * 3_600 + 3 * 60 + 4],
    ['P0DT1H', 3_600],
    ['P3650D', 3_650 * DAY],
    ['PT315360000S', 3_650 * DAY],
  ])('has embargoes such as %s', (after, afterSeconds) => {
    const [rule] = parsePolicy(withRule({ after, from: 'detected' }), context).rules;
    expect(rule?.embargo).toEqual({ anchor: 'detected', afterSeconds });
  });

  test('says of limits and reciprocity who decides', () => {
    const approve = { by: 'officer', persons: 9, within: 'P365D' };
    const { limits, reciprocity } = parsePolicy(
      {
        comity: 'policy/1',
        rules: [],
        limits: [{ to: 'XBO', releases: 1_000_000, per: 'PT1S', then: 'hold', approve }],
        reciprocity: [{ to: 'XBO', 'when-ratio-below': 1, releases: 7, then: 'hold', approve }],
      },
      context,
    );
    const need = { by: 'officer', persons: 9, withinSeconds: 365 * DAY };
    expect([limits[0]?.approve, reciprocity[0]?.approve]).toEqual([need, need]);
    expect([reciprocity[0]?.belowHundredths, reciprocity[0]?.releases]).toEqual([100, 7]);
    expect(
      parsePolicy({ comity: 'policy/1', rules: [], limits: [], reciprocity: [] }, context).limits,
    ).toEqual([]);
  });

  test('may use registered profiles without declaring them, and a single text for a list of one', () => {
    const [rule] = parsePolicy(
      { comity: 'policy/1', rules: [{ name: 'a', to: 'XAR', mode: 'push', profile: 'public-notice' }] },
      context,
    ).rules;
    expect(rule?.states).toEqual(whenever(arcadia));
    expect(rule?.modes).toEqual(['push']);
    expect(rule?.profile?.keep).toContain('sectors');
  });

  test('may have no rules: then nothing is released', () => {
    expect(parsePolicy({ comity: 'policy/1', rules: [] }, context).rules).toEqual([]);
  });
});

describe.each(['xar', 'xbo', 'xca'])('the sample policy %s', (name) => {
  const text = readFileSync(
    new URL(`../../../protocol/registries/samples/policies/${name}.yaml`, import.meta.url),
    'utf8',
  );

  test('is a policy, and points editors to the schema', () => {
    const { rules } = parsePolicy(parse(text), context);
    expect(rules.length).toBeGreaterThan(4);
    expect(text).toMatch(
      /^# yaml-language-server: \$schema=\.\.\/\.\.\/\.\.\/schemas\/policy\.schema\.json\n/,
    );
    expect(
      rules.every(({ states }) => !states.has(stateByCode(name.toUpperCase() as (typeof arcadia)['code'])!)),
    ).toBe(true);
  });
});

const withRule = (rule: object): object => ({
  comity: 'policy/1',
  rules: [{ name: 'a', to: ['XBO'], ...rule }],
});

describe('a policy is refused', () => {
  test.each([
    ['nothing', null, 'policy.wrong-type at '],
    ['a list', [], 'policy.wrong-type at '],
    ['a text', 'comity: policy/1', 'policy.wrong-type at '],
    ['no version', { rules: [] }, 'policy.missing-key at '],
    ['another version', { comity: 'policy/2', rules: [] }, 'policy.unknown-version at comity'],
    ['a version that is nothing', { comity: null, rules: [] }, 'policy.unknown-version at comity'],
    ['no rules', { comity: 'policy/1' }, 'policy.missing-key at '],
    ['rules that are no list', { comity: 'policy/1', rules: {} }, 'policy.wrong-type at rules'],
    ['an unknown key', { comity: 'policy/1', rules: [], rule: [] }, 'policy.unknown-key at rule'],
    [
      'a key of every object',
      JSON.parse('{"comity":"policy/1","rules":[],"__proto__":{}}'),
      'policy.unknown-key at __proto__',
    ],
    ['publication', withRule({ mode: ['publish'] }), 'policy.unsupported at rules.0.mode.0'],
    ['a rule that is no mapping', { comity: 'policy/1', rules: ['a'] }, 'policy.wrong-type at rules.0'],
    [
      'a rule without name',
      { comity: 'policy/1', rules: [{ to: ['XBO'] }] },
      'policy.missing-key at rules.0',
    ],
    ['a rule for nobody', { comity: 'policy/1', rules: [{ name: 'a' }] }, 'policy.missing-key at rules.0'],
    ['an empty list', withRule({ to: [] }), 'policy.empty-list at rules.0.to'],
    ['a misspelled key', withRule({ modes: ['push'] }), 'policy.unknown-key at rules.0.modes'],
    ['a name in capitals', withRule({ name: 'XBO' }), 'policy.bad-name at rules.0.name'],
    ['a name that is no text', withRule({ name: 7 }), 'policy.wrong-type at rules.0.name'],
    ['an endless name', withRule({ name: 'a'.repeat(65) }), 'policy.bad-name at rules.0.name'],
    ['an effect of its own', withRule({ effect: 'allow' }), 'policy.bad-effect at rules.0.effect'],
    ['an effect that is nothing', withRule({ effect: null }), 'policy.bad-effect at rules.0.effect'],
    ['an unknown group', withRule({ to: ['northern'] }), 'policy.unknown-recipient at rules.0.to.0'],
    ['an unknown state', withRule({ to: ['XZZ'] }), 'policy.unknown-state at rules.0.to.0'],
    [
      'a group of a group',
      { comity: 'policy/1', groups: { a: ['XBO'], b: ['a'] }, rules: [] },
      'policy.unknown-recipient at groups.b.0',
    ],
    ['a state twice', withRule({ to: ['XBO', 'XBO'] }), 'policy.duplicate-entry at rules.0.to.1'],
    ['an unknown mode', withRule({ mode: ['gossip'] }), 'policy.unknown-mode at rules.0.mode.0'],
    [
      'an unknown purpose',
      withRule({ purpose: ['curiosity'] }),
      'policy.unknown-purpose at rules.0.purpose.0',
    ],
    ['an empty condition', withRule({ when: {} }), 'policy.missing-key at rules.0.when'],
    [
      'a condition on the weather',
      withRule({ when: { weather: 'fair' } }),
      'policy.unknown-key at rules.0.when.weather',
    ],
    ['an unknown type', withRule({ when: { type: 'gossip' } }), 'policy.unknown-type at rules.0.when.type'],
    [
      'an unknown sector',
      withRule({ when: { sector: ['energy', 'magic'] } }),
      'policy.unknown-sector at rules.0.when.sector.1',
    ],
    [
      'a severity of no scale',
      withRule({ when: { severity: { 'at-least': 'bad' } } }),
      'policy.unknown-severity at rules.0.when.severity.at-least',
    ],
    [
      'an unknown scale',
      withRule({ when: { severity: { scale: 'richter', 'at-least': 'major' } } }),
      'policy.unknown-severity at rules.0.when.severity.scale',
    ],
    [
      'a severity of another scale',
      withRule({ when: { severity: { scale: 'cn-cac', 'at-least': 'severe' } } }),
      'policy.unknown-severity at rules.0.when.severity.at-least',
    ],
    [
      'a severity without value',
      withRule({ when: { severity: { scale: 'cn-cac' } } }),
      'policy.missing-key at rules.0.when.severity',
    ],
    ['a part of no type', withRule({ parts: ['weather'] }), 'policy.unknown-part at rules.0.parts.0'],
    [
      'a part of a whole',
      withRule({ parts: ['classification.rsitClass'] }),
      'policy.unknown-part at rules.0.parts.0',
    ],
    [
      'a misspelled inner part',
      withRule({ parts: ['victim.nam'] }),
      'policy.unknown-part at rules.0.parts.0',
    ],
    [
      'a part inside an element',
      withRule({ parts: ['indicators.value'] }),
      'policy.unknown-part at rules.0.parts.0',
    ],
    ['a position', withRule({ parts: ['indicators[0]'] }), 'policy.unknown-part at rules.0.parts.0'],
    ['an unknown profile', withRule({ profile: 'lean' }), 'policy.unknown-profile at rules.0.profile'],
    [
      'a profile that forbids',
      withRule({ profile: 'peer-technical', effect: 'forbid' }),
      'policy.profile-on-forbid at rules.0.profile',
    ],
    [
      'a registered profile redefined',
      { comity: 'policy/1', profiles: { 'public-notice': { keep: ['victim'] } }, rules: [] },
      'policy.reserved-profile at profiles.public-notice',
    ],
    [
      'an empty profile',
      { comity: 'policy/1', profiles: { lean: {} }, rules: [] },
      'policy.missing-key at profiles.lean',
    ],
    [
      'a rule twice',
      {
        comity: 'policy/1',
        rules: [
          { name: 'a', to: 'XBO' },
          { name: 'a', to: 'XCA' },
        ],
      },
      'policy.duplicate-name at rules.1.name',
    ],
    [
      '1,001 rules',
      {
        comity: 'policy/1',
        rules: Array.from({ length: 1_001 }, (_, index) => ({ name: `r${index}`, to: 'XBO' })),
      },
      'policy.too-many at rules',
    ],
    [
      '1,001 groups',
      {
        comity: 'policy/1',
        groups: Object.fromEntries(Array.from({ length: 1_001 }, (_, index) => [`g${index}`, ['XBO']])),
        rules: [],
      },
      'policy.too-many at groups',
    ],
  ])('for %s', (_what, value, fault) => {
    expect(faultsOf(value)).toEqual([fault]);
  });

  test.each([
    '',
    'P',
    'PT',
    'P1',
    'P1Y',
    'P1M',
    'P1DT',
    'P1W2D',
    '-P1D',
    'P1.5D',
    'p1d',
    'P1D ',
    'PT1S1M',
    'P0D',
    'PT0S',
    'P3651D',
    'P522W',
    'PT315360001S',
    'P1234567890D',
    `P${'1'.repeat(400)}D`,
  ])('for the duration "%s"', (after) => {
    expect(faultsOf(withRule({ after }))).toEqual(['policy.bad-duration at rules.0.after']);
  });

  test.each([
    [{ after: 6 }, 'policy.wrong-type at rules.0.after'],
    [{ after: null }, 'policy.wrong-type at rules.0.after'],
    [{ from: 'issued' }, 'policy.from-without-after at rules.0.from'],
    [{ after: 'P1D', from: 'noticed' }, 'policy.unknown-anchor at rules.0.from'],
    [{ after: 'P1D', from: 1 }, 'policy.wrong-type at rules.0.from'],
    [{ after: 'P1D', effect: 'forbid' }, 'policy.condition-on-forbid at rules.0.after'],
    [{ approve: { by: 'officer' }, effect: 'forbid' }, 'policy.condition-on-forbid at rules.0.approve'],
    [{ approve: 'officer' }, 'policy.wrong-type at rules.0.approve'],
    [{ approve: {} }, 'policy.missing-key at rules.0.approve'],
    [{ approve: { by: 'king' } }, 'policy.unknown-role at rules.0.approve.by'],
    [{ approve: { by: ['officer'] } }, 'policy.wrong-type at rules.0.approve.by'],
    [{ approve: { by: 'officer', who: 'anna' } }, 'policy.unknown-key at rules.0.approve.who'],
    [{ approve: { by: 'officer', persons: 0 } }, 'policy.bad-persons at rules.0.approve.persons'],
    [{ approve: { by: 'officer', persons: 10 } }, 'policy.bad-persons at rules.0.approve.persons'],
    [{ approve: { by: 'officer', persons: 1.5 } }, 'policy.bad-persons at rules.0.approve.persons'],
    [{ approve: { by: 'officer', persons: '2' } }, 'policy.wrong-type at rules.0.approve.persons'],
    [{ approve: { by: 'officer', within: 'P366D' } }, 'policy.bad-duration at rules.0.approve.within'],
    [{ approve: { by: 'officer', within: 30 } }, 'policy.wrong-type at rules.0.approve.within'],
    [{ name: 'consent-goes-along' }, 'policy.reserved-name at rules.0.name'],
  ])('for the rule %j', (rule, fault) => {
    expect(faultsOf(withRule(rule))).toEqual([fault]);
  });

  test('for an anchor on a rule that forbids, twice where nothing runs from it', () => {
    expect(faultsOf(withRule({ from: 'issued', effect: 'forbid' })).sort()).toEqual([
      'policy.condition-on-forbid at rules.0.from',
      'policy.from-without-after at rules.0.from',
    ]);
  });

  const withLimit = (changes: object): object => ({
    comity: 'policy/1',
    rules: [],
    limits: [{ to: 'XBO', releases: 1, per: 'P1D', then: 'hold', ...changes }],
  });
  const withRatio = (changes: object): object => ({
    comity: 'policy/1',
    rules: [],
    reciprocity: [{ to: 'XBO', 'when-ratio-below': 0.5, then: 'hold', ...changes }],
  });
  const withMember = (member: unknown): object => ({
    comity: 'policy/1',
    groups: { a: [member] },
    rules: [],
  });

  test.each([
    [withLimit({ releases: 0 }), 'policy.bad-count at limits.0.releases'],
    [withLimit({ releases: 1_000_001 }), 'policy.bad-count at limits.0.releases'],
    [withLimit({ releases: 2.5 }), 'policy.bad-count at limits.0.releases'],
    [withLimit({ releases: Number.NaN }), 'policy.bad-count at limits.0.releases'],
    [withLimit({ releases: '5' }), 'policy.wrong-type at limits.0.releases'],
    [withLimit({ per: 'P3651D' }), 'policy.bad-duration at limits.0.per'],
    [withLimit({ per: 7 }), 'policy.wrong-type at limits.0.per'],
    [withLimit({ then: 'withhold' }), 'policy.bad-then at limits.0.then'],
    [withLimit({ then: true }), 'policy.bad-then at limits.0.then'],
    [withLimit({ to: 'XZZ' }), 'policy.unknown-state at limits.0.to'],
    [withLimit({ to: [] }), 'policy.empty-list at limits.0.to'],
    [withLimit({ approve: { by: 'king' } }), 'policy.unknown-role at limits.0.approve.by'],
    [withLimit({ name: 'a' }), 'policy.unknown-key at limits.0.name'],
    [{ comity: 'policy/1', rules: [], limits: {} }, 'policy.wrong-type at limits'],
    [{ comity: 'policy/1', rules: [], limits: ['XBO'] }, 'policy.wrong-type at limits.0'],
    [
      { comity: 'policy/1', rules: [], limits: [{ to: 'XBO', releases: 1, per: 'P1D' }] },
      'policy.missing-key at limits.0',
    ],
    [
      { ...withLimit({}), limits: Array(1_001).fill({ to: 'XBO', releases: 1, per: 'P1D', then: 'hold' }) },
      'policy.too-many at limits',
    ],
    [withRatio({ 'when-ratio-below': 0 }), 'policy.bad-ratio at reciprocity.0.when-ratio-below'],
    [withRatio({ 'when-ratio-below': 0.005 }), 'policy.bad-ratio at reciprocity.0.when-ratio-below'],
    [withRatio({ 'when-ratio-below': 0.333 }), 'policy.bad-ratio at reciprocity.0.when-ratio-below'],
    [withRatio({ 'when-ratio-below': 1.01 }), 'policy.bad-ratio at reciprocity.0.when-ratio-below'],
    [withRatio({ 'when-ratio-below': '0.2' }), 'policy.wrong-type at reciprocity.0.when-ratio-below'],
    [withRatio({ releases: 0 }), 'policy.bad-count at reciprocity.0.releases'],
    [withRatio({ then: 'release' }), 'policy.bad-then at reciprocity.0.then'],
    [withRatio({ per: 'P1D' }), 'policy.unknown-key at reciprocity.0.per'],
    [withMember({ state: 'XBO' }), 'policy.missing-key at groups.a.0'],
    [withMember({ until: '2026-01-01' }), 'policy.missing-key at groups.a.0'],
    [withMember({ state: 'XBO', from: '2026-13-01' }), 'policy.bad-time at groups.a.0.from'],
    [withMember({ state: 'XBO', from: '2026-1-1' }), 'policy.bad-time at groups.a.0.from'],
    [withMember({ state: 'XBO', from: '2026-01-01T00:00:00+01:00' }), 'policy.bad-time at groups.a.0.from'],
    [withMember({ state: 'XBO', until: 2026 }), 'policy.wrong-type at groups.a.0.until'],
    [
      withMember({ state: 'XBO', from: '2026-01-01', until: '2026-01-01T00:00:00Z' }),
      'policy.bad-time at groups.a.0.until',
    ],
    [withMember({ state: 'XZZ', until: '2026-01-01' }), 'policy.unknown-state at groups.a.0.state'],
    [withMember({ state: 'north', until: '2026-01-01' }), 'policy.unknown-recipient at groups.a.0.state'],
    [withMember({ state: 'XBO', until: '2026-01-01', for: 1 }), 'policy.unknown-key at groups.a.0.for'],
    [withMember(['XBO']), 'policy.wrong-type at groups.a.0'],
    [
      { comity: 'policy/1', groups: { a: ['XBO', { state: 'XBO', until: '2026-01-01' }] }, rules: [] },
      'policy.duplicate-entry at groups.a.1.state',
    ],
  ])('for %j', (value, fault) => {
    expect(faultsOf(value)).toEqual([fault]);
  });

  test('with all its faults at once', () => {
    const value = {
      comity: 'policy/1',
      rules: [
        { name: 'A', to: ['XZZ', 'XBO'], mode: 'gossip' },
        { name: 'b', to: ['XBO'], parts: ['victm'] },
      ],
    };
    expect(faultsOf(value).sort()).toEqual([
      'policy.bad-name at rules.0.name',
      'policy.unknown-mode at rules.0.mode',
      'policy.unknown-part at rules.1.parts.0',
      'policy.unknown-state at rules.0.to.0',
    ]);
  });

  test('with messages that show no more than a line of it', () => {
    try {
      parsePolicy(withRule({ purpose: ['x'.repeat(10_000)] }), context);
      expect.unreachable();
    } catch (error) {
      expect((error as DocumentFaults).faults[0]?.message.length).toBeLessThan(120);
    }
  });
});

describe('the digest of a policy', () => {
  test('is that of its plain value, in any order of keys', () => {
    // {"rules": [], "comity": "policy/1"}
    const cbor = fromHex('a26572756c65738066636f6d69747968706f6c6963792f31');
    expect(policyDigest({ comity: 'policy/1', rules: [] })).toBe(toHex(sha256(cbor)));
    expect(policyDigest({ rules: [], comity: 'policy/1' })).toBe(
      policyDigest({ comity: 'policy/1', rules: [] }),
    );
    expect(policyDigest({ rules: [{}], comity: 'policy/1' })).not.toBe(
      policyDigest({ comity: 'policy/1', rules: [] }),
    );
  });

  test('writes a ratio as its shortest decimal text', () => {
    const rules = [{ a: 0.2 }, { a: 0.07 }, { a: 0.99 }];
    expect(rules.map(policyDigest)).toEqual(
      [{ a: '0.2' }, { a: '0.07' }, { a: '0.99' }].map((rule) => policyDigest(rule)),
    );
    expect(policyDigest({ a: 1.0 })).toBe(policyDigest({ a: 1 }));
  });

  test.each([1.5, 0.005, 0.123, -0.2, Number.NaN, undefined, () => 0, { a: { b: 2 ** 53 } }])(
    'does not exist for %s',
    (value) => {
      expect(() => policyDigest(value)).toThrow(expect.objectContaining({ code: 'policy.wrong-type' }));
    },
  );

  test('does not exist for a value nested without end', () => {
    const value: unknown[] = [];
    value.push(value);
    expect(() => policyDigest(value)).toThrow(expect.objectContaining({ code: 'policy.wrong-type' }));
  });
});
