// What a recipient knows of a ledger, and what it is sent of it, as the operation takes it (ledger.md 7.3).

import { cbor, hex } from '../cbor-text.ts';
import { FEDERATION } from '../log/text.ts';
import { type KeyPair, signMany } from '../signing.ts';
import {
  arcadia,
  borealis,
  certificatePayload,
  NOW_SECONDS,
  type State,
  typ,
  type Usage,
} from '../states.ts';
import type { Json } from '../vector.ts';
import { type LedgerText, sampleLedger } from './text.ts';

export type Members = { readonly [name: string]: Json };

/** A state with its charter and the certificates that a ledger needs, and some more. */
export function partyOf(state: State, more: readonly Buffer[] = []): Members {
  const { log, witness } = state.certificates;
  return { charter: hex(state.charter), certificates: [log, witness, ...more].map(hex) };
}

/** A certificate of a further key of a state; `changes` of its payload. */
export function furtherCertificate(
  state: State,
  usage: Usage,
  key: KeyPair,
  changes: Parameters<typeof certificatePayload>[3] = [],
): Buffer {
  return signMany(
    state.rootKeys,
    cbor(certificatePayload(state.idText, usage, key, changes)),
    typ('key-certificate'),
  );
}

export const parties: Members = {
  federation: FEDERATION,
  sender: partyOf(arcadia),
  recipient: partyOf(borealis),
  atSeconds: NOW_SECONDS,
};

export function heldOf(ledger: LedgerText, size: number): Members {
  return size === 0 ? {} : { held: { size, subtrees: ledger.subtrees(size).map(hex) } };
}

/** HEAD at a size, for a recipient that holds so much. */
export function headOf(ledger: LedgerText, heldSize: number, size: number): Members {
  return { size, checkpoint: ledger.checkpoint(size), proof: ledger.proof(heldSize, size).map(hex) };
}

export function batchOf(ledger: LedgerText, first: number, next: number): Members {
  return { first, checkpoint: ledger.checkpoint(next), entries: ledger.entries.slice(first, next).map(hex) };
}

/** A run from what is held over the ends of batches, with the HEAD of all nine entries. */
export function run(heldSize: number, ends: readonly number[], changes: Members = {}): Members {
  return {
    ...parties,
    ...heldOf(sampleLedger, heldSize),
    head: headOf(sampleLedger, heldSize, 9),
    batches: ends.map((next, index) => batchOf(sampleLedger, ends[index - 1] ?? heldSize, next)),
    ...changes,
  };
}

export const receiptOf = (size: number, timeSeconds: number): Members => ({
  size,
  line: sampleLedger.receipt(size, timeSeconds),
});
