// record.content: the fields of an incident (record-types.md §4).

import { type Item, map, record } from '../cbor-text.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import { english, type Fields, inForm, REQUIRED, unexpected } from './content-inputs.ts';

const indicator: Fields = { id: 'i-1', type: 'ip-dst', value: '192.0.2.7' };

function everything(): Fields {
  return {
    ...REQUIRED.incident,
    summary: english('A hospital is without its systems.'),
    narrative: record({ external: english('Restored.'), internal: english('The backup too.') }),
    occurredAt: 1_795_400_000,
    detectedAt: 1_795_410_000,
    awareAt: 1_795_420_000,
    noticedAt: 1_795_410_001,
    believedAt: 1_795_410_002,
    classifiedAt: 1_795_421_000,
    significantAt: 1_795_421_001,
    materialAt: 1_795_421_002,
    paidAt: 1_795_422_000,
    fixAvailableAt: 1_795_423_000,
    impactEndedAt: 1_795_424_000,
    resolvedAt: 1_795_425_000,
    classification: record({ rsitClass: 'availability', rsitType: 'outage' }),
    sectors: ['health', 'energy/electricity'],
    severity: record({ scale: 'us-nciss', value: 'high' }),
    suspectedMalicious: true,
    crossBorder: false,
    victim: record({
      name: 'Saint Alban',
      country: 'XAR',
      contact: 'duty@example\n+1 555',
      sector: 'health',
    }),
    indicators: [
      record(indicator),
      record({
        ...indicator,
        category: 'Network activity',
        comment: 'seen\ntwice',
        toIds: true,
        tags: ['c2'],
        atSeconds: 0,
        object: record({ id: 'o-1', name: 'ip-port', relation: 'ip' }),
      }),
    ],
    techniques: [
      record({ id: 'T1486' }),
      record({ id: 'T1566', scheme: 'attack', name: 'Phishing', url: 'https://attack.example/T1566' }),
    ],
    rootCause: english('A password.'),
    measuresTaken: english('It was changed.'),
    legalProfiles: ['nis2'],
    delays: [
      record({ stage: 'final', reason: english('The operator is still under water.') }),
      record({ stage: 'final', profile: 'dora', reason: english('The operator is still under water.') }),
    ],
    sources: [
      record({ name: 'CSIRT' }),
      record({ name: 'ISAC', id: 'isac-1', url: 'https://isac.example/1' }),
    ],
    tags: ['ransomware'],
  };
}

function good(): readonly ValidCase[] {
  const stages = ['early-warning', 'notification', 'intermediate', 'progress', 'final'];
  const fields = (comment: string, given: Fields): ValidCase => inForm(comment, 'incident', given);
  return [
    fields('Every field that an incident has, with everything in it.', everything()),
    ...stages.map((stage) => fields(`Stage ${stage}.`, { stage })),
    fields('A class of RSIT without a type of it.', { classification: record({ rsitClass: 'fraud' }) }),
    fields('Entries of a later version in maps are no objection.', {
      classification: record({ rsitClass: 'fraud', certainty: 3 }),
      severity: record({ scale: 'uk-ncsc', value: 'significant', was: 'localised' }),
      indicators: [record({ ...indicator, seen: map([1, 2]) })],
    }),
    fields('32 sectors.', { sectors: Array.from({ length: 32 }, () => 'health') }),
    fields('Empty arrays of elements, and a victim of whom nothing is said.', {
      indicators: [],
      techniques: [],
      sources: [],
      tags: [],
      victim: map(),
      narrative: map(),
    }),
    fields('An indicator with every entry at its limit.', {
      indicators: [
        record({
          id: 'i'.repeat(128),
          type: 't'.repeat(64),
          value: 'v'.repeat(16_384),
          category: 'c'.repeat(256),
          comment: 'm'.repeat(4_096),
          tags: Array.from({ length: 64 }, (_, index) => `tag ${index}`),
          atSeconds: 253_402_300_799,
          object: record({ id: 'o'.repeat(128), name: 'n'.repeat(256), relation: 'r'.repeat(256) }),
        }),
      ],
    }),
    fields('Victim, technique and source at their limits.', {
      victim: record({ name: 'n'.repeat(512), contact: 'c'.repeat(1_024) }),
      techniques: [
        record({ id: 'T1', scheme: 's'.repeat(128), name: 'n'.repeat(512), url: 'u'.repeat(2_048) }),
      ],
      sources: [record({ name: 'n'.repeat(512), id: 'i'.repeat(128), url: 'u'.repeat(2_048) })],
    }),
  ];
}

function otherForms(): readonly ValidCase[] {
  const one = (comment: string, name: string, content: Item): ValidCase =>
    unexpected(comment, 'incident', { [name]: content }, name);
  const ofVictim = (comment: string, name: string, content: Item): ValidCase =>
    unexpected(comment, 'incident', { victim: record({ [name]: content }) }, `victim.${name}`);
  const ofIndicator = (comment: string, changes: Fields): ValidCase =>
    unexpected(
      comment,
      'incident',
      { indicators: [record(indicator), record({ ...indicator, ...changes })] },
      'indicators[1]',
    );
  const element = (comment: string, name: string, content: Item): ValidCase =>
    unexpected(comment, 'incident', { [name]: [content] }, `${name}[0]`);
  return [
    one('A stage that there is not.', 'stage', 'closed'),
    one('A stage in capital letters.', 'stage', 'Final'),
    one('No class in the classification.', 'classification', record({ rsitType: 'outage' })),
    one('A class that RSIT does not have.', 'classification', record({ rsitClass: 'ransomware' })),
    one(
      'A type of another class.',
      'classification',
      record({ rsitClass: 'availability', rsitType: 'phishing' }),
    ),
    one('A sector that there is not.', 'sectors', ['health', 'wizardry']),
    one('A sub-sector of another sector.', 'sectors', ['health/electricity']),
    one('A sub-sector without its sector.', 'sectors', ['electricity']),
    one(
      '33 sectors.',
      'sectors',
      Array.from({ length: 33 }, () => 'health'),
    ),
    one('A severity without a scale.', 'severity', record({ value: 'high' })),
    one('A severity without a value.', 'severity', record({ scale: 'us-nciss' })),
    one('A scale that there is not.', 'severity', record({ scale: 'richter', value: 'high' })),
    one('A value of another scale.', 'severity', record({ scale: 'us-nciss', value: 'significant' })),
    one('A text in place of a time.', 'classifiedAt', '2026-11-23'),
    one('A time before the year 1970.', 'paidAt', -1),
    one('A delay without a reason.', 'delays', [record({ stage: 'final' })]),
    one('A delay without a stage.', 'delays', [record({ reason: english('x') })]),
    one('A delay with a reason that is no text map.', 'delays', [record({ stage: 'final', reason: 'x' })]),
    one('A delay that stands by itself.', 'delays', record({ stage: 'final', reason: english('x') })),
    one('No delay in its list.', 'delays', []),
    one('A number in place of true or false.', 'suspectedMalicious', 1),
    one('null in place of true or false.', 'crossBorder', null),
    one('A victim that is a text.', 'victim', 'Saint Alban'),
    one('A victim that is an array.', 'victim', [record({ name: 'Saint Alban' })]),
    one('Indicators that are a map.', 'indicators', map([0, record(indicator)])),
    one('A narrative that is an array.', 'narrative', [english('x')]),
    ofVictim('A name of 513 bytes.', 'name', 'n'.repeat(513)),
    ofVictim('A name of two lines.', 'name', 'a\nb'),
    ofVictim('A country in small letters.', 'country', 'xar'),
    ofVictim('A country of two letters.', 'country', 'XA'),
    ofVictim('A contact of 1025 bytes.', 'contact', 'c'.repeat(1_025)),
    ofVictim('A sector that there is not.', 'sector', 'wizardry'),
    unexpected(
      'A narrative that is a text, not a text map.',
      'incident',
      { narrative: record({ internal: 'x' }) },
      'narrative.internal',
    ),
    ofIndicator('An indicator without an id.', { id: undefined }),
    ofIndicator('An indicator without a type.', { type: undefined }),
    ofIndicator('An indicator without a value.', { value: undefined }),
    ofIndicator('A type of 65 characters.', { type: 't'.repeat(65) }),
    ofIndicator('An empty value.', { value: '' }),
    ofIndicator('A value of 16385 bytes.', { value: 'v'.repeat(16_385) }),
    ofIndicator('A category of 257 bytes.', { category: 'c'.repeat(257) }),
    ofIndicator('A comment of 4097 bytes.', { comment: 'm'.repeat(4_097) }),
    ofIndicator('65 tags.', { tags: Array.from({ length: 65 }, () => 'x') }),
    ofIndicator('No tag in its tags.', { tags: [] }),
    ofIndicator('A text in place of true or false.', { toIds: 'yes' }),
    ofIndicator('A time before 1970.', { atSeconds: -1 }),
    ofIndicator('An object without an id.', { object: record({ name: 'ip-port' }) }),
    element('An indicator that is a text.', 'indicators', '192.0.2.7'),
    element('A technique without an id.', 'techniques', record({ name: 'Phishing' })),
    element('A technique that is its id.', 'techniques', 'T1566'),
    element('A url of 2049 bytes.', 'techniques', record({ id: 'T1', url: 'u'.repeat(2_049) })),
    element('A source without a name.', 'sources', record({ id: 'isac-1' })),
    element('A name of a source of 513 bytes.', 'sources', record({ name: 'n'.repeat(513) })),
    unexpected(
      'Each element is examined: the second and the fourth are of another form.',
      'incident',
      { tags: ['a', 1, 'b', ''] },
      'tags[1]',
      'tags[3]',
    ),
  ];
}

export function contentIncidentVectors(): readonly VectorFile[] {
  return [
    {
      topic: 'record-types',
      name: 'incident',
      op: 'record.content',
      grammar: { fields: 'incident' },
      valid: good(),
    },
    { topic: 'record-types', name: 'incident-other-forms', op: 'record.content', valid: otherForms() },
  ];
}
