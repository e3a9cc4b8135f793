import type { Found } from './disclosed-body.ts';
import { parseFieldPath } from './field-path.ts';
import type { View } from './view.ts';

/**
 * What a view says about the place that a path text names, for instance `victim.name` or `indicators[3].value`.
 *
 * @throws Fault `record.bad-path`
 */
export function lookup(view: View, pathText: string): Found {
  return view.field(parseFieldPath(pathText));
}
