import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { operations } from '@comity/conformance';
import { codes, isFaultCode, mayBeTold } from '@comity/fault';
import { operations as commands } from '@comity/node';
import { describe, expect, test } from 'vitest';
import { chapters, refusalsOf } from './chapters.ts';
import { CODE, codesInSource, topicOf } from './codes-in-source.ts';
import { PROTOCOL_TOPICS, regions, TOPICS, withRegions } from './error-lists.ts';

const PROTOCOL = new URL('../../protocol/', import.meta.url);
const chapterNames = readdirSync(PROTOCOL).filter((name) => name.endsWith('.md'));
const textOf = (name: string): string => readFileSync(new URL(name, PROTOCOL), 'utf8');
const registered = Object.keys(codes);
const topics: ReadonlySet<string> = new Set(registered.map(topicOf));
const source = codesInSource(topics);

/** Codes that nothing gives and a chapter keeps for a purpose, with its clause. */
const RESERVED: Readonly<Record<string, string>> = { 'disclosure.effective-label': 'disclosure 3.6' };
/** Codes of commands on what a node holds: no rule of a chapter. */
const OF_COMMANDS: ReadonlySet<string> = new Set([
  'order.decided',
  'order.not-found',
  'order.recalled-already',
  'policy.not-found',
  'record.ambiguous-id',
  'record.no-such-part',
  'record.not-found',
  'record.own',
]);
/** Texts of the source that look like codes and are names of files and settings. */
const OTHER_NAMES: ReadonlySet<string> = new Set([
  'demo.json',
  'log.level',
  'node.log',
  'node.pid',
  'store.json',
]);
/** Operations as conformance.md lists them, whether or not this program has them. */
const [, listing = ''] = /^## 4 Operations\n(.*?)^## /ms.exec(textOf('conformance.md')) ?? [];
const listed: ReadonlySet<string> = new Set(
  [...listing.matchAll(/`([a-z0-9.]+)`/g)].map(([, name = '']) => name),
);
const isOperation = (text: string): boolean =>
  Object.hasOwn(operations, text) || commands.has(text) || listed.has(text);

describe('errors.md', () => {
  const path = new URL('errors.md', PROTOCOL);

  // UPDATE_ERRORS=1 vitest run tests/conformance/errors.test.ts writes the lists anew.
  test('lists what the registry says', () => {
    const text = readFileSync(path, 'utf8');
    if (process.env.UPDATE_ERRORS === '1') writeFileSync(path, withRegions(text));
    const found = readFileSync(path, 'utf8');
    expect(withRegions(found) === found, 'out of date: UPDATE_ERRORS=1').toBe(true);
    const marked = [...found.matchAll(/<!-- begin ([a-z-]+)/g)].map(([, name]) => name);
    expect(marked.toSorted()).toEqual(Object.keys(regions).toSorted());
  });

  test('has a table for every topic', () => {
    expect(TOPICS.toSorted()).toEqual([...topics].toSorted());
  });

  test('notices a code that is missing, and a text that has changed', () => {
    const text = readFileSync(path, 'utf8');
    const row = /^\| `cose\.key-id` .*\n/m.exec(text)?.[0] ?? '';
    expect(row).toContain(codes['cose.key-id'].remedy);
    for (const wrong of [text.replace(row, ''), text.replace(row, row.replace('32 bytes', '33 bytes'))])
      expect(withRegions(wrong)).toBe(text);
  });
});

describe('the registry', () => {
  test('has codes of the form that errors.md gives them', () => {
    expect(registered.filter((code) => !CODE.test(code) || code.length > 64)).toEqual([]);
  });

  test('shows operators what peers are told', () => {
    const hidden = Object.entries(codes).filter(
      ([, { seenBy }]) => seenBy.includes('peer') && !seenBy.includes('operator'),
    );
    expect(hidden).toEqual([]);
  });
});

describe('the source', () => {
  test('names every registered code', () => {
    const named = new Set(source.texts.map(({ code }) => code));
    expect(registered.filter((code) => !named.has(code))).toEqual([]);
  });

  test('names no code that is not registered', () => {
    const unknown = source.texts.filter(
      ({ code }) => !isFaultCode(code) && !isOperation(code) && !OTHER_NAMES.has(code),
    );
    expect(unknown).toEqual([]);
  });

  test('names codes whole, so that they are found', () => {
    expect(source.composed).toEqual([]);
  });

  test('says of no function that it throws a code that is not registered', () => {
    const isKnown = (said: string): boolean =>
      said.endsWith('*') ? registered.some((code) => code.startsWith(said.slice(0, -1))) : isFaultCode(said);
    expect(source.documented.filter(({ code }) => !isKnown(code))).toEqual([]);
  });
});

describe('the chapters', () => {
  const tables = chapters().map((chapter) => ({ chapter, ...refusalsOf(chapter) }));
  const rows = tables.flatMap(({ withVector, withoutVector }) => [...withVector, ...withoutVector]);

  test('refuse with registered codes', () => {
    expect(rows.length).toBeGreaterThan(300);
    expect(rows.filter(({ code }) => !isFaultCode(code))).toEqual([]);
  });

  test('name no code that is not registered', () => {
    const unknown = chapterNames.flatMap((name) =>
      [...textOf(name).matchAll(/`([a-z0-9]+\.[a-z0-9-]+)`/g)]
        .map(([, text = '']) => text)
        .filter((text) => CODE.test(text) && topics.has(topicOf(text)))
        .filter((text) => !isFaultCode(text) && !isOperation(text) && !OTHER_NAMES.has(text))
        .map((text) => `${name}: ${text}`),
    );
    expect(unknown).toEqual([]);
  });

  test('have a row for every code of the protocol', () => {
    const ofProtocol = new Set(PROTOCOL_TOPICS.map(([topic]) => topic));
    const inTables = new Set(
      chapterNames
        .filter((name) => name !== 'errors.md')
        .flatMap((name) => [...textOf(name).matchAll(/^\| `([a-z0-9.-]+)` *\| /gm)].map(([, code]) => code)),
    );
    const missing = registered.filter(
      (code) =>
        ofProtocol.has(topicOf(code)) &&
        !inTables.has(code) &&
        RESERVED[code] === undefined &&
        !OF_COMMANDS.has(code),
    );
    expect(missing).toEqual([]);
  });

  test('say themselves what they reserve', () => {
    for (const [code, clause] of Object.entries(RESERVED)) {
      const [chapter, number] = clause.split(' ');
      const said = textOf(`${chapter}.md`)
        .split('\n')
        .filter((line) => line.includes(`\`${code}\``));
      expect(said.join(), code).toContain(`${number}`);
      expect(rows.map((row) => row.code)).not.toContain(code);
    }
  });

  test('show verifiers what vectors show', () => {
    const shown = tables.flatMap(({ withVector }) => withVector.map(({ code }) => code));
    const hidden = shown.filter((code) => isFaultCode(code) && !codes[code].seenBy.includes('verifier'));
    expect([...new Set(hidden)]).toEqual([]);
  });

  test('tell peers why a question is refused', () => {
    const refused = readdirSync(new URL('vectors/query/invalid/', PROTOCOL)).flatMap((name) => {
      const { op, vectors } = JSON.parse(textOf(`vectors/query/invalid/${name}`));
      return op === 'query.verify' ? vectors.map(({ code }: { code: string }) => code) : [];
    });
    expect(refused.length).toBeGreaterThan(20);
    expect(refused.filter((code: string) => !isFaultCode(code) || !mayBeTold(code))).toEqual([]);
  });

  test('tell peers of the exchange what the registry lets them be told', () => {
    const clause = /^2\. The code in an ERROR is (.*?)^3\. /ms.exec(textOf('exchange.md'))?.[1] ?? '';
    const told = new Set([...clause.matchAll(/`(exchange\.[a-z-]+)`/g)].map(([, code]) => code));
    const allowed = registered.filter((code) => code.startsWith('exchange.') && mayBeTold(code as never));
    expect([...told].toSorted()).toEqual(allowed.toSorted());
  });
});
