import { sha256, toHex } from '@comity/digest';
import { base64 } from '@scure/base';
import type { LossReport } from './loss.ts';

/**
 * The digest of an attached file, as the text of a tag. The file itself is not imported: a record has no place for files,
 * most are larger than a disclosure may be, and it may be malware.
 */
export function attachmentTag(data: unknown, path: string, losses: LossReport): string | undefined {
  if (data === undefined || data === null || data === '') return undefined;
  const file = decoded(data);
  if (file === undefined) return losses.add(path, 'attachment-unreadable', 'expected Base64');
  const digest = toHex(sha256(file));
  losses.add(path, 'attachment-not-imported', `${file.length} bytes, sha256 ${digest}`);
  return `comity:attachment-sha256="${digest}"`;
}

function decoded(data: unknown): Uint8Array | undefined {
  if (typeof data !== 'string') return undefined;
  try {
    return base64.decode(data);
  } catch {
    return undefined;
  }
}
