import type { Outcome, PartDecision, RecordDecision } from '@comity/disclosure';
import type { View } from '@comity/record';
import type { StoredRecord } from '@comity/store';
import { draftContext, readDraft, sealDraft } from '../issue.ts';
import { authorOf } from '../officers/authorship.ts';
import { formatTime, type PartOutcome, type PeerOutcome, type RelayWarning } from '../operations/shapes.ts';
import type { Peer } from '../peers/peers.ts';
import { findRecord } from '../records/find-record.ts';
import { givenBy, NONE_GIVEN } from '../records/stored-view.ts';
import { markingOf } from '../records/summary.ts';
import type { Sovereign } from '../sovereign.ts';
import { byPath } from './by-path.ts';
import { changeAfter, passingFor } from './due.ts';
import { type Grounds, groundsOf } from './grounds.ts';
import { type HeldParts, heldIn } from './held-parts.ts';
import { byEntries } from './holds.ts';
import { nothingApplies, told } from './outcomes.ts';
import { beyond } from './plan-release.ts';
import { warningsOfDraft, warningsOfView } from './relay-warnings.ts';

interface Preview {
  readonly type: string;
  readonly isAuthorProven: boolean;
  readonly parts: { path: string; label: string }[];
  readonly peers: PeerOutcome[];
  readonly relay: RelayWarning[];
}

/** Who would receive which part of a draft. It is sealed and decided about exactly as when issued, then thrown away. */
export async function previewDraft(
  sovereign: Sovereign,
  draft: unknown,
  codes?: readonly string[],
  claimedBy?: string,
): Promise<Preview> {
  const parsed = await readDraft(sovereign, draft, await draftContext(sovereign));
  const relay = warningsOfDraft(sovereign, parsed);
  // With what its author signs as soon as it is issued.
  const author = claimedBy === undefined ? {} : { author: claimedBy, isAuthorProven: true };
  return { ...(await previewView(sovereign, await sealDraft(sovereign, parsed), codes, author)), relay };
}

export async function previewRecord(
  sovereign: Sovereign,
  id: string,
  codes?: readonly string[],
): Promise<Preview> {
  const { view } = await findRecord(sovereign, id);
  return { ...(await previewView(sovereign, view, codes)), relay: warningsOfView(sovereign, view) };
}

/** Who would receive which part of a view that is not stored. */
export async function previewView(
  sovereign: Sovereign,
  view: View,
  codes: readonly string[] | undefined,
  author: Pick<Grounds, 'author' | 'isAuthorProven'> = {},
): Promise<Omit<Preview, 'relay'>> {
  const peers =
    codes === undefined ? sovereign.peers.all() : codes.map((code) => sovereign.peers.byCode(code));
  const stored = await storedOf(sovereign, view);
  const isOwn = view.header.issuer === sovereign.self.state;
  const proven = { ...(isOwn && (await authorOf(sovereign, view.header.id))), ...author };
  return {
    type: view.header.type,
    isAuthorProven: !isOwn || proven.isAuthorProven === true,
    parts: view.parts
      .map((part) => ({ path: part.pathText, label: markingOf(sovereign, view, part.label) }))
      .sort((a, b) => byPath(a.path, b.path)),
    peers: await Promise.all(peers.map((peer) => outcomeFor(sovereign, view, peer, { stored, author }))),
  };
}

/** The record as it is stored, with who gave it: what a state gave itself it is not handed unasked (`planStored`). */
async function storedOf({ store }: Sovereign, { header }: View): Promise<StoredRecord | undefined> {
  const realm = await store.realmOf(header.id);
  return realm === undefined ? undefined : store.records(realm).get(header.id);
}

/** What a peer would be handed unasked, over all purposes for which the policy hands over. */
async function outcomeFor(
  sovereign: Sovereign,
  view: View,
  peer: Peer,
  {
    stored,
    author,
  }: { stored: StoredRecord | undefined; author: Pick<Grounds, 'author' | 'isAuthorProven'> },
): Promise<PeerOutcome> {
  const { door } = sovereign;
  const best = new Map<string, PartDecision>();
  const purposes: string[] = [];
  const held: HeldParts[] = [];
  let envelope: PartDecision | undefined;
  let outcome: Outcome = 'withhold';
  const gave = stored === undefined ? NONE_GIVEN : givenBy(stored, peer.state);
  const gaveIt = gave === 'all';
  const concerned = !gaveIt && (await door.concerns(view, peer.state));
  let grounds = { ...(await groundsOf(sovereign, view, peer.state)), ...author };
  const { digests } = await sovereign.store.released(peer.state, view.header.id);
  const has = gaveIt ? NONE_GIVEN : new Set(beyond(gave, digests));
  const given = new Set([...digests, ...has]);
  for (const each of concerned ? door.standing(view, peer.state, grounds, given) : []) {
    const { purpose, decision } = each;
    envelope = better(envelope, decision.envelope);
    const comes = outcomeBeside(decision, has);
    if (isMore(comes, outcome)) outcome = comes;
    if (comes === 'release') purposes.push(purpose);
    for (const part of decision.parts) best.set(part.digest, better(best.get(part.digest), part));
    grounds = each.after;
    held.push(...heldIn(view, decision, { mode: door.standingMode(view), purpose }));
  }
  // What an entry of the policy holds now it holds on: no time lets that go.
  const { account } = grounds;
  if (account !== undefined) {
    const holding = [...(account.held ?? []), ...byEntries(sovereign, held)];
    grounds = { ...grounds, account: { ...account, held: holding } };
  }
  for (const [digest, part] of best) if (part.outcome === 'release') given.add(digest);
  const later = concerned
    ? releasedLater(sovereign, view, peer, { grounds, given })
    : new Map<string, number>();
  // Nobody reaches a part whose envelope is withheld: then the envelope's reason is the one that helps.
  const closed = envelope?.outcome === 'withhold' ? envelope : undefined;
  const nothing = gaveIt
    ? 'gave-it'
    : envelope === undefined
      ? await nothingApplies(sovereign, view, peer)
      : 'recalled';
  const parts = view.parts.map((part): PartOutcome => {
    const isGiven = gaveIt || has.has(part.digest);
    const decided = isGiven ? undefined : (closed ?? best.get(part.digest));
    const fromSeconds = isGiven || decided?.outcome === 'release' ? undefined : later.get(part.digest);
    return {
      path: part.pathText,
      label: markingOf(sovereign, view, part.label),
      ...(decided === undefined
        ? { outcome: 'withhold', reason: isGiven ? 'gave-it' : nothing, rule: null }
        : told(decided)),
      // Not the end of an embargo by itself: a label may keep the part back then as well.
      ...(fromSeconds !== undefined && { from: formatTime(fromSeconds) }),
    };
  });
  // Of a record of which nothing goes, the envelope does not go either, and waits where a part does.
  const goes = envelope?.outcome !== 'release' || outcome === 'release';
  const outer =
    envelope === undefined
      ? { outcome: 'withhold' as const, reason: nothing }
      : goes
        ? told(envelope)
        : { outcome, reason: parts.find((part) => part.outcome === outcome)?.reason ?? 'no-permit' };
  return {
    peer: peer.code,
    outcome,
    purposes,
    envelope: { outcome: outer.outcome, reason: outer.reason },
    parts,
  };
}

/** What comes of a record beside what the peer gave itself. */
function outcomeBeside({ outcome, released, held }: RecordDecision, has: ReadonlySet<string>): Outcome {
  if (has.size === 0) return outcome;
  if (beyond(released, has).length > 0) return 'release';
  return beyond(held, has).length > 0 ? 'hold' : 'withhold';
}

const ORDER: readonly Outcome[] = ['withhold', 'hold', 'release'];

function isMore(one: Outcome, other: Outcome): boolean {
  return ORDER.indexOf(one) > ORDER.indexOf(other);
}

/**
 * Of two decisions about one part, for different purposes, the one that gives more: an embargo ends, so it is more than none,
 * and what fewer persons have to approve is sooner let go.
 */
function better(known: PartDecision | undefined, decided: PartDecision): PartDecision {
  if (known === undefined || isMore(decided.outcome, known.outcome)) return decided;
  if (known.outcome !== decided.outcome) return known;
  const isLater = decided.reason === 'embargo' && known.reason !== 'embargo';
  const isNearer = personsMissing(decided) < personsMissing(known);
  return (decided.outcome === 'withhold' && isLater) || isNearer ? decided : known;
}

function personsMissing({ missing }: PartDecision): number {
  return missing === undefined ? Number.POSITIVE_INFINITY : missing.persons - missing.have;
}

/** Times ahead that a preview looks at: of policies with many groups for a time, the nearest are what people ask about. */
const MAX_TIMES_AHEAD = 64;

/** Parts by digest that go to a peer by themselves later, by a succession of labels or as an embargo ends, with the first time. */
function releasedLater(
  sovereign: Sovereign,
  view: View,
  peer: Peer,
  now: { readonly grounds: Grounds; readonly given: ReadonlySet<string> },
): ReadonlyMap<string, number> {
  const passing = { ...passingFor(sovereign, view), recipient: peer.state };
  const later = new Map<string, number>();
  const given = new Set(now.given);
  let { grounds } = now;
  let atSeconds = changeAfter(view, sovereign.now(), passing);
  for (let seen = 0; atSeconds !== undefined && seen < MAX_TIMES_AHEAD; seen += 1) {
    for (const { decision, after } of sovereign.door.standing(view, peer.state, grounds, given, atSeconds)) {
      for (const digest of decision.released) if (!later.has(digest)) later.set(digest, atSeconds);
      grounds = after;
    }
    for (const digest of later.keys()) given.add(digest);
    atSeconds = changeAfter(view, atSeconds, passing);
  }
  return later;
}
