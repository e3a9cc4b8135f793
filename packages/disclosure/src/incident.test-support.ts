// One incident of Arcadia as a person writes it, for tests that follow a single decision.

import { issueRecord, parseDraft, type View } from '@comity/record';
import { type CompiledPolicy, compilePolicy, type DecisionAlarm } from './compile.ts';
import { parsePolicy } from './parse-policy.ts';
import type { PlainPolicy } from './plain-policy.test-support.ts';
import { ruleDigestOf } from './policy.ts';
import type { ApprovalFact, Recipient, Situation } from './situation.ts';
import { entropyFrom, STATES, stateByCode } from './world.test-support.ts';

export const [ARCADIA, BOREALIS, CALDERA] = STATES;
/** 2026-01-01T00:00:00Z */
export const NOW = 1_767_225_600;

export const LABEL = {
  classification: 'restricted',
  tlp: 'GREEN',
  releasableTo: ['XBO', 'XCA'],
  reviewAt: '2027-01-01T00:00:00Z',
};

const CONTENT = {
  title: { en: 'Outage of a control centre' },
  stage: 'notification',
  sectors: ['energy/electricity'],
  severity: { scale: 'uk-ncsc', value: 'significant' },
  classification: { rsitClass: 'availability', rsitType: 'outage' },
  narrative: { external: { en: 'for partners' }, internal: { en: 'for us' } },
  victim: { name: 'Grid Ltd', country: 'XAR' },
  indicators: [
    { id: 'a', type: 'ip-dst', value: '192.0.2.1' },
    { id: 'b', type: 'ip-dst', value: '192.0.2.2' },
  ],
};

/** The fields of the incident. */
export const FIELDS: readonly string[] = Object.keys(CONTENT);

type LabelText = Readonly<Record<string, unknown>>;

export interface Changes {
  readonly envelope?: LabelText;
  /** Path to what is different from LABEL there. */
  readonly labels?: Readonly<Record<string, LabelText>>;
  readonly content?: Readonly<Record<string, unknown>>;
  readonly exercise?: string;
}

/** The incident as Arcadia itself holds it. By default envelope and parts are RESTRICTED, GREEN, for XBO and XCA. */
export async function issueIncident(
  signer: Parameters<typeof issueRecord>[1]['signer'],
  { content, labels = {}, envelope, exercise }: Changes = {},
): Promise<View> {
  const given = Object.values(labels);
  const draft = {
    type: 'incident',
    subject: 'grid-1',
    ...(exercise !== undefined && { exercise }),
    // Dominates whatever a test puts on the parts.
    label: {
      classification: 'top-secret',
      tlp: 'RED',
      purposes: given.find((label) => label.purposes !== undefined)?.purposes ?? null,
      categories: given.find((label) => label.categories !== undefined)?.categories ?? null,
    },
    envelope: { purposes: null, categories: null, ...LABEL, ...envelope },
    labels: {
      ...Object.fromEntries(
        FIELDS.map((field) => [field, { purposes: null, categories: null, ...LABEL, ...labels[field] }]),
      ),
      ...Object.fromEntries(Object.entries(labels).filter(([path]) => !FIELDS.includes(path))),
    },
    content: { ...CONTENT, ...content },
  };
  const scheme = ARCADIA.scheme;
  const parsed = parseDraft(draft, { scheme, stateOf: stateByCode, atSeconds: NOW });
  const options = { issuer: ARCADIA.id, scheme, atSeconds: NOW, entropy: entropyFrom(1), signer };
  return (await issueRecord(parsed, options)).view;
}

/** Borealis, as Arcadia recognises it: up to SECRET, in the community, all categories but one. */
export function recognition(changes: Partial<Recipient> = {}): Recipient {
  const levels = new Map([
    ['unclassified', 'open'],
    ['restricted', 'reserved'],
    ['confidential', 'secret'],
    ['secret', 'strictly-secret'],
  ]);
  return {
    state: BOREALIS.id,
    code: BOREALIS.code,
    ceiling: 'secret',
    outbound: { from: ARCADIA.scheme.id, to: BOREALIS.scheme.id, levels },
    categories: [
      { set: 'sensitivity', values: ['signals'] },
      { set: 'network', values: ['csirt'] },
    ],
    community: true,
    ...changes,
  };
}

/** Caldera, which holds nothing. */
export const caldera = (): Recipient =>
  recognition({
    state: CALDERA.id,
    code: CALDERA.code,
    ceiling: 'confidential',
    outbound: {
      from: ARCADIA.scheme.id,
      to: CALDERA.scheme.id,
      levels: new Map([
        ['unclassified', 'unclassified'],
        ['restricted', 'confidential'],
        ['confidential', 'confidential'],
      ]),
    },
    categories: [],
  });

export function situation(changes: Partial<Situation> = {}): Situation {
  return {
    holder: ARCADIA.id,
    holderScheme: ARCADIA.scheme,
    inboundOf: () => undefined,
    atSeconds: NOW,
    mode: 'push',
    purpose: 'incident-response',
    author: 'wilma',
    isAuthorProven: true,
    ...changes,
  };
}

/** A policy of these rules; one that permits everything to everybody unless rules are given. */
export function policyOf(
  rules: Partial<PlainPolicy['rules'][number]>[] = [{}],
  onDecisionError?: (alarm: DecisionAlarm) => void,
  more: Partial<PlainPolicy> = {},
): CompiledPolicy {
  const named = rules.map((rule, index) => ({
    name: `rule-${index + 1}`,
    to: ['XBO', 'XCA', 'XDE'],
    ...rule,
  }));
  const policy = parsePolicy({ comity: 'policy/1', rules: named, ...more }, { stateOf: stateByCode });
  return compilePolicy(policy, onDecisionError === undefined ? {} : { onDecisionError });
}

/** What an officer has signed about some parts and a rule of a policy: an hour ago, for a week. */
export function statement(
  { policy }: CompiledPolicy,
  rule: string,
  parts: readonly string[],
  changes: Partial<ApprovalFact> = {},
): ApprovalFact {
  return {
    officer: 'anna',
    roles: ['officer'],
    decision: 'approve',
    rule,
    ruleDigest: ruleDigestOf(policy, rule) ?? '',
    parts: new Set(parts),
    mode: 'push',
    purpose: 'incident-response',
    atSeconds: NOW - 3_600,
    notAfterSeconds: NOW + 7 * 86_400,
    ...changes,
  };
}
