// What must be true (DISCLOSURE §3), against the oracle and by comparing decisions with each other.

import { signerFromSeed } from '@comity/ed25519';
import type { Label } from '@comity/label';
import type { View } from '@comity/record';
import fc from 'fast-check';
import { beforeAll, describe, expect, test, vi } from 'vitest';

import {
  type Case,
  compiled,
  disagreement,
  drawCase as drawFrom,
  drawPool,
  REASONS,
} from './cases.test-support.ts';
import { drawCircumstances } from './circumstances.test-support.ts';
import type { CompiledPolicy } from './compile.ts';
import { decideRecord } from './decide.ts';
import type { RecordDecision } from './decision.ts';
import { permittedTypes } from './permitted-types.ts';
import type { PlainPolicy } from './plain-policy.test-support.ts';
import { drawPolicy, drawRecipient, drawSituation } from './questions.test-support.ts';
import type { Consent, Recipient, Situation } from './situation.ts';
import { cases, withinMs } from './slice.test-support.ts';
import { ALL_TYPES, Draw, issue, type SampleRecord, type SampleState, STATES } from './world.test-support.ts';

vi.setConfig({ testTimeout: withinMs(300_000) });

const seeds = fc.nat(0x7fff_ffff);
const signer = signerFromSeed(new Uint8Array(32).fill(7));
let pool: SampleRecord[];

beforeAll(async () => {
  pool = await drawPool(240, signer);
});

const drawCase = (seed: number, odd: boolean): Case => drawFrom(pool, seed, odd);

describe('the decision', () => {
  test('is what the oracle says, and what its trace says', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(seeds, (seed) => {
        expect(disagreement(drawCase(seed, true), seen)).toBeUndefined();
      }),
      { numRuns: cases(6_000), seed: 1 },
    );
    expect([...seen.keys()].sort()).toEqual([...REASONS].sort());
    for (const reason of REASONS) expect(seen.get(reason), reason).toBeGreaterThan(2);
  });

  test('is what the oracle says of every type of the registry, and of one that nobody knows', async () => {
    const every = await drawPool(160, signer, ALL_TYPES);
    const released = new Set<string>();
    fc.assert(
      fc.property(seeds, (seed) => {
        const given = drawFrom(every, seed, true);
        const seen = new Map<string, number>();
        expect(disagreement(given, seen)).toBeUndefined();
        if (seen.has('release')) released.add(given.view.header.type);
      }),
      { numRuns: cases(2_000), seed: 1 },
    );
    // Of what nobody knows nothing goes; of everything else something did.
    expect([...released, 'future-type'].sort()).toEqual([...ALL_TYPES].sort());
  });

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
      { numRuns: cases(4_000), seed: 5 },
    );
    expect(kept).toBeGreaterThan(300);
    expect(left).toBeGreaterThan(300);
  });

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
        const recipient = recipients[recipientIndex] as Recipient;
        const policy = policies[policyIndex] as PlainPolicy;
        const drawn = drawSituation(draw, draw.one(STATES), true);
        const matter = { policy, view, recipient, situation: drawn };
        const situation = { ...drawn, ...drawCircumstances(draw, matter, true) };
        const { rules, groups = {} } = policy;
        const reversed = Object.entries(groups).map(([name, members]) => [name, members.toReversed()]);
        const fresh = compiled({
          ...policy,
          rules: rules.toReversed(),
          groups: Object.fromEntries(reversed),
        });
        const decision = decideRecord(view, recipient, situation, longUsed[policyIndex] as CompiledPolicy);
        const other = decideRecord(view, { ...recipient }, situation, fresh);
        // Of the digest of the document alone, the order of rules is part.
        expect(JSON.stringify({ ...JSON.parse(JSON.stringify(decision)), policy: fresh.policy.digest })).toBe(
          JSON.stringify(other),
        );
      }),
      { numRuns: cases(4_000), seed: 2 },
    );
  });
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
  });

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
  test('reaches nobody but whom the originator named or consented to, and nothing that its label keeps back', () => {
    const handedOn = { byLabel: 0, byConsent: 0 };
    fc.assert(
      fc.property(seeds, (seed) => {
        const { view, policy, recipient, situation } = drawCase(seed, false);
        const { issuer } = view.header;
        if (situation.holder === issuer) return;
        const { released } = decideRecord(view, recipient, situation, compiled(policy));
        for (const part of view.parts) {
          if (!released.has(part.digest)) continue;
          const label = labelAt(part.label, situation.atSeconds);
          const isNamed = [issuer, ...(label.releasableTo ?? [])].includes(recipient.state);
          const isConsented = (situation.consents ?? []).some(
            (consent) => isOf(consent, view, recipient, situation) && covers(consent, part.digest),
          );
          handedOn[isNamed ? 'byLabel' : 'byConsent'] += 1;
          expect(isNamed || isConsented).toBe(true);
          expect(['CLEAR', 'GREEN', undefined, ...(isConsented ? ['AMBER', 'AMBER+STRICT'] : [])]).toContain(
            label.tlp,
          );
          expect(label.categories).toBeUndefined();
          expect(label.purposes ?? [situation.purpose]).toContain(situation.purpose);
          expect(situation.barredBy?.(issuer).has(recipient.state) ?? false).toBe(false);
        }
      }),
      { numRuns: cases(8_000), seed: 21 },
    );
    expect(handedOn.byLabel).toBeGreaterThan(200);
    expect(handedOn.byConsent).toBeGreaterThan(30);
  });

  const isOf = (
    { recordId, holder, thirdParty, purposes, fromSeconds, untilSeconds }: Consent,
    view: View,
    recipient: Recipient,
    { holder: decides, purpose, atSeconds }: Situation,
  ): boolean =>
    recordId === view.header.id &&
    holder === decides &&
    thirdParty === recipient.state &&
    purposes.includes(purpose) &&
    fromSeconds <= atSeconds &&
    atSeconds < untilSeconds;

  const covers = ({ parts }: Consent, digest: string): boolean => parts === 'all' || parts.has(digest);

  function labelAt(label: Label, atSeconds: number): Label {
    return label.succession && label.succession.atSeconds <= atSeconds
      ? labelAt(label.succession.label, atSeconds)
      : label;
  }
});
