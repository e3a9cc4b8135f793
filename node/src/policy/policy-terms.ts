import { type Asked, type AskedOfficers, durationText, type Embargo } from '@comity/disclosure';

/** How what a part waits for changes where its fate does not: for a person who reads what another policy would do. */
export const SHIFTS = ['sooner', 'later', 'fewer', 'more', 'other'] as const;
export type Shift = (typeof SHIFTS)[number];

/** What a part waits for: the end of an embargo, officers, or both in this order. */
export interface Terms {
  /** UTC seconds at which the embargo ends; undefined where none runs. */
  readonly endSeconds: number | undefined;
  /** Officers who still have to approve, those who have left out. */
  readonly persons: number;
  /** Whose approval it is; undefined where it is nobody's, or those of one role or of another. */
  readonly role: string | undefined;
  /** All of it, as people read it; equal for the same terms, whatever the record. */
  readonly text: string;
}

/**
 * Whom a held part waits for. Where one of several rules is enough, those count that ask for no more than another; where several
 * entries ask, all of them do.
 */
export function termsOf({ needs, of }: Asked): Terms {
  const asking = needs === 'one' ? of.filter((each, place) => !isNeedless(each, place, of)) : of;
  const left = asking.map(({ persons, have }) => persons - have);
  const roles = new Set(asking.map(({ role }) => role));
  const [role] = roles;
  return {
    endSeconds: undefined,
    persons: needs === 'one' ? Math.min(...left) : left.reduce((sum, each) => sum + each, 0),
    role: roles.size === 1 && (needs === 'all' || asking.length === 1) ? role : undefined,
    text: asking
      .map(textOf)
      .sort()
      .join(needs === 'one' ? ' or ' : ' and '),
  };
}

function textOf({ reason, role, persons, have, withinSeconds }: AskedOfficers): string {
  return [
    `${role} ×${persons} within ${durationText(withinSeconds)}`,
    ...(have === 0 ? [] : [`${have} approved`]),
    // A rule may have another name in another policy; that a limit holds is part of what is waited for.
    ...(reason === 'approval-needed' ? [] : [`by ${reason}`]),
  ].join(', ');
}

/** Whether whoever can satisfy a rule can satisfy another with no more officers of the role and in no less time. */
function isNeedless(rule: AskedOfficers, place: number, all: readonly AskedOfficers[]): boolean {
  return all.some((other, otherPlace) => {
    if (other.role !== rule.role) return false;
    const [more, longer] = [
      rule.persons - rule.have - (other.persons - other.have),
      other.withinSeconds - rule.withinSeconds,
    ];
    if (more === 0 && longer === 0) {
      // Of those alike one is shown: that of which fewer have approved is no other thing to wait for.
      return rule.persons === other.persons ? otherPlace < place : rule.persons > other.persons;
    }
    return more >= 0 && longer >= 0;
  });
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
  if (persons === 0 || was.role === undefined || was.role !== becomes.role) return 'other';
  return persons < 0 ? 'fewer' : 'more';
}
