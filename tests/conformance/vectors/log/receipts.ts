// COSE receipts of RFC 9942 for leaves of a log (log.md §14).

import { cbor, type Entries, filled, hex, type Item, map, Tag } from '../cbor-text.ts';
import type { KeyPair } from '../signing.ts';
import type { InvalidCase, ValidCase } from '../vector.ts';
import { FIVE, LEAVES, LOG_KEY, ORIGIN, OTHER_KEY } from './example.ts';
import { inclusionProof, treeRoot } from './text.ts';

interface Pieces {
  readonly leaves?: readonly Buffer[];
  readonly index?: number;
  readonly key?: KeyPair;
  readonly tag?: number;
  /** Entries of the protected header in place of those that belong there. */
  readonly head?: readonly (readonly [Item, Item])[];
  /** What is signed as the size, and what stands in the proof. */
  readonly signedSize?: Item;
  readonly size?: Item;
  readonly path?: readonly Item[];
  readonly proof?: Item;
  readonly unprotected?: Item;
  readonly payload?: Item;
  readonly signature?: Item;
  readonly origin?: string;
}

function receiptOf(pieces: Pieces = {}): Buffer {
  const { leaves = FIVE, index = 2, key = LOG_KEY, tag = 18, origin = ORIGIN } = pieces;
  const { size = leaves.length, signedSize = leaves.length, payload = null } = pieces;
  const { path = inclusionProof(index, leaves) } = pieces;
  const head = cbor(
    map(
      ...(pieces.head ?? [
        [1, -19],
        [4, key.keyId],
        [15, map([1, origin])],
        [395, 1],
        ['tree-size', signedSize],
      ]),
    ),
  );
  const root = treeRoot(leaves);
  const { signature = key.sign(cbor(['Signature1', head, Buffer.alloc(0), root])) } = pieces;
  const { proof = cbor([size, index, path]) } = pieces;
  const { unprotected = map([396, map([-1, [proof]])]) } = pieces;
  return cbor(new Tag(tag, [head, unprotected, payload, signature]));
}

type Given = {
  readonly receipt?: Buffer;
  readonly leaf?: Buffer;
  readonly origin?: string;
  readonly key?: Buffer;
};

const inputOf = ({
  receipt = receiptOf(),
  leaf = filled(3),
  origin = ORIGIN,
  key = LOG_KEY.publicKey,
}: Given): ValidCase['in'] => ({
  receipt: hex(receipt),
  leaf: hex(leaf),
  origin,
  publicKey: hex(key),
});

export function acceptedReceipts(): readonly ValidCase[] {
  const accepted = (index: number, size: number): ValidCase => {
    const leaves = LEAVES.slice(0, size);
    return {
      comment: `leaf ${index} of ${size}`,
      in: inputOf({ receipt: receiptOf({ leaves, index }), leaf: LEAVES[index] as Buffer }),
      out: { origin: ORIGIN, index, size, root: hex(treeRoot(leaves)) },
    };
  };
  return [
    accepted(2, 5),
    accepted(0, 2),
    accepted(1, 2),
    accepted(4, 5),
    accepted(7, 8),
    accepted(16, 17),
    accepted(20, 21),
  ];
}

export function refusedReceipts(): readonly InvalidCase[] {
  const good = receiptOf();
  const head = (...entries: readonly (readonly [Item, Item])[]): Given => ({
    receipt: receiptOf({ head: entries }),
  });
  const kid = [4, LOG_KEY.keyId] as const;
  const claims = [15, map([1, ORIGIN])] as const;
  const size = ['tree-size', 5] as const;
  const around = (unprotected: Entries): Given => ({ receipt: receiptOf({ unprotected }) });
  const path = cbor([5, 2, inclusionProof(2, FIVE)]);
  const of = (pieces: Pieces): Given => ({ receipt: receiptOf(pieces) });
  const eight = LEAVES.slice(0, 8);
  return [
    ...refused('log.receipt-form', '14.2', [
      ['no bytes', { receipt: Buffer.alloc(0) }],
      ['a byte behind it', { receipt: Buffer.concat([good, Buffer.of(0)]) }],
      ['tag 98', of({ tag: 98 })],
      ['the root in it', of({ payload: treeRoot(FIVE) })],
      ['a signature of 63 bytes', of({ signature: filled(1, 63) })],
      ['4097 bytes', of({ proof: Buffer.concat([path, filled(0, 4_097)]) })],
    ]),
    ...refused('log.receipt-form', '14.3', [
      ['algorithm -8', head([1, -8], kid, claims, [395, 1], size)],
      ['no key id', head([1, -19], claims, [395, 1], size)],
      ['no name of a log', head([1, -19], kid, [395, 1], size)],
      [
        'a subject beside the name of the log',
        head([1, -19], kid, [15, map([1, ORIGIN], [2, 'x'])], [395, 1], size),
      ],
      ['another structure', head([1, -19], kid, claims, [395, 2], size)],
      ['no structure', head([1, -19], kid, claims, size)],
      ['no size that is signed, as RFC 9942 has it', head([1, -19], kid, claims, [395, 1])],
      ['a further header', head([1, -19], kid, [6, 1], claims, [395, 1], size)],
      ['a critical header', head([1, -19], [2, [395]], kid, claims, [395, 1], size)],
    ]),
    ...refused('log.receipt-form', '14.4', [
      ['no proofs', around(map())],
      ['a consistency proof', around(map([396, map([-2, [path]])]))],
      ['two inclusion proofs', around(map([396, map([-1, [path, path]])]))],
      ['none in the list', around(map([396, map([-1, []])]))],
      ['a further header that nobody has signed', around(map([4, LOG_KEY.keyId], [396, map([-1, [path]])]))],
      [
        'the proof not in a byte string',
        around(map([396, map([-1, [[5, 2, [...inclusionProof(2, FIVE)]]]])])),
      ],
      ['no hashes', of({ path: [] })],
      ['64 hashes', of({ path: Array.from({ length: 64 }, () => filled(1)) })],
      ['a hash of 31 bytes', of({ path: [filled(1, 31)] })],
      ['a negative index', of({ proof: cbor([5, -1, inclusionProof(2, FIVE)]) })],
      ['size 2^53', of({ proof: cbor([9_007_199_254_740_992n, 2, inclusionProof(2, FIVE)]) })],
    ]),
    ...refused('log.wrong-origin', '14.5', [
      ['another log expected', { origin: `${ORIGIN}x` }],
      ['the log of another state', of({ origin: ORIGIN.replace('a1', 'b0') })],
    ]),
    ...refused('log.no-known-signature', '14.5', [
      ['another key expected', { key: OTHER_KEY.publicKey }],
      ['signed with another key', of({ key: OTHER_KEY })],
    ]),
    ...refused('log.receipt-size', '14.5', [
      ['leaf 2 of 5 as of 6, which its hashes prove as well', of({ size: 6 })],
      ['leaf 5 of 8 as of 7', { ...of({ leaves: eight, index: 5, size: 7 }), leaf: LEAVES[5] as Buffer }],
      ['another size signed', of({ signedSize: 6 })],
    ]),
    ...refused('merkle.index-beyond-size', '14.5', [['index 5 of 5', of({ index: 5, path: [filled(1)] })]]),
    ...refused('merkle.proof-length', '14.5', [
      ['a hash too few', of({ path: inclusionProof(2, FIVE).slice(0, -1) })],
      ['a hash more', of({ path: [...inclusionProof(2, FIVE), filled(1)] })],
    ]),
    ...refused('log.bad-signature', '14.5', [
      ['another leaf', { leaf: filled(4) }],
      ['the id of nothing', { leaf: Buffer.alloc(0) }],
      ['another index', of({ index: 3, path: inclusionProof(2, FIVE) })],
      ['another hash', of({ path: [filled(9), ...inclusionProof(2, FIVE).slice(1)] })],
      ['a signature of nothing', of({ signature: filled(1, 64) })],
      ['a header that was changed after it was signed', { receipt: changedHead() }],
    ]),
  ];
}

/** The size in the header and in the proof changed, under the signature of the other. */
function changedHead(): Buffer {
  const head = cbor(map([1, -19], [4, LOG_KEY.keyId], [15, map([1, ORIGIN])], [395, 1], ['tree-size', 5]));
  const signature = LOG_KEY.sign(cbor(['Signature1', head, Buffer.alloc(0), treeRoot(FIVE)]));
  return receiptOf({ size: 6, signedSize: 6, signature });
}

type Row = readonly [comment: string, given: Given];

function refused(code: string, clause: string, rows: readonly Row[]): readonly InvalidCase[] {
  return rows.map(([comment, given]) => ({ comment, in: inputOf(given), code, clause }));
}
