import type { PartDecision, RecordDecision } from '@comity/disclosure';
import type { View } from '@comity/record';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findRecord } from '../records/find-record.ts';
import { ScratchNode } from '../scratch-node.test-support.ts';
import { type HeldParts, heldIn, waiting } from './held-parts.ts';

const PURPOSE = 'incident-response';
const DRAFT = {
  type: 'incident',
  label: { classification: 'restricted', releasableTo: ['XBB'] },
  content: {
    title: { en: 'Outage of a registry' },
    stage: 'final',
    victim: { name: 'Registry One', country: 'XAA' },
    tags: ['one', 'two'],
  },
};
const approve = { by: 'officer' };

let node: ScratchNode;
let view: View;

beforeAll(async () => {
  node = await ScratchNode.found(['XBB']);
  const [id = ''] = await node.issue(DRAFT);
  view = (await findRecord(node.sovereign, id)).view;
});

afterAll(() => node[Symbol.asyncDispose]());

const pathOf = (digest: string): string =>
  view.parts.find((part) => part.digest === digest)?.pathText ?? 'no part';
const paths = (digests: Iterable<string>): string[] => [...digests].map(pathOf).sort();

async function decide(...rules: readonly object[]): Promise<RecordDecision> {
  await node.apply({
    comity: 'policy/1',
    rules: rules.map((each, index) => ({
      name: `rule-${index}`,
      to: ['XBB'],
      mode: ['push'],
      purpose: [PURPOSE],
      ...each,
    })),
  });
  const { door, peers } = node.sovereign;
  return door.decide(view, peers.byCode('XBB').state, 'push', PURPOSE, {}) as RecordDecision;
}

const askedIn = (decision: RecordDecision): Record<string, string[]> =>
  Object.fromEntries(
    heldIn(view, decision, { mode: 'push', purpose: PURPOSE }).map(({ rule, digests }) => [
      rule,
      paths(digests),
    ]),
  );

describe('officers are asked', () => {
  test('about nothing where nothing waits', async () => {
    expect(heldIn(view, await decide({ parts: ['title'] }), { mode: 'push', purpose: PURPOSE })).toEqual([]);
    expect(heldIn(view, await decide(), { mode: 'push', purpose: PURPOSE })).toEqual([]);
  });

  test('about what a rule leaves to them, with what it stands in, in ascending order of digests', async () => {
    const decision = await decide({ parts: ['title'] }, { parts: ['victim.name', 'tags'], approve });
    const [held, ...others] = heldIn(view, decision, { mode: 'push', purpose: PURPOSE });
    expect(others).toEqual([]);
    expect(held).toMatchObject({ mode: 'push', purpose: PURPOSE, rule: 'rule-1', reason: 'approval-needed' });
    expect(held?.digests).toEqual([...(held?.digests ?? [])].sort());
    const elements = view.parts.map(({ pathText }) => pathText).filter((path) => path.startsWith('tags['));
    expect(elements).toHaveLength(2);
    expect(paths(held?.digests ?? [])).toEqual(['tags', ...elements, 'victim', 'victim.name'].sort());
  });

  test('by each rule about what it covers, though the envelope waits as well', async () => {
    const decision = await decide({ parts: ['title'], approve }, { parts: ['stage'], approve });
    expect(decision.envelope).toMatchObject({ outcome: 'hold', rule: 'rule-0' });
    expect(askedIn(decision)).toEqual({ 'rule-0': ['title'], 'rule-1': ['stage'] });
  });

  test('about the outer part alone where that is what keeps the inner', async () => {
    const decision = await decide(
      { parts: ['title'] },
      { parts: ['victim'], approve },
      { parts: ['victim.name'] },
    );
    const asked = askedIn(decision);
    expect(Object.keys(asked)).toEqual(['rule-1']);
    expect(asked['rule-1']).toContain('victim.country');
  });
});

/** What a decision could say about each part: at random, but nothing is released inside what is not. */
const decisions = (): fc.Arbitrary<RecordDecision> =>
  fc
    .record({
      envelope: fc.constantFrom('release', 'hold'),
      parts: fc.array(fc.constantFrom('release', 'hold-one', 'hold-two', 'hold', 'withhold'), {
        minLength: view.parts.length,
        maxLength: view.parts.length,
      }),
    })
    .map(({ envelope, parts }) => {
      const missing = { role: 'officer', persons: 1, have: 0 };
      const said = (path: string, digest: string, what: string): PartDecision => {
        if (what === 'release') return { path, digest, outcome: 'release', reason: 'permit', rule: 'open' };
        if (what === 'withhold') return { path, digest, outcome: 'withhold', reason: 'no-permit' };
        if (what === 'hold') return { path, digest, outcome: 'hold', reason: 'ancestor-held' };
        return { path, digest, outcome: 'hold', reason: 'approval-needed', rule: what, missing };
      };
      const outer = said('envelope', '', envelope === 'hold' ? 'envelope-rule' : envelope);
      const decided = view.parts.map(({ pathText, digest }, index) =>
        said(pathText, digest, parts[index] as string),
      );
      const of = (outcome: string): Set<string> =>
        new Set(decided.filter((part) => part.outcome === outcome).map(({ digest }) => digest));
      return {
        outcome: 'hold',
        envelope: outer,
        parts: decided,
        released: of('release'),
        held: of('hold'),
        askedAbout: () => undefined,
        policy: '',
      };
    });

test('whatever is decided, each part that asks is asked about, by its own rule, and nothing that is given or withheld', () => {
  fc.assert(
    fc.property(decisions(), (decision) => {
      const items = heldIn(view, decision, { mode: 'push', purpose: PURPOSE });
      const byRule = new Map(items.map(({ rule, digests }) => [rule, new Set(digests)]));
      const needed = new Set<string>();
      for (const part of decision.parts) {
        if (part.missing === undefined) continue;
        expect(byRule.get(part.rule ?? '')).toContain(part.digest);
      }
      for (const { rule, digests } of items) {
        const own = decision.parts.filter((part) =>
          rule === 'envelope-rule'
            ? part.reason === 'ancestor-held'
            : part.rule === rule && part.missing !== undefined,
        );
        needed.clear();
        for (const { digest } of own) {
          const { ancestors = [] } = view.parts.find((part) => part.digest === digest) ?? {};
          for (const each of [digest, ...ancestors]) needed.add(each);
        }
        expect(digests.every((digest) => needed.has(digest))).toBe(true);
      }
    }),
    { numRuns: 300, seed: 4 },
  );
});

describe('what still waits', () => {
  const item = (rule: string, ...digests: readonly string[]): HeldParts => ({
    mode: 'push',
    purpose: PURPOSE,
    rule,
    reason: 'approval-needed',
    digests,
    waiting: digests,
  });

  test('is each part once for each rule, and not what the peer has', () => {
    const first = item('a', '1', '2');
    const more = item('a', '2', '3');
    const other = item('b', '1');
    expect(waiting([first, item('a', '2'), more, item('a', '1', '3'), other], new Set())).toEqual([
      first,
      more,
      other,
    ]);
    expect(waiting([first, more, other], new Set(['1', '2']))).toEqual([more]);
    expect(waiting([], new Set(['1']))).toEqual([]);
  });
});
