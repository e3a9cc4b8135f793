import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type BuiltPage, buildPage } from '@comity/verifier/page';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { launchChromium } from './chromium.ts';
import { answerOf, expectedOf, give, VECTOR_FILES, type Vector, vectorsOf, verify } from './reader.ts';

// The page in a real Chromium, opened as a file, as its readers open it.

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

const told = vectorsOf('valid/notifications.json')[0] as Vector;
const forged = vectorsOf('valid/record-faults.json').find(({ comment }) =>
  /signature/.test(comment),
) as Vector;

const PICTURE = new URL('../../packages/verifier/page.png', import.meta.url);

let scratch: string;
let built: BuiltPage;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let asked: string[];
let troubles: string[];

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'comity-page-'));
  built = await buildPage();
  await writeFile(join(scratch, 'verifier.html'), built.html);
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await rm(scratch, { recursive: true, force: true });
});

beforeEach(async () => {
  context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1000, height: 900 } });
  page = await context.newPage();
  asked = [];
  troubles = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => troubles.push(message.text()));
  await page.goto(pathToFileURL(join(scratch, 'verifier.html')).href);
});
afterEach(async () => {
  await context.close();
  expect(troubles).toEqual([]);
  // The file itself, its own worker and what it saves: nothing else is ever asked for.
  expect(asked.filter((url) => !/^(file|blob):/.test(url))).toEqual([]);
});

test('is one file that asks for nothing, and the same bytes each time', async () => {
  const again = await buildPage();
  expect(again.html).toBe(built.html);
  expect(again.sha256).toBe(createHash('sha256').update(built.html).digest('hex'));
  expect(built.html).toContain("default-src 'none'");
  expect(built.html).not.toMatch(/(src|href)="(?!data:)/);
  expect(built.html).not.toContain('sourceMappingURL');
  expect(built.html).not.toContain(import.meta.dirname);
  // A limit that it is held to. Readable source is larger than what a machine needs: most of it is what records of each type
  // and their labels, keys and proofs have to be like, an eighth the words of five languages, a tenth libraries.
  expect(built.html.length).toBeLessThan(379_000);
});

// npm run test:long puts all of them to the page.
test('says byte for byte what the command says', async () => {
  for (const name of VECTOR_FILES) {
    const known = vectorsOf(name).filter((vector) => expectedOf(vector) !== undefined);
    // One of each file, another each time that vectors are added.
    const vector = known.at(Math.floor(known.length / 2));
    if (vector === undefined) continue;
    expect(await answerOf(page, vector), vector.comment).toBe(expectedOf(vector));
  }
});

test('shows the marking above, below and in print, the parts, what is withheld, and the checks', async () => {
  await verify(page, told);
  const marking = 'XAR UNCLASSIFIED//REL TO XAR, XBO//TLP:GREEN';
  expect(await page.textContent('#top')).toBe(marking);
  expect(await page.textContent('#bottom')).toBe(marking);
  expect(await page.textContent('#result .verdict h2')).toBe('Result: Valid');
  expect(await page.textContent('.withheld')).toContain('Withheld: up to 3');
  expect(await page.textContent('.part')).toContain('Ransomware at a hospital');
  expect(await page.locator('.item').first().locator('.checks li').count()).toBe(13);
  if (env.UPDATE_PICTURE !== undefined) await drawPicture();
  await page.emulateMedia({ media: 'print' });
  const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
  expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(1);
  expect(await page.locator('#top').isVisible()).toBe(true);
  expect(await page.locator('form').isVisible()).toBe(false);
});

/** The picture in the README, of the page as it is now: UPDATE_PICTURE=1 draws it again. */
async function drawPicture(): Promise<void> {
  const size = page.viewportSize();
  await page.setViewportSize({ width: 900, height: 800 });
  await page.evaluate("document.querySelector('details.item').open = true");
  await page.evaluate("document.querySelector('#result').scrollIntoView(); scrollBy(0, -50)");
  await page.screenshot({ path: fileURLToPath(PICTURE) });
  if (size !== null) await page.setViewportSize(size);
}

test('says what failed, and opens it', async () => {
  await verify(page, forged);
  expect(await page.textContent('#result .verdict h2')).toBe('Result: Invalid');
  expect(await page.locator('details.item').first().getAttribute('open')).toBe('');
  expect(await page.textContent('.checks li.failed')).toContain('dossier.forged');
});

test('is used with the keyboard alone, and says where it is', async () => {
  await give(page, told);
  await page.locator('#language').focus();
  const reached: string[] = [];
  for (let presses = 0; presses < 12; presses += 1) {
    await page.keyboard.press('Tab');
    reached.push(await page.evaluate('document.activeElement.id || document.activeElement.className'));
  }
  expect(reached.slice(0, 10)).toEqual([
    'dossier-choose',
    'trust-choose',
    'trust-id',
    'trust-add',
    'remove',
    'remove',
    'policy-choose',
    'time',
    'federation',
    'verify',
  ]);
  await page.locator('#verify').focus();
  await page.keyboard.press('Enter');
  await page.waitForSelector('#result');
  // Whoever hears the page is taken to the verdict.
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Result: Valid');
  expect(await page.getAttribute('#status', 'aria-live')).toBe('polite');
  const unnamed = `[...document.querySelectorAll('button, input:not([type=file]), select')].filter((each) =>
    !(each.textContent.trim() || each.getAttribute('aria-label') || document.querySelector('label[for=' + each.id + ']'))).length`;
  expect(await page.evaluate(unnamed)).toBe(0);
});

test.each([
  ['fr', 'ltr', 'Résultat: Valable'],
  ['es', 'ltr', 'Resultado: Válido'],
  ['ar', 'rtl', 'النتيجة: صحيح'],
  ['zh', 'ltr', '结果: 有效'],
])('in %s, and nothing overflows on a narrow screen', async (language, direction, heading) => {
  await verify(page, told);
  await page.selectOption('#language', language);
  expect(await page.getAttribute('html', 'dir')).toBe(direction);
  expect(await page.getAttribute('html', 'lang')).toBe(language);
  expect(await page.textContent('#result .verdict h2')).toBe(heading);
  await page.setViewportSize({ width: 360, height: 800 });
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
});

test('is dark where the reader likes it dark', async () => {
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(23, 25, 28)');
});

test('takes what is dropped on it, and is not replaced by what is dropped beside', async () => {
  const drop = (selector: string, hex: string): Promise<unknown> =>
    page.evaluate(`{
      const bytes = Uint8Array.from(${JSON.stringify(hex)}.match(/../g), (pair) => parseInt(pair, 16));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([bytes], 'dropped.comity'));
      document.querySelector(${JSON.stringify(selector)}).dispatchEvent(
        new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    }`);
  await drop('h1', told.in.dossier);
  expect(await page.locator('.given').count()).toBe(0);
  await drop('#dossier', told.in.dossier);
  await page.waitForSelector('.given');
  expect(await page.textContent('.given')).toBe('dropped.comity');
  await drop('#trust', '00');
  await page.waitForSelector('#status .notice');
  expect(await page.textContent('#status')).toContain('dropped.comity is no charter');
});

test('asks for what is missing', async () => {
  await page.click('#verify');
  expect(await page.textContent('#status')).toBe('Choose a dossier first.');
  await give(page, told);
  await page.fill('#time', 'yesterday');
  await page.click('#verify');
  expect(await page.textContent('#status')).toContain('The time has to look like');
  await page.fill('#trust-id', '<b>x\u202e</b>');
  await page.click('#trust-add');
  expect(await page.textContent('#status')).toContain('<b>x\\u{202e}</b> is no charter');
});
