import { Fault } from '@comity/fault';
import type { Disclosure } from './disclosure.ts';
import { inOrder, openDisclosed } from './open-view.ts';
import type { View } from './view.ts';

/**
 * The digests given and those of all parts that they stand in: a part is reachable only through its ancestors.
 *
 * @throws Fault `record.unknown-digest`
 */
export function closeUpward(view: View, digests: Iterable<string>): ReadonlySet<string> {
  const closed = new Set<string>();
  for (const digest of digests) {
    closed.add(digest);
    for (const ancestor of requirePart(view, digest)) closed.add(ancestor);
  }
  return closed;
}

/**
 * The disclosures of a set of parts that is closed upward, in ascending order of digests.
 *
 * @throws Fault `record.unknown-digest`, `record.ancestor-withheld`
 */
export function disclosuresFor(view: View, digests: ReadonlySet<string>): Uint8Array[] {
  return [...selected(view, digests).values()].map(({ bytes }) => bytes);
}

/**
 * The view that discloses exactly a set of parts that is closed upward: what a recipient of these parts sees.
 *
 * @throws Fault `record.unknown-digest`, `record.ancestor-withheld`
 */
export function narrowView(view: View, digests: ReadonlySet<string>): View {
  return openDisclosed(view.record, selected(view, digests));
}

function selected(view: View, digests: ReadonlySet<string>): ReadonlyMap<string, Disclosure> {
  const selection: Disclosure[] = [];
  for (const digest of digests) {
    for (const ancestor of requirePart(view, digest)) {
      if (!digests.has(ancestor)) {
        throw new Fault('record.ancestor-withheld', 'a part is selected without a part that it stands in');
      }
    }
    selection.push(view.disclosed.get(digest) as Disclosure);
  }
  return inOrder(selection);
}

/** The ancestors of a part. Decoys are not handed out: they would tell the recipient how many parts there are. */
function requirePart(view: View, digest: string): readonly string[] {
  const part = view.partOf(digest);
  if (part === undefined)
    throw new Fault('record.unknown-digest', 'a digest stands for no part of this view');
  return part.ancestors;
}
