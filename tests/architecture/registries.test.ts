import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { filesOnDisk, readHouse, root } from './house.ts';

const folder = `${root}protocol/registries/codes/`;
const topics = readdirSync(folder).map((file) => file.replace(/\.json$/, ''));

type Codes = Record<string, Record<string, unknown>>;

/** Exit codes of the command line. */
const exits: readonly unknown[] = [1, 2, 3, 10, 11, 12, 13, 14, 20, 21, 30, 31, 40];

function faultyEntries(codes: Codes): string[] {
  return Object.entries(codes).flatMap(([code, { exit, summary, seenBy, remedy, ...rest }]) => [
    ...(/^[a-z0-9-]+\.[a-z0-9]+(-[a-z0-9]+)*$/.test(code) ? [] : [`${code} is not topic.words-with-hyphens`]),
    ...(exits.includes(exit) ? [] : [`${code}: ${exit} is no exit code`]),
    ...(isProse(summary) ? [] : [`${code} has no summary`]),
    ...(isProse(remedy) ? [] : [`${code} has no remedy`]),
    ...(Array.isArray(seenBy) && seenBy.length > 0 ? [] : [`${code} is seen by nobody`]),
    ...Object.keys(rest).map((key) => `${code}: ${key} is unknown`),
  ]);
}

function isProse(text: unknown): boolean {
  return typeof text === 'string' && text.trim() === text && text.length >= 8;
}

/** Codes that more than one file defines. The merged type would keep the last one without a word. */
function repeated(files: readonly Codes[]): string[] {
  const seen = new Set<string>();
  return files.flatMap((codes) => Object.keys(codes)).filter((code) => seen.size === seen.add(code).size);
}

const registries = topics.map((topic): Codes => JSON.parse(readFileSync(`${folder}${topic}.json`, 'utf8')));

test('error codes have an exit code, a summary, somebody who sees them, and a remedy', () => {
  expect(registries.flatMap(faultyEntries)).toEqual([]);
});

test('error codes are defined once', () => {
  expect(repeated(registries)).toEqual([]);
});

test('each file of error codes is part of FaultCode', () => {
  const fault = readHouse(filesOnDisk()).workspaces.find(({ name }) => name === 'fault');
  const imports = fault?.sources.flatMap((file) => file.imports) ?? [];
  const missing = topics.filter(
    (topic) => !imports.includes(`@comity/protocol/registries/codes/${topic}.json`),
  );
  expect(missing).toEqual([]);
});

test('a faulty error code is noticed', () => {
  const good = {
    exit: 10,
    summary: 'it is not as it should be',
    seenBy: ['verifier'],
    remedy: 'ask the sender for another',
  };
  expect(faultyEntries({ 'cbor.too-long': good })).toEqual([]);
  expect(faultyEntries({ 'cbor.tooLong': good })).toEqual(['cbor.tooLong is not topic.words-with-hyphens']);
  expect(faultyEntries({ 'cbor.a': { ...good, exit: 99 } })).toEqual(['cbor.a: 99 is no exit code']);
  expect(faultyEntries({ 'cbor.a': { exit: 10, summary: '', colour: 'red' } })).toEqual([
    'cbor.a has no summary',
    'cbor.a has no remedy',
    'cbor.a is seen by nobody',
    'cbor.a: colour is unknown',
  ]);
  expect(repeated([{ 'cbor.a': good, 'cbor.b': good }, { 'cbor.a': good }])).toEqual(['cbor.a']);
});
