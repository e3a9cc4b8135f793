import { describe, expect, test } from 'vitest';
import { filesOnDisk } from '../architecture/house.ts';
import {
  type Citation,
  chapterNumbers,
  chapterTexts,
  citationsIn,
  citationsInGlossary,
  citationsInTables,
  exists,
  grammarTexts,
  numbersOf,
} from './clauses.ts';

const missing = (citations: readonly Citation[]): string[] =>
  citations.filter((each) => !exists(each)).map(({ chapter, number }) => `${chapter} ${number}`);

/** Tables of errors.md have meanings in that column; operations are listed by name. */
const WITHOUT_CLAUSES: ReadonlySet<string> = new Set(['errors']);

describe('a clause that is cited exists:', () => {
  test.each([...chapterTexts])('in %s.md', (name, text) => {
    expect(missing(citationsIn(text, name))).toEqual([]);
  });

  test.each([...chapterNumbers.keys()].filter((name) => !WITHOUT_CLAUSES.has(name)))(
    'in the tables of codes of %s.md',
    (name) => {
      expect(missing(citationsInTables(chapterTexts.get(name) ?? '', name))).toEqual([]);
    },
  );

  test.each([...grammarTexts])('in %s.cddl', (name, text) => {
    expect(missing(citationsIn(text, name))).toEqual([]);
  });

  test('in the source and its tests', () => {
    const cited = [...filesOnDisk()]
      .filter(([path]) => path.endsWith('.ts') && !path.startsWith('tests/conformance/'))
      .flatMap(([path, text]) => missing(citationsIn(text)).map((each) => `${path}: ${each}`));
    expect(cited).toEqual([]);
  });
});

test('each term of the glossary has a chapter, and a clause or section of it', () => {
  const cited = citationsInGlossary(chapterTexts.get('glossary') ?? '');
  expect(cited.length).toBeGreaterThan(100);
  const strays = cited.filter(({ chapter, number }) =>
    number === undefined ? !chapterNumbers.has(chapter) : !exists({ chapter, number }),
  );
  expect(strays).toEqual([]);
});

test('citations are found in all chapters', () => {
  const counts = [...chapterTexts].map(([name, text]) => citationsIn(text, name).length);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(400);
});

test('every chapter with clauses is known to have them', () => {
  expect(chapterNumbers.size).toBeGreaterThanOrEqual(14);
  for (const [name, numbers] of chapterNumbers) expect(numbers.size, name).toBeGreaterThan(15);
});

test('finds sections and clauses, and not what stands in an example', () => {
  const text =
    '# A\n\n## 1 One\n\n1. x\n2. y\n   1. inner\n\n```\n3. no\n```\n\n## 2 Two\n\n## Three\n\n1. z\n';
  expect([...numbersOf(text)]).toEqual(['1', '1.1', '1.2', '2']);
});

test.each([
  ['as log.md §5.5 says', ['log 5.5']],
  ['([keys.md](keys.md) §9)', ['keys 9']],
  ['threats.md §2.6; charter 6.6', ['threats 2.6', 'charter 6.6']],
  ['(exchange.md §6.4, §6.5) and record-types 3.2', ['exchange 6.4', 'exchange 6.5', 'record-types 3.2']],
  ['§1.1 of log.md', ['log 1.1']],
  ['by §4.2, and below (4.3, 5)', ['query 4.2']],
  ['(4.2, 4.3)', ['query 4.2', 'query 4.3']],
  ['exchange.md\n   §5.2', ['exchange 5.2']],
  ['the keys 5 and 6 of a map', []],
  ['RFC 9052 §4.1, §4.2', []],
  ['RFC 8032 §5.1.5', []],
])('%j cites %j', (text, expected) => {
  expect(citationsIn(text, 'query').map(({ chapter, number }) => `${chapter} ${number}`)).toEqual(expected);
});

test('reads the column of the glossary', () => {
  const rows = '| era | x | exchange 1.2, 1.3 |\n| code | x | keys 6 |\n| root | x | log 1.1, charter |\n';
  expect(citationsInGlossary(rows)).toEqual([
    { chapter: 'exchange', number: '1.2' },
    { chapter: 'exchange', number: '1.3' },
    { chapter: 'keys', number: '6' },
    { chapter: 'log', number: '1.1' },
    { chapter: 'charter' },
  ]);
});

test('a citation of what is not there is noticed', () => {
  expect(missing(citationsIn('exchange.md §99.1, and §77', 'query'))).toEqual(['exchange 99.1', 'query 77']);
  expect(missing(citationsInTables('| `query.busy` | 4.2, 44.2 | when |', 'query'))).toEqual(['query 44.2']);
});
