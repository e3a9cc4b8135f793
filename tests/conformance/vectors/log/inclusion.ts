// Roots and inclusion proofs (log.md §1, §2).

import { filled, hex, sha256 } from '../cbor-text.ts';
import type { InvalidCase, Json, ValidCase } from '../vector.ts';
import { drawing, drawnInclusion } from './drawn-tree.ts';
import { LEAVES, MAX_SIZE } from './example.ts';
import { inclusionProof, leafHash, nodeHash, treeRoot } from './text.ts';

/** The sample log of the Certificate Transparency project (RFC 6962), its leaves and its roots at sizes 1 to 8. */
const SAMPLE: readonly (readonly [leaf: string, root: string])[] = [
  ['', '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
  ['00', 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
  ['10', 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
  ['2021', 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'],
  ['3031', '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4'],
  ['40414243', '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef'],
  ['5051525354555657', 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'],
  ['606162636465666768696a6b6c6d6e6f', '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'],
];

export function roots(): readonly ValidCase[] {
  const ofLeaves = (size: number): ValidCase => {
    const leaves = LEAVES.slice(0, size);
    return {
      comment: `${size} leaves of the worked example, continued`,
      in: { leaves: leaves.map(hex) },
      out: { root: hex(treeRoot(leaves)) },
    };
  };
  return [
    {
      comment: 'no leaves: SHA-256 of nothing',
      in: { leaves: [] },
      out: { root: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
    },
    ...SAMPLE.map(([, root], place) => ({
      comment: `the sample log of Certificate Transparency at size ${place + 1}`,
      in: { leaves: SAMPLE.slice(0, place + 1).map(([leaf]) => leaf) },
      out: { root },
    })),
    {
      comment: 'the worked example at size 5',
      in: { leaves: LEAVES.slice(0, 5).map(hex) },
      out: { root: 'c51042bb8b9d81dfc115ef99d0e2cecf1954cfc078d70032d187b46615f01b90' },
    },
    ...[3, 4, 6, 7, 8, 9, 15, 16, 17, 20].map(ofLeaves),
    {
      comment: 'a leaf of 1000 bytes, and the same leaf again',
      in: { leaves: [hex(filled(0xaa, 1000)), hex(filled(0xaa, 1000))] },
      out: { root: hex(treeRoot([filled(0xaa, 1000), filled(0xaa, 1000)])) },
    },
  ];
}

interface Claim {
  readonly leafHash: Buffer;
  readonly index: number | string;
  readonly size: number | string;
  readonly proof: readonly Buffer[];
  readonly root: Buffer;
}

function inputOf({ leafHash: leaf, index, size, proof, root }: Claim): { readonly [member: string]: Json } {
  return { leafHash: hex(leaf), index, size, proof: proof.map(hex), root: hex(root) };
}

function claimOf(index: number, size: number): Claim {
  const leaves = LEAVES.slice(0, size);
  const leaf = LEAVES[index] ?? Buffer.alloc(0);
  return {
    leafHash: leafHash(leaf),
    index,
    size,
    proof: inclusionProof(index, leaves),
    root: treeRoot(leaves),
  };
}

function drawnClaim(index: number, size: number): Claim {
  const leaf = leafHash(filled(1));
  return {
    leafHash: leaf,
    index,
    size,
    ...drawnInclusion(leaf, index, size, drawing(`${index} of ${size}`)),
  };
}

export function inclusions(): readonly ValidCase[] {
  const included = (comment: string, claim: Claim): ValidCase => ({ comment, in: inputOf(claim), out: {} });
  const small = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((size) =>
    Array.from({ length: size }, (_, index) => [index, size] as const),
  );
  const larger = [9, 13, 16, 17, 20].flatMap((size) =>
    [0, size >> 1, size - 2, size - 1].map((index) => [index, size] as const),
  );
  const three = claimOf(0, 3);
  const five = claimOf(0, 5);
  return [
    ...[...small, ...larger].map(([index, size]) =>
      included(`leaf ${index} of ${size}`, claimOf(index, size)),
    ),
    ...(
      [
        [0, MAX_SIZE],
        [MAX_SIZE - 1, MAX_SIZE],
        [MAX_SIZE - 2, MAX_SIZE],
        [2 ** 52, MAX_SIZE],
        [2 ** 31, 2 ** 31 + 1],
        [2 ** 32 - 1, 2 ** 32],
        [2 ** 32, 2 ** 32 + 5],
      ] as const
    ).map(([index, size]) =>
      included(`leaf ${index} of ${size}, in a tree whose other parts are drawn`, drawnClaim(index, size)),
    ),
    included('a proof for size 3 holds for size 4 too: why the size comes from a checkpoint (2.3)', {
      ...three,
      size: 4,
    }),
    included('a node in place of a leaf, at the index and size that this fits: this too is why (2.3)', {
      ...five,
      leafHash: nodeHash(leafHash(LEAVES[0] ?? Buffer.alloc(0)), leafHash(LEAVES[1] ?? Buffer.alloc(0))),
      size: 3,
      proof: five.proof.slice(1),
    }),
  ];
}

export function refusedInclusions(): readonly InvalidCase[] {
  const good = claimOf(2, 5);
  const [first, second, third] = good.proof as readonly [Buffer, Buffer, Buffer];
  const alone = claimOf(0, 1);
  const refused = (code: string, clause: string, comment: string, changes: Partial<Claim>): InvalidCase => ({
    comment,
    in: inputOf({ ...good, ...changes }),
    code: `merkle.${code}`,
    clause,
  });
  const turned = (hash: Buffer): Buffer => Buffer.concat([Buffer.of((hash[0] ?? 0) ^ 1), hash.subarray(1)]);
  const long = Buffer.concat([first, Buffer.alloc(1)]);
  return [
    refused('bad-size', '1.2', 'index -1', { index: -1 }),
    refused('bad-size', '1.2', 'size -5', { size: -5 }),
    refused('bad-size', '1.2', 'size 2^53', { size: '9007199254740992' }),
    refused('bad-size', '1.2', 'size 2^64, which is 0 in 64 bits', { size: '18446744073709551616' }),
    refused('bad-hash-length', '1.3', 'leaf hash of 31 bytes', { leafHash: good.leafHash.subarray(1) }),
    refused('bad-hash-length', '1.3', 'leaf hash of no bytes', { leafHash: Buffer.alloc(0) }),
    refused('bad-hash-length', '1.3', 'root of 33 bytes', {
      root: Buffer.concat([good.root, Buffer.alloc(1)]),
    }),
    refused('bad-hash-length', '1.3', 'first hash of the proof of 31 bytes', {
      proof: [first.subarray(1), second, third],
    }),
    refused('bad-hash-length', '1.3', 'last hash of the proof of 33 bytes', { proof: [first, second, long] }),
    refused('index-beyond-size', '2.1', 'index 5 of 5', { index: 5 }),
    refused('index-beyond-size', '2.1', 'index 2^53 - 1 of 2^53 - 1', { index: MAX_SIZE, size: MAX_SIZE }),
    refused('index-beyond-size', '2.1', 'index 0 of no leaves', {
      index: 0,
      size: 0,
      proof: [],
      root: treeRoot([]),
    }),
    refused('proof-length', '2.2', 'no hashes', { proof: [] }),
    refused('proof-length', '2.2', 'last hash taken off', { proof: [first, second] }),
    refused('proof-length', '2.2', 'first hash taken off', { proof: [second, third] }),
    refused('proof-length', '2.2', 'one hash behind the last', { proof: [first, second, third, first] }),
    refused('proof-length', '2.2', 'a hash for the only leaf', { ...alone, proof: [first] }),
    refused('proof-length', '2.2', 'size 4 for the proof of size 5', { size: 4 }),
    refused('proof-length', '2.2', 'size 9 for the proof of size 5', { size: 9 }),
    refused('proof-length', '1.4', '63 hashes, the most that are read', {
      proof: Array.from({ length: 63 }, drawing('63')),
    }),
    refused('proof-length', '1.4', '64 hashes', { proof: Array.from({ length: 64 }, drawing('64')) }),
    refused('proof-length', '1.4', '64 hashes in a tree of 2^53 - 1 leaves', {
      ...drawnClaim(1, MAX_SIZE),
      proof: Array.from({ length: 64 }, drawing('64 of many')),
    }),
    refused('leaf-not-in-root', '2.1', 'one bit of the leaf hash turned', {
      leafHash: turned(good.leafHash),
    }),
    refused('leaf-not-in-root', '2.1', 'the leaf itself in place of its hash', { leafHash: filled(3) }),
    refused('leaf-not-in-root', '2.1', 'SHA-256 of the leaf without the byte 00', {
      leafHash: sha256(filled(3)),
    }),
    refused('leaf-not-in-root', '2.1', 'one bit of the first hash turned', {
      proof: [turned(first), second, third],
    }),
    refused('leaf-not-in-root', '2.1', 'one bit of the last hash turned', {
      proof: [first, second, turned(third)],
    }),
    refused('leaf-not-in-root', '2.1', 'first and second hash exchanged', { proof: [second, first, third] }),
    refused('leaf-not-in-root', '2.1', 'index 3, of which the proof takes the other side', { index: 3 }),
    refused('leaf-not-in-root', '2.1', 'index 0', { index: 0 }),
    refused('leaf-not-in-root', '2.1', 'the root at size 4', { root: treeRoot(LEAVES.slice(0, 4)) }),
    refused('leaf-not-in-root', '2.1', 'one bit of the root turned', { root: turned(good.root) }),
    refused('leaf-not-in-root', '2.1', 'the only leaf under another root', { ...alone, root: good.root }),
    refused('leaf-not-in-root', '2.1', 'index 2^32 + 2, which is 2 in 32 bits', {
      ...drawnClaim(2, 2 ** 33),
      index: 2 ** 32 + 2,
    }),
  ];
}
