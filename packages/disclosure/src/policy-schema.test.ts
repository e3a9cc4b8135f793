// protocol/schemas/policy.schema.json is what editors know of a policy. It must accept what the parser accepts: but for
// references (groups, profiles, states, names that are taken), which no schema of this kind can follow.

import { readFileSync } from 'node:fs';
import { PURPOSES } from '@comity/label';
import sectors from '@comity/protocol/registries/sectors.json' with { type: 'json' };
import { recordTypes } from '@comity/record';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { BUILT_IN_PROFILES } from './minimisation.ts';
import { parsePolicy } from './parse-policy.ts';
import { partPaths } from './part-path.ts';
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
      return operand === 'object'
        ? map !== undefined
        : operand === 'array'
          ? list !== undefined
          : typeof value === operand;
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

/** Whether what a valid document refers to exists. */
function refersWell(value: unknown): boolean {
  const {
    groups = {},
    profiles = {},
    rules,
  } = value as Record<string, Record<string, unknown>> & { rules: Record<string, unknown>[] };
  const states = ['XAR', 'XBO', 'XCA', 'XDE'];
  const names = rules.map(({ name }) => name);
  return (
    new Set(names).size === names.length &&
    Object.values(groups).every((codes) => (codes as string[]).every((code) => states.includes(code))) &&
    rules.every(({ to }) =>
      [to].flat().every((name) => states.includes(name as string) || Object.hasOwn(groups, name as string)),
    ) &&
    rules.every(
      ({ profile: name }) =>
        name === undefined ||
        BUILT_IN_PROFILES.has(name as string) ||
        Object.hasOwn(profiles, name as string),
    )
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
      inner,
    ];
    if (draw.once(4) && !Array.isArray(at))
      at[
        draw.one([
          'after',
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
        expect(isAccepted(value), JSON.stringify(value)).toBe(valid && refersWell(value));
        seen[valid ? 'valid' : 'invalid'] += 1;
      }),
      { numRuns: 20_000, seed: 3 },
    );
    expect(seen.valid).toBeGreaterThan(2_000);
    expect(seen.invalid).toBeGreaterThan(2_000);
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
