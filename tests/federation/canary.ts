import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openLevelEngine, Store } from '@comity/store';

/** Something that stands in one place only, so that finding it elsewhere shows that it got there. */
export interface Canary {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A text that no machine would write by chance. */
export function textCanary(name: string, text: string): Canary {
  return { name, bytes: Buffer.from(text) };
}

/** Bytes somewhere, and where they are from. */
export interface Evidence {
  readonly from: string;
  readonly bytes: Uint8Array;
}

/** The names of the canaries that are found, in any of the spellings in which bytes get written. */
export function found(canaries: readonly Canary[], evidence: readonly Evidence[]): string[] {
  return canaries
    .filter(({ bytes }) => {
      const spellings = spellingsOf(bytes);
      return evidence.some((each) => {
        const haystack = Buffer.from(each.bytes.buffer, each.bytes.byteOffset, each.bytes.byteLength);
        return spellings.some((spelling) => haystack.includes(spelling));
      });
    })
    .map(({ name }) => name);
}

/** As they are, in hexadecimal, in base64 at each of the three alignments, and as UTF-16. */
function spellingsOf(bytes: Uint8Array): Buffer[] {
  const plain = Buffer.from(bytes);
  const base64 = [0, 1, 2].map((offset) => {
    const shifted = Buffer.concat([Buffer.alloc(offset), plain]).toString('base64');
    // Characters that also depend on what stands before or after.
    return Buffer.from(
      shifted.slice(offset === 0 ? 0 : offset + 1, Math.floor(((offset + plain.length) * 8) / 6)),
    );
  });
  const hex = plain.toString('hex');
  return [
    plain,
    Buffer.from(hex),
    Buffer.from(hex.toUpperCase()),
    ...base64,
    Buffer.from(plain.toString(), 'utf16le'),
  ];
}

/** Every byte of every file of a stopped node's home, every key and value of its database, which may be compressed, and what its records hold. */
export async function evidenceOf(home: string): Promise<Evidence[]> {
  const files = await readdir(home, { recursive: true, withFileTypes: true });
  const evidence: Evidence[] = await Promise.all(
    files
      .filter((file) => file.isFile())
      .map(async (file) => {
        const path = join(file.parentPath, file.name);
        return { from: path, bytes: await readFile(path) };
      }),
  );
  const engine = await openLevelEngine(join(home, 'store', 'db'), { create: false });
  try {
    for await (const chunk of engine.range()) {
      for (const { key, value } of chunk)
        evidence.push({ from: 'key', bytes: key }, { from: 'row', bytes: value });
    }
  } finally {
    await engine.close();
  }
  return [...evidence, ...(await contentsOf(home))];
}

/** What the records hold, which is sealed in the rows: as whoever has the node's keys reads it. */
async function contentsOf(home: string): Promise<Evidence[]> {
  await using store = await Store.open(join(home, 'store'));
  const evidence: Evidence[] = [];
  for (const realm of ['real', 'exercise'] as const) {
    for await (const records of store.records(realm).byArrival()) {
      for (const { bytes, disclosures } of records)
        for (const each of [bytes, ...disclosures]) evidence.push({ from: 'record', bytes: each });
    }
  }
  return evidence;
}
