import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { chapters, refusalsOf } from './chapters.ts';
import { clausesOf } from './clauses.ts';
import { vectorFiles } from './vector-files.ts';

/** Clauses whose rule no invalid vector can break, by the reason. */
const WITHOUT_VECTOR: { readonly [reason: string]: readonly string[] } = {
  'what people or a reader conclude, or are shown': [
    'charter.md §2.7',
    'charter.md §2.13',
    'dossier.md §4.7',
    'dossier.md §7.1',
    'key-state.md §4.6',
    'ledger.md §5.5',
    'ledger.md §6.1',
    'ledger.md §6.6',
    'record-types.md §2.1',
    'record-types.md §2.5',
    'record-types.md §18.2',
    'record-types.md §20.3',
    'record-types.md §24.3',
    'record-types.md §8.23',
    'record-types.md §8.3',
    'record.md §7.2',
  ],
  'what a writer does, or keeps': [
    'ledger.md §5.2',
    'ledger.md §7.12',
    'ledger.md §8.2',
    'letter.md §3.5',
    'letter.md §4.5',
    'letter.md §4.6',
    'log.md §7.5',
    'query.md §6.2',
    'record.md §7.5',
    'record-types.md §22.1',
    'recognition.md §4.5',
    'witness.md §3.4',
    'witness.md §3.5',
  ],
  'connections, streams and addresses': [
    'exchange.md §1.5',
    'exchange.md §2.3',
    'exchange.md §2.4',
    'exchange.md §5.1',
    'exchange.md §7.7',
    'exchange.md §7.10',
  ],
  'what a node does whose store was put back': ['ledger.md §2.5'],
  'a document that a state keeps for itself': ['approval.md §8.1', 'approval.md §8.4'],
  'a file of a node: config.invalid has no vector': ['charter.md §8.1'],
  'a step that fails stands in the report of an operation that is ok': [
    'dossier.md §3.7',
    'dossier.md §4.1',
    'dossier.md §4.2',
    'dossier.md §5.10',
    'dossier.md §5.5',
    'dossier.md §5.8',
    'dossier.md §6.7',
    'dossier.md §6.8',
  ],
  'content of another form is flagged and not refused (record-types 2.3)': [
    'record-types.md §3.3',
    'record-types.md §3.4',
    'record-types.md §4.1',
    'record-types.md §26.2',
  ],
  'other clauses, which have vectors, say it in particular': ['charter.md §6.1', 'label.md §4.7'],
  'says that it refuses nothing': ['disclosure.md §3.6', 'disclosure.md §6.16'],
};

/** Sections in which no rule stands that a document could break. */
const NO_RULES = /Worked example|Relation to other formats|Operations|Refusals|Codes of|Not in this version/;
/** How a rule is said that a document can break. */
const RULE = /MUST|\bis refused\b|\brefuses\b|\bat most\b|\bexactly\b|\b[Nn]o\b[^.;:]*\bstands\b/;

const invalid = vectorFiles().flatMap(({ topic, vectors }) =>
  vectors.flatMap(({ code, clause = '' }) => {
    if (code === undefined) return [];
    const [chapter, number] = clause.includes(' ') ? clause.split(' ') : [topic, clause];
    return [{ clause: `${chapter}.md §${number}`, code }];
  }),
);

describe('clauses and vectors', () => {
  const covered = new Set(invalid.map(({ clause, code }) => `${clause}: ${code}`));
  const claimed = new Set(
    chapters().flatMap((chapter) =>
      refusalsOf(chapter).withVector.flatMap(({ code, clauses }) =>
        clauses.map((clause) => `${chapter} §${clause}: ${code}`),
      ),
    ),
  );

  test('every refusal of the chapters has an invalid vector for each clause', () => {
    expect([...claimed].filter((claim) => !covered.has(claim))).toEqual([]);
  });

  test('every invalid vector cites a clause that has this refusal', () => {
    expect([...covered].filter((claim) => !claimed.has(claim))).toEqual([]);
  });

  test('every clause with a rule that a document can break is cited by an invalid vector, or is listed above', () => {
    const cited = new Set(invalid.map(({ clause }) => clause));
    const rules = chapters().flatMap((chapter) =>
      clausesOf(chapter.replace('.md', ''))
        .filter(({ section, text }) => !NO_RULES.test(section) && RULE.test(text.replaceAll(/\s+/g, ' ')))
        .map(({ number }) => `${chapter} §${number}`),
    );
    expect(rules.length).toBeGreaterThan(100);
    expect(rules.filter((rule) => !cited.has(rule)).toSorted()).toEqual(
      Object.values(WITHOUT_VECTOR).flat().toSorted(),
    );
  });

  test('a refusal without a vector is proved by a test of a package, of the node or across them', () => {
    const sources = testSources();
    const unproved = chapters()
      .flatMap((chapter) => refusalsOf(chapter).withoutVector)
      .filter(({ code }) => !["'", '"', '`'].some((quote) => sources.includes(quote + code + quote)));
    expect(unproved.map(({ code }) => code)).toEqual([]);
  });
});

/** The text of every test in the repository but those of this folder, which speak of all codes. */
function testSources(): string {
  const root = new URL('../../', import.meta.url);
  const texts: string[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(new URL(folder, root), { withFileTypes: true })) {
      if (entry.isDirectory() && !['node_modules', 'dist', 'conformance'].includes(entry.name)) {
        visit(`${folder}${entry.name}/`);
      } else if (entry.name.endsWith('.test.ts'))
        texts.push(readFileSync(new URL(folder + entry.name, root), 'utf8'));
    }
  };
  for (const folder of ['packages/', 'node/', 'tests/']) visit(folder);
  return texts.join('\n');
}
