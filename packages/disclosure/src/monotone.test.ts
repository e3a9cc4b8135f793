// What never releases more (DISCLOSURE §3): each law compares a decision with one about the same case, hardened.

import { signerFromSeed } from '@comity/ed25519';
import { closeUpward } from '@comity/record';
import fc from 'fast-check';
import { beforeAll, expect, test, vi } from 'vitest';

import { type Case, decide, drawCase, drawPool } from './cases.test-support.ts';
import { drawApproval } from './circumstances.test-support.ts';
import { digestOf, type PlainPolicy, type PlainRule } from './plain-policy.test-support.ts';
import {
  drawLimit,
  drawMerged,
  drawNarrowed,
  drawNeed,
  drawPolicy,
  drawRatio,
  drawRule,
} from './questions.test-support.ts';
import type { ApprovalFact, Situation } from './situation.ts';
import { cases, withinMs } from './slice.test-support.ts';
import { Draw, type SampleRecord } from './world.test-support.ts';

vi.setConfig({ testTimeout: withinMs(300_000) });

const seeds = fc.nat(0x7fff_ffff);
let pool: SampleRecord[];

beforeAll(async () => {
  pool = await drawPool(240, signerFromSeed(new Uint8Array(32).fill(7)));
});

/** `less`: in how many cases less is released than before, at least. */
function check(
  name: string,
  {
    seed,
    less,
    from = drawPolicy,
  }: { readonly seed: number; readonly less: number; readonly from?: typeof drawPolicy },
  harden: (given: Case, draw: Draw) => Partial<Case>,
): void {
  test(`no more is released when ${name}`, () => {
    const seen = { before: 0, less: 0 };
    fc.assert(
      fc.property(seeds, (caseSeed) => {
        const given = drawCase(pool, caseSeed, false, from);
        const hardened = { ...given, ...harden(given, new Draw(caseSeed ^ seed)) };
        const before = decide(given).released;
        const after = decide(hardened).released;
        if (before.size > 0) seen.before += 1;
        if (after.size < before.size) seen.less += 1;
        expect([...after].filter((digest) => !before.has(digest))).toEqual([]);
      }),
      { numRuns: cases(700), seed },
    );
    expect(seen.before).toBeGreaterThan(30);
    expect(seen.less).toBeGreaterThan(less);
  });
}

/** A policy in which every permit needs approval. */
function guardedPolicy(draw: Draw): PlainPolicy {
  const policy = drawPolicy(draw);
  const rules = policy.rules.map((rule) =>
    rule.effect === 'forbid' ? rule : { ...rule, approve: rule.approve ?? drawNeed(draw) },
  );
  return { ...policy, rules };
}

/** The policy with one of its permitting rules replaced. */
function withPermit(
  policy: PlainPolicy,
  draw: Draw,
  change: (rule: PlainRule) => PlainRule | undefined,
): Partial<Case> {
  const permits = policy.rules.filter(({ effect }) => effect !== 'forbid');
  const chosen = permits.length > 0 ? draw.one(permits) : undefined;
  const rules = policy.rules.flatMap((rule) => (rule === chosen ? (change(rule) ?? []) : rule));
  return { policy: { ...policy, rules } };
}

const saying = (situation: Situation, ...more: ApprovalFact[]): Situation => ({
  ...situation,
  approvals: [...(situation.approvals ?? []), ...more],
});

check('a rule that permits is removed', { seed: 11, less: 25 }, ({ policy }, draw) =>
  withPermit(policy, draw, () => undefined),
);

check('a rule that forbids is added', { seed: 12, less: 25 }, ({ policy }, draw) => {
  const { profile: _, after: __, from: ___, approve: ____, ...rule } = drawRule(draw, 'added');
  return { policy: { ...policy, rules: [...policy.rules, { ...rule, effect: 'forbid' }] } };
});

check('a rule comes to need approval, or more of it', { seed: 13, less: 20 }, ({ policy }, draw) =>
  withPermit(policy, draw, (rule) => ({ ...rule, approve: drawNeed(draw) })),
);

check('a rule gets an embargo', { seed: 14, less: 25 }, ({ policy }, draw) =>
  withPermit(policy, draw, (rule) => {
    if (rule.after !== undefined) return rule;
    const from = draw.one(['issued', 'occurred', 'detected', 'aware']);
    return { ...rule, after: draw.one(['PT1S', 'PT15M', 'P1D']), from };
  }),
);

check('a limit is added', { seed: 15, less: 8 }, ({ policy }, draw) => ({
  policy: { ...policy, limits: [...(policy.limits ?? []), drawLimit(draw)] },
}));

check('reciprocity is asked for', { seed: 16, less: 12 }, ({ policy }, draw) => ({
  policy: { ...policy, reciprocity: [...(policy.reciprocity ?? []), drawRatio(draw)] },
}));

check('the account says more', { seed: 17, less: 8 }, ({ situation }, draw) => {
  const { account } = situation;
  if (account === undefined) return {};
  const received = Math.max(account.received - draw.below(3), 0);
  const more = draw.below(4);
  return {
    situation: {
      ...situation,
      account: {
        ...account,
        received,
        already: new Set(draw.some([...account.already])),
        releasesSince: (fromSeconds) => account.releasesSince(fromSeconds) + more,
      },
    },
  };
});

check('more was held before', { seed: 29, less: 3 }, ({ policy, situation, view }, draw) => {
  const { account } = situation;
  const entries = [...(policy.limits ?? []), ...(policy.reciprocity ?? [])];
  if (account === undefined || entries.length === 0) return {};
  const parts = new Set(draw.some(view.parts.map(({ digest }) => digest)));
  const more = { entry: digestOf(draw.one(entries)), mode: situation.mode, parts };
  return { situation: { ...situation, account: { ...account, held: [...(account.held ?? []), more] } } };
});

check('an officer rejects', { seed: 18, less: 8, from: guardedPolicy }, (given, draw) => {
  const { policy, situation } = given;
  const asking = [
    ...policy.rules.filter(({ approve }) => approve).map((rule) => [rule.name, rule] as const),
    ...(policy.limits ?? []).map((entry, index) => [`limits[${index}]`, entry] as const),
  ];
  if (asking.length === 0) return {};
  const [name, written] = draw.one(asking);
  const rejection = { ...drawApproval(draw, given, name, written), decision: 'reject' } as const;
  return { situation: saying(situation, rejection) };
});

check('nobody has approved', { seed: 19, less: 30, from: guardedPolicy }, ({ situation }) => ({
  situation: {
    ...situation,
    approvals: (situation.approvals ?? []).filter(({ decision }) => decision === 'reject'),
  },
}));

/** Officers whose word only ever lets go. With one who also rejects, his rejections would fall away too. */
const approving = ({ approvals = [] }: Situation): string[] =>
  ['anna', 'ben', 'cleo'].filter(
    (name) => !approvals.some(({ officer, decision }) => officer === name && decision === 'reject'),
  );

check('an officer has rejected, and that has ended', { seed: 30, less: 20 }, (given, draw) => {
  const { policy, situation } = given;
  const drawn = draw.one(policy.rules);
  const rejection = {
    ...drawApproval(draw, given, drawn.name, drawn),
    // His word alone: a later rejection that has ended would replace one that has not.
    officer: approving(situation)[0] ?? 'carla',
    decision: 'reject',
    atSeconds: situation.atSeconds - 60,
    notAfterSeconds: situation.atSeconds - draw.below(2),
  } as const;
  return { situation: saying(situation, rejection) };
});

check('an officer loses his roles', { seed: 20, less: 6, from: guardedPolicy }, ({ situation }) => {
  const [first] = approving(situation);
  const approvals = (situation.approvals ?? []).map((fact) =>
    fact.officer === first ? { ...fact, roles: [] } : fact,
  );
  return { situation: { ...situation, approvals } };
});

check('an officer is none any more', { seed: 27, less: 8, from: guardedPolicy }, ({ situation }, draw) => {
  const officer = draw.one(['anna', 'ben', 'cleo']);
  // His approvals count until then, and his rejections on (approval.md 4.5).
  const untilSeconds = situation.atSeconds - draw.one([0, 1, 600]);
  const approvals = (situation.approvals ?? []).map((fact) =>
    fact.officer === officer && fact.decision === 'approve'
      ? { ...fact, notAfterSeconds: Math.min(fact.notAfterSeconds, untilSeconds) }
      : fact,
  );
  return { situation: { ...situation, approvals } };
});

check(
  'an officer turns out to be the author',
  { seed: 21, less: 0, from: guardedPolicy },
  ({ situation }) => {
    // Of Dora nothing is ever heard: nobody's word falls away with her.
    const { author } = situation;
    const [first] = author === 'dora' ? approving(situation) : [author];
    return { situation: { ...situation, ...(first !== undefined && { author: first }) } };
  },
);

check('the author is proven no longer', { seed: 28, less: 3, from: guardedPolicy }, ({ situation, view }) => {
  // Who was only named does not count; who has signed counts again as one of those who may be the author.
  if (situation.isAuthorProven !== true || situation.holder !== view.header.issuer) return {};
  const { author: _, ...unproven } = situation;
  return { situation: { ...unproven, isAuthorProven: false } };
});

check('there is no consent', { seed: 22, less: 1 }, ({ situation }) => ({
  situation: { ...situation, consents: [] },
}));

check('the originator bars the recipient', { seed: 23, less: 25 }, ({ situation, recipient }) => ({
  situation: { ...situation, barredBy: () => new Set([recipient.state]) },
}));

check('a ceiling is lowered', { seed: 24, less: 25 }, ({ recipient, situation }, draw) => {
  const { levels } = situation.holderScheme;
  const place = levels.findIndex(({ id }) => id === recipient.ceiling);
  return { recipient: { ...recipient, ceiling: levels[draw.below(place + 1)]?.id as string } };
});

check('a recognition grants less', { seed: 25, less: 25 }, ({ recipient }, draw) => ({
  recipient: {
    ...recipient,
    community: recipient.community && draw.once(2),
    categories: recipient.categories.map(({ set, values }) => ({ set, values: draw.some(values) })),
    outbound: {
      ...recipient.outbound,
      levels: new Map([...recipient.outbound.levels].filter(() => !draw.once(3))),
    },
  },
}));

check(
  'less of the record is held, and so by merging never beyond the whole',
  { seed: 26, less: 25 },
  ({ sample, view }, draw) => ({
    view: view === sample.view ? drawMerged(draw, view) : drawNarrowed(draw, view),
  }),
);

test('what is released stands in what is released, and what is held is not handed over', () => {
  let held = 0;
  fc.assert(
    fc.property(seeds, (seed) => {
      const given = drawCase(pool, seed, true);
      const decision = decide(given);
      expect([...closeUpward(given.view, [...decision.released])].sort()).toEqual(
        [...decision.released].sort(),
      );
      expect([...decision.held].filter((digest) => decision.released.has(digest))).toEqual([]);
      if (decision.outcome !== 'release') expect(decision.released.size).toBe(0);
      if (decision.outcome === 'withhold') expect(decision.held.size).toBe(0);
      if (decision.held.size > 0) held += 1;
    }),
    { numRuns: cases(1_500), seed: 31 },
  );
  expect(held).toBeGreaterThan(100);
});

test('the order of limits and of reciprocity changes no outcome', () => {
  let several = 0;
  fc.assert(
    fc.property(seeds, (seed) => {
      const given = drawCase(pool, seed, false);
      const { limits = [], reciprocity = [] } = given.policy;
      // What officers say names an entry by its place.
      const approvals = (given.situation.approvals ?? []).filter(({ rule }) => !rule.includes('['));
      const situation = { ...given.situation, approvals };
      const policy = {
        ...given.policy,
        limits: limits.toReversed(),
        reciprocity: reciprocity.toReversed(),
      };
      const before = decide({ ...given, situation });
      const after = decide({ ...given, situation, policy });
      if (limits.length + reciprocity.length > 1 && before.outcome !== 'withhold') several += 1;
      const outcomes = ({ outcome, parts }: typeof before): string =>
        [outcome, ...parts.map((part) => `${part.outcome} ${part.reason}`)].join();
      expect(outcomes(after)).toBe(outcomes(before));
    }),
    { numRuns: cases(1_500), seed: 32 },
  );
  expect(several).toBeGreaterThan(50);
});
