import { Fault } from '@comity/fault';
import { inOrder, openDisclosed, requireSize } from './open-view.ts';
import type { View } from './view.ts';

/**
 * One view with everything that two views of the same record disclose. Merging is commutative, associative and
 * idempotent.
 *
 * @throws Fault `record.different-records`, and those of `openView`
 */
export function mergeViews(a: View, b: View): View {
  if (a.header.id !== b.header.id) {
    throw new Fault('record.different-records', 'two views of different records cannot be merged');
  }
  const [mine, theirs] = [a.disclosed, b.disclosed];
  if ([...theirs.keys()].every((digest) => mine.has(digest))) return a;
  if ([...mine.keys()].every((digest) => theirs.has(digest))) return b;
  const united = [...new Map([...mine, ...theirs]).values()];
  requireSize(united.map(({ bytes }) => bytes));
  return openDisclosed(a.record, inOrder(united));
}
