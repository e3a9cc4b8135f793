import type { StateId } from '@comity/label';
import type { RecordId } from '@comity/record';
import type { GrantTerms, Parts, Revocation } from './release-grant.ts';

/** What a revocation names; undefined where it is unknown. */
interface Named {
  readonly recordId: RecordId | undefined;
  readonly holder: StateId | undefined;
  readonly thirdParty: StateId | undefined;
}

/** From when on a grant no longer covers some parts. */
export interface Revoked {
  readonly atSeconds: number;
  readonly parts: Parts;
}

/**
 * Revocations, found by what they name: whoever issues many of them and many grants makes nobody compare each with each.
 * An unknown field may have any value: whoever withholds it must not keep a consent alive by that.
 */
export class Revocations {
  readonly #byName = new Map<string, RevokedParts>();

  add({ header: { issuer, exercise, issuedAtSeconds }, parts, ...named }: Revocation): void {
    const key = keyOf({ issuer, exercise }, named);
    const known = this.#byName.get(key) ?? new RevokedParts();
    known.add(issuedAtSeconds, parts);
    this.#byName.set(key, known);
  }

  /** What revocations take from a grant since it was given: for each of its parts, the first that does, in any order. */
  of(terms: GrantTerms): readonly Revoked[] {
    const { header, parts } = terms;
    const about = [...namesFor(terms)].flatMap((named) => this.#byName.get(keyOf(header, named)) ?? []);
    const first = (secondsOf: (revoked: RevokedParts) => number | undefined): number | undefined => {
      const times = about.flatMap((revoked) => secondsOf(revoked) ?? []);
      return times.length === 0 ? undefined : Math.min(...times);
    };
    const since = header.issuedAtSeconds;
    // Of all parts, those that are left have no names: the first revocation of anything ends it.
    const wholeAt = first((revoked) => (parts === 'all' ? revoked.any : revoked.all).firstFrom(since));
    const ends: Revoked[] = wholeAt === undefined ? [] : [{ atSeconds: wholeAt, parts: 'all' }];
    if (parts === 'all') return ends;
    const digests = Map.groupBy(parts, (digest) => first((revoked) => revoked.firstOf(digest, since)));
    for (const [atSeconds, ended] of digests)
      if (atSeconds !== undefined) ends.push({ atSeconds, parts: new Set(ended) });
    return ends;
  }
}

/** All ways in which a revocation can name what a grant is about. */
function* namesFor({ recordId, holder, thirdParty }: GrantTerms): Iterable<Named> {
  for (const record of [recordId, undefined])
    for (const by of [holder, undefined])
      for (const to of [thirdParty, undefined]) yield { recordId: record, holder: by, thirdParty: to };
}

function keyOf(
  { issuer, exercise }: { readonly issuer: StateId; readonly exercise?: string | undefined },
  { recordId, holder, thirdParty }: Named,
): string {
  return JSON.stringify([issuer, exercise ?? null, recordId ?? null, holder ?? null, thirdParty ?? null]);
}

/** Revocations that name the same, by the parts that they are about. */
class RevokedParts {
  /** Of any parts, and of all parts. */
  readonly any = new Times();
  readonly all = new Times();
  readonly #byDigest = new Map<string, Times>();

  add(atSeconds: number, parts: Parts): void {
    this.any.add(atSeconds);
    if (parts === 'all') this.all.add(atSeconds);
    else
      for (const digest of parts) {
        const times = this.#byDigest.get(digest) ?? new Times();
        times.add(atSeconds);
        this.#byDigest.set(digest, times);
      }
  }

  firstOf(digest: string, fromSeconds: number): number | undefined {
    return this.#byDigest.get(digest)?.firstFrom(fromSeconds);
  }
}

/** UTC seconds, put in order when first asked for. */
class Times {
  readonly #seconds: number[] = [];
  #isInOrder = true;

  add(atSeconds: number): void {
    this.#seconds.push(atSeconds);
    this.#isInOrder = false;
  }

  /** The first that is not before a time. */
  firstFrom(fromSeconds: number): number | undefined {
    if (!this.#isInOrder) {
      this.#seconds.sort((a, b) => a - b);
      this.#isInOrder = true;
    }
    let [low, high] = [0, this.#seconds.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#seconds[middle] as number) < fromSeconds) low = middle + 1;
      else high = middle;
    }
    return this.#seconds[low];
  }
}
