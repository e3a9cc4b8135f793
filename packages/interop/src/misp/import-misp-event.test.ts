import { signerFromSeed } from '@comity/ed25519';
import { DocumentFaults } from '@comity/fault';
import mapping from '@comity/protocol/registries/misp-mapping.json' with { type: 'json' };
import { describe, expect, test } from 'vitest';
import { explainLoss, importMispEvent, type LossReason, MAX_ATTRIBUTES } from '../index.ts';
import {
  attribute,
  brief,
  EVENT,
  event,
  importEvent,
  issuing,
  type Json,
  only,
  parse,
  unclassified,
  uuid,
} from './event.test-support.ts';

const issue = issuing(signerFromSeed(new Uint8Array(32).fill(7)));

const first = (changes: Json) => {
  const imported = importEvent({ Attribute: [attribute(1, changes)] });
  return { indicator: only(imported).content.indicators?.[0], losses: brief(imported.losses) };
};

describe('what is an event', () => {
  test.each<[string, unknown]>([
    ['as exported', event()],
    ['the answer to a search that found one', { response: [event()] }],
    ['the event itself', event().Event],
  ])('%s', (_, json) => {
    const { uuid: id, title, drafts, attributes } = importMispEvent(json, { labelling: unclassified });
    expect({ id, title, attributes }).toEqual({ id: EVENT, title: 'Phishing wave', attributes: 0 });
    expect(parse(only({ drafts } as never)).subjectId).toBe(EVENT);
  });

  test.each<[string, unknown]>([
    ['null', null],
    ['a text', 'Event'],
    ['a list', [event()]],
    ['an empty object', {}],
    ['an event that is a list', { Event: [] }],
    ['no uuid', event({ uuid: undefined })],
    ['a uuid of another form', event({ uuid: '../../etc/passwd' })],
    ['no info', event({ info: undefined })],
    ['an info that is no text', event({ info: { toString: 1 } })],
    ['no event found', { response: [] }],
    ['two events found', { response: [event(), event()] }],
    ['a STIX bundle', { type: 'bundle', id: `bundle--${EVENT}`, objects: [] }],
  ])('not: %s', (_, json) => {
    const code = 'interop.not-a-misp-event';
    expect(() => importMispEvent(json, { labelling: unclassified })).toThrow(
      expect.objectContaining({ code }),
    );
  });

  test('not more than 100,000 attributes, those of objects included', () => {
    const Attribute = Array.from({ length: MAX_ATTRIBUTES }, () => null);
    expect(importEvent({ Attribute }).attributes).toBe(0);
    expect(() => importEvent({ Attribute, Object: [{ Attribute: [null] }] })).toThrow(
      expect.objectContaining({ code: 'interop.too-many-attributes' }),
    );
  });

  test('an exercise is imported as one, or not at all', () => {
    const Tag = [{ name: 'exercise:cyber-europe="2026"' }];
    const marked = [event({ Tag }), event({ Attribute: [attribute(1, { Tag })] })];
    for (const json of marked) {
      expect(() => importMispEvent(json, { labelling: unclassified })).toThrow(
        expect.objectContaining({ code: 'interop.exercise-event' }),
      );
      const { drafts } = importMispEvent(json, { labelling: unclassified, exercise: 'cyber-europe-2026' });
      expect(drafts[0]?.exercise).toBe('cyber-europe-2026');
    }
  });

  test.each([
    ['is local', { name: 'exercise:generic="comcheck"', local: true }],
    ['is not for export', { name: 'exercise:cyber-europe="2026"', exportable: false }],
    ['is one too many', { name: 'exercise:lukex="2009"' }],
    ['is too long', { name: `exercise:generic="${'x'.repeat(600)}"` }],
    ['is spelt otherwise', { name: ' Exercise:Generic ' }],
    ['has neither predicate nor value', { name: 'exercise:' }],
  ])('an exercise is one also where the tag that says so %s', (_, tag) => {
    const Tag = [...Array.from({ length: 64 }, (__, index) => ({ name: `t:${index}` })), tag];
    for (const json of [event({ Tag }), event({ Attribute: [attribute(1, { Tag })] })]) {
      expect(() => importMispEvent(json, { labelling: unclassified })).toThrow(
        expect.objectContaining({ code: 'interop.exercise-event' }),
      );
      const imported = importMispEvent(json, { labelling: unclassified, exercise: 'played' });
      expect(parse(only(imported)).exercise).toBe('played');
    }
  });

  test('tags of exercises do not fill a record', () => {
    const Tag = Array.from({ length: 10_000 }, (_, index) => ({ name: `exercise:generic="${index}"` }));
    const imported = importMispEvent(event({ Tag }), { labelling: unclassified, exercise: 'played' });
    // And the state of the analysis.
    expect(only(imported).content.tags).toHaveLength(64 + 1);
    expect(brief(imported.losses).filter((loss) => loss.startsWith('too-many'))).toHaveLength(10_000 - 64);
  });
});

describe('the event', () => {
  test.each([
    ['0', 'notification'],
    ['1', 'intermediate'],
    ['2', 'final'],
    [2, 'final'],
    [undefined, 'notification'],
    [{ toString: 'x' }, 'notification'],
  ])('analysis %j is stage %s, and that is derived', (analysis, stage) => {
    const imported = importEvent({ analysis });
    expect(only(imported).content.stage).toBe(stage);
    expect(imported.losses[0]).toMatchObject({ reason: 'stage-derived', path: 'Event.analysis' });
  });

  test('has a title in one line, with what misleads made visible', () => {
    const imported = importEvent({ info: 'invoice\u202egpj.exe\nApproved by: \u0000 CERT \ud800' });
    const title = 'invoice<U+202E>gpj.exe<U+000A>Approved by: <U+0000> CERT <U+D800>';
    expect(imported.title).toBe(title);
    expect(only(imported).content.title).toEqual({ und: title });
    expect(imported.losses).toContainEqual({ path: 'Event.info', reason: 'text-replaced', detail: title });
    expect(parse(only(imported)).type).toBe('incident');
  });

  test('has a title also where it states none', () => {
    const imported = importEvent({ info: '' });
    expect(imported.title).toBe(`MISP event ${EVENT}`);
    expect(brief(imported.losses)).toEqual(['malformed Event.info']);
  });

  test.each(['x', 'é', '漢', '🦊', '\u0007'])('a title of many %j is cut between characters', (character) => {
    const imported = importEvent({ info: character.repeat(20_000) });
    expect(imported.title).toMatch(/…$/);
    expect(new TextEncoder().encode(imported.title).length).toBeGreaterThan(16_370);
    expect(brief(imported.losses)).toContain('shortened Event.info');
    expect(parse(only(imported)).type).toBe('incident');
  });

  test('has its title in the language that the importer says', () => {
    const { drafts } = importMispEvent(event(), { labelling: unclassified, language: 'en' });
    expect(drafts[0]?.content.title).toEqual({ en: 'Phishing wave' });
  });

  test('states its creator as source, as far as it does', () => {
    const source = (Orgc: unknown) => only(importEvent({ Orgc })).content.sources;
    expect(source({ uuid: uuid(1), name: 'CIRCL', id: '1' })).toEqual([{ id: uuid(1), name: 'CIRCL' }]);
    expect(source({ name: 'CIRCL', uuid: 'x' })).toEqual([{ name: 'CIRCL' }]);
    expect(source({ uuid: uuid(1) })).toEqual([{ id: uuid(1), name: uuid(1) }]);
    for (const nobody of [undefined, null]) expect(source(nobody)).toBeUndefined();
    for (const faulty of [{}, [], 'CIRCL', { name: 5 }]) {
      expect(source(faulty)).toBeUndefined();
      expect(brief(importEvent({ Orgc: faulty }).losses)).toContain('malformed Event.Orgc');
    }
  });

  test.each<[string, Json]>([
    ['rsit:availability="ddos"', { rsitClass: 'availability', rsitType: 'ddos' }],
    ['rsit:fraud', { rsitClass: 'fraud' }],
    ['ecsirt:malicious-code="ransomware"', { rsitClass: 'malicious-code' }],
    ['circl:incident-classification="scan"', { rsitClass: 'information-gathering', rsitType: 'scanner' }],
    ['misp-galaxy:ransomware="Locky"', { rsitClass: 'other', rsitType: 'undetermined' }],
    ['rsit:constructor="x"', { rsitClass: 'other', rsitType: 'undetermined' }],
  ])('tag %s gives class %j', (name, classification) => {
    const draft = only(importEvent({ Tag: [{ name }] }));
    expect(draft.content.classification).toEqual(classification);
    expect(draft.content.tags).toContain(name);
    expect(parse(draft).type).toBe('incident');
  });

  test('has no class where its tags disagree, and no type where they differ in that', () => {
    const classOf = (...names: string[]) => importEvent({ Tag: names.map((name) => ({ name })) });
    const disputed = classOf('rsit:fraud="phishing"', 'rsit:availability="ddos"');
    expect(only(disputed).content.classification).toEqual({ rsitClass: 'other', rsitType: 'undetermined' });
    expect(brief(disputed.losses)).toEqual(['conflicting-classification Event.Tag']);
    expect(only(classOf('rsit:fraud="phishing"', 'rsit:fraud="masquerade"')).content.classification).toEqual({
      rsitClass: 'fraud',
    });
    expect(only(classOf('rsit:fraud="phishing"', 'rsit:fraud')).content.classification).toEqual({
      rsitClass: 'fraud',
      rsitType: 'phishing',
    });
  });

  test('sectors and techniques that tags name are fields too', async () => {
    const Tag = [
      { name: 'nis2:impact-sectors-impacted="energy"' },
      { name: 'nis2:impact-sectors-impacted="astrology"' },
      { name: 'misp-galaxy:mitre-attack-pattern="Spearphishing Attachment - T1566.001"' },
    ];
    const draft = only(importEvent({ Tag }));
    expect(draft.content).toMatchObject({
      sectors: ['energy'],
      techniques: [{ scheme: 'mitre-attack', id: 'T1566.001', name: 'Spearphishing Attachment' }],
    });
    expect(draft.content.tags).toEqual(expect.arrayContaining(Tag.map(({ name }) => name)));
    await issue(draft);
  });

  test('lists what a record has no place for', () => {
    const { losses } = importEvent({
      Galaxy: [{ name: 'g' }],
      ShadowAttribute: [{}],
      EventReport: [{ content: '# report' }],
      RelatedEvent: [],
      distribution: '0',
      sharing_group_id: '0',
      locked: false,
      id: '17',
      published: true,
      flavour: 'vanilla',
    });
    expect(brief(losses)).toEqual([
      'galaxy-not-imported Event.Galaxy',
      'proposal-not-imported Event.ShadowAttribute',
      'report-not-imported Event.EventReport',
      'distribution-not-mapped Event.distribution',
      'bookkeeping-not-imported Event.id',
      'bookkeeping-not-imported Event.published',
      'unknown-key Event.flavour',
    ]);
  });
});

describe('an attribute', () => {
  test('becomes an indicator with everything it says', () => {
    const { indicator, losses } = first({
      comment: 'seen in\r\nthe lure',
      to_ids: '0',
      timestamp: 1_500_000_001,
      Tag: [{ name: 'kill-chain:Delivery', colour: '' }],
    });
    expect(indicator).toEqual({
      id: uuid(1),
      type: 'domain',
      category: 'Network activity',
      value: '1.example',
      comment: 'seen in\r\nthe lure',
      toIds: false,
      tags: ['kill-chain:Delivery'],
      atSeconds: 1_500_000_001,
    });
    expect(losses).toEqual([]);
  });

  test('keeps a value of any characters', async () => {
    const value = 'invoice\u202egpj.exe\u0000\r\n\t\u2028|e\u0301';
    const imported = importEvent({ Attribute: [attribute(1, { type: 'filename', value })] });
    expect(only(imported).content.indicators?.[0]?.value).toBe(value);
    expect(brief(imported.losses)).toEqual([]);
    await issue(only(imported));
  });

  test('has texts with what misleads made visible', () => {
    const { indicator, losses } = first({
      comment: 'ok\u2066\u0007\nnext line',
      category: 'Other\n',
      Tag: [{ name: 'a\u202eb' }],
    });
    expect(indicator).toMatchObject({
      comment: 'ok<U+2066><U+0007>\nnext line',
      category: 'Other<U+000A>',
      tags: ['a<U+202E>b'],
    });
    expect(losses.toSorted()).toEqual([
      'text-replaced Event.Attribute[0].Tag[0]',
      'text-replaced Event.Attribute[0].category',
      'text-replaced Event.Attribute[0].comment',
    ]);
  });

  test.each<[string, Json]>([
    ['malformed Event.Attribute[0].uuid', { uuid: undefined }],
    ['malformed Event.Attribute[0].uuid', { uuid: 17 }],
    ['malformed Event.Attribute[0].type', { type: undefined }],
    ['malformed Event.Attribute[0].type', { type: 'dömain' }],
    ['malformed Event.Attribute[0].type', { type: 't'.repeat(65) }],
    ['malformed Event.Attribute[0].value', { value: undefined }],
    ['malformed Event.Attribute[0].value', { value: '' }],
    ['malformed Event.Attribute[0].value', { value: { a: 1 } }],
    ['malformed Event.Attribute[0].value', { value: 'half \ud800 of a character' }],
    ['too-long Event.Attribute[0].value', { value: '漢'.repeat(5_462) }],
    ['deleted Event.Attribute[0]', { deleted: true }],
    ['deleted Event.Attribute[0]', { deleted: '1' }],
  ])('is left out: %s of %j', (loss, changes) => {
    const imported = importEvent({ Attribute: [attribute(1, changes), attribute(2)] });
    expect(brief(imported.losses)).toEqual([loss]);
    expect(imported.attributes).toBe(1);
    expect(only(imported).content.indicators?.map(({ id }) => id)).toEqual([uuid(2)]);
  });

  test.each<[string, Json]>([
    ['malformed Event.Attribute[0].comment', { comment: ['x'] }],
    ['malformed Event.Attribute[0].to_ids', { to_ids: 'perhaps' }],
    ['malformed Event.Attribute[0].timestamp', { timestamp: 'yesterday' }],
    ['malformed Event.Attribute[0].timestamp', { timestamp: '999999999999999' }],
    ['malformed Event.Attribute[0].Tag', { Tag: 'tlp' }],
    ['malformed Event.Attribute[0].Tag[0]', { Tag: [null] }],
    ['malformed Event.Attribute[0].Tag[0]', { Tag: [{ name: '' }] }],
    ['too-long Event.Attribute[0].Tag[0]', { Tag: [{ name: 'x'.repeat(513) }] }],
    ['duplicate Event.Attribute[0].Tag[1]', { Tag: [{ name: 'x' }, { name: 'x' }] }],
    ['local-tag Event.Attribute[0].Tag[0]', { Tag: [{ name: 'x', local: 1 }] }],
    ['local-tag Event.Attribute[0].Tag[0]', { Tag: [{ name: 'x', exportable: false }] }],
    ['respelt Event.Attribute[0].type', { type: 'named pipe' }],
    ['shortened Event.Attribute[0].comment', { comment: 'c'.repeat(4_097) }],
    ['attachment-unreadable Event.Attribute[0].data', { data: '%%%' }],
    ['attachment-unreadable Event.Attribute[0].data', { data: 5 }],
    ['attachment-not-imported Event.Attribute[0].data', { data: 'AAAA' }],
    ['galaxy-not-imported Event.Attribute[].Galaxy', { Galaxy: [{}] }],
    ['proposal-not-imported Event.Attribute[].ShadowAttribute', { ShadowAttribute: [{}] }],
    ['sighting-not-imported Event.Attribute[].Sighting', { Sighting: [{}] }],
    ['seen-interval-not-imported Event.Attribute[].first_seen', { first_seen: '2026-01-01T00:00:00Z' }],
    ['unknown-key Event.Attribute[].flavour', { flavour: 0 }],
  ])('is kept with a loss: %s', async (loss, changes) => {
    const imported = importEvent({ Attribute: [attribute(1, changes)] });
    expect(brief(imported.losses)).toEqual([loss]);
    expect(imported.attributes).toBe(1);
    await issue(only(imported));
  });

  test('stands in the drafts once, however often it stands in the event', () => {
    const imported = importEvent({
      Attribute: [attribute(1), attribute(1, { uuid: uuid(1).toUpperCase(), value: 'other' })],
      Object: [{ uuid: uuid(7), name: 'file', Attribute: [attribute(1)] }],
    });
    expect(brief(imported.losses)).toEqual([
      'duplicate Event.Attribute[1]',
      'duplicate Event.Object[0].Attribute[0]',
    ]);
    expect(only(imported).content.indicators).toHaveLength(1);
  });

  test('has 63 tags at most, and the digest of its file besides', async () => {
    const Tag = Array.from({ length: 70 }, (_, index) => ({ name: `t:${index}` }));
    const imported = importEvent({ Attribute: [attribute(1, { Tag, data: 'AAAA' })] });
    expect(only(imported).content.indicators?.[0]?.tags).toHaveLength(64);
    expect(imported.losses.filter(({ reason }) => reason === 'too-many')).toHaveLength(7);
    await issue(only(imported));
  });
});

describe('an object', () => {
  test('gives its attributes name, uuid and relation', () => {
    const imported = importEvent({
      Object: [{ uuid: uuid(7), name: 'file', Attribute: [attribute(1, { object_relation: 'sha256' })] }],
    });
    expect(only(imported).content.indicators?.[0]?.object).toEqual({
      id: uuid(7),
      name: 'file',
      relation: 'sha256',
    });
    expect(brief(imported.losses)).toEqual([]);
  });

  test.each<[string, unknown, number]>([
    ['malformed Event.Object[0]', 'file', 0],
    ['malformed Event.Object[0].uuid', { Attribute: [attribute(1)] }, 1],
    ['malformed Event.Object[0].Attribute', { uuid: uuid(7), Attribute: {} }, 0],
    ['deleted Event.Object[0]', { uuid: uuid(7), deleted: true, Attribute: [attribute(1)] }, 0],
    ['relation-not-imported Event.Object[].ObjectReference', { uuid: uuid(7), ObjectReference: [{}] }, 0],
    ['malformed Event.Object[0].Attribute[0]', { uuid: uuid(7), Attribute: [null] }, 0],
  ])('%s', (loss, object, attributes) => {
    const imported = importEvent({ Object: [object] });
    expect(brief(imported.losses)).toEqual([loss]);
    expect(imported.attributes).toBe(attributes);
  });
});

describe('the loss report', () => {
  test('explains every reason, and every reason of the mapping is one', () => {
    const reasons = Object.keys(mapping.reasons);
    for (const reason of reasons) {
      const { summary, remedy } = explainLoss(reason as LossReason);
      expect(summary).toMatch(/^[A-Z].{10,}\.$/);
      expect(remedy).toMatch(/^[A-Z].{10,}\.$/);
    }
    const { event: ofEvent, attribute: ofAttribute, object, tag } = mapping;
    const used = [ofEvent, ofAttribute, object, tag].flatMap(({ losses }) => Object.values(losses));
    expect(used.filter((reason) => !reasons.includes(reason))).toEqual([]);
  });

  test('stays readable and bounded, whatever keys an event has', () => {
    const keys = Array.from({ length: 5_000 }, (_, index) => [`k${index}\u202e\n${'x'.repeat(500)}`, 1]);
    const { losses } = importEvent(Object.fromEntries(keys));
    expect(losses.length).toBeLessThan(1_010);
    expect(losses.at(-1)).toEqual({
      path: '(further keys)',
      reason: 'unknown-key',
      detail: '4000 values',
    });
    for (const { path, detail } of losses) {
      expect(path + detail).not.toMatch(/[\p{Cc}\u202e]/u);
      expect(new TextEncoder().encode(path).length).toBeLessThanOrEqual(160);
    }
  });
});

test('a faulty label is left to the parser of drafts', () => {
  for (const label of [undefined, 'secret', { classification: 'no such level' }]) {
    const draft = only(importEvent({ Tag: [{ name: 'tlp:red' }] }, { label }));
    expect(() => parse(draft)).toThrow(DocumentFaults);
  }
});
