import { createHash } from 'node:crypto';
import { fingerprintDigits, fingerprintWords, shortFingerprint } from '@comity/fingerprint';
import type { VerifiedStateCard } from '@comity/identity';
import type { StateCode, StateId } from '@comity/label';
import { beforeAll, expect, test } from 'vitest';
import { buildSheet } from './build.ts';
import { prepareScanner, scanned } from './scanner.test-support.ts';
import { SHEET_LANGUAGES, SHEET_WORDINGS } from './wording.ts';

const state = 'a906ca38aea6638a22db97e5a40f19ee2db7ee3aaf0513913da7b5e563128c0b' as StateId;
const charter = {
  state,
  code: 'XAR' as StateCode,
  digest: new Uint8Array(Buffer.from(state, 'hex')),
  version: 1,
  names: new Map([
    ['en', '<script>"Arcadia" & {0}'],
    ['fr', 'Arcadie'],
  ]),
  contacts: [{ role: 'technical', reachability: 'mailto:duty@csirt.arcadia.example', languages: ['en'] }],
};
const card = {
  charter,
  certificates: [{ notAfterSeconds: 20 }, { notAfterSeconds: 10 }],
} as unknown as VerifiedStateCard;
const sheet = (language: (typeof SHEET_LANGUAGES)[number]): string =>
  buildSheet(card, language, 'now', (seconds) => `second ${seconds}`);
const short = shortFingerprint(charter);

beforeAll(prepareScanner);

test.each(SHEET_LANGUAGES)('the sheet in %s has all forms, and its QR code is read', async (language) => {
  const html = sheet(language);
  expect(html).toContain(`<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">`);
  for (const group of fingerprintDigits(short)) expect(html).toContain(`<span>${group}</span>`);
  if (language === 'ar')
    for (const group of fingerprintDigits(short, 'arab')) expect(html).toContain(`<span>${group}</span>`);
  else for (const word of fingerprintWords(short, language)) expect(html).toContain(`<li>${word}</li>`);
  expect(html).toContain('second 10');
  const dark = new Set([...html.matchAll(/M(\d+) (\d+)h1v1h-1z/g)].map(([, x, y]) => `${x} ${y}`));
  const size = Number(/viewBox="0 0 (\d+)/.exec(html)?.[1]);
  const rows = Array.from({ length: size }, (_, y) =>
    Array.from({ length: size }, (__, x) => dark.has(`${x} ${y}`)),
  );
  expect(await scanned(rows)).toEqual([`COMITY:XAR:${fingerprintDigits(short).join('')}`]);
});

test('nothing but its own style is allowed to it, and a name is only a name', () => {
  const html = sheet('en');
  const style = /<style>(.*)<\/style>/s.exec(html)?.[1] ?? '';
  expect(html).toContain(
    `content="default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'"`,
  );
  expect(html).not.toMatch(/<script|<link|src=|href=|style=/);
  expect(html).toContain('&lt;script&gt;&quot;Arcadia&quot; &amp; {0}');
});

test('every language says everything', () => {
  const members = (language: (typeof SHEET_LANGUAGES)[number]): string[] =>
    Object.keys(SHEET_WORDINGS[language]).filter((member) => member !== 'words');
  for (const language of SHEET_LANGUAGES) {
    expect(members(language)).toEqual(members('en'));
    expect(SHEET_WORDINGS[language].steps).toHaveLength(4);
  }
});
