import { HEADER_KID, type Sign1 } from '@comity/cose';
import { toHex } from '@comity/digest';
import { policyDigest } from '@comity/disclosure';
import { Fault, type FaultCode, isFault } from '@comity/fault';
import { type PolicyRow, TABLES, type TableRow } from '@comity/store';
import { parseHumanDocument } from '../config/yaml-document.ts';
import type { AppliedPolicy } from '../operations/policy.ts';
import { formatTime } from '../operations/shapes.ts';
import type { Sovereign } from '../sovereign.ts';
import { signedAt, signedVersion } from './signed-policy.ts';

/** Versions of one answer, where nobody says how many. */
const MAX_VERSIONS = 100;

/** The policies that were applied, the newest first, each with its signature verified again. */
export async function listPolicies(
  sovereign: Sovereign,
  { limit = MAX_VERSIONS, before }: { readonly limit?: number; readonly before?: number | undefined },
): Promise<{ versions: AppliedPolicy[]; next: number | null }> {
  const { store } = sovereign;
  const rows = await store.list(TABLES.policies, [], {
    reverse: true,
    // One more: what took the place of the first that is shown, or whether others follow.
    limit: limit + 1,
    ...(before !== undefined && { to: [before - 1] }),
  });
  const versions: AppliedPolicy[] = [];
  let next = before === undefined ? undefined : await store.get(TABLES.policies, [before]);
  for (const row of rows.slice(0, limit)) {
    versions.push(await describe(sovereign, row, next));
    next = row.row;
  }
  return { versions, next: rows.length > limit ? (versions.at(-1)?.version ?? null) : null };
}

/**
 * One version as it was applied; without a number that in force.
 *
 * @throws Fault policy.not-found
 */
export async function showPolicy(
  sovereign: Sovereign,
  { version = sovereign.policy?.version }: { readonly version?: number | undefined },
): Promise<{ policy: AppliedPolicy | null; text: string | null }> {
  const { store } = sovereign;
  if (version === undefined) return { policy: null, text: null };
  const row = await store.get(TABLES.policies, [version]);
  if (row === undefined)
    throw new Fault('policy.not-found', 'no policy of that version was applied here', {
      fields: { version },
    });
  const next = await store.get(TABLES.policies, [version + 1]);
  return { policy: await describe(sovereign, { key: [version], row }, next), text: row.text };
}

async function describe(
  sovereign: Sovereign,
  { key: [version], row }: TableRow<[version: number], PolicyRow>,
  next: PolicyRow | undefined,
): Promise<AppliedPolicy> {
  const { digest, text, appliedAtSeconds, appliedBy } = row;
  const { sign1, code } = await signatureOf(sovereign, version, row);
  const signedSeconds = sign1 && signedAt(sign1);
  return {
    version,
    digest,
    rules: ruleCount(text),
    appliedAt: formatTime(appliedAtSeconds),
    appliedBy,
    signedAt: signedSeconds === undefined ? null : formatTime(signedSeconds),
    key: sign1 === undefined ? null : toHex(sign1.protectedHeader.get(HEADER_KID) as Uint8Array),
    signature: code ?? 'valid',
    inForce: sovereign.policy?.version === version,
    replacedAt: next === undefined ? null : formatTime(next.appliedAtSeconds),
  };
}

/** What was signed, where it verifies and is what is stored; otherwise why not. */
async function signatureOf(
  sovereign: Sovereign,
  version: number,
  { text, digest, appliedAtSeconds }: PolicyRow,
): Promise<{ readonly sign1?: Sign1; readonly code?: FaultCode }> {
  try {
    const sign1 = await signedVersion(sovereign, version, appliedAtSeconds);
    const isSame =
      new TextDecoder().decode(sign1.payload) === text &&
      policyDigest(parseHumanDocument(text, 'policy').value) === digest;
    return isSame ? { sign1 } : { code: 'policy.not-as-signed' };
  } catch (error) {
    if (isFault(error)) return { code: error.code };
    throw error;
  }
}

/** Of a policy that was valid when it was applied; it need not be any more. */
function ruleCount(text: string): number {
  try {
    const { rules } = parseHumanDocument(text, 'policy').value as { readonly rules?: readonly unknown[] };
    return rules?.length ?? 0;
  } catch {
    return 0;
  }
}
