import { PURPOSES } from '@comity/label';

import { CONSENT_GOES_ALONG } from './consent.ts';
import { type DocumentPath, DocumentReader, shown } from './document-reader.ts';
import { type Nameable, type PolicyContext, readAddressees, readGroup } from './parse-addressees.ts';
import { readCondition } from './parse-condition.ts';
import { readLimits, readReciprocity } from './parse-entry.ts';
import { checkName } from './parse-name.ts';
import { readEmbargo, readNeed } from './parse-need.ts';
import { profileNamed, readPaths, readProfile } from './parse-profile.ts';
import type { Addressees, GroupMember, Policy, PolicyRule, Profile } from './policy.ts';
import { policyDigest } from './policy-digest.ts';
import { MODES, type Mode } from './situation.ts';

/** Value of the key `comity` in a policy file. */
export const POLICY_VERSION = 'policy/1';

/** What only a rule that permits can have, and what is said where one that forbids has it. */
const CONDITIONS_OF_PERMITS = ['after', 'from', 'approve'] as const;
const LATER_MODES = ['export', 'publish'];

/**
 * Reads a policy from a plain value (YAML or JSON, already parsed). One fault refuses the whole document: a rule left
 * out could be the one that forbids (DISCLOSURE §2).
 *
 * @throws DocumentFaults `policy.*`, every fault with its path
 */
export function parsePolicy(value: unknown, context: PolicyContext): Policy {
  const reader = new DocumentReader();
  const policy = readPolicy(reader, value, context);
  reader.finish();
  // Without faults nothing was left out: each rule and entry has the place that it has in the document.
  const written = value as Readonly<Record<'rules' | 'limits' | 'reciprocity', readonly unknown[]>>;
  const digested = <T>(list: readonly T[], key: keyof typeof written): (T & { digest: string })[] =>
    list.map((entry, index) => ({ ...entry, digest: policyDigest(written[key][index]) }));
  return {
    digest: policyDigest(value),
    ...policy,
    rules: digested(policy.rules, 'rules'),
    limits: digested(policy.limits, 'limits'),
    reciprocity: digested(policy.reciprocity, 'reciprocity'),
  };
}

type Undigested<T> = readonly Omit<T, 'digest'>[];

interface ReadPolicy {
  readonly groups: Policy['groups'];
  readonly profiles: Policy['profiles'];
  readonly rules: Undigested<PolicyRule>;
  readonly limits: Undigested<Policy['limits'][number]>;
  readonly reciprocity: Undigested<Policy['reciprocity'][number]>;
}

function readPolicy(reader: DocumentReader, value: unknown, context: PolicyContext): ReadPolicy {
  const root =
    reader.mapping(value, [], {
      required: ['comity', 'rules'],
      optional: ['groups', 'profiles', 'limits', 'reciprocity'],
    }) ?? {};
  if (root.comity !== undefined && root.comity !== POLICY_VERSION) {
    reader.fault('policy.unknown-version', ['comity'], `expected "${POLICY_VERSION}"`);
  }
  const groups = new Map<string, readonly GroupMember[]>();
  for (const [name, entry, path] of reader.named(root.groups, ['groups'])) {
    checkName(reader, name, path);
    groups.set(name, readGroup(reader, entry, path, context));
  }
  const profiles = new Map<string, Profile>();
  for (const [name, entry, path] of reader.named(root.profiles, ['profiles'])) {
    const profile = readProfile(reader, name, entry, path);
    if (profile !== undefined) profiles.set(name, profile);
  }
  const declared = { groups, profiles, context };
  return {
    groups,
    profiles,
    rules: readRules(reader, root.rules, declared),
    limits: readLimits(reader, root.limits, declared),
    reciprocity: readReciprocity(reader, root.reciprocity, declared),
  };
}

interface Declared extends Nameable {
  readonly profiles: ReadonlyMap<string, Profile>;
}

type Rule = Omit<PolicyRule, 'digest'>;

function readRules(reader: DocumentReader, value: unknown, declared: Declared): Rule[] {
  if (value === undefined) return [];
  const rules: Rule[] = [];
  const names = new Set<string>();
  for (const [entry, path] of reader.list(value, ['rules'], 'may be empty')) {
    const rule = readRule(reader, entry, path, declared);
    if (rule === undefined) continue;
    // Decisions cite rules by name: a name has to say which.
    if (rule.name !== '' && names.has(rule.name))
      reader.fault('policy.duplicate-name', [...path, 'name'], `"${shown(rule.name)}" is taken`);
    names.add(rule.name);
    rules.push(rule);
  }
  return rules;
}

const NOBODY: Addressees = { to: [], states: new Map() };

const RULE_KEYS = {
  required: ['name', 'to'],
  optional: ['mode', 'purpose', 'when', 'parts', 'profile', ...CONDITIONS_OF_PERMITS, 'effect'],
} as const;

function readRule(
  reader: DocumentReader,
  value: unknown,
  path: DocumentPath,
  declared: Declared,
): Rule | undefined {
  const rule = reader.mapping(value, path, RULE_KEYS);
  if (rule === undefined) return undefined;
  const effect = rule.effect === undefined ? 'permit' : rule.effect;
  if (effect !== 'permit' && effect !== 'forbid') {
    reader.fault('policy.bad-effect', [...path, 'effect'], 'expected "permit" or "forbid"');
  }
  if (effect === 'forbid') refuseConditions(reader, rule, path);
  const at = (key: string): DocumentPath => [...path, key];
  const addressees = rule.to === undefined ? NOBODY : readAddressees(reader, rule.to, at('to'), declared);
  const modes = rule.mode === undefined ? undefined : readModes(reader, rule.mode, at('mode'));
  const purposes = rule.purpose === undefined ? undefined : readPurposes(reader, rule.purpose, at('purpose'));
  const when = rule.when === undefined ? undefined : readCondition(reader, rule.when, at('when'));
  const parts = rule.parts === undefined ? undefined : readPaths(reader, rule.parts, at('parts'));
  const profile =
    rule.profile === undefined
      ? undefined
      : profileNamed(reader, rule.profile, at('profile'), declared.profiles);
  const embargo = readEmbargo(reader, rule, path);
  const approve = rule.approve === undefined ? undefined : readNeed(reader, rule.approve, at('approve'));
  return {
    name: readRuleName(reader, rule.name, at('name')),
    effect: effect === 'forbid' ? 'forbid' : 'permit',
    ...addressees,
    ...(modes && { modes }),
    ...(purposes && { purposes }),
    ...(when && { when }),
    ...(parts && { parts }),
    ...(profile && { profile }),
    ...(embargo && { embargo }),
    ...(approve && { approve }),
  };
}

/** What forbids does so at once, of everything it names, whoever says otherwise. */
function refuseConditions(
  reader: DocumentReader,
  rule: Readonly<Partial<Record<string, unknown>>>,
  path: DocumentPath,
): void {
  if (rule.profile !== undefined) {
    reader.fault(
      'policy.profile-on-forbid',
      [...path, 'profile'],
      'a profile says what is needed, not what is forbidden',
    );
  }
  for (const key of CONDITIONS_OF_PERMITS) {
    if (rule[key] === undefined) continue;
    reader.fault(
      'policy.condition-on-forbid',
      [...path, key],
      'a rule that forbids has no conditions of release',
    );
  }
}

function readRuleName(reader: DocumentReader, value: unknown, path: DocumentPath): string {
  const name = value === undefined ? undefined : reader.text(value, path);
  if (name === undefined) return '';
  checkName(reader, name, path);
  if (name === CONSENT_GOES_ALONG)
    reader.fault(
      'policy.reserved-name',
      path,
      `"${name}" is what decisions cite for a rule that always stands`,
    );
  return name;
}

function readModes(reader: DocumentReader, value: unknown, path: DocumentPath): Mode[] {
  const modes: Mode[] = [];
  for (const [text, at] of reader.texts(value, path, 'scalar-or-list')) {
    const mode = MODES.find((mode) => mode === text);
    if (mode !== undefined) modes.push(mode);
    else if (LATER_MODES.includes(text))
      reader.fault('policy.unsupported', at, `mode "${text}" is not supported by this version`);
    else reader.fault('policy.unknown-mode', at, `expected one of ${MODES.join(', ')}, got "${shown(text)}"`);
  }
  return modes;
}

function readPurposes(reader: DocumentReader, value: unknown, path: DocumentPath): string[] {
  return reader.texts(value, path, 'scalar-or-list').map(([text, at]) => {
    if (!PURPOSES.has(text))
      reader.fault('policy.unknown-purpose', at, `"${shown(text)}" is not a registered purpose`);
    return text;
  });
}
