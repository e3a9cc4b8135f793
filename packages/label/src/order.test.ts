import xar from '@comity/protocol/registries/samples/xar.json' with { type: 'json' };
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  type Combination,
  checkLabel,
  combine,
  dominates,
  effectiveLabel,
  type Label,
  type Pap,
  rankOf,
  type StateId,
  schemeFrom,
  successionsOf,
  type Tlp,
  tlpRank,
} from './index.ts';

const scheme = schemeFrom(xar.scheme);
const STATES = ['a0', 'b0', 'c0', 'd0'].map((byte) => byte.repeat(32) as StateId);
const PURPOSES = ['incident-response', 'legal-compliance', 'policy-making'];

function some<T>(...values: T[]): fc.Arbitrary<T | undefined> {
  return fc.option(fc.constantFrom(...values), { nil: undefined });
}

function subset<T>(values: readonly T[]): fc.Arbitrary<T[] | undefined> {
  return fc.option(fc.shuffledSubarray([...values], { minLength: 1 }), { nil: undefined });
}

/** A label without successions. Most draws leave most dimensions out, so that pairs are often comparable. */
const simple: fc.Arbitrary<Label> = fc
  .record({
    classification: fc.constantFrom(...scheme.levels.map(({ id }) => id)),
    tlp: some<Tlp>('CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED'),
    pap: some<Pap>('CLEAR', 'GREEN', 'AMBER', 'RED'),
    releasableTo: subset(STATES),
    displayOnlyTo: subset(STATES),
    sensitivity: subset(['signals', 'investigation']),
    network: subset(['csirt', 'energy']),
    administrative: subset(['staff', 'media']),
    purposes: subset(PURPOSES),
    handling: subset(['no-print', 'no-copy']),
    reviewAtSeconds: fc.option(fc.nat(9), { nil: undefined }),
    privacyMark: some('Draft', 'Final'),
  })
  .map(({ sensitivity, network, administrative, releasableTo, displayOnlyTo, ...rest }) => {
    const categories = [
      ...(sensitivity ? [{ set: 'sensitivity', values: sensitivity }] : []),
      ...(network ? [{ set: 'network', values: network }] : []),
      ...(administrative ? [{ set: 'administrative', values: administrative }] : []),
    ];
    const shown = displayOnlyTo?.filter((state) => releasableTo?.includes(state) !== true);
    const { tlp, pap, purposes, handling, reviewAtSeconds, privacyMark, classification } = rest;
    return {
      scheme: scheme.id,
      classification,
      ...(tlp && { tlp }),
      ...(pap && { pap }),
      ...(purposes && { purposes }),
      ...(handling && { handling }),
      ...(privacyMark && { privacyMark }),
      ...(reviewAtSeconds !== undefined && { reviewAtSeconds }),
      ...(releasableTo && { releasableTo }),
      ...(categories.length > 0 && { categories }),
      ...(shown !== undefined && shown.length > 0 && { displayOnlyTo: shown }),
    };
  });

/** A label with up to two successions on dates from a small pool, so that the dates of two labels often meet. */
const label: fc.Arbitrary<Label> = fc
  .tuple(
    fc.array(simple, { minLength: 1, maxLength: 3 }),
    fc.shuffledSubarray([10, 20, 30], { minLength: 2 }),
  )
  .map(([chain, dates]) => {
    const sorted = dates.sort((a, b) => a - b);
    return chain.reduceRight<Label>(
      (later, own, index) =>
        index === chain.length - 1
          ? own
          : { ...own, succession: { atSeconds: sorted[index]!, label: later } },
      chain[0]!,
    );
  });

const TIMES = [0, 10, 20, 30];

/** Relaxes or tightens one thing or nothing: neighbours in the order, which two independent draws hardly ever are. */
const related: fc.Arbitrary<[Label, Label]> = fc.oneof(
  fc.tuple(label, label),
  fc.tuple(label, label).chain(([a, b]) => {
    const both = combine([a, b], scheme);
    const whole = 'label' in both ? both.label : a;
    return fc.constantFrom<[Label, Label]>([whole, a], [a, whole], [whole, b], [a, { ...a }]);
  }),
);

/** A reader: the independent model of what a label keeps out. */
const reader = fc.record({
  clearance: fc.nat(4),
  state: fc.constantFrom(...STATES),
  takes: fc.boolean(), // wants it handed over, and not only shown
  holds: fc.subarray(['signals', 'investigation', 'csirt', 'energy']),
  purpose: fc.constantFrom(...PURPOSES),
  circle: fc.nat(5), // the widest TLP circle that is still kept out counts down from 5
  accepts: fc.subarray(['no-print', 'no-copy']),
  action: fc.nat(4),
});
type Reader = typeof reader extends fc.Arbitrary<infer R> ? R : never;

const PAP_ORDER = [undefined, 'CLEAR', 'GREEN', 'AMBER', 'RED'];

function mayUse(label: Label, by: Reader): boolean {
  const values = (set: string) => label.categories?.find((entry) => entry.set === set)?.values;
  const granted = [...(label.releasableTo ?? []), ...((!by.takes && label.displayOnlyTo) || [])];
  return (
    by.clearance >= rankOf(scheme, label.classification)! &&
    by.circle >= tlpRank(label.tlp) &&
    by.action >= PAP_ORDER.indexOf(label.pap) &&
    granted.includes(by.state) &&
    (values('sensitivity') ?? []).every((value) => by.holds.includes(value)) &&
    (values('network')?.some((value) => by.holds.includes(value)) ?? true) &&
    (label.purposes?.includes(by.purpose) ?? true) &&
    (label.handling ?? []).every((rule) => by.accepts.includes(rule))
  );
}

function decided(combination: Combination): Label | undefined {
  return 'label' in combination ? combination.label : undefined;
}

describe('dominance is a partial order', () => {
  test('the arbitrary labels are valid', () => {
    fc.assert(
      fc.property(label, (a) => {
        expect(checkLabel(a, scheme)).toEqual([]);
      }),
    );
  });

  test('reflexive', () => {
    fc.assert(
      fc.property(label, (a) => {
        expect(dominates(a, structuredClone(a), scheme)).toBe(true);
      }),
    );
  });

  test('transitive', () => {
    let chains = 0;
    fc.assert(
      fc.property(related, label, ([a, b], c) => {
        const top = decided(combine([a, c], scheme)) ?? c;
        for (const [x, y, z] of [
          [top, a, b],
          [a, b, c],
          [top, c, b],
        ] as const) {
          if (!dominates(x, y, scheme) || !dominates(y, z, scheme)) continue;
          chains += 1;
          expect(dominates(x, z, scheme)).toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
    expect(chains).toBeGreaterThan(15);
  });

  test('antisymmetric: labels that dominate each other restrict the same at any time', () => {
    let pairs = 0;
    fc.assert(
      fc.property(related, reader, ([a, b], by) => {
        if (!dominates(a, b, scheme) || !dominates(b, a, scheme)) return;
        pairs += 1;
        for (const at of TIMES) {
          expect(mayUse(effectiveLabel(a, at), by)).toBe(mayUse(effectiveLabel(b, at), by));
          expect(effectiveLabel(a, at).classification).toBe(effectiveLabel(b, at).classification);
          expect(effectiveLabel(a, at).tlp).toBe(effectiveLabel(b, at).tlp);
        }
      }),
      { numRuns: 1_000 },
    );
    expect(pairs).toBeGreaterThan(15);
  });

  test('whoever a dominating label lets in, the dominated one lets in, at any time', () => {
    let admitted = 0;
    fc.assert(
      fc.property(related, reader, ([a, b], by) => {
        if (!dominates(a, b, scheme)) return;
        for (const at of TIMES) {
          if (!mayUse(effectiveLabel(a, at), by)) continue;
          admitted += 1;
          expect(mayUse(effectiveLabel(b, at), by)).toBe(true);
        }
      }),
      { numRuns: 5_000 },
    );
    expect(admitted).toBeGreaterThan(15);
  });
});

describe('combination', () => {
  test('whenever it is decided it is valid and dominates each label', () => {
    let count = 0;
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 4 }), (labels) => {
        const whole = decided(combine(labels, scheme));
        if (whole === undefined) return;
        count += 1;
        expect(checkLabel(whole, scheme)).toEqual([]);
        for (const each of labels) expect(dominates(whole, each, scheme)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
    expect(count).toBeGreaterThan(15);
  });

  test('it restricts no more than needed: a label that dominates all dominates the combination', () => {
    let count = 0;
    fc.assert(
      fc.property(related, label, ([a, b], c) => {
        const whole = decided(combine([a, b], scheme));
        const bound = decided(combine([a, b, c], scheme));
        if (whole === undefined || bound === undefined) return;
        count += 1;
        expect(dominates(bound, whole, scheme)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
    expect(count).toBeGreaterThan(15);
  });

  test('order and repetition do not matter', () => {
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 4 }), fc.nat(3), (labels, turn) => {
        const turned = [
          ...labels.slice(turn),
          ...labels.slice(0, turn),
          ...labels.map((each) => structuredClone(each)),
        ].reverse();
        const [one, other] = [combine(labels, scheme), combine(turned, scheme)];
        expect(decided(other)).toEqual(decided(one));
      }),
      { numRuns: 500 },
    );
  });

  test('several steps give what one step gives, wherever each is decided', () => {
    let count = 0;
    fc.assert(
      fc.property(label, label, label, (a, b, c) => {
        const [left, right] = [decided(combine([a, b], scheme)), decided(combine([b, c], scheme))];
        const results = [
          left && decided(combine([left, c], scheme)),
          right && decided(combine([a, right], scheme)),
        ].filter((result) => result !== undefined);
        for (const result of results) {
          count += 1;
          expect(decided(combine([a, b, c], scheme))).toEqual(result);
        }
      }),
      { numRuns: 1_000 },
    );
    expect(count).toBeGreaterThan(15);
  });

  test('the dates of a decided combination are those of its labels', () => {
    fc.assert(
      fc.property(label, label, (a, b) => {
        const whole = decided(combine([a, b], scheme));
        if (whole === undefined) return;
        const dates = new Set([...successionsOf(a), ...successionsOf(b)].map(({ atSeconds }) => atSeconds));
        expect(new Set(successionsOf(whole).map(({ atSeconds }) => atSeconds))).toEqual(dates);
      }),
    );
  });
});
