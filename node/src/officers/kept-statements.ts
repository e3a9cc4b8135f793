import { type Approval, readApproval, verifyApproval } from '@comity/approval';
import { type FaultCode, isFault } from '@comity/fault';
import { TABLES } from '@comity/store';
import type { KeptStatement } from '../operations/approvals.ts';
import { formatTime } from '../operations/shapes.ts';
import { findStored } from '../records/find-record.ts';
import type { Sovereign } from '../sovereign.ts';

/**
 * What officers have signed about the release of a record, the oldest first, each verified again: as of the time when it was
 * signed, since that is what a release went by, and as of now.
 *
 * @throws Fault record.not-found, record.ambiguous-id
 */
export async function keptStatements(
  sovereign: Sovereign,
  id: string,
): Promise<{ record: string; statements: KeptStatement[] }> {
  const { id: record } = await findStored(sovereign, id);
  const rows = await sovereign.store.list(TABLES.approvals, [record]);
  const statements = rows.map(({ row }) => describe(sovereign, row.bytes));
  return { record, statements: statements.sort((a, b) => (a.signedAt < b.signedAt ? -1 : 1)) };
}

function describe(sovereign: Sovereign, bytes: Uint8Array): KeptStatement {
  const approval = readApproval(bytes);
  const { officer, decision, recipient, mode, purpose, rule, parts, atSeconds, notAfterSeconds, reason } =
    approval;
  return {
    officer,
    decision,
    peer: sovereign.peers.codeOf(recipient) ?? recipient,
    mode,
    purpose,
    rule,
    parts: parts.size,
    signedAt: formatTime(atSeconds),
    until: formatTime(notAfterSeconds),
    reason: reason ?? null,
    whenSigned: faultAt(sovereign, bytes, atSeconds) ?? 'valid',
    now: faultAt(sovereign, bytes, sovereign.now()) ?? 'valid',
    certificate: certificateOf(sovereign, approval),
    statement: Buffer.from(bytes).toString('base64'),
  };
}

function faultAt({ officers }: Sovereign, bytes: Uint8Array, atSeconds: number): FaultCode | undefined {
  try {
    verifyApproval(bytes, officers.own, atSeconds);
    return undefined;
  } catch (error) {
    if (isFault(error)) return error.code;
    throw error;
  }
}

/** The certificate of the officer that was in force when he signed: with it and the state's card anybody can verify it. */
function certificateOf({ officers }: Sovereign, { officer, atSeconds }: Approval): string | null {
  const known = officers.own
    .list()
    .find(
      (each) =>
        each.officer.id === officer &&
        each.officer.notBeforeSeconds <= atSeconds &&
        atSeconds < each.officer.notAfterSeconds,
    );
  return known === undefined ? null : Buffer.from(known.officer.bytes).toString('base64');
}
