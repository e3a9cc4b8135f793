import { keyThumbprint } from '@comity/cose';
import type { LocalSigner } from '@comity/ed25519';
import { beforeAll, expect, test } from 'vitest';

import {
  type Charter,
  chartersOf,
  contradictionBetween,
  decodeStateCard,
  encodeContradiction,
  encodeStateCard,
  issueCharter,
  issueKeyState,
  issueLaterCharter,
  issueRecognition,
  KeyDirectory,
  type VerifiedCharter,
  verifyCharter,
  verifyCharterChain,
  verifyCharters,
  verifyContradiction,
  verifyKeyCertificate,
  verifyLaterCharter,
  verifyRecognition,
} from './index.ts';
import {
  arcadia,
  borealis,
  certificateFor,
  certify,
  charterOf,
  codeOf,
  DAY,
  faultsOf,
  recognitionOf,
  START,
  signerOf,
} from './sample.test-support.ts';

const NEXT: readonly LocalSigner[] = [signerOf('XAR next 1')];
const old = arcadia.rootSigners.slice(0, 2);
let first: VerifiedCharter;
let second: VerifiedCharter;

/** The charter after another, by these of the keys that it has committed to. */
function laterThan(before: VerifiedCharter, signers: readonly LocalSigner[], round: string): Charter {
  return {
    ...arcadia.charter,
    version: before.version + 1,
    previous: before.digest,
    rootKeys: signers.map(({ publicKey }) => publicKey),
    threshold: before.nextThreshold,
    nextKeyDigests: [keyThumbprint(signerOf(`XAR ${round}`).publicKey)],
    nextThreshold: 1,
    issuedAtSeconds: before.issuedAtSeconds + DAY,
  };
}

async function follow(before: VerifiedCharter, charter: Charter, signers: readonly LocalSigner[]) {
  return verifyLaterCharter(await issueLaterCharter(charter, before, signers), before);
}

beforeAll(async () => {
  first = await charterOf(arcadia);
  second = await follow(first, laterThan(first, NEXT, 'third'), [...old, ...NEXT]);
});

test('a later charter is of the same state, and knows those before it', async () => {
  const third = await follow(second, laterThan(second, [signerOf('XAR third')], 'fourth'), [
    ...NEXT,
    signerOf('XAR third'),
  ]);
  expect(third).toMatchObject({ state: first.state, version: 3 });
  expect(chartersOf(third)).toEqual([first, second, third]);
  expect(verifyCharterChain([first.bytes, second.bytes, third.bytes]).digest).toEqual(third.digest);
  expect(codeOf(() => verifyCharterChain([]))).toBe('identity.charter-version');
});

test('what would be refused is not signed', async () => {
  const charter = laterThan(first, [signerOf('XAR stranger')], 'third');
  expect(await faultsOf(() => issueLaterCharter(charter, first, old))).toEqual([
    'identity.uncommitted-key rootKeys.0',
  ]);
  const wrong = { ...laterThan(first, NEXT, 'third'), version: 3 };
  await expect(issueLaterCharter(wrong, first, old)).rejects.toThrow(
    expect.objectContaining({ code: 'identity.charter-version' }),
  );
  await expect(issueCharter(laterThan(first, NEXT, 'third'), old)).rejects.toThrow(
    expect.objectContaining({ code: 'identity.charter-version' }),
  );
  await expect(issueLaterCharter(laterThan(first, NEXT, 'third'), first, old)).rejects.toThrow(
    expect.objectContaining({ code: 'cose.below-threshold' }),
  );
});

test('charters of several states are sorted out, in any order', async () => {
  const other = await charterOf(borealis);
  const found = verifyCharters([second.bytes, other.bytes, first.bytes, first.bytes]);
  expect(found.map(({ code, version }) => `${code} ${version}`).toSorted()).toEqual(['XAR 2', 'XBO 1']);
  expect(codeOf(() => verifyCharters([second.bytes]))).toBe('identity.charter-chain');
});

test('of two charters of one version neither is taken where the other is known', async () => {
  const rival = await follow(first, laterThan(first, NEXT, 'rival'), [...old, ...NEXT]);
  expect(codeOf(() => verifyCharters([first.bytes, second.bytes, rival.bytes]))).toBe(
    'identity.charters-contradict',
  );
  const directory = new KeyDirectory();
  directory.add(second, []);
  expect(codeOf(() => directory.add(rival, []))).toBe('identity.charters-contradict');
  expect(directory.charterOf(first.state)).toBe(second);
});

test('an earlier charter that comes later changes nothing', () => {
  const directory = new KeyDirectory();
  directory.add(second, []);
  directory.add(first, []);
  expect(directory.charterOf(first.state)).toBe(second);
  for (const signer of [...arcadia.rootSigners, ...NEXT, signerOf('XAR third')])
    expect(directory.isTaken(keyThumbprint(signer.publicKey))).toBe(true);
});

test('a key that is certified does not become a root key', async () => {
  const other = await charterOf(borealis);
  const directory = new KeyDirectory();
  // Another state has certified the key that this one has committed to: neither could know.
  const certificate = {
    ...certificateFor(other, 'log', 'XAR next 1'),
  };
  const taken = await certify(borealis, other, certificate);
  directory.add(other, [taken]);
  directory.add(first, []);
  expect(codeOf(() => directory.add(second, []))).toBe('identity.key-reused');
  expect(directory.charterOf(first.state)).toBe(first);
});

test('certificates are verified with the charter whose root keys have signed', async () => {
  const before = await certify(arcadia, first, certificateFor(first, 'record', 'record key'));
  expect(verifyKeyCertificate(before.bytes, second).charterVersion).toBe(1);
  const later = await certify(
    { ...arcadia, rootSigners: NEXT },
    second,
    certificateFor(first, 'record', 'later record key'),
  );
  expect(later.charterVersion).toBe(2);
  expect(codeOf(() => verifyKeyCertificate(later.bytes, first))).toBe('cose.unknown-signer');

  const directory = new KeyDirectory();
  directory.add(second, [verifyKeyCertificate(before.bytes, second), later]);
  expect(codeOf(() => directory.resolve(before.kid, 'record', START))).toBe('identity.key-not-listed');
  expect(directory.resolve(later.kid, 'record', START)).toBe(later);
});

test('who was recognised under an earlier charter is recognised under a later one', async () => {
  const other = await charterOf(borealis);
  const bytes = await issueRecognition(recognitionOf(other, first), other, first, borealis.rootSigners);
  expect(verifyRecognition(bytes, other, second).charterDigest).toEqual(first.digest);
  const own = await issueRecognition(recognitionOf(first, other), first, other, old);
  expect(verifyRecognition(own, second, other).charterVersion).toBe(1);
  const late = await issueRecognition(recognitionOf(other, second), other, second, borealis.rootSigners);
  expect(await faultsOf(() => verifyRecognition(late, other, first))).toEqual([
    'identity.wrong-subject charterDigest',
  ]);
});

test('two cards of a state with two charters of one version are evidence', async () => {
  const rival = await follow(first, laterThan(first, NEXT, 'rival'), [...old, ...NEXT]);
  const cards = await Promise.all(
    [second, rival].map(async (charter) => {
      const keyState = await issueKeyState(
        {
          issuer: first.state,
          charterDigest: charter.digest,
          version: 1,
          previous: null,
          live: [],
          superseded: [],
          revoked: [],
          issuedAtSeconds: START,
          expiresAtSeconds: START + 14 * DAY,
        },
        charter,
        NEXT,
      );
      const laterCharters = [charter.bytes];
      return decodeStateCard(
        encodeStateCard({ charter: first.bytes, certificates: [], laterCharters, keyState }),
      );
    }),
  );
  const [one, two] = cards as [(typeof cards)[0], (typeof cards)[0]];
  const found = { state: first.state, between: 'charters', version: 2 };
  expect(contradictionBetween(one, two)).toEqual(found);
  expect(verifyContradiction(encodeContradiction(one, two))).toEqual(found);
  expect(contradictionBetween(one, one)).toBeUndefined();
  expect(codeOf(() => verifyContradiction(encodeContradiction(one, one)))).toBe('identity.no-contradiction');
  expect(codeOf(() => verifyCharter(second.bytes))).toBe('identity.charter-version');
});
