import { forbidCovers, type PartShape, permitCoverage, type RulePaths } from './coverage.ts';
import type { MatchingRules } from './rule-index.ts';

/**
 * What the state's own policy says about a part. `way`: it is a frame that is permitted only as the way to a part inside
 * it that is released.
 */
export type Discretion =
  | { readonly outcome: 'permit' | 'way' | 'forbid'; readonly rule: string }
  | { readonly outcome: 'no-permit' };

const NO_PERMIT: Discretion = { outcome: 'no-permit' };

/** DISCLOSURE §2: forbid beats permit; no permitting rule, no release. The rule cited is the first by name. */
export function discretionOverPart(part: PartShape, { permits, forbids }: MatchingRules): Discretion {
  const forbid = forbids.find(({ paths }) => forbidCovers(part, paths));
  if (forbid !== undefined) return { outcome: 'forbid', rule: forbid.rule.name };
  let way: string | undefined;
  for (const { rule, paths } of permits) {
    const coverage = permitCoverage(part, paths);
    if (coverage === 'whole') return { outcome: 'permit', rule: rule.name };
    if (coverage === 'way') way ??= rule.name;
  }
  return way === undefined ? NO_PERMIT : { outcome: 'way', rule: way };
}

/**
 * The same for the envelope. A rule about some parts permits that the record exists, and forbids nothing about that. But
 * the envelope cannot be had without the fields in the clear, so a permit has to cover them all, and no forbid any.
 */
export function discretionOverEnvelope(
  clear: readonly PartShape[],
  { permits, forbids }: MatchingRules,
): Discretion {
  const forbid = forbids.find(({ paths }) => forbidCoversEnvelope(clear, paths));
  if (forbid !== undefined) return { outcome: 'forbid', rule: forbid.rule.name };
  const permit = permits.find(({ paths }) => permitCoversEnvelope(clear, paths));
  return permit === undefined ? NO_PERMIT : { outcome: 'permit', rule: permit.rule.name };
}

export function forbidCoversEnvelope(clear: readonly PartShape[], paths: RulePaths): boolean {
  return paths.parts === undefined || clear.some((field) => forbidCovers(field, paths));
}

export function permitCoversEnvelope(clear: readonly PartShape[], paths: RulePaths): boolean {
  return clear.every((field) => permitCoverage(field, paths) === 'whole');
}
