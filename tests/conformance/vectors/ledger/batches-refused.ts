// Batches that are not those of their checkpoint, and receipts that are none (ledger.md 4.3, 4.4, 5.4).

import { cbor, filled, hex } from '../cbor-text.ts';
import { cosignatureLine, noteLine, witnessNameOf } from '../log/text.ts';
import { keyPair } from '../signing.ts';
import { arcadia, BEGIN_SECONDS, borealis, NOW_SECONDS } from '../states.ts';
import type { InvalidFile } from '../vector.ts';
import { type Case, refusedRuns, rewritten } from './heads-refused.ts';
import { batchOf, furtherCertificate, headOf, type Members, partyOf, receiptOf, run } from './recipient.ts';
import { entryItem, LedgerText, numberedEntry, sampleLedger } from './text.ts';

export function refusedBatchesFiles(): readonly InvalidFile[] {
  return [refusedRuns('batches', batches()), refusedRuns('receipts', receipts())];
}

function batches(): readonly Case[] {
  const batch = batchOf(sampleLedger, 3, 9);
  const entries = batch.entries as readonly string[];
  const mismatch = (comment: string, changes: Members): Case => [
    'exchange.batch-mismatch',
    '4.3',
    comment,
    run(3, [], { batches: [{ ...batch, ...changes }] }),
  ];
  const disorder = (comment: string, list: readonly Members[]): Case => [
    'exchange.batch-out-of-order',
    'exchange 7.4',
    comment,
    run(3, [], { batches: list }),
  ];
  const forked = new LedgerText(rewritten.entries.with(5, numberedEntry(101)));
  const withEntry = (code: string, clause: string, comment: string, entry: Buffer): Case => {
    const ledger = new LedgerText(sampleLedger.entries.with(8, entry));
    return [
      code,
      clause,
      comment,
      run(3, [], { head: headOf(ledger, 3, 9), batches: [batchOf(ledger, 3, 9)] }),
    ];
  };
  return [
    mismatch('an entry is missing', { entries: entries.slice(0, -1) }),
    mismatch('an entry too many', { entries: [...entries, hex(numberedEntry(9))] }),
    mismatch('an entry is another one', { entries: entries.with(2, hex(numberedEntry(100))) }),
    mismatch('two entries have changed places', {
      entries: [entries[1] as string, entries[0] as string, ...entries.slice(2)],
    }),
    mismatch('an entry twice, in place of the one behind it', {
      entries: entries.with(1, entries[0] as string),
    }),
    mismatch('one bit of an entry turned over', { entries: entries.with(5, flipped(entries[5] as string)) }),
    mismatch('with the checkpoint of the size before', { checkpoint: sampleLedger.checkpoint(8) }),
    mismatch('with the checkpoint of another history, of the same size', {
      checkpoint: rewritten.checkpoint(9),
    }),
    mismatch('with the checkpoint of the empty ledger', { checkpoint: sampleLedger.checkpoint(0) }),
    [
      'exchange.batch-mismatch',
      '4.3',
      'the entries of a rewritten ledger, with its checkpoint, behind what is held',
      run(3, [], { batches: [batchOf(forked, 3, 9)] }),
    ],
    [
      'exchange.batch-mismatch',
      '4.3',
      'the second of two batches is of another history',
      run(3, [], { batches: [batchOf(sampleLedger, 3, 4), batchOf(rewritten, 4, 9)] }),
    ],
    disorder('a batch from the beginning, where 3 entries are held', [batchOf(sampleLedger, 0, 9)]),
    disorder('a batch that leaves an entry out', [batchOf(sampleLedger, 4, 9)]),
    disorder('a batch that begins within the one before', [
      batchOf(sampleLedger, 3, 8),
      batchOf(sampleLedger, 7, 9),
    ]),
    disorder('a batch twice', [batchOf(sampleLedger, 3, 4), batchOf(sampleLedger, 3, 4)]),
    disorder('a good batch with the index of another', [{ ...batch, first: 2 }]),
    withEntry(
      'cbor.shape',
      '4.4',
      'an entry of the ledger is a recall, which this version does not have',
      cbor(entryItem([[1, 'recall']])),
    ),
    withEntry(
      'cbor.shape',
      '4.4',
      'an entry of the ledger has no purpose',
      cbor(entryItem([[6, undefined]])),
    ),
    withEntry(
      'log.entry-disclosures',
      '1.4',
      'an entry of the ledger names its digests in descending order',
      cbor(entryItem([[3, [filled(2), filled(1)]]])),
    ),
    withEntry('cbor.truncated', 'cbor 1.1', 'an entry of the ledger is no bytes at all', Buffer.alloc(0)),
  ];
}

/** The same bytes but for the last bit. */
function flipped(text: string): string {
  const bytes = Buffer.from(text, 'hex');
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
  return hex(bytes);
}

function receipts(): readonly Case[] {
  const name = witnessNameOf(borealis);
  const witness = borealis.keys.witness;
  const backwards = new LedgerText(sampleLedger.entries, borealis, arcadia).text(9);
  const given = (size: number, line: string, changes: Members = {}): Members =>
    run(3, [9], { receipts: [{ size, line }], ...changes });
  const by = (cosigner: string, key = witness): string =>
    cosignatureLine(sampleLedger.text(9), NOW_SECONDS, cosigner, key);
  const ended = furtherCertificate(borealis, 'witness', keyPair(0x93), [
    [4, NOW_SECONDS],
    [5, BEGIN_SECONDS],
  ]);
  const late = { recipient: partyOf(borealis, [ended]) };
  return [
    [
      'log.signature-line',
      '5.1',
      'a receipt as a note, with the checkpoint above its line',
      given(9, `${sampleLedger.text(9)}\n${sampleLedger.receipt(9, 7)}`),
    ],
    [
      'log.signature-line',
      '5.1',
      'a receipt of more than 1024 bytes, for the name in it',
      given(9, by(`${name}${'n'.repeat(900)}`)),
    ],
    [
      'log.no-known-signature',
      '5.4',
      'a receipt of a key that nobody knows',
      given(9, sampleLedger.receipt(9, 7, keyPair(0x77))),
    ],
    [
      'log.no-known-signature',
      '5.4',
      'a receipt with the log key of the recipient',
      given(9, sampleLedger.receipt(9, 7, borealis.keys.log)),
    ],
    [
      'log.no-known-signature',
      '5.4',
      'a receipt of the sender itself',
      given(9, by(witnessNameOf(arcadia), arcadia.keys.witness)),
    ],
    [
      'log.no-known-signature',
      '5.4',
      'the right key under the name of the sender',
      given(9, by(witnessNameOf(arcadia))),
    ],
    [
      'log.no-known-signature',
      '5.4',
      'the signature of a note in place of a cosignature',
      given(9, noteLine(sampleLedger.text(9), name, witness)),
    ],
    [
      'log.other-checkpoint',
      '5.4',
      'a receipt for one entry more than there are',
      given(10, receiptOf(9, 7).line as string),
    ],
    [
      'log.other-checkpoint',
      '5.4',
      'a receipt for what HEAD says, but no batch has brought',
      run(3, [4], { receipts: [receiptOf(9, 7)] }),
    ],
    [
      'log.other-checkpoint',
      '5.4',
      'a receipt for 2^53 - 1 entries',
      given(Number.MAX_SAFE_INTEGER, receiptOf(9, 7).line as string),
    ],
    [
      'log.bad-signature',
      'log 4.5',
      'the receipt for 9 entries, handed in for 8',
      given(8, receiptOf(9, 7).line as string),
    ],
    ['log.bad-signature', 'log 4.5', 'a receipt over another history', given(9, rewritten.receipt(9, 7))],
    [
      'log.bad-signature',
      'log 4.5',
      'a receipt over the ledger in the other direction',
      given(9, cosignatureLine(backwards, 7, name, witness)),
    ],
    [
      'log.bad-signature',
      'log 4.5',
      'a receipt with another time than the one that was signed',
      given(9, retimed(receiptOf(9, 7).line as string)),
    ],
    [
      'log.bad-signature',
      'log 4.5',
      'the second of two receipts is over another history',
      run(3, [4, 9], { receipts: [receiptOf(4, 7), { size: 9, line: rewritten.receipt(9, 7) }] }),
    ],
    [
      'log.no-final-newline',
      'log 7.4',
      'a receipt without its line feed',
      given(9, (receiptOf(9, 7).line as string).slice(0, -1)),
    ],
    [
      'log.bad-time',
      'log 7.2',
      'a receipt dated 2^53',
      given(9, cosignatureLine(sampleLedger.text(9), 2n ** 53n, name, witness)),
    ],
    [
      'identity.expired',
      'charter 6.6',
      'a receipt of a witness key that has ended',
      given(9, sampleLedger.receipt(9, 7, keyPair(0x93)), late),
    ],
  ];
}

/** A cosignature line whose time is one second later than what was signed. */
function retimed(line: string): string {
  const [dash, name, base64] = line.trimEnd().split(' ') as [string, string, string];
  const bytes = Buffer.from(base64, 'base64');
  bytes.writeBigUInt64BE(bytes.readBigUInt64BE(4) + 1n, 4);
  return `${dash} ${name} ${bytes.toString('base64')}\n`;
}
