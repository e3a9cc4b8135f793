import { readdirSync, readFileSync } from 'node:fs';
import { type Json, perform } from '@comity/conformance';
import { isFault } from '@comity/fault';
import { describe, expect, test } from 'vitest';
import { chapters, refusalsOf } from './chapters.ts';
import { textOfProtocol, type Vector, vectorFiles } from './vector-files.ts';
import { vectorTexts } from './vectors/render.ts';

const generated = vectorTexts();
const files = vectorFiles();

test('the vectors in the tree are those that `npm run vectors` writes', () => {
  expect(files.map(({ path }) => path.replace('vectors/', ''))).toEqual([...generated.keys()]);
  for (const [path, text] of generated) {
    expect(textOfProtocol(`vectors/${path}`) === text, `${path} is out of date: npm run vectors`).toBe(true);
  }
});

test('there are at least 400 vectors, none twice, each with a reason', () => {
  const all = files.flatMap(({ op, vectors }) => vectors.map((each) => ({ op, ...each })));
  expect(all.length).toBeGreaterThanOrEqual(400);
  const inputs = all.map(({ op, in: input }) => op + JSON.stringify(input));
  expect(inputs.filter((input, index) => inputs.indexOf(input) !== index)).toEqual([]);
  expect(all.filter(({ comment }) => comment.length < 8)).toEqual([]);
});

test('the generators share no code with the implementation', () => {
  const folder = new URL('./vectors/', import.meta.url);
  const foreign = readdirSync(folder).flatMap((name) =>
    [...readFileSync(new URL(name, folder), 'utf8').matchAll(/from '([^']+)'/g)]
      .map(([, specifier]) => specifier ?? '')
      .filter((specifier) => !specifier.startsWith('./') && !specifier.startsWith('node:'))
      .map((specifier) => `${name}: ${specifier}`),
  );
  expect(foreign).toEqual([]);
});

describe.each(files)('$path', ({ valid, op, vectors }) => {
  test('holds', async () => {
    for (const each of vectors) {
      const answer = await answerOf(op, each.in);
      const expected = valid ? { out: each.out } : { code: each.code };
      expect(answer, `${op}: ${each.comment}\n${JSON.stringify(each.in).slice(0, 2000)}`).toEqual(expected);
    }
  });
});

describe('clauses and vectors', () => {
  const covered = new Set(
    files.flatMap(({ topic, vectors }) =>
      vectors.flatMap(({ code, clause = '' }) => {
        if (code === undefined) return [];
        const [chapter, number] = clause.includes(' ') ? clause.split(' ') : [topic, clause];
        return [`${chapter}.md §${number}: ${code}`];
      }),
    ),
  );
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

  test('a refusal without a vector is proved by a test of a package, of the node or across them', () => {
    const sources = testSources();
    const unproved = chapters()
      .flatMap((chapter) => refusalsOf(chapter).withoutVector)
      .filter(({ code }) => !sources.includes(code));
    expect(unproved.map(({ code }) => code)).toEqual([]);
  });
});

async function answerOf(op: string, input: Vector['in']): Promise<{ out: Json } | { code: string }> {
  try {
    return { out: await perform(op, input) };
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown;
    return { code: thrown.code };
  }
}

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
