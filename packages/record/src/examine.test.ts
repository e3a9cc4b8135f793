import { REDACTED, Tagged } from '@comity/cbor';
import { describe, expect, test } from 'vitest';
import { digestOf, incidentDraft, issue, issuer, receive } from './arcadia.test-support.ts';
import {
  claims,
  craft,
  cwtClaims,
  digestsOf,
  type Entries,
  elementOf,
  fieldOf,
  having,
  mapOf,
  protectedHeader,
  redacted,
} from './crafted.test-support.ts';
import { closeUpward, examineFields, examineView, factsOf, narrowView, titleOf, type View } from './index.ts';

const shown = (view: View, ...pathTexts: readonly string[]): View =>
  narrowView(
    view,
    closeUpward(
      view,
      pathTexts.map((pathText) => digestOf(view, pathText)),
    ),
  );

/** A record of a type with these disclosures. */
function received(
  subject: string,
  disclosures: readonly Uint8Array[],
  clear: Entries = [],
  visible = disclosures,
): View {
  const header = having(protectedHeader, [15, mapOf(...having(cwtClaims, [2, subject]))]);
  return receive(craft(mapOf(...claims, ...clear, redacted(...visible)), header), disclosures);
}

describe('facts', () => {
  test('are known where their part is disclosed', async () => {
    const view = await issue({ ...incidentDraft, exercise: 'e-1' });
    expect(factsOf(view)).toEqual({
      type: { status: 'known', value: 'incident' },
      issuer: { status: 'known', value: issuer },
      subject: { status: 'known', value: `incident/${incidentDraft.subject}` },
      exercise: { status: 'known', value: 'e-1' },
      sectors: { status: 'known', value: ['health', 'energy/electricity'] },
      severity: { status: 'known', value: { scale: 'us-nciss', value: 'high', ordinal: 4 } },
      rsitClass: { status: 'known', value: 'information-content-security' },
      thirdParty: { status: 'absent' },
      holder: { status: 'absent' },
    });
    expect(titleOf(view)).toEqual({
      status: 'known',
      value: new Map(Object.entries(incidentDraft.content.title)),
    });
  });

  test('are unknown where it is withheld, and absent where the issuer states none', async () => {
    const bare = {
      type: 'incident',
      label: { classification: 'unclassified' },
      content: { title: { en: 'x' }, stage: 'final' },
    };
    const view = await issue(bare);
    const absent = { status: 'absent' };
    const unknown = { status: 'unknown' };
    expect(factsOf(view)).toMatchObject({
      exercise: absent,
      sectors: absent,
      severity: absent,
      rsitClass: absent,
    });
    const part = shown(view, 'stage');
    expect(factsOf(part)).toMatchObject({
      exercise: absent,
      sectors: unknown,
      severity: unknown,
      rsitClass: unknown,
    });
    expect(titleOf(part)).toEqual(unknown);
  });

  test.each([
    ['a text', 'high'],
    ['a scale that is not known', mapOf(['scale', 'richter'], ['value', 'high'])],
    ['a value of another scale', mapOf(['scale', 'uk-ncsc'], ['value', 'high'])],
    ['no value', mapOf(['scale', 'us-nciss'])],
    ['a withheld value', mapOf(['scale', 'us-nciss'], redacted())],
    ['something withheld beside its value', mapOf(['scale', 'us-nciss'], ['value', 'high'], redacted())],
    ['null', null],
  ])('signed as %s are unknown, never absent', (_what, severity) => {
    expect(factsOf(received('incident/i-1', [fieldOf('severity', severity)])).severity).toEqual({
      status: 'unknown',
    });
  });

  test('of a list with a sector that is not known, or with a withheld one, are unknown', () => {
    const sectors = (content: Parameters<typeof fieldOf>[1]) =>
      factsOf(received('incident/i-1', [fieldOf('sectors', content)])).sectors;
    expect(sectors(['energy', 'wizardry'])).toEqual({ status: 'unknown' });
    expect(sectors(['energy', ...digestsOf().map((digest) => new Tagged(60, digest))])).toEqual({
      status: 'unknown',
    });
    expect(sectors(['energy'])).toEqual({ status: 'known', value: ['energy'] });
  });

  test('are read from the clear too', () => {
    const view = received('incident/i-1', [], [['sectors', ['space']]]);
    expect(factsOf(view).sectors).toEqual({ status: 'known', value: ['space'] });
  });

  test('of a type without them are absent; of an unknown type nothing is known but the envelope', () => {
    const fields = [fieldOf('sectors', ['energy']), fieldOf('title', mapOf(['en', 'x']))];
    expect(factsOf(received('norm/n-1', fields)).sectors).toEqual({ status: 'absent' });
    const unknown = received('forecast/f-1', fields);
    expect(factsOf(unknown)).toMatchObject({ type: { value: 'forecast' }, sectors: { status: 'unknown' } });
    expect(titleOf(unknown)).toEqual({ status: 'unknown' });
  });
});

describe('examining', () => {
  test('finds nothing in what this package issues', async () => {
    expect(examineView(await issue(incidentDraft))).toEqual({
      typeKnown: true,
      unknownFields: [],
      faults: [],
    });
  });

  test('names fields that the type does not have, and keeps them', () => {
    const inner = fieldOf('nickname', 'x');
    const element = elementOf('x');
    const list = (each: Uint8Array) => digestsOf(each).map((digest) => new Tagged(60, digest));
    const disclosures = [
      fieldOf('mood', 'grim'),
      fieldOf('victim', mapOf(redacted(inner))),
      inner,
      fieldOf('moods', list(element)),
      element,
      fieldOf('constructor', 1),
    ];
    const visible = [disclosures[0], disclosures[1], disclosures[3], disclosures[5]] as Uint8Array[];
    const view = received('incident/i-1', disclosures, [['clearly', 1]], visible);
    const { unknownFields, faults } = examineView(view);
    expect(unknownFields.toSorted()).toEqual(
      [
        'clearly',
        'mood',
        'moods',
        view.parts.find(
          (part) => part.value === 'x' && part.path.length === 2 && typeof part.path[1] === 'number',
        )?.pathText,
        'victim.nickname',
        'constructor',
      ].sort(),
    );
    expect(faults).toEqual([]);
    expect(view.content.get('mood')).toBe('grim');
  });

  test('names content of another form than the type gives it', () => {
    const disclosures = [
      fieldOf('title', 'plain'),
      fieldOf('victim', 'someone'),
      fieldOf('indicators', mapOf(['a', 1])),
      fieldOf('severity', mapOf(['scale', 'x'], ['value', 'y'])),
      fieldOf('stage', 'notification'),
      fieldOf('classification', mapOf(['rsitClass', 'fraud'], ['rsitType', 'phishing'], ['later', 1])),
    ];
    const { faults } = examineView(received('incident/i-1', disclosures));
    expect(faults.map(({ code, path }) => `${code} ${path.join('/')}`).sort()).toEqual([
      'record.unexpected-content indicators',
      'record.unexpected-content severity',
      'record.unexpected-content title',
      'record.unexpected-content victim',
    ]);
  });

  test('names it also where an issuer has left elements and fields of a map in the clear, or withholds inside one part', () => {
    const good = mapOf(['id', '1'], ['type', 'domain'], ['value', 'mail.example']);
    const victim = mapOf(['country', 'xar'], ['name', 'Saint Alban'], ['nickname', 1], [5, 1], ['a b', 1]);
    const severity = mapOf(['scale', 'us-nciss'], ['value', 'high'], redacted());
    const disclosures = [
      fieldOf('indicators', [good, 'mail.example', mapOf(['id', '1'])]),
      fieldOf('victim', victim),
      fieldOf('severity', severity),
    ];
    const clear: Entries = [['techniques', ['T1566']]];
    const { faults, unknownFields } = examineView(received('incident/i-1', disclosures, clear));
    expect(faults.map(({ code, path }) => `${code} ${path.join('/')}`).sort()).toEqual([
      'record.unexpected-content indicators/1',
      'record.unexpected-content indicators/2',
      'record.unexpected-content severity',
      'record.unexpected-content techniques/0',
      'record.unexpected-content victim/country',
    ]);
    expect(unknownFields).toEqual(['victim.nickname']);
  });

  test('a text map has no empty text', () => {
    const { faults } = examineView(
      received('incident/i-1', [fieldOf('title', mapOf(['en', 'x'], ['fr', '']))]),
    );
    expect(faults.map(({ code, path }) => `${code} ${path.join('/')}`)).toEqual([
      'record.unexpected-content title',
    ]);
  });

  test('fields in the clear are examined without a record', () => {
    const fields = mapOf(
      ['title', mapOf(['en', 'a\u202eb'])],
      ['kind', 'custom'],
      ['mood', 1],
      [7, 'a\u202eb'],
      ['a b', 'a\u202eb'],
    );
    const { typeKnown, unknownFields, faults } = examineFields('norm', fields);
    expect({ typeKnown, unknownFields }).toEqual({ typeKnown: true, unknownFields: ['mood'] });
    expect(faults.map(({ code, path }) => `${code} ${path.join('/')}`).sort()).toEqual([
      'record.misleading-text title/en',
      'record.unexpected-content kind',
      'record.unexpected-content title',
    ]);
    expect(examineFields('forecast', fields)).toMatchObject({ typeKnown: false, unknownFields: [] });
  });

  test('flags texts that can change how they are shown, at any depth and in any type', () => {
    const override = 'fdp\u202eexe';
    const element = elementOf(mapOf(['id', '1'], ['type', 'filename'], ['value', override]));
    const disclosures = [
      fieldOf(
        'indicators',
        digestsOf(element).map((digest) => new Tagged(60, digest)),
      ),
      element,
      fieldOf('more', [1, mapOf(['a\u0007', 1], [5, ['ok', override]])]),
    ];
    const view = received('forecast/f-1', disclosures, [], [disclosures[0], disclosures[2]] as Uint8Array[]);
    const { typeKnown, unknownFields, faults } = examineView(view);
    expect(typeKnown).toBe(false);
    expect(unknownFields).toEqual([]);
    const at = view.parts.find((part) => part.pathText.startsWith('indicators['))?.pathText;
    expect(faults.map(({ code }) => code)).toEqual(new Array(3).fill('record.misleading-text'));
    expect(faults.map(({ path }) => path.join('/')).sort()).toEqual(
      [`${at?.replace('[', '/').replace(']', '')}/value`, 'more/1', 'more/1/5/1'].sort(),
    );
    expect(view.content.has(REDACTED)).toBe(true);
    // The value itself stays as it was signed.
    expect(view.parts.find((part) => part.pathText === at)?.value).toEqual(
      new Map([
        ['id', '1'],
        ['type', 'filename'],
        ['value', override],
      ]),
    );
  });

  test('an indicator may hold what a shown text may not, and is flagged', async () => {
    const indicators = [{ id: '1', type: 'filename', value: 'a\u202eb' }];
    const view = await issue({ ...incidentDraft, content: { ...incidentDraft.content, indicators } });
    expect(examineView(view).faults.map(({ code }) => code)).toEqual(['record.misleading-text']);
  });
});
