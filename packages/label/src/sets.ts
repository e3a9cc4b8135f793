/** Above this length a list is searched through a Set. */
const LINEAR_SEARCH_LENGTH = 8;

/** Whether every entry of `inner` is in `outer`. */
export function isSubset(inner: readonly string[], outer: readonly string[]): boolean {
  if (inner.length === 0) return true;
  if (outer.length <= LINEAR_SEARCH_LENGTH) return inner.every((entry) => outer.includes(entry));
  const known = new Set(outer);
  return inner.every((entry) => known.has(entry));
}

/** Entries of any list, each once, sorted. */
export function union<T extends string>(lists: readonly (readonly T[])[]): readonly T[] {
  return [...new Set(lists.flat())].sort();
}

/** Entries that every list holds, each once, sorted; of no lists, none. */
export function intersection<T extends string>(lists: readonly (readonly T[])[]): readonly T[] {
  const [first = [], ...others] = lists;
  const sets = others.map((list) => new Set(list));
  return [...new Set(first)].filter((entry) => sets.every((set) => set.has(entry))).sort();
}
