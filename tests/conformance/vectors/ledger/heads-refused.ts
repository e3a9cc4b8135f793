// Ledgers that do not go on from what is held, and checkpoints that are not signed as they have to be (ledger.md 2.2, 4.2).

import { filled, hex } from '../cbor-text.ts';
import { checkpointText, noteLine } from '../log/text.ts';
import { keyPair } from '../signing.ts';
import { arcadia, BEGIN_SECONDS, borealis, END_SECONDS } from '../states.ts';
import type { InvalidCase, InvalidFile } from '../vector.ts';
import { batchOf, furtherCertificate, headOf, type Members, partyOf, run } from './recipient.ts';
import { LedgerText, numberedEntry, sampleLedger } from './text.ts';

/** A run that is refused. */
export type Case = readonly [code: string, clause: string, comment: string, input: Members];

const { origin } = sampleLedger;
const logKey = arcadia.keys.log;
/** The same ledger but for its second entry. */
export const rewritten = new LedgerText(sampleLedger.entries.with(1, numberedEntry(100)));

/** HEAD of nine entries for a recipient that holds some, with changes. */
const head = (heldSize: number, changes: Members): Members => ({
  ...headOf(sampleLedger, heldSize, 9),
  ...changes,
});

export function refusedHeadsFile(): InvalidFile {
  return refusedRuns('heads', [...heads(), ...signatures()]);
}

/** A file of runs that are refused. */
export function refusedRuns(name: string, cases: readonly Case[]): InvalidFile {
  return {
    topic: 'ledger',
    name,
    op: 'ledger.verify',
    invalid: cases.map(
      ([code, clause, comment, input]): InvalidCase => ({ comment, in: input, code, clause }),
    ),
  };
}

function heads(): readonly Case[] {
  const proof = sampleLedger.proof(3, 9).map(hex);
  const other = (heldSize: number, comment: string, changed: Members): Case => [
    'exchange.ledger-rewritten',
    '4.2',
    comment,
    run(heldSize, [], { head: changed }),
  ];
  return [
    other(3, 'HEAD is smaller than what is held', headOf(sampleLedger, 0, 2)),
    other(3, 'HEAD is empty where entries are held', headOf(sampleLedger, 0, 0)),
    other(9, 'HEAD has the size of what is held and another root', headOf(rewritten, 9, 9)),
    other(3, 'HEAD goes on from another history, with the proof of that one', headOf(rewritten, 3, 9)),
    other(3, 'HEAD goes on from another history, with the proof from what is held', {
      ...headOf(rewritten, 3, 9),
      proof,
    }),
    other(3, 'a proof in which one hash is another', head(3, { proof: [hex(filled(0)), ...proof.slice(1)] })),
    other(
      3,
      'a proof whose last two hashes have changed places',
      head(3, { proof: [...proof.slice(0, -2), ...proof.slice(-2).reverse()] }),
    ),
    other(3, 'a proof without its last hash', head(3, { proof: proof.slice(0, -1) })),
    other(3, 'a proof with one hash too many', head(3, { proof: [...proof, hex(filled(0))] })),
    other(3, 'a proof of 64 hashes', head(3, { proof: Array(64).fill(hex(filled(0))) })),
    other(3, 'no proof', head(3, { proof: [] })),
    other(3, 'the proof from another size', head(3, { proof: sampleLedger.proof(5, 9).map(hex) })),
    other(9, 'a proof where everything is held', head(9, { proof: [hex(filled(0))] })),
    other(0, 'a proof where nothing is held', head(0, { proof })),
    [
      'exchange.message-malformed',
      'exchange 7.3',
      'HEAD with the size before that of its checkpoint',
      run(3, [], { head: head(3, { size: 8 }) }),
    ],
    [
      'exchange.message-malformed',
      'exchange 7.3',
      'HEAD with the size after that of its checkpoint',
      run(3, [], { head: head(3, { size: 10 }) }),
    ],
  ];
}

function signatures(): readonly Case[] {
  const text = sampleLedger.text(9);
  const signed = (checkpoint: string, changes: Members = {}): Members =>
    run(3, [], { head: head(3, { checkpoint }), ...changes });
  const backwards = new LedgerText(sampleLedger.entries, borealis, arcadia);
  const forAnother = new LedgerText(sampleLedger.entries, arcadia, { ...borealis, idText: 'c5'.repeat(32) });
  const withoutLogKey = { charter: hex(arcadia.charter), certificates: [hex(arcadia.certificates.witness)] };
  const swapped = `${text}\n${noteLine(sampleLedger.text(8), origin, logKey)}`;
  const otherText = checkpointText(backwards.origin, 9, sampleLedger.root(9));
  return [
    [
      'log.no-log-signature',
      '2.2',
      'a checkpoint signed with a key that nobody knows',
      signed(sampleLedger.checkpoint(9, keyPair(0x77))),
    ],
    [
      'log.no-log-signature',
      '2.2',
      'a checkpoint signed with the witness key of the sender',
      signed(sampleLedger.checkpoint(9, arcadia.keys.witness)),
    ],
    [
      'log.no-log-signature',
      '2.2',
      'a checkpoint signed with the log key of the recipient',
      signed(sampleLedger.checkpoint(9, borealis.keys.log)),
    ],
    [
      'log.no-log-signature',
      '2.2',
      'the checkpoint of the ledger in the other direction',
      signed(backwards.checkpoint(9)),
    ],
    [
      'log.no-log-signature',
      '2.2',
      'the checkpoint of the ledger for another recipient',
      signed(forAnother.checkpoint(9)),
    ],
    [
      'log.no-log-signature',
      '2.2',
      'no log key of the sender is known',
      signed(sampleLedger.checkpoint(9), { sender: withoutLogKey }),
    ],
    [
      'log.no-log-signature',
      '2.2',
      'a batch signed with a key that nobody knows, behind a good HEAD',
      run(3, [], {
        batches: [{ ...batchOf(sampleLedger, 3, 9), checkpoint: sampleLedger.checkpoint(9, keyPair(0x77)) }],
      }),
    ],
    [
      'log.no-log-signature',
      '2.2',
      'the checkpoint of the federation of another name',
      signed(sampleLedger.checkpoint(9), { federation: 'other' }),
    ],
    ['log.bad-signature', 'log 4.5', 'the signature is that of the checkpoint before', signed(swapped)],
    [
      'log.wrong-origin',
      'log 6.6',
      'signed in the name of this ledger, over the text of another',
      signed(`${otherText}\n${noteLine(otherText, origin, logKey)}`),
    ],
    ['log.no-signatures', 'log 4.2', 'the text of a checkpoint without a signature', signed(text)],
    [
      'identity.expired',
      'charter 6.6',
      'opened when the log key has ended',
      run(3, [], { atSeconds: END_SECONDS }),
    ],
    [
      'identity.not-yet-valid',
      'charter 6.6',
      'opened a second before the log key begins',
      run(3, [], { atSeconds: BEGIN_SECONDS - 1 }),
    ],
    [
      'identity.key-reused',
      'charter 6.3',
      'a key of the sender that is certified by the recipient too',
      run(3, [], { recipient: partyOf(borealis, [furtherCertificate(borealis, 'log', logKey)]) }),
    ],
    [
      'identity.wrong-issuer',
      'charter 3.2',
      'a certificate of the recipient among those of the sender',
      run(3, [], { sender: partyOf(arcadia, [borealis.certificates.log]) }),
    ],
  ];
}
