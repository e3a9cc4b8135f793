import { readdirSync, readFileSync } from 'node:fs';
import { decode } from '@comity/cbor';
import { type Json, perform } from '@comity/conformance';
import { isFault } from '@comity/fault';
import { describe, expect, test } from 'vitest';
import type { CddlType } from './cddl/grammar.ts';
import { matches } from './cddl/matches.ts';
import { protocolRules } from './cddl/protocol-rules.ts';
import { textOfProtocol, type Vector, vectorFiles } from './vector-files.ts';
import { vectorTexts } from './vectors/render.ts';

/** The documents and messages that go by themselves: each is in some vector. */
const DOCUMENTS = [
  'charter',
  'cose-key',
  'disclosure',
  'document',
  'dossier',
  'end-body',
  'error-body',
  'fetch-item',
  'fetch-request',
  'hello',
  'key-certificate',
  'label',
  'ledger-batch',
  'ledger-entry',
  'ledger-head',
  'ledger-receipt',
  'ledger-request',
  'level-map',
  'query-answer',
  'query-request',
  'question',
  'recognition',
  'record',
  'scheme',
  'sealed-letter',
  'state-card',
  'witness-answer',
  'witness-request',
];
/** What stands in a vector may be at the limit of any document. */
const GENEROUS = { maxBytes: 8_388_608, maxDepth: 64, maxItems: 1_048_576 };
const generated = vectorTexts();
const files = vectorFiles();

test('the vectors in the tree are those that `npm run vectors` writes', () => {
  expect([...files.map(({ path }) => path.replace('vectors/', '')), 'lines.json'].sort()).toEqual([
    ...generated.keys(),
  ]);
  for (const [path, text] of generated) {
    expect(textOfProtocol(`vectors/${path}`) === text, `${path} is out of date: npm run vectors`).toBe(true);
  }
});

test('there are at least 400 vectors, none twice, each with a reason', () => {
  const all = files.flatMap(({ op, vectors }) => vectors.map((each) => ({ op, ...each })));
  expect(all.length).toBeGreaterThanOrEqual(400);
  const inputs = all.map(({ op, in: input }) => op + JSON.stringify(input));
  expect(inputs.filter((input, index) => inputs.indexOf(input) !== index)).toEqual([]);
  expect(all.filter(({ comment }) => comment.trim() === '')).toEqual([]);
});

test('the generators share no code with the implementation', () => {
  const folder = new URL('./vectors/', import.meta.url);
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  expect(names.length).toBeGreaterThan(100);
  const foreign = names.flatMap((name) =>
    [...readFileSync(new URL(name, folder), 'utf8').matchAll(/(?:from|import\() ?'([^']+)'/g)]
      .map(([, specifier = '']) => specifier)
      .filter((specifier) => {
        const inside = new URL(specifier, new URL(name, folder)).href.startsWith(folder.href);
        return !(specifier.startsWith('.') && inside) && !specifier.startsWith('node:');
      })
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

describe('documents of the vectors', () => {
  const withGrammar = files.filter(({ grammar }) => grammar !== undefined);
  const rules = protocolRules();

  test('are of every document and message that the grammars describe', () => {
    const named = new Set(withGrammar.flatMap(({ grammar }) => Object.values(grammar ?? {})));
    expect(DOCUMENTS.filter((document) => !named.has(document))).toEqual([]);
  });

  test.each(withGrammar.filter(({ valid }) => valid))(
    '$path: fit their rules',
    ({ grammar = {}, vectors }) => {
      let checked = 0;
      for (const [member, rule] of Object.entries(grammar)) {
        const type = rules.get(rule);
        expect(type, rule).toBeDefined();
        for (const { comment, ...vector } of vectors) {
          for (const hex of documentsAt(vector, member)) {
            const value = decode(Buffer.from(hex, 'hex'), GENEROUS);
            expect(matches(rules, type as CddlType, value), `${comment}: ${member} is no ${rule}`).toBe(true);
            checked += 1;
          }
        }
      }
      expect(checked).toBeGreaterThan(0);
    },
  );

  test('that are refused for their form mostly do not fit: what fits breaks a form that is in the text of the chapters', () => {
    // Files of refused documents name no rules; those of accepted ones of the same operation do.
    const grammarOf = new Map<string, { readonly [member: string]: string }>();
    for (const { op, grammar } of withGrammar) grammarOf.set(op, { ...grammarOf.get(op), ...grammar });
    const refused = files
      .filter(({ valid, op }) => !valid && grammarOf.has(op))
      .flatMap(({ op, vectors }) =>
        vectors.filter(({ code }) => code === 'cbor.shape').map((vector) => ({ op, vector })),
      );
    const unfitting = refused.filter(({ op, vector }) =>
      Object.entries(grammarOf.get(op) ?? {}).some(([member, rule]) =>
        documentsAt(vector, member).some(
          (hex) => !matches(rules, rules.get(rule) as CddlType, decode(Buffer.from(hex, 'hex'), GENEROUS)),
        ),
      ),
    );
    expect(refused.length).toBeGreaterThan(350);
    // The grammars say nothing of the alphabet of a text, such as an identifier: 317 of 386 do not fit them.
    expect(unfitting.length / refused.length).toBeGreaterThan(0.75);
  });
});

/** Hex of the documents at a member of `in` or, as `out.member`, of the result: one, or a list. */
function documentsAt(vector: Omit<Vector, 'comment'>, member: string): readonly string[] {
  const [place, name] = member.startsWith('out.') ? [vector.out, member.slice(4)] : [vector.in, member];
  const value = (place as { readonly [name: string]: Json } | undefined)?.[name];
  if (value === undefined) return [];
  return (Array.isArray(value) ? value.flat() : [value]) as readonly string[];
}

async function answerOf(op: string, input: Vector['in']): Promise<{ out: Json } | { code: string }> {
  try {
    return { out: await perform(op, input) };
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown;
    return { code: thrown.code };
  }
}
