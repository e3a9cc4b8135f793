import { beforeAll, describe, expect, test } from 'vitest';
import { qrModules, qrText } from './qr.ts';
import { prepareScanner, scanned } from './scanner.test-support.ts';

const TEXT = 'COMITY:XAR:2188455553737262996167965683008163665775';
beforeAll(prepareScanner);

/** The picture that half blocks make on a terminal. */
function picture(lines: readonly string[]): boolean[][] {
  return lines.flatMap((line) => [
    [...line].map((block) => block === '█' || block === '▀'),
    [...line].map((block) => block === '█' || block === '▄'),
  ]);
}

describe('a QR code', () => {
  test('is read as what was written', async () => {
    expect(await scanned(qrModules(TEXT))).toEqual([TEXT]);
  });

  test('in half blocks, with four light modules around it, and narrow enough for a terminal', async () => {
    const lines = qrText(TEXT, false).split('\n');
    expect(await scanned(picture(lines))).toEqual([TEXT]);
    expect(lines.slice(0, 2).join('').trim()).toBe('');
    expect(lines.every((line) => line.startsWith('    ') && line.endsWith('    '))).toBe(true);
    expect(lines.length).toBeLessThanOrEqual(20);
    expect(new Set(lines.map((line) => line.length))).toEqual(new Set([37]));
  });

  test('is dark on light whatever the terminal is', async () => {
    const coloured = qrText(TEXT, true).split('\n');
    expect(coloured.every((line) => line.startsWith('\u001b[30;107m') && line.endsWith('\u001b[0m'))).toBe(
      true,
    );
    expect(coloured.map((line) => line.slice(9, -4)).join('\n')).toBe(qrText(TEXT, false));
  });
});
