import { signerFromSeed } from '@comity/ed25519';
import type { FaultCode } from '@comity/fault';
import { inclusionProof, leafHash, rootOf } from '@comity/merkle';
import { base64 } from '@scure/base';
import { describe, expect, test } from 'vitest';
import {
  addSignatureLine,
  cosign,
  formatProof,
  type LogProof,
  MAX_EXTRA_BYTES,
  noteVerifier,
  parseProof,
  signCheckpoint,
  verifyProof,
} from './index.ts';

const origin = 'comity/demo/log';
const logSigner = signerFromSeed(new Uint8Array(32).fill(1));
const logVerifier = noteVerifier(origin, 'log', logSigner.publicKey);
const witnessSigner = signerFromSeed(new Uint8Array(32).fill(2));
const witness = noteVerifier('witness', 'cosignature', witnessSigner.publicKey);
const trust = { origin, logVerifier, cosigners: [witness] };

const leaves = Array.from({ length: 11 }, (_, number) => Uint8Array.of(number));
const leafHashes = leaves.map(leafHash);
const read = (level: number, index: number): Uint8Array =>
  rootOf(leafHashes.slice(index * 2 ** level, (index + 1) * 2 ** level));

async function proofOf(index: number, size = leaves.length): Promise<LogProof> {
  const checkpoint = await signCheckpoint(
    { origin, size, root: rootOf(leafHashes.slice(0, size)) },
    logSigner,
  );
  return { index, hashes: await inclusionProof(index, size, read), checkpoint };
}

function refuses(action: () => unknown, code: FaultCode): void {
  expect(action).toThrow(expect.objectContaining({ code }));
}

const proof = await proofOf(4);
const text = formatProof(proof);

describe('text of a proof', () => {
  test('is header, index, hashes, empty line and checkpoint, and comes back', () => {
    const lines = text.split('\n');
    expect(lines.slice(0, 2)).toEqual(['c2sp.org/tlog-proof@v1', 'index 4']);
    expect(lines.slice(2, 6)).toEqual(proof.hashes.map((hash) => base64.encode(hash)));
    expect(lines[6]).toBe('');
    expect(text.endsWith(`\n\n${proof.checkpoint}`)).toBe(true);
    expect(parseProof(text)).toEqual(proof);
  });

  test('may carry extra data, which nobody has signed', () => {
    const extra = Uint8Array.of(1, 2, 3);
    const carrying = formatProof({ ...proof, extra });
    expect(carrying.split('\n')[1]).toBe('extra AQID');
    expect(parseProof(carrying)).toEqual({ ...proof, extra });
    expect(verifyProof(carrying, leaves[4] as Uint8Array, trust).index).toBe(4);
    const most = new Uint8Array(MAX_EXTRA_BYTES);
    expect(parseProof(formatProof({ ...proof, extra: most })).extra).toEqual(most);
  });

  test('of a single leaf has no hashes', async () => {
    const single = formatProof(await proofOf(0, 1));
    expect(single.startsWith('c2sp.org/tlog-proof@v1\nindex 0\n\n')).toBe(true);
    expect(verifyProof(single, leaves[0] as Uint8Array, trust).checkpoint.size).toBe(1);
  });

  const hash = base64.encode(proof.hashes[0] as Uint8Array);
  test.each<[string, string, FaultCode]>([
    ['nothing', '', 'log.proof-form'],
    ['another header', text.replace('@v1', '@v2'), 'log.proof-form'],
    ['no header', text.slice(text.indexOf('\n') + 1), 'log.proof-form'],
    ['a carriage return', text.replace('\n', '\r\n'), 'log.proof-form'],
    ['no empty line', text.replaceAll('\n\n', '\n'), 'log.proof-form'],
    ['no index', text.replace('index 4\n', ''), 'log.proof-form'],
    ['a header only', `c2sp.org/tlog-proof@v1\n\n${proof.checkpoint}`, 'log.proof-form'],
    ['two extra lines', text.replace('index', 'extra AQID\nextra AQID\nindex'), 'log.proof-form'],
    ['extra data after the index', text.replace('index 4', 'index 4\nextra AQID'), 'log.proof-hash'],
    ['empty extra data', text.replace('index', 'extra \nindex'), 'log.proof-extra'],
    ['extra data that are not base64', text.replace('index', 'extra A\nindex'), 'log.bad-base64'],
    ['a leading zero', text.replace('index 4', 'index 04'), 'log.proof-index'],
    ['a negative index', text.replace('index 4', 'index -4'), 'log.proof-index'],
    ['an index beyond 2^53-1', text.replace('index 4', 'index 9007199254740992'), 'log.proof-index'],
    ['a short hash', text.replace(hash, 'AQID'), 'log.proof-hash'],
    ['a hash without padding', text.replace(hash, hash.slice(0, -1)), 'log.proof-hash'],
    ['a hash of 33 bytes', text.replace(hash, base64.encode(new Uint8Array(33))), 'log.proof-hash'],
    ['a hash with bits in the padding', text.replace(hash, `${'A'.repeat(42)}B=`), 'log.bad-base64'],
    ['64 hashes', text.replace(hash, Array(61).fill(hash).join('\n')), 'log.too-many-hashes'],
    ['too much', text + 'x'.repeat(100_000), 'log.too-large'],
    ['a checkpoint that is cut', text.slice(0, -1), 'log.no-final-newline'],
    ['no checkpoint', text.slice(0, text.indexOf('\n\n') + 2), 'log.no-final-newline'],
  ])('refuses %s', (_what, changed, code) => {
    refuses(() => parseProof(changed), code);
  });

  test.each<[string, Partial<LogProof>, FaultCode]>([
    ['a negative index', { index: -1 }, 'log.proof-index'],
    ['a short hash', { hashes: [new Uint8Array(31)] }, 'log.proof-hash'],
    ['64 hashes', { hashes: Array<Uint8Array>(64).fill(leafHashes[0] as Uint8Array) }, 'log.too-many-hashes'],
    ['empty extra data', { extra: new Uint8Array(0) }, 'log.proof-extra'],
    ['too much extra data', { extra: new Uint8Array(MAX_EXTRA_BYTES + 1) }, 'log.proof-extra'],
    ['an unsigned checkpoint', { checkpoint: 'x\n' }, 'log.no-signatures'],
  ])('writes no proof with %s', (_what, change, code) => {
    refuses(() => formatProof({ ...proof, ...change }), code);
  });
});

describe('verifying', () => {
  test('every leaf of every size, with its cosignatures', async () => {
    for (let size = 1; size <= leaves.length; size += 1) {
      for (let index = 0; index < size; index += 1) {
        const bare = await proofOf(index, size);
        const body = bare.checkpoint.slice(0, bare.checkpoint.indexOf('\n\n') + 1);
        const line = await cosign(body, 99, witness.name, witnessSigner);
        const checkpoint = addSignatureLine(bare.checkpoint, line);
        const verified = verifyProof(
          formatProof({ ...bare, checkpoint }),
          leaves[index] as Uint8Array,
          trust,
        );
        expect(verified.index).toBe(index);
        expect(verified.checkpoint.size).toBe(size);
        expect(verified.cosignatures).toEqual([{ verifier: witness, atSeconds: 99 }]);
      }
    }
  });

  test('another leaf, place or path is refused', () => {
    const leaf = leaves[4] as Uint8Array;
    refuses(() => verifyProof(text, leaves[5] as Uint8Array, trust), 'merkle.leaf-not-in-root');
    // The hash of a leaf is not its data.
    refuses(() => verifyProof(text, leafHashes[4] as Uint8Array, trust), 'merkle.leaf-not-in-root');
    refuses(() => verifyProof(formatProof({ ...proof, index: 5 }), leaf, trust), 'merkle.leaf-not-in-root');
    refuses(() => verifyProof(formatProof({ ...proof, index: 11 }), leaf, trust), 'merkle.index-beyond-size');
    refuses(
      () => verifyProof(formatProof({ ...proof, hashes: proof.hashes.slice(1) }), leaf, trust),
      'merkle.proof-length',
    );
    const swapped = proof.hashes.toReversed();
    refuses(
      () => verifyProof(formatProof({ ...proof, hashes: swapped }), leaf, trust),
      'merkle.leaf-not-in-root',
    );
  });

  test('the checkpoint must be of the log that is meant', () => {
    const stranger = noteVerifier(origin, 'log', witnessSigner.publicKey);
    refuses(
      () => verifyProof(text, leaves[4] as Uint8Array, { origin, logVerifier: stranger }),
      'log.no-known-signature',
    );
  });
});
