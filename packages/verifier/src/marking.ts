import type { VerifiedCharter } from '@comity/identity';
import { banner, combine, effectiveLabel, type Label, type StateId } from '@comity/label';
import type { View } from '@comity/record';

type Charters = ReadonlyMap<StateId, VerifiedCharter>;

/** A label as it counts at a time, in the levels of its originator. */
export function markingOf(label: Label, originator: StateId, charters: Charters, atSeconds: number): string {
  const charter = charters.get(originator);
  if (charter === undefined) return 'UNKNOWN ISSUER';
  const inForce = effectiveLabel(label, atSeconds);
  const known = knownOf(charters, originator);
  const before = known.get(inForce);
  if (before !== undefined) return before;
  const marking = banner(inForce, charter.scheme, {
    originator: charter.code,
    codeOf: (state) => charters.get(state)?.code,
  });
  known.set(inForce, marking);
  return marking;
}

/** Markings by the labels that they are of: most parts of most records have one of a few, as the same object. */
const markings = new WeakMap<Charters, Map<StateId, WeakMap<Label, string>>>();

function knownOf(charters: Charters, originator: StateId): WeakMap<Label, string> {
  const byState = markings.get(charters) ?? new Map<StateId, WeakMap<Label, string>>();
  markings.set(charters, byState);
  const known = byState.get(originator) ?? new WeakMap<Label, string>();
  byState.set(originator, known);
  return known;
}

/**
 * The marking of all that views of one issuer show: of each its own overall label where that is shown, else those of its
 * parts. Where parts for different readers have no label in common, that is said: a person has to look at them.
 */
export function markingOfWhole(views: readonly View[], charters: Charters, atSeconds: number): string {
  const [first] = views as readonly [View, ...View[]];
  const { issuer } = first.header;
  const labels = views
    .flatMap(({ overall, header, parts }) =>
      overall === undefined ? [header.label, ...parts.map(({ label }) => label)] : [overall],
    )
    .map((label) => effectiveLabel(label, atSeconds));
  const charter = charters.get(issuer);
  if (charter === undefined) return 'UNKNOWN ISSUER';
  const combined = combine([...new Set(labels)], charter.scheme);
  return 'label' in combined
    ? markingOf(combined.label, issuer, charters, atSeconds)
    : `${markingOf(labels[0] as Label, issuer, charters, atSeconds)} (MIXED)`;
}
