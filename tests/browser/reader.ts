import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fromHex } from '@comity/digest';
import { isFault } from '@comity/fault';
import { formatReport, readTrust, type Trusted, timeText, trustId, verifyFile } from '@comity/verifier';
import type { Page } from 'playwright-core';

/** A case of dossier.md §10. */
export interface Vector {
  readonly comment: string;
  readonly in: {
    readonly dossier: string;
    readonly anchors: readonly string[];
    readonly atSeconds: number;
    readonly federation?: string;
  };
}

const folder = new URL('../../protocol/vectors/dossier/', import.meta.url);

/** The files with vectors of dossiers, those refused included. */
export const VECTOR_FILES: readonly string[] = ['valid', 'invalid'].flatMap((kind) =>
  readdirSync(new URL(`${kind}/`, folder)).map((name) => `${kind}/${name}`),
);

export function vectorsOf(name: string): readonly Vector[] {
  return (JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as { vectors: Vector[] }).vectors;
}

/** Gives the page a dossier, anchors and a time, as a reader does. */
export async function give(
  page: Page,
  { in: { dossier, anchors, atSeconds, federation } }: Vector,
): Promise<void> {
  await page.setInputFiles('#dossier-file', {
    name: 'case.comity',
    mimeType: 'application/octet-stream',
    buffer: Buffer.from(dossier, 'hex'),
  });
  for (const anchor of anchors) {
    if (anchor.length === 64) {
      await page.fill('#trust-id', anchor);
      await page.press('#trust-id', 'Enter');
    } else {
      const buffer = Buffer.from(anchor, 'hex');
      await page.setInputFiles('#trust-file', { name: 'a.charter', mimeType: 'application/cbor', buffer });
      await page.locator('.trust li, #status .notice').first().waitFor();
    }
  }
  await page.fill('#time', timeText(atSeconds));
  await page.fill('#federation', federation ?? '');
}

/** Gives it, and waits for the verdict. */
export async function verify(page: Page, vector: Vector): Promise<void> {
  await give(page, vector);
  await page.click('#verify');
  await page.waitForSelector('#result');
}

/** The report as the page saves it. */
export async function saved(page: Page): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('#save')]);
  return readFile(await download.path(), 'utf8');
}

/** What `comity verify --json` prints of a vector, or the code of its refusal; undefined where an anchor of it is none. */
export function expectedOf({ in: { dossier, anchors, atSeconds, federation } }: Vector): string | undefined {
  const trust = anchors.map(anchorOf);
  if (trust.includes(undefined)) return undefined;
  try {
    return formatReport(
      verifyFile(fromHex(dossier), {
        trust: trust as Trusted[],
        atSeconds,
        federation: federation || undefined,
      }),
    );
  } catch (error) {
    if (isFault(error)) return error.code;
    throw error;
  }
}

function anchorOf(anchor: string): Trusted | undefined {
  try {
    return anchor.length === 64 ? trustId(anchor) : readTrust(fromHex(anchor));
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
}

/** Puts a vector to the page: its report, or the code of the refusal. */
export async function answerOf(page: Page, vector: Vector): Promise<string | null> {
  await page.reload();
  await verify(page, vector);
  return (await page.locator('#save').count()) > 0 ? saved(page) : page.textContent('#result code');
}
