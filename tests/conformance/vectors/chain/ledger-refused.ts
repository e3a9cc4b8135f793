// The second half of the story, the release to Doria, with one link exchanged.

import { hex, map } from '../cbor-text.ts';
import { data, end } from '../exchange/text.ts';
import type { Broken, Members } from './refused.ts';
import { inputs, type Step } from './steps.ts';
import {
  cimmeria,
  cosignature,
  doria,
  entry,
  entryOf,
  ledger,
  logCheckpoint,
  other,
  otherTitle,
  receipt,
  released,
  swapped,
  told,
} from './story.ts';

const otherEntry = entryOf(other, [otherTitle]);
const batch = (changes: Members): Members => ({
  batches: [{ first: 1, checkpoint: ledger.checkpoint(2), entries: [hex(entry)], ...changes }],
});

export const LEDGER_BROKEN: Partial<Record<Step, readonly Broken[]>> = {
  '11-ledger': [
    [
      'exchange.batch-mismatch',
      'ledger 4.3',
      'the entry of another record',
      batch({ entries: [hex(otherEntry)] }),
    ],
    [
      'exchange.batch-mismatch',
      'ledger 4.3',
      'the checkpoint of a ledger in which the two records have changed places',
      batch({ checkpoint: swapped.checkpoint(2) }),
    ],
    [
      'exchange.ledger-rewritten',
      'ledger 4.2',
      'HEAD of that ledger',
      { head: { size: 2, checkpoint: swapped.checkpoint(2), proof: swapped.proof(1, 2).map(hex) } },
    ],
    [
      'log.no-log-signature',
      'ledger 2.2',
      'the checkpoint of the log of what Cimmeria has issued',
      batch({ checkpoint: logCheckpoint }),
    ],
    [
      'log.no-log-signature',
      'ledger 2.2',
      'sender and recipient have changed places',
      { sender: inputs['11-ledger'].recipient as Members, recipient: inputs['11-ledger'].sender as Members },
    ],
  ],
  '12-item': [
    [
      'node.item-mismatch',
      'ledger 4.5',
      'with the entry of another record',
      { entry: hex(entryOf(other, released)) },
    ],
    [
      'node.item-mismatch',
      'ledger 3.2',
      'with an entry that names all parts',
      { entry: hex(entryOf(told, told.parts)) },
    ],
    ['record.orphan-disclosure', 'record 5.6', 'with another record', { record: hex(other.message) }],
    [
      'identity.unknown-key',
      'charter 6.6',
      'before a recipient who knows Doria alone',
      { charters: [hex(doria.charter)], certificates: [hex(doria.certificates.record)] },
    ],
  ],
  '13-stream': [
    ['exchange.batch-out-of-order', 'exchange 7.4', 'to a recipient that holds nothing yet', { heldSize: 0 }],
    [
      'exchange.message-malformed',
      'exchange 3.7',
      'the entry alone in place of the item',
      {
        bytes: hex(
          Buffer.concat([
            data(map([1, 2], [2, ledger.checkpoint(2)], [3, ledger.proof(1, 2)])),
            data(map([1, 1], [2, ledger.checkpoint(2)], [3, [entry]])),
            end(1),
          ]),
        ),
      },
    ],
  ],
  '14-receipt': [
    [
      'log.bad-signature',
      'log 4.5',
      'the cosignature of the log in place of the receipt',
      { receipts: [{ size: 2, line: cosignature }] },
    ],
    [
      'log.bad-signature',
      'log 4.5',
      'the receipt for the ledger before this entry',
      { receipts: [{ size: 2, line: ledger.receipt(1, 7) }] },
    ],
    [
      'log.no-known-signature',
      'ledger 5.4',
      'a receipt of Cimmeria for its own ledger',
      { receipts: [{ size: 2, line: ledger.receipt(2, 7, cimmeria.keys.witness) }] },
    ],
    [
      'log.other-checkpoint',
      'ledger 5.4',
      'a receipt for an entry that does not exist',
      { receipts: [{ size: 3, line: receipt }] },
    ],
  ],
};
