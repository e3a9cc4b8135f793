import { readdirSync, readFileSync } from 'node:fs';
import audiences from '@comity/protocol/registries/code-audiences.json' with { type: 'json' };
import exits from '@comity/protocol/registries/exit-codes.json' with { type: 'json' };
import { expect, test } from 'vitest';
import { codes, explainCode, type FaultCode, isFaultCode, mayBeTold } from './index.ts';

const folder = new URL('../../../protocol/registries/codes/', import.meta.url);
const topics = readdirSync(folder).map((file) => file.replace(/\.json$/, ''));

const exitCodes = exits.exits.map(({ exit }) => exit).filter((exit) => exit !== 0);

function codesOf(topic: string): readonly string[] {
  return Object.keys(JSON.parse(readFileSync(new URL(`${topic}.json`, folder), 'utf8')));
}

test('all topics on disk are in the union, and nothing else', () => {
  expect(topics.length).toBeGreaterThan(10);
  expect(Object.keys(codes).sort()).toEqual(topics.flatMap(codesOf).sort());
});

test('a code begins with the topic of its file', () => {
  // The node is the exception: its codes are about the nouns of its command line.
  const packages = topics.filter((topic) => topic !== 'node');
  const strays = packages.flatMap((topic) => codesOf(topic).filter((code) => !code.startsWith(`${topic}.`)));
  expect(strays).toEqual([]);
});

test('every code has an exit code of the table, a summary and a remedy', () => {
  const isSentence = (text: string) => text.length >= 8 && text.trim() === text;
  const incomplete = Object.entries(codes).filter(
    ([, { exit, summary, remedy }]) =>
      !exitCodes.includes(exit) || !isSentence(summary) || !isSentence(remedy) || summary === remedy,
  );
  expect(incomplete).toEqual([]);
});

test('every code is seen by somebody of the table, and each of these sees a code', () => {
  const ids: readonly string[] = audiences.audiences.map(({ id }) => id);
  // In the order of the table, each once.
  const strays = Object.entries(codes).filter(
    ([, { seenBy }]) =>
      seenBy.length === 0 || seenBy.join() !== ids.filter((id) => seenBy.some((each) => each === id)).join(),
  );
  expect(strays).toEqual([]);
  const used = new Set(Object.values(codes).flatMap(({ seenBy }) => seenBy));
  expect(ids.filter((id) => ![...used].some((each) => each === id))).toEqual([]);
});

test('a fault of the program is for whoever maintains it', () => {
  const others = Object.entries(codes).filter(
    ([, { exit, seenBy }]) => exit === 1 && !seenBy.includes('developer'),
  );
  expect(others).toEqual([]);
});

test('each exit code has a code that leads to it', () => {
  const used = new Set(Object.values(codes).map(({ exit }) => exit));
  expect([...used].sort((a, b) => a - b)).toEqual(exitCodes);
});

test.each<[family: RegExp, exits: readonly number[]]>([
  // A file that the command line names and that cannot be read is a slip of the command line.
  [/^(cli\.|document\.unreadable$)/, [2]],
  [/^(config|keys)\./, [3]],
  // A value that the profile does not have was passed by a program, not by a document.
  [/^(document\.(?!unreadable$)|cbor\.(?!unsupported-value$)|digest\.|interop\.)/, [10]],
  [/^disclosure\./, [20, 21]],
  [/^release\.relay-/, [21]],
  [/(\.expired|-expired|not-yet-valid|revoked)$/, [12]],
])('codes like %s end with %j', (family, allowed) => {
  const found = Object.entries(codes).filter(([code]) => family.test(code));
  expect(found.length).toBeGreaterThan(0);
  expect(found.filter(([, { exit }]) => !allowed.includes(exit))).toEqual([]);
});

test('explains a code', () => {
  expect(explainCode('digest.bad-hex')).toEqual({
    code: 'digest.bad-hex',
    exit: 10,
    summary: codes['digest.bad-hex'].summary,
    seenBy: ['developer'],
    remedy: codes['digest.bad-hex'].remedy,
  });
  expect(Object.keys(codes).map((code) => explainCode(code as FaultCode).code)).toEqual(Object.keys(codes));
});

test('tells codes from other texts', () => {
  expect(isFaultCode('fault.internal')).toBe(true);
  for (const text of [
    '',
    'fault',
    'fault.',
    'fault.other',
    'Fault.internal',
    'constructor',
    '__proto__',
    'toString',
  ]) {
    expect(isFaultCode(text)).toBe(false);
  }
});

test('tells what a peer may be told', () => {
  expect(mayBeTold('query.busy')).toBe(true);
  for (const code of [
    'store.damaged',
    'fault.internal',
    'disclosure.no-permit',
    'exchange.bad-psk',
  ] as const) {
    expect(mayBeTold(code), code).toBe(false);
  }
});

test('the registry cannot be changed at run time', () => {
  expect(() => Object.assign(codes, { 'fault.other': {} })).toThrow(TypeError);
});
