// The numbered clauses of protocol/, and the places that cite them.

import { readdirSync, readFileSync } from 'node:fs';

const PROTOCOL = new URL('../../protocol/', import.meta.url);

/** A clause or section of a chapter, as it is cited: `5.2` or `6` of `exchange`. */
export interface Citation {
  readonly chapter: string;
  readonly number: string;
}

/** The texts of protocol/ by name. */
export const chapterTexts: ReadonlyMap<string, string> = textsOf('.md');
/** The grammars of the chapters, by the same names. */
export const grammarTexts: ReadonlyMap<string, string> = textsOf('.cddl');

/** Numbers of the sections (`4`) and clauses (`4.2`) of a text. */
export function numbersOf(text: string): ReadonlySet<string> {
  const numbers = new Set<string>();
  for (const section of withoutExamples(text).split(/^(?=## )/m)) {
    const [, number] = /^## (\d+) /.exec(section) ?? [];
    if (number === undefined) continue;
    numbers.add(number);
    for (const [, clause] of section.matchAll(/^(\d+)\. /gm)) numbers.add(`${number}.${clause}`);
  }
  return numbers;
}

/** A numbered clause, or a section without any, with the title of its section. */
export interface Clause {
  readonly section: string;
  readonly number: string;
  readonly text: string;
}

/** The clauses of a chapter, by its name. */
export function clausesOf(chapter: string): Clause[] {
  const sections = (chapterTexts.get(chapter) ?? '').split(/^(?=## )/m);
  return sections.flatMap((text) => {
    const [, sectionNumber, section = ''] = /^## (\d+) (.*)/.exec(text) ?? [];
    if (sectionNumber === undefined) return [];
    const [, ...clauses] = text.split(/^(?=\d+\. )/m);
    if (clauses.length === 0) return [{ section, number: sectionNumber, text }];
    return clauses.map((clause) => ({
      section,
      number: `${sectionNumber}.${Number.parseInt(clause, 10)}`,
      text: clause,
    }));
  });
}

/** Numbers of each chapter that has any. */
export const chapterNumbers: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  [...chapterTexts]
    .map(([name, text]) => [name, numbersOf(text)] as const)
    .filter(([, numbers]) => numbers.size > 0),
);

// The longest first: `record-types` is not `record`.
const CHAPTER = [...chapterNumbers.keys()].toSorted((a, b) => b.length - a.length).join('|');
const NUMBER = String.raw`(?<!\.)\b\d+(?:\.\d+)?\b(?!\.\d)`;
// Without a section sign only clauses: "keys 5 and 6 of a map" cites nothing.
const NAMED = String.raw`(?:§${NUMBER}|\d+\.\d+\b(?!\.\d))`;

/** RFCs and standards: their sections are none of ours. */
const ELSEWHERE = String.raw`(?:RFC|STANAG|ISO) [\d.]+ §[\d.]+(?:(?:,| and) §[\d.]+)*`;
const OF_CHAPTER = String.raw`\b(?<chapter>${CHAPTER})(?:\.md)?(?:\]\([a-z-]+\.md\))? (?<numbers>${NAMED}(?:(?:,| and| to) ${NAMED})*)`;
const BEFORE_CHAPTER = String.raw`§(?<before>${NUMBER}) of (?<after>${CHAPTER})\.md`;
const OWN = String.raw`(?<own>§${NUMBER}|\(\d+\.\d+(?:, \d+\.\d+)*\))`;
const CITATION = new RegExp([ELSEWHERE, OF_CHAPTER, BEFORE_CHAPTER, OWN].join('|'), 'g');

/**
 * What a text cites: `log.md §5.5`, `[keys.md](keys.md) §9`, `charter 6.6`, and of its own chapter `§4.2` and `(4.2, 4.3)`. A
 * further number behind a comma is of the chapter in front.
 *
 * @param own the chapter of the text; without one only citations that name a chapter are found
 */
export function citationsIn(text: string, own?: string): Citation[] {
  // Lines of prose and of comments are one.
  const flat = withoutExamples(text).replace(/\s*\n\s*(?:\*|\/\/)?\s*/g, ' ');
  return [...flat.matchAll(CITATION)].flatMap(({ groups = {} }): Citation[] => {
    const chapter = groups.chapter ?? groups.after ?? (groups.own === undefined ? undefined : own);
    const numbers = groups.numbers ?? groups.before ?? groups.own ?? '';
    return chapter === undefined ? [] : numbersIn(numbers).map((number) => ({ chapter, number }));
  });
}

/** The last column of the glossary: `exchange 1.2, 1.3`, `keys 6`, and a chapter as a whole. */
export function citationsInGlossary(
  text: string,
): (Omit<Citation, 'number'> & { readonly number?: string })[] {
  const columns = [...text.matchAll(/^\| (?!term|-)[^|]*\|[^|]*\|([^|]*)\|$/gm)].map(
    ([, column = '']) => column,
  );
  return columns.flatMap((column) => {
    let chapter = '';
    return column
      .trim()
      .split(', ')
      .map((entry) => {
        const [, name, number] = /^([a-z-]+)?(?: |$|(?=\d))([\d.]+)?$/.exec(entry) ?? [];
        chapter = name ?? chapter;
        return { chapter, ...(number !== undefined && { number }) };
      });
  });
}

/** Clauses in the second column of tables whose first one is an error code: they are of the own chapter. */
export function citationsInTables(text: string, own: string): Citation[] {
  return [...text.matchAll(/^\| `[a-z0-9]+\.[a-z0-9-]+` *\|([^|]*)\|/gm)].flatMap(([, column = '']) =>
    numbersIn(column).map((number) => ({ chapter: own, number })),
  );
}

export function exists({ chapter, number }: Citation): boolean {
  return chapterNumbers.get(chapter)?.has(number) === true;
}

function textsOf(extension: string): Map<string, string> {
  const names = readdirSync(PROTOCOL).filter((name) => name.endsWith(extension));
  return new Map(
    names.map((name) => [name.slice(0, -extension.length), readFileSync(new URL(name, PROTOCOL), 'utf8')]),
  );
}

function numbersIn(text: string): string[] {
  return [...text.matchAll(/\d+(?:\.\d+)?/g)].map(([number]) => number);
}

function withoutExamples(text: string): string {
  return text.replace(/^```.*?^```$/gms, '');
}
