import { DocumentFaults } from '@comity/fault';
import { expect, test } from 'vitest';
import { parseHumanDocument } from './yaml-document.ts';

function told(text: string): string[] {
  try {
    parseHumanDocument(text, 'policy.yaml');
  } catch (error) {
    if (error instanceof DocumentFaults)
      return error.faults.map(({ place, message }) => `${place} ${message}`);
    throw error;
  }
  return [];
}

test('faults are told in words for people, with their place', () => {
  expect(told('a: &x 1\nb: [1, *x]\n')).toEqual(['policy.yaml:2:8 aliases are not allowed']);
  expect(told('a: *x\n')).toEqual(['policy.yaml:1:4 aliases are not allowed']);
  expect(told('a: 1\n---\nb: 2\n')).toEqual(['policy.yaml:2:1 the file holds more than one document']);
  for (const deep of ['[', '{', '- ']) {
    const faults = told(deep.repeat(20_000));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(/^policy\.yaml:1:\d+ the file is nested too deeply$/);
  }
  expect(told('a: 1\na: 2\n')).toEqual(['policy.yaml:2:1 map keys must be unique']);
  expect(told('a: [1, {b: 2}]\n')).toEqual([]);
});
