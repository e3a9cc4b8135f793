import { signerFromSeed } from '@comity/ed25519';
import { describe, expect, test } from 'vitest';
import { importMispEvent, type Labelling, type MispImport } from '../index.ts';
import {
  attribute,
  brief,
  event,
  importEvent,
  indicatorsIn,
  issuing,
  type Json,
  labelAt,
  only,
  parse,
  unclassified,
  uuid,
} from './event.test-support.ts';

const issue = issuing(signerFromSeed(new Uint8Array(32).fill(7)));

const tags = (...names: string[]) => ({ Tag: names.map((name) => ({ name })) });
const labelOf = (changes: Json, labelling?: Labelling) => only(importEvent(changes, labelling)).label;
const stated = (more: Json): Labelling => ({ label: { classification: 'unclassified', ...more } });

describe('TLP and PAP of the event', () => {
  test.each([
    ['tlp:clear', 'CLEAR'],
    ['tlp:white', 'CLEAR'],
    ['tlp:green', 'GREEN'],
    ['tlp:amber', 'AMBER'],
    ['tlp:amber+strict', 'AMBER+STRICT'],
    ['tlp:red', 'RED'],
    ['TLP:RED', 'RED'],
    [' tlp:green ', 'GREEN'],
  ])('%s is %s', (tag, tlp) => {
    const imported = importEvent(tags(tag));
    expect(only(imported).label).toEqual({ classification: 'unclassified', tlp });
    expect(only(imported).content.tags).not.toContain(tag);
    expect(brief(imported.losses)).toEqual([]);
  });

  test('PAP is read alike', () => {
    expect(labelOf(tags('PAP:AMBER'))).toEqual({ classification: 'unclassified', pap: 'AMBER' });
  });

  test.each([
    ['tlp:ex:chr', { tlp: 'RED' }],
    ['tlp:gren', { tlp: 'RED' }],
    ['tlp:green\u0000', { tlp: 'RED' }],
    [`tlp:${'x'.repeat(9_999)}`, { tlp: 'RED' }],
    ['pap:pink', { pap: 'RED' }],
    ['pap:\u202e', { pap: 'RED' }],
  ])('what nobody has defined is read as RED: %j', async (tag, label) => {
    const imported = importEvent(tags(tag));
    expect(only(imported).label).toMatchObject(label);
    expect(brief(imported.losses)).toEqual(['unknown-marking Event.Tag[0]']);
    await issue(only(imported));
  });

  test('of several the strictest applies, and the others are losses', () => {
    const imported = importEvent(tags('tlp:green', 'tlp:amber+strict', 'tlp:amber'));
    expect(only(imported).label).toMatchObject({ tlp: 'AMBER+STRICT' });
    expect(brief(imported.losses)).toEqual([
      'conflicting-marking Event.Tag[2]',
      'conflicting-marking Event.Tag[0]',
    ]);
    expect(brief(importEvent(tags('tlp:white', 'tlp:clear')).losses)).toEqual([]);
  });

  test('restricts also where the tag is local, not for export, or one too many', () => {
    const Tag = [
      ...Array.from({ length: 64 }, (_, index) => ({ name: `t:${index}` })),
      { name: 'tlp:red', local: true, exportable: false },
    ];
    expect(labelOf({ Tag })).toMatchObject({ tlp: 'RED' });
  });

  test('gives way to a stricter one that the label states, with a loss', () => {
    const stricter = importEvent(tags('tlp:white'), stated({ tlp: 'AMBER' }));
    expect(only(stricter).label).toMatchObject({ tlp: 'AMBER' });
    expect(stricter.losses).toContainEqual({
      path: 'Event.Tag',
      reason: 'marking-overridden',
      detail: 'tlp CLEAR gives way to AMBER',
    });
    expect(brief(importEvent(tags('tlp:amber'), stated({ tlp: 'AMBER' })).losses)).toEqual([]);
  });

  test.each([
    ['the label', { label: { tlp: 'GREEN' } }, 'not GREEN'],
    ['a label that drops it', { label: { tlp: null } }, 'not none'],
    ['the envelope', { envelope: { tlp: 'GREEN' } }, 'not GREEN of envelope'],
    ['the label of a part', { labels: { title: { tlp: 'CLEAR' } } }, 'not CLEAR of labels.title'],
    ['the label of the list', { labels: { indicators: { tlp: null } } }, 'not none of labels.indicators'],
    [
      'the label of one indicator',
      { labels: { 'indicators[0]': { tlp: 'AMBER' } } },
      'not AMBER of labels.indicators[0]',
    ],
    [
      'a label that succeeds the label',
      { label: { succession: { at: '2027-01-01T00:00:00Z', label: { tlp: 'CLEAR' } } } },
      'not CLEAR of label.succession',
    ],
  ])(
    'is stricter than %s: it applies, with a loss',
    async (_, { label, ...more }: Partial<Labelling>, not) => {
      const labelling = { label: { classification: 'unclassified', ...(label as Json) }, ...more };
      const changes = { ...tags('tlp:red'), Attribute: [attribute(1), attribute(2)] };
      const imported = importEvent(changes, labelling);
      const detail = `tlp RED applies, ${not}`;
      expect(imported.losses).toContainEqual({ path: 'Event.Tag', reason: 'marking-raised', detail });
      const { overall, header, parts } = await issue(only(imported));
      for (const each of [overall, header.label, ...parts.map((part) => part.label)]) {
        expect(each).toMatchObject({ tlp: 'RED' });
        expect(each?.succession?.label ?? each).toMatchObject({ tlp: 'RED' });
      }
    },
  );

  test('what is no marking is left to be refused', () => {
    const imported = importEvent(tags('tlp:red'), stated({ tlp: 'PURPLE' }));
    expect(only(imported).label).toMatchObject({ tlp: 'PURPLE' });
    expect(() => parse(only(imported))).toThrow(expect.objectContaining({ code: 'label.unknown-tlp' }));
  });
});

describe('an import that overrules tags', () => {
  const overruling = (changes: Json, labelling: Labelling): MispImport =>
    importMispEvent(event(changes), { labelling, overrule: ['tlp'] });

  test('has the label as given, and says so of each tag', async () => {
    const Attribute = [attribute(1, tags('tlp:amber', 'pap:red')), attribute(2)];
    const labelling = { ...stated({ tlp: 'GREEN', pap: 'GREEN' }), labels: { title: { tlp: 'CLEAR' } } };
    const imported = overruling({ ...tags('tlp:red', 'pap:amber'), Attribute }, labelling);
    const { header, parts } = await issue(only(imported));
    expect(header.label).toMatchObject({ tlp: 'GREEN', pap: 'AMBER' });
    for (const { pathText, label } of parts)
      expect(label.tlp, pathText).toBe(pathText === 'title' ? 'CLEAR' : 'GREEN');
    const told = imported.losses.map(({ reason, path, detail }) => `${reason} ${path}: ${detail}`);
    expect(told.filter((text) => text.startsWith('marking'))).toEqual([
      'marking-overruled Event.Tag: tlp RED is overruled by the looser GREEN',
      'marking-raised Event.Tag: pap AMBER applies, not GREEN',
      'marking-overruled Event.Tag: tlp RED is overruled by the looser CLEAR of labels.title',
      'marking-overruled Event.Attribute[0].Tag: tlp AMBER is overruled by the looser GREEN',
    ]);
  });

  test('still has what the tags say where the label is silent', () => {
    expect(only(overruling(tags('tlp:red'), unclassified)).label).toMatchObject({ tlp: 'RED' });
  });
});

describe('TLP of an attribute', () => {
  const mixed = (...names: (string | undefined)[]) => ({
    Attribute: names.map((name, index) => attribute(index + 1, name === undefined ? {} : tags(name))),
  });

  test('that is stricter restricts it alone; the record as a whole dominates it', async () => {
    const imported = importEvent({ ...tags('tlp:green'), ...mixed('tlp:red', undefined) });
    const view = await issue(only(imported));
    const indicators = indicatorsIn(view);
    expect(view.overall).toMatchObject({ tlp: 'RED' });
    expect(view.header.label).toMatchObject({ tlp: 'GREEN' });
    expect(indicators.get(uuid(1))).toMatchObject({ tlp: 'RED' });
    expect(indicators.get(uuid(2))).toMatchObject({ tlp: 'GREEN' });
    for (const path of ['title', 'stage', 'victim', 'tags', 'indicators']) {
      expect(labelAt(view, path), path).toMatchObject({ tlp: 'GREEN' });
    }
  });

  test('restricts it also where the event states none', async () => {
    const view = await issue(only(importEvent(mixed('tlp:amber', undefined))));
    const indicators = indicatorsIn(view);
    expect(view.overall).toMatchObject({ tlp: 'AMBER' });
    expect(indicators.get(uuid(1))).toMatchObject({ tlp: 'AMBER' });
    expect(indicators.get(uuid(2))?.tlp).toBeUndefined();
    expect(view.header.label.tlp).toBeUndefined();
  });

  test('lowers what the event says, and never what a person has stated', async () => {
    const changes = { ...tags('tlp:amber'), ...mixed('tlp:clear') };
    const lowered = await issue(only(importEvent(changes)));
    expect(indicatorsIn(lowered).get(uuid(1))).toMatchObject({ tlp: 'CLEAR' });

    const imported = importEvent(changes, stated({ tlp: 'AMBER' }));
    expect(indicatorsIn(await issue(only(imported))).get(uuid(1))).toMatchObject({ tlp: 'AMBER' });
    expect(brief(imported.losses)).toEqual(['marking-overridden Event.Attribute[0].Tag']);
  });

  test('raises what a person has stated for the whole, the list or the type', async () => {
    const lists: Labelling['labels'][] = [
      undefined,
      { indicators: { tlp: 'CLEAR' } },
      { 'indicators[*]': { tlp: 'CLEAR' } },
      { 'indicators[type=domain]': { tlp: 'CLEAR' } },
      { 'indicators[0]': { tlp: 'CLEAR' } },
    ];
    for (const labels of lists) {
      const labelling = { ...stated({ tlp: 'GREEN' }), ...(labels && { labels }) };
      const view = await issue(only(importEvent(mixed('tlp:red', undefined), labelling)));
      expect(indicatorsIn(view).get(uuid(1)), JSON.stringify(labels)).toMatchObject({ tlp: 'RED' });
      expect(labelAt(view, 'title')).toMatchObject({ tlp: 'GREEN' });
    }
  });

  test('never lowers what a person has stated for its type', async () => {
    const changes = { ...tags('tlp:amber'), ...mixed('tlp:clear') };
    const held = { ...unclassified, labels: { 'indicators[type=domain]': { tlp: 'GREEN' } } };
    const imported = importEvent(changes, held);
    // Where a person has stated something, tags only raise: that of the event too.
    expect(indicatorsIn(await issue(only(imported))).get(uuid(1))).toMatchObject({ tlp: 'AMBER' });
    const alone = importEvent(mixed('tlp:clear'), { ...held, ...stated({ tlp: 'GREEN' }) });
    expect(indicatorsIn(await issue(only(alone))).get(uuid(1))).toMatchObject({ tlp: 'GREEN' });
    for (const { losses } of [imported, alone])
      expect(brief(losses)).toContain('marking-overridden Event.Attribute[0].Tag');
  });

  test('is not lowered on a date that was stated for the whole', async () => {
    const succession = { at: '2027-01-01T00:00:00Z', label: { tlp: 'CLEAR' } };
    const view = await issue(
      only(importEvent(mixed('tlp:red', undefined), stated({ tlp: 'AMBER', succession }))),
    );
    const indicators = indicatorsIn(view);
    expect(indicators.get(uuid(1))).toMatchObject({ tlp: 'RED' });
    expect(indicators.get(uuid(1))?.succession).toBeUndefined();
    expect(indicators.get(uuid(2))?.succession?.label).toMatchObject({ tlp: 'CLEAR' });
    expect(view.overall?.succession).toBeUndefined();
    expect(view.header.label.succession?.label).toMatchObject({ tlp: 'CLEAR' });
  });
});

describe('what is distributed more narrowly than the event', () => {
  const labelling = stated({ tlp: 'GREEN', releasableTo: ['XBO', 'XCA'] });

  test.each([
    ['3', '0', true],
    ['3', '4', true],
    ['3', '1', true],
    ['3', '3', false],
    ['3', '5', false],
    ['0', '0', false],
    ['3', 'x', true],
  ])('event %s, attribute %s: narrow %s', async (distribution, own, narrow) => {
    const Attribute = [attribute(1, { distribution: own }), attribute(2)];
    const imported = importEvent({ distribution, Attribute }, labelling);
    const view = await issue(only(imported));
    const indicators = indicatorsIn(view);
    expect(indicators.get(uuid(1))?.releasableTo === undefined).toBe(narrow);
    expect(indicators.get(uuid(2))?.releasableTo).toHaveLength(2);
    expect(view.header.label.releasableTo).toHaveLength(2);
    const reported = imported.losses.some(({ reason }) => reason === 'distribution-narrowed');
    expect(reported).toBe(narrow);
  });

  test('is for nobody else, also where a label of the list names recipients', async () => {
    const labels = { indicators: { releasableTo: ['XBO'] } };
    const Object_ = [
      { uuid: uuid(7), name: 'file', distribution: '0', Attribute: [attribute(1)] },
      { uuid: uuid(8), name: 'file', distribution: '5', Attribute: [attribute(2)] },
    ];
    const imported = importEvent({ distribution: '3', Object: Object_ }, { ...labelling, labels });
    const indicators = indicatorsIn(await issue(only(imported)));
    expect(indicators.get(uuid(1))?.releasableTo).toBeUndefined();
    expect(indicators.get(uuid(2))?.releasableTo).toHaveLength(1);
  });
});

test('given labels stay as they are where the event has nothing to add', () => {
  const labelling: Labelling = {
    label: { classification: 'confidential', tlp: 'AMBER', releasableTo: ['XBO'] },
    envelope: { classification: 'restricted' },
    labels: { title: { classification: 'unclassified' }, 'indicators[type=domain]': { tlp: 'GREEN' } },
  };
  expect(only(importEvent({ Attribute: [attribute(1)] }, labelling))).toMatchObject(labelling);
  expect(Object.keys(only(importEvent({}, unclassified)))).toEqual(['type', 'subject', 'label', 'content']);
});
