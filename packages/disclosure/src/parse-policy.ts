import { isStateCode, PURPOSES, type StateCode, type StateId } from '@comity/label';

import { type DocumentPath, DocumentReader, MAX_ENTRIES, shown } from './document-reader.ts';
import { BUILT_IN_PROFILES } from './minimisation.ts';
import { readCondition } from './parse-condition.ts';
import { checkPartPath } from './part-path.ts';
import type { PartPath, Policy, PolicyRule, Profile } from './policy.ts';
import { policyDigest } from './policy-digest.ts';
import { MODES, type Mode } from './situation.ts';

/** What a policy is read with: the states this node knows by code. */
export interface PolicyContext {
  readonly stateOf: (code: StateCode) => StateId | undefined;
}

/** Value of the key `comity` in a policy file. */
export const POLICY_VERSION = 'policy/1';

/** Names of groups, profiles and rules. Codes of states are in capitals, so a name never looks like one. */
const NAME = /^[a-z][a-z0-9-]{0,63}$/;

const LATER_RULE_KEYS = ['after', 'from', 'approve'];
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
  return { digest: policyDigest(value), ...policy };
}

function readPolicy(reader: DocumentReader, value: unknown, context: PolicyContext): Omit<Policy, 'digest'> {
  const root = reader.mapping(value, [], {
    required: ['comity', 'rules'],
    optional: ['groups', 'profiles'],
    unsupported: ['limits', 'reciprocity'],
  });
  if (root === undefined) return { groups: new Map(), profiles: new Map(), rules: [] };
  if (root.comity !== undefined && root.comity !== POLICY_VERSION) {
    reader.fault('policy.unknown-version', ['comity'], `expected "${POLICY_VERSION}"`);
  }
  const groups = new Map<string, readonly string[]>();
  for (const [name, entry, path] of reader.named(root.groups, ['groups'])) {
    checkName(reader, name, path);
    const codes = reader.texts(entry, path, 'list');
    for (const [code, at] of codes) stateNamed(reader, code, at, context);
    groups.set(
      name,
      codes.map(([code]) => code),
    );
  }
  const profiles = new Map<string, Profile>();
  for (const [name, entry, path] of reader.named(root.profiles, ['profiles'])) {
    const profile = readProfile(reader, name, entry, path);
    if (profile !== undefined) profiles.set(name, profile);
  }
  return { groups, profiles, rules: readRules(reader, root.rules, { groups, profiles, context }) };
}

interface Declared {
  readonly groups: ReadonlyMap<string, readonly string[]>;
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly context: PolicyContext;
}

function readRules(reader: DocumentReader, value: unknown, declared: Declared): PolicyRule[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    reader.fault('policy.wrong-type', ['rules'], 'expected a list');
    return [];
  }
  if (value.length > MAX_ENTRIES) {
    reader.fault('policy.too-many', ['rules'], `expected at most ${MAX_ENTRIES} rules, got ${value.length}`);
  }
  const rules: PolicyRule[] = [];
  const names = new Set<string>();
  for (const [index, entry] of value.slice(0, MAX_ENTRIES).entries()) {
    const path = ['rules', index];
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

function readRule(
  reader: DocumentReader,
  value: unknown,
  path: DocumentPath,
  declared: Declared,
): PolicyRule | undefined {
  const rule = reader.mapping(value, path, {
    required: ['name', 'to'],
    optional: ['mode', 'purpose', 'when', 'parts', 'profile', 'effect'],
    unsupported: LATER_RULE_KEYS,
  });
  if (rule === undefined) return undefined;
  const effect = rule.effect === undefined ? 'permit' : rule.effect;
  if (effect !== 'permit' && effect !== 'forbid') {
    reader.fault('policy.bad-effect', [...path, 'effect'], 'expected "permit" or "forbid"');
  }
  const at = (key: string): DocumentPath => [...path, key];
  const to = rule.to === undefined ? [] : reader.texts(rule.to, at('to'), 'scalar-or-list');
  const modes = rule.mode === undefined ? undefined : readModes(reader, rule.mode, at('mode'));
  const purposes = rule.purpose === undefined ? undefined : readPurposes(reader, rule.purpose, at('purpose'));
  const when = rule.when === undefined ? undefined : readCondition(reader, rule.when, at('when'));
  const parts = rule.parts === undefined ? undefined : readPaths(reader, rule.parts, at('parts'));
  const profile =
    rule.profile === undefined ? undefined : profileNamed(reader, rule.profile, at('profile'), declared);
  if (rule.profile !== undefined && effect === 'forbid') {
    reader.fault(
      'policy.profile-on-forbid',
      at('profile'),
      'a profile says what is needed, not what is forbidden',
    );
  }
  const name = rule.name === undefined ? undefined : reader.text(rule.name, at('name'));
  if (name !== undefined) checkName(reader, name, at('name'));
  return {
    name: name ?? '',
    effect: effect === 'forbid' ? 'forbid' : 'permit',
    to: to.map(([text]) => text),
    states: new Set(to.flatMap(([text, where]) => statesNamed(reader, text, where, declared))),
    ...(modes && { modes }),
    ...(purposes && { purposes }),
    ...(when && { when }),
    ...(parts && { parts }),
    ...(profile && { profile }),
  };
}

function checkName(reader: DocumentReader, name: string, path: DocumentPath): void {
  if (name.length > 64 || !NAME.test(name)) {
    reader.fault(
      'policy.bad-name',
      path,
      `expected 1 to 64 lower-case letters, digits and hyphens, got "${shown(name)}"`,
    );
  }
}

function statesNamed(
  reader: DocumentReader,
  name: string,
  path: DocumentPath,
  declared: Declared,
): StateId[] {
  const group = declared.groups.get(name);
  if (group === undefined) {
    const state = stateNamed(reader, name, path, declared.context);
    return state === undefined ? [] : [state];
  }
  return group.flatMap((code) => (isStateCode(code) ? (declared.context.stateOf(code) ?? []) : []));
}

// A code nobody knows is a mistake, not a state without records: a forbidding rule with it would never fire.
function stateNamed(
  reader: DocumentReader,
  code: string,
  path: DocumentPath,
  context: PolicyContext,
): StateId | undefined {
  if (!isStateCode(code)) {
    const expected = path[0] === 'groups' ? 'a state code' : 'a state code or a group of this policy';
    return reader.fault('policy.unknown-recipient', path, `expected ${expected}, got "${shown(code)}"`);
  }
  return (
    context.stateOf(code) ??
    reader.fault('policy.unknown-state', path, `no state with the code ${code} is known here`)
  );
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

function readPaths(reader: DocumentReader, value: unknown, path: DocumentPath): PartPath[] {
  return reader.texts(value, path, 'scalar-or-list').map(([text, at]) => {
    const checked = checkPartPath(text);
    if (checked !== 'known')
      reader.fault('policy.unknown-part', at, `expected ${checked.expected}, got "${shown(text)}"`);
    return text;
  });
}

function readProfile(
  reader: DocumentReader,
  name: string,
  value: unknown,
  path: DocumentPath,
): Profile | undefined {
  checkName(reader, name, path);
  if (BUILT_IN_PROFILES.has(name)) {
    reader.fault(
      'policy.reserved-profile',
      path,
      `"${name}" has one meaning everywhere; choose another name`,
    );
  }
  const profile = reader.mapping(value, path, { required: [], optional: ['keep', 'drop'] });
  if (profile === undefined) return undefined;
  if (Object.keys(value as object).length === 0)
    reader.fault('policy.missing-key', path, 'expected a key "keep" or "drop"');
  const keep = profile.keep === undefined ? undefined : readPaths(reader, profile.keep, [...path, 'keep']);
  const drop = profile.drop === undefined ? undefined : readPaths(reader, profile.drop, [...path, 'drop']);
  return { name, ...(keep && { keep }), ...(drop && { drop }) };
}

function profileNamed(
  reader: DocumentReader,
  value: unknown,
  path: DocumentPath,
  declared: Declared,
): Profile | undefined {
  const name = reader.text(value, path);
  if (name === undefined) return undefined;
  return (
    declared.profiles.get(name) ??
    BUILT_IN_PROFILES.get(name) ??
    reader.fault('policy.unknown-profile', path, `"${shown(name)}" is neither in this policy nor registered`)
  );
}
