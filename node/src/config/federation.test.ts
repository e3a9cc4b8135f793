import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isFault } from '@comity/fault';
import { afterAll, expect, test } from 'vitest';
import { createFederation, readFederation, writeFederation } from './federation.ts';

const folder = mkdtempSync(join(tmpdir(), 'comity-federation-'));
afterAll(() => rmSync(folder, { recursive: true }));

const GOOD = { comity: 'federation/1', name: 'gulf-of-examples', era: 1, psk: '0a'.repeat(32) };

/** The code that a file with this text is refused with, if it is. */
function codeOf(text: string): string | undefined {
  const path = join(folder, 'given.json');
  writeFileSync(path, text);
  try {
    readFederation(path);
    return undefined;
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown;
    return thrown.code;
  }
}

test("a federation is read as it was written, and the file is its owner's alone", () => {
  const path = join(folder, 'written.json');
  const federation = createFederation('gulf-of-examples');
  writeFederation(path, federation);
  expect(readFederation(path)).toEqual(federation);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(Object.keys(JSON.parse(readFileSync(path, 'utf8')))).toEqual(['comity', 'name', 'era', 'psk']);
});

test.each([
  ['a name of one character', { name: '0' }],
  ['a name of 63 characters', { name: `a${'-'.repeat(62)}` }],
  ['the last era', { era: 65_535 }],
])('%s is read', (_, change) => {
  expect(codeOf(JSON.stringify({ ...GOOD, ...change }))).toBeUndefined();
});

// protocol/charter.md 8.1
test.each([
  ['another version', { comity: 'federation/2' }],
  ['no version', { comity: undefined }],
  ['an empty name', { name: '' }],
  ['a name of 64 characters', { name: 'a'.repeat(64) }],
  ['a name that begins with a hyphen', { name: '-gulf' }],
  ['a name with a capital', { name: 'Gulf' }],
  ['era 0', { era: 0 }],
  ['era 65536', { era: 65_536 }],
  ['an era that is no whole number', { era: 1.5 }],
  ['an era as text', { era: '1' }],
  ['a key of 63 digits', { psk: '0a'.repeat(32).slice(1) }],
  ['a key in capitals', { psk: '0A'.repeat(32) }],
  ['no key', { psk: undefined }],
  ['a member more', { members: ['XAR'] }],
])('%s is config.invalid', (_, change) => {
  expect(codeOf(JSON.stringify({ ...GOOD, ...change }))).toBe('config.invalid');
});

test('what is no JSON is config.invalid, what is not there config.unreadable', () => {
  expect(codeOf('comity: federation/1')).toBe('config.invalid');
  expect(() => readFederation(join(folder, 'nowhere.json'))).toThrowError(
    expect.objectContaining({ code: 'config.unreadable' }),
  );
});
