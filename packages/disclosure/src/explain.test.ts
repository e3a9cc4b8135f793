import { signerFromSeed } from '@comity/ed25519';
import { codes } from '@comity/fault';
import type { View } from '@comity/record';
import { beforeAll, describe, expect, test } from 'vitest';

import { explainReason, type ReasonCode } from './decision.ts';
import { explainPart, explainRecord, type PartTrace } from './explain.ts';
import {
  type Changes,
  issueIncident,
  NOW,
  policyOf,
  recognition,
  situation,
  statement,
} from './incident.test-support.ts';

const signer = signerFromSeed(new Uint8Array(32).fill(9));
const incident = (changes?: Changes): Promise<View> => issueIncident(signer, changes);

let view: View;
beforeAll(async () => {
  view = await incident({ labels: { 'victim.name': { tlp: 'AMBER' } } });
});

const traceOf = (
  path: string,
  trace: { readonly envelope: PartTrace; readonly parts: readonly PartTrace[] },
): PartTrace => [trace.envelope, ...trace.parts].find((part) => part.path === path) as PartTrace;

describe('a trace', () => {
  test('shows every check in the order of the page, also those after one that failed', () => {
    const { checks } = traceOf(
      'victim.name',
      explainRecord(view, recognition({ community: false }), situation({ purpose: 'curiosity' }), policyOf()),
    );
    expect(checks).toEqual([
      { check: 'M1', name: 'exercise', passed: true, why: 'not-an-exercise' },
      { check: 'M2', name: 'originator-control', passed: true, why: 'releasable' },
      { check: 'M3', name: 'classification', passed: true, why: 'within-ceiling' },
      { check: 'M4', name: 'tlp', passed: false, why: 'outside-community' },
      { check: 'M5', name: 'categories', passed: true, why: 'no-categories' },
      { check: 'M6', name: 'effective-label', passed: true, why: 'as-marked' },
      { check: 'M7', name: 'purpose', passed: false, why: 'unknown-purpose' },
    ]);
  });

  test('shows every rule in the order of names, and why it matches or not', () => {
    const policy = policyOf([
      { name: 'j-way', parts: ['victim.name'] },
      {
        name: 'i-forbid-unsure',
        effect: 'forbid',
        when: { severity: { scale: 'us-nciss', 'at-least': 'severe' } },
        parts: ['title'],
      },
      { name: 'h-forbid', effect: 'forbid', parts: ['victim.contact'] },
      { name: 'g-covers', parts: ['victim'] },
      { name: 'f-other-parts', parts: ['title'] },
      { name: 'e-unsure', when: { severity: { scale: 'us-nciss', 'at-least': 'severe' } } },
      { name: 'd-not-met', when: { sector: ['space'] } },
      { name: 'c-purpose', purpose: ['counterterrorism'] },
      { name: 'b-mode', mode: ['relay'] },
      { name: 'a-recipient', to: ['XCA'] },
    ]);
    const { rules, rule } = traceOf('victim', explainRecord(view, recognition(), situation(), policy));
    expect(rules.map(({ rule: name, matched, why }) => [name, matched, why])).toEqual([
      ['a-recipient', false, 'other-recipient'],
      ['b-mode', false, 'other-mode'],
      ['c-purpose', false, 'other-purpose'],
      ['d-not-met', false, 'condition-not-met'],
      ['e-unsure', false, 'condition-unknown'],
      ['f-other-parts', false, 'other-parts'],
      ['g-covers', true, 'covers'],
      ['h-forbid', false, 'other-parts'],
      ['i-forbid-unsure', false, 'other-parts'],
      ['j-way', true, 'leads-to-part'],
    ]);
    expect(rule).toBe('g-covers');
    const title = traceOf('title', explainRecord(view, recognition(), situation(), policy));
    expect(title.rules.find(({ rule: name }) => name === 'i-forbid-unsure')).toEqual({
      rule: 'i-forbid-unsure',
      effect: 'forbid',
      matched: true,
      why: 'condition-unknown',
    });
    expect(title).toMatchObject({ outcome: 'withhold', reason: 'forbid', rule: 'i-forbid-unsure' });
  });

  test('shows candidates that do not let a part go yet, and what they wait for', () => {
    const policy = policyOf(
      [
        { name: 'a-later', after: 'PT6H' },
        { name: 'b-waits', approve: { by: 'officer', persons: 2 } },
        { name: 'c-rejected', approve: { by: 'release-authority' } },
        { name: 'd-way', parts: ['victim.name'] },
        { name: 'e-nothing-to-run-from', after: 'PT1S', from: 'occurred' },
        { name: 'f-elsewhen', to: ['summit'] },
      ],
      undefined,
      { groups: { summit: [{ state: 'XBO', until: '2026-01-01' }] } },
    );
    const { digest = '' } = view.parts.find(({ pathText }) => pathText === 'victim') ?? {};
    const approvals = [
      statement(policy, 'b-waits', [digest]),
      statement(policy, 'c-rejected', [digest], { decision: 'reject', roles: ['release-authority'] }),
    ];
    const victim = traceOf('victim', explainRecord(view, recognition(), situation({ approvals }), policy));
    const matched = { effect: 'permit', matched: true };
    expect(victim.rules).toEqual([
      { ...matched, rule: 'a-later', why: 'embargo', coverage: 'whole', fromSeconds: NOW + 6 * 3_600 },
      {
        ...matched,
        rule: 'b-waits',
        why: 'approval-needed',
        coverage: 'whole',
        // What was approved in the second of the rejection, or before it, counts no longer.
        approval: { role: 'officer', persons: 2, have: 0 },
      },
      {
        ...matched,
        rule: 'c-rejected',
        why: 'approval-needed',
        coverage: 'whole',
        approval: { role: 'release-authority', persons: 1, have: 0 },
      },
      {
        ...matched,
        rule: 'd-way',
        why: 'approval-needed',
        coverage: 'way',
        // Of what was rejected a rule that asks for nobody asks for a release authority.
        approval: { role: 'release-authority', persons: 1, have: 0 },
      },
      { rule: 'e-nothing-to-run-from', effect: 'permit', matched: false, why: 'condition-not-met' },
      { rule: 'f-elsewhen', effect: 'permit', matched: false, why: 'outside-window' },
    ]);
    expect(victim).toMatchObject({ reason: 'rejected', rule: 'c-rejected', rejectedBy: 'c-rejected' });
  });

  test('shows what limits and reciprocity say to each part', () => {
    const hold = { to: ['XBO'], then: 'hold' };
    const policy = policyOf([{}], undefined, {
      limits: [
        { ...hold, releases: 5, per: 'P1D' },
        { ...hold, releases: 1, per: 'P1D' },
        { to: ['XCA'], then: 'hold', releases: 1, per: 'P1D' },
      ],
      reciprocity: [{ ...hold, 'when-ratio-below': 0.5, approve: { by: 'officer' } }],
    });
    const [title, stage] = ['title', 'stage'].map(
      (path) => view.parts.find(({ pathText }) => pathText === path)?.digest as string,
    ) as [string, string];
    const account = { already: new Set([title]), releasesSince: () => 1, given: 4, received: 1 };
    const approvals = [statement(policy, 'reciprocity[0]', [stage])];
    const trace = explainRecord(view, recognition(), situation({ account, approvals }), policy);
    expect(traceOf('title', trace).entries.map(({ entry, why }) => [entry, why])).toEqual([
      ['limits[0]', 'not-reached'],
      ['limits[1]', 'already-released'],
      ['reciprocity[0]', 'already-released'],
    ]);
    expect(traceOf('stage', trace)).toMatchObject({
      outcome: 'hold',
      reason: 'limit',
      rule: 'limits[1]',
      entries: [
        { entry: 'limits[0]', why: 'not-reached' },
        { why: 'approval-needed', approval: { role: 'release-authority', persons: 1, have: 0 } },
        { entry: 'reciprocity[0]', reason: 'reciprocity', why: 'approved' },
      ],
    });
    expect(traceOf('envelope', trace).entries).toEqual([]);
  });

  test('shows what embargoes run from', () => {
    const { anchors } = explainRecord(view, recognition(), situation(), policyOf());
    expect(anchors).toEqual({
      issued: { status: 'known', value: NOW },
      occurred: { status: 'absent' },
      detected: { status: 'absent' },
      aware: { status: 'absent' },
    });
  });

  test('says that a record type of a later version is why no permit matches', () => {
    const later = Object.create(view, { header: { value: { ...view.header, type: 'treaty' } } }) as View;
    expect(explainRecord(later, recognition(), situation(), policyOf()).envelope.rules[0]?.why).toBe(
      'unknown-record-type',
    );
  });

  test('shows the facts that rules looked at', () => {
    expect(explainRecord(view, recognition(), situation(), policyOf()).facts).toEqual({
      type: 'incident',
      typeKnown: true,
      sectors: { status: 'known', value: ['energy/electricity'] },
      severity: { status: 'known', value: { scale: 'uk-ncsc', value: 'significant', ordinal: 3 } },
      thirdParty: { status: 'absent' },
      holder: { status: 'absent' },
    });
  });

  test('can be had for one part, or for the envelope', () => {
    const title = view.parts.find(({ pathText }) => pathText === 'title');
    const ask = (digest: string): PartTrace | undefined =>
      explainPart(view, digest, recognition(), situation(), policyOf());
    expect(ask(title?.digest as string)).toMatchObject({ path: 'title', outcome: 'release', rule: 'rule-1' });
    expect(ask('')).toMatchObject({ path: 'envelope', outcome: 'release' });
    expect(ask('00')).toBeUndefined();
  });
});

test('every reason has an entry in the registry of codes', () => {
  const reasons: Exclude<ReasonCode, 'permit'>[] = [
    'exercise',
    'originator-control',
    'classification',
    'tlp',
    'categories',
    'effective-label',
    'purpose',
    'no-permit',
    'forbid',
    'embargo',
    'approval-needed',
    'rejected',
    'limit',
    'reciprocity',
    'ancestor-held',
    'part-held',
    'ancestor-withheld',
    'decision-error',
  ];
  for (const reason of reasons)
    expect(explainReason(reason)).toEqual({ code: `disclosure.${reason}`, ...codes[`disclosure.${reason}`] });
  expect(explainReason('classification').exit).toBe(21);
  expect(explainReason('no-permit').exit).toBe(20);
});
