import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

/** Pixels of a module, which a camera would see as many more. */
const SCALE = 4;

/** Loads the reader from this machine: by itself it would fetch it. */
export async function prepareScanner(): Promise<void> {
  const file = fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm'));
  prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(await readFile(file)).buffer } });
}

/** What a reader that has nothing to do with the writer makes of a picture, a row of dark and light at a time. */
export async function scanned(rows: readonly (readonly boolean[])[]): Promise<string[]> {
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
