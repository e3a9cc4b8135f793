import { type CborValue, encode } from '@comity/cbor';
import { sha256, toHex } from '@comity/digest';
import { Fault } from '@comity/fault';

/** Deeper than any policy: a value nested further is refused by the parser anyway. */
const MAX_DEPTH = 16;

/**
 * Digest of a policy document: SHA-256, as hex, of the deterministic CBOR of its plain value. Comments, layout and the
 * order of keys do not change it; everything that the parser reads does.
 *
 * @throws Fault `policy.wrong-type` for a value that no policy holds, such as a fraction
 */
export function policyDigest(value: unknown): string {
  return toHex(sha256(encode(toCbor(value, 0))));
}

function toCbor(value: unknown, depth: number): CborValue {
  if (depth < MAX_DEPTH) {
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
    if (Array.isArray(value)) return value.map((entry) => toCbor(entry, depth + 1));
    if (typeof value === 'object') {
      return new Map(Object.entries(value).map(([key, entry]) => [key, toCbor(entry, depth + 1)]));
    }
  }
  throw new Fault('policy.wrong-type', 'expected mappings, lists, texts, whole numbers and booleans only');
}
