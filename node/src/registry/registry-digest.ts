import { toHex } from '@comity/digest';
import { type SubjectText, subjectKey } from '@comity/registry';
import type { z } from 'zod';
import type { registryResult } from '../operations/registry.ts';
import type { Sovereign } from '../sovereign.ts';

/**
 * How much is in the registry of this node, and its digest (registry.md §3).
 *
 * @param subject of which the digest is told as well
 * @param rebuild every record is opened anew, and what this gives is compared with what was kept
 */
export async function registryDigest(
  { registry }: Sovereign,
  { subject, rebuild }: { readonly subject?: string | undefined; readonly rebuild: boolean },
): Promise<z.input<typeof registryResult>> {
  const before = toHex((await registry.current()).digest);
  const now = rebuild ? await registry.rebuild() : await registry.current();
  const digest = toHex(now.digest);
  const about = subject === undefined ? undefined : subjectKey(subject as SubjectText);
  const ofSubject = about === undefined ? undefined : now.digestOf(about);
  return {
    ...{ records: now.size, subjects: now.subjectCount, digest },
    subject: about === undefined ? null : ((ofSubject && toHex(ofSubject)) ?? '0'.repeat(64)),
    subjectRecords: about === undefined ? [] : now.recordsOf(about),
    kept: rebuild ? before : null,
    builtMs: Math.round(registry.loadedMs),
  };
}
