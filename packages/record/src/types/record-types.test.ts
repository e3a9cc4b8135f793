import { DocumentFaults } from '@comity/fault';
import registry from '@comity/protocol/registries/record-types.json' with { type: 'json' };
import rsit from '@comity/protocol/registries/rsit.json' with { type: 'json' };
import sectors from '@comity/protocol/registries/sectors.json' with { type: 'json' };
import severityScales from '@comity/protocol/registries/severity-scales.json' with { type: 'json' };
import { describe, expect, test } from 'vitest';
import { context } from '../arcadia.test-support.ts';
import { normKindOfAct, parseDraft, recordTypeOf, recordTypes, severityOrdinal } from '../index.ts';

interface RegisteredField {
  readonly name: string;
  readonly redaction: string;
  readonly required?: boolean;
  readonly always?: boolean;
  readonly parts?: readonly string[];
}

type CodeAndPath = readonly [code: string, path: string];

function brief(draft: object, more: object = {}): CodeAndPath[] {
  try {
    parseDraft({ label: { classification: 'unclassified' }, ...draft }, { ...context, ...more });
  } catch (thrown) {
    if (!(thrown instanceof DocumentFaults)) throw thrown;
    return thrown.faults.map(({ code, path }) => [code, path.join('/')] as const);
  }
  return [];
}

describe('the registry of record types', () => {
  test('lists the types and fields that this package issues', () => {
    const known = recordTypes.map((type) => ({
      id: type.id,
      links: type.retracts ? ['retracts'] : [],
      fields: Object.entries(type.fields).map(([name, rule]) => ({
        name,
        redaction: rule.redaction,
        ...(rule.required === true && { required: true }),
        ...(rule.redaction === 'fields' && { parts: Object.keys(rule.fields) }),
        ...(rule.redaction === 'fields' && rule.always === true && { always: true }),
      })),
    }));
    const registered = registry.types.map(({ id, links, fields }) => ({
      id,
      links,
      fields: (fields as readonly RegisteredField[]).map(({ name, redaction, required, parts, always }) => ({
        name,
        redaction,
        ...(required && { required }),
        ...(parts && { parts }),
        ...(always && { always }),
      })),
    }));
    expect(registered).toEqual(known);
  });

  test('names the title of each type among its fields', () => {
    for (const type of recordTypes) {
      expect(recordTypeOf(type.id)).toBe(type);
      expect(type.fields[type.titleField]?.redaction).toBe('whole');
    }
    expect(recordTypeOf('treaty-body')).toBeUndefined();
    expect(recordTypeOf('constructor')).toBeUndefined();
  });
});

describe('registries', () => {
  const unique = (ids: readonly string[]) => expect(new Set(ids).size).toBe(ids.length);

  test('list each identifier once', () => {
    unique(sectors.sectors.map(({ id }) => id));
    unique(rsit.classes.map(({ id }) => id));
    unique(severityScales.scales.map(({ id }) => id));
    for (const { types } of rsit.classes) unique(types);
    for (const { values } of severityScales.scales) {
      unique(values.map(({ id }) => id));
      expect(values.map(({ ordinal }) => ordinal)).toEqual(values.map((_, index) => index));
    }
  });

  test('order severity by its own direction', () => {
    for (const { id, direction, values } of severityScales.scales) {
      const numbers = values.map((value) => ('number' in value ? value.number : undefined));
      if (direction === 'none') expect(numbers.every((each) => each === undefined)).toBe(true);
      else {
        const rising = direction === 'higher-is-worse' ? numbers : numbers.toReversed();
        expect(rising).toEqual(rising.toSorted((a, b) => (a as number) - (b as number)));
      }
      expect(severityOrdinal(id, values.at(-1)?.id)).toBe(values.length - 1);
    }
    expect(severityOrdinal('uk-ncsc', 'high')).toBeUndefined();
    expect(severityOrdinal('richter', 'high')).toBeUndefined();
  });

  test('hold the 18 sectors of NIS2', () => {
    expect(sectors.sectors.filter(({ annex }) => annex === 'I')).toHaveLength(11);
    expect(sectors.sectors.filter(({ annex }) => annex === 'II')).toHaveLength(7);
  });
});

describe('incident', () => {
  const incident = (content: object) =>
    brief({ type: 'incident', content: { title: { en: 'x' }, stage: 'final', ...content } });

  test('takes every type of every class of RSIT and every sector', () => {
    for (const { id, types } of rsit.classes) {
      expect(incident({ classification: { rsitClass: id } })).toEqual([]);
      for (const rsitType of types)
        expect(incident({ classification: { rsitClass: id, rsitType } })).toEqual([]);
    }
    for (const { id, subsectors } of sectors.sectors) {
      expect(incident({ sectors: [id, ...subsectors.map((each) => `${id}/${each}`)] })).toEqual([]);
    }
  });

  test.each<[object, CodeAndPath]>([
    [
      { classification: { rsitClass: 'ransomware' } },
      ['record.unknown-value', 'content/classification/rsitClass'],
    ],
    [
      { classification: { rsitClass: 'fraud', rsitType: 'spam' } },
      ['record.unknown-value', 'content/classification/rsitType'],
    ],
    [{ sectors: ['energy/coal'] }, ['record.unknown-value', 'content/sectors/0']],
    [{ sectors: [] }, ['record.bad-value', 'content/sectors']],
    [{ sectors: 'energy' }, ['record.bad-value', 'content/sectors']],
    [{ severity: { scale: 'us-nciss', value: 'red' } }, ['record.unknown-value', 'content/severity/value']],
    [{ severity: { scale: 'us-nciss' } }, ['record.missing-field', 'content/severity/value']],
    [{ stage: 'closed' }, ['record.unknown-value', 'content/stage']],
    [{ suspectedMalicious: 'maybe' }, ['record.bad-value', 'content/suspectedMalicious']],
    [{ indicators: {} }, ['record.bad-value', 'content/indicators']],
    [
      { indicators: [{ id: 'a', type: 'b', value: 'c', toIds: 1 }] },
      ['record.bad-value', 'content/indicators/0/toIds'],
    ],
    [
      { indicators: [{ id: 'a', type: 'b', value: 'c', atSeconds: -1 }] },
      ['record.bad-value', 'content/indicators/0/atSeconds'],
    ],
    [
      { indicators: [{ id: 'a', type: 'b', value: 'c', object: {} }] },
      ['record.missing-field', 'content/indicators/0/object/id'],
    ],
    [{ techniques: [{ name: 'phishing' }] }, ['record.missing-field', 'content/techniques/0/id']],
    [{ sources: [{ url: 'https://example.org' }] }, ['record.missing-field', 'content/sources/0/name']],
    [{ victim: { sector: 'wizardry' } }, ['record.unknown-value', 'content/victim/sector']],
    [{ narrative: { private: { en: 'x' } } }, ['record.unknown-field', 'content/narrative/private']],
    [{ legalProfiles: ['nis 2'] }, ['record.bad-value', 'content/legalProfiles/0']],
  ])('refuses %j', (content, expected) => {
    expect(incident(content)).toEqual([expected]);
  });
});

describe('norm', () => {
  const norm = { title: { en: 'x' }, kind: 'voluntary', provisions: [{ id: '13a', text: { en: 'x' } }] };

  test('takes what a treaty says about itself', () => {
    const content = {
      ...norm,
      kind: 'treaty',
      adoption: { en: 'by consensus' },
      entryIntoForce: { threshold: 40, delayDays: 90 },
      reviewPeriodDays: 730,
      noticePeriodDays: 365,
      source: 'A/79/460',
    };
    expect(brief({ type: 'norm', content })).toEqual([]);
  });

  test.each<[object, CodeAndPath]>([
    [{ kind: 'binding' }, ['record.unknown-value', 'content/kind']],
    [{ provisions: undefined }, ['record.missing-field', 'content/provisions']],
    [
      { provisions: [norm.provisions[0], norm.provisions[0]] },
      ['record.duplicate-entry', 'content/provisions/1/id'],
    ],
    [{ provisions: [{ id: '13a' }] }, ['record.missing-field', 'content/provisions/0/text']],
    [{ entryIntoForce: { threshold: 1.5 } }, ['record.bad-value', 'content/entryIntoForce/threshold']],
    [{ reviewPeriodDays: '2 years' }, ['record.bad-value', 'content/reviewPeriodDays']],
    [{ provisions: 'all' }, ['record.bad-value', 'content/provisions']],
  ])('refuses %j', (change, expected) => {
    expect(brief({ type: 'norm', content: { ...norm, ...change } })).toEqual([expected]);
  });
});

describe('commitment', () => {
  const commitment = (change: object, more: object = {}) =>
    brief({ type: 'commitment', content: { norm: 'norm/un-gge-2015', act: 'endorse', ...change } }, more);

  test('refers to a norm by subject or record id', () => {
    expect(commitment({})).toEqual([]);
    expect(commitment({ norm: '01'.repeat(32) })).toEqual([]);
    for (const norm of ['incident/i-1', 'norm', '01', 5]) {
      expect(commitment({ norm })).toEqual([['record.bad-value', 'content/norm']]);
    }
  });

  test('declares a variance with its legal basis', () => {
    const path = ['record.legal-basis-missing', 'content/legalBasis'];
    expect(commitment({ act: 'declared-variance' })).toEqual([path]);
    expect(commitment({ act: 'declared-variance', legalBasis: null })).toEqual([path]);
    expect(commitment({ act: 'declared-variance', legalBasis: { en: 'Constitution, article 5' } })).toEqual(
      [],
    );
  });

  test.each<[string, 'voluntary' | 'treaty']>([
    ['endorse', 'voluntary'],
    ['national-position', 'voluntary'],
    ['sign', 'treaty'],
    ['ratify', 'treaty'],
    ['accept', 'treaty'],
    ['approve', 'treaty'],
    ['accede', 'treaty'],
    ['reserve', 'treaty'],
    ['object', 'treaty'],
    ['interpret', 'treaty'],
    ['withdraw', 'treaty'],
  ])('%s is an act for a norm that is %s, and for no other', (act, kind) => {
    const other = kind === 'treaty' ? 'voluntary' : 'treaty';
    const said = { act, ...(act === 'object' && { toReservation: 'ab'.repeat(32) }) };
    expect(normKindOfAct(act)).toBe(kind);
    expect(commitment(said)).toEqual([]);
    expect(commitment(said, { normKindOf: () => kind })).toEqual([]);
    expect(commitment(said, { normKindOf: () => undefined })).toEqual([]);
    expect(commitment(said, { normKindOf: () => other })).toEqual([
      ['record.act-not-allowed', 'content/act'],
    ]);
  });

  test('an objection names the reservation; what goes with one act goes with no other', () => {
    const id = 'ab'.repeat(32);
    expect(commitment({ act: 'object' })).toEqual([['record.missing-field', 'content/toReservation']]);
    expect(commitment({ act: 'object', toReservation: id, opposesEntry: false })).toEqual([]);
    expect(commitment({ act: 'accede', confirms: [id] })).toEqual([]);
    expect(commitment({ act: 'reserve', toReservation: id, opposesEntry: true, confirms: [id] })).toEqual([
      ['record.foreign-field', 'content/toReservation'],
      ['record.foreign-field', 'content/opposesEntry'],
      ['record.foreign-field', 'content/confirms'],
    ]);
  });

  test('asks about the norm that it names', () => {
    const asked: string[] = [];
    commitment({}, { normKindOf: (norm: string) => asked.push(norm) && 'voluntary' });
    expect(asked).toEqual(['norm/un-gge-2015']);
  });

  test('refuses an unknown act', () => {
    expect(commitment({ act: 'promise' })).toEqual([['record.unknown-value', 'content/act']]);
    expect(normKindOfAct('promise')).toBeUndefined();
  });
});

describe('retraction', () => {
  test('asks recipients for something', () => {
    const retraction = (requestedAction: string) =>
      brief({
        type: 'retraction',
        retracts: '01'.repeat(32),
        content: { reason: { en: 'x' }, requestedAction },
      });
    for (const action of ['cease-use', 'delete', 'none']) expect(retraction(action)).toEqual([]);
    expect(retraction('forget')).toEqual([['record.unknown-value', 'content/requestedAction']]);
  });
});
