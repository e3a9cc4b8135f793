import { type LocalSigner, signerFromSeed } from '@comity/ed25519';
import { consistencyProof, leafHash, rootOf } from '@comity/merkle';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Checkpoint,
  cosign,
  formatAddCheckpoint,
  formatCheckpoint,
  formatEvidence,
  judgeAddCheckpoint,
  noteVerifier,
  originLogName,
  parseAddCheckpoint,
  parseCheckpoint,
  signCheckpoint,
  verifyCosignature,
  verifyEvidence,
  type WitnessMemory,
} from './index.ts';

const seeds = (number: number): LocalSigner => signerFromSeed(new Uint8Array(32).fill(number));
const logSigner = seeds(1);
const origin = originLogName('sample', 'a1'.repeat(32));
const logVerifier = noteVerifier(origin, 'log', logSigner.publicKey);
const hashes = (count: number, seed: number) =>
  Array.from({ length: count }, (_, index) => leafHash(Uint8Array.of(seed, index)));
const mine = hashes(40, 0);
/** The same up to a size, then another history. */
const forked = (at: number) => [...mine.slice(0, at), ...hashes(40, 1).slice(at)];

const stateAt = (leaves: readonly Uint8Array[], size: number): Checkpoint => ({
  origin,
  size,
  root: rootOf(leaves.slice(0, size)),
});
const noteAt = (leaves: readonly Uint8Array[], size: number) =>
  signCheckpoint(stateAt(leaves, size), logSigner);

async function proofOf(leaves: readonly Uint8Array[], from: number, to: number) {
  if (from === 0 || from >= to) return [];
  return consistencyProof(from, to, async (level, index) =>
    rootOf(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level)),
  );
}

async function asked(leaves: readonly Uint8Array[], from: number, to: number) {
  const note = await noteAt(leaves, to);
  return parseAddCheckpoint(
    formatAddCheckpoint({ oldSize: from, proof: await proofOf(leaves, from, to), note }),
  );
}

const memoryOf = (last?: Checkpoint): WitnessMemory => ({
  logVerifiers: [logVerifier],
  last,
  sameSize: undefined,
});

test('what continues the checkpoint cosigned last is cosigned', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(40), fc.nat(40), async (a, b) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      const decision = judgeAddCheckpoint(await asked(mine, from, to), memoryOf(stateAt(mine, from)));
      expect(decision.status).toBe(200);
    }),
    { numRuns: 60 },
  );
});

test('no witness signs two histories, whatever it is asked in whatever order', async () => {
  const steps = fc.array(
    fc.record({
      fork: fc.integer({ min: 1, max: 40 }),
      from: fc.nat(40),
      to: fc.nat(40),
      isKnown: fc.boolean(),
    }),
    { minLength: 1, maxLength: 12 },
  );
  await fc.assert(
    fc.asyncProperty(steps, async (drawn) => {
      let last: Checkpoint | undefined;
      const signed: Checkpoint[] = [];
      for (const { fork, from, to, isKnown } of drawn) {
        const leaves = isKnown ? mine : forked(fork);
        const start = Math.min(isKnown ? (last?.size ?? 0) : from, to);
        const decision = judgeAddCheckpoint(await asked(leaves, start, to), memoryOf(last));
        if (decision.status !== 200) continue;
        last = decision.opened.checkpoint;
        signed.push(last);
      }
      for (const [index, each] of signed.entries()) {
        const before = signed[index - 1];
        expect(each.size).toBeGreaterThanOrEqual(before?.size ?? 0);
      }
      // All of them lie on one history: the one that the first that was not empty began.
      const histories = [mine, ...Array.from({ length: 40 }, (_, at) => forked(at + 1))];
      const isOnOne = (leaves: readonly Uint8Array[]) =>
        signed.every(({ size, root }) => Buffer.from(rootOf(leaves.slice(0, size))).equals(root));
      expect(histories.some(isOnOne)).toBe(true);
    }),
    { numRuns: 80 },
  );
});

test('refuses with the numbers of tlog-witness', async () => {
  const last = stateAt(mine, 16);
  const judge = async (leaves: readonly Uint8Array[], from: number, to: number, memory = memoryOf(last)) =>
    judgeAddCheckpoint(await asked(leaves, from, to), memory);
  expect(await judge(mine, 16, 32, { ...memoryOf(last), logVerifiers: [] })).toEqual({ status: 404 });
  const stranger = noteVerifier(origin, 'log', seeds(9).publicKey);
  expect(await judge(mine, 16, 32, { ...memoryOf(last), logVerifiers: [stranger] })).toEqual({ status: 403 });
  expect(await judge(mine, 20, 18)).toEqual({ status: 400 });
  expect(await judge(mine, 8, 32)).toEqual({ status: 409, size: 16 });
  expect(await judge(mine, 0, 8)).toEqual({ status: 409, size: 16 });
  expect(await judge(mine, 3, 8, memoryOf())).toEqual({ status: 409, size: 0 });
  expect(await judge(forked(10), 16, 32)).toEqual({ status: 422 });
  expect(await judge(forked(10), 16, 16)).toEqual({ status: 422 });
  expect((await judge(mine, 16, 16)).status).toBe(200);
});

test('a second root at a size that was seen is evidence, also where the request is refused anyway', async () => {
  const sameSize = { note: await noteAt(mine, 16), logVerifier };
  for (const from of [0, 8, 16]) {
    const decision = judgeAddCheckpoint(await asked(forked(10), from, 16), {
      ...memoryOf(stateAt(mine, 16)),
      sameSize,
    });
    expect(decision).toMatchObject({ status: 422, evidence: { origin, size: 16 } });
    if (decision.status === 200 || decision.evidence === undefined) throw new Error('expected evidence');
    const file = formatEvidence(decision.evidence);
    expect(verifyEvidence(file)).toEqual(decision.evidence);
  }
});

test('evidence is the same file whoever finds it, and whatever lines the notes had besides', async () => {
  const [a, b] = [await noteAt(mine, 16), await noteAt(forked(10), 16)];
  const text = formatCheckpoint(stateAt(mine, 16));
  const line = await cosign(text, 7, 'someone', seeds(4));
  const found = async (sameSize: string, leaves: readonly Uint8Array[], extra = '') => {
    const request = await asked(leaves, 0, 16);
    const decision = judgeAddCheckpoint(
      { ...request, note: request.note + extra },
      {
        ...memoryOf(),
        sameSize: { note: sameSize, logVerifier },
      },
    );
    if (decision.status === 200 || decision.evidence === undefined) throw new Error('expected evidence');
    return formatEvidence(decision.evidence);
  };
  const file = await found(a, forked(10));
  expect(await found(b, mine)).toBe(file);
  expect(await found(b, mine, line)).toBe(file);
  expect(() =>
    verifyCosignature(line, text, noteVerifier('someone', 'cosignature', seeds(4).publicKey)),
  ).not.toThrow();

  const [header, ...rest] = file.split('\n');
  const swapped = [header, ...rest.slice(7, 14), ...rest.slice(0, 7), ''].join('\n');
  const twice = [header, ...rest.slice(0, 7), ...rest.slice(0, 7), ''].join('\n');
  const cases: readonly [string, string][] = [
    [swapped, 'log.evidence-order'],
    [twice, 'log.evidence-nothing'],
    [`${file}\n`, 'log.evidence-form'],
    [file.slice(0, -1), 'log.evidence-form'],
    [file.replace('log ', 'key '), 'log.evidence-form'],
    [file.replace('\n16\n', '\n32\n'), 'log.bad-signature'],
    ['#'.repeat(4_097), 'log.too-large'],
  ];
  for (const [source, code] of cases)
    expect(() => verifyEvidence(source)).toThrow(expect.objectContaining({ code }));
});

test('a request is read in its one form', async () => {
  const body = formatAddCheckpoint({
    oldSize: 3,
    proof: await proofOf(mine, 3, 7),
    note: await noteAt(mine, 7),
  });
  expect(parseCheckpoint(`${parseAddCheckpoint(body).note.split('\n\n')[0]}\n`).size).toBe(7);
  const cases: readonly [string, string][] = [
    [body.replace('old ', 'new '), 'log.add-form'],
    [body.replace('old 3', 'old 03'), 'log.add-form'],
    [body.replace('\n\n', '\n'), 'log.no-signatures'],
    [body.replace('old 3\n', 'old 3\nAAAA\n'), 'log.proof-hash'],
    [`old 0\n${`${'A'.repeat(43)}=\n`.repeat(64)}\n${await noteAt(mine, 7)}`, 'log.too-many-hashes'],
    [body + ' '.repeat(8_192), 'log.too-large'],
  ];
  for (const [source, code] of cases)
    expect(() => parseAddCheckpoint(source), source.slice(0, 20)).toThrow(expect.objectContaining({ code }));
});
