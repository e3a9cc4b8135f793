import { durationText, type Embargo, type PartDecision, type Policy } from '@comity/disclosure';

/** How what a part waits for changes where its fate does not: for a person who reads what another policy would do. */
export const SHIFTS = ['sooner', 'later', 'fewer', 'more', 'other'] as const;
export type Shift = (typeof SHIFTS)[number];

/** What a part waits for: the end of an embargo, officers, or both in this order. */
export interface Terms {
  /** UTC seconds at which the embargo ends; undefined where none runs. */
  readonly endSeconds: number | undefined;
  /** Officers who still have to approve, those who have left out. */
  readonly persons: number;
  /** Whose approval it is. */
  readonly role: string | undefined;
  /** All of it, as people read it; equal for the same terms, whatever the record. */
  readonly text: string;
}

/** What a decision says of whom a part waits for, by the policy that decided; undefined where it waits for nobody. */
export function termsOf(
  { reason, rule: name, missing }: PartDecision,
  { rules, limits, reciprocity }: Policy,
): Terms | undefined {
  const need = [...rules, ...limits, ...reciprocity].find((each) => each.name === name)?.approve;
  if (need === undefined || missing === undefined) return undefined;
  const { role, persons, have } = missing;
  const text = [
    `${role} ×${persons} within ${durationText(need.withinSeconds)}`,
    ...(have === 0 ? [] : [`${have} approved`]),
    // A rule may have another name in another policy; that a limit holds is part of what is waited for.
    ...(reason === 'approval-needed' ? [] : [`by ${reason}`]),
  ].join(', ');
  return { endSeconds: undefined, persons: persons - have, role, text };
}

/** Terms that are reached when an embargo ends. */
export function afterEnd(
  { anchor, afterSeconds }: Embargo,
  endSeconds: number,
  then: Terms | undefined,
): Terms {
  const end = `${durationText(afterSeconds)} after ${anchor}`;
  if (then === undefined) return { endSeconds, persons: 0, role: undefined, text: end };
  return { ...then, endSeconds, text: `${end}, ${then.text}` };
}

/** Whether it takes less to meet terms than others: what ends sooner first, then what fewer persons have to approve. */
export function isNearer(terms: Terms | undefined, known: Terms | undefined): boolean {
  if (terms === undefined || known === undefined) return false;
  const [end, knownEnd] = [terms.endSeconds ?? 0, known.endSeconds ?? 0];
  return end === knownEnd ? terms.persons < known.persons : end < knownEnd;
}

/** From the terms under one policy to those under another; undefined where they are the same. */
export function shiftOf(was: Terms | undefined, becomes: Terms | undefined): Shift | undefined {
  if (was?.text === becomes?.text) return undefined;
  if (was === undefined || becomes === undefined) return 'other';
  const time = Math.sign((becomes.endSeconds ?? 0) - (was.endSeconds ?? 0));
  const persons = Math.sign(becomes.persons - was.persons);
  if (time !== 0) return persons === 0 || persons === time ? (time < 0 ? 'sooner' : 'later') : 'other';
  if (persons === 0 || was.role !== becomes.role) return 'other';
  return persons < 0 ? 'fewer' : 'more';
}
