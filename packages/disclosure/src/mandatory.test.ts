// DISCLOSURE §1, row by row. The rule permits everything, so what withholds is the row.

import { signerFromSeed } from '@comity/ed25519';
import type { Label } from '@comity/label';
import type { View } from '@comity/record';
import { beforeAll, describe, expect, test } from 'vitest';

import { decideRecord } from './decide.ts';
import { explainPart } from './explain.ts';
import {
  ARCADIA,
  BOREALIS,
  CALDERA,
  type Changes,
  issueIncident,
  NOW,
  policyOf,
  recognition,
  situation,
} from './incident.test-support.ts';
import type { Recipient, Situation } from './situation.ts';
import { STATES } from './world.test-support.ts';

const signer = signerFromSeed(new Uint8Array(32).fill(9));
const incident = (changes?: Changes): Promise<View> => issueIncident(signer, changes);

const [, , , delta] = STATES;

/** The first row that withholds the title, with what it found; where none does, what the row in question found. */
function findingOf(view: View, recipient: Recipient, asked: Situation, row: string): string {
  const title = view.parts.find(({ pathText }) => pathText === 'title');
  const trace = explainPart(view, title?.digest as string, recipient, asked, policyOf());
  const failed = trace?.checks.find(({ passed }) => !passed);
  const found = failed ?? trace?.checks.find(({ check }) => check === row);
  return `${failed === undefined ? 'passes' : 'fails'} ${found?.check}: ${found?.why}`;
}

/** Labels are put on the title alone: the envelope stays open to all. */
const titled = (title: Readonly<Record<string, unknown>>): Changes => ({
  envelope: { classification: 'unclassified', tlp: null, releasableTo: ['XAR', 'XBO', 'XCA', 'XDE'] },
  labels: { title },
});

describe('M1, exercise:', () => {
  const all = STATES.map(({ id }) => id);
  let view: View;
  beforeAll(async () => {
    view = await incident({ exercise: 'winter' });
  });

  test.each([
    ['outside exercise mode', {}, 'exercise'],
    ['in another exercise', { exercise: { id: 'spring', players: all } }, 'exercise'],
    ['to a state that does not play', { exercise: { id: 'winter', players: [ARCADIA.id] } }, 'exercise'],
    ['to a player', { exercise: { id: 'winter', players: all } }, 'permit'],
  ])('a record of an exercise %s', (_what, changes, reason) => {
    const { envelope, outcome, parts } = decideRecord(view, recognition(), situation(changes), policyOf());
    expect(envelope).toMatchObject(
      reason === 'permit' ? { outcome: 'release' } : { outcome: 'withhold', reason, check: 'M1' },
    );
    expect(outcome).toBe(reason === 'permit' ? 'release' : 'withhold');
    expect(parts[0]?.reason).toBe(reason === 'permit' ? 'permit' : 'ancestor-withheld');
  });

  test('a real record goes its way while an exercise is running', async () => {
    const asked = situation({ exercise: { id: 'winter', players: [ARCADIA.id] } });
    expect(decideRecord(await incident(), recognition(), asked, policyOf()).outcome).toBe('release');
  });
});

const map = (from: string, to: string, levels: Record<string, string>) => ({
  from,
  to,
  levels: new Map(Object.entries(levels)),
});
const xar = ARCADIA.scheme.id;
const xbo = BOREALIS.scheme.id;
const xca = CALDERA.scheme.id;
const asBorealis = (changes: Partial<Situation> = {}): Situation =>
  situation({
    holder: BOREALIS.id,
    holderScheme: BOREALIS.scheme,
    mode: 'relay',
    inboundOf: (state) =>
      state === ARCADIA.id
        ? map(xar, xbo, { unclassified: 'open', restricted: 'reserved', confidential: 'secret' })
        : undefined,
    ...changes,
  });
/** Caldera as Borealis recognises it. */
const calderaToBorealis = (changes: Partial<Recipient> = {}): Recipient => ({
  state: CALDERA.id,
  code: CALDERA.code,
  ceiling: 'secret',
  outbound: map(xbo, xca, { open: 'unclassified', reserved: 'confidential', secret: 'confidential' }),
  categories: [],
  community: true,
  ...changes,
});

describe.each<[string, string, [Readonly<Record<string, unknown>>, Recipient, Situation, string][]]>([
  [
    'M2, originator control',
    'M2',
    [
      [{}, recognition(), situation(), 'passes M2: releasable'],
      [{ releasableTo: ['XCA'] }, recognition(), situation(), 'fails M2: not-releasable'],
      [{ releasableTo: null }, recognition(), situation(), 'fails M2: not-releasable'],
      [
        { releasableTo: ['XCA'], displayOnlyTo: ['XBO'] },
        recognition(),
        situation(),
        'fails M2: display-only',
      ],
      [{ releasableTo: ['XCA'] }, calderaToBorealis(), asBorealis(), 'passes M2: releasable'],
      [{ releasableTo: ['XBO'] }, calderaToBorealis(), asBorealis(), 'fails M2: not-releasable'],
      [
        { releasableTo: null },
        { ...calderaToBorealis(), state: ARCADIA.id, code: ARCADIA.code },
        asBorealis(),
        'passes M2: originating-state',
      ],
    ],
  ],
  [
    'M3, classification',
    'M3',
    [
      [{ classification: 'secret' }, recognition(), situation(), 'passes M3: within-ceiling'],
      [
        { classification: 'secret' },
        recognition({ ceiling: 'confidential' }),
        situation(),
        'fails M3: above-ceiling',
      ],
      [{}, recognition({ ceiling: 'strictly-secret' }), situation(), 'fails M3: unknown-ceiling'],
      [
        {},
        recognition({ outbound: map(xar, xbo, { confidential: 'secret' }) }),
        situation(),
        'fails M3: unmapped-to-recipient',
      ],
      [
        {},
        recognition({ outbound: map(xca, xbo, { restricted: 'reserved' }) }),
        situation(),
        'fails M3: no-equivalence-with-recipient',
      ],
      [
        {},
        recognition(),
        situation({ holderScheme: { ...ARCADIA.scheme, id: 'xar-2030' } }),
        'fails M3: foreign-scheme',
      ],
      // A level of the same name in the holder's own scheme means nothing: XBO secret is XAR confidential.
      [{ classification: 'secret' }, calderaToBorealis(), asBorealis(), 'fails M3: unmapped-from-originator'],
      [{ classification: 'confidential' }, calderaToBorealis(), asBorealis(), 'passes M3: within-ceiling'],
      [
        { classification: 'confidential' },
        calderaToBorealis({ ceiling: 'reserved' }),
        asBorealis(),
        'fails M3: above-ceiling',
      ],
      [
        {},
        calderaToBorealis(),
        asBorealis({ inboundOf: () => undefined }),
        'fails M3: no-equivalence-with-originator',
      ],
      [
        {},
        calderaToBorealis(),
        asBorealis({ inboundOf: () => map(xca, xbo, { restricted: 'open' }) }),
        'fails M3: no-equivalence-with-originator',
      ],
      [
        {},
        calderaToBorealis(),
        asBorealis({ inboundOf: () => map(xar, xca, { restricted: 'confidential' }) }),
        'fails M3: no-equivalence-with-originator',
      ],
      [
        {},
        calderaToBorealis(),
        asBorealis({ inboundOf: () => map(xar, xbo, { restricted: 'no-level' }) }),
        'fails M3: unknown-level',
      ],
    ],
  ],
  [
    'M4, TLP',
    'M4',
    [
      [{ tlp: null }, recognition({ community: false }), situation(), 'passes M4: no-tlp'],
      [{ tlp: 'CLEAR' }, recognition({ community: false }), situation(), 'passes M4: everyone'],
      [{ tlp: 'CLEAR', releasableTo: ['XCA'] }, recognition(), situation(), 'fails M2: not-releasable'],
      [{ tlp: 'GREEN' }, recognition(), situation(), 'passes M4: community'],
      [{ tlp: 'GREEN' }, recognition({ community: false }), situation(), 'fails M4: outside-community'],
      [{ tlp: 'GREEN' }, calderaToBorealis(), asBorealis(), 'passes M4: community'],
      [{ tlp: 'AMBER' }, recognition(), situation(), 'passes M4: receiving-organisation'],
      [{ tlp: 'AMBER' }, recognition({ community: false }), situation(), 'fails M4: outside-community'],
      [{ tlp: 'AMBER' }, recognition(), situation({ mode: 'relay' }), 'fails M4: never-handed-on'],
      [{ tlp: 'AMBER' }, calderaToBorealis(), asBorealis(), 'fails M4: never-handed-on'],
      [{ tlp: 'AMBER' }, calderaToBorealis(), asBorealis({ mode: 'query' }), 'fails M4: never-handed-on'],
      [
        { tlp: 'AMBER+STRICT' },
        recognition(),
        situation({ mode: 'query' }),
        'passes M4: receiving-organisation',
      ],
      [
        { tlp: 'AMBER+STRICT' },
        calderaToBorealis(),
        asBorealis({ mode: 'push' }),
        'fails M4: never-handed-on',
      ],
      [{ tlp: 'RED' }, recognition(), situation(), 'fails M4: named-individuals-only'],
    ],
  ],
  [
    'M5, categories',
    'M5',
    [
      [{}, recognition(), situation(), 'passes M5: no-categories'],
      [
        { categories: [{ set: 'sensitivity', values: ['signals'] }] },
        recognition(),
        situation(),
        'passes M5: categories-held',
      ],
      [
        { categories: [{ set: 'sensitivity', values: ['investigation', 'signals'] }] },
        recognition(),
        situation(),
        'fails M5: restrictive-not-held',
      ],
      [
        { categories: [{ set: 'network', values: ['csirt', 'energy'] }] },
        recognition(),
        situation(),
        'passes M5: categories-held',
      ],
      [
        { categories: [{ set: 'network', values: ['energy'] }] },
        recognition(),
        situation(),
        'fails M5: permissive-not-held',
      ],
      [
        { categories: [{ set: 'administrative', values: ['media'] }] },
        recognition(),
        situation(),
        'passes M5: categories-held',
      ],
      [
        { categories: [{ set: 'network', values: ['csirt'] }] },
        recognition(),
        situation({ holderScheme: { ...ARCADIA.scheme, categorySets: [] } }),
        'fails M5: unknown-category-set',
      ],
      [
        { categories: [{ set: 'administrative', values: ['media'] }] },
        calderaToBorealis(),
        asBorealis(),
        'fails M5: foreign-categories',
      ],
    ],
  ],
  [
    'M6, label in force',
    'M6',
    [
      [
        { tlp: 'RED', succession: { at: '2026-01-01T00:00:01Z', label: { tlp: 'GREEN' } } },
        recognition(),
        situation(),
        'fails M4: named-individuals-only',
      ],
      [
        { tlp: 'RED', succession: { at: '2026-01-01T00:00:01Z', label: { tlp: 'GREEN' } } },
        recognition(),
        situation({ atSeconds: NOW + 1 }),
        'passes M6: succession-in-force',
      ],
      [
        { tlp: 'GREEN', succession: { at: '2026-01-02T00:00:00Z', label: { tlp: 'RED' } } },
        recognition(),
        situation({ atSeconds: NOW + 86_400 }),
        'fails M4: named-individuals-only',
      ],
      [
        { tlp: 'RED', reviewAt: '2026-01-01T00:00:00Z' },
        recognition(),
        situation({ atSeconds: NOW + 1 }),
        'fails M4: named-individuals-only',
      ],
      [
        { reviewAt: '2026-01-01T00:00:00Z' },
        recognition(),
        situation({ atSeconds: NOW + 1 }),
        'passes M6: review-date-passed',
      ],
      [{}, recognition(), situation(), 'passes M6: as-marked'],
    ],
  ],
  [
    'M7, purpose',
    'M7',
    [
      [{ purposes: ['incident-response'] }, recognition(), situation(), 'passes M7: within-purposes'],
      [
        { purposes: ['national-security', 'norm-verification'] },
        recognition(),
        situation(),
        'fails M7: outside-purposes',
      ],
      [{}, recognition(), situation(), 'passes M7: no-purpose-limit'],
      [{}, recognition(), situation({ purpose: 'curiosity' }), 'fails M7: unknown-purpose'],
    ],
  ],
])('%s:', (_row, row, cases) => {
  test.each(cases)('%j', async (label, recipient, asked, finding) => {
    expect(findingOf(await incident(titled(label)), recipient, asked, row)).toBe(finding);
  });
});

test('the first row that fails is the reason', async () => {
  const label = {
    tlp: 'RED',
    classification: 'top-secret',
    releasableTo: null,
    purposes: ['counterterrorism'],
  };
  const view = await incident(titled(label));
  expect(findingOf(view, recognition(), situation(), 'M2')).toBe('fails M2: not-releasable');
});

test('a TLP label that nobody knows is withheld', async () => {
  const view = await incident();
  const strange = Object.create(view, {
    header: { value: { ...view.header, label: { ...view.header.label, tlp: 'WHITE' } as unknown as Label } },
  }) as View;
  expect(decideRecord(strange, recognition(), situation(), policyOf()).envelope).toMatchObject({
    reason: 'tlp',
    check: 'M4',
  });
});

test('a state that nobody named gets nothing', async () => {
  expect(
    decideRecord(
      await incident(),
      recognition({ state: delta.id, code: delta.code }),
      situation(),
      policyOf(),
    ).released.size,
  ).toBe(0);
});
