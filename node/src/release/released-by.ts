import { recordTypeOf, type View } from '@comity/record';
import type { Release } from './planned-release.ts';

/** What lets parts go, besides the policy as a whole. */
export interface ReleasedBy {
  /** Names of the rules that are cited for the parts, ascending. */
  readonly rules: readonly string[];
  /** Ids of release-grants that the parts need, ascending. */
  readonly grants: readonly string[];
  /** Officers who have approved parts of it, ascending. */
  readonly officers: readonly string[];
  readonly withheld: Withheld;
}

/** What of a record stays here though some of it goes, without content: what waits for a person is told of apart. */
interface Withheld {
  /** How many parts. */
  readonly parts: number;
  /** Their paths, positions in lists left out, each with the reason and how many there are where it is more than one. */
  readonly paths: readonly string[];
}

/** Of one line of the audit log: so many kinds of parts no type of a registry has. */
const MAX_PATHS = 64;

/** What is cited for these parts: rules, consents where the label alone would not do, and officers who let them go. */
export function releasedBy(
  { header: { type } }: View,
  { digests, mode, purpose, grounds, decision }: Release,
  atSeconds: number,
): ReleasedBy {
  const going = new Set(digests);
  const { approvals = [], consents = [] } = grounds;
  const isAbout = (parts: ReadonlySet<string> | 'all'): boolean =>
    parts === 'all' || digests.some((digest) => parts.has(digest));
  const rules = decision.parts.flatMap(({ digest, rule }) =>
    rule !== undefined && going.has(digest) ? [rule] : [],
  );
  const approving = approvals.filter(
    (fact) =>
      fact.decision === 'approve' &&
      fact.mode === mode &&
      fact.purpose === purpose &&
      fact.atSeconds <= atSeconds &&
      atSeconds < fact.notAfterSeconds &&
      isAbout(fact.parts),
  );
  const granting = consents.filter(
    (consent) =>
      consent.purposes.includes(purpose) &&
      consent.fromSeconds <= atSeconds &&
      atSeconds < consent.untilSeconds &&
      isAbout(consent.parts),
  );
  return {
    rules: [...new Set(rules)].sort(),
    grants: [...new Set(granting.map(({ grant }) => grant))].sort(),
    officers: [...new Set(approving.map(({ officer }) => officer))].sort(),
    withheld: withheldOf(decision, recordTypeOf(type) !== undefined),
  };
}

/** @param isNamed whether the paths are the registry's own: in a type that is not known here they are the issuer's words */
function withheldOf({ parts }: Release['decision'], isNamed: boolean): Withheld {
  const kept = parts.filter(({ outcome }) => outcome === 'withhold');
  const counts = new Map<string, number>();
  for (const { path, reason } of isNamed ? kept : []) {
    const line = `${path.replaceAll(/\[\d+\]/g, '[*]')} ${reason}`;
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  const lines = [...counts].map(([line, count]) => (count === 1 ? line : `${line} ×${count}`)).sort();
  return { parts: kept.length, paths: lines.slice(0, MAX_PATHS) };
}
