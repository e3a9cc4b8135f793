import type { StateId } from '@comity/label';
import { factOf, type View } from '@comity/record';
import { formatTime } from '../operations/shapes.ts';
import { byPath } from '../release/by-path.ts';
import type { Sovereign } from '../sovereign.ts';
import type { Handing } from './consents.ts';

/** Which record, and whose, a request or a grant is about. */
export interface Terms {
  readonly record: string;
  readonly parts: 'all' | readonly string[];
  readonly thirdParty: StateId;
}

/** What a request or a grant says about which record; undefined where any of it is withheld. */
export function termsIn(view: View): Terms | undefined {
  const record = wordIn(view, 'record');
  const parts = factOf(view, 'parts', (value) => value as unknown as Terms['parts']);
  const thirdParty = wordIn(view, 'thirdParty');
  if (record === undefined || thirdParty === undefined || parts.status !== 'known') return undefined;
  return { record, parts: parts.value, thirdParty: thirdParty as StateId };
}

export function wordIn(view: View, field: string): string | undefined {
  const fact = factOf(view, field, (value) => value);
  return fact.status === 'known' && typeof fact.value === 'string' ? fact.value : undefined;
}

/** When what a grant allows is over, as it says itself; null where it says nothing of that, or not here. */
export function endOf(view: View): string | null {
  const untilSeconds = timeIn(view, 'notAfter');
  return untilSeconds === undefined ? null : formatTime(untilSeconds);
}

export function timeIn(view: View, field: string): number | undefined {
  const fact = factOf(view, field, (value) => value);
  return fact.status === 'known' && typeof fact.value === 'number' ? fact.value : undefined;
}

/** A consent that is not over. */
export interface Standing {
  readonly grant: string;
  /** Paths, or digests of parts that are not held here; null for all. */
  readonly parts: string[] | null;
  readonly until: string;
}

/** The consents to a handing on that are not over, the one that lasts longest first. */
export function standingOf(
  { consents, now }: Pick<Sovereign, 'consents' | 'now'>,
  about: View | undefined,
  handing: Handing,
): Standing[] {
  return consents
    .standing(handing, now())
    .toSorted((a, b) => b.untilSeconds - a.untilSeconds)
    .map(({ grant, parts, untilSeconds }) => ({
      grant,
      parts: parts === 'all' ? null : pathsOf(about, [...parts]),
      until: formatTime(untilSeconds),
    }));
}

/** Paths of parts; of those that are not held here the digests. */
export function pathsOf(view: View | undefined, digests: readonly string[]): string[] {
  const paths = new Map(view?.parts.map(({ digest, pathText }) => [digest, pathText]));
  return digests.map((digest) => paths.get(digest) ?? digest).sort(byPath);
}
