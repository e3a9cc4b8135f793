import { type CborValue, encode } from '@comity/cbor';
import { sha256, toHex } from '@comity/digest';
import { Fault } from '@comity/fault';

/** Deeper than any policy: a value nested further is refused by the parser anyway. */
const MAX_DEPTH = 16;

/**
 * Digest of a policy document, or of one rule of it: SHA-256, as hex, of the deterministic CBOR of its plain value. Comments,
 * layout and the order of keys do not change it; everything that the parser reads does. A ratio in hundredths, for which the
 * profile of CBOR has no number, stands in it as its shortest decimal text: `0.2`.
 *
 * @throws Fault `policy.wrong-type` for a value that no policy holds, such as 1.5
 */
export function policyDigest(value: unknown): string {
  return toHex(sha256(encode(toCbor(value, 0))));
}

function toCbor(value: unknown, depth: number): CborValue {
  if (depth < MAX_DEPTH) {
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (typeof value === 'number') {
      if (Number.isSafeInteger(value)) return value;
      if (hundredthsOf(value) !== undefined) return String(value);
    }
    if (Array.isArray(value)) return value.map((entry) => toCbor(entry, depth + 1));
    if (typeof value === 'object') {
      return new Map(Object.entries(value).map(([key, entry]) => [key, toCbor(entry, depth + 1)]));
    }
  }
  throw new Fault(
    'policy.wrong-type',
    'expected mappings, lists, texts, whole numbers, hundredths from 0.01 to 0.99 and booleans only',
  );
}

/** A number from 0.01 to 1 in hundredths, as a whole number of them; undefined for any other number. */
export function hundredthsOf(value: number): number | undefined {
  const hundredths = Math.round(value * 100);
  return hundredths >= 1 && hundredths <= 100 && value === hundredths / 100 ? hundredths : undefined;
}
