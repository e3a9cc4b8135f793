import { isPap, isTlp, papRank, tlpRank } from '@comity/label';
import { isJsonObject, type JsonObject } from './text.ts';

/** Members of a label that tags of MISP state too. */
export type Marking = 'tlp' | 'pap';

export const MARKINGS: readonly Marking[] = ['tlp', 'pap'];

/** How strict a marking is; 0 for none, and for what is not one: the parser of drafts says so. */
export function markingRank(marking: Marking, value: unknown): number {
  if (typeof value !== 'string') return 0;
  if (marking === 'tlp') return isTlp(value) ? tlpRank(value) : 0;
  return isPap(value) ? papRank(value) : 0;
}

/** Whether a stated value is less strict than a tag. A text that is no marking is not: it is left to be refused. */
export function isLooser(marking: Marking, stated: unknown, tagged: string): boolean {
  const rank = markingRank(marking, stated);
  if (rank === 0 && (stated ?? null) !== null) return false;
  return rank < markingRank(marking, tagged);
}

/** The label that a plain label says will succeed it, which states only what changes. */
export function successorOf(label: JsonObject): JsonObject | undefined {
  const { succession } = label;
  return isJsonObject(succession) && isJsonObject(succession.label) ? succession.label : undefined;
}

/** Whether a label will one day be less strict than a tag, by itself or by what succeeds what succeeds it. */
export function loosensBelow(marking: Marking, label: JsonObject, tagged: string): boolean {
  const next = successorOf(label);
  if (next === undefined) return false;
  return (
    (Object.hasOwn(next, marking) && isLooser(marking, next[marking], tagged)) ||
    loosensBelow(marking, next, tagged)
  );
}
