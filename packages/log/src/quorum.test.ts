import { type LocalSigner, signerFromSeed } from '@comity/ed25519';
import { leafHash } from '@comity/merkle';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addSignatureLine,
  cosign,
  formatCheckpoint,
  formatVkey,
  judgeQuorum,
  type NoteVerifier,
  noteVerifier,
  originLogName,
  parseQuorumPolicy,
  quorumOf,
  signCheckpoint,
  witnessName,
} from './index.ts';

const [A, B] = ['a1', 'b0'].map((pair) => pair.repeat(32)) as [string, string];
const seeds = (number: number): LocalSigner => signerFromSeed(new Uint8Array(32).fill(number));
const origin = originLogName('sample', A);
const logSigner = seeds(1);
const logVerifier = noteVerifier(origin, 'log', logSigner.publicKey);
const checkpoint = { origin, size: 16, root: leafHash(Uint8Array.of(1)) };
const text = formatCheckpoint(checkpoint);
const note = await signCheckpoint(checkpoint, logSigner);

interface Witness {
  readonly signer: LocalSigner;
  readonly verifier: NoteVerifier;
}

const witnessOf = (index: number, name = `witness-${index}`): Witness => {
  const signer = seeds(2 + index);
  return { signer, verifier: noteVerifier(name, 'cosignature', signer.publicKey) };
};
const witnesses = Array.from({ length: 7 }, (_, index) => witnessOf(index));

const log = `log ${formatVkey(logVerifier)}`;
const witness = (index: number): string =>
  `witness w${index} ${formatVkey((witnesses[index] as Witness).verifier)}`;
const policy = (...lines: readonly string[]) => parseQuorumPolicy(`${lines.join('\n')}\n`);
const ofSeven = (count: number) =>
  policy(
    log,
    ...witnesses.map((_, index) => witness(index)),
    `group g ${count} w0 w1 w2 w3 w4 w5 w6`,
    'quorum g',
  );

async function cosigned(times: readonly (number | undefined)[]): Promise<string> {
  let signed = note;
  for (const [index, atSeconds] of times.entries()) {
    const { signer, verifier } = witnesses[index] as Witness;
    if (atSeconds !== undefined)
      signed = addSignatureLine(signed, await cosign(text, atSeconds, verifier.name, signer));
  }
  return signed;
}

test('trusted time is the k-th smallest, and is there when the quorum is', async () => {
  const times = fc.array(fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined }), {
    minLength: 7,
    maxLength: 7,
  });
  await fc.assert(
    fc.asyncProperty(
      times,
      fc.integer({ min: 1, max: 7 }),
      fc.integer({ min: 0, max: 60 }),
      async (drawn, count, limit) => {
        const verdict = judgeQuorum(await cosigned(drawn), ofSeven(count), limit);
        const inTime = drawn.filter((time) => time !== undefined && time <= limit) as number[];
        const expected = inTime.toSorted((a, b) => a - b)[count - 1];
        expect(verdict.trustedSeconds).toBe(expected);
        expect(verdict.isReached).toBe(expected !== undefined);
        expect(verdict.counted.length).toBe(inTime.length);
      },
    ),
    { numRuns: 40 },
  );
});

test('one key that signs often counts once, by its earliest time', async () => {
  const once = await cosigned([30, undefined, 40]);
  const { signer, verifier } = witnesses[0] as Witness;
  const often = addSignatureLine(once, await cosign(text, 20, verifier.name, signer));
  expect(judgeQuorum(often, ofSeven(3), 100).isReached).toBe(false);
  expect(judgeQuorum(often, ofSeven(2), 100).trustedSeconds).toBe(40);
  expect(judgeQuorum(often, ofSeven(1), 100).trustedSeconds).toBe(20);
});

test('the state whose log it is does not count, whoever lists it', async () => {
  const own = witnessOf(40, witnessName('sample', A));
  const other = witnessOf(41, witnessName('sample', B));
  let signed = note;
  for (const { signer, verifier } of [own, other])
    signed = addSignatureLine(signed, await cosign(text, 9, verifier.name, signer));
  const rules = policy(
    log,
    `witness own ${formatVkey(own.verifier)}`,
    `witness other ${formatVkey(other.verifier)}`,
    'group both all own other',
    'quorum both',
  );
  const verdict = judgeQuorum(signed, rules, 100);
  expect(verdict.isReached).toBe(false);
  expect(verdict.counted.map(({ verifier }) => verifier.name)).toEqual([other.verifier.name]);
});

test('groups of groups: each is reached when enough of its members are', async () => {
  const rules = policy(
    '# two houses',
    log,
    ...[0, 1, 2, 3, 4].map(witness),
    '',
    'group x 2 w0 w1 w2',
    'group y any w3 w4',
    '\tgroup both  all x y ',
    'quorum both',
  );
  expect(judgeQuorum(await cosigned([10, 20, 5, 70]), rules, 100).trustedSeconds).toBe(70);
  expect(judgeQuorum(await cosigned([10, 20, 5]), rules, 100).isReached).toBe(false);
  expect(judgeQuorum(await cosigned([10, 20, 5, 3, 4]), rules, 100).trustedSeconds).toBe(10);
});

test('nobody is needed where the quorum is none, and nothing is said of the time', async () => {
  const verdict = judgeQuorum(await cosigned([10]), policy(log, 'quorum none'), 100);
  expect(verdict).toMatchObject({ isReached: true, trustedSeconds: undefined, counted: [] });
});

describe('a policy is refused', () => {
  const cases: readonly [string, string][] = [
    ['', 'log.policy-form'],
    ['quorum none', 'log.policy-form'],
    ['quorum none\r\n', 'log.policy-form'],
    [`${log}\n`, 'log.policy-quorum'],
    ['quorum none\nquorum none\n', 'log.policy-quorum'],
    ['quorum w0\n', 'log.policy-name'],
    ['threshold 1\nquorum none\n', 'log.policy-form'],
    ['constructor x\nquorum none\n', 'log.policy-form'],
    [`${witness(0)}\ngroup g 2 w0\nquorum g\n`, 'log.policy-form'],
    [`${witness(0)}\ngroup g 0 w0\nquorum g\n`, 'log.policy-form'],
    [`${witness(0)}\ngroup g 01 w0\nquorum g\n`, 'log.policy-form'],
    [`${witness(0)}\ngroup g any\nquorum g\n`, 'log.policy-form'],
    [`${witness(0)}\ngroup g any w0 w0\nquorum g\n`, 'log.policy-name'],
    [`${witness(0)}\ngroup g any w0\ngroup h any w0\nquorum h\n`, 'log.policy-name'],
    [`${witness(0)}\n${witness(1).replace('w1', 'w0')}\nquorum w0\n`, 'log.policy-name'],
    [`${witness(0).replace('w0', 'none')}\nquorum none\n`, 'log.policy-name'],
    [`group g any none\nquorum g\n`, 'log.policy-name'],
    [`${witness(0)}\n${witness(0).replace('w0', 'again')}\nquorum w0\n`, 'log.ambiguous-verifiers'],
    [`${log}\n${log}\nquorum none\n`, 'log.ambiguous-verifiers'],
    [`witness w ${formatVkey(logVerifier)}\nquorum w\n`, 'log.origin-key-mismatch'],
    ['log nonsense\nquorum none\n', 'log.bad-vkey'],
    [`quorum none\n${'#'.repeat(131_072)}\n`, 'log.policy-too-large'],
  ];
  test.each(cases)('%j', (source, code) => {
    expect(() => parseQuorumPolicy(source)).toThrow(expect.objectContaining({ code }));
  });
});

test('two checkpoints of one size cannot both have a quorum unless more than a third keep two histories', () => {
  for (let count = 1; count <= 256; count += 1) {
    const faulty = Math.floor((count - 1) / 3);
    const needed = quorumOf(count);
    // Two quorums share 2k - n members at least: more than can be faulty, so one of them is honest and signs one only.
    expect(2 * needed - count).toBeGreaterThan(faulty);
    expect(needed).toBeLessThanOrEqual(count);
  }
  expect([1, 2, 3, 4, 7, 10].map(quorumOf)).toEqual([1, 2, 2, 3, 5, 7]);
});
