import { readFileSync } from 'node:fs';
import { fromHex, sha256, toHex } from '@comity/digest';
import { DocumentFaults } from '@comity/fault';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import { parsePolicy } from './parse-policy.ts';
import { policyDigest } from './policy-digest.ts';
import { STATES, stateByCode } from './world.test-support.ts';

const context = { stateOf: stateByCode };
const [arcadia, borealis, caldera] = STATES;

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

// The example of DISCLOSURE §2, without what this version refuses, and with `classification` named as a whole: it is one part.
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
  - name: named-victims
    to: [XBO]
    mode: [query]
    when: { type: incident }
    parts: [victim]
  - name: no-justice-to-xca
    to: [XCA]
    when: { sector: [justice] }
    effect: forbid
`);

describe('a policy', () => {
  test('is read as it is written', () => {
    const policy = parsePolicy(EXAMPLE, context);
    expect([...policy.groups]).toEqual([['northern', ['XBO', 'XCA']]]);
    expect(policy.digest).toBe(policyDigest(EXAMPLE));
    const technical = {
      name: 'technical',
      keep: ['summary', 'classification', 'indicators', 'techniques'],
      drop: ['victim', 'narrative.internal'],
    };
    expect(policy.rules).toEqual([
      {
        name: 'energy-warning',
        effect: 'permit',
        to: ['northern'],
        states: new Set([borealis.id, caldera.id]),
        modes: ['push', 'query'],
        purposes: ['incident-response'],
        when: {
          type: ['incident'],
          sector: ['energy'],
          severity: { scale: 'uk-ncsc', atLeast: 'significant' },
        },
        profile: technical,
      },
      {
        name: 'named-victims',
        effect: 'permit',
        to: ['XBO'],
        states: new Set([borealis.id]),
        modes: ['query'],
        when: { type: ['incident'] },
        parts: ['victim'],
      },
      {
        name: 'no-justice-to-xca',
        effect: 'forbid',
        to: ['XCA'],
        states: new Set([caldera.id]),
        when: { sector: ['justice'] },
      },
    ]);
  });

  test('may use registered profiles without declaring them, and a single text for a list of one', () => {
    const [rule] = parsePolicy(
      { comity: 'policy/1', rules: [{ name: 'a', to: 'XAR', mode: 'push', profile: 'public-notice' }] },
      context,
    ).rules;
    expect(rule?.states).toEqual(new Set([arcadia.id]));
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
    ['limits', { comity: 'policy/1', rules: [], limits: [] }, 'policy.unsupported at limits'],
    ['reciprocity', { comity: 'policy/1', rules: [], reciprocity: [] }, 'policy.unsupported at reciprocity'],
    ['an embargo', withRule({ after: 'PT6H' }), 'policy.unsupported at rules.0.after'],
    ['an anchor', withRule({ from: 'issued' }), 'policy.unsupported at rules.0.from'],
    ['an approval', withRule({ approve: {} }), 'policy.unsupported at rules.0.approve'],
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

  test('with all its faults at once', () => {
    const value = {
      comity: 'policy/1',
      rules: [
        { name: 'A', to: ['XZZ', 'XBO'], mode: 'gossip' },
        { name: 'b', to: ['XBO'], parts: ['victm'], after: 'P1D' },
      ],
    };
    expect(faultsOf(value).sort()).toEqual([
      'policy.bad-name at rules.0.name',
      'policy.unknown-mode at rules.0.mode',
      'policy.unknown-part at rules.1.parts.0',
      'policy.unknown-state at rules.0.to.0',
      'policy.unsupported at rules.1.after',
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

  test.each([1.5, Number.NaN, undefined, () => 0, { a: { b: 2 ** 53 } }])(
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
