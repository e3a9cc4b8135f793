import type { StateId } from '@comity/label';
import { recordTypeOf, recordTypes } from '@comity/record';

import type { DocumentPath } from './document-reader.ts';
import type { Addressees, ApprovalNeed, PartPath, Policy, PolicyRule } from './policy.ts';
import { forbidsAllOf, isUnder, isWider, mayMeet, periodsLeft, permitsAllOf } from './rule-cover.ts';

/** What a careful reader would ask the author about (disclosure.md 6.16). */
export type WarningKind =
  | 'no-permit'
  | 'membership-over'
  | 'over'
  | 'unused'
  | 'self'
  | 'not-served'
  | 'part-of-no-type'
  | 'field-of-no-type'
  | 'covers-nothing'
  | 'forbidden'
  | 'adds-nothing'
  | 'forbids-nothing'
  | 'never-reached'
  | 'too-few-officers';

/** Something in a policy that is allowed, and probably not what was meant. Nothing is refused for it. */
export interface PolicyWarning {
  readonly kind: WarningKind;
  readonly path: DocumentPath;
  readonly message: string;
}

/** What a policy is looked at with: the holder as it is at the time. */
export interface WarningContext {
  readonly holder: StateId;
  /** UTC seconds. */
  readonly atSeconds: number;
  readonly codeOf: (state: StateId) => string;
  readonly isServed: (state: StateId) => boolean;
  /** How many officers of a role are in force. */
  readonly officersOf: (role: string) => number;
}

/** All warnings about a policy, in no order that means anything. */
export function policyWarnings(policy: Policy, context: WarningContext): PolicyWarning[] {
  return [
    ...groupWarnings(policy, context),
    ...policy.rules.flatMap((rule, index) => [...ruleWarnings(policy, rule, index, context)]),
    ...entryWarnings(policy, context),
    ...recipientWarnings(policy, context),
  ];
}

function* groupWarnings(
  { groups, profiles, rules, limits, reciprocity }: Policy,
  { atSeconds }: WarningContext,
): Generator<PolicyWarning, void, undefined> {
  if (!rules.some(({ effect }) => effect === 'permit'))
    yield {
      kind: 'no-permit',
      path: ['rules'],
      message: 'no rule permits anything: nothing is released to anybody',
    };
  const named = new Set([...rules, ...limits, ...reciprocity].flatMap(({ to }) => to));
  for (const [name, members] of groups) {
    const path = ['groups', name];
    if (!named.has(name))
      yield { kind: 'unused', path, message: `no rule, limit or reciprocity names the group "${name}"` };
    for (const [index, { code, untilSeconds }] of members.entries())
      if (untilSeconds <= atSeconds)
        yield {
          kind: 'membership-over',
          path: [...path, index],
          message: `${code} is in the group no longer`,
        };
  }
  for (const name of profiles.keys())
    if (!rules.some(({ profile }) => profile?.name === name))
      yield { kind: 'unused', path: ['profiles', name], message: `no rule names the profile "${name}"` };
}

function* ruleWarnings(
  { rules }: Policy,
  rule: PolicyRule,
  index: number,
  context: WarningContext,
): Generator<PolicyWarning, void, undefined> {
  const { atSeconds } = context;
  const path = ['rules', index];
  yield* officerWarnings(rule.approve, path, context);
  if (isOver(rule, atSeconds)) {
    yield {
      kind: 'over',
      path: [...path, 'to'],
      message: 'nobody is in these groups any more: it never applies',
    };
    return;
  }
  const untyped = [...typeWarnings(rule, path)];
  yield* untyped;
  if (rule.effect === 'forbid') {
    // A release-grant goes along without a rule (disclosure.md 4.15).
    const meets =
      rule.when?.type?.includes('release-grant') !== false ||
      rules.some(
        (other) => other.effect === 'permit' && mayMeet(rule, other, atSeconds) && mayShare(rule, other),
      );
    if (!meets) yield { kind: 'forbids-nothing', path, message: 'no rule permits any of what it forbids' };
    return;
  }
  if (untyped.some(({ kind }) => kind !== 'part-of-no-type')) return;
  const stronger = rules.find(
    (other) => other.effect === 'forbid' && isWider(other, rule, atSeconds) && forbidsAllOf(other, rule),
  );
  if (stronger !== undefined) {
    const message = `it never applies: the rule "${stronger.name}" forbids all that it permits`;
    yield { kind: 'forbidden', path, message };
    return;
  }
  const wider = rules.find((other, place) => makesIdle(other, rule, place < index, atSeconds));
  if (wider === undefined) return;
  const waits = rule.approve !== undefined || rule.embargo !== undefined;
  const message = `it adds nothing: the rule "${wider.name}" permits all of it${waits ? ', without waiting' : ''}`;
  yield { kind: 'adds-nothing', path, message };
}

/** Whether nothing is different without a rule that permits, since another does the same or more, at once. */
function makesIdle(other: PolicyRule, rule: PolicyRule, isBefore: boolean, atSeconds: number): boolean {
  if (other === rule || !doesAsMuch(other, rule, atSeconds)) return false;
  // Of two that do the same, one is idle.
  return isBefore || !doesAsMuch(rule, other, atSeconds);
}

function doesAsMuch(wide: PolicyRule, narrow: PolicyRule, atSeconds: number): boolean {
  if (wide.effect !== 'permit' || wide.approve !== undefined) return false;
  const isLater =
    wide.embargo !== undefined &&
    !(
      narrow.embargo?.anchor === wide.embargo.anchor &&
      narrow.embargo.afterSeconds >= wide.embargo.afterSeconds
    );
  return !isLater && isWider(wide, narrow, atSeconds) && permitsAllOf(wide, narrow);
}

/** Whether there may be a part that both name. */
function mayShare({ parts }: PolicyRule, { parts: others, profile }: PolicyRule): boolean {
  const meet = (paths: readonly PartPath[] | undefined): boolean =>
    parts === undefined ||
    paths === undefined ||
    parts.some((path) => paths.some((other) => isUnder(path, other) || isUnder(other, path)));
  return meet(others) && meet(profile?.keep);
}

const ANCHOR_FIELDS = { occurred: 'occurredAt', detected: 'detectedAt', aware: 'awareAt' } as const;

/** What a rule asks of records whose types have no such thing. */
function* typeWarnings(rule: PolicyRule, path: DocumentPath): Generator<PolicyWarning, void, undefined> {
  const { when, parts, profile, embargo } = rule;
  const types = when?.type ?? recordTypes.map(({ id }) => id);
  const which = types.join(', ');
  const have = (field: PartPath): boolean => types.some((type) => hasPart(type, field));
  const conditions = [
    ...(when?.sector === undefined ? [] : [['sectors', 'sector'] as const]),
    ...(when?.severity === undefined ? [] : [['severity', 'severity'] as const]),
  ];
  for (const [field, key] of conditions)
    if (!have(field))
      yield {
        kind: 'field-of-no-type',
        path: [...path, 'when', key],
        message: `it never applies: no ${which} states it`,
      };
  const anchor =
    embargo === undefined || embargo.anchor === 'issued' ? undefined : ANCHOR_FIELDS[embargo.anchor];
  if (anchor !== undefined && !have(anchor))
    yield {
      kind: 'field-of-no-type',
      path: [...path, 'from'],
      message: `it never applies: no ${which} has ${anchor}`,
    };
  for (const [index, part] of (parts ?? []).entries())
    if (!have(part))
      yield {
        kind: 'part-of-no-type',
        path: [...path, 'parts', index],
        message: `no ${which} has such a part`,
      };
  if (rule.effect === 'permit' && !reachable(parts, profile).some(have))
    yield {
      kind: 'covers-nothing',
      path: [...path, parts === undefined ? 'profile' : 'parts'],
      message: `it permits nothing: of what it names ${profile === undefined ? '' : 'and its profile leaves '}no ${which} has any part`,
    };
}

/** Paths that parts and profile leave; the empty path for everything. */
function reachable(
  parts: readonly PartPath[] | undefined,
  profile: PolicyRule['profile'],
): readonly PartPath[] {
  const named = parts ?? [''];
  const kept = profile?.keep ?? [''];
  const both = named.flatMap((part) =>
    kept.flatMap((keep) => {
      if (keep === '' || (part !== '' && isUnder(part, keep))) return [part];
      return part === '' || isUnder(keep, part) ? [keep] : [];
    }),
  );
  return both.filter((path) => profile?.drop?.some((dropped) => isUnder(path, dropped)) !== true);
}

function hasPart(type: string, path: PartPath): boolean {
  if (path === '' || path === 'overall') return true;
  const [field = '', inner] = path.split('.');
  const rule = recordTypeOf(type)?.fields[field];
  if (rule === undefined) return false;
  return inner === undefined || (rule.redaction === 'fields' && inner in rule.fields);
}

function* entryWarnings(
  { rules, limits, reciprocity }: Policy,
  context: WarningContext,
): Generator<PolicyWarning, void, undefined> {
  const { atSeconds } = context;
  const permitted = new Set(
    rules
      .filter(({ effect }) => effect === 'permit')
      .flatMap(({ states }) =>
        [...states].flatMap(([state, periods]) =>
          periodsLeft(periods, atSeconds).length > 0 ? [state] : [],
        ),
      ),
  );
  const placed = [
    ...limits.map((entry, index) => ({ entry, path: ['limits', index] })),
    ...reciprocity.map((entry, index) => ({ entry, path: ['reciprocity', index] })),
  ];
  for (const { entry, path } of placed) {
    yield* officerWarnings(entry.approve, path, context);
    if (isOver(entry, atSeconds))
      yield {
        kind: 'over',
        path: [...path, 'to'],
        message: 'nobody is in these groups any more: it never applies',
      };
    else if (![...entry.states.keys()].some((state) => permitted.has(state)))
      yield {
        kind: 'never-reached',
        path: [...path, 'to'],
        message: 'no rule permits anything to any of these states',
      };
  }
}

function* officerWarnings(
  approve: ApprovalNeed | undefined,
  path: DocumentPath,
  { officersOf }: WarningContext,
): Generator<PolicyWarning, void, undefined> {
  if (approve === undefined) return;
  const { by, persons } = approve;
  const there = officersOf(by);
  if (there < persons)
    yield {
      kind: 'too-few-officers',
      path: [...path, 'approve'],
      message: `it asks for ${persons} ${by}; ${there} ${there === 1 ? 'is' : 'are'} in force`,
    };
}

/** The first place that names each state to which nothing can go. */
function* recipientWarnings(
  { rules, limits, reciprocity }: Policy,
  { holder, isServed, codeOf }: WarningContext,
): Generator<PolicyWarning, void, undefined> {
  const told = new Set<StateId>();
  const placed = [
    ...rules.map((each, index) => ({ states: each.states, path: ['rules', index, 'to'] })),
    ...limits.map((each, index) => ({ states: each.states, path: ['limits', index, 'to'] })),
    ...reciprocity.map((each, index) => ({ states: each.states, path: ['reciprocity', index, 'to'] })),
  ];
  for (const { states, path } of placed) {
    for (const state of states.keys()) {
      if (told.has(state)) continue;
      told.add(state);
      if (state === holder)
        yield { kind: 'self', path, message: `${codeOf(state)} is this state, which is handed nothing` };
      else if (!isServed(state))
        yield { kind: 'not-served', path, message: `${codeOf(state)} is not served now: nothing goes there` };
    }
  }
}

function isOver({ states }: Addressees, atSeconds: number): boolean {
  return [...states.values()].every((periods) => periodsLeft(periods, atSeconds).length === 0);
}
