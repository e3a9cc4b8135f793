// DISCLOSURE §2: the state's own rules, and what holds for a decision as a whole.

import { signerFromSeed } from '@comity/ed25519';
import { disclosuresFor, narrowView, openView, type View } from '@comity/record';
import { beforeAll, describe, expect, test } from 'vitest';

import type { DecisionAlarm } from './compile.ts';
import { decideRecord } from './decide.ts';
import { explainRecord } from './explain.ts';
import {
  BOREALIS,
  type Changes,
  FIELDS,
  issueIncident,
  NOW,
  policyOf,
  recognition,
  situation,
} from './incident.test-support.ts';
import type { PlainRule } from './plain-policy.test-support.ts';
import type { Recipient, Situation } from './situation.ts';

const signer = signerFromSeed(new Uint8Array(32).fill(9));
const incident = (changes?: Changes): Promise<View> => issueIncident(signer, changes);

let view: View;
beforeAll(async () => {
  view = await incident();
});

/** Path to `release (rule)` or the reason, of the parts of a view; elements of lists under one name. */
function fates(
  rules: Partial<PlainRule>[],
  seen: View = view,
  recipient: Recipient = recognition(),
  asked: Situation = situation(),
): Record<string, string> {
  const { envelope, parts } = decideRecord(seen, recipient, asked, policyOf(rules));
  return Object.fromEntries(
    [envelope, ...parts].map(({ path, outcome, reason, rule }) => [
      path.replace(/\d+/, ''),
      outcome === 'release' ? `release (${rule})` : [reason, rule].filter(Boolean).join(' '),
    ]),
  );
}

const ALL = [
  'envelope',
  'overall',
  'title',
  'stage',
  'sectors',
  'severity',
  'classification',
  'narrative',
  'narrative.external',
  'narrative.internal',
  'victim',
  'victim.name',
  'victim.country',
  'indicators',
  'indicators[]',
];

/** The paths released by these rules. */
const released = (rules: Partial<PlainRule>[], ...more: [View?, Recipient?, Situation?]): string[] =>
  Object.entries(fates(rules, ...more))
    .filter(([, fate]) => fate.startsWith('release'))
    .map(([path]) => path);

describe('rules', () => {
  test('permit all that the labels allow, where nothing narrows them', () => {
    expect(fates([{}])).toEqual({
      ...Object.fromEntries(ALL.map((path) => [path, 'release (rule-1)'])),
      overall: 'originator-control',
    });
  });

  test('are needed: without any, nothing is released', () => {
    expect(fates([])).toEqual({
      ...Object.fromEntries(ALL.map((path) => [path, 'ancestor-withheld'])),
      envelope: 'no-permit',
    });
  });

  test.each<[string, Partial<PlainRule>]>([
    ['another recipient', { to: ['XCA'] }],
    ['another mode', { mode: ['query', 'relay'] }],
    ['another purpose', { purpose: ['norm-verification'] }],
    ['another type', { when: { type: ['norm'] } }],
    ['another sector', { when: { sector: ['health'] } }],
    ['a sub-sector of another kind', { when: { sector: ['energy/oil'] } }],
    ['a higher severity', { when: { severity: { scale: 'uk-ncsc', 'at-least': 'highly-significant' } } }],
    ['a severity of another scale', { when: { severity: { scale: 'us-nciss', 'at-least': 'low' } } }],
    ['one condition of two', { when: { type: ['incident'], sector: ['health'] } }],
  ])('for %s do not match', (_what, rule) => {
    expect(fates([rule]).envelope).toBe('no-permit');
  });

  test.each<[string, Partial<PlainRule>]>([
    ['the sector of its sub-sector', { when: { sector: ['health', 'energy'] } }],
    ['the sub-sector', { when: { sector: ['energy/electricity'] } }],
    ['its severity', { when: { severity: { scale: 'uk-ncsc', 'at-least': 'significant' } } }],
    [
      'its type, mode and purpose',
      { mode: ['push'], purpose: ['incident-response'], when: { type: ['incident'] } },
    ],
  ])('for %s match', (_what, rule) => {
    expect(fates([rule]).title).toBe('release (rule-1)');
  });

  test('that forbid beat those that permit, and are cited', () => {
    expect(fates([{}, { effect: 'forbid', parts: ['victim'] }])).toMatchObject({
      title: 'release (rule-1)',
      victim: 'forbid rule-2',
      'victim.name': 'ancestor-withheld',
    });
    expect(fates([{}, { effect: 'forbid' }])).toMatchObject({
      envelope: 'forbid rule-2',
      title: 'ancestor-withheld',
    });
  });

  test('cite the first by name, whatever their order', () => {
    const one = fates([{ name: 'b' }, { name: 'a', parts: ['title'] }]);
    expect(one).toEqual(fates([{ name: 'a', parts: ['title'] }, { name: 'b' }]));
    expect(one).toMatchObject({ title: 'release (a)', stage: 'release (b)' });
  });
});

describe('parts and profiles', () => {
  test('release what is named and everything under it', () => {
    expect(released([{ parts: ['title', 'victim'] }])).toEqual(
      ['envelope', 'title', 'victim', 'victim.name', 'victim.country'].sort((a, b) => order(a) - order(b)),
    );
  });

  const order = (path: string): number => Object.keys(fates([{}])).indexOf(path);

  test('open the way to what is named, and nothing beside it', () => {
    expect(released([{ parts: ['victim.country'] }]).sort()).toEqual([
      'envelope',
      'victim',
      'victim.country',
    ]);
    expect(fates([{ parts: ['victim.country'] }])).toMatchObject({ 'victim.name': 'no-permit' });
  });

  test('open no way that leads to nothing', async () => {
    const hidden = await incident({ labels: { 'victim.country': { tlp: 'RED' } } });
    expect(fates([{ parts: ['victim.country'] }], hidden)).toMatchObject({
      victim: 'no-permit',
      'victim.country': 'tlp',
    });
    expect(
      decideRecord(hidden, recognition(), situation(), policyOf([{ parts: ['victim.country'] }])).outcome,
    ).toBe('withhold');
  });

  test('keep and drop by profile', () => {
    expect(released([{ profile: 'peer-technical' }]).sort()).toEqual([
      'classification',
      'envelope',
      'indicators',
      'indicators[]',
    ]);
    expect(
      fates([{ parts: ['narrative', 'title'] }, { effect: 'forbid', parts: ['narrative.internal'] }]),
    ).toMatchObject({
      narrative: 'release (rule-1)',
      'narrative.external': 'release (rule-1)',
      'narrative.internal': 'forbid rule-2',
    });
  });

  test('of two rules add up', () => {
    expect(released([{ parts: ['title'] }, { parts: ['stage'] }]).sort()).toEqual([
      'envelope',
      'stage',
      'title',
    ]);
  });

  test('never open what is signed as one piece to one of its fields', async () => {
    // As a later version might sign it: the victim as one part.
    const seen = await incident();
    const whole = Object.create(seen, {
      parts: { value: seen.parts.filter(({ pathText }) => !pathText.startsWith('victim.')) },
    }) as View;
    expect(fates([{ parts: ['victim.country'] }], whole)).toMatchObject({ victim: 'no-permit' });
    expect(fates([{}, { effect: 'forbid', parts: ['victim.name'] }], whole)).toMatchObject({
      victim: 'forbid rule-2',
    });
  });
});

describe('what is not known', () => {
  const withSector = (sector: string, effect: string): Partial<PlainRule>[] => [
    ...(effect === 'forbid' ? [{}] : []),
    { when: { sector: [sector] }, effect },
  ];
  /** A holder that was not given the sectors. */
  const blind = (): View =>
    narrowView(
      view,
      new Set(
        view.parts
          .filter(({ pathText }) => ['title', 'stage'].includes(pathText))
          .map(({ digest }) => digest),
      ),
    );

  test('matches no permit and every forbid', () => {
    expect(fates(withSector('energy', 'permit'), blind()).envelope).toBe('no-permit');
    expect(fates(withSector('health', 'forbid'), blind()).envelope).toBe('forbid rule-2');
    expect(
      fates(
        [
          {},
          { effect: 'forbid', when: { severity: { scale: 'uk-ncsc', 'at-least': 'national-emergency' } } },
        ],
        blind(),
      ).envelope,
    ).toBe('forbid rule-2');
  });

  test('is not what is known to be absent', async () => {
    const silent = await incident({ content: { sectors: undefined, severity: undefined } });
    expect(fates(withSector('health', 'forbid'), silent).title).toBe('release (rule-1)');
    expect(fates(withSector('energy', 'permit'), silent).envelope).toBe('no-permit');
  });

  test('includes which sub-sector is meant by a sector', async () => {
    const vague = await incident({ content: { sectors: ['energy'] } });
    expect(fates(withSector('energy/oil', 'forbid'), vague).envelope).toBe('forbid rule-2');
    expect(fates(withSector('energy/oil', 'permit'), vague).envelope).toBe('no-permit');
  });

  test('includes a severity on another scale', () => {
    expect(
      fates([{}, { effect: 'forbid', when: { severity: { scale: 'us-nciss', 'at-least': 'emergency' } } }])
        .envelope,
    ).toBe('forbid rule-2');
  });

  test('includes every record type of a later version: nobody gets it', () => {
    const later = Object.create(view, { header: { value: { ...view.header, type: 'treaty' } } }) as View;
    expect(fates([{}], later).envelope).toBe('no-permit');
    expect(fates([{}, { effect: 'forbid', when: { sector: ['space'] } }], later).envelope).toBe(
      'forbid rule-2',
    );
  });
});

describe('fields in the clear', () => {
  const withNote = (): View =>
    Object.create(view, {
      record: {
        value: { ...view.record, claims: new Map([...view.record.claims, ['victim', 'in the clear']]) },
      },
    });

  test('come with the envelope, so a rule has to permit them', () => {
    expect(fates([{}], withNote()).envelope).toBe('release (rule-1)');
    expect(fates([{ parts: ['victim', 'title'] }], withNote()).envelope).toBe('release (rule-1)');
    expect(fates([{ parts: ['title'] }], withNote()).envelope).toBe('no-permit');
    expect(fates([{ profile: 'peer-technical' }], withNote()).envelope).toBe('no-permit');
    expect(fates([{}, { effect: 'forbid', parts: ['victim.name'] }], withNote()).envelope).toBe(
      'forbid rule-2',
    );
  });
});

describe('the record as a whole', () => {
  test('is handed over as the recipient can open it', () => {
    const { outcome, released: digests } = decideRecord(
      view,
      recognition(),
      situation(),
      policyOf([{ parts: ['victim.country', 'indicators'] }]),
    );
    expect(outcome).toBe('release');
    const received = openView(view.record, disclosuresFor(view, digests));
    expect(received.parts.map(({ pathText }) => pathText).sort()).toEqual(
      view.parts
        .filter(({ digest }) => digests.has(digest))
        .map(({ pathText }) => pathText)
        .sort(),
    );
    expect(received.field(['victim', 'name']).status).toBe('unknown');
  });

  test('is not handed over without a part', async () => {
    const red = await incident({
      labels: Object.fromEntries(FIELDS.map((field) => [field, { tlp: 'RED' }])),
    });
    const decision = decideRecord(red, recognition(), situation(), policyOf());
    expect(decision.envelope.outcome).toBe('release');
    expect(decision).toMatchObject({ outcome: 'withhold', released: new Set() });
  });

  test('is not handed over where its existence is withheld', async () => {
    const secret = await incident({ envelope: { releasableTo: ['XCA'] } });
    const decision = decideRecord(secret, recognition(), situation(), policyOf());
    expect(decision.envelope).toEqual({
      path: 'envelope',
      digest: '',
      outcome: 'withhold',
      reason: 'originator-control',
      check: 'M2',
    });
    expect(decision.parts.every(({ reason }) => reason === 'ancestor-withheld')).toBe(true);
    expect(decision.released.size).toBe(0);
  });

  test('cites the policy, and survives JSON', () => {
    const policy = policyOf([{ parts: ['title'] }]);
    const decision = decideRecord(view, recognition(), situation(), policy);
    expect(decision.policy).toBe(policy.policy.digest);
    const json = JSON.parse(JSON.stringify(decision));
    expect(json.released).toEqual([...decision.released]);
    expect(json.parts).toEqual(decision.parts);
    expect(json.envelope).toEqual({
      path: 'envelope',
      digest: '',
      outcome: 'release',
      reason: 'permit',
      rule: 'rule-1',
    });
  });
});

describe('a decision that fails', () => {
  const failing: [string, () => Recipient, Partial<Situation>, View?][] = [
    [
      'at an equivalence',
      recognition,
      {
        holder: BOREALIS.id,
        inboundOf: () => {
          throw new Error('disk on fire');
        },
      },
    ],
    ['at an unknown mode', recognition, { mode: 'export' as 'push' }],
    ['at a time that is none', recognition, { atSeconds: Number.NaN }],
    ['at a time before all', recognition, { atSeconds: -1 }],
    ['at a recognition in pieces', () => ({ ...recognition(), outbound: null }) as unknown as Recipient, {}],
  ];

  test.each(failing)('%s withholds everything and raises the alarm', (_what, recipient, changes) => {
    const alarms: DecisionAlarm[] = [];
    const policy = policyOf([{}], (alarm) => alarms.push(alarm));
    const asked = situation(changes);
    const decision = decideRecord(view, recipient(), asked, policy);
    expect(decision).toMatchObject({
      outcome: 'withhold',
      released: new Set(),
      envelope: { reason: 'decision-error' },
    });
    expect(decision.parts).toHaveLength(view.parts.length);
    expect(
      decision.parts.every(({ outcome, reason }) => outcome === 'withhold' && reason === 'decision-error'),
    ).toBe(true);
    expect(alarms).toHaveLength(1);
    expect(alarms[0]).toMatchObject({
      mode: asked.mode,
      purpose: 'incident-response',
      error: expect.any(Error),
    });

    const trace = explainRecord(view, recipient(), asked, policy);
    expect(trace).toMatchObject({
      outcome: 'withhold',
      facts: undefined,
      envelope: { reason: 'decision-error', checks: [], rules: [] },
    });
    expect(alarms).toHaveLength(2);
  });

  test('withholds also where the alarm fails', () => {
    const policy = policyOf([{}], () => {
      throw new Error('no line');
    });
    expect(decideRecord(view, recognition(), situation({ atSeconds: 0.5 }), policy).outcome).toBe('withhold');
  });

  const causeOf = (seen: View, changes: Partial<Situation>): unknown => {
    const alarms: DecisionAlarm[] = [];
    decideRecord(
      seen,
      recognition(),
      situation(changes),
      policyOf([{}], (alarm) => alarms.push(alarm)),
    );
    return alarms[0]?.error;
  };

  test('is one about a view in pieces', () => {
    const torn = Object.create(view, {
      parts: { value: view.parts.filter(({ pathText }) => pathText !== 'victim') },
    }) as View;
    expect(fates([{}], torn).title).toBe('decision-error');
    expect(causeOf(torn, {})).toMatchObject({ code: 'disclosure.orphan-part' });
  });

  test('is one about a view that fails, whenever it does', () => {
    // Rules that lead to parts inside others, and an embargo, are worked out last.
    const rules = [{ parts: ['title', 'victim.country'] }, { parts: ['stage'], after: 'P1D' }];
    const ancestors = { reads: 0, failAt: 0 };
    const failing = { reads: 0, failAt: 0 };
    const guarded = <T>(count: typeof failing, value: T): T => {
      count.reads += 1;
      if (count.reads === count.failAt) throw new Error('torn');
      return value;
    };
    const fragile = (): View => {
      const parts = view.parts.map(
        (part) =>
          Object.create(part, {
            ancestors: { get: () => guarded(ancestors, part.ancestors) },
          }) as typeof part,
      );
      return Object.create(view, {
        parts: { get: () => guarded(failing, parts) },
        field: { get: () => guarded(failing, view.field.bind(view)) },
      }) as View;
    };
    for (const count of [ancestors, failing]) {
      let failures = 0;
      for (count.failAt = 1; ; count.failAt += 1) {
        ancestors.reads = 0;
        failing.reads = 0;
        const alarms: DecisionAlarm[] = [];
        const policy = policyOf(rules, (alarm) => alarms.push(alarm));
        const decision = decideRecord(fragile(), recognition(), situation(), policy);
        const hasFailed = decision.envelope.reason === 'decision-error';
        const reads = count.reads;
        // What comes later finds nothing new that could fail.
        const said = JSON.stringify(decision);
        expect(count.reads).toBe(reads);
        expect(alarms).toHaveLength(hasFailed ? 1 : 0);
        if (hasFailed) expect(said).toContain('"released":[],"held":[]');
        if (!hasFailed) break;
        failures += 1;
      }
      count.failAt = 0;
      expect(failures).toBeGreaterThan(2);
    }
  });

  test.each<[string, Partial<Situation>]>([
    ['disclosure.unknown-mode', { mode: 'export' as 'push' }],
    ['disclosure.bad-time', { atSeconds: -1 }],
    ['disclosure.bad-time', { atSeconds: 0.5 }],
    ['disclosure.bad-time', { atSeconds: Number.NaN }],
    ['disclosure.bad-time', { atSeconds: 2 ** 53 }],
  ])('says why: %s for %o', (code, changes) => {
    expect(causeOf(view, changes)).toMatchObject({ code });
  });
});

describe('the memory of a policy in use', () => {
  test('notices a recipient that was changed in place', () => {
    const policy = policyOf();
    const recipient = { ...recognition() };
    const asked = situation();
    const count = (): number => decideRecord(view, recipient, asked, policy).released.size;
    const all = count();
    expect(all).toBeGreaterThan(10);
    const changes: Partial<Recipient>[] = [
      { ceiling: 'unclassified' },
      { community: false },
      { outbound: { ...recipient.outbound, levels: new Map() } },
      { state: 'f'.repeat(64) as Recipient['state'] },
    ];
    for (const change of changes) {
      Object.assign(recipient, change);
      expect(count()).toBe(0);
      Object.assign(recipient, recognition(), { outbound: recipient.outbound });
      if ('outbound' in change) recipient.outbound = recognition().outbound;
      expect(count()).toBe(all);
    }
  });

  test('notices categories that were taken away', async () => {
    const marked = await incident({
      labels: { title: { categories: [{ set: 'network', values: ['csirt'] }] } },
    });
    const policy = policyOf();
    const recipient = { ...recognition() };
    const title = (): string | undefined =>
      decideRecord(marked, recipient, situation(), policy).parts.find(({ path }) => path === 'title')?.reason;
    expect(title()).toBe('permit');
    recipient.categories = [];
    expect(title()).toBe('categories');
  });

  test('tells apart what differs only in what is in the clear', () => {
    const policy = policyOf([{ parts: ['title'] }]);
    const ask = (seen: View): string =>
      decideRecord(seen, recognition(), situation(), policy).envelope.reason;
    const claims = new Map([...view.record.claims, ['victim', 'in the clear'] as const]);
    const withNote = Object.create(view, { record: { value: { ...view.record, claims } } }) as View;
    expect([ask(view), ask(withNote), ask(view)]).toEqual(['permit', 'no-permit', 'permit']);
  });

  test('tells a part that is one piece from one that has parts', () => {
    const policy = policyOf([{ parts: ['victim.country'] }]);
    const victim = (seen: View): string | undefined =>
      decideRecord(seen, recognition(), situation(), policy).parts.find(({ path }) => path === 'victim')
        ?.outcome;
    const parts = view.parts.filter(({ pathText }) => !pathText.startsWith('victim.'));
    const whole = Object.create(view, { parts: { value: parts } }) as View;
    expect([victim(whole), victim(view), victim(whole)]).toEqual(['withhold', 'release', 'withhold']);
  });

  test('notices that a succession has taken effect, and that another node asks about a time before', async () => {
    const policy = policyOf();
    const aging = await incident({
      labels: { title: { tlp: 'RED', succession: { at: '2026-01-02T00:00:00Z', label: { tlp: 'CLEAR' } } } },
    });
    const title = (atSeconds: number): string | undefined =>
      decideRecord(aging, recognition(), situation({ atSeconds }), policy).parts.find(
        ({ path }) => path === 'title',
      )?.outcome;
    expect([NOW, NOW + 86_399, NOW + 86_400, NOW + 86_401, NOW].map(title)).toEqual([
      'withhold',
      'withhold',
      'release',
      'release',
      'withhold',
    ]);
  });

  test('does not grow with purposes that a peer makes up, and never answers them with another one', () => {
    const policy = policyOf();
    for (let count = 0; count < 1_000; count += 1) {
      expect(
        decideRecord(view, recognition(), situation({ purpose: `purpose-${count}` }), policy).envelope.reason,
      ).toBe('purpose');
    }
    expect(decideRecord(view, recognition(), situation(), policy).outcome).toBe('release');
  });
});
