import { readdirSync, readFileSync } from 'node:fs';
import { fromHex, toHex } from '@comity/digest';
import { codes } from '@comity/fault';
import { encodeStateCard } from '@comity/identity';
import { describe, expect, test } from 'vitest';
import {
  codeText,
  fill,
  formatReport,
  readTrust,
  type Trusted,
  timeText,
  trustId,
  verifyFile,
  WORDINGS,
  type Wording,
  wordingFor,
} from './index.ts';

interface Vector {
  readonly comment: string;
  readonly in: {
    readonly dossier: string;
    readonly anchors: readonly string[];
    readonly atSeconds: number;
    readonly federation?: string;
    readonly policy?: string;
    readonly keyStates?: readonly string[];
  };
  readonly out: { readonly verdict: string; readonly records: readonly object[] };
}

const folder = new URL('../../../protocol/vectors/dossier/valid/', import.meta.url);
const files = readdirSync(folder).map((name) => ({
  name,
  vectors: (JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as { vectors: Vector[] }).vectors,
}));

/** An id, a charter, or the card that a state gives with its key state. */
function trusted(anchor: string, [keyState]: readonly string[] = []): Trusted {
  if (anchor.length === 64) return readTrust(ascii(anchor));
  const charter = fromHex(anchor);
  return readTrust(
    keyState === undefined
      ? charter
      : encodeStateCard({ charter, certificates: [], keyState: fromHex(keyState) }),
  );
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

describe('the report', () => {
  test.each(files)('says what the vectors say: $name', ({ vectors }) => {
    for (const { comment, in: given, out } of vectors) {
      const { atSeconds, federation } = given;
      const trust = given.anchors.map((each) => trusted(each, given.keyStates));
      const report = verifyFile(fromHex(given.dossier), {
        ...{ trust, atSeconds, federation },
        policy: given.policy,
      });
      expect(report, comment).toMatchObject(out);
      expect(JSON.parse(formatReport(report)), comment).toEqual(report);
      expect(report.asked.at).toBe(timeText(atSeconds));
    }
  });

  test('shows the parts and their labels of what is verified, and of nothing else', () => {
    const reports = files.flatMap(({ vectors }) =>
      vectors.map(({ in: given }) =>
        verifyFile(fromHex(given.dossier), {
          trust: given.anchors.map((each) => trusted(each, given.keyStates)),
          atSeconds: given.atSeconds,
          federation: given.federation,
        }),
      ),
    );
    const records = reports.flatMap(({ records: each }) => each);
    expect(records.some(({ parts }) => parts !== undefined)).toBe(true);
    for (const { steps, parts, label } of records) {
      const isShown = steps.some(({ step, status }) => step === 'parts' && status === 'done');
      expect(parts !== undefined).toBe(isShown);
      expect(label !== undefined).toBe(isShown);
    }
    for (const report of reports)
      expect(report.hasUnverifiedLabel).toBe(report.records.some(({ parts }) => parts === undefined));
  });
});

describe('a trust anchor', () => {
  const [charter = ''] = files
    .flatMap(({ vectors }) => vectors.flatMap(({ in: { anchors } }) => anchors))
    .filter((anchor) => anchor.length > 64)
    .filter((anchor) => {
      try {
        return readTrust(fromHex(anchor)).given === 'charter';
      } catch {
        return false;
      }
    });

  test('is a charter, or the id of a state however it is grouped', () => {
    const { state } = readTrust(fromHex(charter));
    expect(trustId(state.toUpperCase().replace(/(.{4})/g, '$1 '))).toMatchObject({ state, given: 'id' });
    expect(readTrust(ascii(`${state}\n`))).toMatchObject({ state, given: 'id' });
  });

  test.each([
    ['nothing', ''],
    ['a digit too few', toHex(ascii('0'.repeat(63)))],
    ['other letters', toHex(ascii('g'.repeat(64)))],
    ['an empty map', 'a0'],
    ['a changed charter', `${charter.slice(0, -2)}00`],
    ['much of nothing', '00'.repeat(100_000)],
  ])('is not %s', (_what, hex) => {
    expect(() => readTrust(fromHex(hex))).toThrow(expect.objectContaining({ code: 'document.no-anchor' }));
  });
});

describe.each(WORDINGS.map((wording) => [wording.name, wording] as const))('%s', (_name, wording) => {
  const [english] = WORDINGS as [Wording, ...Wording[]];

  test('has every text, and puts in what English puts in', () => {
    const [own, other] = [textsOf(wording), textsOf(english)];
    expect([...own.keys()].sort()).toEqual([...other.keys()].sort());
    for (const [place, text] of own) {
      expect(text.trim(), place).not.toBe('');
      expect(placeholders(text), place).toEqual(placeholders(other.get(place) ?? ''));
    }
  });

  test('says something of its own', () => {
    const [own, other] = [textsOf(wording), textsOf(english)];
    const same = [...own].filter(
      ([place, text]) => text === other.get(place) && !/^(name|language|dir)/.test(place),
    );
    // Some words are the same in French and in English.
    expect(same.length).toBeLessThan(wording === english ? 1_000 : 8);
  });

  test('has a text for every code of a dossier that a verifier sees', () => {
    const seen = Object.entries(codes).filter(
      ([code, { seenBy }]) => code.startsWith('dossier.') && seenBy.includes('verifier'),
    );
    expect(seen.length).toBeGreaterThan(10);
    for (const [code] of seen) expect(codeText(wording, code), code).toBeTypeOf('string');
  });
});

test('a language is found by its tag, and is English where there is none', () => {
  expect(wordingFor('fr-CA').language).toBe('fr');
  expect(wordingFor('zh-Hant-TW').language).toBe('zh');
  expect(wordingFor('de').language).toBe('en');
});

test('what is put in is put in as it is', () => {
  expect(fill('{1} and {0}', '{1}', 'b')).toBe('b and {1}');
});

function textsOf(wording: object, path = ''): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [key, value] of Object.entries(wording)) {
    const place = path === '' ? key : `${path}.${key}`;
    if (typeof value === 'string') texts.set(place, value);
    else for (const [inner, text] of textsOf(value as object, place)) texts.set(inner, text);
  }
  return texts;
}

function placeholders(text: string): string[] {
  return (text.match(/\{\d\}/g) ?? []).sort();
}
