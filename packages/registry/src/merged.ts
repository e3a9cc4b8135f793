import { mergeViews, type RecordId, type View } from '@comity/record';

/**
 * Each record once in each list, with everything that any view of it shows, in whatever list that came.
 *
 * @throws Fault as `mergeViews`, where two views of one record contradict each other
 */
export function mergedLists<Lists extends readonly Iterable<View>[]>(
  ...lists: Lists
): { readonly [Place in keyof Lists]: readonly View[] } {
  const read = lists.map((views) => [...views]);
  const byId = new Map<RecordId, View>();
  for (const view of read.flat()) {
    const before = byId.get(view.header.id);
    byId.set(view.header.id, before === undefined ? view : mergeViews(before, view));
  }
  const merged = ({ header }: View): View => byId.get(header.id) as View;
  return read.map((views) => [...new Set(views.map(merged))]) as {
    readonly [Place in keyof Lists]: readonly View[];
  };
}
