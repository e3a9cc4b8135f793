// What waits: for a time, for officers, for a limit; and what officers say about it.

import { signerFromSeed } from '@comity/ed25519';
import { issueRecord, narrowView, parseDraft, type View } from '@comity/record';
import { beforeAll, describe, expect, test } from 'vitest';

import type { CompiledPolicy } from './compile.ts';
import { decideRecord } from './decide.ts';
import type { RecordDecision } from './decision.ts';
import { explainRecord } from './explain.ts';
import {
  ARCADIA,
  issueIncident,
  LABEL,
  NOW,
  policyOf,
  recognition,
  situation,
  statement,
} from './incident.test-support.ts';
import type { Account, ApprovalFact, Situation } from './situation.ts';
import { entropyFrom, stateByCode } from './world.test-support.ts';

const signer = signerFromSeed(new Uint8Array(32).fill(9));
const HOUR = 3_600;

let view: View;
beforeAll(async () => {
  view = await issueIncident(signer, {
    content: { detectedAt: '2025-12-31T20:00:00Z' },
    labels: { detectedAt: LABEL },
  });
});

const digestOf = (path: string): string =>
  view.parts.find(({ pathText }) => pathText === path)?.digest as string;
const allParts = (): string[] => view.parts.map(({ digest }) => digest);

const decide = (policy: CompiledPolicy, asked: Partial<Situation> = {}, seen: View = view): RecordDecision =>
  decideRecord(seen, recognition(), situation(asked), policy);

/** What is said of a part, without its path and digest. */
function about({ envelope, parts }: RecordDecision, wanted: string): object {
  const found = [envelope, ...parts].find((part) => part.path === wanted);
  const { path: _, digest: __, ...said } = found as (typeof parts)[number];
  return said;
}

describe('an embargo', () => {
  const policy = policyOf([{ after: 'PT6H' }]);

  test('withholds until its second, which is told, and then lets go', () => {
    const before = decide(policy, { atSeconds: NOW + 6 * HOUR - 1 });
    expect(before.outcome).toBe('withhold');
    expect(before.envelope).toEqual({
      path: 'envelope',
      digest: '',
      outcome: 'withhold',
      reason: 'embargo',
      rule: 'rule-1',
      fromSeconds: NOW + 6 * HOUR,
    });
    expect(about(before, 'title')).toEqual({ outcome: 'withhold', reason: 'ancestor-withheld' });
    expect(decide(policy, { atSeconds: NOW + 6 * HOUR }).outcome).toBe('release');
  });

  test('runs from what the record states, and permits nothing where it does not state it', () => {
    const from = (anchor: string): CompiledPolicy => policyOf([{ after: 'PT6H', from: anchor }]);
    expect(decide(from('detected'), { atSeconds: NOW + 2 * HOUR }).outcome).toBe('release');
    expect(decide(from('detected'), { atSeconds: NOW + 2 * HOUR - 1 }).envelope).toMatchObject({
      reason: 'embargo',
      fromSeconds: NOW + 2 * HOUR,
    });
    expect(decide(from('occurred'), { atSeconds: NOW + 1_000 * HOUR }).envelope).toMatchObject({
      reason: 'no-permit',
    });
    // Withheld from the holder itself, it may have any value.
    const narrowed = narrowView(view, new Set([digestOf('title')]));
    expect(decide(from('detected'), { atSeconds: NOW + 1_000 * HOUR }, narrowed).envelope).toMatchObject({
      reason: 'no-permit',
    });
  });

  test('of another rule does not keep back what one without lets go', () => {
    const decision = decide(policyOf([{ after: 'PT6H' }, { parts: ['title'] }]));
    expect(about(decision, 'title')).toEqual({ outcome: 'release', reason: 'permit', rule: 'rule-2' });
    expect(about(decision, 'stage')).toMatchObject({ reason: 'embargo', rule: 'rule-1' });
  });

  test('that ends first is the one that is told, whichever anchor it runs from', () => {
    const decision = decide(
      policyOf([
        { after: 'PT7H' },
        { after: 'PT10H', from: 'detected' },
        { after: 'PT6H', parts: ['title'] },
        { after: 'PT6H' },
      ]),
    );
    // Detected four hours before it was issued.
    expect(decision.envelope).toMatchObject({ rule: 'rule-2', fromSeconds: NOW + 6 * HOUR });
  });
});

describe('a rule that needs approval', () => {
  const two = policyOf([{ approve: { by: 'officer', persons: 2 } }]);
  const said = (...facts: Partial<ApprovalFact>[]): RecordDecision =>
    decide(two, { approvals: facts.map((fact) => statement(two, 'rule-1', allParts(), fact)) });

  test('holds until as many officers approve, and says who is missing', () => {
    const missing = { role: 'officer', persons: 2, have: 0 };
    const decision = decide(two);
    expect(decision.outcome).toBe('hold');
    expect(decision.released.size).toBe(0);
    expect(about(decision, 'envelope')).toEqual({
      outcome: 'hold',
      reason: 'approval-needed',
      rule: 'rule-1',
      missing,
    });
    // Its label keeps it back: there is nothing to approve.
    expect(about(decision, 'overall')).toMatchObject({ outcome: 'withhold', reason: 'originator-control' });
    expect([...decision.held].sort()).toEqual(
      allParts()
        .filter((digest) => digest !== digestOf('overall'))
        .sort(),
    );
    expect(about(said({}), 'title')).toMatchObject({ outcome: 'hold', missing: { ...missing, have: 1 } });
    expect(about(said({}, { officer: 'ben' }), 'title')).toEqual({
      outcome: 'release',
      reason: 'permit',
      rule: 'rule-1',
    });
  });

  test.each<[string, Partial<ApprovalFact>[]]>([
    ['one officer twice', [{}, { atSeconds: NOW - 1 }]],
    ['an officer without the role', [{}, { officer: 'ben', roles: ['release-authority'] }]],
    ['another mode', [{}, { officer: 'ben', mode: 'query' }]],
    ['another purpose', [{}, { officer: 'ben', purpose: 'policy-making' }]],
    ['another rule', [{}, { officer: 'ben', rule: 'rule-2' }]],
    ['a rule that has changed since', [{}, { officer: 'ben', ruleDigest: '00'.repeat(32) }]],
    ['other parts', [{}, { officer: 'ben', parts: new Set(['00'.repeat(32)]) }]],
    ['what has ended', [{}, { officer: 'ben', notAfterSeconds: NOW }]],
    ['what is older than the rule lets it be', [{}, { officer: 'ben', atSeconds: NOW - 30 * 86_400 }]],
    ['what is still to come', [{}, { officer: 'ben', atSeconds: NOW + 1 }]],
  ])('does not count %s', (_what, facts) => {
    expect(about(said(...facts), 'title')).toMatchObject({ outcome: 'hold', missing: { have: 1 } });
  });

  test('does not count the author', () => {
    const approvals = ['anna', 'ben'].map((officer) => statement(two, 'rule-1', allParts(), { officer }));
    expect(decide(two, { approvals }).outcome).toBe('release');
    expect(decide(two, { approvals, author: 'ben' }).outcome).toBe('hold');
  });

  test('needs one officer more where the author is not proven, since any of them could be he', () => {
    const by = (...officers: string[]): ApprovalFact[] =>
      officers.map((officer) => statement(two, 'rule-1', allParts(), { officer }));
    const { author: _, ...nobody } = situation();
    const byWhom: (Omit<Situation, 'author'> & Partial<Situation>)[] = [
      { ...nobody, isAuthorProven: false },
      nobody,
      situation({ isAuthorProven: false }),
    ];
    const given = (of: (typeof byWhom)[number], ...officers: string[]): RecordDecision =>
      decideRecord(view, recognition(), { ...of, approvals: by(...officers) }, two);
    const needsThree = { role: 'officer', persons: 3, have: 2 };
    for (const unproven of byWhom) {
      expect(about(given(unproven), 'title')).toMatchObject({ missing: { ...needsThree, have: 0 } });
      expect(about(given(unproven, 'anna', 'ben'), 'title')).toMatchObject({ missing: needsThree });
      expect(given(unproven, 'anna', 'ben', 'cleo').outcome).toBe('release');
    }
    // Who is named as author and has not signed it does not count either.
    const named = situation({ author: 'anna', isAuthorProven: false });
    expect(about(given(named, 'anna', 'ben', 'cleo'), 'title')).toMatchObject({ missing: needsThree });
    expect(given(situation(), 'anna', 'ben').outcome).toBe('release');
    // Remembered of a record whose author is proven, nothing is taken for one whose author is not, nor the other way round.
    expect(about(given(situation()), 'title')).toMatchObject({ missing: { persons: 2 } });
    expect(about(given(nobody), 'title')).toMatchObject({ missing: { persons: 3 } });
  });

  test('says in an explanation how many it needs', () => {
    const trace = explainRecord(view, recognition(), situation({ isAuthorProven: false }), two).parts.find(
      ({ path }) => path === 'title',
    );
    expect(trace?.rules[0]?.approval).toEqual({ role: 'officer', persons: 3, have: 0 });
  });

  test('is outweighed by one officer who rejects', () => {
    const decision = said({}, { officer: 'ben' }, { officer: 'cleo', decision: 'reject' });
    expect(about(decision, 'title')).toEqual({ outcome: 'withhold', reason: 'rejected', rule: 'rule-1' });
    expect(decision.outcome).toBe('withhold');
  });

  test('takes the last word of an officer, also when that has ended', () => {
    const both = { officer: 'ben', atSeconds: NOW - 10 };
    expect(said({ decision: 'reject' }, { atSeconds: NOW - 20 }, both).outcome).toBe('release');
    expect(said({}, { decision: 'reject', atSeconds: NOW - 20 }, both).outcome).toBe('withhold');
    const ended = { decision: 'reject', atSeconds: NOW - 20, notAfterSeconds: NOW - 5 } as const;
    expect(about(said({}, ended, both), 'title')).toMatchObject({ outcome: 'hold', missing: { have: 1 } });
    // In one second the rejection counts, whatever the order.
    expect(said({ decision: 'reject' }, {}, both).outcome).toBe('withhold');
    expect(said({}, { decision: 'reject' }, both).outcome).toBe('withhold');
  });

  test('lets go the parts that were approved, and the envelope with them', () => {
    const one = policyOf([{ approve: { by: 'officer' } }]);
    const approvals = [
      statement(one, 'rule-1', [digestOf('title')]),
      statement(one, 'rule-1', [digestOf('stage')], { decision: 'reject' }),
    ];
    const decision = decide(one, { approvals });
    expect(decision.outcome).toBe('release');
    expect([...decision.released]).toEqual([digestOf('title')]);
    expect(about(decision, 'stage')).toMatchObject({ outcome: 'withhold', reason: 'rejected' });
    expect(about(decision, 'severity')).toMatchObject({ outcome: 'hold', reason: 'approval-needed' });
    expect(decision.held.has(digestOf('severity'))).toBe(true);
  });

  test('does not hold what another rule lets go, nor what is under embargo', () => {
    const open = decide(policyOf([{ approve: { by: 'officer' } }, { parts: ['title'] }]));
    expect([...open.released]).toEqual([digestOf('title')]);
    expect(decide(policyOf([{ approve: { by: 'officer' }, after: 'PT1H' }])).envelope).toMatchObject({
      outcome: 'withhold',
      reason: 'embargo',
    });
  });

  test('holds what stands inside a held part, and keeps what is withheld there', () => {
    const decision = decide(
      policyOf(
        [
          { parts: ['victim'], approve: { by: 'officer' }, profile: 'lean' },
          { parts: ['victim.name'] },
          { parts: ['title'] },
          { parts: ['victim.country'], effect: 'forbid' },
        ],
        undefined,
        { profiles: { lean: { drop: ['victim.contact'] } } },
      ),
    );
    // The way to the name is open: so the map goes with it, though as a whole it waits.
    expect(about(decision, 'victim')).toEqual({ outcome: 'release', reason: 'permit', rule: 'rule-2' });
    expect(about(decision, 'victim.name')).toMatchObject({ outcome: 'release', rule: 'rule-2' });
    const held = decide(
      policyOf([
        { parts: ['victim'], approve: { by: 'officer' } },
        { parts: ['title'] },
        { parts: ['victim.country'], effect: 'forbid' },
      ]),
    );
    expect(about(held, 'victim')).toMatchObject({ outcome: 'hold', reason: 'approval-needed' });
    expect(about(held, 'victim.name')).toMatchObject({ outcome: 'hold', reason: 'approval-needed' });
    expect(about(held, 'victim.country')).toMatchObject({ outcome: 'withhold', reason: 'forbid' });
  });
});

describe('a way', () => {
  const limits = [{ to: ['XBO'], releases: 1, per: 'P1D', then: 'hold' }];
  const account: Account = { already: new Set(), releasesSince: () => 1, given: 0, received: 0 };

  test('waits with what waits inside it', () => {
    const policy = policyOf([{ parts: ['victim.name'] }], undefined, { limits });
    const decision = decide(policy, { account });
    expect(about(decision, 'victim')).toEqual({ outcome: 'hold', reason: 'part-held', rule: 'rule-1' });
    expect(about(decision, 'victim.name')).toMatchObject({ reason: 'limit', rule: 'limits[0]' });
    expect(about(decision, 'victim.country')).toMatchObject({ outcome: 'withhold', reason: 'no-permit' });
    expect([...decision.held].sort()).toEqual([digestOf('victim'), digestOf('victim.name')].sort());
  });

  test('that waits itself leads nowhere where nothing inside it waits', () => {
    const policy = policyOf([
      { parts: ['victim.name'], approve: { by: 'officer' } },
      { parts: ['victim.name'], effect: 'forbid' },
      { parts: ['title'] },
    ]);
    expect(about(decide(policy), 'victim')).toEqual({ outcome: 'withhold', reason: 'no-permit' });
  });

  test('holds what it leads to until it is approved itself', () => {
    const policy = policyOf([{ parts: ['victim.name'], approve: { by: 'officer' } }, { parts: ['title'] }]);
    const approve = (...paths: string[]): RecordDecision =>
      decide(policy, { approvals: [statement(policy, 'rule-1', paths.map(digestOf))] });
    expect(about(approve('victim.name'), 'victim')).toMatchObject({ reason: 'approval-needed' });
    expect(about(approve('victim.name'), 'victim.name')).toEqual({
      outcome: 'hold',
      reason: 'ancestor-held',
    });
    expect(approve('victim', 'victim.name').released.has(digestOf('victim.name'))).toBe(true);
  });
});

describe('limits and reciprocity', () => {
  const LIMIT = { to: ['XBO'], releases: 1, per: 'P1D', then: 'hold' as const };
  const approve = { by: 'officer' };
  const limited = policyOf([{}], undefined, {
    groups: { soon: [{ state: 'XBO', from: '2026-01-02' }] },
    limits: [
      { to: ['XCA'], releases: 1, per: 'PT1H', then: 'hold' },
      { to: ['XBO'], releases: 3, per: 'P7D', then: 'hold', approve },
      { to: ['soon'], releases: 1, per: 'P7D', then: 'hold' },
    ],
    reciprocity: [{ to: ['XBO'], 'when-ratio-below': 0.2, releases: 10, then: 'hold' }],
  });
  const account = (changes: Partial<Account> = {}): Account => ({
    already: new Set(),
    releasesSince: () => 0,
    given: 0,
    received: 0,
    ...changes,
  });
  const spent = account({ releasesSince: (from) => (from === NOW - 7 * 86_400 ? 3 : 0) });

  test('let go what stays below them', () => {
    expect(decide(limited, { account: account({ releasesSince: () => 2 }) }).outcome).toBe('release');
    expect(decide(limited, { account: account({ given: 9 }) }).outcome).toBe('release');
    expect(decide(limited, { account: account({ given: 10, received: 2 }) }).outcome).toBe('release');
  });

  test('hold what is new where they are reached', () => {
    const already = new Set([digestOf('title')]);
    const decision = decide(limited, { account: { ...spent, already } });
    expect(about(decision, 'envelope')).toMatchObject({ outcome: 'release' });
    expect(about(decision, 'stage')).toEqual({
      outcome: 'hold',
      reason: 'limit',
      rule: 'limits[1]',
      missing: { role: 'officer', persons: 1, have: 0 },
    });
    expect([...decision.released]).toEqual([digestOf('title')]);
    expect(decide(limited, { account: spent }).outcome).toBe('hold');
    expect(about(decide(limited, { account: account({ given: 10, received: 1 }) }), 'stage')).toMatchObject({
      reason: 'reciprocity',
      rule: 'reciprocity[0]',
      missing: { role: 'release-authority' },
    });
  });

  test('hold for a state in a group while it is in it', () => {
    const once = account({ releasesSince: () => 1 });
    const at = (atSeconds: number): RecordDecision => decide(limited, { account: once, atSeconds });
    expect(at(NOW + 86_399).outcome).toBe('release');
    expect(about(at(NOW + 86_400), 'title')).toMatchObject({ rule: 'limits[2]' });
  });

  test('let go what officers approve, part by part, and withhold what one rejects', () => {
    const [title, stage] = [digestOf('title'), digestOf('stage')];
    const approvals = [
      statement(limited, 'limits[1]', [title]),
      statement(limited, 'limits[1]', [stage], { officer: 'ben', decision: 'reject' }),
    ];
    const decision = decide(limited, { account: spent, approvals });
    expect([...decision.released]).toEqual([title]);
    expect(about(decision, 'stage')).toEqual({
      outcome: 'withhold',
      reason: 'rejected',
      rule: 'limits[1]',
    });
  });

  test('do not judge a retraction: whoever was handed the record does not wait to be told', async () => {
    const draft = {
      type: 'retraction',
      retracts: view.header.id,
      label: LABEL,
      content: { reason: { en: 'A mistake' }, requestedAction: 'cease-use' },
    };
    const { scheme, id: issuer } = ARCADIA;
    const parsed = parseDraft(draft, { scheme, stateOf: stateByCode, atSeconds: NOW });
    const options = { issuer, scheme, atSeconds: NOW, entropy: entropyFrom(2), signer };
    const retraction = (await issueRecord(parsed, options)).view;
    const reached = account({ releasesSince: () => 3, given: 10, received: 1 });
    const [entry] = limited.policy.limits.slice(1);
    const parts = new Set(retraction.parts.map(({ digest }) => digest));
    const held = account({ held: [{ entry: entry?.digest as string, mode: 'push', parts }] });
    for (const each of [reached, held]) {
      expect(decide(limited, { account: each }, retraction).released).toEqual(parts);
      const { entries } = explainRecord(retraction, recognition(), situation({ account: each }), limited)
        .parts[0] as { entries: readonly unknown[] };
      expect(entries).toEqual([]);
    }
    // A letter is for whom its writer names, whatever he was handed.
    const letters = policyOf([{ mode: ['letter'] }], undefined, { limits: [{ ...LIMIT, releases: 3 }] });
    const asked = situation({ account: reached, mode: 'letter' });
    const toPerson = recognition({ officer: 'otto' });
    expect(decideRecord(retraction, toPerson, asked, letters).outcome).toBe('hold');
    // Nothing else lets it by: rules are asked as ever.
    const guarded = policyOf([{ approve }], undefined, { limits: [LIMIT] });
    expect(decide(guarded, { account: reached }, retraction).envelope.reason).toBe('approval-needed');
    const forbidding = policyOf([{}, { effect: 'forbid' }], undefined, { limits: [LIMIT] });
    expect(decide(forbidding, { account: reached }, retraction).envelope.reason).toBe('forbid');
    expect(decide(guarded, {}, retraction).envelope.reason).toBe('decision-error');
  });

  test('need an account, and one in whole numbers', () => {
    const causes: unknown[] = [];
    const policy = policyOf([{}], ({ error }) => causes.push((error as { code: string }).code), {
      limits: [{ to: ['XBO'], releases: 1, per: 'P1D', then: 'hold' }],
      reciprocity: [{ to: ['XBO'], 'when-ratio-below': 0.5, then: 'hold' }],
    });
    for (const given of [
      undefined,
      account({ releasesSince: () => Number.NaN }),
      account({ given: -1 }),
      account({ given: 1, received: 0.5 }),
    ]) {
      const decision = decide(policy, given === undefined ? {} : { account: given });
      expect(decision.outcome).toBe('withhold');
      expect(decision.envelope.reason).toBe('decision-error');
    }
    expect(causes).toEqual(Array(4).fill('disclosure.no-account'));
    causes.length = 0;
    expect(decideRecord(view, recognition({ state: NOBODY }), situation(), policy).outcome).toBe('withhold');
    expect(causes).toEqual([]);
  });

  test('need one also where nothing would go, and the trace says the same', () => {
    const causes: unknown[] = [];
    const policy = policyOf([], ({ error }) => causes.push((error as { code: string }).code), {
      limits: [{ to: ['XBO'], releases: 1, per: 'P1D', then: 'hold' }],
    });
    expect(decide(policy, { account: account() }).envelope.reason).toBe('no-permit');
    for (const given of [
      undefined,
      account({ releasesSince: () => Number.NaN }),
      account({ given: -1 }),
      account({ received: 0.5 }),
    ]) {
      const asked = situation(given === undefined ? {} : { account: given });
      expect(decideRecord(view, recognition(), asked, policy).envelope.reason).toBe('decision-error');
      expect(explainRecord(view, recognition(), asked, policy).envelope.reason).toBe('decision-error');
    }
    expect(causes).toEqual(Array(8).fill('disclosure.no-account'));
  });
});

const NOBODY = '00'.repeat(32) as ReturnType<typeof recognition>['state'];
