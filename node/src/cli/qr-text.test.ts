import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { qrModules, qrText } from './qr-text.ts';

const TEXT = 'COMITY:XAR:2188455553737262996167965683008163665775';
/** Pixels of a module, which a camera would see as many more. */
const SCALE = 4;

beforeAll(async () => {
  const file = fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm'));
  prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(await readFile(file)).buffer } });
});

/** What a reader that has nothing to do with the writer makes of a picture, a row of dark and light at a time. */
async function scanned(rows: readonly (readonly boolean[])[]): Promise<string[]> {
  const width = (rows[0]?.length ?? 0) * SCALE;
  const data = new Uint8ClampedArray(width * rows.length * SCALE * 4);
  for (let y = 0; y < rows.length * SCALE; y += 1)
    for (let x = 0; x < width; x += 1) {
      const isDark = rows[Math.floor(y / SCALE)]?.[Math.floor(x / SCALE)] === true;
      data.set(isDark ? [0, 0, 0, 255] : [255, 255, 255, 255], (y * width + x) * 4);
    }
  const image = { data, width, height: rows.length * SCALE, colorSpace: 'srgb' } as unknown as ImageData;
  return (await readBarcodes(image, { formats: ['QRCode'] })).map(({ text }) => text);
}

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
