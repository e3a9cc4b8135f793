import { sha256Hex, toHex } from '@comity/digest';
import type { StateCode, StateId } from '@comity/label';
import english from '@comity/protocol/registries/words/english.json' with { type: 'json' };
import french from '@comity/protocol/registries/words/french.json' with { type: 'json' };
import chinese from '@comity/protocol/registries/words/simplified-chinese.json' with { type: 'json' };
import spanish from '@comity/protocol/registries/words/spanish.json' with { type: 'json' };
import { describe, expect, test } from 'vitest';
import { bareText } from './bare-text.ts';
import {
  assertFingerprint,
  FINGERPRINT_LANGUAGES,
  fingerprintCode,
  fingerprintDigits,
  fingerprintWords,
  readFingerprint,
  shortFingerprint,
} from './index.ts';

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
const card = {
  state: 'a906ca38aea6638a22db97e5a40f19ee2db7ee3aaf0513913da7b5e563128c0b' as StateId,
  code: 'XAR' as StateCode,
  digest: bytes('a906ca38aea6638a22db97e5a40f19ee2db7ee3aaf0513913da7b5e563128c0b'),
};
const short = shortFingerprint(card);
const digits = fingerprintDigits(short).join(' ');

describe('the lists of words', () => {
  test.each([english, french, spanish, chinese])('$name is whole', ({ words, sha256 }) => {
    const text = words.map((word) => `${word.normalize('NFKD')}\n`).join('');
    expect(sha256Hex(new TextEncoder().encode(text))).toBe(sha256);
    // What is left without accents still tells them apart.
    expect(new Set(words.map(bareText)).size).toBe(2_048);
  });

  // The examples that go with BIP 39.
  test.each([
    ['00'.repeat(16), `${'abandon '.repeat(11)}about`],
    ['7f'.repeat(16), 'legal winner thank year wave sausage worth useful legal winner thank yellow'],
    ['80'.repeat(16), 'letter advice cage absurd amount doctor acoustic avoid letter advice cage above'],
    ['ff'.repeat(16), `${'zoo '.repeat(11)}wrong`],
  ])('%s is told as everywhere', (hex, words) => {
    expect(fingerprintWords(bytes(hex), 'en').join(' ')).toBe(words);
  });
});

describe('what is read back', () => {
  test.each<[name: string, told: string]>([
    ...FINGERPRINT_LANGUAGES.map((language): [string, string] => [
      language,
      fingerprintWords(short, language).join(' '),
    ]),
    ['Chinese without spaces', fingerprintWords(short, 'zh').join('')],
    ['French without accents, in capitals', bareText(fingerprintWords(short, 'fr').join(', ')).toUpperCase()],
    ['digits', digits],
    ['digits with hyphens', digits.replaceAll(' ', '-')],
    ['Arabic-Indic digits', `\u2067${fingerprintDigits(short, 'arab').join(' ')}\u2069`],
    ['wide digits', digits.replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)))],
    ['the text of a QR code', ` ${fingerprintCode(short, card.code)}\n`],
    ['the state id', `${card.state.slice(0, 32)} ${card.state.slice(32).toUpperCase()}`],
  ])('%s is the fingerprint', (_name, told) => {
    expect(() => assertFingerprint(card, told)).not.toThrow();
  });

  test('one bit, another charter, another code, another state', () => {
    const other = new Uint8Array(short);
    other[15] = (other[15] ?? 0) ^ 1;
    for (const told of [
      fingerprintDigits(other).join(''),
      fingerprintWords(other, 'es').join(' '),
      fingerprintCode(short, 'XBO' as StateCode),
      'b'.repeat(64),
    ])
      expect(() => assertFingerprint(card, told)).toThrow(
        expect.objectContaining({ code: 'peer.fingerprint-mismatch' }),
      );
    const rotated = { ...card, digest: bytes('11'.repeat(32)) };
    // The id says nothing about later charters.
    for (const told of [digits, card.state])
      expect(() => assertFingerprint(rotated, told)).toThrow(
        expect.objectContaining({ code: 'peer.fingerprint-mismatch' }),
      );
    expect(toHex(shortFingerprint(rotated))).not.toBe(toHex(short));
  });

  test('fifteen of sixteen changed digits are noticed', () => {
    const flat = digits.replaceAll(' ', '');
    const changed = Array.from({ length: 40 }, (_, place) =>
      [...flat].map((digit, index) => (index === place ? (Number(digit) + 1) % 10 : digit)).join(''),
    );
    const noticed = changed.filter((each) => {
      try {
        readFingerprint(each);
        return false;
      } catch {
        return true;
      }
    });
    expect(noticed.length).toBeGreaterThan(30);
  });

  test.each([
    ['', 'fingerprint.form'],
    ['yes', 'fingerprint.form'],
    [digits.slice(0, -1), 'fingerprint.form'],
    [`${digits} 1`, 'fingerprint.form'],
    ['9'.repeat(40), 'fingerprint.check'],
    ['zoo '.repeat(12), 'fingerprint.check'],
    [`${'zoo '.repeat(11)}zoot`, 'fingerprint.unknown-word'],
    [`${'zoo '.repeat(11)}abaisser`, 'fingerprint.unknown-word'],
    ['1'.repeat(2_000), 'fingerprint.form'],
    [' '.repeat(2_000), 'fingerprint.form'],
  ])('%s is %s', (told, code) => {
    expect(() => readFingerprint(told)).toThrow(expect.objectContaining({ code }));
  });

  test('the word that is not known is named by its place', () => {
    const words = [...fingerprintWords(short, 'fr')];
    words[6] = 'comitas';
    expect(() => readFingerprint(words.join(' '))).toThrow(expect.objectContaining({ fields: { place: 7 } }));
  });
});
