import { type OfficerDirectory, readApproval, type VerifiedApproval, verifyApproval } from '@comity/approval';
import { sha256Hex } from '@comity/digest';
import type { ApprovalFact } from '@comity/disclosure';
import { isFault } from '@comity/fault';

/** Signed bytes of the statements that are known as verified; what is made of them takes some four times as much memory. */
const MAX_BYTES = 8 * 1_048_576;

/** What became of the statements that were verified with the officers of a state, as they were known then. */
interface Known {
  readonly revision: number;
  /** By SHA-256 of the signed bytes, in the order of their last use; undefined: it does not verify. */
  readonly statements: Map<
    string,
    { readonly approval: VerifiedApproval | undefined; readonly size: number }
  >;
  byteLength: number;
}

const known = new WeakMap<OfficerDirectory, Known>();

/**
 * A kept statement, verified as of when it was signed: undefined where it does not verify, as if it were not there. Each is
 * verified once for as long as nothing is learnt about officers: every decision about its record asks for it.
 */
export function verifiedStatement(
  officers: OfficerDirectory,
  bytes: Uint8Array,
): VerifiedApproval | undefined {
  const current = knownOf(officers);
  const id = sha256Hex(bytes);
  const found = current.statements.get(id);
  if (found !== undefined) {
    current.statements.delete(id);
    current.statements.set(id, found);
    return found.approval;
  }
  const approval = verify(officers, bytes);
  current.statements.set(id, { approval, size: bytes.length });
  current.byteLength += bytes.length;
  for (const [oldest, { size }] of current.statements) {
    if (current.byteLength <= MAX_BYTES) break;
    current.statements.delete(oldest);
    current.byteLength -= size;
  }
  return approval;
}

function knownOf(officers: OfficerDirectory): Known {
  const current = known.get(officers);
  if (current?.revision === officers.revision) return current;
  const fresh = { revision: officers.revision, statements: new Map(), byteLength: 0 };
  known.set(officers, fresh);
  return fresh;
}

function verify(officers: OfficerDirectory, bytes: Uint8Array): VerifiedApproval | undefined {
  try {
    return verifyApproval(bytes, officers, readApproval(bytes).atSeconds);
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
}

/** A statement as a fact that decisions look at. */
export function factOf({
  officer,
  roles,
  decision,
  rule,
  ruleDigest,
  parts,
  mode,
  purpose,
  addressee,
  atSeconds,
  untilSeconds,
}: VerifiedApproval): ApprovalFact {
  return {
    ...{ officer, roles, decision, rule, ruleDigest, parts, mode, purpose, atSeconds },
    notAfterSeconds: untilSeconds,
    ...(addressee !== undefined && { addressee }),
  };
}
