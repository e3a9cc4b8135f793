import { signerFromSeed } from '@comity/ed25519';
import { describe, expect, test } from 'vitest';
import type { Labelling } from '../index.ts';
import {
  attribute,
  brief,
  importEvent,
  indicatorsIn,
  issuing,
  type Json,
  labelAt,
  only,
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

  test('gives way to what the label states, with a loss where they differ', () => {
    const looser = importEvent(tags('tlp:red'), stated({ tlp: 'GREEN' }));
    expect(only(looser).label).toMatchObject({ tlp: 'GREEN' });
    expect(looser.losses).toContainEqual({
      path: 'Event.Tag',
      reason: 'marking-overridden',
      detail: 'tlp RED gives way to GREEN',
    });
    expect(labelOf(tags('tlp:white'), stated({ tlp: 'AMBER' }))).toMatchObject({ tlp: 'AMBER' });
    expect(brief(importEvent(tags('tlp:amber'), stated({ tlp: 'AMBER' })).losses)).toEqual([]);
    expect(labelOf(tags('tlp:amber'), stated({ tlp: null }))).toMatchObject({ tlp: null });
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
    const view = await issue(only(importEvent(changes, held)));
    expect(indicatorsIn(view).get(uuid(1))).toMatchObject({ tlp: 'GREEN' });
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
