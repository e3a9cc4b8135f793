import { REDACTED, Tagged } from '@comity/cbor';
import { toHex } from '@comity/digest';
import type { Label } from '@comity/label';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  AT_SECONDS,
  incidentDraft,
  issue,
  issuer,
  receive,
  scheme,
  seededEntropy,
  signer,
} from './arcadia.test-support.ts';
import {
  closeUpward,
  type DraftContent,
  type DraftField,
  disclosuresFor,
  encodeView,
  issueRecord,
  mergeViews,
  type RecordDraft,
  type View,
} from './index.ts';

const overall: Label = { scheme: scheme.id, classification: 'top-secret' };
const labels: readonly Label[] = ['unclassified', 'restricted', 'secret'].map((classification) => ({
  scheme: scheme.id,
  classification,
}));

/** Bodies with parts at any depth: values, maps of parts, lists of parts, each with a label of its own. */
const { fields } = fc.letrec<{ content: DraftContent; fields: readonly DraftField[] }>((tie) => ({
  content: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    fc.record({
      kind: fc.constant('value' as const),
      value: fc.oneof(fc.string(), fc.nat(), fc.boolean(), fc.array(fc.nat(), { maxLength: 3 })),
    }),
    fc.record({ kind: fc.constant('fields' as const), fields: tie('fields') }),
    fc.record({
      kind: fc.constant('elements' as const),
      elements: fc.array(fc.record({ label: fc.constantFrom(...labels), content: tie('content') }), {
        maxLength: 5,
      }),
    }),
  ),
  fields: fc.uniqueArray(
    fc.record({
      name: fc
        .stringMatching(/^[a-z][a-z0-9]{0,6}$/)
        .filter(
          (name) => !['label', 'labels', 'type', 'id', 'kid', 'issuer', 'overall', 'subject'].includes(name),
        ),
      label: fc.constantFrom(...labels),
      content: tie('content'),
    }),
    { selector: ({ name }) => name, maxLength: 5 },
  ),
}));

const drafts: fc.Arbitrary<RecordDraft> = fields.map((body) => ({
  type: 'incident',
  supersedes: [],
  envelope: labels[0] as Label,
  overall,
  fields: body,
}));

async function sealed(draft: RecordDraft, seed: number): Promise<View> {
  return (
    await issueRecord(draft, { issuer, scheme, atSeconds: AT_SECONDS, entropy: seededEntropy(seed), signer })
  ).view;
}

const digestsOf = (view: View) => view.parts.map((part) => part.digest);

/** A recipient's view of some of the parts and those they stand in, from bytes alone. */
function released(view: View, chosen: Iterable<string>): View {
  return receive(view.bytes, disclosuresFor(view, closeUpward(view, chosen)));
}

const same = (a: View, b: View): void => {
  expect(digestsOf(a)).toEqual(digestsOf(b));
  expect([...a.disclosures]).toEqual([...b.disclosures]);
  expect(a.content).toEqual(b.content);
  expect(a.header.id).toBe(b.header.id);
};

describe('any draft', () => {
  test('any set of parts that is closed upward opens, and shows exactly that set', async () => {
    await fc.assert(
      fc.asyncProperty(drafts, fc.nat(), fc.infiniteStream(fc.boolean()), async (draft, seed, choices) => {
        const view = await sealed(draft, seed);
        const chosen = digestsOf(view).filter(() => choices.next().value);
        const closed = closeUpward(view, chosen);
        const part = released(view, chosen);
        expect(new Set(digestsOf(part))).toEqual(closed);
        expect(part.header).toEqual(view.header);
        expect(part.bytes).toEqual(view.bytes);
        for (const { digest, label, pathText, ancestors } of part.parts) {
          expect(view.partOf(digest)).toMatchObject({ label, pathText, ancestors });
        }
      }),
      { numRuns: 120 },
    );
  });

  test('digests come in multiples of four, at least four', async () => {
    await fc.assert(
      fc.asyncProperty(drafts, fc.nat(), async (draft, seed) => {
        const view = await sealed(draft, seed);
        expect(view.withheldCount).toBe(0);
        expect(view.disclosures.size % 4).toBe(0);
        const contents = [
          view.record.claims,
          ...[...view.disclosed.values()].map((each) => (each.decoy ? null : each.content)),
        ];
        let lists = 0;
        for (const each of contents) {
          const list = each instanceof Map ? each.get(REDACTED) : each;
          if (!Array.isArray(list) || !(list[0] instanceof Uint8Array || list[0] instanceof Tagged)) continue;
          lists += 1;
          expect(list.length).toBeGreaterThanOrEqual(4);
          expect(list.length % 4).toBe(0);
        }
        expect(lists).toBe(1 + framesIn(draft.fields));
      }),
      { numRuns: 60 },
    );
  });

  test('the issuer reads back what was drafted', async () => {
    await fc.assert(
      fc.asyncProperty(drafts, fc.nat(), async (draft, seed) => {
        const view = await sealed(draft, seed);
        expect(comparable(view.content)).toEqual(comparable(plainFields(draft.fields)));
      }),
      { numRuns: 60 },
    );
  });
});

describe('merging', () => {
  let whole: View;
  beforeAll(async () => {
    whole = await issue(incidentDraft);
  });

  const subset = fc.infiniteStream(fc.boolean()).map((choices) =>
    released(
      whole,
      digestsOf(whole).filter(() => choices.next().value),
    ),
  );

  test('is commutative, associative and idempotent, and adds nothing', () => {
    fc.assert(
      fc.property(subset, subset, subset, (a, b, c) => {
        same(mergeViews(a, b), mergeViews(b, a));
        same(mergeViews(mergeViews(a, b), c), mergeViews(a, mergeViews(b, c)));
        same(mergeViews(a, a), a);
        expect(new Set(digestsOf(mergeViews(a, b)))).toEqual(new Set([...digestsOf(a), ...digestsOf(b)]));
      }),
      { numRuns: 60 },
    );
  });
});

describe('what is withheld', () => {
  test('leaves no trace of content, label or salt in the bytes of a view', async () => {
    const marks = ['title', 'victim', 'name', 'country', 'reason'].map((name, index) => ({
      name,
      label: {
        scheme: scheme.id,
        classification: 'secret',
        privacyMark: `mark-of-${name}-${index}`,
      } satisfies Label,
      content: { kind: 'value' as const, value: `content-of-${name}-${index}` },
    }));
    const inner = marks.slice(2).map((field) => ({ ...field }));
    const draft: RecordDraft = {
      type: 'incident',
      supersedes: [],
      envelope: labels[0] as Label,
      overall,
      fields: [
        ...marks.slice(0, 2),
        { name: 'nested', label: overall, content: { kind: 'fields', fields: inner } },
      ],
    };
    const view = await sealed(draft, 5);
    fc.assert(
      fc.property(fc.subarray(digestsOf(view)), (chosen) => {
        const bytes = toHex(encodeView(released(view, chosen)));
        const shown = closeUpward(view, chosen);
        for (const [digest, disclosure] of view.disclosures) {
          if (shown.has(digest)) continue;
          const salt = toHex(disclosure.subarray(2, 18));
          expect(bytes.includes(salt)).toBe(false);
        }
        for (const { name, label, content } of marks) {
          const part = view.parts.find((each) => each.value === content.value);
          const isShown = shown.has(part?.digest as string);
          expect(bytes.includes(hexOfText(content.value))).toBe(isShown);
          expect(bytes.includes(hexOfText(label.privacyMark))).toBe(isShown);
          expect(part?.pathText.endsWith(name)).toBe(true);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('the bytes of a view do not depend on the order of the draft', async () => {
    const forward = await issue(incidentDraft, 3);
    const content = Object.fromEntries(Object.entries(incidentDraft.content).toReversed());
    const backward = await issue({ ...incidentDraft, content }, 3);
    expect(backward.bytes).toEqual(forward.bytes);
  });
});

const hexOfText = (text: string): string => toHex(new TextEncoder().encode(text));

function framesIn(body: readonly { readonly content: DraftContent }[]): number {
  let frames = 0;
  for (const { content: each } of body) {
    if (each.kind === 'value') continue;
    frames += 1 + framesIn(each.kind === 'fields' ? each.fields : each.elements);
  }
  return frames;
}

function plainFields(body: readonly DraftField[]): ReadonlyMap<string, unknown> {
  return new Map(body.map(({ name, content: each }) => [name, plain(each)]));
}

function plain(each: DraftContent): unknown {
  if (each.kind === 'value') return each.value;
  return each.kind === 'fields'
    ? plainFields(each.fields)
    : each.elements.map((element) => plain(element.content));
}

/** Maps and redactable lists have no order of their own. */
function comparable(value: unknown): unknown {
  if (value instanceof Map) {
    return Object.fromEntries([...value].map(([key, inner]) => [String(key), comparable(inner)]).sort());
  }
  if (Array.isArray(value)) {
    return value.map(comparable).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  return value;
}
