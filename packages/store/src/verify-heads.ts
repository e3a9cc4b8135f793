import { toHex } from '@comity/digest';
import { Fault } from '@comity/fault';
import { EMPTY_CHAIN, openAuditRow, readAuditEntries } from './audit/audit-chain.ts';
import type { Heads } from './heads.ts';
import type { AuditHead } from './home/audit-head.ts';
import { AUDIT } from './layout/keyspace.ts';
import type { RowReader } from './layout/row-reader.ts';

/**
 * Compares a store with the head that was written down outside it (reliability §3, rule 4): the store may have gone on,
 * but what the head saw must be in it, and what came after must continue it.
 *
 * @throws Fault `store.rolled-back`, `store.audit-broken`, `store.row-damaged`
 */
export async function verifyHeads(rows: RowReader, heads: Heads, witnessed: AuditHead): Promise<void> {
  if (heads.commits < witnessed.commits) {
    throw new Fault(
      'store.rolled-back',
      `expected at least ${witnessed.commits} commits, the store has ${heads.commits}`,
      {
        fields: { expected: witnessed.commits, got: heads.commits },
      },
    );
  }
  const { auditSequence, auditHash } = witnessed;
  if ((await hashOfEntry(rows, auditSequence)) !== auditHash) {
    throw new Fault(
      'store.rolled-back',
      `the audit chain does not hold the witnessed entry ${auditSequence}`,
      {
        fields: { expected: auditSequence, got: heads.audit.sequence },
      },
    );
  }
  // From the witnessed entry on, each must continue the one before; the rest of the chain is for fsck.
  for await (const _ of readAuditEntries(rows, auditSequence));
}

async function hashOfEntry(rows: RowReader, sequence: number): Promise<string | undefined> {
  if (sequence === EMPTY_CHAIN.sequence) return toHex(EMPTY_CHAIN.hash);
  const payload = await rows.get(AUDIT.key(sequence));
  return payload === undefined ? undefined : toHex(openAuditRow(payload).hash);
}
