import { expect, test } from 'vitest';
import { safeText, shorten } from './safe-text.ts';

test('escape sequences, line breaks and bidi overrides become visible', () => {
  expect(safeText('a\u001b[31mb')).toBe('a\\u{1b}[31mb');
  expect(safeText('one\ntwo')).toBe('one\\u{a}two');
  expect(safeText('\u202egpj.exe')).toBe('\\u{202e}gpj.exe');
  expect(safeText('\u009b2J')).toBe('\\u{9b}2J');
});

test('ordinary text of any script is left alone', () => {
  for (const text of ['Störung', 'حادث سيبراني', '网络事件', 'naïve — “quoted”'])
    expect(safeText(text)).toBe(text);
});

test('shortening counts characters and keeps pairs whole', () => {
  expect(shorten('abcdef', 4)).toBe('abc…');
  expect(shorten('😀😀😀', 2)).toBe('😀…');
  expect(shorten('abc', 3)).toBe('abc');
});
