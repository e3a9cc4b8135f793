import { arcadia } from '../states.ts';
import type { Json, ValidCase, VectorFile } from '../vector.ts';
import { both, severity, stating, title } from './condition-scenes.ts';
import {
  by,
  decided,
  decisions,
  INSIDE,
  labelOf,
  NO_PERMIT,
  type Paths,
  type Scene,
  titled,
} from './decision-scenes.ts';
import { type JsonObject, policy, rule } from './policy-text.ts';

/** Which rules are looked at, and when their conditions hold (disclosure.md 4.1 to 4.3). */
export function decisionsByCondition(): readonly VectorFile[] {
  return [
    decisions('rules-looked-at', rulesLookedAt()),
    decisions('conditions', [...types(), ...sectors(), ...severities(), ...together()]),
  ];
}

function rulesLookedAt(): readonly ValidCase[] {
  const scene = titled(arcadia, labelOf(arcadia, 'unclassified'));
  const known = { ...scene, known: [arcadia] };
  const yes = (comment: string, rules: Json, more: Partial<Scene> = {}, groups: JsonObject = {}): ValidCase =>
    decided(comment, { ...known, ...more, policy: policy(rules, groups) }, by('a'), { title: by('a') });
  const no = (comment: string, rules: Json, more: Partial<Scene> = {}): ValidCase =>
    decided(comment, { ...known, ...more, policy: policy(rules) }, NO_PERMIT, { title: INSIDE });
  return [
    no('no rule at all: nothing is released', []),
    no('a rule for another state', [rule({ to: 'XAR' })]),
    yes('a rule for this state among others', [rule({ to: ['XAR', 'XBO'] })]),
    yes('a rule for a group', [rule({ to: 'north' })], {}, { groups: { north: ['XBO'] } }),
    yes('a rule for a mode', [rule({ mode: 'push' })]),
    yes('a rule for two modes', [rule({ mode: ['query', 'push'] })]),
    no('a rule for another mode', [rule({ mode: ['query', 'relay'] })]),
    yes('a rule without a mode, in answer to a question', [rule()], { mode: 'query' }),
    no('a rule for unasked release, in answer to a question', [rule({ mode: 'push' })], { mode: 'query' }),
    yes('a rule for a purpose', [rule({ purpose: ['norm-verification', 'incident-response'] })]),
    no('a rule for another purpose', [rule({ purpose: 'norm-verification' })]),
    yes('a forbidding rule for another state', [rule(), rule({ name: 'b', to: 'XAR', effect: 'forbid' })]),
    yes('a forbidding rule for another mode', [rule(), rule({ name: 'b', mode: 'query', effect: 'forbid' })]),
    yes('a forbidding rule for another purpose', [
      rule(),
      rule({ name: 'b', purpose: 'norm-verification', effect: 'forbid' }),
    ]),
  ];
}

function types(): readonly ValidCase[] {
  const scene = stating({ title });
  return [
    ...both('the type is the one named', scene, { type: 'incident' }, 'yes'),
    ...both('the type is one of those named', scene, { type: ['norm', 'incident'] }, 'yes'),
    ...both('the type is another', scene, { type: ['norm', 'commitment'] }, 'no'),
  ];
}

function sectors(): readonly ValidCase[] {
  const of = (...list: readonly string[]): Paths => stating({ sectors: list });
  return [
    ...both('the sector is stated', of('health'), { sector: 'health' }, 'yes'),
    ...both(
      'one of those stated is one of those named',
      of('space', 'health'),
      { sector: ['food', 'health'] },
      'yes',
    ),
    ...both('the sub-sector is stated', of('energy/oil'), { sector: 'energy/oil' }, 'yes'),
    ...both('a sub-sector of the one named is stated', of('energy/oil'), { sector: 'energy' }, 'yes'),
    ...both('another sub-sector is stated', of('energy/gas'), { sector: 'energy/oil' }, 'no'),
    ...both('another sector is stated', of('space', 'food'), { sector: ['health', 'energy'] }, 'no'),
    ...both(
      'the sector above the one named is stated: it may concern it',
      of('energy'),
      { sector: 'energy/oil' },
      'unknown',
    ),
    ...both(
      'the sector above the one named is stated, beside another of its sub-sectors',
      of('energy', 'energy/gas'),
      { sector: 'energy/oil' },
      'unknown',
    ),
    ...both(
      'one named is stated, another may be concerned',
      of('energy', 'health'),
      { sector: ['energy/oil', 'health'] },
      'yes',
    ),
  ];
}

function severities(): readonly ValidCase[] {
  const scene = stating({ severity: severity('us-nciss', 'high') });
  const least = (scale: string, value: string): JsonObject => ({ severity: { scale, 'at-least': value } });
  return [
    ...both('the severity is above the least', scene, least('us-nciss', 'medium'), 'yes'),
    ...both('the severity is the least', scene, least('us-nciss', 'high'), 'yes'),
    ...both('the severity is below the least', scene, least('us-nciss', 'severe'), 'no'),
    ...both(
      'the least is of another scale: the two are not compared',
      scene,
      least('uk-ncsc', 'localised'),
      'unknown',
    ),
    ...both('the scale is known by the word', scene, { severity: { 'at-least': 'low' } }, 'yes'),
  ];
}

function together(): readonly ValidCase[] {
  const scene = stating({ sectors: ['energy'], severity: severity('us-nciss', 'high') });
  const least = { severity: { 'at-least': 'high' } };
  return [
    ...both('every condition holds', scene, { type: 'incident', sector: 'energy', ...least }, 'yes'),
    ...both('one is unknown', scene, { type: 'incident', sector: 'energy/oil', ...least }, 'unknown'),
    ...both('one does not hold, and one is unknown', scene, { type: 'norm', sector: 'energy/oil' }, 'no'),
    ...both('one does not hold, and the others do', scene, { sector: 'health', ...least }, 'no'),
  ];
}
