import { equalBytes } from '@comity/digest';
import { Fault, type FaultField } from '@comity/fault';
import { verifyConsistency } from '@comity/merkle';
import type { LedgerPosition } from '../ports.ts';

/** What a peer's verified checkpoint says, with the proof that came with it, which is not verified yet. */
export interface OfferedHead {
  readonly size: number;
  readonly root: Uint8Array;
  readonly consistencyProof: readonly Uint8Array[];
}

/**
 * Judges whether the ledger a peer offers goes on from the one that is held. A release ledger is append-only: whatever
 * does not go on is another history, and none of it is stored.
 *
 * @throws Fault `exchange.ledger-rewritten`
 */
export function judgeHead(held: LedgerPosition, offered: OfferedHead): void {
  const { size, root, consistencyProof } = offered;
  if (size < held.size) rewritten('smaller', held, offered);
  if (size === held.size || held.size === 0) {
    if (consistencyProof.length > 0) rewritten('proof', held, offered);
    if (size === held.size && !equalBytes(root, held.root)) rewritten('root', held, offered);
    return;
  }
  try {
    verifyConsistency({
      size1: held.size,
      size2: size,
      proof: consistencyProof,
      root1: held.root,
      root2: root,
    });
  } catch (cause) {
    rewritten('proof', held, offered, cause);
  }
}

function rewritten(
  reason: 'smaller' | 'root' | 'proof',
  held: LedgerPosition,
  offered: OfferedHead,
  cause?: unknown,
): never {
  const fields: Record<string, FaultField> = { reason, heldSize: held.size, offeredSize: offered.size };
  throw new Fault('exchange.ledger-rewritten', 'the ledger does not go on from what is held of it', {
    fields,
    cause,
  });
}
