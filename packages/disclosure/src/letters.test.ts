// Mode letter: the one way of what is for named persons alone (DISCLOSURE §1, M4).

import { signerFromSeed } from '@comity/ed25519';
import type { Label } from '@comity/label';
import type { View } from '@comity/record';
import fc from 'fast-check';
import { beforeAll, describe, expect, test, vi } from 'vitest';

import { type Case, compiled, drawCase, drawPool } from './cases.test-support.ts';
import { decideRecord } from './decide.ts';
import { explainPart } from './explain.ts';
import {
  type Changes,
  issueIncident,
  policyOf,
  recognition,
  situation,
  statement,
} from './incident.test-support.ts';
import { digestOf, type PlainPolicy, type PlainRule } from './plain-policy.test-support.ts';
import type { Recipient, Situation } from './situation.ts';
import { cases, withinMs } from './slice.test-support.ts';
import { type SampleRecord, STATES } from './world.test-support.ts';

vi.setConfig({ testTimeout: withinMs(300_000) });

const signer = signerFromSeed(new Uint8Array(32).fill(9));
const incident = (changes?: Changes): Promise<View> => issueIncident(signer, changes);
const [, borealis, caldera] = STATES;
const letter = (changes: Partial<Situation> = {}): Situation => situation({ mode: 'letter', ...changes });
const anna = (changes: Partial<Recipient> = {}): Recipient => recognition({ officer: 'anna', ...changes });
const LETTERS = [{ mode: ['letter'] }];

describe('a part marked RED', () => {
  let view: View;
  beforeAll(async () => {
    view = await incident({
      envelope: { classification: 'unclassified', tlp: null, releasableTo: ['XAR', 'XBO', 'XCA'] },
      labels: { title: { tlp: 'RED' } },
    });
  });

  const titleOf = (recipient: Recipient, asked: Situation): string => {
    const digest = view.parts.find(({ pathText }) => pathText === 'title')?.digest as string;
    const trace = explainPart(
      view,
      digest,
      recipient,
      asked,
      policyOf([{ mode: [...new Set(['letter', asked.mode])] }]),
    );
    const failed = trace?.checks.find(({ passed }) => !passed);
    const found = failed ?? trace?.checks.find(({ check }) => check === 'M4');
    return `${trace?.outcome}, ${found?.check}: ${found?.why}`;
  };

  test.each<[string, Recipient, Situation, string]>([
    ['to a named officer', anna(), letter(), 'release, M4: named-individual'],
    ['to nobody in particular', recognition(), letter(), 'withhold, M4: named-individuals-only'],
    [
      'to an officer of a state outside the community',
      anna({ community: false }),
      letter(),
      'withhold, M4: outside-community',
    ],
    ['unasked, to a node', anna(), situation(), 'withhold, M4: named-individuals-only'],
    ['in answer, to a node', anna(), situation({ mode: 'query' }), 'withhold, M4: named-individuals-only'],
    [
      'in a letter of somebody else’s',
      anna({ state: caldera.id, code: caldera.code }),
      letter({ holder: borealis.id, holderScheme: borealis.scheme }),
      'withhold, M2: letter-of-another',
    ],
    ['above the ceiling', anna({ ceiling: 'unclassified' }), letter(), 'withhold, M3: above-ceiling'],
  ])('%s', (_what, recipient, asked, expected) => {
    expect(titleOf(recipient, asked)).toBe(expected);
  });
});

describe('a rule', () => {
  const outcomeOf = async (rules: Parameters<typeof policyOf>[0]): Promise<string> =>
    decideRecord(await incident(), anna(), letter(), policyOf(rules)).outcome;

  test('that permits letters says so, and one that forbids need not', async () => {
    expect(await outcomeOf([{}])).toBe('withhold');
    expect(await outcomeOf([{ mode: ['push'] }])).toBe('withhold');
    expect(await outcomeOf(LETTERS)).toBe('release');
    expect(await outcomeOf([...LETTERS, { effect: 'forbid' }])).toBe('withhold');
    expect(await outcomeOf([...LETTERS, { effect: 'forbid', mode: ['push'] }])).toBe('release');
  });

  test('of letters alone pushes nothing', async () => {
    const decision = decideRecord(await incident(), anna(), situation(), policyOf(LETTERS));
    expect(decision.outcome).toBe('withhold');
  });

  test('that asks for officers asks them about one person', async () => {
    const view = await incident();
    const policy = policyOf([{ mode: ['letter'], approve: { by: 'officer' } }]);
    const digests = view.parts.map(({ digest }) => digest);
    const said = (addressee?: string) =>
      statement(policy, 'rule-1', digests, {
        mode: 'letter',
        ...(addressee !== undefined && { addressee }),
      });
    const outcome = (recipient: Recipient, approvals: readonly ReturnType<typeof said>[]): string =>
      decideRecord(view, recipient, letter({ approvals }), policy).outcome;
    expect(outcome(anna(), [])).toBe('hold');
    expect(outcome(anna(), [said('anna')])).toBe('release');
    expect(outcome(anna(), [said('bertil'), said()])).toBe('hold');
    expect(outcome(anna({ officer: 'bertil' }), [said('anna')])).toBe('hold');
    // The same recognition asked about again for another officer: nothing is remembered of the first.
    expect(outcome(anna(), [said('anna')])).toBe('release');
  });
});

describe('for every record, policy and recipient', () => {
  const seeds = fc.nat(0x7fff_ffff);
  let pool: SampleRecord[];
  beforeAll(async () => {
    pool = await drawPool(240, signerFromSeed(new Uint8Array(32).fill(7)));
  });

  const labelAt = (label: Label, atSeconds: number): Label =>
    label.succession && label.succession.atSeconds <= atSeconds
      ? labelAt(label.succession.label, atSeconds)
      : label;

  test('what is marked RED goes in letters of its originator to a named officer, and no other way', () => {
    let letters = 0;
    fc.assert(
      fc.property(seeds, (seed) => {
        const drawn = drawCase(pool, seed, true);
        const { view, policy, recipient } = drawn;
        const asked = seed % 2 === 0 ? drawn.situation : { ...drawn.situation, mode: 'letter' as const };
        const { released } = decideRecord(view, recipient, asked, compiled(policy));
        const labels = view.parts.filter(({ digest }) => released.has(digest)).map(({ label }) => label);
        if (labels.length > 0) labels.push(view.header.label);
        const isRed = labels.some((label) => labelAt(label, asked.atSeconds).tlp === 'RED');
        if (asked.mode === 'letter' && labels.length > 0) expect(asked.holder).toBe(view.header.issuer);
        if (!isRed) return;
        letters += 1;
        expect([asked.mode, asked.holder]).toEqual(['letter', view.header.issuer]);
        expect(recipient.officer).toBeDefined();
      }),
      { numRuns: cases(5_000), seed: 31 },
    );
    expect(letters).toBeGreaterThan(10);
  });

  test('a letter shows no more than what would go unasked, were it marked AMBER+STRICT in place of RED', () => {
    let [some, red] = [0, 0];
    fc.assert(
      fc.property(seeds, (seed) => {
        const drawn = drawCase(pool, seed, false);
        const given = { ...drawn, situation: { ...drawn.situation, mode: 'letter' as const } };
        const byLetter = decideRecord(
          given.view,
          given.recipient,
          given.situation,
          compiled(given.policy),
        ).released;
        const twin = unasked(given);
        const byPush = decideRecord(
          twin.view,
          twin.recipient,
          twin.situation,
          compiled(twin.policy),
        ).released;
        if (byLetter.size > 0) some += 1;
        if (byLetter.size > 0 && twin.isChanged) red += 1;
        expect([...byLetter].filter((digest) => !byPush.has(digest))).toEqual([]);
      }),
      { numRuns: cases(4_000), seed: 32 },
    );
    expect(some).toBeGreaterThan(120);
    expect(red).toBeGreaterThan(15);
  });

  /** The same case, where every rule about letters is about what goes unasked, and nothing is RED. */
  function unasked({ view, policy, recipient, situation: asked }: Case): Omit<Case, 'sample'> & {
    readonly isChanged: boolean;
  } {
    const isAbout = ({ mode, effect }: PlainRule): boolean =>
      mode === undefined ? effect === 'forbid' : mode.includes('letter');
    const pairs = policy.rules
      .filter(isAbout)
      .map((rule): [PlainRule, PlainRule] => [rule, { ...rule, mode: ['push'] }]);
    const digests = new Map(pairs.map(([rule, pushing]) => [digestOf(rule), digestOf(pushing)]));
    const pushing: PlainPolicy = { ...policy, rules: pairs.map(([, rule]) => rule) };
    const { officer, ...state } = recipient;
    const approvals = (asked.approvals ?? [])
      .filter(({ mode, addressee }) => mode === 'letter' && addressee === officer)
      .map((fact) => ({
        ...fact,
        mode: 'push',
        ruleDigest: digests.get(fact.ruleDigest) ?? fact.ruleDigest,
      }));
    const softer = softened(view);
    const { account } = asked;
    // What was held in letters is what would have been held unasked.
    const held = account?.held
      ?.filter(({ mode }) => mode === 'letter')
      .map((each) => ({ ...each, mode: 'push' }));
    return {
      view: softer ?? view,
      policy: pushing,
      recipient: state,
      situation: {
        ...asked,
        mode: 'push',
        approvals,
        ...(account && { account: { ...account, ...(held && { held }) } }),
      },
      isChanged: softer !== undefined,
    };
  }

  /** The view with AMBER+STRICT in place of RED; undefined where there is none. */
  function softened(view: View): View | undefined {
    let isChanged = false;
    const soften = (label: Label): Label => {
      if (label.tlp === 'RED') isChanged = true;
      const { succession } = label;
      return {
        ...label,
        ...(label.tlp === 'RED' && { tlp: 'AMBER+STRICT' }),
        ...(succession !== undefined && {
          succession: { ...succession, label: soften(succession.label) as typeof succession.label },
        }),
      };
    };
    const parts = view.parts.map((part): typeof part =>
      Object.create(part, { label: { value: soften(part.label) } }),
    );
    const header = { ...view.header, label: soften(view.header.label) };
    const softer = { parts: { value: parts }, header: { value: header } };
    return isChanged ? (Object.create(view, softer) as View) : undefined;
  }
});
