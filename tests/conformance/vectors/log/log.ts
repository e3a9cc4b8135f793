import type { VectorFile } from '../vector.ts';
import { openedCheckpoints } from './checkpoints.ts';
import { refusedCheckpoints } from './checkpoints-refused.ts';
import { consistencies, refusedConsistencies } from './consistency.ts';
import { acceptedCosignatures, refusedCosignatures } from './cosignatures.ts';
import { inclusions, refusedInclusions, roots } from './inclusion.ts';
import { openedNotes } from './notes.ts';
import { refusedNotes } from './notes-refused.ts';
import { acceptedProofs } from './proofs.ts';
import { refusedProofs } from './proofs-refused.ts';
import { acceptedReceipts, refusedReceipts } from './receipts.ts';
import { refusedVerifiers } from './verifiers.ts';

/** Vectors of log.md. */
export function logVectors(): readonly VectorFile[] {
  const topic = 'log';
  return [
    { topic, op: 'merkle.root', name: 'merkle-root', valid: roots() },
    { topic, op: 'merkle.inclusion', name: 'merkle-inclusion', valid: inclusions() },
    { topic, op: 'merkle.inclusion', name: 'merkle-inclusion', invalid: refusedInclusions() },
    { topic, op: 'merkle.consistency', name: 'merkle-consistency', valid: consistencies() },
    { topic, op: 'merkle.consistency', name: 'merkle-consistency', invalid: refusedConsistencies() },
    { topic, op: 'note.open', name: 'note-open', valid: openedNotes() },
    { topic, op: 'note.open', name: 'note-open', invalid: refusedNotes() },
    { topic, op: 'note.open', name: 'verifier-keys', invalid: refusedVerifiers() },
    { topic, op: 'checkpoint.verify', name: 'checkpoint-verify', valid: openedCheckpoints() },
    { topic, op: 'checkpoint.verify', name: 'checkpoint-verify', invalid: refusedCheckpoints() },
    { topic, op: 'cosignature.verify', name: 'cosignature-verify', valid: acceptedCosignatures() },
    { topic, op: 'cosignature.verify', name: 'cosignature-verify', invalid: refusedCosignatures() },
    { topic, op: 'proof.verify', name: 'proof-verify', valid: acceptedProofs() },
    { topic, op: 'proof.verify', name: 'proof-verify', invalid: refusedProofs() },
    {
      topic,
      op: 'receipt.verify',
      name: 'receipt-verify',
      valid: acceptedReceipts(),
      grammar: { receipt: 'log-receipt' },
    },
    { topic, op: 'receipt.verify', name: 'receipt-verify', invalid: refusedReceipts() },
  ];
}
