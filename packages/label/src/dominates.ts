import { DIMENSIONS } from './dimensions.ts';
import { effectiveLabel, successionsOf } from './effective.ts';
import type { Label } from './label.ts';
import type { ClassificationScheme } from './scheme.ts';

/**
 * Whether label `a` is at least as restrictive as `b` in every dimension, now and at every later time: a label that is
 * declassified in a year does not dominate one that stays secret. Labels of another scheme than the one given dominate
 * nothing and are dominated by nothing, however their levels are called.
 *
 * Dominance is a partial order on the valid labels of a scheme; labels that dominate each other restrict the same.
 *
 * @throws Fault `label.succession-not-later`, `label.succession-too-long`
 */
export function dominates(a: Label, b: Label, scheme: ClassificationScheme): boolean {
  if (!dominatesNow(a, b, scheme)) return false;
  return [...successionsOf(a), ...successionsOf(b)].every(({ atSeconds }) =>
    dominatesNow(effectiveLabel(a, atSeconds), effectiveLabel(b, atSeconds), scheme),
  );
}

function dominatesNow(a: Label, b: Label, scheme: ClassificationScheme): boolean {
  if (a.scheme !== scheme.id || b.scheme !== scheme.id) return false;
  return DIMENSIONS.every((dimension) => dimension.dominates(a, b, scheme));
}
