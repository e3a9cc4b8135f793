// What a recipient is sent of a ledger, and the receipts that it gives (ledger.md §4.1 to §4.4, §5).

import { hex, sha256 } from '../cbor-text.ts';
import {
  checkpointText,
  cosignatureLine,
  leafHash,
  ledgerOriginOf,
  nodeHash,
  noteLine,
  signedCheckpoint,
  witnessNameOf,
} from '../log/text.ts';
import { keyPair } from '../signing.ts';
import { arcadia, BEGIN_SECONDS, borealis, END_SECONDS, NOW_SECONDS } from '../states.ts';
import type { ValidCase, ValidFile } from '../vector.ts';
import { furtherCertificate, headOf, type Members, parties, partyOf, receiptOf, run } from './recipient.ts';
import { sampleLedger } from './text.ts';

const outAt = (size: number, receipts: readonly Members[] = []): Members => ({
  size,
  root: hex(sampleLedger.root(size)),
  receipts,
});

export function runsFile(): ValidFile {
  return {
    topic: 'ledger',
    name: 'runs',
    op: 'ledger.verify',
    valid: [...continuations(), ...keys(), ...receipts(), largest()],
  };
}

function valid(comment: string, input: Members, out: Members): ValidCase {
  return { comment, in: input, out };
}

function continuations(): readonly ValidCase[] {
  const sizes = [1, 2, 3, 4, 5, 6, 7, 8];
  return [
    valid('an empty ledger', run(0, [], { head: headOf(sampleLedger, 0, 0) }), outAt(0)),
    valid('nothing is held, and HEAD alone came', run(0, []), outAt(0)),
    valid('all entries in one batch', run(0, [9]), outAt(9)),
    valid('each entry in a batch of its own', run(0, [1, 2, 3, 4, 5, 6, 7, 8, 9]), outAt(9)),
    valid('everything is held already', run(9, []), outAt(9)),
    ...sizes.map((size) => valid(`from ${size} to 9, in one batch`, run(size, [9]), outAt(9))),
    valid('from 3 to 9, in two batches', run(3, [4, 9]), outAt(9)),
    valid('batches that do not reach HEAD', run(3, [4, 6]), outAt(6)),
    valid(
      'a batch that goes beyond HEAD, as the ledger has grown',
      run(3, [9], { head: headOf(sampleLedger, 3, 4) }),
      outAt(9),
    ),
    valid(
      'HEAD is what is held, and a batch came after it',
      run(3, [9], { head: headOf(sampleLedger, 3, 3) }),
      outAt(9),
    ),
  ];
}

function keys(): readonly ValidCase[] {
  const second = keyPair(0x91);
  const bySecond = { ...headOf(sampleLedger, 0, 9), checkpoint: sampleLedger.checkpoint(9, second) };
  const sender = partyOf(arcadia, [furtherCertificate(arcadia, 'log', second)]);
  const ended = furtherCertificate(arcadia, 'log', second, [
    [4, NOW_SECONDS],
    [5, BEGIN_SECONDS],
  ]);
  const byBoth = `${sampleLedger.checkpoint(9)}${noteLine(sampleLedger.text(9), sampleLedger.origin, second)}`;
  const byStranger = `${sampleLedger.checkpoint(9)}${noteLine(sampleLedger.text(9), 'example.org/log', keyPair(0x92))}`;
  const both = { ...headOf(sampleLedger, 0, 9), checkpoint: byBoth };
  const [, secondLine = ''] = byBoth.split('\n').slice(-3);
  const renamed = {
    ...both,
    checkpoint: byBoth.replace(secondLine, secondLine.replace('comity/sample', 'comity/other')),
  };
  const certified = (...more: readonly Buffer[]): Members => ({
    ...sender,
    certificates: [...more.map(hex), ...(partyOf(arcadia).certificates as readonly string[])],
  });
  const secondWitness = keyPair(0x93);
  const recipient = partyOf(borealis, [furtherCertificate(borealis, 'witness', secondWitness)]);
  return [
    valid('in the first second of the keys', run(0, [9], { atSeconds: BEGIN_SECONDS }), outAt(9)),
    valid('in the last second of the keys', run(0, [9], { atSeconds: END_SECONDS - 1 }), outAt(9)),
    valid(
      'HEAD by one log key of the sender, the batch by another',
      run(0, [9], { sender, head: bySecond }),
      outAt(9),
    ),
    valid('HEAD with lines of two log keys', run(0, [], { sender, head: both }), outAt(0)),
    valid(
      'HEAD with lines of two log keys, of which one has ended',
      run(0, [], { sender: certified(ended), head: both }),
      outAt(0),
    ),
    valid(
      'HEAD with lines of two log keys, of which one stands under another name, so that it is of nobody',
      run(0, [], { sender: certified(furtherCertificate(arcadia, 'log', second)), head: renamed }),
      outAt(0),
    ),
    valid(
      'HEAD with a line of a key that nobody knows',
      run(0, [], { head: { ...headOf(sampleLedger, 0, 9), checkpoint: byStranger } }),
      outAt(0),
    ),
    valid(
      'a receipt by a second witness key of the recipient',
      run(0, [9], {
        recipient,
        receipts: [{ size: 9, line: sampleLedger.receipt(9, NOW_SECONDS, secondWitness) }],
      }),
      outAt(9, [{ size: 9, timeSeconds: NOW_SECONDS }]),
    ),
  ];
}

function receipts(): readonly ValidCase[] {
  const read = (size: number, timeSeconds: number): Members => ({ size, timeSeconds });
  const withReceipts = (
    comment: string,
    ends: readonly number[],
    given: readonly Members[],
    taken: readonly Members[],
  ): ValidCase => valid(comment, run(3, ends, { receipts: given }), outAt(ends.at(-1) ?? 3, taken));
  return [
    withReceipts('no receipt yet', [9], [], []),
    withReceipts(
      'a receipt for each of two batches',
      [4, 9],
      [receiptOf(4, NOW_SECONDS), receiptOf(9, NOW_SECONDS + 2)],
      [read(4, NOW_SECONDS), read(9, NOW_SECONDS + 2)],
    ),
    withReceipts(
      'a receipt for the last batch alone',
      [4, 9],
      [receiptOf(9, NOW_SECONDS)],
      [read(9, NOW_SECONDS)],
    ),
    withReceipts(
      'the receipt for what was held is repeated',
      [9],
      [receiptOf(3, NOW_SECONDS - 5), receiptOf(9, NOW_SECONDS)],
      [read(3, NOW_SECONDS - 5), read(9, NOW_SECONDS)],
    ),
    withReceipts(
      'a receipt twice, of which the second is passed over',
      [9],
      [receiptOf(9, 7), receiptOf(9, 8)],
      [read(9, 7)],
    ),
    withReceipts(
      'a receipt for less than the one before it, which is passed over',
      [4, 9],
      [receiptOf(9, 7), receiptOf(4, 8)],
      [read(9, 7)],
    ),
    withReceipts(
      'a receipt that is passed over is not verified',
      [9],
      [receiptOf(9, 7), { size: 4, line: 'no line' }],
      [read(9, 7)],
    ),
    withReceipts('a receipt for a size within a batch', [9], [receiptOf(6, 7)], [read(6, 7)]),
    withReceipts('a receipt dated before its entries', [9], [receiptOf(9, 1)], [read(9, 1)]),
    withReceipts(
      'a receipt dated 2^53 - 1',
      [9],
      [receiptOf(9, Number.MAX_SAFE_INTEGER)],
      [read(9, Number.MAX_SAFE_INTEGER)],
    ),
  ];
}

/** The largest ledger there can be: 2^53 - 2 entries are held, and the last one comes. */
function largest(): ValidCase {
  const entry = sampleLedger.entries[0] as Buffer;
  const leaf = leafHash(entry);
  const subtrees = Array.from({ length: 52 }, (_, index) => sha256(Buffer.from(`subtree ${index}`)));
  const root = [...subtrees, leaf].reduceRight((right, left) => nodeHash(left, right));
  const size = Number.MAX_SAFE_INTEGER;
  const origin = ledgerOriginOf(arcadia, borealis);
  const checkpoint = signedCheckpoint(origin, size, root, arcadia.keys.log);
  const text = checkpointText(origin, size, root);
  const line = cosignatureLine(text, NOW_SECONDS, witnessNameOf(borealis), borealis.keys.witness);
  const [last, ...others] = [...subtrees].reverse();
  return valid(
    'the largest ledger: 2^53 - 2 entries are held, and the last one comes',
    {
      ...parties,
      held: { size: size - 1, subtrees: subtrees.map(hex) },
      head: { size, checkpoint, proof: [last as Buffer, leaf, ...others].map(hex) },
      batches: [{ first: size - 1, checkpoint, entries: [hex(entry)] }],
      receipts: [{ size, line }],
    },
    { size, root: hex(root), receipts: [{ size, timeSeconds: NOW_SECONDS }] },
  );
}
