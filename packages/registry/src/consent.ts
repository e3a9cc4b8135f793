import type { StateId } from '@comity/label';
import type { RecordHeader, RecordId, View } from '@comity/record';
import { type CessationCause, Cessations } from './cessation.ts';
import { mergedLists } from './merged.ts';
import { type GrantRefusal, type GrantTerms, type Revocation, readGrant } from './release-grant.ts';
import { Revocations } from './revocations.ts';

/** What an originator allows: that a holder of its record hands parts of it on to a third party, for some purposes and a time. */
export interface Consent {
  readonly recordId: RecordId;
  /** Digests of parts, lower-case hexadecimal. */
  readonly parts: ReadonlySet<string> | 'all';
  readonly holder: StateId;
  readonly thirdParty: StateId;
  /** Identifiers of protocol/registries/purposes.json. */
  readonly purposes: readonly string[];
  /** UTC seconds, inclusive. */
  readonly fromSeconds: number;
  /** UTC seconds, exclusive. */
  readonly untilSeconds: number;
  /** The release-grant. */
  readonly grant: RecordId;
}

/** Records about consent: views of verified records, in any order, each as often as it came. */
export interface ConsentRecords {
  /** Of type release-grant, whatever they decide. */
  readonly grants: Iterable<View>;
  readonly retractions: Iterable<View>;
  /** What is known of a record that a grant is about; undefined for one that nothing is asked about. */
  recordOf(id: RecordId): Pick<RecordHeader, 'issuer' | 'exercise'> | undefined;
}

export interface IgnoredGrant {
  readonly id: RecordId;
  readonly reason: GrantRefusal | CessationCause | 'revoked';
}

export interface Consents {
  /** In ascending order of the ids of grants, then of times. */
  readonly consents: readonly Consent[];
  /** Records that do not count for what they say, in ascending order of ids, then of reasons. */
  readonly ignored: readonly IgnoredGrant[];
}

/**
 * The consents that originators have given (record-types.md §15): a function of the records, whatever the order in which they
 * came and however often.
 *
 * @throws Fault as `mergeViews`, where two views of one record contradict each other
 */
export function consentsOf({ grants, retractions, recordOf }: ConsentRecords): Consents {
  const [said, withdrawn] = mergedLists(grants, retractions);
  const ends = new Ends([...said, ...withdrawn].map(({ header }) => header));
  const ignored: IgnoredGrant[] = withdrawn
    .filter(({ header }) => header.type !== 'retraction')
    .map(({ header }) => ({ id: header.id, reason: 'other-type' }));
  const given: GrantTerms[] = [];
  for (const view of said) {
    const read = readGrant(view, recordOf);
    if (read.says === 'grant') given.push(read.terms);
    else if (read.says === 'revoke') ends.revoke(read.revocation);
    else if (read.says === 'nothing') ignored.push({ id: view.header.id, reason: read.refusal });
  }
  const consents: Consent[] = [];
  for (const terms of given) {
    const { left, endedBy } = termsLeft(terms, ends.of(terms));
    consents.push(...left);
    if (left.length === 0 && endedBy !== undefined) ignored.push({ id: terms.header.id, reason: endedBy });
  }
  return { consents: consents.sort(byGrantAndTime), ignored: inOrder(ignored) };
}

/** The end of a grant, or of some parts of it. */
interface End {
  readonly cause: CessationCause | 'revoked';
  readonly atSeconds: number;
  readonly parts: ReadonlySet<string> | 'all';
}

/** Everything that ends grants (record-types.md 15.6, 15.7). */
class Ends {
  /** By exercise: what is done in an exercise ends nothing outside it. */
  private readonly cessations = new Map<string | undefined, Cessations>();
  private readonly revocations = new Revocations();

  constructor(headers: readonly RecordHeader[]) {
    for (const [exercise, group] of Map.groupBy(headers, (header) => header.exercise)) {
      this.cessations.set(exercise, new Cessations(group));
    }
  }

  revoke(revocation: Revocation): void {
    this.revocations.add(revocation);
  }

  /** The ends of a grant, the first in time first. */
  of(terms: GrantTerms): readonly End[] {
    const ends: End[] = this.revocations.of(terms).map((revoked) => ({ cause: 'revoked', ...revoked }));
    const cessation = this.cessations.get(terms.header.exercise)?.of(terms.header);
    if (cessation !== undefined) ends.push({ ...cessation, parts: 'all' });
    return ends.sort(
      (a, b) => a.atSeconds - b.atSeconds || Number(a.cause === 'revoked') - Number(b.cause === 'revoked'),
    );
  }
}

/** What is left of a grant: for each time the parts that it still covers; and what took the last of them before its term. */
function termsLeft(
  { header, fromSeconds, untilSeconds, parts, ...about }: GrantTerms,
  ends: readonly End[],
): { readonly left: readonly Consent[]; readonly endedBy?: End['cause'] } {
  const left: Consent[] = [];
  let covered = parts;
  let sinceSeconds = fromSeconds;
  const cover = (toSeconds: number): void => {
    if (toSeconds <= sinceSeconds) return;
    left.push({
      ...about,
      grant: header.id,
      parts: covered,
      fromSeconds: sinceSeconds,
      untilSeconds: toSeconds,
    });
    sinceSeconds = toSeconds;
  };
  for (const { cause, atSeconds, parts: ended } of ends) {
    if (atSeconds >= untilSeconds) break;
    const remaining = without(covered, ended);
    if (remaining === covered) continue;
    cover(atSeconds);
    if (remaining === undefined) return { left, endedBy: cause };
    covered = remaining;
  }
  cover(untilSeconds);
  return { left };
}

/** Parts without those that were ended; undefined where none is left. Of all parts those that are left have no names: none is. */
function without(parts: GrantTerms['parts'], ended: GrantTerms['parts']): GrantTerms['parts'] | undefined {
  if (parts === 'all' || ended === 'all') return undefined;
  const remaining = [...parts].filter((digest) => !ended.has(digest));
  if (remaining.length === parts.size) return parts;
  return remaining.length === 0 ? undefined : new Set(remaining);
}

function byGrantAndTime(a: Consent, b: Consent): number {
  if (a.grant !== b.grant) return a.grant < b.grant ? -1 : 1;
  return a.fromSeconds - b.fromSeconds;
}

function inOrder(ignored: readonly IgnoredGrant[]): readonly IgnoredGrant[] {
  const key = ({ id, reason }: IgnoredGrant): string => `${id} ${reason}`;
  const once = new Map(ignored.map((each) => [key(each), each]));
  return [...once].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}
