import { agreedEquivalence, decodeStateCard, type KeyUsage } from '@comity/identity';
import type { StateCode } from '@comity/label';
import { beforeAll, expect, test } from 'vitest';

import { SAMPLE_START_SECONDS, type SampleStates, sampleStates } from './index.ts';

let states: SampleStates;

beforeAll(async () => {
  states = await sampleStates();
});

test('the states are the same in every run', async () => {
  const again = await sampleStates();
  for (const [index, state] of states.all.entries()) {
    const other = again.all[index]!;
    expect(other.state).toBe(state.state);
    expect(other.card).toEqual(state.card);
    for (const [subject, recognition] of state.recognitions) {
      expect(other.recognitions.get(subject)?.bytes).toEqual(recognition.bytes);
    }
  }
  // A change of the sample data or of the form of a charter makes other states: then this id changes, and shows it.
  expect(states.arcadia.state).toBe('0e15c545f5ea80a77dee0410d15105aad61529434705d6776b747dd571488bf0');
});

test('another seed gives other states, another time other certificates', async () => {
  const other = await sampleStates({ seed: 'another' });
  expect(other.arcadia.state).not.toBe(states.arcadia.state);
  const later = await sampleStates({ atSeconds: SAMPLE_START_SECONDS + 1e9 });
  const { kid } = later.arcadia.certificates.record;
  expect(later.directory.resolve(kid, 'record', SAMPLE_START_SECONDS + 1e9).issuer).toBe(later.arcadia.state);
});

test('their codes are user-assigned: no real state takes part', () => {
  expect(states.all.map(({ code }) => code)).toEqual(['XAR', 'XBO', 'XCA']);
  for (const { code, charter } of states.all) {
    // ISO 3166-1 reserves XAA to XZZ for users.
    expect(code).toMatch(/^X[A-Z]{2}$/);
    for (const { reachability } of charter.contacts) expect(reachability).toMatch(/\.example$/);
  }
});

test('the directory knows every key for its usage, from the day before', () => {
  for (const { certificates, signers, state } of states.all) {
    for (const usage of ['record', 'log', 'witness', 'transport'] as KeyUsage[]) {
      const { kid } = certificates[usage];
      for (const atSeconds of [
        states.atSeconds - 86_400,
        states.atSeconds,
        states.atSeconds + 300 * 86_400,
      ]) {
        const found = states.directory.resolve(kid, usage, atSeconds);
        expect(found.issuer).toBe(state);
        expect(found.publicKey).toEqual(signers[usage].publicKey);
      }
    }
  }
  expect(states.stateOf('XBO' as StateCode)).toBe(states.borealis.state);
  expect(states.stateOf('XZZ' as StateCode)).toBeUndefined();
  expect(states.codeOf(states.caldera.state)).toBe('XCA');
});

test('no key is used twice', () => {
  const keys = states.all.flatMap(({ rootSigners, nextRootSigners, signers }) => [
    ...rootSigners,
    ...nextRootSigners,
    ...Object.values(signers),
  ]);
  expect(new Set(keys.map(({ publicKey }) => publicKey.join())).size).toBe(30);
});

test('a card is what the state exports', () => {
  const card = decodeStateCard(states.borealis.card);
  expect(card.charter.state).toBe(states.borealis.state);
  expect(card.certificates.map(({ usage }) => usage)).toEqual(['record', 'log', 'witness', 'transport']);
  expect(card.certificates[3]?.addresses).toEqual(['/dns4/node.borealis.example/tcp/4701']);
});

test('each pair recognises each other without dispute', () => {
  for (const own of states.all) {
    expect(own.recognitions.size).toBe(2);
    for (const other of states.all) {
      if (other === own) continue;
      const ours = own.recognitions.get(other.state)!;
      const theirs = other.recognitions.get(own.state)!;
      const agreed = agreedEquivalence(ours, theirs, { ours: own.scheme, theirs: other.scheme });
      expect(agreed.disputed).toEqual([]);
      expect(agreed.outbound).toEqual(ours.outbound);
      expect(agreed.inbound).toEqual(ours.inbound);
      expect(ours.outbound.levels.has(ours.ceiling)).toBe(true);
    }
  }
});

test('false friends and missing levels are mapped as agreed', () => {
  const { arcadia, borealis, caldera } = states;
  const toBorealis = arcadia.recognitions.get(borealis.state)!;
  expect(toBorealis.inbound.levels.get('secret')).toBe('confidential');
  expect(toBorealis.outbound.levels.get('secret')).toBe('strictly-secret');
  const toCaldera = arcadia.recognitions.get(caldera.state)!;
  expect(toCaldera.outbound.levels.get('restricted')).toBe('confidential');
  expect(toCaldera.inbound.levels.get('confidential')).toBe('confidential');
});
