// npm run vectors: writes protocol/vectors from the generators of this folder. The same input gives the same bytes.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { vectorTexts } from './render.ts';

const folder = fileURLToPath(new URL('../../../protocol/vectors/', import.meta.url));

const texts = vectorTexts();
rmSync(folder, { recursive: true, force: true });
for (const [path, text] of texts) {
  mkdirSync(dirname(folder + path), { recursive: true });
  writeFileSync(folder + path, text);
}
const count = [...texts.values()].reduce((sum, text) => sum + (JSON.parse(text).vectors?.length ?? 0), 0);
process.stdout.write(`${count} vectors in ${texts.size} files\n`);
