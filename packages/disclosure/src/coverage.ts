import type { Profile } from './policy.ts';

/** Field names from the root to a part, positions in lists left out. */
export type Steps = readonly string[];

/** What a rule looks at in a part: where it stands, and whether its own content shows anything. */
export interface PartShape {
  readonly steps: Steps;
  /** Its content is nothing but places for further parts: disclosing it shows no value. */
  readonly frame: boolean;
}

/**
 * How a permit reaches a part: `whole` = it is named, or lies under something named; `way` = it is a frame above
 * something named, needed to get there and for nothing else.
 */
export type Coverage = 'whole' | 'way' | 'none';

/** A rule's paths, split once. */
export interface RulePaths {
  readonly parts: readonly Steps[] | undefined;
  readonly keep: readonly Steps[] | undefined;
  readonly drop: readonly Steps[];
}

export function pathsOf({
  parts,
  profile,
}: {
  readonly parts?: readonly string[];
  readonly profile?: Profile;
}): RulePaths {
  return {
    parts: parts?.map(stepsOf),
    keep: profile?.keep?.map(stepsOf),
    drop: profile?.drop?.map(stepsOf) ?? [],
  };
}

export function stepsOf(path: string): Steps {
  return path.split('.');
}

/** How far a permitting rule covers a part. */
export function permitCoverage(part: PartShape, { parts, keep, drop }: RulePaths): Coverage {
  if (drop.some((path) => touches(part, path))) return 'none';
  return lesser(reach(part, parts), reach(part, keep));
}

/** Whether a forbidding rule covers a part. */
export function forbidCovers(part: PartShape, { parts }: RulePaths): boolean {
  return parts === undefined || parts.some((path) => touches(part, path));
}

function reach(part: PartShape, paths: readonly Steps[] | undefined): Coverage {
  if (paths === undefined || paths.some((path) => startsWith(part.steps, path))) return 'whole';
  return part.frame && paths.some((path) => startsWith(path, part.steps)) ? 'way' : 'none';
}

/** What is dropped or forbidden lies in the part: the part is under it, or holds it in its own content. */
function touches(part: PartShape, path: Steps): boolean {
  return startsWith(part.steps, path) || (!part.frame && startsWith(path, part.steps));
}

function startsWith(steps: Steps, prefix: Steps): boolean {
  return prefix.length <= steps.length && prefix.every((step, index) => step === steps[index]);
}

function lesser(a: Coverage, b: Coverage): Coverage {
  if (a === 'none' || b === 'none') return 'none';
  return a === 'way' || b === 'way' ? 'way' : 'whole';
}
