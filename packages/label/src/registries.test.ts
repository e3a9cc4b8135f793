import { expect, test } from 'vitest';

import { isPap, isTlp, PAP, PURPOSES, papRank, TLP, tlpRank } from './index.ts';

test('TLP 2.0 has five labels, from CLEAR to RED', () => {
  expect([...TLP.keys()]).toEqual(['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED']);
  expect([...TLP.keys()].map(tlpRank)).toEqual([1, 2, 3, 4, 5]);
  expect(tlpRank(undefined)).toBe(0);
  expect([...TLP.values()].map((entry) => entry.audience)).toEqual([
    'everyone',
    'community',
    'organization-and-clients',
    'organization',
    'individuals',
  ]);
  for (const entry of TLP.values())
    expect(entry.stix).toMatch(/^marking-definition--[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(new Set([...TLP.values()].map((entry) => entry.stix)).size).toBe(5);
});

test('other spellings are no TLP labels', () => {
  for (const text of ['WHITE', 'TLP:RED', 'red', 'AMBER STRICT', 'AMBER+ STRICT', '', 'constructor'])
    expect(isTlp(text), text).toBe(false);
  expect(isTlp('AMBER+STRICT')).toBe(true);
});

test('PAP has four labels, from CLEAR to RED', () => {
  expect([...PAP.keys()]).toEqual(['CLEAR', 'GREEN', 'AMBER', 'RED']);
  expect([...PAP.keys()].map(papRank)).toEqual([1, 2, 3, 4]);
  expect(papRank(undefined)).toBe(0);
  expect(isPap('WHITE')).toBe(false);
  expect(isPap('AMBER+STRICT')).toBe(false);
  expect(isPap('GREEN')).toBe(true);
});

test('each purpose stands for terms of the Data Privacy Vocabulary', () => {
  expect(PURPOSES.size).toBeGreaterThan(5);
  for (const [id, entry] of PURPOSES) {
    expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(entry.summary).toMatch(/\.$/);
    expect(entry.dpv.length).toBeGreaterThan(0);
    for (const term of entry.dpv) expect(term).toMatch(/^https:\/\/w3id\.org\/dpv#[A-Z][A-Za-z]+$/);
  }
  expect(PURPOSES.get('incident-response')?.dpv).toContain('https://w3id.org/dpv#EnforceSecurity');
  expect(PURPOSES.has('toString')).toBe(false);
});
