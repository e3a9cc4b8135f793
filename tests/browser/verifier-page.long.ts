import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildPage } from '@comity/verifier/page';
import { expect, test } from 'vitest';
import { launchChromium } from './chromium.ts';
import { answerOf, expectedOf, VECTOR_FILES, vectorsOf } from './reader.ts';

// npm run test:long: every vector of a dossier in a real Chromium.

test('the page says byte for byte what the command says, of every vector', async () => {
  const scratch = await mkdtemp(join(tmpdir(), 'comity-page-'));
  const browser = await launchChromium();
  try {
    const path = join(scratch, 'verifier.html');
    await writeFile(path, (await buildPage()).html);
    const page = await browser.newPage();
    await page.goto(pathToFileURL(path).href);
    let compared = 0;
    for (const vector of VECTOR_FILES.flatMap(vectorsOf)) {
      const expected = expectedOf(vector);
      if (expected === undefined) continue;
      expect(await answerOf(page, vector), vector.comment).toBe(expected);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(250);
  } finally {
    await browser.close();
    await rm(scratch, { recursive: true, force: true });
  }
}, 1_200_000);
