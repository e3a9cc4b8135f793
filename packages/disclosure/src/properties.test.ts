// What must be true (DISCLOSURE §3), against the oracle and by comparing decisions with each other.

import { signerFromSeed } from '@comity/ed25519';
import type { Label } from '@comity/label';
import type { View } from '@comity/record';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';

import { type CompiledPolicy, compilePolicy } from './compile.ts';
import { decideRecord } from './decide.ts';
import type { RecordDecision } from './decision.ts';
import { explainRecord } from './explain.ts';
import { oracle, type PlainPolicy } from './oracle.test-support.ts';
import { parsePolicy } from './parse-policy.ts';
import { permittedTypes } from './permitted-types.ts';
import {
  drawMerged,
  drawNarrowed,
  drawPolicy,
  drawRecipient,
  drawRule,
  drawSituation,
} from './questions.test-support.ts';
import type { Recipient, Situation } from './situation.ts';
import {
  Draw,
  drawDraft,
  issue,
  type SampleRecord,
  type SampleState,
  STATES,
  stateByCode,
  twinOf,
} from './world.test-support.ts';

const RECORDS = 240;
const RUNS = 20_000;
const signer = signerFromSeed(new Uint8Array(32).fill(7));
const seeds = fc.nat(0x7fff_ffff);
const pool: SampleRecord[] = [];

beforeAll(async () => {
  for (let seed = 0; seed < RECORDS; seed += 1) {
    const draw = new Draw(seed);
    const issuer = STATES[(seed >> 1) % 3] as SampleState;
    const before = pool[seed - 1]?.draft;
    const twin = seed % 2 === 1 && before !== undefined ? twinOf(before, draw, issuer.scheme) : undefined;
    pool.push(await issue(twin ?? drawDraft(draw, issuer.scheme), issuer, signer, seed));
  }
});

const compiled = (policy: PlainPolicy): CompiledPolicy =>
  compilePolicy(parsePolicy(policy, { stateOf: stateByCode }));

interface Case {
  readonly sample: SampleRecord;
  readonly view: View;
  readonly policy: PlainPolicy;
  readonly recipient: Recipient;
  readonly situation: Situation;
}

function drawCase(seed: number, odd: boolean): Case {
  const draw = new Draw(seed);
  const sample = draw.one(pool);
  const holder = draw.once(3) ? draw.one(STATES) : sample.issuer;
  const view = draw.once(3)
    ? drawMerged(draw, sample.view)
    : draw.once(3)
      ? drawNarrowed(draw, sample.view)
      : sample.view;
  return {
    sample,
    view,
    policy: drawPolicy(draw),
    recipient: drawRecipient(draw, holder, odd),
    situation: drawSituation(draw, holder, odd),
  };
}

/** Digest to `release` or the reason, the envelope under the empty digest. */
function fatesOf({ envelope, parts }: Pick<RecordDecision, 'envelope' | 'parts'>): Map<string, string> {
  return new Map(
    [envelope, ...parts].map(({ digest, outcome, reason }) => [
      digest,
      outcome === 'release' ? 'release' : reason,
    ]),
  );
}

describe('the decision', () => {
  test('is what the oracle says, and what its trace says', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(seeds, (seed) => {
        const { sample, view, policy, recipient, situation } = drawCase(seed, true);
        const ready = compiled(policy);
        const decision = decideRecord(view, recipient, situation, ready);
        const fates = oracle(policy, view, sample.isFrame, recipient, situation);
        expect(JSON.stringify([...fatesOf(decision)])).toBe(JSON.stringify([...fates]));
        const released = [...fates]
          .filter(([digest, fate]) => digest !== '' && fate === 'release')
          .map(([digest]) => digest);
        expect([...decision.released].sort().join()).toBe(released.sort().join());
        expect(decision.outcome).toBe(released.length > 0 ? 'release' : 'withhold');

        const trace = explainRecord(view, recipient, situation, ready);
        const stripped = [trace.envelope, ...trace.parts].map(
          ({ checks: _, rules: __, entries: ___, ...kept }) => kept,
        );
        expect(JSON.stringify(stripped)).toBe(JSON.stringify([decision.envelope, ...decision.parts]));
        expect(trace.outcome).toBe(decision.outcome);
        for (const fate of fates.values()) seen.set(fate, (seen.get(fate) ?? 0) + 1);
      }),
      { numRuns: RUNS, seed: 1 },
    );
    // A generator that never reaches a reason would prove nothing about it.
    const reasons = [
      'exercise',
      'originator-control',
      'classification',
      'tlp',
      'categories',
      'purpose',
      'forbid',
      'no-permit',
      'ancestor-withheld',
      'release',
    ];
    expect([...seen.keys()].sort()).toEqual(reasons.sort());
    for (const reason of reasons) expect(seen.get(reason), reason).toBeGreaterThan(500);
  }, 180_000);

  test('releases nothing of a type that the policy permits to nobody there', () => {
    let kept = 0;
    let left = 0;
    fc.assert(
      fc.property(seeds, (seed) => {
        const { view, policy, recipient, situation } = drawCase(seed, true);
        const ready = compiled(policy);
        const types = permittedTypes(ready, recipient, situation);
        if (types === 'any' || types.has(view.header.type)) kept += 1;
        else {
          left += 1;
          expect(decideRecord(view, recipient, situation, ready).outcome).toBe('withhold');
        }
      }),
      { numRuns: RUNS, seed: 5 },
    );
    expect(kept).toBeGreaterThan(1_000);
    expect(left).toBeGreaterThan(1_000);
  }, 180_000);

  test('does not depend on the order of rules, nor on what was decided before', () => {
    // Few policies, recipients and views, so that nearly every decision meets a memory of another one.
    const policies = Array.from({ length: 6 }, (_, seed) => drawPolicy(new Draw(seed + 40)));
    const longUsed = policies.map(compiled);
    const recipients = Array.from({ length: 12 }, (_, seed) =>
      drawRecipient(new Draw(seed), STATES[seed % 4] as SampleState, true),
    );
    fc.assert(
      fc.property(seeds, fc.nat(5), fc.nat(11), (seed, policyIndex, recipientIndex) => {
        const draw = new Draw(seed);
        const { view } = pool[draw.below(60)] as SampleRecord;
        const situation = drawSituation(draw, draw.one(STATES), true);
        const recipient = recipients[recipientIndex] as Recipient;
        const policy = policies[policyIndex] as PlainPolicy;
        const fresh = compiled({ ...policy, rules: policy.rules.toReversed() });
        const decision = decideRecord(view, recipient, situation, longUsed[policyIndex] as CompiledPolicy);
        const other = decideRecord(view, { ...recipient }, situation, fresh);
        // Of the digest of the document alone, the order of rules is part.
        expect(JSON.stringify({ ...JSON.parse(JSON.stringify(decision)), policy: fresh.policy.digest })).toBe(
          JSON.stringify(other),
        );
      }),
      { numRuns: 10_000, seed: 2 },
    );
  }, 120_000);
});

describe('releases never grow', () => {
  const check = (name: string, seed: number, harden: (given: Case, draw: Draw) => Partial<Case>): void =>
    test(name, () => {
      let compared = 0;
      fc.assert(
        fc.property(seeds, (caseSeed) => {
          const given = drawCase(caseSeed, false);
          const hardened = { ...given, ...harden(given, new Draw(caseSeed ^ seed)) };
          const before = releasedOf(given);
          const after = releasedOf(hardened);
          if (before.size > 0) compared += 1;
          expect([...after].filter((digest) => !before.has(digest))).toEqual([]);
        }),
        { numRuns: 4_000, seed },
      );
      expect(compared).toBeGreaterThan(300);
    }, 120_000);

  const releasedOf = ({ view, recipient, situation, policy }: Case): ReadonlySet<string> =>
    decideRecord(view, recipient, situation, compiled(policy)).released;

  check('when a rule that permits is removed', 11, ({ policy }, draw) => {
    const permits = policy.rules.filter(({ effect }) => effect !== 'forbid');
    const gone = permits.length > 0 ? draw.one(permits) : undefined;
    return { policy: { ...policy, rules: policy.rules.filter((rule) => rule !== gone) } };
  });

  check('when a rule that forbids is added', 12, ({ policy }, draw) => {
    const { profile: _, ...rule } = drawRule(draw, 'added');
    return { policy: { ...policy, rules: [...policy.rules, { ...rule, effect: 'forbid' }] } };
  });

  check('when a ceiling is lowered', 13, ({ recipient, situation }, draw) => {
    const { levels } = situation.holderScheme;
    const place = levels.findIndex(({ id }) => id === recipient.ceiling);
    return { recipient: { ...recipient, ceiling: levels[draw.below(place + 1)]?.id as string } };
  });

  check('when a recognition grants less', 14, ({ recipient }, draw) => ({
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
    'when less of the record is held, and so by merging never beyond the whole',
    15,
    ({ sample, view }, draw) => ({
      view: view === sample.view ? drawMerged(draw, view) : drawNarrowed(draw, view),
    }),
  );
});

describe('raising a label', () => {
  /** A label that dominates the one given: one of its restrictions is tightened. */
  function raise(label: Label, { scheme }: SampleState, draw: Draw): Label {
    const { releasableTo, categories, purposes, tlp } = label;
    const place = scheme.levels.findIndex(({ id }) => id === label.classification);
    const restrictive = scheme.categorySets.find(({ type }) => type === 'restrictive');
    const others = categories?.filter(({ set }) => set !== restrictive?.id) ?? [];
    const fewer = releasableTo?.slice(1) ?? [];
    const { releasableTo: _, ...rest } = label;
    switch (draw.below(5)) {
      case 0:
        return {
          ...label,
          classification: scheme.levels[Math.min(place + 1, scheme.levels.length - 1)]?.id as string,
        };
      case 1:
        return {
          ...label,
          tlp: tlp === undefined || tlp === 'CLEAR' ? 'GREEN' : tlp === 'GREEN' ? 'AMBER' : 'RED',
        };
      case 2:
        return fewer.length > 0 ? { ...label, releasableTo: fewer } : rest;
      case 3:
        return {
          ...label,
          categories: [
            ...others,
            {
              set: restrictive?.id as string,
              values: restrictive?.values.map(({ id }) => id).sort() as string[],
            },
          ],
        };
      default:
        return { ...label, purposes: purposes?.slice(0, 1) ?? ['incident-response'] };
    }
  }

  /** What was released, named so that two issues of one draft can be compared. */
  function releasedNames(view: View, decision: RecordDecision): Set<string> {
    const named = (part: (typeof view.parts)[number]): string => {
      const element =
        part.value instanceof Map && typeof part.value.get('id') === 'number'
          ? `#${part.value.get('id')}`
          : '';
      return part.pathText.replace(/\[\d+\]/g, '[]') + element;
    };
    return new Set(view.parts.filter(({ digest }) => decision.released.has(digest)).map(named));
  }

  test('never releases more', async () => {
    const compared = { issuer: 0, otherHolder: 0 };
    for (let seed = 0; seed < 400; seed += 1) {
      const draw = new Draw(seed + 5_000);
      const { draft, issuer, view } = draw.one(pool);
      const raised = await issue(raiseOne(draft, issuer, draw), issuer, signer, seed + 10_000);
      for (let question = 0; question < 16; question += 1) {
        // Also where the level goes through two equivalences, the originator's to the holder's and on to the recipient's.
        const holder = draw.once(2) ? issuer : draw.one(STATES);
        const recipient = drawRecipient(draw, holder, false);
        const situation = drawSituation(draw, holder, false);
        const ready = compiled(drawPolicy(draw));
        const before = releasedNames(view, decideRecord(view, recipient, situation, ready));
        const after = releasedNames(raised.view, decideRecord(raised.view, recipient, situation, ready));
        if (before.size > after.size) compared[holder === issuer ? 'issuer' : 'otherHolder'] += 1;
        expect(
          [...after].filter((name) => !before.has(name)),
          `seed ${seed}, question ${question}`,
        ).toEqual([]);
      }
    }
    expect(compared.issuer).toBeGreaterThan(50);
    expect(compared.otherHolder).toBeGreaterThan(10);
  }, 180_000);

  /** The draft with the envelope or one field raised. A raised field takes along what inherited from it. */
  function raiseOne(draft: SampleRecord['draft'], issuer: SampleState, draw: Draw): SampleRecord['draft'] {
    if (draw.once(3) || draft.fields.length === 0)
      return { ...draft, envelope: raise(draft.envelope, issuer, draw) };
    const chosen = draw.one(draft.fields);
    const label = raise(chosen.label, issuer, draw);
    return {
      ...draft,
      fields: draft.fields.map((field) => (field === chosen ? { ...field, label } : field)),
    };
  }
});

describe('handing on', () => {
  test('reaches nobody whom the originator did not name, and nothing that its label keeps back', () => {
    let handedOn = 0;
    fc.assert(
      fc.property(seeds, (seed) => {
        const { view, policy, recipient, situation } = drawCase(seed, false);
        const { issuer } = view.header;
        if (situation.holder === issuer) return;
        const { released } = decideRecord(view, recipient, situation, compiled(policy));
        for (const part of view.parts) {
          if (!released.has(part.digest)) continue;
          handedOn += 1;
          const label = labelAt(part.label, situation.atSeconds);
          expect([issuer, ...(label.releasableTo ?? [])]).toContain(recipient.state);
          expect(['CLEAR', 'GREEN', undefined]).toContain(label.tlp);
          expect(label.categories).toBeUndefined();
          expect(label.purposes ?? [situation.purpose]).toContain(situation.purpose);
        }
      }),
      { numRuns: 6_000, seed: 21 },
    );
    expect(handedOn).toBeGreaterThan(200);
  }, 120_000);

  function labelAt(label: Label, atSeconds: number): Label {
    return label.succession && label.succession.atSeconds <= atSeconds
      ? labelAt(label.succession.label, atSeconds)
      : label;
  }
});
