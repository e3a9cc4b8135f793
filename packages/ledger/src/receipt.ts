import { Fault } from '@comity/fault';
import { type Checkpoint, formatCheckpoint, verifyCosignature } from '@comity/log';
import { type LedgerKeys, signerOf } from './checkpoint.ts';

/** ledger.md §5.1. */
const MAX_RECEIPT_BYTES = 1_024;

/**
 * Verifies a receipt over the checkpoint of the sender's own tree, with the witness key of the recipient that its line names
 * (ledger.md §5.4).
 *
 * @returns the time that the recipient gives itself, UTC seconds
 * @throws Fault `log.signature-line` where it is no single line; `log.no-known-signature` where the line is of no known witness key; `identity.*` where the key does not count
 *   at the time; `log.*`
 */
export function verifyReceipt(line: string, checkpoint: Checkpoint, name: string, keys: LedgerKeys): number {
  if (line.slice(0, -1).includes('\n') || new TextEncoder().encode(line).length > MAX_RECEIPT_BYTES) {
    throw new Fault('log.signature-line', 'a receipt is one signature line of at most 1024 bytes');
  }
  const text = formatCheckpoint(checkpoint);
  const verifier = signerOf(`${text}\n${line}`, { name, type: 'cosignature', usage: 'witness' }, keys);
  if (verifier === undefined)
    throw new Fault('log.no-known-signature', 'no witness key of the recipient has signed');
  return verifyCosignature(line, text, verifier).atSeconds;
}
