// What a holder hands on: what the originator named, consented to, and barred.

import { signerFromSeed } from '@comity/ed25519';
import type { View } from '@comity/record';
import { beforeAll, describe, expect, test } from 'vitest';

import type { CompiledPolicy } from './compile.ts';
import { CONSENT_GOES_ALONG } from './consent.ts';
import { decideRecord } from './decide.ts';
import type { RecordDecision } from './decision.ts';
import { explainRecord } from './explain.ts';
import {
  ARCADIA,
  BOREALIS,
  CALDERA,
  issueIncident,
  NOW,
  policyOf,
  recognition,
  situation,
} from './incident.test-support.ts';
import { permittedTypes } from './permitted-types.ts';
import type { Consent, Recipient, Situation } from './situation.ts';
import { issue } from './world.test-support.ts';

const signer = signerFromSeed(new Uint8Array(32).fill(9));

/** Arcadia's incident for Borealis alone, at Borealis, which recognises Caldera; the name of the victim is AMBER. */
let view: View;
beforeAll(async () => {
  const onlyBorealis = { releasableTo: ['XBO'] };
  view = await issueIncident(signer, {
    envelope: onlyBorealis,
    labels: {
      title: onlyBorealis,
      stage: { releasableTo: ['XBO', 'XCA'] },
      victim: onlyBorealis,
      'victim.name': { ...onlyBorealis, tlp: 'AMBER' },
      'victim.country': { ...onlyBorealis, tlp: 'RED' },
    },
  });
});

const levelsOf = (scheme: { readonly levels: readonly { readonly id: string }[] }): string[] =>
  scheme.levels.map(({ id }) => id);
const topOf = (scheme: Parameters<typeof levelsOf>[0]): string => levelsOf(scheme).at(-1) as string;

const caldera = (changes: Partial<Recipient> = {}): Recipient =>
  recognition({
    state: CALDERA.id,
    code: CALDERA.code,
    ceiling: topOf(BOREALIS.scheme),
    outbound: {
      from: BOREALIS.scheme.id,
      to: CALDERA.scheme.id,
      levels: new Map(levelsOf(BOREALIS.scheme).map((level) => [level, topOf(CALDERA.scheme)])),
    },
    categories: [],
    ...changes,
  });

const atBorealis = (changes: Partial<Situation> = {}): Situation =>
  situation({
    holder: BOREALIS.id,
    holderScheme: BOREALIS.scheme,
    inboundOf: () => ({
      from: ARCADIA.scheme.id,
      to: BOREALIS.scheme.id,
      levels: new Map(
        levelsOf(ARCADIA.scheme).map((level) => [level, levelsOf(BOREALIS.scheme)[0] as string]),
      ),
    }),
    mode: 'relay',
    ...changes,
  });

const consent = (changes: Partial<Consent> = {}): Consent => ({
  recordId: view.header.id,
  parts: 'all',
  holder: BOREALIS.id,
  thirdParty: CALDERA.id,
  purposes: ['incident-response'],
  fromSeconds: NOW - 10,
  untilSeconds: NOW + 10,
  grant: 'ab'.repeat(32),
  ...changes,
});

const digestOf = (path: string): string =>
  view.parts.find(({ pathText }) => pathText === path)?.digest as string;

const decide = (changes: Partial<Situation>, recipient = caldera(), policy = policyOf()): RecordDecision =>
  decideRecord(view, recipient, atBorealis(changes), policy);

const releasedPaths = (decision: RecordDecision): string[] =>
  decision.parts.filter(({ outcome }) => outcome === 'release').map(({ path }) => path);

describe('a consent of the originator', () => {
  test('lets a holder hand on what is not labelled for the recipient', () => {
    expect(decide({}).envelope).toMatchObject({ reason: 'originator-control', check: 'M2' });
    const decision = decide({ consents: [consent()] });
    expect(releasedPaths(decision)).toEqual(
      expect.arrayContaining(['title', 'stage', 'victim', 'victim.name']),
    );
  });

  test('lets AMBER be handed on, inside the community, and never RED', () => {
    const reasons = (decision: RecordDecision): unknown =>
      Object.fromEntries(decision.parts.map(({ path, reason }) => [path, reason]));
    const decision = decide({ consents: [consent()] });
    expect(reasons(decision)).toMatchObject({ 'victim.name': 'permit', 'victim.country': 'tlp' });
    const { checks } = explainRecord(
      view,
      caldera(),
      atBorealis({ consents: [consent()] }),
      policyOf(),
    ).parts.find(({ path }) => path === 'victim.name') as { checks: readonly object[] };
    expect(checks).toContainEqual({
      check: 'M2',
      name: 'originator-control',
      passed: true,
      why: 'consent',
      grant: 'ab'.repeat(32),
    });
    expect(checks).toContainEqual({
      check: 'M4',
      name: 'tlp',
      passed: true,
      why: 'consent',
      grant: 'ab'.repeat(32),
    });
    expect(decide({ consents: [consent()] }, caldera({ community: false })).envelope.reason).toBe('tlp');
  });

  test('covers the parts that it names, and the envelope', () => {
    const parts = new Set([digestOf('title'), digestOf('victim.name')]);
    const decision = decide({ consents: [consent({ parts })] });
    const reasons = new Map(decision.parts.map(({ path, reason }) => [path, reason]));
    expect(reasons.get('title')).toBe('permit');
    // What the name stands in is not named, and so withheld with all inside.
    expect(reasons.get('victim')).toBe('originator-control');
    expect(reasons.get('victim.name')).toBe('ancestor-withheld');
  });

  test.each<[string, Partial<Consent>]>([
    ['of another record', { recordId: '00'.repeat(32) }],
    ['to another holder', { holder: CALDERA.id }],
    ['for another state', { thirdParty: BOREALIS.id }],
    ['for another purpose', { purposes: ['policy-making'] }],
    ['that has not begun', { fromSeconds: NOW + 1 }],
    ['that has ended', { untilSeconds: NOW }],
  ])('%s changes nothing', (_what, changes) => {
    expect(decide({ consents: [consent(changes)] }).outcome).toBe('withhold');
  });

  test('is in force from its first second on, until before its last', () => {
    const at = (atSeconds: number): string => decide({ consents: [consent()], atSeconds }).outcome;
    expect([NOW - 11, NOW - 10, NOW + 9, NOW + 10].map(at)).toEqual([
      'withhold',
      'release',
      'release',
      'withhold',
    ]);
  });

  test('does not stand above the holder’s own rules, ceiling, nor the purposes of the label', () => {
    const consents = [consent()];
    expect(decide({ consents }, caldera(), policyOf([{ effect: 'forbid' }])).envelope.reason).toBe('forbid');
    expect(decide({ consents }, caldera(), policyOf([])).envelope.reason).toBe('no-permit');
    expect(decide({ consents }, caldera({ ceiling: 'unknown' })).envelope.reason).toBe('classification');
  });

  test('means nothing where the holder is the originator', () => {
    const own = situation({ consents: [consent({ holder: ARCADIA.id })] });
    const decision = decideRecord(view, { ...recognition(), state: CALDERA.id }, own, policyOf([{}]));
    expect(decision.envelope.reason).toBe('originator-control');
  });
});

describe('a bar of the originator', () => {
  const barredBy = (): ReadonlySet<typeof CALDERA.id> => new Set([CALDERA.id]);

  test('outweighs label and consent', () => {
    const named = caldera({ state: BOREALIS.id });
    expect(decide({ consents: [consent()], barredBy }).envelope.reason).toBe('originator-control');
    const trace = explainRecord(view, caldera(), atBorealis({ consents: [consent()], barredBy }), policyOf());
    expect(trace.envelope.checks.find(({ check }) => check === 'M2')?.why).toBe('barred');
    expect(decide({ barredBy }, named).outcome).toBe('release');
  });

  test('does not bind the originator itself', () => {
    const bars = situation({ barredBy: () => new Set([BOREALIS.id]) });
    expect(decideRecord(view, recognition(), bars, policyOf()).outcome).toBe('release');
  });

  test('takes effect for a recipient about whom decisions are remembered', () => {
    const policy = policyOf();
    const recipient = caldera();
    const consents = [consent()];
    expect(decide({ consents }, recipient, policy).outcome).toBe('release');
    expect(decide({ consents, barredBy }, recipient, policy).outcome).toBe('withhold');
    expect(decide({ consents }, recipient, policy).outcome).toBe('release');
  });
});

describe('a release-grant', () => {
  /** Arcadia grants Borealis to hand something on to Caldera. */
  let grant: View;
  beforeAll(async () => {
    grant = await issueGrant('grant');
  });

  async function issueGrant(decision: string): Promise<View> {
    const label = {
      scheme: ARCADIA.scheme.id,
      classification: levelsOf(ARCADIA.scheme)[0] as string,
      releasableTo: [BOREALIS.id, CALDERA.id].sort(),
    };
    const value = (name: string, content: string) => ({
      name,
      label,
      content: { kind: 'value', value: content } as const,
    });
    const draft = {
      type: 'release-grant',
      subjectId: 'grid-1',
      supersedes: [],
      envelope: label,
      overall: label,
      fields: [value('decision', decision), value('thirdParty', CALDERA.id), value('holder', BOREALIS.id)],
    };
    return (await issue(draft, ARCADIA, signer, 5)).view;
  }

  const decideGrant = (policy: CompiledPolicy, recipient = caldera()): RecordDecision =>
    decideRecord(grant, recipient, atBorealis(), policy);

  test('goes to the state that it names, though no rule permits it', () => {
    const decision = decideGrant(policyOf([]));
    expect(decision.outcome).toBe('release');
    expect(decision.envelope.rule).toBe(CONSENT_GOES_ALONG);
    expect(decideGrant(policyOf([]), caldera({ state: ARCADIA.id })).envelope.reason).toBe('no-permit');
  });

  test.each(['grant', 'refuse', 'revoke'])(
    'reaches the holder that asked, whatever the own policy would hold: %s',
    async (decision) => {
      const answer = await issueGrant(decision);
      const limits = [{ to: ['XBO', 'XCA'], releases: 1, per: 'P1D', then: 'hold' as const }];
      const rules = [{ name: 'zebra', approve: { by: 'release-authority' } }];
      const account = { already: new Set<string>(), given: 1, received: 0, releasesSince: () => 1 };
      const policy = policyOf(rules, undefined, { limits });
      for (const recipient of [caldera(), caldera({ state: BOREALIS.id })]) {
        const { envelope, parts } = decideRecord(answer, recipient, atBorealis({ account }), policy);
        for (const each of [envelope, ...parts])
          expect(each).toMatchObject({ outcome: 'release', rule: CONSENT_GOES_ALONG });
      }
    },
  );

  test('is permitted by a rule before that is said, and waits for nobody', () => {
    expect(decideGrant(policyOf([{ name: 'zebra' }])).envelope.rule).toBe('zebra');
    const guarded = policyOf([{ name: 'zebra', approve: { by: 'officer' } }]);
    expect(decideGrant(guarded).envelope.rule).toBe(CONSENT_GOES_ALONG);
  });

  test('stays where a rule forbids it, and where its label does not let it go', () => {
    expect(decideGrant(policyOf([{ effect: 'forbid' }])).envelope.reason).toBe('forbid');
    expect(decideGrant(policyOf([]), caldera({ ceiling: 'unknown' })).envelope.reason).toBe('classification');
  });

  test('is of a type that any policy may permit', () => {
    const types = permittedTypes(policyOf([{ when: { type: ['norm'] } }]), caldera(), {
      mode: 'relay',
      purpose: 'incident-response',
    });
    expect(types).toEqual(new Set(['release-grant', 'norm']));
  });

  test('is traced with the rule that always stands, after all others', () => {
    const trace = explainRecord(
      grant,
      caldera(),
      atBorealis(),
      policyOf([{ name: 'zebra', mode: ['push'] }]),
    );
    expect(trace.envelope.rules.map(({ rule, why }) => [rule, why])).toEqual([
      ['zebra', 'other-mode'],
      [CONSENT_GOES_ALONG, 'covers'],
    ]);
  });
});
