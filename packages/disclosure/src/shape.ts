import { REDACTED } from '@comity/cbor';
import type { Part, View } from '@comity/record';

/** `indicators[3].value` is `indicators.value` to a policy: positions differ from record to record. */
export function withoutPositions(pathText: string): string {
  return pathText.includes('[') ? pathText.replaceAll(/\[\d+\]/g, '') : pathText;
}

/** Names of the fields in the clear. */
export function clearFields(view: View): string[] {
  const names: string[] = [];
  for (const key of view.record.claims.keys()) if (typeof key === 'string') names.push(key);
  return names.sort();
}

/** Parts that stand directly in a part, by its digest. */
export function childCounts(parts: readonly Part[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const depths = new Map<string, number>();
  for (const { ancestors, digest, pathText } of parts) {
    const depth = pathText.split(/[.[]/).length;
    depths.set(digest, depth);
    const innermost = ancestors.at(-1);
    if (innermost === undefined || depths.get(innermost) !== depth - 1) continue;
    counts.set(innermost, (counts.get(innermost) ?? 0) + 1);
  }
  return counts;
}

/**
 * Whether the content of a part shows nothing but places for parts: every entry in sight is a part of its own. A map or
 * list with one value in the clear is not a frame.
 */
export function isFrame(part: Part, childCount: number): boolean {
  const { value } = part;
  if (value instanceof Map) return value.size - (value.has(REDACTED) ? 1 : 0) === childCount;
  return Array.isArray(value) && value.filter((element) => element !== REDACTED).length === childCount;
}
