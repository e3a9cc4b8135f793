import { type CborKey, type CborValue, REDACTED, Tagged } from '@comity/cbor';
import type { DigestGroup, DigestGroups } from './digest-group.ts';

/**
 * Content as one reader sees it. Maps hold disclosed fields beside those in the clear; under `REDACTED` they hold the
 * number of digests that were not disclosed. Lists hold `REDACTED` for each element that was not disclosed. Both count
 * decoys that the reader cannot tell from parts; decoys that are known as such are left out.
 */
export type Content =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | typeof REDACTED
  | readonly Content[]
  | ReadonlyMap<CborKey, Content>;

/** What a digest stands for in one view; undefined for a digest that was not disclosed. */
export type Opened = { readonly name: string | undefined; readonly value: Content } | 'decoy' | undefined;

/** Puts what was disclosed in place of its digests. Content without digests is returned as it is. */
export function resolveContent(
  value: CborValue,
  groups: DigestGroups,
  opened: (digest: string) => Opened,
): Content {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  // Reached only through a list, which deals with it.
  if (value instanceof Tagged) return REDACTED;
  const group = groups.get(value);
  return Array.isArray(value)
    ? resolveList(value, group, groups, opened)
    : resolveMap(value as ReadonlyMap<CborKey, CborValue>, group, groups, opened);
}

function resolveMap(
  map: ReadonlyMap<CborKey, CborValue>,
  group: DigestGroup | undefined,
  groups: DigestGroups,
  opened: (digest: string) => Opened,
): ReadonlyMap<CborKey, Content> {
  const resolved = new Map<CborKey, Content>();
  for (const [key, inner] of map) {
    if (key !== REDACTED) resolved.set(key, resolveContent(inner, groups, opened));
  }
  let undisclosed = 0;
  for (const digest of group?.digests ?? []) {
    const part = opened(digest);
    if (part === undefined) undisclosed += 1;
    else if (part !== 'decoy' && part.name !== undefined) resolved.set(part.name, part.value);
  }
  if (undisclosed > 0) resolved.set(REDACTED, undisclosed);
  return resolved;
}

function resolveList(
  list: readonly CborValue[],
  group: DigestGroup | undefined,
  groups: DigestGroups,
  opened: (digest: string) => Opened,
): readonly Content[] {
  const resolved: Content[] = [];
  let next = 0;
  for (const element of list) {
    if (!(element instanceof Tagged)) {
      resolved.push(resolveContent(element, groups, opened));
      continue;
    }
    const part = opened(group?.digests[next] as string);
    next += 1;
    if (part === undefined) resolved.push(REDACTED);
    else if (part !== 'decoy') resolved.push(part.value);
  }
  return resolved;
}
