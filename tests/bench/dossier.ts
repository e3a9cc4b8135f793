import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { fromHex } from '@comity/digest';
import { type DossierRecord, encodeDossier } from '@comity/dossier';
import {
  addSignatureLine,
  cosign,
  formatCheckpoint,
  formatProof,
  originLogName,
  signCheckpoint,
  witnessName,
} from '@comity/log';
import { inclusionProof, leafHash, rootOf } from '@comity/merkle';
import { issueRecord, parseDraft, type View } from '@comity/record';
import { type SampleStates, sampleIncidentDraft, sampleStates, seededEntropy } from '@comity/testkit';
import { readTrust, timeText, verifyFile } from '@comity/verifier';
import { type Bench, figureNamed, quantile } from './bench.ts';
import { limit } from './limit.ts';

const MAIN = fileURLToPath(new URL('../../node/src/cli/main.ts', import.meta.url));
const FEDERATION = 'sample';
const RECORDS = 1_000;
const ROUNDS = 5;
const MAX_REPORT_BYTES = 256 * 1_048_576;

/** What a court waits for that is handed a large file. */
export const dossier: Bench = {
  name: 'dossier',
  question: 'How long does it take to verify a dossier of 1,000 records, logged and cosigned by two states?',
  async run(run) {
    const records = Math.max(Math.round(RECORDS * run.scale), 1);
    const states = await sampleStates();
    run.note(`dossier: makes a file of ${records} records`);
    const file = await fileOf(records, states);
    const insideMs = await timed(() => verifyInside(file, states));
    const commandMs = await withFile(file, states, (args) => timed(() => comity(['verify', ...args])));
    const startMs = await timed(() => comity(['verify', '--help']));
    const limitMs = (records * 1_000) / figureNamed(await run.figures(limit), 'verifications').value;
    return [
      { name: 'file', value: file.length, unit: 'bytes' },
      { name: 'verified in a process that runs', value: insideMs, unit: 'ms' },
      { name: 'comity verify, with its start', value: commandMs, unit: 'ms' },
      { name: 'comity verify --help, for its start', value: startMs, unit: 'ms' },
      { name: 'signatures of the records at the limit of all cores', value: limitMs, unit: 'ms' },
      {
        name: 'verified in a process that runs, over that',
        value: insideMs / limitMs,
        unit: '',
        target: 'at most 3',
      },
    ];
  },
};

/** Median of some rounds, after one that is not counted. */
async function timed(act: () => void | Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const sinceMs = performance.now();
    await act();
    if (round > 0) times.push(performance.now() - sinceMs);
  }
  return quantile(times, 0.5);
}

function verifyInside(file: Uint8Array, { all, atSeconds }: SampleStates): void {
  const { verdict } = verifyFile(file, { trust: all.map(({ card }) => readTrust(card)), atSeconds });
  if (verdict !== 'VALID') throw new Error(`a dossier in which nothing is wrong is ${verdict}`);
}

async function withFile(
  file: Uint8Array,
  { all, atSeconds }: SampleStates,
  act: (args: readonly string[]) => Promise<number>,
): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'comity-bench-'));
  try {
    const path = join(folder, 'case.comity');
    writeFileSync(path, file);
    const cards = all.map(({ code, card }) => {
      const cardPath = join(folder, `${code}.card`);
      writeFileSync(cardPath, card);
      return cardPath;
    });
    const at = timeText(atSeconds);
    return await act(['--json', path, '--at', at, '--trust', ...cards]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Rejects unless the command ends with 0, which is VALID. */
async function comity(args: readonly string[]): Promise<void> {
  await promisify(execFile)(process.execPath, [...process.execArgv, MAIN, ...args], {
    maxBuffer: MAX_REPORT_BYTES,
  });
}

async function fileOf(records: number, states: SampleStates): Promise<Uint8Array> {
  const { all, arcadia, borealis, caldera, atSeconds } = states;
  const views = await incidents(records, states);
  const hashes = views.map(({ header }) => leafHash(fromHex(header.id)));
  const origin = originLogName(FEDERATION, arcadia.state);
  const checkpoint = { origin, size: records, root: rootOf(hashes) };
  const text = formatCheckpoint(checkpoint);
  const signed = await signCheckpoint(checkpoint, arcadia.signers.log);
  const lines = [
    signed.slice(text.length + 1),
    ...(await Promise.all(
      [borealis, caldera].map(({ state, signers }) =>
        cosign(text, atSeconds, witnessName(FEDERATION, state), signers.witness),
      ),
    )),
  ].toSorted();
  const [first = '', ...others] = lines;
  const note = others.reduce((so, line) => addSignatureLine(so, line), `${text}\n${first}`);
  const reader = (level: number, at: number): Uint8Array =>
    rootOf(hashes.slice(at * 2 ** level, (at + 1) * 2 ** level));
  const logged: DossierRecord[] = [];
  for (const [index, view] of views.entries()) {
    const proof = formatProof({
      index,
      hashes: await inclusionProof(index, records, reader),
      checkpoint: note,
    });
    logged.push({ record: view.bytes, disclosures: [...view.disclosures.values()], proof });
  }
  return encodeDossier({
    federation: FEDERATION,
    charters: all.map(({ charter }) => charter.bytes),
    certificates: all.flatMap(({ certificates: { record, log, witness } }) =>
      [record, log, witness].map(({ bytes }) => bytes),
    ),
    records: logged,
    notifications: [],
    keyStates: [],
  });
}

async function incidents(count: number, { arcadia, atSeconds, stateOf }: SampleStates): Promise<View[]> {
  const { scheme, state: issuer } = arcadia;
  const entropy = seededEntropy('bench dossier');
  const context = { scheme, atSeconds, stateOf, normKindOf: () => 'voluntary' as const };
  const draft = parseDraft(sampleIncidentDraft('XAR'), context);
  const views: View[] = [];
  for (let index = 0; index < count; index += 1) {
    const { view } = await issueRecord(draft, {
      issuer,
      scheme,
      atSeconds,
      entropy,
      signer: arcadia.signers.record,
    });
    views.push(view);
  }
  return views;
}
