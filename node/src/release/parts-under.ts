import { Fault } from '@comity/fault';
import type { View } from '@comity/record';

/** Parts at these paths, and all that stands in them. @throws Fault record.no-such-part */
export function partsUnder(view: View, paths: readonly string[]): View['parts'] {
  for (const path of paths) {
    if (!view.parts.some(({ pathText }) => pathText === path))
      throw new Fault('record.no-such-part', `the record has no part ${path}`, { fields: { part: path } });
  }
  const roots = new Set(
    view.parts.filter(({ pathText }) => paths.includes(pathText)).map(({ digest }) => digest),
  );
  return view.parts.filter(
    ({ digest, ancestors }) => roots.has(digest) || ancestors.some((ancestor) => roots.has(ancestor)),
  );
}
