import { type DocumentFault, DocumentFaults } from '@comity/fault';
import type { Label } from '@comity/label';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AT_SECONDS, context, incidentDraft, issuer } from './arcadia.test-support.ts';
import { type DraftContent, type DraftField, parseDraft, type RecordDraft } from './index.ts';

const XBO = 'b0'.repeat(32);
const XCA = 'ca'.repeat(32);

const minimal = {
  type: 'incident',
  label: { classification: 'unclassified' },
  content: { title: { en: 'x' }, stage: 'final' },
};

type Changes = Record<string, unknown>;
const parse = (changes: Changes = {}) => parseDraft({ ...minimal, ...changes }, context);
const withContent = (content: Changes) => parse({ content: { ...minimal.content, ...content } });

function faultsOf(action: () => unknown): readonly DocumentFault[] {
  try {
    action();
  } catch (thrown) {
    if (thrown instanceof DocumentFaults) return thrown.faults;
    throw thrown;
  }
  return [];
}

type CodeAndPath = readonly [code: string, path: string];

const brief = (action: () => unknown): CodeAndPath[] =>
  faultsOf(action).map(({ code, path }) => [code, path.join('/')] as const);

function fieldAt(
  draft: RecordDraft,
  ...names: readonly (string | number)[]
): { label: Label; content: DraftContent } {
  let fields: readonly DraftField[] = draft.fields;
  let here: { label: Label; content: DraftContent } | undefined;
  for (const name of names) {
    here =
      typeof name === 'number' && here?.content.kind === 'elements'
        ? here.content.elements[name]
        : fields.find((field) => field.name === name);
    if (here?.content.kind === 'fields') fields = here.content.fields;
  }
  if (here === undefined) throw new Error(`no field ${names.join('.')}`);
  return here;
}

describe('a draft', () => {
  test('becomes parts with labels', () => {
    const draft = parseDraft(incidentDraft, context);
    expect(draft).toMatchObject({ type: 'incident', subjectId: incidentDraft.subject, supersedes: [] });
    expect(draft.overall).toEqual({
      scheme: 'xar-2021',
      classification: 'confidential',
      tlp: 'AMBER+STRICT',
      releasableTo: [XBO],
      reviewAtSeconds: 1_953_158_400,
    });
    expect(draft.envelope).toEqual({
      scheme: 'xar-2021',
      classification: 'unclassified',
      tlp: 'GREEN',
      releasableTo: [XBO, XCA],
    });
    expect(fieldAt(draft, 'awareAt').content).toEqual({ kind: 'value', value: 1_795_421_700 });
    expect(fieldAt(draft, 'awareAt').label).toBe(draft.overall);
    expect(fieldAt(draft, 'victim').label).toMatchObject({
      classification: 'restricted',
      tlp: 'AMBER',
      releasableTo: [XBO],
    });
    expect(fieldAt(draft, 'victim', 'name').label).toMatchObject({ classification: 'confidential' });
    expect(fieldAt(draft, 'victim', 'country').label).toBe(fieldAt(draft, 'victim').label);
    expect(fieldAt(draft, 'indicators', 0).label).toMatchObject({ classification: 'unclassified' });
    expect(fieldAt(draft, 'indicators', 1).label).toMatchObject({
      classification: 'restricted',
      releasableTo: [XBO],
    });
  });

  test('needs no more than type, label and what the type requires', () => {
    const draft = parse();
    expect(draft.envelope).toBe(draft.overall);
    expect(draft.overall).toEqual({ scheme: 'xar-2021', classification: 'unclassified' });
    expect(draft).not.toHaveProperty('subjectId');
    expect(draft).not.toHaveProperty('exercise');
  });

  test('has its victim whether it names one or not, so that its presence says nothing', () => {
    expect(fieldAt(parse(), 'victim').content).toEqual({ kind: 'fields', fields: [] });
  });

  test('carries links, exercise and expiry', () => {
    const [low, high] = ['01'.repeat(32), '02'.repeat(32)];
    const draft = parse({
      exercise: 'locked-shields-2026',
      supersedes: [high, low],
      expiresAt: '2027-01-01T00:00:00Z',
      subject: 'i-1',
    });
    expect(draft).toMatchObject({
      exercise: 'locked-shields-2026',
      supersedes: [low, high],
      expiresAtSeconds: 1_798_761_600,
      subjectId: 'i-1',
    });
    const retraction = {
      type: 'retraction',
      content: { reason: { en: 'wrong' }, requestedAction: 'delete' },
      retracts: low,
    };
    expect(parse(retraction).retracts).toBe(low);
  });

  test.each<[string, unknown, CodeAndPath[]]>([
    ['nothing', undefined, [['record.bad-value', '']]],
    ['a list', [], [['record.bad-value', '']]],
    ['an object of a class', new Date(0), [['record.bad-value', '']]],
  ])('that is %s is refused', (_what, value, expected) => {
    expect(brief(() => parseDraft(value, context))).toEqual(expect.arrayContaining(expected));
  });

  test('is refused with all its faults at once', () => {
    const draft = {
      type: 'incident',
      subject: 'a b',
      exercise: 5,
      supersedes: ['x'],
      retracts: '01'.repeat(32),
      expiresAt: 'tomorrow',
      colour: 'red',
      label: { classification: 'cosmic', tlp: 'WHITE', releasableTo: ['XZZ', 'nowhere'] },
      envelope: { pap: 'BLUE' },
      labels: {
        'victim.nmae': {},
        'indicators[': {},
        'indicators[7]': { tlp: 'RED' },
        title: { level: 1 },
        stage: { tlp: 'BLUE' },
      },
      content: {
        title: { english: 'x', en: 5 },
        severity: { scale: 'us-nciss', value: 'huge' },
        sectors: ['health', 'health', 'wizardry'],
        classification: { rsitType: 'spam' },
        indicators: [
          { id: 'a', type: 'b', value: 'c' },
          { type: 'b', value: '', extra: 1 },
        ],
        occurredAt: '2026-11-24 10:00',
        victim: { name: 'a\u202eb', country: 'Arcadia' },
        crossBorder: 'yes',
      },
    };
    expect(brief(() => parseDraft(draft, context)).sort()).toEqual(
      [
        ['record.unknown-field', 'colour'],
        ['record.bad-value', 'subject'],
        ['record.bad-value', 'exercise'],
        ['record.bad-value', 'supersedes/0'],
        ['record.retracts-unexpected', 'retracts'],
        ['record.bad-time', 'expiresAt'],
        ['label.unknown-classification', 'label/classification'],
        ['label.unknown-tlp', 'label/tlp'],
        ['label.unknown-pap', 'envelope/pap'],
        ['label.unknown-tlp', 'labels/stage/tlp'],
        ['record.unknown-state', 'label/releasableTo/0'],
        ['record.unknown-state', 'label/releasableTo/1'],
        ['record.unknown-label-path', 'labels/victim.nmae'],
        ['record.bad-label-path', 'labels/indicators['],
        ['record.unmatched-label-path', 'labels/indicators[7]'],
        ['record.unknown-field', 'labels/title/level'],
        ['record.bad-language-tag', 'content/title/english'],
        ['record.bad-value', 'content/title/en'],
        ['record.missing-field', 'content/stage'],
        ['record.unknown-value', 'content/severity/value'],
        ['record.duplicate-entry', 'content/sectors/1'],
        ['record.unknown-value', 'content/sectors/2'],
        ['record.missing-field', 'content/classification/rsitClass'],
        ['record.missing-field', 'content/indicators/1/id'],
        ['record.bad-value', 'content/indicators/1/value'],
        ['record.unknown-field', 'content/indicators/1/extra'],
        ['record.bad-time', 'content/occurredAt'],
        ['record.misleading-text', 'content/victim/name'],
        ['record.bad-value', 'content/victim/country'],
        ['record.bad-value', 'content/crossBorder'],
      ].sort(),
    );
  });

  test('never quotes the draft in its faults', () => {
    const secret = 'unspeakable';
    const draft = {
      ...minimal,
      subject: `${secret} `,
      content: { title: { en: `${secret}\u0000` }, stage: secret, sectors: [secret], occurredAt: secret },
    };
    const faults = faultsOf(() => parseDraft(draft, context));
    expect(faults).toHaveLength(5);
    expect(JSON.stringify(faults)).not.toContain(secret);
  });

  test.each<[string, Changes, CodeAndPath]>([
    ['an unknown type', { type: 'treaty-body' }, ['record.unknown-type', 'type']],
    ['no type', { type: undefined }, ['record.unknown-type', 'type']],
    ['no label', { label: undefined }, ['record.bad-value', 'label']],
    ['no content', { content: undefined }, ['record.bad-value', 'content']],
    ['no classification', { label: { tlp: 'RED' } }, ['record.missing-field', 'label/classification']],
    [
      'the prototype as field',
      { content: JSON.parse('{"__proto__": 1, "title": {"en": "x"}, "stage": "final"}') },
      ['record.unknown-field', 'content/__proto__'],
    ],
    [
      'a class member as field',
      { content: { ...minimal.content, constructor: 1 } },
      ['record.unknown-field', 'content/constructor'],
    ],
    [
      'a superseded record twice',
      { supersedes: ['01'.repeat(32), '01'.repeat(32)] },
      ['record.duplicate-entry', 'supersedes/1'],
    ],
    ['no superseded record', { supersedes: [] }, ['record.bad-value', 'supersedes']],
    [
      'a retraction of nothing',
      { type: 'retraction', content: { reason: { en: 'x' }, requestedAction: 'none' } },
      ['record.retracts-missing', 'retracts'],
    ],
  ])('with %s is refused', (_what, changes, expected) => {
    expect(brief(() => parse(changes))).toEqual([expected]);
  });

  test('never ends in another error than its faults', () => {
    fc.assert(
      fc.property(
        fc.object({
          key: fc.constantFrom(
            ...Object.keys(incidentDraft),
            ...Object.keys(incidentDraft.content),
            'en',
            'succession',
            'at',
          ),
        }),
        (value) => {
          expect(faultsOf(() => parseDraft({ ...incidentDraft, ...value }, context))).toBeDefined();
          expect(faultsOf(() => parse({ label: value, labels: value, content: value }))).not.toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('texts', () => {
  test('keep their languages, and line breaks in one form', () => {
    const draft = withContent({ summary: { ar: 'سطر\r\nسطر', 'zh-Hans': '一\n二', und: 'a\rb' } });
    const { content } = fieldAt(draft, 'summary');
    expect(content).toEqual({
      kind: 'value',
      value: new Map([
        ['ar', 'سطر\nسطر'],
        ['zh-Hans', '一\n二'],
        ['und', 'a\nb'],
      ]),
    });
  });

  test.each([
    ['NUL', 'a\u0000b'],
    ['escape', 'a\u001b[31mb'],
    ['a C1 control', 'a\u0085b'],
    ['a right-to-left override', 'a\u202eb'],
    ['an isolate', 'a\u2066b'],
    ['a line separator', 'a\u2028b'],
    ['half a character', 'a\ud800b'],
  ])('with %s are refused', (_what, text) => {
    expect(brief(() => withContent({ summary: { en: text } }))).toEqual([
      ['record.misleading-text', 'content/summary/en'],
    ]);
    expect(brief(() => withContent({ tags: [text] }))).toEqual([
      ['record.misleading-text', 'content/tags/0'],
    ]);
  });

  test('may hold marks that scripts need', () => {
    withContent({ summary: { fa: 'می\u200cخواهم', ar: '\u200fنص\u061c' } });
  });

  test('in one line have no line breaks and tabs', () => {
    for (const text of ['a\nb', 'a\tb']) {
      expect(brief(() => withContent({ tags: [text] }))).toEqual([['record.bad-value', 'content/tags/0']]);
    }
  });

  test('have a length, in bytes', () => {
    withContent({ tags: ['é'.repeat(256)] });
    expect(brief(() => withContent({ tags: [`${'é'.repeat(256)}a`] }))).toEqual([
      ['record.text-too-long', 'content/tags/0'],
    ]);
    expect(brief(() => withContent({ summary: { en: 'a'.repeat(16_385) } }))).toEqual([
      ['record.text-too-long', 'content/summary/en'],
    ]);
    expect(brief(() => withContent({ summary: { en: '' } }))).toEqual([
      ['record.bad-value', 'content/summary/en'],
    ]);
    const languages = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, index) => [
          `a${String.fromCharCode(97 + (index % 26))}${index > 25 ? 'b' : 'a'}`,
          'x',
        ]),
      );
    withContent({ summary: languages(32) });
    expect(brief(() => withContent({ summary: languages(33) }))).toEqual([
      ['record.bad-value', 'content/summary'],
    ]);
    expect(brief(() => withContent({ summary: {} }))).toEqual([['record.bad-value', 'content/summary']]);
    expect(brief(() => withContent({ summary: 'plain text' }))).toEqual([
      ['record.bad-value', 'content/summary'],
    ]);
  });

  test('of indicators are kept as they are, hostile or not', () => {
    const value = 'invoice\u202efdp.exe\r\n';
    const draft = withContent({ indicators: [{ id: '1', type: 'filename', value }] });
    expect(fieldAt(draft, 'indicators', 0).content).toMatchObject({
      value: new Map([
        ['id', '1'],
        ['type', 'filename'],
        ['value', value],
      ]),
    });
    const halved = { id: '1', type: 'filename', value: 'a\udc00' };
    expect(brief(() => withContent({ indicators: [halved] }))).toEqual([
      ['record.bad-value', 'content/indicators/0/value'],
    ]);
  });
});

describe('labels of parts', () => {
  const label = { classification: 'secret', tlp: 'AMBER', releasableTo: ['XBO'], handling: ['no-print'] };
  const indicators = ['sha256', 'email-src', 'email-src'].map((type, index) => ({
    id: `i-${index}`,
    type,
    value: 'v',
  }));
  const labelled = (labels: Changes, more: Changes = {}) =>
    parse({ label, labels, content: { ...minimal.content, indicators, victim: { name: 'x' } }, ...more });

  test('override what they name, drop what is null, and inherit the rest', () => {
    const draft = labelled({
      title: { classification: 'restricted', handling: null, releasableTo: ['XCA', 'XBO', 'XAR'] },
    });
    expect(fieldAt(draft, 'title').label).toMatchObject({
      classification: 'restricted',
      tlp: 'AMBER',
      releasableTo: [issuer, XBO, XCA].sort(),
    });
    expect(fieldAt(draft, 'title').label).not.toHaveProperty('handling');
    expect(fieldAt(draft, 'stage').label).toBe(draft.overall);
  });

  test('pass on to what stands inside', () => {
    const draft = labelled({ victim: { classification: 'restricted' } });
    expect(fieldAt(draft, 'victim', 'name').label).toBe(fieldAt(draft, 'victim').label);
  });

  test('of elements: every one, those of a kind, one; the more exact one wins whatever the order', () => {
    const rules = {
      'indicators[1]': { tlp: 'CLEAR' },
      'indicators[type=email-src]': { classification: 'restricted', tlp: 'GREEN' },
      'indicators[*]': { classification: 'confidential', handling: null },
    };
    for (const labels of [rules, Object.fromEntries(Object.entries(rules).toReversed())]) {
      const draft = labelled(labels);
      expect(fieldAt(draft, 'indicators', 0).label).toMatchObject({
        classification: 'confidential',
        tlp: 'AMBER',
      });
      expect(fieldAt(draft, 'indicators', 1).label).toMatchObject({
        classification: 'restricted',
        tlp: 'CLEAR',
      });
      expect(fieldAt(draft, 'indicators', 2).label).toMatchObject({
        classification: 'restricted',
        tlp: 'GREEN',
      });
      expect(fieldAt(draft, 'indicators', 2).label).not.toHaveProperty('handling');
      expect(fieldAt(draft, 'indicators').label).toBe(draft.overall);
    }
  });

  test('are read once, however many elements they are put on', () => {
    const draft = labelled({ 'indicators[*]': { tlp: 'GREEN' } });
    expect(fieldAt(draft, 'indicators', 0).label).toBe(fieldAt(draft, 'indicators', 2).label);
    expect(brief(() => labelled({ 'indicators[*]': { tlp: 'WHITE' } }))).toEqual([
      ['label.unknown-tlp', 'labels/indicators[*]/tlp'],
    ]);
  });

  test('may name what this draft leaves out, but no element that is not there', () => {
    labelled(
      { narrative: { tlp: 'RED' }, 'narrative.internal': { tlp: 'RED' }, 'tags[*]': { tlp: 'RED' } },
      { label: { ...label, tlp: 'RED' } },
    );
    labelled({ 'indicators[type=url]': { tlp: 'GREEN' } });
    expect(brief(() => labelled({ 'indicators[3]': { tlp: 'GREEN' } }))).toEqual([
      ['record.unmatched-label-path', 'labels/indicators[3]'],
    ]);
  });

  test.each([
    'victim.secret',
    'victims',
    'overall',
    'title.en',
    'title[0]',
    'victim[0]',
    'indicators.type',
    'indicators[0].value',
    'constructor',
  ])('refuse the path %s, which names no part', (pathText) => {
    expect(brief(() => labelled({ [pathText]: { tlp: 'GREEN' } }))).toEqual([
      ['record.unknown-label-path', `labels/${pathText}`],
    ]);
  });

  test.each([
    '',
    '.title',
    'title.',
    'indicators[',
    'indicators[]',
    'indicators[type]',
    'indicators[=x]',
    'indicators[01]',
    'in dicators',
  ])('refuse the path %j, which is malformed', (pathText) => {
    expect(brief(() => labelled({ [pathText]: { tlp: 'GREEN' } }))).toEqual([
      ['record.bad-label-path', `labels/${pathText}`],
    ]);
  });

  test('must not be above the label of the record', () => {
    expect(
      brief(() => labelled({ title: { tlp: 'RED' }, 'victim.name': { classification: 'top-secret' } })),
    ).toEqual([
      ['record.label-below-part', 'labels/title'],
      ['record.label-below-part', 'labels/victim.name'],
    ]);
    expect(brief(() => labelled({ title: { releasableTo: null } }))).toEqual([
      ['record.label-below-part', 'labels/title'],
    ]);
    expect(brief(() => labelled({}, { envelope: { classification: 'top-secret' } }))).toEqual([
      ['record.label-below-envelope', 'envelope'],
    ]);
  });

  test('are refused for what the scheme does not know', () => {
    expect(
      brief(() =>
        labelled({
          title: { classification: 'cosmic' },
          stage: { tlp: 'WHITE', pap: 'BLUE', purposes: ['fun'], categories: [{ set: 'x', values: ['y'] }] },
          victim: { scheme: 'xbo-2014' },
        }),
      ).sort(),
    ).toEqual(
      [
        ['label.unknown-classification', 'labels/title/classification'],
        ['label.unknown-tlp', 'labels/stage/tlp'],
        ['label.unknown-pap', 'labels/stage/pap'],
        ['label.unknown-purpose', 'labels/stage/purposes/0'],
        ['label.unknown-category-set', 'labels/stage/categories/0/set'],
        ['label.wrong-scheme', 'labels/victim/scheme'],
      ].sort(),
    );
  });

  test('are refused where they are of another form', () => {
    expect(
      brief(() =>
        labelled({
          title: {
            classification: 5,
            handling: 'no-print',
            categories: {},
            releasableTo: 'XBO',
            reviewAt: 2030,
            succession: [],
          },
          stage: {
            categories: [{ set: 'x', values: 'y', more: 1 }],
            succession: { at: 'later', label: 'low', when: 1 },
          },
          victim: 'secret',
        }),
      ).sort(),
    ).toEqual(
      [
        ['record.bad-value', 'labels/title/classification'],
        ['record.bad-value', 'labels/title/handling'],
        ['record.bad-value', 'labels/title/categories'],
        ['record.bad-value', 'labels/title/releasableTo'],
        ['record.bad-time', 'labels/title/reviewAt'],
        ['record.bad-value', 'labels/title/succession'],
        ['record.unknown-field', 'labels/stage/categories/0/more'],
        ['record.bad-value', 'labels/stage/categories/0/values'],
        ['record.unknown-field', 'labels/stage/succession/when'],
        ['record.bad-time', 'labels/stage/succession/at'],
        ['record.bad-value', 'labels/stage/succession/label'],
        ['record.bad-value', 'labels/victim'],
      ].sort(),
    );
    expect(brief(() => parse({ labels: [] }))).toEqual([['record.bad-value', 'labels']]);
  });

  test('faults of the label of the record are reported once, where it stands', () => {
    expect(
      brief(() =>
        labelled(
          { title: { handling: null } },
          { label: { ...label, classification: 'cosmic' }, envelope: { tlp: 'GREEN' } },
        ),
      ),
    ).toEqual([['label.unknown-classification', 'label/classification']]);
  });
});

describe('review and succession', () => {
  const at = '2030-01-01T00:00:00Z';
  const lowered = { at, label: { classification: 'unclassified' } };

  test('a classified label gets a review date within five years, at a midnight', () => {
    const { overall } = parse({ label: { classification: 'restricted' } });
    expect(overall.reviewAtSeconds).toBe(1_953_158_400);
    expect((overall.reviewAtSeconds as number) % 86_400).toBe(0);
    expect((overall.reviewAtSeconds as number) - AT_SECONDS).toBeLessThanOrEqual(5 * 365 * 86_400);
  });

  test('unless it has a review date or a succession, or is not classified', () => {
    expect(parse().overall).not.toHaveProperty('reviewAtSeconds');
    expect(parse({ label: { classification: 'restricted', reviewAt: at } }).overall.reviewAtSeconds).toBe(
      1_893_456_000,
    );
    expect(
      parse({ label: { classification: 'restricted', succession: lowered } }).overall,
    ).not.toHaveProperty('reviewAtSeconds');
  });

  test('an override that is classified gets one too', () => {
    const draft = parse({
      label: { classification: 'secret', reviewAt: at },
      labels: { title: { reviewAt: null } },
    });
    expect(fieldAt(draft, 'title').label.reviewAtSeconds).toBe(1_953_158_400);
  });

  test('a succession says only what changes', () => {
    const label = {
      classification: 'secret',
      tlp: 'AMBER',
      releasableTo: ['XBO'],
      succession: { at, label: { classification: 'restricted', tlp: null } },
    };
    const { overall } = parse({ label });
    expect(overall.succession).toEqual({
      atSeconds: 1_893_456_000,
      label: { scheme: 'xar-2021', classification: 'restricted', releasableTo: [XBO] },
    });
  });

  test('a part inherits the succession for its own label', () => {
    const draft = parse({
      label: { classification: 'secret', tlp: 'AMBER', succession: lowered },
      labels: { title: { tlp: 'GREEN' } },
    });
    expect(fieldAt(draft, 'title').label).toMatchObject({
      classification: 'secret',
      tlp: 'GREEN',
      succession: { label: { classification: 'unclassified', tlp: 'GREEN' } },
    });
  });

  test('a part is never raised by a succession that it only inherits', () => {
    const label = { classification: 'secret', succession: { at, label: { classification: 'restricted' } } };
    const draft = parse({ label, labels: { title: { classification: 'unclassified' } } });
    expect(fieldAt(draft, 'title').label).toEqual({ scheme: 'xar-2021', classification: 'unclassified' });
  });

  test('a label of the record that is lowered before a part is below it', () => {
    const later = { at: '2031-01-01T00:00:00Z', label: { classification: 'unclassified' } };
    expect(
      brief(() =>
        parse({
          label: { classification: 'secret', succession: lowered },
          labels: { title: { succession: later } },
        }),
      ),
    ).toEqual([['record.label-below-part', 'labels/title']]);
  });

  test('at most four follow each other', () => {
    const chain = (length: number): Changes =>
      length === 0
        ? {}
        : { succession: { at: `20${30 + length}-01-01T00:00:00Z`, label: chain(length - 1) } };
    const rising = (length: number, last = length): Changes =>
      length === 0
        ? {}
        : { succession: { at: `20${30 + last - length}-01-01T00:00:00Z`, label: rising(length - 1, last) } };
    expect(brief(() => parse({ label: { classification: 'secret', ...rising(4) } }))).toEqual([]);
    expect(brief(() => parse({ label: { classification: 'secret', ...rising(5) } }))).toEqual([
      [
        'label.succession-too-long',
        `${['label', ...new Array(5).fill(['succession', 'label']).flat().slice(0, -1)].join('/')}`,
      ],
    ]);
    expect(brief(() => parse({ label: { classification: 'secret', ...chain(60) } }))).toContainEqual([
      'label.succession-too-long',
      `${['label', ...new Array(5).fill(['succession', 'label']).flat().slice(0, -1)].join('/')}`,
    ]);
  });

  test('dates of succession rise', () => {
    const twice = {
      at,
      label: { classification: 'restricted', succession: { at, label: { classification: 'unclassified' } } },
    };
    expect(brief(() => parse({ label: { classification: 'secret', succession: twice } }))).toEqual([
      ['label.succession-not-later', 'label/succession/label/succession/at'],
    ]);
  });
});
