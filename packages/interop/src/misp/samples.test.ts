// Real reports, as they were published (node/samples/misp-osint/NOTICE.md).

import { readFileSync } from 'node:fs';
import { signerFromSeed } from '@comity/ed25519';
import { describe, expect, test } from 'vitest';
import { importMispEvent } from '../index.ts';
import { indicatorsIn, issuing, only, unclassified } from './event.test-support.ts';

const issue = issuing(signerFromSeed(new Uint8Array(32).fill(7)));

interface SampleAttribute {
  readonly uuid: string;
  readonly type: string;
  readonly category: string;
  readonly value: string;
  readonly comment: string;
  readonly to_ids: boolean;
  readonly timestamp: string;
}

interface Sample {
  readonly uuid: string;
  readonly info: string;
  readonly date: string;
  readonly Attribute: readonly SampleAttribute[];
  readonly Object?: readonly { uuid: string; name: string; Attribute: readonly SampleAttribute[] }[];
}

function read(name: string): { readonly Event: Sample } {
  const file = new URL(`../../../../node/samples/misp-osint/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** `reason path: detail` of what every event of these has. */
const common = (date: string, threat: string): string[] => [
  'stage-derived Event.analysis: analysis 2 is read as stage final',
  `kept-as-text Event.date: misp-event:date="${date}"`,
  `kept-as-text Event.threat_level_id: misp-event:threat_level_id="${threat}"`,
  'kept-as-text Event.analysis: misp-event:analysis="2"',
];
const unpublished = ['bookkeeping-not-imported Event.timestamp: 1 value'];
const published = [
  'bookkeeping-not-imported Event.publish_timestamp: 1 value',
  'bookkeeping-not-imported Event.published: 1 value',
  ...unpublished,
];
const ofObjects = (count: number): string[] => [
  `bookkeeping-not-imported Event.Object[].timestamp: ${count} values`,
  `object-detail-not-imported Event.Object[].description: ${count} values`,
  `object-detail-not-imported Event.Object[].meta-category: ${count} values`,
  `object-detail-not-imported Event.Object[].template_uuid: ${count} values`,
  `object-detail-not-imported Event.Object[].template_version: ${count} values`,
];
const colours = (event: number, attributes = 0): string[] => [
  `presentation-not-imported Event.Tag[].colour: ${event} values`,
  ...(attributes === 0
    ? []
    : [
        `presentation-not-imported Event.Attribute[].Tag[].colour: ${attributes} value${attributes === 1 ? '' : 's'}`,
      ]),
];
const PDF = '121a5e93e7960d30d85b088da7e509e58a87420171b1c31f6be7c4c4bd64958b';

interface Expected {
  readonly name: string;
  readonly attributes: number;
  readonly rsitClass: string;
  readonly tags: readonly string[];
  readonly losses: readonly string[];
}

const samples: readonly Expected[] = [
  {
    name: '2016-four-element-sword',
    attributes: 370,
    rsitClass: 'other',
    tags: ['type:OSINT'],
    losses: [...common('2016-04-18', '2'), ...published, ...colours(2)],
  },
  {
    name: '2016-xorist-ransomware',
    attributes: 9,
    rsitClass: 'malicious-code',
    tags: [
      'circl:incident-classification="malware"',
      'ms-caro-malware:malware-type="Ransom"',
      'malware_classification:malware-category="Ransomware"',
    ],
    losses: [...common('2016-08-29', '3'), ...published, ...colours(4)],
  },
  {
    name: '2017-fallchill',
    attributes: 128,
    rsitClass: 'other',
    tags: [
      'type:OSINT',
      'osint:source-type="technical-report"',
      'misp-galaxy:threat-actor="Lazarus Group"',
      'misp-galaxy:rat="FALLCHILL"',
    ],
    losses: [
      ...common('2017-11-14', '3'),
      `attachment-not-imported Event.Attribute[99].data: 93662 bytes, sha256 ${PDF}`,
      ...unpublished,
      ...colours(5, 1),
      ...ofObjects(5),
    ],
  },
  {
    name: '2017-qakbot-emotet',
    attributes: 96,
    rsitClass: 'other',
    tags: [
      'type:OSINT',
      'osint:source-type="blog-post"',
      'misp-galaxy:tool="Emotet"',
      'misp-galaxy:banker="Qakbot"',
    ],
    losses: [...common('2017-11-06', '3'), ...unpublished, ...colours(5, 1), ...ofObjects(24)],
  },
  {
    name: '2017-sunorcal',
    attributes: 75,
    rsitClass: 'malicious-code',
    tags: ['type:OSINT', 'circl:incident-classification="malware"', 'osint:source-type="blog-post"'],
    losses: [...common('2017-11-10', '3'), ...published, ...colours(4, 2)],
  },
];

describe.each(samples)('$name', ({ name, attributes, rsitClass, tags, losses }) => {
  const { Event } = read(name);
  const imported = importMispEvent({ Event }, { labelling: unclassified });
  const objects = Event.Object ?? [];

  test('keeps uuid, title, date, class, source and tags', () => {
    const draft = only(imported);
    expect(imported).toMatchObject({ uuid: Event.uuid, title: Event.info, attributes });
    expect(draft).toMatchObject({
      type: 'incident',
      subject: Event.uuid,
      label: { classification: 'unclassified', tlp: 'CLEAR' },
      content: {
        title: { und: Event.info },
        stage: 'final',
        classification: { rsitClass },
        sources: [{ id: '55f6ea5e-2c60-40e5-964f-47a8950d210f', name: 'CIRCL' }],
      },
    });
    expect(draft.content.tags?.filter((tag) => !tag.startsWith('misp-event:'))).toEqual(tags);
    expect(draft.content.tags).toContain(`misp-event:date="${Event.date}"`);
  });

  test('keeps every attribute once, as it is', () => {
    const found = only(imported).content.indicators?.map(({ tags: _, object, ...indicator }) => ({
      ...indicator,
      ...(object && { object: { id: object.id, name: object.name } }),
    }));
    const expected = (attribute: SampleAttribute) => ({
      id: attribute.uuid,
      type: attribute.type,
      category: attribute.category,
      value: attribute.value,
      ...(attribute.comment !== '' && { comment: attribute.comment }),
      toIds: attribute.to_ids,
      atSeconds: Number(attribute.timestamp),
    });
    expect(found).toEqual([
      ...Event.Attribute.map(expected),
      ...objects.flatMap(({ uuid, name, Attribute }) =>
        Attribute.map((each) => ({ ...expected(each), object: { id: uuid, name } })),
      ),
    ]);
  });

  test('loses what is listed here, and nothing else', () => {
    const found = imported.losses.map(({ reason, path, detail }) => `${reason} ${path}: ${detail}`);
    expect(found.toSorted()).toEqual(losses.toSorted());
  });

  test('can be issued, and the record holds every attribute once', async () => {
    const view = await issue(only(imported));
    const signed = [...indicatorsIn(view).keys()];
    const uuids = [...Event.Attribute, ...objects.flatMap(({ Attribute }) => Attribute)].map(
      (each) => each.uuid,
    );
    expect(view.header.subject).toBe(`incident/${Event.uuid}`);
    expect(signed.toSorted()).toEqual(uuids.toSorted());
    expect(signed).toHaveLength(attributes);
  });
});

test('an attached file leaves its digest with its indicator', () => {
  const { drafts } = importMispEvent(read('2017-fallchill'), { labelling: unclassified });
  expect(drafts[0]?.content.indicators?.[99]).toMatchObject({
    type: 'attachment',
    tags: expect.arrayContaining([`comity:attachment-sha256="${PDF}"`]),
  });
});

test('an attribute of an object says what it is there', () => {
  const { drafts } = importMispEvent(read('2017-qakbot-emotet'), { labelling: unclassified });
  expect(drafts[0]?.content.indicators?.[48]?.object).toEqual({
    id: '5a0acc3f-e330-4e19-b44c-4182950d210f',
    name: 'ip-port',
    relation: expect.stringMatching(/^(ip|dst-port)$/),
  });
});
