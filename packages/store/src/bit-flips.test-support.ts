// Flips bits in the files of a store, one after the other, and says what became of each. A process of its own, because
// LevelDB may abort it: that is an answer too, and not a wrong one.
//
//   node --conditions=source bit-flips.test-support.ts <home> <copies> <closed|open> <first flip> <end of flips>

import { writeSync } from 'node:fs';
import { cp, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { toHex } from '@comity/digest';
import { isFault } from '@comity/fault';
import { Store, TABLES, WriteSet } from './index.ts';
import { ARCADIA, BOREALIS, sampleLeaf, sampleRecord } from './sample-record.test-support.ts';

/** Whether the bit is flipped before the store is opened, or while it is open. */
export type FlipTime = 'closed' | 'open';

const RECORDS = 60;
/** Flips that are spread over all bytes; those of an open store take longer, for it is read and checked each time. */
export const FLIPS: Readonly<Record<FlipTime, number>> = { closed: 120, open: 60 };
const ledger = `ledger/out/${BOREALIS}` as const;
const records = Array.from({ length: RECORDS }, (_, number) =>
  sampleRecord(number, { disclosures: [new Uint8Array(700).fill(number)] }),
);

/** A store of which some is in tables and some in the log. */
export async function fillHome(home: string): Promise<void> {
  for (const [from, to] of [
    [0, 40],
    [40, RECORDS],
  ] as const) {
    await using store = await (from === 0 ? Store.create(home, { state: ARCADIA }) : Store.open(home));
    for (const [index, record] of records.slice(from, to).entries()) {
      await store.commit(
        new WriteSet()
          .putRecord(record)
          .append(ledger, [{ leaf: sampleLeaf(record) }])
          .put(TABLES.settings, [`setting-${from + index}`], from + index)
          .audit({ atSeconds: index, event: 'accepted' }),
      );
    }
  }
}

type Answer = { readonly is: unknown } | { readonly refused: string };
type Question = [(store: Store) => Promise<unknown>, unknown];

/** Several ways of reading each thing, with what was put there. */
function questions(): Question[] {
  return records.flatMap((record, number): Question[] => {
    const { id, subject } = record.header;
    const stored = { bytes: toHex(record.bytes), disclosures: record.disclosures.map(toHex) };
    const seen = (found?: { bytes: Uint8Array; disclosures: readonly Uint8Array[] }) =>
      found && { bytes: toHex(found.bytes), disclosures: found.disclosures.map(toHex) };
    return [
      [async (store) => seen(await store.records().get(id)), stored],
      [async (store) => seen((await store.records().bySubject(subject))[0]), stored],
      [async (store) => store.get(TABLES.settings, [`setting-${number}`]), number],
      [
        async (store) => toHex((await (await store.log(ledger)).entry(number)).leaf),
        toHex(sampleLeaf(record)),
      ],
    ];
  });
}

async function ask(question: () => Promise<unknown>): Promise<Answer> {
  try {
    return { is: await question() };
  } catch (error) {
    if (isFault(error)) return { refused: error.code };
    throw error;
  }
}

/** What became of a store with a flipped bit: `wrong` and `absent in silence` must not be. */
async function judge(home: string, time: FlipTime, flip: () => Promise<void>): Promise<string> {
  if (time === 'closed') await flip();
  const opened = await ask(() => Store.open(home));
  if ('refused' in opened) return `refused at opening: ${opened.refused}`;
  await using store = opened.is as Store;
  if (time === 'open') await flip();
  const { absent, refused, wrong } = await askAll(store);
  if (wrong) return 'wrong';
  const { findings } = await store.fsck();
  if (findings.length > 0)
    return refused === undefined ? `found by fsck: ${findings[0]?.code}` : `refused at reading: ${refused}`;
  if (refused === undefined && !absent) return 'harmless';
  // LevelDB may have merged the table meanwhile: what it could not find by filter and index, it could still copy.
  const again = await askAll(store);
  if (!again.absent && !again.wrong && again.refused === undefined) return 'right afterwards';
  return absent ? 'absent in silence' : 'refused, but fsck is content';
}

async function askAll(store: Store): Promise<{ absent: boolean; wrong: boolean; refused?: string }> {
  const found: { absent: boolean; wrong: boolean; refused?: string } = { absent: false, wrong: false };
  for (const [question, expected] of questions()) {
    const answer = await ask(() => question(store));
    if ('refused' in answer) found.refused = answer.refused;
    else if (answer.is === undefined) found.absent = true;
    else if (JSON.stringify(answer.is) !== JSON.stringify(expected)) found.wrong = true;
  }
  return found;
}

/** Flips a bit at this share of all bytes of all files that LevelDB reads. */
async function flipBit(database: string, share: number): Promise<void> {
  const files = (await readdir(database))
    .filter((name) => /\.(ldb|log)$|^MANIFEST|^CURRENT$/.test(name))
    .sort();
  const sizes = await Promise.all(files.map(async (name) => (await stat(join(database, name))).size));
  let at = Math.floor(share * sizes.reduce((sum, size) => sum + size, 0));
  let index = 0;
  while (at >= (sizes[index] as number)) {
    at -= sizes[index] as number;
    index += 1;
  }
  const file = await open(join(database, files[index] as string), 'r+');
  const byte = new Uint8Array(1);
  await file.read(byte, 0, 1, at);
  byte[0] = (byte[0] as number) ^ (1 << (at % 8));
  await file.write(byte, 0, 1, at);
  await file.close();
}

async function main(home: string, copies: string, time: FlipTime, first: number, end: number): Promise<void> {
  for (let flip = first; flip < end; flip += 1) {
    const copy = join(copies, String(flip));
    await cp(home, copy, { recursive: true, filter: (path) => !/\/(pre-open\/.*|lock)$/.test(path) });
    await cp(`${home}-erasure-journal`, `${copy}-erasure-journal`);
    const outcome = await judge(copy, time, () => flipBit(join(copy, 'db'), (flip + 0.5) / FLIPS[time]));
    writeSync(1, `${outcome}\n`);
    await rm(copy, { recursive: true });
    await rm(`${copy}-erasure-journal`);
  }
}

const [script, home, copies, time, first, end] = process.argv.slice(1) as [
  string,
  string,
  string,
  FlipTime,
  string,
  string,
];
if (import.meta.url === pathToFileURL(script).href)
  await main(home, copies, time, Number(first), Number(end));
