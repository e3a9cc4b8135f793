// The norms that come with the protocol are drafts that a state can issue.

import { readdirSync, readFileSync } from 'node:fs';
import type { StateCode } from '@comity/label';
import { parseDraft } from '@comity/record';
import { type SampleStates, sampleStates } from '@comity/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';

const folder = new URL('../../../protocol/registries/norms/', import.meta.url);

interface NormDraft {
  readonly subject: string;
  readonly content: {
    readonly kind: string;
    readonly source: string;
    readonly entryIntoForce?: object;
    readonly provisions: readonly { readonly id: string; readonly text: Readonly<Record<string, string>> }[];
  };
}

const read = (file: string): NormDraft => parse(readFileSync(new URL(file, folder), 'utf8')) as NormDraft;

let states: SampleStates;

beforeAll(async () => {
  states = await sampleStates();
});

describe.each(readdirSync(folder))('%s', (file) => {
  test('is a draft without a fault', () => {
    const arcadia = states.all.find(({ code }) => code === ('XAR' as StateCode));
    if (arcadia === undefined) throw new Error('no Arcadia');
    const { state: issuer, scheme } = arcadia;
    const stateOf = (code: StateCode) => states.stateOf(code);
    const draft = parseDraft(read(file), { issuer, scheme, atSeconds: states.atSeconds, stateOf });
    expect(draft.type).toBe('norm');
  });

  test('says where it is from; only a treaty enters into force, and no provision speaks of compliance', () => {
    const { kind, source, entryIntoForce, provisions } = read(file).content;
    expect(source.length).toBeGreaterThan(10);
    expect(entryIntoForce === undefined).toBe(kind === 'voluntary');
    for (const { text } of provisions) expect(text.en).not.toMatch(/complian|comply|breach|violat|ratif/i);
  });
});

test('they have the numbers of their sources', () => {
  const ids = (file: string) => read(file).content.provisions.map(({ id }) => id);
  expect(ids('un-2015.yaml')).toEqual([...'abcdefghijk'].map((letter) => `13${letter}`));
  expect(ids('osce-cbm.yaml')).toEqual(
    Array.from({ length: 16 }, (_, index) => `cbm-${String(index + 1).padStart(2, '0')}`),
  );
});
