import { readFile, writeFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { fromHex, toHex } from '@comity/digest';
import { type DossierReport, decodeDossier, verifyDossier, verifyReceipt } from '@comity/dossier';
import { isFault } from '@comity/fault';
import { decodeStateCard } from '@comity/identity';
import { noteVerifier, originLogName, verifyProof } from '@comity/log';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { found, textCanary } from './canary.ts';
import { comity, comityJson } from './command-line.ts';
import { until } from './deadline.ts';
import { applyPolicy, type FoundedState, foundStates, recognise } from './founding.ts';
import { NodeProcess } from './node-process.ts';
import { type ScratchDirectory, scratchDirectory } from './scratch-directory.ts';

// Arcadia (XAA) has issued and told Borealis (XBB). Both write dossiers for readers in Caldera (XCC), who have no node.

vi.setConfig({ testTimeout: 110_000, hookTimeout: 300_000 });

const SHOWN = ['title', 'summary'];
const LEGAL = 'legal-compliance';
const ARCADIA = {
  comity: 'policy/1',
  rules: [
    { name: 'warn', to: ['XBB'], mode: ['push'], purpose: ['incident-response'], parts: SHOWN },
    { name: 'courts', to: ['XCC'], mode: ['query'], purpose: [LEGAL], parts: SHOWN },
    { name: 'withdrawals', to: ['XBB', 'XCC'], mode: ['push', 'query'], when: { type: 'retraction' } },
    {
      name: 'victims',
      to: ['XBB'],
      mode: ['query'],
      purpose: [LEGAL],
      approve: { by: 'release-authority' },
    },
  ],
};
const BOREALIS = {
  comity: 'policy/1',
  rules: [{ name: 'onward', to: ['XCC'], mode: ['relay'], purpose: [LEGAL] }],
};
const BOTH = { classification: 'restricted', privacyMark: null, releasableTo: ['XBB', 'XCC'] };
const HIDDEN = ['HIDDEN VICTIM 4T8', 'HIDDEN ROOT CAUSE 7W1', 'HIDDEN MARK 2Q5'];
const CLOSED = { classification: 'restricted', privacyMark: 'HIDDEN MARK 2Q5' };
const draftOf = (title: string, envelope: object): object => ({
  type: 'incident',
  label: CLOSED,
  envelope,
  // The name of the victim could go by its label, and is in no rule.
  labels: { title: envelope, summary: envelope, victim: envelope },
  content: {
    title: { en: title },
    summary: { en: 'SHOWN SUMMARY 3R6' },
    stage: 'final',
    victim: { name: 'HIDDEN VICTIM 4T8' },
    rootCause: { en: 'HIDDEN ROOT CAUSE 7W1' },
  },
});

let scratch: ScratchDirectory;
let states: readonly FoundedState[];
let arcadia: NodeProcess;
let borealis: NodeProcess;
let id: string;
let secret: string;

const stateOf = (code: string): FoundedState => states.find((each) => each.code === code) as FoundedState;
const anchors = (): Uint8Array[] => states.map(({ card }) => decodeStateCard(card).charter.bytes);
const verify = (file: Uint8Array): DossierReport =>
  verifyDossier(file, {
    anchors: anchors(),
    atSeconds: Math.floor(Date.now() / 1000),
    federation: undefined,
  });

interface Exported {
  readonly sha256: string;
  readonly records: readonly { readonly record: string; readonly why: string; readonly isNew: boolean }[];
  readonly leftOut: readonly { readonly what: string; readonly reason: string }[];
}

const argsOf = (code: string, ids: readonly string[], more: readonly string[]): string[] => [
  ...['--home', stateOf(code).home, 'dossier', 'export', ...ids],
  ...['--for', LEGAL, ...more],
];
const exported = async (code: string, ids: readonly string[], more: readonly string[]): Promise<Exported> =>
  comityJson<Exported>(argsOf(code, ids, more));

async function issue(draft: object): Promise<string> {
  const { records } = await arcadia.call<{ records: { id: string }[] }>('record.issue', { drafts: [draft] });
  return records[0]?.id ?? '';
}

const ledgerSize = async (node: NodeProcess, peer: string): Promise<number> =>
  (await node.call<{ size: number }>('release.ledger', { peer })).size;

beforeAll(async () => {
  scratch = await scratchDirectory();
  states = await foundStates(scratch, ['XAA', 'XBB', 'XCC']);
  const [xaa, xbb, xcc] = states as [FoundedState, FoundedState, FoundedState];
  const each = { COMITY_WITNESS_CHECKPOINT_SECONDS: '1' };
  arcadia = await NodeProcess.start(xaa.home, each);
  borealis = await NodeProcess.start(xbb.home, each);
  for (const state of [xbb, xcc]) await recognise(arcadia, state);
  for (const state of [xaa, xcc]) await recognise(borealis, state);
  await applyPolicy(borealis, BOREALIS);
  await applyPolicy(arcadia, ARCADIA);
  id = await issue(draftOf('SHOWN TITLE 1P9', BOTH));
  secret = await issue(draftOf('HIDDEN TITLE 6Y2', { ...BOTH, releasableTo: null }));
  await arcadia.logged('receipt', ({ peer }) => peer === 'XBB');
  await until('the record is in a checkpoint', async () => {
    const { code } = await comity(['--home', xaa.home, 'log', 'prove', id]);
    return code === 0 ? true : undefined;
  });
});

afterAll(async () => {
  await arcadia?.[Symbol.asyncDispose]();
  await borealis?.[Symbol.asyncDispose]();
  await scratch?.[Symbol.asyncDispose]();
});

describe('a dossier of the issuer', () => {
  test('is shown before it is written, and then changes nothing', async () => {
    const before = await ledgerSize(arcadia, 'XCC');
    const shown = await exported('XAA', [id], ['--to', 'XCC', '--dry-run']);
    expect(shown.records).toMatchObject([{ record: id, why: 'asked', isNew: true }]);
    expect(await ledgerSize(arcadia, 'XCC')).toBe(before);
  });

  test('verifies without a node: signed, logged, and told to Borealis, which has receipted it', async () => {
    const path = scratch.at('own.comity');
    const args = ['--to', 'XCC', '--notified', 'XBB', '--yes', '-o', path];
    await exported('XAA', [id], args);
    const file = await readFile(path);
    const report = verify(file);
    expect(report.verdict).toBe('VALID');
    expect(report.documents.filter(({ status }) => status !== 'done')).toEqual([]);
    const [record] = report.records;
    // Whether a witness had cosigned the log by then depends on the moment; all else is shown.
    const missing = record?.steps.filter(({ status }) => status !== 'done') ?? [];
    const uncosigned = { step: 'cosignatures', status: 'not-done', why: 'no-cosignature' };
    // The readers ask for no quorum, and these states have shown no key state.
    const unasked = [
      { step: 'quorum', status: 'not-done', why: 'no-policy' },
      { step: 'standing', status: 'not-done', why: 'no-key-state' },
      { step: 'currency', status: 'not-done', why: 'no-key-state' },
    ];
    expect(missing).toEqual(record?.cosignatures.length === 0 ? [uncosigned, ...unasked] : unasked);
    expect(record?.view?.parts.length).toBe(SHOWN.length);
    expect(report.notifications).toMatchObject([
      { sender: stateIdOf('XAA'), recipient: stateIdOf('XBB'), verdict: 'VALID', released: { mode: 'push' } },
    ]);
    const everything = [...HIDDEN, 'HIDDEN TITLE 6Y2'].map((text) => textCanary(text, text));
    expect(found(everything, [{ from: 'file', bytes: file }])).toEqual([]);
    const visible = ['SHOWN TITLE 1P9', 'SHOWN SUMMARY 3R6'];
    expect(
      found(
        visible.map((text) => textCanary(text, text)),
        [{ from: 'file', bytes: file }],
      ),
    ).toEqual(visible);
  });

  test('is accounted for: an entry in the ledger of the reader, its audience, and a line of the audit log', async () => {
    const { peers } = await arcadia.call<{
      peers: { peer: string; entries: { mode: string; purpose: string }[] }[];
    }>('record.audience', { id });
    expect(peers.find(({ peer }) => peer === 'XCC')?.entries).toMatchObject([
      { mode: 'query', purpose: LEGAL },
    ]);
    const { lines } = await arcadia.call<{ lines: { event: string; fields: Record<string, unknown> }[] }>(
      'log.audit',
    );
    const line = lines.findLast(({ event }) => event === 'dossier-exported');
    expect(line?.fields).toMatchObject({
      peer: stateIdOf('XCC'),
      purpose: LEGAL,
      records: id,
      notifications: 1,
    });
  });

  test('is the same file each time, and is never written over', async () => {
    const [one, two] = [scratch.at('one.comity'), scratch.at('two.comity')];
    const args = ['--to', 'XCC', '--notified', 'XBB', '--yes', '-o'];
    const size = await ledgerSize(arcadia, 'XCC');
    await exported('XAA', [id], [...args, one]);
    await exported('XAA', [id, id], [...args, two]);
    expect(Buffer.compare(await readFile(one), await readFile(two))).toBe(0);
    expect(await ledgerSize(arcadia, 'XCC')).toBe(size);
    await writeFile(two, 'something else');
    const refused = await comity(argsOf('XAA', [id], [...args, two]));
    expect(refused).toMatchObject({ code: 2 });
    expect(await readFile(two, 'utf8')).toBe('something else');
    await exported('XAA', [id], [...args, two, '--force']);
    expect(Buffer.compare(await readFile(one), await readFile(two))).toBe(0);
  });

  test('does not verify any more when what it says is changed', async () => {
    const file = new Uint8Array(await readFile(scratch.at('own.comity')));
    const { records, notifications } = decodeDossier(file);
    const signed = [
      ...records.flatMap(({ record, disclosures }) => [record, ...disclosures]),
      ...notifications.map(({ entry }) => entry),
    ];
    const verdicts: string[] = [];
    for (const bytes of signed) {
      const begin = Buffer.from(file).indexOf(bytes);
      for (let at = 0; at < bytes.length; at += 7) verdicts.push(changed(file, begin + at));
      // Connections that end meanwhile are to be noticed.
      await setImmediate();
    }
    expect(verdicts.length).toBeGreaterThan(100);
    expect(verdicts.filter((verdict) => verdict === 'VALID')).toEqual([]);
  });

  test('is refused where nothing of a record may be shown, and no file is left', async () => {
    const path = scratch.at('secret.comity');
    const size = await ledgerSize(arcadia, 'XCC');
    const refused = await comity([...argsOf('XAA', [id, secret], ['--to', 'XCC', '--yes', '-o', path])]);
    expect(refused.code).toBe(20);
    expect(refused.stderr).toContain(`${secret.slice(0, 12)} (M2 originator-control)`);
    await expect(readFile(path)).rejects.toThrow('ENOENT');
    expect(await ledgerSize(arcadia, 'XCC')).toBe(size);
  });

  test('waits for officers where a rule asks for them, and is made when one has approved', async () => {
    const path = scratch.at('held.comity');
    const args = argsOf('XAA', [id], ['--to', 'XBB', '--yes', '-o', path]);
    const refused = await comity(args);
    expect(refused.code).toBe(20);
    expect(refused.stderr).toContain('approval-needed');
    const { pending } = await arcadia.call<{ pending: { record: string; peer: string }[] }>(
      'release.pending',
    );
    expect(pending).toMatchObject([{ record: id, peer: 'XBB' }]);
    const at = ['--home', stateOf('XAA').home];
    const key = ['--key', scratch.at('anna.key'), '--yes'];
    const officer = ['officer', 'enrol', 'anna', '--name', 'Anna', '--role', 'release-authority'];
    await comityJson([...at, ...officer, ...key, '--first']);
    const writer = ['--key', scratch.at('wilma.key')];
    const other = ['officer', 'enrol', 'wilma', '--name', 'Wilma', '--role', 'officer', '--yes'];
    await comityJson([...at, ...other, ...writer, '--first']);
    await comityJson([...at, 'record', 'claim', id, ...writer]);
    await comityJson([...at, 'release', 'approve', id, ...key]);
    expect((await comity([...args, '--key', scratch.at('anna.key')])).code).toBe(0);
    const { readers } = await arcadia.call<{ readers: { user: string; isProven: boolean }[] }>(
      'record.audience',
      { id },
    );
    expect(readers).toContainEqual(expect.objectContaining({ user: 'anna', isProven: true }));
    const report = verify(await readFile(path));
    expect(report).toMatchObject({ verdict: 'VALID', records: [{ id, verdict: 'VALID' }] });
    expect(report.records[0]?.view?.parts.length).toBeGreaterThan(SHOWN.length);
  });

  test('is judged by the command that needs no node, by the states that the reader trusts', async () => {
    const cards: string[] = [];
    for (const { code, card } of states) {
      cards.push(scratch.at(`${code}.card`));
      await writeFile(cards.at(-1) as string, card);
    }
    const path = scratch.at('own.comity');
    const judged = await comity(['--json', 'verify', path, '--trust', ...cards]);
    expect(judged.code).toBe(0);
    expect(JSON.parse(judged.stdout)).toMatchObject({ verdict: 'VALID' });
    const unsure = await comity(['verify', path, '--trust', cards[2] as string]);
    expect(unsure.code).toBe(14);
  });
});

describe('a dossier of who holds the record of another', () => {
  test('shows what the originator lets it hand on, and that it was told', async () => {
    const path = scratch.at('relayed.comity');
    await exported('XBB', [id], ['--to', 'XCC', '--notified', 'XAA', '--yes', '-o', path]);
    const report = verify(await readFile(path));
    expect(report.verdict).toBe('VALID');
    expect(report.records).toMatchObject([{ id, header: { issuer: stateIdOf('XAA') } }]);
    expect(report.records[0]?.steps.find(({ step }) => step === 'inclusion')).toEqual({
      ...{ step: 'inclusion', status: 'not-done', why: 'no-proof' },
    });
    // One by the push, one by what an officer has let go since, if that came already.
    expect(report.notifications.length).toBeGreaterThan(0);
    for (const each of report.notifications)
      expect(each).toMatchObject({
        ...{ sender: stateIdOf('XAA'), recipient: stateIdOf('XBB'), verdict: 'VALID' },
      });
  });

  test('of the originator itself is refused: it has the record', async () => {
    const refused = await comity(
      argsOf('XBB', [id], ['--to', 'XAA', '--yes', '-o', scratch.at('back.comity')]),
    );
    expect(refused.code).toBe(20);
    expect(refused.stderr).toContain('own-record');
  });
});

test('a notification that would name withheld parts is left out', async () => {
  await applyPolicy(arcadia, {
    ...ARCADIA,
    rules: [...ARCADIA.rules, { name: 'less', to: ['XCC'], parts: ['summary'], effect: 'forbid' }],
  });
  const path = scratch.at('less.comity');
  const { leftOut } = await exported('XAA', [id], ['--to', 'XCC', '--notified', 'XBB', '--yes', '-o', path]);
  expect(leftOut).toContainEqual({
    ...{ record: id, what: 'notification', state: 'XBB', reason: 'names-withheld-parts' },
  });
  const report = verify(await readFile(path));
  expect(report.notifications).toEqual([]);
  expect(report.records[0]?.view?.parts.length).toBe(1);
  await applyPolicy(arcadia, ARCADIA);
});

test('a record is proved as a text of its own', async () => {
  const path = scratch.at('record.tlog-proof');
  await comityJson(['--home', stateOf('XAA').home, 'log', 'prove', id, '-o', path]);
  const proof = await readFile(path, 'utf8');
  const { charter, certificates } = decodeStateCard(stateOf('XAA').card);
  const key = certificates.find(({ usage }) => usage === 'log');
  const { name } = JSON.parse(await readFile(`${stateOf('XAA').home}/federation.json`, 'utf8')) as {
    name: string;
  };
  const origin = originLogName(name, charter.state);
  const logVerifier = noteVerifier(origin, 'log', key?.publicKey ?? new Uint8Array());
  expect(verifyProof(proof, fromHex(id), { origin, logVerifier }).checkpoint.origin).toBe(origin);
  // The same for tools that read no C2SP text (log.md §14).
  const receipt = scratch.at('record.receipt');
  await comityJson(['--home', stateOf('XAA').home, 'log', 'prove', id, '--format', 'cose', '-o', receipt]);
  const { publicKey } = logVerifier;
  const shown = verifyReceipt(await readFile(receipt), fromHex(id), { origin, publicKey });
  expect(shown).toMatchObject({
    origin,
    size: verifyProof(proof, fromHex(id), { origin, logVerifier }).checkpoint.size,
  });
  const other = fromHex(secret);
  expect(() => verifyProof(proof, other, { origin, logVerifier })).toThrow('root');
  const relayed = await comity(['--home', stateOf('XBB').home, 'log', 'prove', id]);
  expect(relayed.code).not.toBe(0);
  expect(relayed.stderr).toContain('record.not-own');
});

test('a record that was withdrawn is shown with what withdraws it, or not at all', async () => {
  await arcadia.call('record.retract', { id, reason: 'error' });
  const path = scratch.at('withdrawn.comity');
  const { records } = await exported('XAA', [id], ['--to', 'XCC', '--yes', '-o', path]);
  expect(records).toMatchObject([{ record: id }, { why: 'retraction' }]);
  const report = verify(await readFile(path));
  expect(report.verdict).toBe('VALID');
  expect(report.records.find((each) => each.id === id)?.retractedBy).toHaveLength(1);
  const rules = ARCADIA.rules.filter(({ name }) => name !== 'withdrawals');
  await applyPolicy(arcadia, { ...ARCADIA, rules });
  const refused = await comity(
    argsOf('XAA', [id], ['--to', 'XCC', '--yes', '-o', scratch.at('without.comity')]),
  );
  expect(refused.code).toBe(20);
  expect(refused.stderr).toContain('dossier.retraction-withheld');
});

function stateIdOf(code: string): string {
  return decodeStateCard(stateOf(code).card).charter.state;
}

function changed(file: Uint8Array, at: number): string {
  const copy = file.slice();
  copy[at] = (copy[at] as number) ^ 1;
  try {
    return verify(copy).verdict;
  } catch (error) {
    if (isFault(error)) return error.code;
    throw new Error(`at ${at} of ${toHex(file).length / 2}`, { cause: error });
  }
}
