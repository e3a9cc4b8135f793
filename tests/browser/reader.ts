import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fromHex } from '@comity/digest';
import { isFault } from '@comity/fault';
import { encodeStateCard } from '@comity/identity';
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
    readonly policy?: string;
    /** Key states that the reader has, beside the charters among the anchors. */
    readonly keyStates?: readonly string[];
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
  { in: { dossier, anchors, atSeconds, federation, policy, keyStates } }: Vector,
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
      const buffer = Buffer.from(withKeyState(fromHex(anchor), keyStates));
      await page.setInputFiles('#trust-file', { name: 'a.charter', mimeType: 'application/cbor', buffer });
      await page.locator('.trust li, #status .notice').first().waitFor();
    }
  }
  if (policy !== undefined) {
    await page.setInputFiles('#policy-file', {
      name: 'a.policy',
      mimeType: 'text/plain',
      buffer: Buffer.from(policy),
    });
    await page.locator('#policy .given', { hasText: 'a.policy' }).waitFor();
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
export function expectedOf({
  in: { dossier, anchors, atSeconds, federation, policy, keyStates },
}: Vector): string | undefined {
  const trust = anchors.map((each) => anchorOf(each, keyStates));
  if (trust.includes(undefined)) return undefined;
  try {
    return formatReport(
      verifyFile(fromHex(dossier), {
        trust: trust as Trusted[],
        atSeconds,
        federation: federation || undefined,
        policy,
      }),
    );
  } catch (error) {
    if (isFault(error)) return error.code;
    throw error;
  }
}

/** A charter, or the card of a state where the reader has its key state too. */
function withKeyState(charter: Uint8Array, [keyState]: readonly string[] = []): Uint8Array {
  return keyState === undefined
    ? charter
    : encodeStateCard({ charter, certificates: [], keyState: fromHex(keyState) });
}

function anchorOf(anchor: string, keyStates: Vector['in']['keyStates']): Trusted | undefined {
  try {
    return anchor.length === 64 ? trustId(anchor) : readTrust(withKeyState(fromHex(anchor), keyStates));
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
