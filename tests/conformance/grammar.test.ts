import { readFileSync } from 'node:fs';
import { type CborValue, decode } from '@comity/cbor';
import { sha256 } from '@comity/digest';
import { encodeLedgerEntry } from '@comity/log';
import { disclosureDigest } from '@comity/record';
import { beforeAll, describe, expect, test } from 'vitest';
import { questionOf } from '../federation/foreign-question.ts';
import { ForeignState, nowSeconds } from '../federation/foreign-state.ts';
import { type CddlType, namesIn } from './cddl/grammar.ts';
import { isOfPrelude, matches } from './cddl/matches.ts';
import { protocolGrammars, protocolRules } from './cddl/protocol-rules.ts';

const PROTOCOL = new URL('../../protocol/', import.meta.url);
const grammars = protocolGrammars();
const { vectors: valid } = JSON.parse(
  readFileSync(new URL('vectors/cbor/valid/items.json', PROTOCOL), 'utf8'),
) as {
  readonly vectors: readonly { readonly comment: string; readonly in: { readonly hex: string } }[];
};
const rules = protocolRules();

describe('the grammars of protocol/', () => {
  test('are there for every chapter that has one', () => {
    expect(grammars.size).toBeGreaterThanOrEqual(10);
  });

  test('define each name once', () => {
    const names = [...grammars.values()].flatMap((grammar) => [...grammar.keys()]);
    expect(names.filter((name, index) => names.indexOf(name) !== index || isOfPrelude(name))).toEqual([]);
  });

  test('refer to nothing that is not defined', () => {
    const missing = [...rules].flatMap(([rule, type]) =>
      namesIn(type)
        .filter((name) => !rules.has(name) && !isOfPrelude(name))
        .map((name) => `${rule} → ${name}`),
    );
    expect(missing).toEqual([]);
  });
});

test('every valid item of the profile is of its grammar', () => {
  expect(valid.length).toBeGreaterThan(0);
  for (const {
    comment,
    in: { hex },
  } of valid) {
    const item = decode(Uint8Array.from(Buffer.from(hex, 'hex')));
    expect(matches(rules, rules.get('document') as CddlType, item), `${hex}: ${comment}`).toBe(true);
  }
});

test.each([
  ['record', ['record']],
  ['record-types', ['record']],
  ['label', ['scheme', 'label', 'label', 'label', 'level-map']],
  ['charter', ['charter', 'key-certificate', 'charter', 'recognition']],
  ['key-state', ['later-charter', 'key-state']],
  ['ledger', ['ledger-entry', 'order', 'ledger-entry']],
  ['approval', ['officer-certificate', 'approval']],
  ['letter', ['letter-content', 'letter-info']],
  ['query', ['question']],
  ['dossier', ['dossier']],
])('the documents in hex in %s.md are of their rules', (chapter, expected) => {
  const found = hexBlocks(readFileSync(new URL(`${chapter}.md`, PROTOCOL), 'utf8'));
  expect(found.length).toBe(expected.length);
  for (const [place, bytes] of found.entries()) {
    const name = expected[place] as string;
    const item = decode(bytes, { maxBytes: 65_536 });
    expect(matches(rules, rules.get(name) as CddlType, item), `${place}: ${name}`).toBe(true);
  }
});

describe('a document that this implementation makes', () => {
  const documents = new Map<string, Uint8Array>();

  beforeAll(async () => {
    const [issuer, other] = await Promise.all([ForeignState.found('XGA'), ForeignState.found('XGB')]);
    const view = await issuer.issue({
      type: 'incident',
      label: { classification: 'restricted', tlp: 'AMBER' },
      content: {
        title: { en: 'A sample' },
        stage: 'final',
        indicators: [{ id: 'a1', type: 'ip-src', value: '198.51.100.7' }],
      },
    });
    const disclosures = [...view.disclosures.values()];
    documents.set('charter', issuer.charter.bytes);
    documents.set('key-certificate', issuer.certificates[0] as Uint8Array);
    documents.set('state-card', issuer.card);
    documents.set('record', view.bytes);
    documents.set('disclosure', disclosures[0] as Uint8Array);
    documents.set('question', await questionOf(issuer, other.state, { limit: 5 }));
    documents.set(
      'ledger-entry',
      encodeLedgerEntry({
        kind: 'release',
        recordId: sha256(view.bytes),
        disclosures: [disclosureDigest(disclosures[0] as Uint8Array)],
        atSeconds: nowSeconds(),
        mode: 'push',
        purpose: 'incident-response',
      }),
    );
  });

  test.each(['charter', 'key-certificate', 'state-card', 'record', 'disclosure', 'question', 'ledger-entry'])(
    '%s: is of its rule, and of no other rule for documents',
    (name) => {
      const item = decode(documents.get(name) as Uint8Array, { maxBytes: 65_536 });
      const fitting = [...documents.keys()].filter((rule) =>
        matches(rules, rules.get(rule) as CddlType, item),
      );
      expect(fitting).toEqual([name]);
    },
  );

  test.each([
    { name: 'charter', rule: 'charter-payload', optional: [4] },
    { name: 'key-certificate', rule: 'certificate-payload', optional: ['addrs'] },
    { name: 'state-card', rule: 'state-card', optional: [] },
    { name: 'ledger-entry', rule: 'ledger-entry', optional: [] },
    { name: 'question', rule: 'question-payload', optional: [10] },
  ] as { name: string; rule: string; optional: (number | string)[] }[])(
    '$name: is of its rule no longer when a member is left out or strange',
    ({ name, rule: ruleName, optional }) => {
      const rule = rules.get(ruleName) as CddlType;
      const payload = payloadOf(decode(documents.get(name) as Uint8Array, { maxBytes: 65_536 }));
      expect(matches(rules, rule, payload)).toBe(true);
      for (const key of payload.keys()) {
        const without = new Map([...payload].filter(([each]) => each !== key));
        expect(matches(rules, rule, without), `without ${String(key)}`).toBe(optional.includes(key));
        const strange = new Map([...payload, [key, -1]]);
        expect(matches(rules, rule, strange), `with -1 as ${String(key)}`).toBe(false);
      }
      expect(matches(rules, rule, new Map([...payload, ['unheard-of', 1]]))).toBe(false);
    },
  );
});

/** The payload of a COSE message, or the document itself where it is none. */
function payloadOf(item: CborValue): ReadonlyMap<number | string, CborValue> {
  if (item instanceof Map) return item as ReadonlyMap<number | string, CborValue>;
  const [, , payload] = (item as { readonly value: readonly CborValue[] }).value;
  return decode(payload as Uint8Array) as ReadonlyMap<number | string, CborValue>;
}

/** Blocks of a chapter in which stands nothing but hex. */
function hexBlocks(chapter: string): Uint8Array[] {
  return [...chapter.matchAll(/```\n([\s0-9a-f]+)```/g)].map(([, block = '']) =>
    Uint8Array.from(Buffer.from(block.replace(/\s/g, ''), 'hex')),
  );
}
