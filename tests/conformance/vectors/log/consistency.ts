// Consistency proofs (log.md §3).

import { filled, hex } from '../cbor-text.ts';
import type { InvalidCase, Json, ValidCase } from '../vector.ts';
import { drawing, drawnConsistency } from './drawn-tree.ts';
import { LEAVES, MAX_SIZE } from './example.ts';
import { consistencyProof, treeRoot } from './text.ts';

interface Claim {
  readonly size1: number | string;
  readonly size2: number | string;
  readonly root1: Buffer;
  readonly root2: Buffer;
  readonly proof: readonly Buffer[];
}

function inputOf({ size1, size2, root1, root2, proof }: Claim): { readonly [member: string]: Json } {
  return { size1, size2, root1: hex(root1), root2: hex(root2), proof: proof.map(hex) };
}

function claimOf(size1: number, size2: number): Claim {
  const newer = LEAVES.slice(0, size2);
  const proof = consistencyProof(size1, newer);
  return { size1, size2, root1: treeRoot(LEAVES.slice(0, size1)), root2: treeRoot(newer), proof };
}

function drawnClaim(size1: number, size2: number): Claim {
  return { size1, size2, ...drawnConsistency(size1, size2, drawing(`${size1} to ${size2}`)) };
}

export function consistencies(): readonly ValidCase[] {
  const continued = (comment: string, claim: Claim): ValidCase => ({ comment, in: inputOf(claim), out: {} });
  const small = [0, 1, 2, 3, 4, 5, 6, 7, 8].flatMap((size2) =>
    Array.from({ length: size2 + 1 }, (_, size1) => [size1, size2] as const),
  );
  const larger = [
    [1, 20],
    [7, 19],
    [8, 9],
    [8, 20],
    [9, 16],
    [12, 17],
    [15, 16],
    [16, 17],
    [17, 20],
    [19, 20],
  ] as const;
  return [
    ...[...small, ...larger].map(([size1, size2]) =>
      continued(`${size1} to ${size2}`, claimOf(size1, size2)),
    ),
    continued('from size 0 nothing is said about the newer root', { ...claimOf(0, 5), root2: filled(0xff) }),
    ...(
      [
        [1, MAX_SIZE],
        [2 ** 52, MAX_SIZE],
        [2 ** 52 + 1, MAX_SIZE],
        [MAX_SIZE - 1, MAX_SIZE],
        [MAX_SIZE, MAX_SIZE],
        [2 ** 32, 2 ** 32 + 1],
        [2 ** 31, 2 ** 32],
      ] as const
    ).map(([size1, size2]) => {
      const claim = drawnClaim(size1, size2);
      return continued(`${size1} to ${size2}, drawn, ${claim.proof.length} hashes`, claim);
    }),
  ];
}

export function refusedConsistencies(): readonly InvalidCase[] {
  const good = claimOf(3, 5);
  const [first, second, third, fourth] = good.proof as readonly [Buffer, Buffer, Buffer, Buffer];
  const refused = (code: string, clause: string, comment: string, changes: Partial<Claim>): InvalidCase => ({
    comment,
    in: inputOf({ ...good, ...changes }),
    code: `merkle.${code}`,
    clause,
  });
  const turned = (hash: Buffer): Buffer => Buffer.concat([Buffer.of((hash[0] ?? 0) ^ 1), hash.subarray(1)]);
  const four = claimOf(4, 5);
  const [last] = four.proof as readonly [Buffer];
  return [
    refused('bad-size', '1.2', 'older size -3', { size1: -3 }),
    refused('bad-size', '1.2', 'newer size 2^53', { size2: '9007199254740992' }),
    refused('bad-size', '1.2', 'both sizes 2^53', {
      ...claimOf(5, 5),
      size1: '9007199254740992',
      size2: '9007199254740992',
    }),
    refused('bad-hash-length', '1.3', 'older root of 31 bytes', { root1: good.root1.subarray(1) }),
    refused('bad-hash-length', '1.3', 'newer root of no bytes', { root2: Buffer.alloc(0) }),
    refused('bad-hash-length', '1.3', 'newer root of 33 bytes, from size 0', {
      ...claimOf(0, 5),
      root2: Buffer.concat([good.root2, Buffer.alloc(1)]),
    }),
    refused('bad-hash-length', '1.3', 'hash of the proof of 33 bytes', {
      proof: [first, second, third, Buffer.concat([fourth, Buffer.alloc(1)])],
    }),
    refused('shrinking', '3.2', 'the two sizes exchanged', { size1: 5, size2: 3 }),
    refused('shrinking', '3.2', '1 to 0', { ...claimOf(1, 1), size2: 0, root2: treeRoot([]) }),
    refused('shrinking', '3.2', '2^53 - 1 to 2^53 - 2', {
      ...drawnClaim(MAX_SIZE - 1, MAX_SIZE),
      size1: MAX_SIZE,
      size2: MAX_SIZE - 1,
    }),
    refused('proof-length', '3.1', 'no hashes', { proof: [] }),
    refused('proof-length', '3.1', 'last hash taken off', { proof: [first, second, third] }),
    refused('proof-length', '3.1', 'one hash behind the last', { proof: [...good.proof, first] }),
    refused('proof-length', '3.1', 'the older root before the proof of a complete tree', {
      ...four,
      proof: [four.root1, last],
    }),
    refused('proof-length', '3.3', 'a hash where the sizes are equal', { ...claimOf(5, 5), proof: [first] }),
    refused('proof-length', '3.3', 'a hash from size 0', { ...claimOf(0, 5), proof: [good.root2] }),
    refused('proof-length', '3.1', 'no hashes from a complete tree', { ...four, proof: [] }),
    refused('proof-length', '1.4', '64 hashes', { proof: Array.from({ length: 64 }, drawing('64')) }),
    refused('proof-length', '1.4', '64 hashes between trees of 2^53 - 1 leaves', {
      ...drawnClaim(3, MAX_SIZE),
      proof: Array.from({ length: 64 }, drawing('64 of many')),
    }),
    refused('old-root-mismatch', '3.1', 'one bit of the older root turned', { root1: turned(good.root1) }),
    refused('old-root-mismatch', '3.1', 'the older root is the one at size 2', {
      root1: treeRoot(LEAVES.slice(0, 2)),
    }),
    refused('old-root-mismatch', '3.1', 'older root between drawn trees turned', oldTurned(turned)),
    refused('old-root-mismatch', '3.3', 'size 0 with the root of one leaf', {
      ...claimOf(0, 5),
      root1: treeRoot(LEAVES.slice(0, 1)),
    }),
    refused('old-root-mismatch', '3.3', 'size 0 with a root of zeros', {
      ...claimOf(0, 5),
      root1: filled(0),
    }),
    refused('old-root-mismatch', '3.3', 'both sizes 0, both roots of zeros', {
      ...claimOf(0, 0),
      root1: filled(0),
      root2: filled(0),
    }),
    refused('new-root-mismatch', '3.1', 'one bit of the newer root turned', { root2: turned(good.root2) }),
    refused('new-root-mismatch', '3.1', 'the newer root is the older one', { root2: good.root1 }),
    refused('new-root-mismatch', '3.1', 'one bit of a hash turned that only the newer root has', {
      ...four,
      proof: [turned(last)],
    }),
    refused('new-root-mismatch', '3.1', 'a tree whose fifth leaf is another', {
      root2: treeRoot([...LEAVES.slice(0, 4), filled(0x99)]),
    }),
    refused('new-root-mismatch', '3.3', 'equal sizes with different roots', {
      ...claimOf(5, 5),
      root2: treeRoot(LEAVES.slice(0, 4)),
    }),
    refused('new-root-mismatch', '3.3', 'both sizes 0, the newer root of zeros', {
      ...claimOf(0, 0),
      root2: filled(0),
    }),
  ];
}

function oldTurned(turned: (hash: Buffer) => Buffer): Claim {
  const claim = drawnClaim(2 ** 32 + 1, 2 ** 40);
  return { ...claim, root1: turned(claim.root1) };
}
