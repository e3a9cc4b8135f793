// What people are shown before a record is released: matrix, rules as sentences, when a decision may change.

import { readFileSync } from 'node:fs';
import { signerFromSeed } from '@comity/ed25519';
import { narrowView, type View } from '@comity/record';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import { earliestChange } from './change.ts';
import { compilePolicy } from './compile.ts';
import { decideRecord } from './decide.ts';
import { describeEntry, describeRule } from './describe-rule.ts';
import {
  type Changes,
  caldera,
  issueIncident,
  NOW,
  policyOf,
  recognition,
  situation,
} from './incident.test-support.ts';
import { matrix } from './matrix.ts';
import { parsePolicy } from './parse-policy.ts';
import type { Policy } from './policy.ts';
import { pushPurposes } from './purposes.ts';
import { stateByCode } from './world.test-support.ts';

const signer = signerFromSeed(new Uint8Array(32).fill(9));
const incident = (changes?: Changes): Promise<View> => issueIncident(signer, changes);

function sample(name: string): Policy {
  const file = new URL(`../../../protocol/registries/samples/policies/${name}.yaml`, import.meta.url);
  return parsePolicy(parse(readFileSync(file, 'utf8')), { stateOf: stateByCode });
}

describe('the matrix', () => {
  test('shows, part by part, what each recipient would be sent', async () => {
    const view = await incident({ labels: { indicators: { releasableTo: ['XBO'] } } });
    const policy = compilePolicy(sample('xar'));
    const recipients = [recognition(), caldera()];
    const { columns, rows } = matrix(view, recipients, () => situation(), policy);
    expect(columns.map(({ code, decision }) => [code, decision.outcome])).toEqual([
      ['XBO', 'release'],
      ['XCA', 'release'],
    ]);
    for (const [index, recipient] of recipients.entries()) {
      const sent = decideRecord(view, recipient, situation(), policy);
      expect(rows.map(({ decisions }) => decisions[index])).toEqual([sent.envelope, ...sent.parts]);
    }
    const shown = Object.fromEntries(
      rows.map(({ path, decisions }) => [
        path.replace(/\d+/, ''),
        decisions.map(({ reason }) => reason).join(' / '),
      ]),
    );
    expect(shown).toMatchObject({
      envelope: 'permit / permit',
      title: 'permit / permit',
      indicators: 'permit / originator-control',
      'indicators[]': 'permit / ancestor-withheld',
      'narrative.external': 'permit / permit',
      'narrative.internal': 'no-permit / no-permit',
      'victim.country': 'permit / ancestor-withheld',
      'victim.name': 'no-permit / ancestor-withheld',
    });
  });
});

describe('the sample policy of Arcadia', () => {
  const fate = async (path: string, content: object, changes: object): Promise<string | undefined> => {
    const view = await incident({ content: { ...content } });
    const { parts } = decideRecord(view, recognition(), situation(changes), compilePolicy(sample('xar')));
    const part = parts.find((each) => each.path === path);
    return part?.outcome === 'release' ? part.rule : part?.reason;
  };

  test.each([
    ['victim.name', {}, { mode: 'query' }, 'victims-name-on-request'],
    ['victim.name', {}, { mode: 'push' }, 'no-permit'],
    ['victim.name', { sectors: ['health'] }, { mode: 'query' }, 'ancestor-withheld'],
    ['narrative.internal', {}, { purpose: 'national-security' }, 'grave-incidents-to-borealis'],
    [
      'narrative.internal',
      { severity: { scale: 'uk-ncsc', value: 'moderate' } },
      { purpose: 'national-security' },
      'ancestor-withheld',
    ],
    ['title', {}, { purpose: 'norm-verification' }, 'ancestor-withheld'],
  ])('decides about %s with %j in %j: %s', async (path, content, changes, expected) => {
    expect(await fate(path, content, changes)).toBe(expected);
  });

  test('tells Caldera nothing about the judiciary', async () => {
    const view = await incident({ content: { sectors: ['justice'] } });
    const policy = compilePolicy(sample('xar'));
    expect(decideRecord(view, caldera(), situation(), policy)).toMatchObject({
      outcome: 'withhold',
      envelope: { rule: 'no-justice-to-caldera' },
    });
    expect(decideRecord(view, recognition(), situation(), policy).outcome).toBe('release');
  });
});

describe('the purposes of a push', () => {
  test.each([
    [
      'those that push rules name',
      [
        { purpose: ['norm-verification', 'incident-response'] },
        { purpose: ['incident-response'], mode: ['push', 'query'] },
      ],
      ['incident-response', 'norm-verification'],
    ],
    [
      'not those of answers and relays',
      [{ purpose: ['incident-response'] }, { purpose: ['counterterrorism'], mode: ['query', 'relay'] }],
      ['incident-response'],
    ],
    [
      'not those of rules that forbid',
      [{ purpose: ['incident-response'] }, { purpose: ['counterterrorism'], effect: 'forbid' }],
      ['incident-response'],
    ],
    ['none without a push rule', [{ mode: ['query'] }], []],
  ])('are %s', (_what, rules, purposes) => {
    expect(pushPurposes(policyOf(rules).policy)).toEqual(purposes);
  });

  test('are all there are, where a push rule names none', () => {
    const purposes = pushPurposes(policyOf([{ purpose: ['incident-response'] }, {}]).policy);
    expect(purposes).toHaveLength(11);
    expect(purposes).toEqual(purposes.toSorted());
  });

  test('of handing on are those of relay rules', () => {
    const { policy } = policyOf([
      { mode: ['relay'], purpose: ['policy-making'] },
      { mode: ['push'], purpose: ['incident-response'] },
    ]);
    expect(pushPurposes(policy, 'relay')).toEqual(['policy-making']);
  });
});

describe('a rule as a sentence', () => {
  test.each([
    [{ name: 'a', to: ['XBO'] }, 'a: permits any hand-over but letters to XBO'],
    [
      { name: 'b', to: ['XBO', 'XCA'], effect: 'forbid', parts: ['victim'] },
      'b: forbids any hand-over to XBO or XCA of victim',
    ],
    [
      {
        name: 'c',
        to: ['XBO'],
        mode: ['push', 'query'],
        purpose: ['incident-response'],
        when: {
          type: ['incident'],
          sector: ['energy', 'health'],
          severity: { scale: 'uk-ncsc', 'at-least': 'significant' },
        },
        profile: 'peer-technical',
      },
      'c: permits push or query to XBO for incident-response when the type is incident, the sector is energy or health and the severity is at least significant (uk-ncsc) reduced to peer-technical (classification, indicators and techniques)',
    ],
    [
      {
        name: 'e',
        to: ['XBO'],
        after: 'P1DT30M',
        from: 'detected',
        approve: { by: 'release-authority', persons: 2, within: 'P2W' },
      },
      'e: permits any hand-over but letters to XBO not before P1DT30M after the incident was detected with approval by 2 persons of the role release-authority, not older than P14D',
    ],
    [
      { name: 'd', to: ['XBO'], profile: 'originator-full' },
      'd: permits any hand-over but letters to XBO reduced to originator-full (all parts)',
    ],
  ])('%j', (rule, sentence) => {
    expect(policyOf([rule]).policy.rules.map(describeRule)).toEqual([sentence]);
  });

  test('of a limit or of reciprocity says when it holds, and for whom', () => {
    const { limits, reciprocity } = policyOf([], undefined, {
      limits: [{ to: ['XBO', 'XCA'], releases: 50, per: 'P1W', then: 'hold' }],
      reciprocity: [
        { to: ['XCA'], 'when-ratio-below': 0.2, then: 'hold', approve: { by: 'officer', within: 'PT90S' } },
      ],
    }).policy;
    expect([...limits, ...reciprocity].map(describeEntry)).toEqual([
      'limits[0]: holds what is new to XBO or XCA after 50 releases to them within P7D, for approval by 1 person of the role release-authority, not older than P30D',
      'reciprocity[0]: holds what is new to XCA after 1 record given, while less than 0.2 of what they were given came back, for approval by 1 person of the role officer, not older than PT1M30S',
    ]);
  });

  test('names what a profile drops', () => {
    const policy = sample('xbo');
    const rule = policy.rules.find(({ name }) => name === 'warn-arcadia');
    expect(rule && describeRule(rule)).toMatch(/ without narrative\.internal\)$/);
  });
});

describe('the next change', () => {
  const DAY = 86_400;
  const succession = (at: string): Readonly<Record<string, unknown>> => ({
    succession: { at, label: { classification: 'unclassified' } },
  });

  test('is the earliest succession of envelope and parts that is still to come', async () => {
    const view = await incident({
      envelope: { ...succession('2026-01-05T00:00:00Z'), reviewAt: null },
      labels: {
        title: succession('2026-01-02T00:00:00Z'),
        'victim.name': succession('2026-01-09T00:00:00Z'),
      },
    });
    const days = [0, 1, 2, 4, 8]
      .map((day) => earliestChange(view, NOW + day * DAY))
      .map((at) => (at === undefined ? undefined : (at - NOW) / DAY));
    expect(days).toEqual([1, 4, 4, 8, undefined]);
    const title = new Set(
      view.parts.filter(({ pathText }) => pathText === 'title').map(({ digest }) => digest),
    );
    expect(earliestChange(narrowView(view, title), NOW + 4 * DAY)).toBeUndefined();
  });

  test('is none where labels only have review dates', async () => {
    expect(earliestChange(await incident(), NOW)).toBeUndefined();
  });
});
