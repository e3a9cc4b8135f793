import type { RecordDecision } from '@comity/disclosure';
import type { StateId } from '@comity/label';
import type { ReleaseMode } from '@comity/log';
import { closeUpward, type View } from '@comity/record';
import { type GivenParts, NONE_GIVEN, partsGiven } from '../records/stored-view.ts';
import type { Sovereign } from '../sovereign.ts';
import { type Grounds, withRelease } from './grounds.ts';
import { type HeldParts, heldIn, waiting } from './held-parts.ts';
import type { AskedFor, Plan, PlannedRelease } from './planned-release.ts';

/**
 * What a peer is still to be given of a record: one entry for each purpose under which something new is released; and what
 * of it waits for a person. Unasked, and in answer to questions what officers have let go since.
 *
 * @param already digests released to the peer so far
 * @param asked modes and purposes of questions that parts of the record wait to answer
 * @param gave what it has given this state of the record: that is not handed to it unasked
 */
export function planRelease(
  sovereign: Sovereign,
  view: View,
  peer: StateId,
  grounds: Grounds,
  already: ReadonlySet<string>,
  {
    asked = [],
    gave = NONE_GIVEN,
  }: { readonly asked?: readonly AskedFor[]; readonly gave?: GivenParts } = {},
): Plan {
  const { door, now } = sovereign;
  const mode = door.standingMode(view);
  const given = new Set(already);
  const unasked = gave !== 'all';
  const has = partsGiven(gave);
  const releases: PlannedRelease[] = [];
  let current = grounds;
  const release = (
    mode: ReleaseMode,
    purpose: string,
    decision: RecordDecision,
    fresh: readonly string[],
  ): void => {
    if (fresh.length === 0) return;
    // With what the fresh parts stand in, also where that went out before: an entry can be opened by itself.
    const digests = [...closeUpward(view, fresh)];
    releases.push(door.entryFor(view, peer, { digests, mode, purpose, grounds: current, decision }));
    for (const digest of fresh) given.add(digest);
    current = withRelease(current, fresh, now());
  };
  const standing: HeldParts[] = [];
  for (const { purpose, decision, fresh } of unasked
    ? door.standing(view, peer, grounds, new Set([...already, ...has]))
    : []) {
    release(mode, purpose, decision, fresh);
    standing.push(...heldIn(view, decision, { mode, purpose }, has));
  }
  const purposes = door.purposes(mode, view.header.type);
  const answers = asked
    .filter((each) => !unasked || each.mode !== mode || !purposes.includes(each.purpose))
    .map((each) => {
      const decision = door.decideAsked(view, peer, each, current);
      if (decision === undefined) return [];
      const { mode, purpose } = each;
      const letGo = approvedIn(grounds, each);
      const fresh = beyond(decision.released, given).filter((digest) => letGo.has(digest));
      // A letter is written by somebody, and never by itself.
      if (mode !== 'letter') release(mode, purpose, decision, fresh);
      return heldIn(view, decision, each);
    });
  const held = [standing, ...answers].flatMap((each) => waiting(each, given));
  return { releases, held };
}

/** Those of the digests that are not known. */
export function beyond(digests: Iterable<string>, known: ReadonlySet<string>): string[] {
  return [...digests].filter((digest) => !known.has(digest));
}

/** Parts of what was asked for that officers have approved. What may go for another reason is asked for again. */
function approvedIn({ approvals = [] }: Grounds, { mode, purpose }: AskedFor): ReadonlySet<string> {
  const facts = approvals.filter(
    (fact) => fact.decision === 'approve' && fact.mode === mode && fact.purpose === purpose,
  );
  return new Set(facts.flatMap(({ parts }) => [...parts]));
}
