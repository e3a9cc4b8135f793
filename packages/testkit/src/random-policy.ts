import type { Chance } from './chance.ts';
import { RANDOM_PURPOSES, timeText } from './random-label.ts';

/** A policy as a person writes it. */
export interface PlainPolicy {
  readonly comity: 'policy/1';
  readonly groups: Readonly<Record<string, readonly unknown[]>>;
  readonly profiles: Readonly<Record<string, object>>;
  readonly rules: readonly PlainRule[];
  readonly limits?: readonly object[];
  readonly reciprocity?: readonly object[];
}

interface PlainRule {
  readonly name: string;
  readonly [key: string]: unknown;
}

/** What a random policy is drawn for. */
export interface PolicySurroundings {
  /** States that it may name. */
  readonly codes: readonly string[];
  /** UTC seconds: groups for a time begin and end within hours before and after it. */
  readonly atSeconds: number;
  /** Whether it may count: with limits and reciprocity. */
  readonly counts: boolean;
}

const PATHS = [
  'title',
  'summary',
  'stage',
  'sectors',
  'victim',
  'victim.name',
  'victim.country',
  'narrative',
  'narrative.internal',
  'indicators',
  'tags',
  'overall',
];
const GROUPS = ['north', 'summit', 'all'];

/** A policy with groups, some of whose states are in them for a time only, profiles, embargoes, approvals and forbids. */
export function randomPolicy(chance: Chance, surroundings: PolicySurroundings): PlainPolicy {
  const { codes, atSeconds, counts } = surroundings;
  const to = (): string[] => recipients(chance, codes);
  const summit = codes.map((state) => {
    if (chance.once(3)) return state;
    const from = timeText(atSeconds + chance.one([-7_200, -60, 600, 5_400]));
    const until = timeText(atSeconds + chance.one([6_000, 9_000]));
    return chance.once(3) ? { state, from } : chance.once(2) ? { state, until } : { state, from, until };
  });
  const forbidden = chance.between(0, 2);
  const rules = [
    ...Array.from({ length: chance.between(1, 5) }, (_, index) => permit(chance, `permit-${index}`, to())),
    ...Array.from({ length: forbidden }, (_, index) => forbid(chance, `forbid-${index}`, to())),
    ...(chance.once(2) ? [{ name: 'tell', to: to(), when: { type: ['release-grant', 'retraction'] } }] : []),
  ];
  return {
    comity: 'policy/1',
    groups: { north: codes.slice(0, 2), summit, all: codes },
    profiles: {
      technical: { keep: ['summary', 'indicators', 'victim.country'], drop: ['victim.contact'] },
      lean: { drop: [...new Set([chance.one(PATHS), chance.one(PATHS)])] },
    },
    rules: shuffled(chance, rules),
    ...(counts && { limits: Array.from({ length: chance.between(1, 2) }, () => limit(chance, to())) }),
    ...(counts && chance.once(2) && { reciprocity: [ratio(chance, to())] }),
  };
}

function recipients(chance: Chance, codes: readonly string[]): string[] {
  return chance.once(2) ? ['all'] : [...new Set([chance.one([...GROUPS, ...codes]), chance.one(GROUPS)])];
}

/** What rules of either effect can have. */
function ruleOf(chance: Chance, name: string, to: readonly string[]): PlainRule {
  const when = {
    ...(chance.once(3) && { type: chance.one([['incident'], ['incident', 'norm']]) }),
    ...(chance.once(5) && { sector: [chance.one(['energy', 'justice'])] }),
    ...(chance.once(6) && { severity: { scale: 'uk-ncsc', 'at-least': 'moderate' } }),
  };
  const modes = [
    ['push'],
    ['push', 'query'],
    ['query', 'relay'],
    ['push', 'relay'],
    ['push', 'query', 'relay'],
  ];
  return {
    name,
    to,
    mode: chance.one(modes),
    ...(chance.once(3) && {
      purpose: [...new Set([chance.one(RANDOM_PURPOSES), chance.one(RANDOM_PURPOSES)])],
    }),
    ...(Object.keys(when).length > 0 && { when }),
  };
}

function permit(chance: Chance, name: string, to: readonly string[]): PlainRule {
  return {
    ...ruleOf(chance, name, to),
    ...(chance.once(3) && { parts: pathsOf(chance) }),
    ...(chance.once(3) && { profile: chance.one(['technical', 'lean']) }),
    ...(chance.once(3) && {
      after: chance.one(['PT1S', 'PT10M', 'PT2H', 'P1D']),
      ...(chance.once(2) && { from: chance.one(['issued', 'occurred', 'detected', 'aware']) }),
    }),
    ...(chance.once(3) && { approve: need(chance) }),
  };
}

function forbid(chance: Chance, name: string, to: readonly string[]): PlainRule {
  return { ...ruleOf(chance, name, to), parts: pathsOf(chance).slice(0, 2), effect: 'forbid' };
}

function pathsOf(chance: Chance): string[] {
  const drawn = chance.some(PATHS);
  return drawn.length > 0 ? drawn : [chance.one(PATHS)];
}

function need(chance: Chance): object {
  return {
    by: chance.one(['officer', 'release-authority']),
    ...(chance.once(2) && { persons: chance.between(1, 2) }),
    ...(chance.once(2) && { within: chance.one(['PT1H', 'P1D']) }),
  };
}

function limit(chance: Chance, to: readonly string[]): object {
  return {
    to,
    releases: chance.between(1, 4),
    per: chance.one(['PT1H', 'P1D']),
    then: 'hold',
    ...(chance.once(2) && { approve: need(chance) }),
  };
}

function ratio(chance: Chance, to: readonly string[]): object {
  return {
    to,
    'when-ratio-below': chance.one([0.2, 0.5, 1]),
    ...(chance.once(2) && { releases: chance.between(1, 3) }),
    then: 'hold',
    ...(chance.once(2) && { approve: need(chance) }),
  };
}

function shuffled<T>(chance: Chance, list: readonly T[]): T[] {
  return list
    .map((entry) => ({ entry, at: chance.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ entry }) => entry);
}
