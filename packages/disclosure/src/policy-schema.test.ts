// protocol/schemas/policy.schema.json is what editors know of a policy. It must accept what the parser accepts: but for
// references (groups, profiles, states, names that are taken) and for what times and durations come to, which no schema of
// this kind can follow.

import { readFileSync } from 'node:fs';
import { PURPOSES } from '@comity/label';
import sectors from '@comity/protocol/registries/sectors.json' with { type: 'json' };
import { recordTypes } from '@comity/record';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { BUILT_IN_PROFILES } from './minimisation.ts';
import { OFFICER_ROLES } from './parse-need.ts';
import { parsePolicy } from './parse-policy.ts';
import { partPaths } from './part-path.ts';
import {
  type PlainMember,
  type PlainNeed,
  type PlainPolicy,
  secondsOf,
  timeOf,
} from './plain-policy.test-support.ts';
import { ANCHORS } from './policy.ts';
import { drawPolicy } from './questions.test-support.ts';
import { MODES } from './situation.ts';
import { SEVERITY_SCALES, scalesWith } from './vocabulary.ts';
import { Draw, stateByCode } from './world.test-support.ts';

interface Schema {
  readonly [keyword: string]: unknown;
}

const root = JSON.parse(
  readFileSync(new URL('../../../protocol/schemas/policy.schema.json', import.meta.url), 'utf8'),
) as Schema;
const ANNOTATIONS = ['$schema', '$id', '$defs', 'title', 'description', 'then'];

/** The keywords of JSON Schema 2020-12 that this schema uses; any other fails the test. */
function isValid(schema: Schema | boolean, value: unknown): boolean {
  if (typeof schema === 'boolean') return schema;
  return Object.entries(schema).every(
    ([keyword, operand]) => ANNOTATIONS.includes(keyword) || holds(keyword, operand, schema, value),
  );
}

function holds(keyword: string, operand: unknown, schema: Schema, value: unknown): boolean {
  const map =
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  const list = Array.isArray(value) ? (value as unknown[]) : undefined;
  const named = (schema.properties ?? {}) as Record<string, Schema | boolean>;
  switch (keyword) {
    case '$ref':
      return isValid(
        (root.$defs as Record<string, Schema>)[String(operand).replace('#/$defs/', '')] as Schema,
        value,
      );
    case 'type':
      if (operand === 'object') return map !== undefined;
      if (operand === 'array') return list !== undefined;
      return operand === 'integer' ? Number.isInteger(value) : typeof value === operand;
    case 'const':
      return value === operand;
    case 'enum':
      return (operand as unknown[]).includes(value);
    case 'pattern':
      return typeof value !== 'string' || new RegExp(operand as string, 'u').test(value);
    case 'required':
      return map === undefined || (operand as string[]).every((key) => Object.hasOwn(map, key));
    case 'properties':
      return (
        map === undefined ||
        Object.entries(named).every(([key, inner]) => !Object.hasOwn(map, key) || isValid(inner, map[key]))
      );
    case 'additionalProperties':
      return (
        map === undefined ||
        Object.entries(map).every(
          ([key, inner]) => Object.hasOwn(named, key) || isValid(operand as Schema, inner),
        )
      );
    case 'propertyNames':
      return map === undefined || Object.keys(map).every((key) => isValid(operand as Schema, key));
    case 'minProperties':
      return map === undefined || Object.keys(map).length >= (operand as number);
    case 'maxProperties':
      return map === undefined || Object.keys(map).length <= (operand as number);
    case 'items':
      return list === undefined || list.every((inner) => isValid(operand as Schema, inner));
    case 'minItems':
      return list === undefined || list.length >= (operand as number);
    case 'maxItems':
      return list === undefined || list.length <= (operand as number);
    case 'minimum':
      return typeof value !== 'number' || value >= (operand as number);
    case 'maximum':
      return typeof value !== 'number' || value <= (operand as number);
    case 'dependentRequired':
      return (
        map === undefined ||
        Object.entries(operand as Record<string, string[]>).every(
          ([key, needed]) => !Object.hasOwn(map, key) || needed.every((each) => Object.hasOwn(map, each)),
        )
      );
    case 'uniqueItems':
      return list === undefined || new Set(list.map((inner) => JSON.stringify(inner))).size === list.length;
    case 'anyOf':
      return (operand as Schema[]).some((inner) => isValid(inner, value));
    case 'not':
      return !isValid(operand as Schema, value);
    case 'if':
      return !isValid(operand as Schema, value) || isValid(schema.then as Schema, value);
    default:
      throw new Error(`the schema uses ${keyword}, which this test does not know`);
  }
}

function isAccepted(value: unknown): boolean {
  try {
    parsePolicy(value, { stateOf: stateByCode });
    return true;
  } catch {
    return false;
  }
}

/** Whether what a document of the right form refers to exists, and its times and durations come to something. */
function meansSomething(value: unknown): boolean {
  const { groups = {}, profiles = {}, rules, limits = [], reciprocity = [] } = value as PlainPolicy;
  const names = rules.map(({ name }) => name);
  return (
    new Set(names).size === names.length &&
    Object.values(groups).every(isGroup) &&
    [...rules, ...limits, ...reciprocity].every(
      ({ to, approve }) => isNamed(to, groups) && isWithin(approve),
    ) &&
    rules.every(({ after }) => after === undefined || isUpTo(after, 3_650)) &&
    limits.every(({ per }) => isUpTo(per as string, 3_650)) &&
    reciprocity.every(({ 'when-ratio-below': ratio }) => /^(1|0\.\d\d?)$/.test(String(ratio))) &&
    rules.every(
      ({ profile: name }) =>
        name === undefined || BUILT_IN_PROFILES.has(name) || Object.hasOwn(profiles, name),
    )
  );
}

const CODES = ['XAR', 'XBO', 'XCA', 'XDE'];

const isNamed = (to: string | string[], groups: object): boolean =>
  [to].flat().every((name) => CODES.includes(name) || Object.hasOwn(groups, name));

const isUpTo = (duration: string, days: number): boolean =>
  secondsOf(duration) > 0 && secondsOf(duration) <= days * 86_400;

const isWithin = (approve: PlainNeed | undefined): boolean =>
  approve?.within === undefined || isUpTo(approve.within, 365);

/** 30 February is of the right form too. */
function exists(text: string): boolean {
  const date = new Date(timeOf(text) * 1_000);
  return date.getTime() >= 0 && date.toISOString().startsWith(text.replace('Z', ''));
}

function isGroup(members: readonly PlainMember[]): boolean {
  const states = members.map((member) => (typeof member === 'string' ? member : member.state));
  return (
    new Set(states).size === states.length &&
    states.every((state) => CODES.includes(state)) &&
    members.every((member) => {
      const { from, until } = typeof member === 'string' ? {} : member;
      const texts = [from, until].filter((text) => text !== undefined);
      const [first = 0, second = Number.POSITIVE_INFINITY] = texts.map(timeOf);
      return texts.every(exists) && first < second;
    })
  );
}

/** A policy in which one place, anywhere, was replaced, removed or added to. */
function damaged(seed: number): unknown {
  const draw = new Draw(seed);
  const policy = structuredClone(drawPolicy(draw)) as unknown;
  if (draw.once(8)) return policy;
  let at = policy as Record<string, unknown>;
  for (;;) {
    const key = draw.one(Object.keys(at));
    const inner = at[key];
    if (typeof inner === 'object' && inner !== null && Object.keys(inner).length > 0 && !draw.once(4)) {
      at = inner as Record<string, unknown>;
      continue;
    }
    const odd = [
      null,
      '',
      'XBO',
      'xbo',
      'all',
      7,
      true,
      {},
      [],
      ['XAR'],
      ['XAR', 'XAR'],
      'push',
      ['publish'],
      'technical',
      'peer-technical',
      'victim.name',
      ['victim', 'indicators[0]'],
      'incident',
      { 'at-least': 'significant' },
      { 'at-least': 'nothing' },
      { scale: 'us-nciss', 'at-least': 'significant' },
      { keep: ['summary'] },
      'forbid',
      'a'.repeat(65),
      { state: 'XBO', until: '2026-01-01' },
      { state: 'XBO', from: '2026-01-01', until: '2025-12-31T23:59:59Z' },
      [{ state: 'XAR', from: '2026-02-30' }, 'XBO'],
      { by: 'officer', persons: 2, within: 'P365D' },
      { by: 'officer', persons: 10 },
      { by: 'release-authority', within: 'P366D' },
      'PT6H',
      'P0D',
      'P1Y',
      'P',
      'PT1H1D',
      'issued',
      'hold',
      'consent-goes-along',
      '2026-01-01T00:00:00Z',
      0.2,
      0.333,
      1_000_000,
      1_000_001,
      [{ to: 'XBO', releases: 5, per: 'P7D', then: 'hold' }],
      [{ to: 'all', 'when-ratio-below': 0.5, then: 'hold', approve: { by: 'officer' } }],
      inner,
    ];
    if (draw.once(4) && !Array.isArray(at))
      at[
        draw.one([
          'after',
          'from',
          'approve',
          'by',
          'persons',
          'within',
          'until',
          'state',
          'limits',
          'reciprocity',
          'releases',
          'per',
          'then',
          'when-ratio-below',
          'effect',
          'profile',
          'keep',
          'drop',
          'when',
          'severity',
          'type',
          'sector',
          'mode',
          'Groups',
          'public-notice',
        ])
      ] = draw.one(odd);
    else if (draw.once(4)) Array.isArray(at) ? at.splice(Number(key), 1) : delete at[key];
    else at[key] = draw.one(odd);
    return policy;
  }
}

describe('the schema', () => {
  test('accepts what the parser accepts', () => {
    const seen = { valid: 0, invalid: 0 };
    fc.assert(
      fc.property(fc.nat(0x7fff_ffff), (seed) => {
        const value = damaged(seed);
        const valid = isValid(root, value);
        expect(isAccepted(value), JSON.stringify(value)).toBe(valid && meansSomething(value));
        seen[valid ? 'valid' : 'invalid'] += 1;
      }),
      { numRuns: 6_000, seed: 3 },
    );
    expect(seen.valid).toBeGreaterThan(600);
    expect(seen.invalid).toBeGreaterThan(600);
  }, 60_000);

  test('lists the words of the registries, no more and no fewer', () => {
    /** What stands in the schema under these steps. */
    const at = (...steps: (string | number)[]): unknown =>
      steps.reduce<unknown>((here, step) => (here as Record<string | number, unknown>)[step], root);
    /** The words of a place that takes one of them or a list. */
    const words = (...steps: string[]): unknown => {
      expect(at(...steps, 'anyOf', 1, 'items')).toEqual(at(...steps, 'anyOf', 0));
      return at(...steps, 'anyOf', 0, 'enum');
    };
    const sectorIds = sectors.sectors.flatMap(({ id, subsectors }) => [
      id,
      ...subsectors.map((inner) => `${id}/${inner}`),
    ]);
    const when = ['$defs', 'condition', 'properties'];
    const rule = ['$defs', 'rule', 'properties'];
    expect(words(...when, 'type')).toEqual(recordTypes.map(({ id }) => id));
    expect(words(...when, 'sector')).toEqual(sectorIds);
    expect(words(...rule, 'purpose')).toEqual([...PURPOSES.keys()]);
    expect(words(...rule, 'mode')).toEqual(MODES);
    expect(words('$defs', 'paths')).toEqual(partPaths());
    expect(at(...rule, 'from', 'enum')).toEqual(ANCHORS);
    expect(at('$defs', 'approve', 'properties', 'by', 'enum')).toEqual(OFFICER_ROLES);
    expect(at('properties', 'profiles', 'propertyNames', 'not', 'enum')).toEqual([
      ...BUILT_IN_PROFILES.keys(),
    ]);

    const [unambiguous, ...named] = (at('$defs', 'severity', 'anyOf') as object[]).map((_, index) => {
      const properties = ['$defs', 'severity', 'anyOf', index, 'properties'];
      return { scale: at(...properties, 'scale'), atLeast: at(...properties, 'at-least', 'enum') };
    });
    const scales = [...SEVERITY_SCALES].map(([scale, values]) => [scale, [...values.keys()]] as const);
    expect(named).toEqual(scales.map(([scale, values]) => ({ scale: { const: scale }, atLeast: values })));
    const alone = scales.flatMap(([, values]) => values).filter((value) => scalesWith(value).length === 1);
    expect(unambiguous).toEqual({ scale: undefined, atLeast: alone });
  });
});
